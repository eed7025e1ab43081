"""A matrix as coloured cells, with its tokens on both axes, a cursor, and a window that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import HeatMap, Scale
from tutor.plot import heat
from tutor.plot.cells import Row, Run, graphemes, row_width
from tutor.plot.fit import ELLIPSIS, fit, fit_row, fit_rows, shortened, visible
from tutor.plot.sheet import Sheet

_TALLEST_LABEL = 6
_WIDEST_LABEL = 10
_LARGEST_CELL = 3


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things go.

    Attributes:
        cell: Columns of a cell; its rows are half as many.
        half: Whether a cell is one column and half a row.
        left: Columns before the first cell.
        top: Rows before the first cell.
        first: Matrix row and column of the first cell shown.
        shown: How many matrix rows and columns are shown.
        more_rows: Whether there are others, so that marks say where.
        more_cols: The same of columns.
        flat: Whether column labels are written across, as each fits its column.
    """

    cell: int
    half: bool
    left: int
    top: int
    first: tuple[int, int]
    shown: tuple[int, int]
    more_rows: bool
    more_cols: bool
    flat: bool = False

    @property
    def cell_rows(self) -> float:
        """Rows of a cell."""
        return 0.5 if self.half else max(1, self.cell // 2)


_NO_CELLS = _Layout(1, False, 0, 0, (0, 0), (0, 0), False, False)


@dataclass(frozen=True, slots=True)
class HeatMapPicture:
    """A drawn matrix and where its cells are."""

    rows: tuple[Row, ...]
    layout: _Layout = _NO_CELLS

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
    mode: heat.Mode = "solid",
    readout: bool = True,
) -> HeatMapPicture:
    """Draw one plane of a heat map into a box.

    Cells are 2 columns × 1 row or, while all fit, larger; when not all fit, 1 column × half a row (``dots``, and where values have
    a sign, one row). A matrix that doesn't fit even so is shown in a window around the cursor, with ``◂ ▸ ▴ ▾`` where
    there is more.

    Args:
        frame: The matrices and their labels.
        plane: Which one; taken into range.
        width: Columns of the box.
        height: Rows of the box. The one under the matrix, where there is room, is the scale and, with a cursor, the value under it.
        cursor: Matrix row and column to highlight and to keep in sight; taken into range.
        mode: By colour or by density of dots.
        readout: Whether the value under the cursor stands before the scale; not if the caller says it itself.
    """
    values = _plane(frame, plane)
    size = (values.shape[0], values.shape[1])
    if not values.size:
        return HeatMapPicture(tuple(fit_rows((), width, height)))
    if cursor is not None:
        cursor = (max(0, min(cursor[0], size[0] - 1)), max(0, min(cursor[1], size[1] - 1)))
    names = _texts(frame.row_labels, size[0]), _texts(frame.col_labels, size[1])
    top = frame.limit or heat.scale_top(values, frame.scale)
    legend = height >= 4
    layout = _lay_out(
        names, size, width, height - legend, cursor, halved=mode == "solid" and frame.scale != "signed"
    )

    (r0, c0), (shown_rows, shown_cols) = layout.first, layout.shown
    window = values[r0 : r0 + shown_rows, c0 : c0 + shown_cols]
    picked = heat.levels(window, top, frame.scale)
    at = None if cursor is None else (cursor[0] - r0, cursor[1] - c0)
    body = heat.halves(picked, at) if layout.half else heat.whole(picked, layout.cell, at, mode)

    rows = fit_rows(
        _column_labels(names[1], layout, -1 if cursor is None else cursor[1], size[1]), width, layout.top
    )
    labels = _row_labels(names[0], layout, -1 if cursor is None else cursor[0], size[0])
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
    labels = min(_WIDEST_LABEL, max(map(cell_len, _texts(frame.row_labels, rows)), default=0)) + 2
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
    mode: heat.Mode,
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
                f"{shortened(names[0][row], _WIDEST_LABEL)} ▸ {shortened(names[1][col], _WIDEST_LABEL)} ",
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


