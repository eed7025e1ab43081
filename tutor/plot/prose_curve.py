"""Small curves inside prose: ``curve`` blocks, points with error bars on axes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import Axis
from tutor.plot.axis import axis_range
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row
from tutor.plot.lines import INKS
from tutor.plot.plane import SIGNS, Plane
from tutor.plot.sheet import axis_row, gutter, legend

ROLES = ("axis", "legend", *(f"series-{ink}" for ink in range(INKS)))
"""Every role that a curve uses."""

_WIDEST, _ROWS = 64, 9
"""Columns of a curve at most, and rows of its plot."""
_AXIS = re.compile(r"\s*([xy])(\s+log)?\s*[:：](?!:)(.*)")
_POINT = re.compile(r"(\S+)\s+([^\s±]+)(?:\s*±\s*(\S+))?")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a ``curve`` block: its label (empty for none) and ``(n, 3)`` points of x, y and half an error bar."""

    label: str
    points: NDArray[np.float64]


def parse_curve(source: str) -> tuple[Axis, Axis, list[Curve]]:
    """The axes and curves of a ``curve`` block.

    Lines are ``x: label``, ``y log: label`` (a logarithmic axis) and ``label :: 1 3.2 ± 0.1 | 10 2.9``: x, y, and what y is uncertain by.

    Raises:
        ValueError: With a message key: ``curve.label``, ``curve.labels``, ``curve.point``, ``curve.log``, ``curve.none``.
    """
    axes = {"x": Axis(), "y": Axis()}
    curves = []
    for line in source.splitlines():
        if axis := _AXIS.fullmatch(line):
            if not axis[3].strip():
                raise ValueError("curve.label")
            axes[axis[1]] = Axis(axis[3].strip(), log=bool(axis[2]))
        elif line.strip():
            head, mark, points = line.rpartition("::")
            if "::" in head:
                raise ValueError("curve.labels")
            if mark and not head.strip():
                raise ValueError("curve.label")
            curves.append(Curve(head.strip(), np.array([_point(one) for one in points.split("|")])))
    if not curves:
        raise ValueError("curve.none")
    for at, axis_ in enumerate(axes.values()):
        if axis_.log and any((curve.points[:, at] <= 0).any() for curve in curves):
            raise ValueError("curve.log")
    return axes["x"], axes["y"], curves


def _point(written: str) -> tuple[float, float, float]:
    found = _POINT.fullmatch(written.strip())
    if not found:
        raise ValueError("curve.point")
    try:
        x, y, error = float(found[1]), float(found[2]), float(found[3] or 0)
    except ValueError:
        raise ValueError("curve.point") from None
    if not all(map(math.isfinite, (x, y, error))) or error < 0:
        raise ValueError("curve.point")
    return x, y, error


def draw_curve(parsed: tuple[Axis, Axis, Sequence[Curve]], width: int) -> list[Row]:
    """Draw curves with their marks and error bars, a legend above and the axes around.

    Args:
        parsed: What `parse_curve` made.
        width: Columns, at least 1.
    """
    across, up, curves = parsed
    width = min(width, _WIDEST)
    ends = [curve.points[:, 1] + side * curve.points[:, 2] for curve in curves for side in (-1, 1)]
    x_axis = axis_range(across, [curve.points[:, 0] for curve in curves], 0.04)
    y_axis = axis_range(up, ends, 0.04)
    beside = gutter(y_axis, _ROWS, width)
    left = beside[0].width
    plane = Plane(_ROWS, width - left, x_axis, y_axis)
    for number, curve in enumerate(curves):
        ink = f"series-{number % INKS}"
        plane.line(plane.places(curve.points[:, 0], curve.points[:, 1]), ink, number)
        for place, middle, half in curve.points:
            if half:
                bar = plane.places([place] * 3, [middle - half, middle, middle + half])
                plane.line(bar, ink)
    for number, curve in enumerate(curves):
        for row, column in plane.cells(plane.places(curve.points[:, 0], curve.points[:, 1])):
            plane.put(row, column, SIGNS[number % INKS], f"series-{number % INKS}", bold=True)
    items = [[Run(fit(up.label, min(width, cell_len(up.label))), "axis")]] if up.label else []
    items += [
        [Run(SIGNS[number % INKS], f"series-{number % INKS}", bold=True), Run(f" {curve.label}", "legend")]
        for number, curve in enumerate(curves)
        if curve.label
    ]
    rows: list[Row] = [*legend(items, width, len(items))]
    rows += [fit_row((axis, *cells), width) for axis, cells in zip(beside, plane.rows(), strict=True)]
    return [*rows, axis_row(x_axis, left, width - left, across.label, width)]
