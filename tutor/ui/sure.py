"""How sure the learner is of an answer or a bet: asked on Enter, answered with 1, 2 or 3, which submits."""

from __future__ import annotations

from typing import Literal

from tutor.plot.cells import Row, Run
from tutor.text import Lang, Text
from tutor.ui.actions import in_field
from tutor.ui.pieces import button

LEVELS: tuple[tuple[Literal[1, 2, 3], Text], ...] = (
    (1, Text("没把握", "unsure")),
    (2, Text("有几分", "fairly")),
    (3, Text("有把握", "sure")),
)


def sure_row(lang: Lang) -> Row:
    """Return the question with its three answers, which have the links ``sure:1`` to ``sure:3``, and ``sure:0`` back to choosing."""
    row = [Run(_HOW_SURE[lang], "heading", bold=True)]
    for level, text in LEVELS:
        row += [Run(" "), button(f" {level} {text[lang]} ", f"sure:{level}")]
    return (*row, Run(_BACK[lang], "key", link="sure:0"))


SURE_KEYS = (
    *(in_field(str(level), text) for level, text in LEVELS),
    in_field("escape", Text("再想想", "back"), "esc"),
)
"""What the key bar says meanwhile."""
_HOW_SURE = Text("多大把握？", "How sure?")
_BACK = Text(" Esc 再想", " Esc: back")
