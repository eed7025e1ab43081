"""A sheet of cells on which texts and signs are put anywhere, and the axes around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len

from tutor.plot.axis import AxisRange
from tutor.plot.cells import Row, Run, graphemes, row_width
from tutor.plot.fit import fit, fit_row, flow, limited, shortened


class _Cell(NamedTuple):
    """A cell; the right half of a wide character has no text."""

    text: str = " "
    fg: str = ""
    bg: str = ""
    bold: bool = False
    link: str = ""


_BLANK = _Cell()


class Sheet:
    """Rows of cells. What is put later covers what was there; a cell keeps its ground unless it is given another."""

    def __init__(self, rows: int, columns: int) -> None:
        self.height, self.width = max(0, rows), max(0, columns)
        self._cells = [[_BLANK] * self.width for _ in range(self.height)]
        self._taken: set[tuple[int, int]] = set()

    def put(
        self,
        row: int,
        column: int,
        text: str,
        fg: str = "",
        bg: str = "",
        *,
        bold: bool = False,
        link: str = "",
        take: bool = True,
    ) -> None:
        """Write a text from a cell on; what lies beyond the sheet is left out.

        Args:
            row: Row from the top.
            column: Column of the first character; may be negative.
            text: Characters to be seen only.
            fg: Role of the ink.
            bg: Role of the ground; empty: that which is there.
            bold: Heavier ink.
            link: What a click means.
            take: Whether the cells aren't `free` any more.
        """
        if not 0 <= row < self.height:
            return
        line = self._cells[row]
        for character in [text] if len(text) == 1 else graphemes(text):
            size = cell_len(character)
            if size and column >= 0 and column + size <= self.width:
                if not line[column].text:  # the right half of a character can't stay alone, nor can the left
                    line[column - 1] = line[column - 1]._replace(text=" ")
                if column + size < self.width and not line[column + size].text:
                    line[column + size] = line[column + size]._replace(text=" ")
                for at in range(column, column + size):
                    own = character if at == column else ""
                    line[at] = _Cell(own, fg, bg or line[at].bg, bold, link)
                    if take:
                        self._taken.add((row, at))
            column += size

    def free(self, row: int, start: int, stop: int) -> bool:
        """Return whether these cells are on the sheet, and nothing has taken one of them."""
        return (
            0 <= row < self.height
            and start >= 0
            and stop <= self.width
            and all((row, at) not in self._taken for at in range(start, stop))
        )

    def place(self, row: int, column: int, text: str, fg: str = "", *, bold: bool = False) -> bool:
        """Write a text if its cells and one to each side are free; return whether it was written."""
        size = cell_len(text)
        beside = self.free(row, max(0, column - 1), min(self.width, column + size + 1))
        if not beside or not self.free(row, column, column + size):
            return False
        self.put(row, column, text, fg, bold=bold)
        return True

    def rows(self) -> list[Row]:
        return [
            tuple(
                Run("".join(cell.text for cell in cells), fg, bg, bold, link=link)
                for (fg, bg, bold, link), cells in groupby(line, key=lambda cell: cell[1:])
            )
            for line in self._cells
        ]


def gutter(axis: AxisRange, rows: int, width: int, cut: str = "") -> list[Run]:
    """Write tick labels beside a plot, top row first, each in a row of its own, with a blank after them.

    Args:
        axis: The axis up.
        rows: Rows of the plot.
        width: Columns of the whole box; where labels would take too many of them, the runs are empty.
        cut: What stands in the first row where the plot is cut off at the top.
    """
    ticks = axis.ticks(pieces(rows))
    size = max(map(cell_len, (*ticks.labels, cut))) + 1
    if rows < 2 or width - size < 8:
        return [Run("")] * rows
    texts = [Run(" " * size, "axis")] * rows
    taken = 0 if cut else -1
    places = np.rint((1 - axis.shares(ticks.values)) * (rows * 4 - 1)).astype(np.int64) // 4
    for row, label in sorted(zip(places.tolist(), ticks.labels, strict=True)):
        if taken < row < rows:
            texts[row] = Run(fit(label, size - 1, "right") + " ", "axis")
            taken = row
    if cut:
        texts[0] = Run(fit(cut, size - 1, "right") + " ", "cut")
    return texts


def pieces(rows: int) -> int:
    """Return how many pieces ticks cut an axis of so many rows into."""
    return max(1, min(8, rows // 2))


def axis_row(
    axis: AxisRange,
    left: int,
    columns: int,
    label: str,
    width: int,
    *,
    must: bool = True,
    mark: tuple[float, str] | None = None,
) -> Row:
    """Write tick labels below a plot, and at the right end what the axis is.

    Args:
        axis: The axis across.
        left: Columns before the plot.
        columns: Columns of the plot.
        label: What the axis is, fit to be shown.
        width: Columns of the row.
        must: Whether ticks make room for the label; else it is left out where they don't leave it room.
        mark: A place on the axis, in its measure, and what stands there before anything else.
    """
    sheet = Sheet(1, width)

    def put(place: float, text: str, role: str, *, bold: bool = False) -> None:
        middle = left + int(np.rint(place * (2 * columns - 1))) // 2
        sheet.place(0, max(0, min(middle - (len(text) - 1) // 2, width - len(text))), text, role, bold=bold)

    if mark is not None:
        put(float(axis.shares(mark[0])), mark[1], "moment", bold=True)
    if must:
        label = shortened(label, width // 2)
        sheet.place(0, width - cell_len(label), label, "axis")
    ticks = axis.ticks(max(1, min(8, columns // 12)))
    for place, text in zip(axis.shares(ticks.values), ticks.labels, strict=True):
        put(float(place), text, "axis")
    if not must:
        sheet.place(0, width - cell_len(label), label, "axis")
    return sheet.rows()[0]


def legend(items: Sequence[list[Run]], width: int, limit: int) -> list[Row]:
    """Put items side by side in at most so many rows."""
    return limited(
        flow([list(fit_row(item, min(width, row_width(item)))) for item in items], width), width, limit
    )
