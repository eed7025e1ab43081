"""Points in the plane, each group with a mark and an ink of its own, lines through it, and what may lie under them: a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import Field, Points, Scatter
from tutor.plot.axis import LARGEST, AxisRange, axis_range
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_rows, one_line
from tutor.plot.lines import INKS
from tutor.plot.sheet import Sheet, axis_row, gutter, legend
from tutor.plot.trace import BRAILLE, MARKS, PATTERNS, braille

ROLES = (
    *("axis", "legend", "label", "border", "cut"),
    *(f"series-{ink}" for ink in range(INKS)),
    *("pinned-0", "pinned-1", "band-0", "band-1"),
)
"""Every role that a scatter plot uses. The two sides of a field have the inks and bands of the first two groups."""

SIGNS = "◉✕▴▪✚✱◦▾"
"""The mark of each group, as many as there are inks. All take one column also where ambiguous width is wide."""

_LOW, _HIGH = ("⠄ ", "⠄⠄", "⠅⠅"), ("⠤ ", "⠤⠤", "⠭⠭")
"""What the sides of a field are strewn with, the weakest first; two cells that take turns. One side has dots, the other has dashes."""

_MARGIN = 0.04
"""Share of an axis without bounds that is left free at each end, so that no point lies on the edge."""


def render(
    frame: Scatter, width: int, height: int, name: Callable[[str], str] = str, *, tints: bool = True
) -> list[Row]:
    """Draw a scatter plot into a box.

    Args:
        frame: Groups, axes and field. Points that are off an axis aren't drawn; a line is cut where it leaves.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1. What there is no room for is left out: first rows of the legend, then the axes.
        name: What an id is called.
        tints: Whether the sides of a field tint their ground, too.

    Returns:
        `height` rows of `width` columns.
    """
    if width < 1 or height < 1:
        return []
    x_axis = axis_range(frame.x_axis, [group.x for group in frame.groups], _MARGIN)
    y_axis = axis_range(frame.y_axis, [group.y for group in frame.groups], _MARGIN)
    above = legend(_legend(frame, width, name, tints=tints), width, max(0, (height - 1) // 3))
    rows = height - len(above)
    below = rows >= 4
    rows -= below
    beside = gutter(y_axis, rows, width)
    left = beside[0].width if beside else 0
    sheet = Sheet(rows, width - left)
    if frame.field is not None:
        _draw_field(sheet, frame.field, tints=tints)
    dots = [_dots(group, x_axis, y_axis, sheet) for group in frame.groups]
    for number, (group, places) in enumerate(zip(frame.groups, dots, strict=True)):
        if group.joined:
            _put_dots(sheet, _path(places, sheet, number), _ink(number))
    for number, (group, places) in enumerate(zip(frame.groups, dots, strict=True)):
        if not group.joined:
            for row, column in _cells(places, sheet):
                for near in (column - 1, column + 1):  # what lies under them leaves them room
                    if sheet.free(row, near, near + 1):
                        sheet.put(row, near, " ", take=False)
                sheet.put(row, column, SIGNS[number % INKS], _ink(number), bold=True)
    for group, places in zip(frame.groups, dots, strict=True):
        _write_names(sheet, group, places)
    drawn = [(axis, *cells) for axis, cells in zip(beside, sheet.rows(), strict=True)]
    if below:
        drawn.append(axis_row(x_axis, left, width - left, one_line(name(frame.x_axis.label)), width))
    return fit_rows([*above, *drawn], width, height)


def _ink(number: int) -> str:
    return f"series-{number % INKS}"


def _legend(frame: Scatter, width: int, name: Callable[[str], str], *, tints: bool) -> list[list[Run]]:
    """What is up, what each mark means, and each side of the field."""
    items = []
    if label := one_line(name(frame.y_axis.label)):
        items.append([Run(fit(label, min(width, cell_len(label))), "axis")])
    for number, group in enumerate(frame.groups):
        sign = Run(SIGNS[number % INKS], _ink(number), bold=True)
        if group.joined:
            flat = np.zeros((4, 8), dtype=bool)
            flat[2] = np.resize(_pattern(number), 8)
            text = "".join(chr(BRAILLE + code) for code in braille(flat)[0].tolist())
            sign = Run(text.replace(chr(BRAILLE), " "), _ink(number))
        items.append([sign, Run(f" {one_line(name(group.label))}", "legend")])
    if frame.field is not None:
        for side, (texture, label) in enumerate(((_LOW, frame.field.low), (_HIGH, frame.field.high))):
            swatch = Run(texture[1] * 2, f"pinned-{side}", f"band-{side}" if tints else "")
            items.append([swatch, Run(f" {one_line(name(label))}", "legend")])
    return items


def _dots(group: Points, x_axis: AxisRange, y_axis: AxisRange, sheet: Sheet) -> NDArray[np.float64]:
    """Places of the points as rows and columns of dots, ``(n, 2)``, not rounded; NaN for none."""
    size = min(group.x.size, group.y.size)
    across = x_axis.shares(np.clip(x_axis.drawn(group.x[:size]), -LARGEST, LARGEST))
    up = y_axis.shares(np.clip(y_axis.drawn(group.y[:size]), -LARGEST, LARGEST))
    return np.stack([(1 - up) * (sheet.height * 4 - 1), across * (sheet.width * 2 - 1)], axis=1)


def _cells(places: NDArray[np.float64], sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The cell of each point that is on the sheet."""
    for row, column in _rounded(places, sheet).tolist():
        yield row // 4, column // 2


