"""A curve that is being drawn: an empty chart, the points that were put into it so far, and where the next one goes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tutor.plot.axis import AxisRange
from tutor.plot.sheet import Plane, pieces

POINT, MARKED = "●", "◉"
_HERE = "┊"
_GRID = 0x04
"""The dot of a braille cell that the grid is made of."""


@lru_cache(maxsize=4)
def draw(
    heights: tuple[float | None, ...], at: int, x_axis: AxisRange, y_axis: AxisRange, width: int, rows: int
) -> Plane:
    """Draw points evenly over the x axis, joined where they are known.

    Args:
        heights: Of each point; None: not there yet.
        at: The point that the keys move.
        x_axis: From the first point to the last.
        y_axis: Heights that points may have.
        width: Columns, tick labels included.
        rows: Rows of the plane, without the axis below.
    """
    plane = Plane(rows, width, x_axis, y_axis)
    x = np.linspace(x_axis.low, x_axis.high, len(heights))
    codes = np.zeros((plane.height, plane.width), dtype=np.uint8)
    ticks = y_axis.ticks(pieces(rows)).values
    for row, _ in plane.cells(plane.places([x_axis.low] * len(ticks), ticks)):
        codes[row, ::3] = _GRID
        plane.put(row, 0, " " * plane.width, "grid", take=False)  # one run with the dots
    plane.dots(codes, "grid", take=False)
    for _, column in plane.cells(plane.places([x[at]], [y_axis.low])):
        for row in range(plane.height):
            plane.put(row, column, _HERE, "moment", take=False)
    points = plane.places(x, [np.nan if height is None else height for height in heights])
    plane.line(points[np.isfinite(points).all(axis=1)], "series-0")
    for i in range(len(heights)):
        for row, column in plane.cells(points[i : i + 1]):
            mark, ink = (MARKED, "key") if i == at else (POINT, "series-0")
            plane.put(row, column, mark, ink, bold=True)
    return plane
