"""A matrix as coloured cells, with its tokens on both axes, a cursor, and a window that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import HeatMap
from tutor.plot import heat
from tutor.plot.axis import short
from tutor.plot.cells import Row, Run
from tutor.plot.fit import ELLIPSIS, fit, fit_row, fit_rows, visible

Mode = Literal["solid", "dots"]
"""``solid``: coloured ground; ``dots``: denser braille for stronger values, for screens with few or no colours."""

ROLES = (*heat.ROLES, "label", "cursor", "more", "scale")
"""Every role that a heat map uses. ``heat-0`` … ``heat-15`` and ``heat-hole`` occur as ink and as ground."""

_TALLEST_LABEL = 6
_WIDEST_LABEL = 10
_LARGEST_CELL = 3


@dataclass(frozen=True, slots=True)
class HeatMapPicture:
    """A drawn matrix and where its cells are.

    Attributes:
        rows: The rows of the picture.
        cell_size: Columns and rows of the terminal that a matrix cell takes; ``(1, 0.5)`` is half a character.
        left: Columns before the first cell.
        top: Rows before the first cell.
        first: Matrix row and column of the first cell shown.
        shown: How many matrix rows and columns are shown.
    """

    rows: tuple[Row, ...]
    cell_size: tuple[int, float]
    left: int
    top: int
    first: tuple[int, int]
    shown: tuple[int, int]

    def hit(self, x: int, y: int) -> tuple[int, int] | None:
        """The matrix row and column drawn at a place of the picture, or None beside the matrix.

        Args:
            x: Column of the picture, from 0.
            y: Row of the picture, from 0. Where two matrix rows share it, the upper one is meant.
        """
        if x < self.left or y < self.top:
            return None
        columns, rows = self.cell_size
        row, col = int((y - self.top) / rows), (x - self.left) // columns
        if row >= self.shown[0] or col >= self.shown[1]:
            return None
        return self.first[0] + row, self.first[1] + col


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things go. Sizes in columns and rows of the terminal, but `first`, `shown` in matrix cells."""

    cell: int
    """Columns of a cell; its rows are half as many, and half a row when it is 1."""
    half: bool
    left: int
    top: int
    first: tuple[int, int]
    shown: tuple[int, int]
    more_rows: bool
    more_cols: bool

    @property
    def cell_rows(self) -> float:
        return 0.5 if self.half else max(1, self.cell // 2)


def render(
    frame: HeatMap,
    plane: int,
    width: int,
    height: int,
    *,
    cursor: tuple[int, int] | None = None,
    mode: Mode = "solid",
) -> HeatMapPicture:
    """Draw one plane of a heat map into a box.

    Cells are 2 columns × 1 row or, while all fit, larger; when not all fit, 1 column × half a row (``dots``: one row). A
    matrix that doesn't fit even so is shown in a window around the cursor, with ``◂ ▸ ▴ ▾`` where there is more.

    Args:
        frame: The matrices and their labels.
        plane: Which one; taken into range.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1.
        cursor: Matrix row and column to highlight and to keep in sight; taken into range.
        mode: By colour or by density of dots.

    Returns:
        A picture of `height` rows of `width` columns. Its last row, where there is room, is the scale (square root, see
        `heat.levels`) and, with a cursor, the value under it.
    """
    if width < 1 or height < 1:
        return HeatMapPicture((), (1, 1.0), 0, 0, (0, 0), (0, 0))
    values = _plane(frame, plane)
    size = (values.shape[0], values.shape[1])
    if not values.size:
        return HeatMapPicture(tuple(fit_rows((), width, height)), (1, 1.0), 0, 0, (0, 0), (0, 0))
    if cursor is not None:
        cursor = (max(0, min(cursor[0], size[0] - 1)), max(0, min(cursor[1], size[1] - 1)))
    names = _texts(frame.row_labels, size[0]), _texts(frame.col_labels, size[1])
    top = heat.scale_top(values)
    legend = height >= 4
    layout = _layout(names, size, width, height - legend, cursor, mode)

    (r0, c0), (shown_rows, shown_cols) = layout.first, layout.shown
    window = values[r0 : r0 + shown_rows, c0 : c0 + shown_cols]
    picked = heat.levels(window, top)
    at = None if cursor is None else (cursor[0] - r0, cursor[1] - c0)
    body = _halves(picked, at) if layout.half else _cells(picked, layout.cell, at, mode)

    rows = _column_labels(names[1], layout, cursor, size[1])
    for place, (label, cells) in enumerate(zip(_row_labels(names[0], layout, cursor, size[0]), body, strict=True)):
        rows.append((label, *cells) if label.text else cells)
        del place
    rows = fit_rows(rows, width, height - legend)
    if legend:
        rows.append(_scale_row(values, names, top, cursor, mode, width))
    return HeatMapPicture(
        tuple(rows), (layout.cell, layout.cell_rows), layout.left, layout.top, layout.first, layout.shown
    )


def _plane(frame: HeatMap, plane: int) -> NDArray[np.float16]:
    if frame.values.ndim != 3 or not frame.values.shape[0]:
        return np.zeros((0, 0), dtype=np.float16)
    return frame.values[max(0, min(plane, frame.values.shape[0] - 1))]


def _texts(labels: Sequence[str], size: int) -> list[str]:
    return [visible(label) for label in labels[:size]] + [""] * (size - len(labels))


def _layout(
    names: tuple[list[str], list[str]],
    size: tuple[int, int],
    width: int,
    height: int,
    cursor: tuple[int, int] | None,
    mode: Mode,
) -> _Layout:
    rows, cols = size
    widest = max((cell_len(name) for name in names[0]), default=0)
    tallest = max((len(name) for name in names[1]), default=0)
    # Labels may take a third of the box at most; below that they would say nothing anyhow.
    left = min(widest, _WIDEST_LABEL, width // 3)
    left = left + 1 if left >= 1 and width >= 6 else 0
    top = min(tallest, _TALLEST_LABEL, height // 3) if height >= 4 else 0

    for scale in range(_LARGEST_CELL, 0, -1):
        if rows * scale <= height - top and cols * 2 * scale <= width - left:
            return _Layout(2 * scale, False, left, top, (0, 0), size, False, False)
    half = mode == "solid"
    per_row = 2 if half else 1
    room_rows, room_cols = max(1, (height - top) * per_row), max(1, width - left)
    if rows <= room_rows and cols <= room_cols:
        return _Layout(1, half, left, top, (0, 0), size, False, False)
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


def _cells(picked: NDArray[np.uint8], cell: int, cursor: tuple[int, int] | None, mode: Mode) -> list[Row]:
    """Rows of cells of `cell` columns, equal neighbours joined."""
    rows: list[Row] = []
    for place, line in enumerate(picked):
        under = cursor[1] if cursor and cursor[0] == place else None
        runs: list[Run] = []
        starts = np.flatnonzero(np.diff(line, prepend=255)).tolist()
        for start, stop in zip(starts, [*starts[1:], line.size], strict=True):
            level = int(line[start])
            if under is not None and start <= under < stop:
                runs += _stretch(level, under - start, cell, mode)
                runs.append(_cursor_cell(level, cell, mode))
                runs += _stretch(level, stop - under - 1, cell, mode)
            else:
                runs += _stretch(level, stop - start, cell, mode)
        rows += [tuple(runs)] * max(1, cell // 2)
    return rows


def _stretch(level: int, count: int, cell: int, mode: Mode) -> tuple[Run, ...]:
    if not count:
        return ()
    if mode == "solid":
        return (heat.solid(level, count * cell),)
    return (heat.dotted(level, count * cell, cell),)


def _cursor_cell(level: int, cell: int, mode: Mode) -> Run:
    text = "[" + " " * (cell - 2) + "]" if cell > 1 else "+"
    if mode == "dots" or level == heat.HOLE:
        return Run(text, "cursor", bold=True)
    # The other end of the ramp stands out on any ground; one ink for the cursor could not.
    ink = "heat-0" if level >= heat.LEVELS // 2 else "heat-15"
    return Run(text, ink, heat.ROLES[level], bold=True)


def _halves(picked: NDArray[np.uint8], cursor: tuple[int, int] | None) -> list[Row]:
    """Rows of characters that hold two matrix cells each, one above the other."""
    if picked.shape[0] % 2:
        picked = np.vstack([picked, np.full((1, picked.shape[1]), heat.HOLE, dtype=np.uint8)])
    pairs = picked[0::2].astype(np.int64) * 32 + picked[1::2]
    rows: list[Row] = []
    for place, line in enumerate(pairs):
        starts = np.flatnonzero(np.diff(line, prepend=-1)).tolist()
        under = cursor[1] if cursor and cursor[0] // 2 == place else None
        if under is not None:
            starts = sorted({*starts, under, *([under + 1] if under + 1 < line.size else [])})
        runs = []
        codes = line.tolist()
        for start, stop in zip(starts, [*starts[1:], line.size], strict=True):
            upper, lower = divmod(codes[start], 32)
            if start == under and cursor:
                runs.append(_cursor_half(upper, lower, is_upper=cursor[0] % 2 == 0))
            else:
                runs.append(heat.halves(upper, lower, stop - start))
        rows.append(tuple(runs))
    return rows


def _cursor_half(upper: int, lower: int, *, is_upper: bool) -> Run:
    other = lower if is_upper else upper
    return Run("▀" if is_upper else "▄", "cursor", "" if other == heat.HOLE else heat.ROLES[other], bold=True)


def _row_labels(
    names: Sequence[str], layout: _Layout, cursor: tuple[int, int] | None, size: int
) -> list[Run]:
    """The label before each row of the matrix part; of two rows in one, the upper's, or the cursor's."""
    under = cursor[0] if cursor else -1
    first, shown = layout.first[0], layout.shown[0]
    step = 2 if layout.half else 1
    tall = int(layout.cell_rows) or 1
    labels: list[Run] = []
    if not layout.left:
        return [Run("")] * ((shown + step - 1) // step * tall)
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
    return labels


def _column_labels(
    names: Sequence[str], layout: _Layout, cursor: tuple[int, int] | None, size: int
) -> list[Row]:
    """Labels above the columns, one character a row from top to bottom, ending at the matrix."""
    under = cursor[1] if cursor else -1
    first, shown = layout.first[1], layout.shown[1]
    labelled = [(col, _upright(names[col], layout.top)) for col in range(first, first + shown)]
    rows: list[Row] = []
    for line in range(layout.top):
        runs = [Run(" " * layout.left)]
        last = line == layout.top - 1
        if layout.more_cols and last and layout.left and first > 0:
            runs = [Run(" " * (layout.left - 1)), Run("◂", "more")]
        free = 0
        for col, text in labelled:
            start = (col - first) * layout.cell
            character = text[line]
            wide = cell_len(character)
            if layout.cell == 1 and wide == 2 and not _has_room(names, col, under, first + shown):
                character, wide = " ", 1
            if start < free:
                continue
            pad = max(0, (layout.cell - wide) // 2) if layout.cell > 2 else 0
            text_here = (" " * pad + character).ljust(layout.cell - (wide - len(character)))
            runs.append(Run(text_here, "cursor" if col == under else "label", bold=col == under))
            free = start + cell_len(text_here)
        if layout.more_cols and last and first + shown < size:
            runs.append(Run("▸", "more"))
        rows.append(tuple(_joined(runs)))
    return rows


def _has_room(names: Sequence[str], col: int, under: int, end: int) -> bool:
    """Whether a wide label over a cell of one column may lean over the next one: every second does, and the cursor's."""
    if col + 1 >= end:
        return False
    if col == under:
        return True
    return col % 2 == 0 and col + 1 != under and col - 1 != under


def _upright(text: str, height: int) -> str:
    """A label of exactly `height` characters, padded from above, shortened with an ellipsis below."""
    if len(text) > height:
        text = text[: max(0, height - 1)] + ELLIPSIS if height > 1 else text[:height]
    return text.rjust(height)


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].fg, joined[-1].bold) == (run.fg, run.bold):
            joined[-1] = Run(joined[-1].text + run.text, run.fg, bold=run.bold)
        else:
            joined.append(run)
    return joined


def _scale_row(
    values: NDArray[np.float16],
    names: tuple[list[str], list[str]],
    top: float,
    cursor: tuple[int, int] | None,
    mode: Mode,
    width: int,
) -> Row:
    """``0 ▒▒▒ 0.25 ▒▒▒ 1``: a quarter of the top stands in the middle, which says that the scale is a square root."""
    half = heat.LEVELS // 2

    def ramp(start: int) -> list[Run]:
        if mode == "solid":
            return [heat.solid(level, 1) for level in range(start, start + half)]
        return [heat.dotted(level, 1, 1) for level in range(start, start + half)]

    runs = []
    if cursor is not None:
        row, col = cursor
        value = float(values[row, col])
        runs = [
            Run(f"{fit_short(names[0][row])} ▸ {fit_short(names[1][col])} ", "label"),
            Run("⋅" if np.isnan(value) else f"{value:.3f}", "cursor", bold=True),
            Run("   "),
        ]
    bar = [Run("0 ", "scale"), *ramp(0), Run(f" {top / 4:.3g} ", "scale"), *ramp(half), Run(f" {top:.3g}", "scale")]
    if sum(run.width for run in (*runs, *bar)) <= width:
        return fit_row([*runs, *bar], width)
    return fit_row(runs or bar, width)


def fit_short(name: str) -> str:
    """A label for the value line: whole if short."""
    return name if cell_len(name) <= _WIDEST_LABEL else fit(name, _WIDEST_LABEL)
