"""Texts and rows made to fit an exact number of terminal columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from rich.cells import cell_len

from tutor.plot.cells import Row, Run, graphemes
from tutor.plot.gate import clean
from tutor.text import Text

ELLIPSIS = "⋯"
"""Stands for what was cut off. Unlike ``…`` it takes one column on every terminal, also where ambiguous width is wide."""

_VISIBLE = str.maketrans({" ": "␣", "\u3000": "␣", "\n": "↵", "\t": "⇥", "\r": "↵"})

Align = Literal["left", "right", "center"]

Called: TypeAlias = Callable[[str | Text], str]
"""What is said for an id or a text in a frame, in one language."""


def visible(token: str) -> str:
    """Make the spaces and line ends of a token visible: ``" the"`` is ``"␣the"``."""
    return clean(token.translate(_VISIBLE))


def one_line(text: str) -> str:
    """Make a name or cell fit to be shown: no control characters, runs of white space as one space."""
    return clean(" ".join(text.split()))


def fit(text: str, width: int, align: Align = "left") -> str:
    """Cut or pad a text to exactly `width` columns.

    A wide character that would stick out by half is left off; what was cut off shows as `ELLIPSIS`.
    """
    if width <= 0:
        return ""
    size = cell_len(text)
    if size > width:
        # Blanks that don't fit are no loss that would need a mark.
        text = text.rstrip()
        size = cell_len(text)
    if size > width:
        text = head(text, width - 1) + ELLIPSIS
        size = cell_len(text)
    gap = width - size
    left = {"left": 0, "right": gap, "center": gap // 2}[align]
    return " " * left + text + " " * (gap - left)


def shortened(text: str, width: int) -> str:
    """Cut a text to at most `width` columns, as `fit` does; a shorter one stays as it is."""
    return text if cell_len(text) <= width else fit(text, width)


def fit_row(row: Iterable[Run], width: int) -> Row:
    """Cut or pad a row to exactly `width` columns."""
    kept: list[Run] = []
    left = width
    for run in row:
        if left <= 0:
            break
        size = run.width
        if size > left:
            kept.append(replace(run, text=fit(run.text, left)))
            return tuple(kept)
        if run.text:
            kept.append(run)
        left -= size
    if left > 0:
        kept.append(Run(" " * left))
    return tuple(kept)


def fit_rows(rows: Iterable[Row], width: int, height: int) -> list[Row]:
    """Cut or pad rows to exactly `height` rows of `width` columns."""
    fitted = [fit_row(row, width) for row, _ in zip(rows, range(height), strict=False)]
    return fitted + [fit_row((), width) for _ in range(height - len(fitted))]


def limited(rows: Sequence[Iterable[Run]], width: int, limit: int) -> list[Row]:
    """Cut to at most `limit` rows of `width` columns; where some are left out, the last one ends in `ELLIPSIS`."""
    shown = [fit_row(row, width) for row in rows[:limit]]
    if len(rows) > limit > 0:
        shown[-1] = (*fit_row(rows[limit - 1], width - 1), Run(ELLIPSIS, "legend"))
    return shown


def head(text: str, width: int) -> str:
    """Return as many characters from the start as take at most `width` columns."""
    kept, size = "", 0
    for character in graphemes(text):
        size += cell_len(character)
        if size > width:
            break
        kept += character
    return kept


def around(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """Cut a text to at most `width` columns so that what stands from `start` to `end` is seen; before it, itself, after it."""
    before, after = text[:start], text[end:]
    shown = shortened(text[start:end], width)
    room = width - cell_len(shown)
    left = max(room // 3, room - cell_len(after))
    if cell_len(before) > left:
        kept = head(before[::-1], left - 1)[::-1] if left > 0 else ""
        before = ELLIPSIS + kept if left > 0 else ""
    return before, shown, shortened(after, room - cell_len(before))


def flow(items: Sequence[list[Run]], width: int, gap: int = 3) -> list[list[Run]]:
    """Put items side by side; one that doesn't fit the row opens the next."""
    rows: list[list[Run]] = []
    used = width
    for item in items:
        size = sum(run.width for run in item)
        if not rows or used + gap + size > width:
            rows.append(list(item))
            used = size
        else:
            rows[-1] += [Run(" " * gap), *item]
            used += gap + size
    return rows


def as_written(written: str | Text) -> str:
    """Return an id as it is, and a text in English."""
    return written if isinstance(written, str) else written.en
