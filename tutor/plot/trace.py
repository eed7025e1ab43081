"""A line as braille dots: the lowest and highest value of every dot column, joined, in a dot pattern.

A terminal cell holds 2 × 4 dots. A chart is far narrower than a run is long, so many points share a dot column; drawing the column's
whole extent keeps every spike, which a mean or a sample of the points would lose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BRAILLE = 0x2800
"""The empty braille pattern; the low 8 bits of the others are their dots."""

HALVES = (0x47, 0xB8)
"""The dots of the left and of the right half of a braille cell."""

_SHIFTS = ((0, 3), (1, 4), (2, 5), (6, 7))
"""Which bit of a braille character is the dot in row 0..3, column 0..1."""

MARKS = tuple(
    np.array([mark == "#" for mark in pattern])
    for pattern in ("#", "######..", "##..", "########..##..", "#...", "#.....")
)
"""Along the line: solid, dashed, dotted, dash-dot, dots, lone dots. Periods are in dots."""

SPARSE = len(MARKS) - 1
"""The pattern of a line that lies under others: too thin to be taken for one of them."""

PATTERNS = SPARSE
"""How many dot patterns there are for other lines; pattern 0 is solid."""

_SPIKE = 4
"""From this many dots a column stands for a jump or a spike: its ends are drawn whatever the pattern says."""

_FAR = 1e6
"""Heights of the chart beyond which a point is off it for good: keeps arithmetic on infinite values finite."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the plane that a chart shows, and the dots it has for it.

    Attributes:
        x1: Right end, above `x0`.
        y1: Top, above the bottom `y0`.
        columns: Dot columns (2 a cell).
        rows: Dot rows (4 a cell); row 0 is at the top.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    columns: int
    rows: int

    def column(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the dot column of each x, not rounded."""
        return (x - self.x0) * ((self.columns - 1) / (self.x1 - self.x0))

    def row(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the dot row of each y, not rounded; outside 0..rows-1 for what is off the chart."""
        with np.errstate(over="ignore"):
            share = (self.y1 - y) * (1 / (self.y1 - self.y0))
        return np.clip(share, -_FAR, _FAR, out=share) * (self.rows - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One line on a window.

    Attributes:
        top: ``(columns,)`` highest dot row of the line in each dot column (rows count downwards); above
            `bottom` where the line has no dot in that column.
        bottom: ``(columns,)`` lowest dot row.
        above: ``(columns,)`` whether a point of the line in that column lies over the top of the window.
        end: Dot column and row where the line ends, or None when it has no point.
        start: Dot column and row where it begins, or None when it has no point.
    """

    top: NDArray[np.int64]
    bottom: NDArray[np.int64]
    above: NDArray[np.bool_]
    end: tuple[int, int] | None
    start: tuple[int, int] | None = None


def trace(x: NDArray[np.float64], y: NDArray[np.float64], window: Window) -> Trace:
    """Find the dots of a line.

    Args:
        x: ``(n,)`` finite, rising.
        y: ``(n,)`` values. NaN is a gap; infinite values run off the chart.
        window: What is shown. Points left or right of it are not drawn.
    """
    top = np.full(window.columns, np.inf)
    bottom = np.full(window.columns, -np.inf)
    column = np.rint(np.clip(window.column(x), -1.0, window.columns)).astype(np.int32)
    row = window.row(y)
    inside = (column >= 0) & (column < window.columns)
    if not inside.all():
        column, row = column[inside], row[inside]
    known = ~np.isnan(row)
    if not known.any():
        return Trace(np.ones(window.columns, np.int64), np.zeros(window.columns, np.int64), top < 0, None)

    starts = _starts(column)
    _join(column, row, starts[1:], top, bottom)
    if not known.all():
        column, row = column[known], row[known]
        starts = _starts(column)
    # Points are in order of their columns, so each column is one slice of them.
    used = column[starts]
    highest = np.minimum.reduceat(row, starts)
    top[used] = np.minimum(top[used], highest)
    bottom[used] = np.maximum(bottom[used], np.maximum.reduceat(row, starts))

    above = np.zeros(window.columns, dtype=bool)
    above[used] = highest < -0.5
    last = window.rows - 1
    off = (bottom < -0.5) | (top > last + 0.5)
    top[off], bottom[off] = 1, 0
    first = np.rint(np.clip(top, 0, last)).astype(np.int64)
    final = np.rint(np.clip(bottom, -1, last)).astype(np.int64)
    first[off], final[off] = 1, 0
    start, end = ((int(column[at]), int(np.clip(np.rint(row[at]), 0, last))) for at in (0, -1))
    return Trace(first, final, above, end, start)


def dots(line: Trace, window: Window, pattern: int) -> NDArray[np.uint8]:
    """Draw a line as braille.

    Args:
        line: From `trace` on the same window.
        window: Its `Window.columns` must be even and its `Window.rows` a multiple of 4.
        pattern: 0 is solid; one of the first `PATTERNS`, or `SPARSE`.

    Returns:
        ``(rows / 4, columns / 2)`` low bytes of braille characters; 0 where a cell has no dot.
    """
    y = np.arange(window.rows)[:, None]
    lit = (y >= line.top) & (y <= line.bottom)
    marks = MARKS[pattern % len(MARKS)]
    if marks.size > 1:
        x = np.arange(window.columns)
        spike = line.bottom - line.top >= _SPIKE
        ends = spike & ((y == line.top) | (y == line.bottom))
        lit &= marks[(x + y) % marks.size] | ends
    return braille(lit)


def sample(pattern: int) -> str:
    """Four cells of a line in a dot pattern, for a legend."""
    lit = np.zeros((4, 8), dtype=bool)
    marks = MARKS[pattern % len(MARKS)]
    lit[2] = marks[(np.arange(8) + 2) % marks.size]
    return "".join(chr(BRAILLE + code) if code else " " for code in braille(lit)[0].tolist())


def braille(lit: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Turn dots into braille.

    Args:
        lit: ``(rows, columns)``, rows a multiple of 4, columns even.

    Returns:
        ``(rows / 4, columns / 2)`` low bytes of braille characters; 0 where a cell has no dot.
    """
    bits = lit.view(np.uint8)
    codes = np.zeros((bits.shape[0] // 4, bits.shape[1] // 2), dtype=np.uint8)
    for row, shifts in enumerate(_SHIFTS):
        for column, shift in enumerate(shifts):
            codes |= bits[row::4, column::2] << shift
    return codes


def _starts(column: NDArray[np.int32]) -> NDArray[np.intp]:
    """Where a new column begins, the first point included."""
    return np.concatenate(([0], np.flatnonzero(column[1:] != column[:-1]) + 1))


def _join(
    column: NDArray[np.int32],
    row: NDArray[np.float64],
    entered: NDArray[np.intp],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> None:
    """Widen `top` and `bottom` along the straight lines between neighbouring points in different columns.

    Args:
        column: ``(n,)`` dot column of each point, rising.
        row: ``(n,)`` dot row of each point; NaN is a gap, which no line crosses.
        entered: Points that open a new column.
        top: ``(columns,)``, lowered in place.
        bottom: ``(columns,)``, raised in place.
    """
    crossing = entered[~np.isnan(row[entered] + row[entered - 1])] - 1
    if not crossing.size:
        return
    c0, c1 = column[crossing], column[crossing + 1]
    r0, r1 = row[crossing], row[crossing + 1]
    # One entry for each column that a line passes, both its ends included.
    counts = c1 - c0 + 1
    line = np.repeat(np.arange(crossing.size), counts)
    offset = np.arange(line.size) - np.repeat(np.cumsum(counts) - counts, counts)
    at = c0[line] + offset
    slope = (r1 - r0) / (c1 - c0)
    span = (c1 - c0)[line]
    for edge in (-0.5, 0.5):
        # Half a column to each side, so that neighbours meet at the same height and the line has no holes.
        reach = r0[line] + slope[line] * np.clip(offset + edge, 0, span)
        np.minimum.at(top, at, reach)
        np.maximum.at(bottom, at, reach)
