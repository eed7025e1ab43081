"""Where one result lies among those of many seeds: a strip from three standard deviations below the mean to three above."""

from __future__ import annotations

import math

from tutor.plot.cells import Row, Run, joined
from tutor.plot.trace import BRAILLE, HALVES

WITHIN = 2.0
"""Standard deviations from the mean that still count as within the spread."""
EDGE = 3.0
"""Standard deviations that the strip shows to each side."""

_LINE, _LEFT_LINE, _RIGHT_LINE = 0x12, 0x02, 0x10


def within(place: float) -> bool:
    """Return whether a result so many standard deviations from the mean lies within the spread."""
    return abs(place) <= WITHIN


def strip(place: float, cells: int = 12) -> Row:
    """Draw a result on its axis, in braille, whose width is certain on every terminal.

    Args:
        place: Standard deviations from the mean; NaN leaves the axis empty. What lies beyond `EDGE` is an arrowhead at that end.
        cells: Columns, at least 2.

    Returns:
        One row of exactly so many columns.
    """
    halves = 2 * max(2, cells)
    own = None if math.isnan(place) else _half(place, halves)
    look = "good" if within(place) else "warn"
    beyond = not math.isnan(place) and abs(place) > EDGE
    row: list[Run] = []
    for cell in range(halves // 2):
        here = own is not None and own // 2 == cell
        if here and beyond:
            row.append(Run("<" if place < 0 else ">", look, bold=True))
        elif here and own is not None:
            row.append(Run(chr(BRAILLE | HALVES[own % 2]), look, bold=True))
        else:
            row.append(_ground(cell, halves))
    return joined(row)


def _half(place: float, halves: int) -> int:
    share = (max(-EDGE, min(place, EDGE)) + EDGE) / (2 * EDGE)
    return min(int(share * halves), halves - 1)


def _ground(cell: int, halves: int) -> Run:
    """A piece of the axis: a line within the spread, single dots beyond."""
    first, last = _half(-WITHIN, halves), _half(math.nextafter(WITHIN, 0), halves)
    left, right = first <= 2 * cell <= last, first <= 2 * cell + 1 <= last
    if left or right:
        return Run(chr(BRAILLE | (_LINE if left and right else _LEFT_LINE if left else _RIGHT_LINE)), "axis")
    return Run(chr(BRAILLE | 0x02), "grid")
