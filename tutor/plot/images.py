"""Small pictures in a grid, with captions: pixels as coloured ground, half blocks or braille."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import Images
from tutor.plot import heat
from tutor.plot.cells import Row, Run
from tutor.plot.fit import ELLIPSIS, Called, as_written, fit, fit_row, fit_rows, one_line, shortened
from tutor.plot.trace import BRAILLE, braille

_GAP = 2
_LEAST = 4
"""Pixels to a side below which a picture isn't made smaller for more of them to fit."""
_WIDEST = 12
"""Columns of a caption beyond which it doesn't move pictures apart."""
_THRESHOLDS = np.array([[0.2, 0.7], [0.9, 0.45]])
"""Value from which on each of the 2 × 2 dots of a pixel is lit."""
_BELOW = np.array([[-np.inf, -np.inf], [-0.2, -0.2]])
"""Value down from which each is lit: what is below 0 is a dash, however strong."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How pictures lie: pixels taken together in squares of `pool`, each pixel of `cell` columns; 0 is one column, half a row high."""

    pool: int
    cell: int
    width: int
    """Columns of a picture and its caption."""
    height: int
    """Rows of a picture and its caption, and the blank one below where there is none."""
    across: int
    down: int


def render(
    frame: Images,
    width: int,
    height: int,
    name: Called = as_written,
    *,
    mode: heat.Mode = "solid",
) -> list[Row]:
    """Draw pictures into a box, as large as all of them fit; where they don't, pixels are taken together, and then some are missing.

    The mode tells whether by colour, or by density and shape of glyphs.
    """
    if frame.values.ndim != 3 or not frame.values.size:
        return fit_rows((), width, height)
    captions = [one_line(name(caption)) for caption in frame.captions[: len(frame.values)]]
    captions += [""] * (len(frame.values) - len(captions))
    layout = _lay_out(frame, captions, width, height)
    shown = min(len(captions), layout.across * layout.down)
    rows: list[Row] = []
    for start in range(0, shown, layout.across):
        line = range(start, min(shown, start + layout.across))
        tiles = [_tile(frame.values[at], captions[at], layout, frame.signed, mode) for at in line]
        rows += [
            tuple(run for tile in tiles for run in (*fit_row(tile[at], layout.width), Run(" " * _GAP)))
            for at in range(layout.height)
        ]
    if shown < len(captions):
        more = Run(fit(f"{ELLIPSIS} +{len(captions) - shown}", min(width, 8)), "more")
        rows = [*rows[: height - 1], (more,)]
    return fit_rows(rows, width, height)


def _lay_out(frame: Images, captions: Sequence[str], width: int, height: int) -> _Layout:
    """The largest pixels with which all pictures fit; else with which one does."""
    count, rows, cols = frame.values.shape
    widest = max(map(cell_len, captions), default=0)
    # A whole cell has room for a sign: where values have one, it comes before half a cell.
    sizes = [(1, cell) for cell in (6, 4, 2, *([1] if frame.signed else []))]
    sizes += [(pool, 0) for pool in range(1, max(rows, cols) + 1)]
    alone = None
    for pool, cell in sizes:
        tall, broad = math.ceil(rows / pool), math.ceil(cols / pool)
        across = max(1, cell) * broad
        down = math.ceil(tall / 2) if cell == 0 else tall * max(1, cell // 2)
        tile = max(across, min(widest, _WIDEST)), down + 1
        fitting = max(1, (width + _GAP) // (tile[0] + _GAP))
        fitting -= fitting % frame.together
        per_row = max(1, min(frame.columns or fitting, fitting, count))
        layout = _Layout(pool, cell, *tile, per_row, max(1, (height + (widest == 0)) // tile[1]))
        if pool > 1 and min(tall, broad) < _LEAST and alone is not None:
            break
        if across > width or down > height or not fitting:
            continue
        if layout.across * layout.down >= count:
            return layout
        if pool == 1 or alone is None:
            alone = layout
    if alone is None:
        return _Layout(max(rows, cols), 0, 1, 1, 1, 1)
    # A row of the box says how many are missing.
    return replace(alone, down=max(1, (height - 1) // alone.height))


def _tile(
    values: NDArray[np.float16], caption: str, layout: _Layout, signed: bool, mode: heat.Mode
) -> list[Row]:
    """The rows of a picture, its caption below."""
    pixels = _pooled(values.astype(np.float64), layout.pool)
    if layout.cell == 0 and mode == "dots":
        rows = _dithered(pixels)
    else:
        levels = heat.levels(pixels, 1.0, "signed" if signed else "linear")
        rows = heat.halves(levels, None) if layout.cell == 0 else heat.whole(levels, layout.cell, None, mode)
    below = (Run(shortened(caption, layout.width), "label"),) if caption else ()
    return [*rows, below, *[()] * layout.height][: layout.height]


def _pooled(values: NDArray[np.float64], pool: int) -> NDArray[np.float64]:
    """The means of squares of pixels; those at the edges may hold fewer."""
    if pool == 1:
        return values
    for axis in range(2):
        starts = np.arange(0, values.shape[axis], pool)
        sums = np.add.reduceat(np.clip(values, -1, 1), starts, axis)
        sizes = np.diff([*starts, values.shape[axis]])
        values = sums / (sizes[:, None] if axis == 0 else sizes)
    return values


def _dithered(pixels: NDArray[np.float64]) -> list[Row]:
    """Pixels of 2 × 2 dots: the more ink, the more of them are lit; negative ones are dashes."""
    rows, cols = pixels.shape
    fine = np.zeros((rows + rows % 2, cols))
    fine[:rows] = pixels
    dots = fine.repeat(2, 0).repeat(2, 1)
    lit = (dots >= np.tile(_THRESHOLDS, fine.shape)) | (dots <= np.tile(_BELOW, fine.shape))
    lines = (braille(lit).astype("<u4") + BRAILLE).tolist()
    return [(Run("".join(map(chr, line)).replace(chr(BRAILLE), " "), heat.DOTS),) for line in lines]
