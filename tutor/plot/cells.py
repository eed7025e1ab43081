"""Rows of cells: what every renderer returns.

A renderer is a pure function from a frame and a size to rows; a row is a tuple of `Run`. The ``width`` and ``height`` that it is
given are columns and rows of its box, at least 1; a frame's picture has rows of exactly that width, and exactly so many where it is
given a height. Its ``name`` says what an id or a text in the frame is called. A run names *roles*, not colours: ``tutor.ui`` maps a
role to a style of the current theme, so drawing code holds no colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from rich.cells import cell_len

JOINER = "\u200d"
"""Zero width joiner: makes one emoji of two."""
_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Two of them are the flag of a country."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one row in one look.

    Attributes:
        text: The characters; never a newline or a control character.
        fg: Role of the ink, e.g. ``"axis"``, ``"series-0"``, ``"heat-7"``; ``""`` is the default, as for the ground `bg`.
        link: What a click on the run means to the view that draws it; ``""`` for nothing.
    """

    text: str
    fg: str = ""
    bg: str = ""
    bold: bool = False
    italic: bool = False
    link: str = ""

    @property
    def width(self) -> int:
        text = self.text
        # Asked for very often; control characters take no column.
        return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def graphemes(text: str) -> list[str]:
    """Cut a text into characters as they are seen: each with its accents and joiners, a flag whole."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for char in text:
        before = found[-1] if found else "\n"
        joined = before[-1] == JOINER or not cell_len(char) or {before, char} <= _FLAG_LETTERS
        if joined and "\n" not in (before, char):
            found[-1] += char
        else:
            found.append(char)
    return found


Row: TypeAlias = tuple[Run, ...]


def row_width(row: Iterable[Run]) -> int:
    return sum(run.width for run in row)


def joined(row: Iterable[Run]) -> Row:
    """Join neighbours of one look into one run."""
    return tuple(
        replace(first, text="".join((first.text, *(run.text for run in others))))
        for _, (first, *others) in groupby(row, key=lambda run: replace(run, text=""))
    )


def row_text(row: Iterable[Run]) -> str:
    """Return the characters of a row without their looks."""
    return "".join(run.text for run in row)