def _rounded(places: NDArray[np.float64], sheet: Sheet) -> NDArray[np.int64]:
    """The dots of the points that are on the sheet."""
    top = np.array([sheet.height * 4, sheet.width * 2])
    inside = ((places > -0.5) & (places < top - 0.5)).all(axis=1)  # NaN compares as False
    return np.rint(places[inside]).astype(np.int64)


def _path(places: NDArray[np.float64], sheet: Sheet, number: int) -> NDArray[np.bool_]:
    """The dots of a line through points in their order."""
    lit = np.zeros((sheet.height * 4, sheet.width * 2), dtype=bool)
    pattern = _pattern(number)
    walked = 0
    for start, end in pairwise(places):
        ends = _clipped(start, end, np.array(lit.shape, dtype=np.float64))
        if ends is None:
            continue
        steps = int(np.ceil(np.abs(ends[1] - ends[0]).max()))
        shares = np.linspace(0, 1, steps + 1)[:, None]
        path = _rounded(ends[0] + shares * (ends[1] - ends[0]), sheet)
        drawn = path[pattern[(walked + np.arange(len(path))) % pattern.size]]
        lit[drawn[:, 0], drawn[:, 1]] = True
        walked += steps
    if len(places) == 1:
        lit[tuple(_rounded(places, sheet).T)] = True
    return lit


def _pattern(number: int) -> NDArray[np.bool_]:
    return MARKS[number % PATTERNS]


def _clipped(
    start: NDArray[np.float64], end: NDArray[np.float64], size: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The part of a straight line that is on the sheet; None when nothing is (Liang & Barsky 1984)."""
    if not np.isfinite(start + end).all():
        return None
    first, last = 0.0, 1.0
    for at in range(2):
        way = end[at] - start[at]
        reach = sorted(((-0.4 - start[at]), (size[at] - 0.6 - start[at])))
        if way == 0:
            if not reach[0] <= 0 <= reach[1]:
                return None
            continue
        enters, leaves = sorted((reach[0] / way, reach[1] / way))
        first, last = max(first, enters), min(last, leaves)
    return (start + first * (end - start), start + last * (end - start)) if first <= last else None


def _put_dots(sheet: Sheet, lit: NDArray[np.bool_], ink: str, *, bold: bool = False) -> None:
    codes = braille(lit)
    for row, column in np.argwhere(codes).tolist():
        sheet.put(row, column, chr(BRAILLE + int(codes[row, column])), ink, bold=bold)


def _write_names(sheet: Sheet, group: Points, places: NDArray[np.float64]) -> None:
    """Names right of the points, or left, below, above, where nothing else is; the others are missing."""
    widest = max(4, sheet.width // 4)
    for at, written in enumerate(group.names[: len(places)]):
        text = one_line(written)
        text = fit(text, min(cell_len(text), widest))
        size = cell_len(text)
        if not size:
            continue
        for row, column in _cells(places[at : at + 1], sheet):
            middle = min(max(0, column - size // 2), max(0, sheet.width - size))
            spots = ((row, column + 2), (row, column - 1 - size), (row + 1, middle), (row - 1, middle))
            any(sheet.place(*spot, text, "label") for spot in spots)


def _draw_field(sheet: Sheet, field: Field, *, tints: bool) -> None:
    """Strew the cells by side and strength, and draw the border between the sides."""
    if not (field.values.size and sheet.height and sheet.width):
        return
    cells = np.nan_to_num(_resampled(field.values, sheet.height, sheet.width))
    strength = np.minimum(np.abs(cells) * 3, 2).astype(np.int64)
    for (row, column), value in np.ndenumerate(cells):
        if value:
            side = int(value > 0)
            texture = (_LOW, _HIGH)[side][strength[row, column]]
            ground = f"band-{side}" if tints else ""
            sheet.put(row, column, texture[(row + column) % 2], f"pinned-{side}", ground, take=False)
    fine = _resampled(field.values, sheet.height * 4, sheet.width * 2)
    side_of = fine > 0
    known = np.isfinite(fine)
    border = np.zeros_like(side_of)
    border[:-1] |= (side_of[:-1] != side_of[1:]) & known[:-1] & known[1:]
    border[:, :-1] |= (side_of[:, :-1] != side_of[:, 1:]) & known[:, :-1] & known[:, 1:]
    codes = braille(border)
    for row, column in np.argwhere(codes).tolist():
        sheet.put(row, column, chr(BRAILLE + int(codes[row, column])), "border", bold=True, take=False)


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
