"""A matrix as coloured cells, with its tokens on both axes, a cursor, and a window that follows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import HeatMap, Scale
from tutor.plot import heat
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit_row, fit_rows, shortened
from tutor.plot.heat_labels import WIDEST_LABEL, Layout, column_labels, lay_out, row_labels, texts
from tutor.plot.mosaic import Mode, halves, whole

_NO_CELLS = Layout(1, False, 0, 0, (0, 0), (0, 0), False, False)


@dataclass(frozen=True, slots=True)
class HeatMapPicture:
    """A drawn matrix and where its cells are."""

    rows: tuple[Row, ...]
    layout: Layout = _NO_CELLS

    def hit(self, x: int, y: int) -> tuple[int, int] | None:
        """Find the matrix row and column drawn at a place of the picture; None beside the matrix.

        Args:
            x: Column of the picture, from 0.
            y: Row of the picture, from 0. Where two matrix rows share it, the upper one is meant.
        """
        layout = self.layout
        if x < layout.left or y < layout.top:
            return None
        row, col = int((y - layout.top) / layout.cell_rows), (x - layout.left) // layout.cell
        if row >= layout.shown[0] or col >= layout.shown[1]:
            return None
        return layout.first[0] + row, layout.first[1] + col


def render(
    frame: HeatMap,
    plane: int,
    width: int,
    height: int,
    *,
    cursor: tuple[int, int] | None = None,
    mode: Mode = "solid",
    readout: bool = True,
) -> HeatMapPicture:
    """Draw one plane of a heat map into a box.

    Cells are 2 columns × 1 row or, while all fit, larger; when not all fit, 1 column × half a row (``dots``, and where values have
    a sign, one row). A matrix that doesn't fit even so is shown in a window around the cursor, with ``◂ ▸ ▴ ▾`` where
    there is more.

    Args:
        frame: The matrices and their labels.
        plane: Which one; taken into range.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1.
        cursor: Matrix row and column to highlight and to keep in sight; taken into range.
        mode: By colour or by density of dots.
        readout: Whether the value under the cursor stands before the scale; not if the caller says it itself.

    Returns:
        A picture of `height` rows of `width` columns. The row under the matrix, where there is room, is the
        scale and, with a cursor, the value under it.
    """
    if width < 1 or height < 1:
        return HeatMapPicture(())
    values = _plane(frame, plane)
    size = (values.shape[0], values.shape[1])
    if not values.size:
        return HeatMapPicture(tuple(fit_rows((), width, height)))
    if cursor is not None:
        cursor = (max(0, min(cursor[0], size[0] - 1)), max(0, min(cursor[1], size[1] - 1)))
    names = texts(frame.row_labels, size[0]), texts(frame.col_labels, size[1])
    top = frame.limit or heat.scale_top(values, frame.scale)
    legend = height >= 4
    layout = lay_out(
        names, size, width, height - legend, cursor, halved=mode == "solid" and frame.scale != "signed"
    )

    (r0, c0), (shown_rows, shown_cols) = layout.first, layout.shown
    window = values[r0 : r0 + shown_rows, c0 : c0 + shown_cols]
    picked = heat.levels(window, top, frame.scale)
    at = None if cursor is None else (cursor[0] - r0, cursor[1] - c0)
    body = halves(picked, at) if layout.half else whole(picked, layout.cell, at, mode)

    rows = fit_rows(
        column_labels(names[1], layout, -1 if cursor is None else cursor[1], size[1]), width, layout.top
    )
    labels = row_labels(names[0], layout, -1 if cursor is None else cursor[0], size[0])
    lines = [(label, *cells) if label.text else cells for label, cells in zip(labels, body, strict=True)]
    # All of them are of one width. Measuring them run by run would be most of the work of a cursor's move.
    gap = width - row_width(lines[0])
    if gap < 0:
        lines = fit_rows(lines, width, len(lines))
    elif gap:
        pad = Run(" " * gap)
        lines = [(*line, pad) for line in lines]
    rows += lines
    if legend:
        if len(rows) < height - 1:
            rows.append(fit_row((), width))
        rows.append(_scale_row(values, names, (top, frame.scale), cursor if readout else None, mode, width))
    rows += fit_rows((), width, height - len(rows))
    return HeatMapPicture(tuple(rows[:height]), layout)


def least_size(frame: HeatMap, height: int, *, halved: bool) -> tuple[int, int]:
    """Return columns and rows in which a map is still of use, its labels included.

    Args:
        frame: The map.
        height: Rows that there are for it; a map that is too high for them scrolls, and its cells are wider then.
        halved: Whether a cell may be half a character.
    """
    rows, cols = frame.values.shape[1:]
    labels = min(WIDEST_LABEL, max(map(cell_len, texts(frame.row_labels, rows)), default=0)) + 2
    whole = -(-rows // (1 + (halved and frame.scale != "signed"))) + 4
    return max(28, min(labels + cols * (1 if whole <= height else 2), 56)), max(8, min(whole, 20))


def _plane(frame: HeatMap, plane: int) -> NDArray[np.float16]:
    if frame.values.ndim != 3 or not frame.values.shape[0]:
        return np.zeros((0, 0), dtype=np.float16)
    chosen: NDArray[np.float16] = frame.values[max(0, min(plane, frame.values.shape[0] - 1))]
    return chosen


def _scale_row(
    values: NDArray[np.float16],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    scale: tuple[float, Scale],
    cursor: tuple[int, int] | None,
    mode: Mode,
    width: int,
) -> Row:
    """``0 ▒▒▒ 0.25 ▒▒▒ 1``: what stands in the middle says which scale it is."""
    top, kind = scale
    signed = kind == "signed"
    first, middle, last = (
        (heat.ZERO - heat.SIDE, heat.ZERO, heat.ZERO + heat.SIDE)
        if signed
        else (0, heat.LEVELS // 2, heat.LEVELS - 1)
    )

    def ramp(levels: range) -> list[Run]:
        return [heat.solid(level, 1) if mode == "solid" else heat.dotted(level, 1, 1) for level in levels]

    runs = []
    if cursor is not None:
        row, col = cursor
        value = float(values[row, col])
        runs = [
            Run(
                f"{shortened(names[0][row], WIDEST_LABEL)} ▸ {shortened(names[1][col], WIDEST_LABEL)} ",
                "label",
            ),
            Run("⋅" if np.isnan(value) else f"{value:.3f}", "cursor", bold=True),
            Run("   "),
        ]
    bar = [
        Run(f"{-top:.3g} " if signed else "0 ", "scale"),
        *ramp(range(first, middle)),
        Run(f" {heat.middle(top, kind):.3g} ", "scale"),
        *ramp(range(middle + signed, last + 1)),
        Run(f" {top:.3g}", "scale"),
    ]
    if sum(run.width for run in (*runs, *bar)) <= width:
        return fit_row([*runs, *bar], width)
    return fit_row(runs or bar, width)
