"""Where the cells and labels of a heat map go, and the labels themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from tutor.plot.cells import Row, Run, graphemes, joined
from tutor.plot.fit import ELLIPSIS, fit, visible

_TALLEST_LABEL = 6
WIDEST_LABEL = 10
_LARGEST_CELL = 3


@dataclass(frozen=True, slots=True)
class Layout:
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


def lay_out(
    names: tuple[tuple[str, ...], tuple[str, ...]],
    size: tuple[int, int],
    width: int,
    height: int,
    cursor: tuple[int, int] | None,
    *,
    halved: bool,
) -> Layout:
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
    left = min(widest, WIDEST_LABEL, width // 3)
    left = left + 1 if left >= 1 and width >= 6 else 0
    top = min(tallest, _TALLEST_LABEL, height // 3) if height >= 4 else 0

    broadest = max((cell_len(name) for name in names[1]), default=0)
    for scale in range(_LARGEST_CELL, 0, -1):
        flat = broadest < 2 * scale
        above = min(top, 1) if flat else top
        if rows * scale <= height - above and cols * 2 * scale <= width - left:
            return Layout(2 * scale, False, left, above, (0, 0), size, False, False, flat)
    per_row = 2 if halved else 1
    room_rows, room_cols = max(1, (height - top) * per_row), max(1, width - left)
    if rows <= room_rows and cols <= room_cols:
        return Layout(1, halved, left, top, (0, 0), size, False, False)
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
    return Layout(cell, False, left, top, first, shown, more_rows, more_cols)


def _start(at: int, shown: int, size: int) -> int:
    """First of `shown` places out of `size`, with `at` in the middle where that is possible."""
    return max(0, min(at - shown // 2, size - shown))


@lru_cache(maxsize=64)  # they stay the same from frame to frame, and a cursor goes back and forth
def row_labels(names: tuple[str, ...], layout: Layout, under: int, size: int) -> tuple[Run, ...]:
    """Return the label before each row of the matrix part; of two rows in one, the upper's, or the cursor's.

    Args:
        names: Labels of all rows.
        layout: Where everything lies.
        under: Row of the cursor; -1 for none.
        size: Rows of the whole matrix.
    """
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
def column_labels(names: tuple[str, ...], layout: Layout, under: int, size: int) -> tuple[Row, ...]:
    """Write labels above the columns, one character a row from top to bottom, ending at the matrix.

    Args:
        names: Labels of all columns.
        layout: Where everything lies.
        under: Column of the cursor; -1 for none.
        size: Columns of the whole matrix.
    """
    first, shown = layout.first[1], layout.shown[1]
    labelled = [(col, _upright(names[col], layout.top)) for col in range(first, first + shown)]
    if layout.flat and layout.top:
        across = [
            Run(
                fit(names[col], layout.cell, "center"),
                "cursor" if col == under else "label",
                bold=col == under,
            )
            for col in range(first, first + shown)
        ]
        return (joined([Run(" " * layout.left), *across]),)
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
        rows.append(joined(runs))
    return tuple(rows)


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
def texts(labels: tuple[str, ...], size: int) -> tuple[str, ...]:
    """Return the first `size` labels fit to be shown, filled up with blanks."""
    return tuple(visible(label) for label in labels[:size]) + ("",) * (size - len(labels))
