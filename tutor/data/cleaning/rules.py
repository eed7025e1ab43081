"""All rules by id, in the order that makes sense when nothing else is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from tutor.data.cleaning.base import Rule
from tutor.data.cleaning.c4 import C4Lines, C4Page
from tutor.data.cleaning.controls import Controls
from tutor.data.cleaning.encoding import Unicode
from tutor.data.cleaning.fineweb import FineWeb
from tutor.data.cleaning.gopher import GopherQuality, GopherRepetition
from tutor.data.cleaning.html import Html
from tutor.data.cleaning.keywords import Keywords
from tutor.data.cleaning.language import LanguageRule
from tutor.data.cleaning.noise import Noise
from tutor.data.cleaning.phrases import Spam, Toxic
from tutor.data.cleaning.pii import Pii
from tutor.data.cleaning.repeats import Repeats
from tutor.text import InputError, Text

RULES: dict[str, Callable[[], Rule]] = {
    rule.id: rule
    for rule in (
        # What repairs comes first: every later rule would else judge the damage. Mojibake before controls, as its repair needs the controls it
        # consists of.
        Html, Unicode, Controls,
        # Then what is not text of a language at all, in lines and passages, so that pages are judged by what is left of them.
        LanguageRule, Noise, Keywords, Spam, C4Lines, Repeats,
        # Then whole pages.
        C4Page, GopherQuality, GopherRepetition, FineWeb, Toxic,
        # Masks last: they cost most, and only what is kept needs them.
        Pii,
    )
}  # fmt: skip
"""Every rule by id, in its default order."""


def make_rules(ids: Sequence[str] | None = None) -> list[Rule]:
    """Rules by id, in the order of the ids; None: all, in the default order.

    Raises:
        InputError: There is no rule of that id.
    """
    chosen = list(RULES) if ids is None else list(ids)
    for name in chosen:
        if name not in RULES:
            near = difflib.get_close_matches(name.lower(), RULES, n=1, cutoff=0.6)
            guess = _GUESS.format(name=near[0]) if near else Text("", "")
            raise InputError(_UNKNOWN.format(name=name, guess=guess, known=", ".join(RULES)))
    return [RULES[name]() for name in chosen]


_UNKNOWN = Text(
    "没有名为「{name}」的清洗规则。{guess}可用的规则有：{known}。",
    "There is no cleaning rule called “{name}”. {guess}The rules are: {known}.",
)
_GUESS = Text("是不是想写「{name}」？", "Did you mean “{name}”? ")
