"""Texts before and after: what stayed, what went, what is new."""

from __future__ import annotations

from collections.abc import Callable

from tutor.frames import EditKind, Passages
from tutor.plot.cells import Row, Run, graphemes
from tutor.plot.fit import fit_row, one_line
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap

_LOOKS: dict[EditKind, tuple[str, str, str, str]] = {
    "kept": ("text", "", "", ""),
    "cut": ("gone", "gone-ground", "[-", "-]"),
    "new": ("added", "added-ground", "{+", "+}"),
}
"""Ink and ground, and the signs around a stretch: colour is never the only sign."""


def render(frame: Passages, width: int, name: Callable[[str], str] = str) -> list[Row]:
    """Draw every text under the name of what was done to it.

    Args:
        frame: The texts.
        width: Columns of the box, at least 1.
        name: What an id is called.

    Returns:
        As many rows as it takes, each `width` wide.
    """
    if width < 1:
        return []
    rows: list[Row] = []
    indent = 1 if width > 8 else 0
    for passage in frame.items:
        title = [Run(one_line(name(passage.label)), "heading")]
        rows += [fit_row(row, width) for row in wrap(title, width, indent=2)]
        runs = [Run(visible(before), *_LOOKS[kind][:2]) for before, kind in _signed(passage.parts)]
        rows += [fit_row((Run(" " * indent), *row), width) for row in wrap(runs, width - indent)]
        rows.append(fit_row((), width))
    return rows


def _signed(parts: tuple[tuple[str, EditKind], ...]) -> list[tuple[str, EditKind]]:
    return [(f"{_LOOKS[kind][2]}{text}{_LOOKS[kind][3]}", kind) for text, kind in parts if text]


def visible(text: str) -> str:
    """Put a text on one line, with what has no form of its own shown by its code: that is what a rule saw."""
    shown = [
        " "
        if character.isspace()
        else character
        if clean(character) == character
        else f"<{ord(character):X}>"
        for grapheme in graphemes(text)
        for character in ([grapheme] if clean(grapheme) == grapheme else grapheme)
    ]
    return "".join(shown)
