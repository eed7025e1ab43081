"""All planes of a heat map as thumbnails, so that one can be picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.frames import HeatMap
from tutor.plot import heat
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, fit_rows, one_line
from tutor.plot.mosaic import Mode, halves, whole

ROLES = (*heat.ROLES, heat.DOTS, "label", "selected", "more")
"""Every role that the thumbnails use."""

_GAP = 2
_SMALLEST = 4
_LARGEST = 24


@dataclass(frozen=True, slots=True)
class HeatMapGrid:
    """Thumbnails and where they are.

    Attributes:
        rows: The rows of the picture.
        tile: Columns and rows of the terminal from one thumbnail to the next.
        across: Thumbnails in a row.
        first: Plane of the first thumbnail shown.
        shown: How many are shown.
    """

    rows: tuple[Row, ...]
    tile: tuple[int, int]
    across: int
    first: int
    shown: int

    def hit(self, x: int, y: int) -> int | None:
        """The plane drawn at a column and row of the picture (its name counts), or None between them."""
        width, height = self.tile
        if x < 0 or y < 0 or x // width >= self.across or x % width >= width - _GAP:
            return None
        place = y // height * self.across + x // width
        return self.first + place if place < self.shown else None


def render_grid(
    frame: HeatMap, width: int, height: int, selected: int, *, mode: Mode = "solid"
) -> HeatMapGrid:
    """Draw every plane small, under its name.

    Each name links to ``plane:<number>``. Planes named ``layer.head`` are laid out one layer a row where
    there is room. A matrix larger than its thumbnail is shrunk by the *highest* value of each block: a thin
    diagonal is what one looks for, and a mean would wash it out. All thumbnails share one scale.

    Args:
        frame: The matrices.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1.
        selected: The plane to mark with ``▸`` and to keep in sight; taken into range.
        mode: By colour or by density of dots.

    Returns:
        A picture of `height` rows of `width` columns.
    """
    count = min(len(frame.planes), frame.values.shape[0]) if frame.values.ndim == 3 else 0
    if width < 1 or height < 1 or not count or not frame.values[0].size:
        return HeatMapGrid(tuple(fit_rows((), max(0, width), max(0, height))), (_GAP + 1, 1), 0, 0, 0)
    selected = max(0, min(selected, count - 1))
    across, side = _arrange(frame.planes[:count], max(frame.values.shape[1:]), width, height)
    tile = (max(side, _SMALLEST) + _GAP, (side + 1) // 2 + 1)

    lines = (count + across - 1) // across
    visible = max(1, height // tile[1])
    start = max(0, min(selected // across - visible // 2, lines - visible))
    first, stop = start * across, min(count, (start + visible) * across)
    top = heat.scale_top(frame.values[:count])

    rows: list[Row] = []
    for line in range(first, stop, across):
        planes = range(line, min(line + across, stop))
        names = [
            _name(frame.planes[plane], plane, tile[0] - _GAP, chosen=plane == selected) for plane in planes
        ]
        pictures = [_thumbnail(frame.values[plane], side, top, mode) for plane in planes]
        rows.append(_beside(names, tile[0]))
        rows += [
            _beside([picture[part] if part < len(picture) else () for picture in pictures], tile[0])
            for part in range(tile[1] - 1)
        ]
    rows = fit_rows(rows, width, height)
    if start > 0:
        rows[0] = (*fit_row(rows[0], width - 1), Run("▴", "more"))
    if start + visible < lines:
        rows[-1] = (*fit_row(rows[-1], width - 1), Run("▾", "more"))
    return HeatMapGrid(tuple(rows), tile, across, first, stop - first)


def _arrange(names: Sequence[str], size: int, width: int, height: int) -> tuple[int, int]:
    """How many thumbnails in a row, and the side of one in half rows: as large as fit, a layer a row if
    nearly so.
    """
    best: dict[int, int] = {}
    for across in range(1, len(names) + 1):
        wide = (width + _GAP) // across - _GAP
        tall = 2 * (height // -(-len(names) // across) - 1)
        best[across] = min(wide, tall, _LARGEST)
    layers = [name.split(".")[0] for name in names]
    heads = layers.count(layers[0])
    widest = max(best.values())
    if widest < _SMALLEST:
        # They don't all fit: rows of the smallest, and the rest by scrolling.
        return max(1, min(len(names), (width + _GAP) // (_SMALLEST + _GAP))), _SMALLEST
    by_layer = best.get(heads, 0) if all(layers.count(layer) == heads for layer in layers) else 0
    across = heads if by_layer >= max(_SMALLEST, 0.7 * widest) else max(best, key=lambda key: best[key])
    side = best[across]
    return across, side if size > side else max(side // size * size, min(size, side))


def _thumbnail(values: NDArray[np.float16], side: int, top: float, mode: Mode) -> list[Row]:
    if mode == "dots":
        # A character is twice as high as wide, so half as many rows make a square.
        return whole(heat.levels(_resize(values, (side + 1) // 2, side), top), 1, None, mode)
    return halves(heat.levels(_resize(values, side, side), top), None)


def _resize(values: NDArray[np.float16], rows: int, cols: int) -> NDArray[np.float32]:
    """Shrink by the highest value of each block, or repeat each value a whole number of times."""
    result = values.astype(np.float32)
    for axis, size in enumerate((rows, cols)):
        have = result.shape[axis]
        if have > size:
            # fmax: a block with a hole in it is not all hole.
            result = np.fmax.reduceat(result, np.arange(size) * have // size, axis=axis)
        else:
            result = np.repeat(result, max(1, size // have), axis=axis)
    return result


def _name(name: str, plane: int, width: int, *, chosen: bool) -> Row:
    text = fit(("▸" if chosen else " ") + one_line(name), width)
    return (Run(text, "selected" if chosen else "label", bold=chosen, link=f"plane:{plane}"),)


def _beside(parts: Sequence[Row], width: int) -> Row:
    return tuple(run for part in parts for run in fit_row(part, width))
