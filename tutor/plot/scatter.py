"""Points in the plane, each group with a mark and an ink of its own, lines through it, and what may lie under them: a field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import Field, Scatter
from tutor.plot.axis import axis_range
from tutor.plot.cells import Row, Run
from tutor.plot.fit import Called, as_written, fit_rows, one_line, shortened
from tutor.plot.lines import INKS, SERIES
from tutor.plot.sheet import SIGNS, Plane, legend
from tutor.plot.trace import PATTERNS, braille, sample

_LOW, _HIGH = ("⠄ ", "⠄⠄", "⠅⠅"), ("⠤ ", "⠤⠤", "⠭⠭")
"""What the sides of a field are strewn with, the weakest first; two cells that take turns. One side has dots, the other has dashes."""

_MARGIN = 0.04
"""Share of an axis without bounds that is left free at each end, so that no point lies on the edge."""


def render(
    frame: Scatter,
    width: int,
    height: int,
    name: Called = as_written,
    *,
    tints: bool = True,
) -> list[Row]:
    """Draw a scatter plot into a box; with `tints` the sides of a field tint their ground, too.

    Points that are off an axis aren't drawn; a line is cut where it leaves. What there is no room for is left out: first rows of the
    legend, then the axes.
    """
    x_axis = axis_range(frame.x_axis, [group.x for group in frame.groups], _MARGIN)
    y_axis = axis_range(frame.y_axis, [group.y for group in frame.groups], _MARGIN)
    above = legend(_legend(frame, width, name, tints=tints), width, max(0, (height - 1) // 3))
    rows = height - len(above)
    below = rows >= 4
    rows -= below
    plane = Plane(rows, width, x_axis, y_axis)
    if frame.field is not None:
        _draw_field(plane, frame.field, tints=tints)
    groups = []
    for number, group in enumerate(frame.groups):
        size = min(group.x.size, group.y.size)
        groups.append((number, group, plane.places(group.x[:size], group.y[:size])))
    for number, group, own in groups:
        if group.joined:
            plane.line(own, _ink(number), number)
    for number, group, own in groups:
        if not group.joined:
            for row, column in plane.cells(own):
                for near in (column - 1, column + 1):  # what lies under them leaves them room
                    if plane.free(row, near, near + 1):
                        plane.put(row, near, " ", take=False)
                plane.put(row, column, SIGNS[number % INKS], _ink(number), bold=True)
    for _, group, own in groups:
        _write_names(plane, [one_line(name(written)) for written in group.names], own)
    label = one_line(name(frame.x_axis.label)) if below else None
    return fit_rows([*above, *plane.framed(label)], width, height)


def _ink(number: int) -> str:
    return SERIES[number % INKS]


def _legend(frame: Scatter, width: int, name: Called, *, tints: bool) -> list[list[Run]]:
    """What is up, what each mark means, and each side of the field."""
    items = []
    if label := one_line(name(frame.y_axis.label)):
        items.append([Run(shortened(label, width), "axis")])
    for number, group in enumerate(frame.groups):
        sign = Run(SIGNS[number % INKS], _ink(number), bold=True)
        if group.joined:
            sign = Run(sample(number % PATTERNS), _ink(number))
        items.append([sign, Run(f" {one_line(name(group.label))}", "legend")])
    if frame.field is not None:
        for side, (texture, label) in enumerate(((_LOW, frame.field.low), (_HIGH, frame.field.high))):
            swatch = Run(texture[1] * 2, f"pinned-{side}", f"band-{side}" if tints else "")
            items.append([swatch, Run(f" {one_line(name(label))}", "legend")])
    return items


def _write_names(plane: Plane, names: list[str], places: NDArray[np.float64]) -> None:
    """Names right of the points, or left, below, above, where nothing else is; the others are missing."""
    widest = max(4, plane.width // 4)
    for at, written in enumerate(names[: len(places)]):
        text = shortened(written, widest)
        size = cell_len(text)
        if not size:
            continue
        for row, column in plane.cells(places[at : at + 1]):
            middle = min(max(0, column - size // 2), max(0, plane.width - size))
            spots = ((row, column + 2), (row, column - 1 - size), (row + 1, middle), (row - 1, middle))
            any(plane.place(*spot, text, "label") for spot in spots)


def _draw_field(plane: Plane, field: Field, *, tints: bool) -> None:
    """Strew the cells by side and strength, and draw the border between the sides."""
    if not (field.values.size and plane.height and plane.width):
        return
    cells = np.nan_to_num(_resampled(field.values, plane.height, plane.width))
    strength = np.minimum(np.abs(cells) * 3, 2).astype(np.int64)
    for (row, column), value in np.ndenumerate(cells):
        if value:
            side = int(value > 0)
            texture = (_LOW, _HIGH)[side][strength[row, column]]
            ground = f"band-{side}" if tints else ""
            plane.put(row, column, texture[(row + column) % 2], f"pinned-{side}", ground, take=False)
    fine = _resampled(field.values, plane.height * 4, plane.width * 2)
    side_of = fine > 0
    known = np.isfinite(fine)
    border = np.zeros_like(side_of)
    border[:-1] |= (side_of[:-1] != side_of[1:]) & known[:-1] & known[1:]
    border[:, :-1] |= (side_of[:, :-1] != side_of[:, 1:]) & known[:, :-1] & known[:, 1:]
    plane.dots(braille(border), "border", bold=True, take=False)


def _resampled(values: NDArray[np.float16], rows: int, columns: int) -> NDArray[np.float64]:
    """The field at the middles of so many rows and columns, ``(rows, columns)``, straight lines between its own."""
    result = np.clip(values.astype(np.float64), -1, 1)
    for axis, size in enumerate((rows, columns)):
        own = result.shape[axis]
        place = np.clip((np.arange(size) + 0.5) / size * own - 0.5, 0, own - 1)
        below = np.minimum(place.astype(np.int64), max(0, own - 2))
        share = (place - below).reshape((-1, 1) if axis == 0 else (1, -1))
        above = np.minimum(below + 1, own - 1)
        result = np.take(result, below, axis) * (1 - share) + np.take(result, above, axis) * share
    return result