def _lay_out(
    names: tuple[tuple[str, ...], tuple[str, ...]],
    size: tuple[int, int],
    width: int,
    height: int,
    cursor: tuple[int, int] | None,
    *,
    halved: bool,
) -> _Layout:
    """Choose the size of cells and labels, and the part of the matrix that is shown.

    Args:
        names: Row labels and column labels, fit to be shown.
        size: Rows and columns of the matrix, each at least 1.
        width: Columns for labels and matrix.
        height: Rows for labels and matrix.
        cursor: Matrix row and column that must be in sight.
        halved: Whether a cell may be half a character.
    """
    rows, cols = size
    widest = max((cell_len(name) for name in names[0]), default=0)
    tallest = max((len(graphemes(name)) for name in names[1]), default=0)
    # Labels may take a third of the box at most; below that they would say nothing anyhow.
    left = min(widest, _WIDEST_LABEL, width // 3)
    left = left + 1 if left >= 1 and width >= 6 else 0
    top = min(tallest, _TALLEST_LABEL, height // 3) if height >= 4 else 0

    broadest = max((cell_len(name) for name in names[1]), default=0)
    for scale in range(_LARGEST_CELL, 0, -1):
        flat = broadest < 2 * scale
        above = min(top, 1) if flat else top
        if rows * scale <= height - above and cols * 2 * scale <= width - left:
            return _Layout(2 * scale, False, left, above, (0, 0), size, False, False, flat)
    per_row = 2 if halved else 1
    room_rows, room_cols = max(1, (height - top) * per_row), max(1, width - left)
    if rows <= room_rows and cols <= room_cols:
        return _Layout(1, halved, left, top, (0, 0), size, False, False)
    # It scrolls: then cells are worth their full size again.
    more_rows, more_cols = rows > height - top, cols * 2 > width - left - 1
    if more_rows and width - left >= 4:
        left += 1
    if more_cols and height - top >= 2:
        top = max(top, 1)
    room_rows = max(1, height - top)
    room_cols = max(1, (width - left - more_cols) // 2)
    cell = 2 if width - left >= 2 else 1
    if cell == 1:
        room_cols = 1
    shown = (min(rows, room_rows), min(cols, room_cols))
    row, col = cursor or (0, 0)
    first = (_start(row, shown[0], rows), _start(col, shown[1], cols))
    return _Layout(cell, False, left, top, first, shown, more_rows, more_cols)


def _start(at: int, shown: int, size: int) -> int:
    """First of `shown` places out of `size`, with `at` in the middle where that is possible."""
    return max(0, min(at - shown // 2, size - shown))


@lru_cache(maxsize=64)  # they stay the same from frame to frame, and a cursor goes back and forth
def _row_labels(names: tuple[str, ...], layout: _Layout, under: int, size: int) -> tuple[Run, ...]:
    """Return the label before each row of the matrix part; of two rows in one, the upper's, or that of the cursor's row `under`."""
    first, shown = layout.first[0], layout.shown[0]
    step = 2 if layout.half else 1
    tall = int(layout.cell_rows) or 1
    labels: list[Run] = []
    if not layout.left:
        return (Run(""),) * ((shown + step - 1) // step * tall)
    for row in range(first, first + shown, step):
        here = under if row <= under < row + step else row
        mark = ""
        if layout.more_rows:
            above, below = row == first > 0, row == first + shown - 1 < size - 1
            mark = "▴" if above else "▾" if below else " "
        text = mark + fit(names[here], layout.left - 1 - len(mark), "right") + " "
        label = Run(text, "cursor" if here == under else "label", bold=here == under)
        middle = (tall - 1) // 2
        blank = Run(" " * layout.left)
        labels += [label if line == middle else blank for line in range(tall)]
    return tuple(labels)


@lru_cache(maxsize=64)
def _column_labels(names: tuple[str, ...], layout: _Layout, under: int, size: int) -> list[Row]:
    """Write labels above the columns, one character a row from top to bottom, ending at the matrix; `under` is that of the cursor."""
    first, shown = layout.first[1], layout.shown[1]
    end = layout.left + shown * layout.cell
    sheet = Sheet(layout.top, end + layout.more_cols)
    for col in range(first, first + shown):
        start = layout.left + (col - first) * layout.cell
        look = "cursor" if col == under else "label"
        if layout.flat:
            sheet.put(0, start, fit(names[col], layout.cell, "center"), look, bold=col == under)
            continue
        for line, character in enumerate(_upright(names[col], layout.top)):
            wide = cell_len(character)
            if layout.cell == 1 and wide == 2 and not _has_room(names, col, under, first + shown):
                continue
            if sheet.free(line, start, start + wide):
                pad = max(0, (layout.cell - wide) // 2) if layout.cell > 2 else 0
                sheet.put(line, start + pad, character, look, bold=col == under)
    if layout.more_cols and layout.left and first > 0:
        sheet.put(layout.top - 1, layout.left - 1, "◂", "more")
    if layout.more_cols and first + shown < size:
        sheet.put(layout.top - 1, end, "▸", "more")
    return sheet.rows()


def _has_room(names: Sequence[str], col: int, under: int, end: int) -> bool:
    """Whether a wide label over a cell of one column may lean over the next one: every second does, and the cursor's."""
    if col + 1 >= end:
        return False
    if col == under:
        return True
    return col % 2 == 0 and col + 1 != under and col - 1 != under


def _upright(text: str, height: int) -> list[str]:
    """The `height` characters of a label, padded from above, shortened with an ellipsis below."""
    shown = graphemes(text)
    if len(shown) > height:
        shown = [*shown[: height - 1], ELLIPSIS] if height > 1 else shown[:height]
    return [" "] * (height - len(shown)) + shown


@lru_cache(maxsize=64)
def _texts(labels: tuple[str, ...], size: int) -> tuple[str, ...]:
    """Return the first `size` labels fit to be shown, filled up with blanks."""
    return tuple(visible(label) for label in labels[:size]) + ("",) * (size - len(labels))
