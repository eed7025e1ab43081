"""Small curves inside prose: ``curve`` blocks, points with error bars on axes."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.fences import Curve
from tutor.frames import Axis
from tutor.plot.axis import axis_range
from tutor.plot.cells import Row, Run
from tutor.plot.fit import shortened
from tutor.plot.lines import INKS, SERIES
from tutor.plot.sheet import SIGNS, Plane, legend

ROLES = ("axis", "legend", *SERIES)
"""Every role that a curve uses."""

_WIDEST, _ROWS = 64, 9
"""Columns of a curve at most, and rows of its plot."""


def draw_curve(parsed: tuple[Axis, Axis, Sequence[Curve]], width: int) -> list[Row]:
    """Draw curves with their marks and error bars, a legend above and the axes around.

    Args:
        parsed: The axis across, the axis up, and the curves.
        width: Columns, at least 1.
    """
    across, up, curves = parsed
    width = min(width, _WIDEST)
    ends = [curve.points[:, 1] + side * curve.points[:, 2] for curve in curves for side in (-1, 1)]
    x_axis = axis_range(across, [curve.points[:, 0] for curve in curves], 0.04)
    y_axis = axis_range(up, ends, 0.04)
    plane = Plane(_ROWS, width, x_axis, y_axis)
    for number, curve in enumerate(curves):
        ink = SERIES[number % INKS]
        plane.line(plane.places(curve.points[:, 0], curve.points[:, 1]), ink, number)
        for place, middle, half in curve.points:
            if half:
                bar = plane.places([place] * 3, [middle - half, middle, middle + half])
                plane.line(bar, ink)
    for number, curve in enumerate(curves):
        for row, column in plane.cells(plane.places(curve.points[:, 0], curve.points[:, 1])):
            plane.put(row, column, SIGNS[number % INKS], SERIES[number % INKS], bold=True)
    items = [[Run(shortened(up.label, width), "axis")]] if up.label else []
    items += [
        [Run(SIGNS[number % INKS], SERIES[number % INKS], bold=True), Run(f" {curve.label}", "legend")]
        for number, curve in enumerate(curves)
        if curve.label
    ]
    return [*legend(items, width, len(items)), *plane.framed(across.label)]
