"""Tables in aligned columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

from tutor.frames import Table
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, one_line
from tutor.text import Text

ROLES = ("header", "rule", "label", "value")
"""Every role that a table uses: ``label`` for the first column, ``value`` for the others."""

_GAP = 2
_NARROWEST = 3
_NUMBER = re.compile(r"[+\-−±]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?\s*[%×kMGT]?", re.IGNORECASE)
_DASH = "⠒"
"""A rule of braille dots: box-drawing lines take two columns where ambiguous width is wide."""


def render(frame: Table, width: int) -> list[Row]:
    """Draw a table; columns of numbers stand to the right, and what is too wide is cut at the widest columns.

    Args:
        frame: Header and rows; short rows are filled up with blanks.
        width: Columns of the box, at least 1.

    Returns:
        A header, a rule, and a row for each of the table's, all `width` wide; nothing for a table without columns.
    """
    count = max((len(frame.header), *(len(row) for row in frame.rows)))
    if width < 1 or not count:
        return []
    lines = [_cells(line, count) for line in (frame.header, *frame.rows)]
    sizes = _shrink([max(cell_len(line[at]) for line in lines) for at in range(count)], width)
    numeric = [
        at > 0 and any(line[at] for line in lines[1:]) and all(_is_number(line[at]) for line in lines[1:])
        for at in range(count)
    ]
    rule = sum(sizes) + _GAP * (count - 1)
    rows = [_row(lines[0], sizes, numeric, header=True), (Run(_DASH * rule, "rule"),)]
    rows += [_row(line, sizes, numeric, header=False) for line in lines[1:]]
    return [fit_row(row, width) if row else row for row in rows]


def natural_width(frame: Table) -> int:
    """Return the columns in which nothing has to be cut."""
    count = max((len(frame.header), *(len(row) for row in frame.rows)))
    lines = [_cells(line, count) for line in (frame.header, *frame.rows)]
    return sum(max(cell_len(line[at]) for line in lines) for at in range(count)) + _GAP * max(0, count - 1)


def _cells(line: Sequence[str | Text], count: int) -> list[str]:
    shown = (cell if isinstance(cell, str) else f"{cell.zh} / {cell.en}" for cell in line)
    return [one_line(cell) for cell in shown] + [""] * (count - len(line))


def _is_number(text: str) -> bool:
    return not text or text in {"nan", "inf", "-inf", "-"} or _NUMBER.fullmatch(text) is not None


def _shrink(sizes: list[int], width: int) -> list[int]:
    """Take columns from the widest until all fit, or all are as narrow as makes sense."""
    sizes = [max(1, size) for size in sizes]
    excess = sum(sizes) + _GAP * (len(sizes) - 1) - width
    while excess > 0:
        widest = max(range(len(sizes)), key=lambda at: sizes[at])
        if sizes[widest] <= _NARROWEST:
            break
        sizes[widest] -= 1
        excess -= 1
    return sizes


def _row(line: Sequence[str], sizes: Sequence[int], numeric: Sequence[bool], *, header: bool) -> Row:
    runs: list[Run] = []
    for at, (cell, size, right) in enumerate(zip(line, sizes, numeric, strict=True)):
        role = "header" if header else "value" if at else "label"
        if at:
            runs.append(Run(" " * _GAP))
        runs.append(Run(fit(cell, size, "right" if right else "left"), role, bold=header))
    return tuple(runs)
