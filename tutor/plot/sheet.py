"""A sheet of cells on which texts, signs and dots are put anywhere, the axes around it, and the plane between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.cells import cell_len

from tutor.plot.axis import AxisRange
from tutor.plot.cells import Row, Run, graphemes, row_width
from tutor.plot.fit import fit, fit_row, flow, limited, shortened
from tutor.plot.trace import BRAILLE, MARKS, PATTERNS, braille

SIGNS = "◉✕▴▪✚✱◦▾"
"""Marks of points, as many as there are inks. All take one column also where ambiguous width is wide."""

_DOTTED = np.array([chr(BRAILLE + code) for code in range(256)], dtype=object)


class Sheet:
    """Rows of cells. What is put later covers what was there; a cell keeps its ground unless it is given another."""

    def __init__(self, rows: int, columns: int) -> None:
        self.height, self.width = shape = max(0, rows), max(0, columns)
        self._texts = np.full(shape, " ", dtype=object)  # the right half of a wide character has none
        self._dots = np.zeros(shape, dtype=np.uint8)
        self._inks = np.zeros(shape, dtype=np.int64)
        self._grounds = np.zeros(shape, dtype=np.int64)
        self._taken = np.zeros(shape, dtype=bool)
        self._looks = {("", False, ""): 0}  # ink, weight and link by the number that is in the cells
        self._tints = {"": 0}

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
        cells: list[str] = []
        for character in [text] if len(text) == 1 else graphemes(text):
            size = cell_len(character)
            if size and column + len(cells) >= 0 and column + len(cells) + size <= self.width:
                cells += [character, *[""] * (size - 1)]
            elif not cells:
                column += size
            elif size:
                break
        if not cells:
            return
        line, end = self._texts[row], column + len(cells)
        if not line[column]:  # the right half of a character can't stay alone, nor can the left
            line[column - 1] = " "
        if end < self.width and not line[end]:
            line[end] = " "
        line[column:end] = cells
        self._dots[row, column:end] = 0
        self._inks[row, column:end] = self._look(fg, bold, link)
        if bg:
            self._grounds[row, column:end] = self._tint(bg)
        if take:
            self._taken[row, column:end] = True

    def dots(self, codes: NDArray[np.uint8], fg: str, *, bold: bool = False, take: bool = True) -> None:
        """Draw braille from the left border on, together with the dots that have taken a cell and over all else.

        Args:
            codes: ``(height, columns)`` low bytes of braille characters; cells with 0 stay as they are.
            fg: Role of the ink.
            bold: Heavier ink.
            take: Whether the cells aren't `free` any more.
        """
        lit = np.nonzero(codes)
        new = codes[lit]
        self._dots[lit] = new = np.where(self._taken[lit], self._dots[lit] | new, new)
        self._texts[lit] = _DOTTED[new]
        self._inks[lit] = self._look(fg, bold)
        if take:
            self._taken[lit] = True

    def tint(self, cells: NDArray[np.bool_], bg: str, other: str) -> None:
        """Give cells, ``(height, columns)``, a ground; those that have one get the other."""
        grounds = self._grounds[:, : cells.shape[1]]
        grounds[cells] = np.where(grounds[cells] > 0, self._tint(other), self._tint(bg))

    def free(self, row: int, start: int, stop: int) -> bool:
        """Return whether these cells are on the sheet, and nothing has taken one of them."""
        inside = 0 <= row < self.height and start >= 0 and stop <= self.width
        return inside and not self._taken[row, start:stop].any()

    def place(self, row: int, column: int, text: str, fg: str = "", *, bold: bool = False) -> bool:
        """Write a text if its cells and one to each side are free; return whether it was written."""
        size = cell_len(text)
        beside = self.free(row, max(0, column - 1), min(self.width, column + size + 1))
        if not beside or not self.free(row, column, column + size):
            return False
        self.put(row, column, text, fg, bold=bold)
        return True

    def rows(self) -> list[Row]:
        looks, tints = list(self._looks), list(self._tints)
        numbers = self._inks * len(tints) + self._grounds
        rows = []
        for texts, own in zip(self._texts.tolist(), numbers.tolist(), strict=True):
            runs, start = [], 0
            for number, cells in groupby(own):
                stop = start + len(list(cells))
                look, tint = divmod(number, len(tints))
                fg, bold, link = looks[look]
                runs.append(Run("".join(texts[start:stop]), fg, tints[tint], bold, link=link))
                start = stop
            rows.append(tuple(runs))
        return rows

    def _look(self, fg: str, bold: bool, link: str = "") -> int:
        return self._looks.setdefault((fg, bold, link), len(self._looks))

    def _tint(self, bg: str) -> int:
        return self._tints.setdefault(bg, len(self._tints))


class Plane(Sheet):
    """A sheet, each cell of 2 × 4 dots, on which places are given by two axes."""

    def __init__(self, rows: int, width: int, x_axis: AxisRange, y_axis: AxisRange) -> None:
        """Leave room for tick labels on the left of the `width` columns."""
        self._gutter = gutter(y_axis, rows, width)
        self._left = self._gutter[0].width if self._gutter else 0
        super().__init__(rows, width - self._left)
        self._x, self._y = x_axis, y_axis
        self._size = np.array([self.height * 4, self.width * 2], dtype=np.float64)

    def places(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Return the places of points as rows and columns of dots, ``(n, 2)``, not rounded; NaN for none."""
        across = self._x.shares(self._x.drawn(x))
        up = self._y.shares(self._y.drawn(y))
        return np.stack([(1 - up) * (self._size[0] - 1), across * (self._size[1] - 1)], axis=1)

    def cells(self, places: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
        """Yield the cell of each place that is on the sheet."""
        for row, column in self._dots_at(places).tolist():
            yield row // 4, column // 2

    def at(self, column: float, row: float) -> tuple[float, float]:
        """Return where a cell of the `framed` rows lies, as shares of the two axes; those beside the plane lie at its border."""
        across = (column - self._left + 0.5) / max(1, self.width)
        up = 1 - (row + 0.5) / max(1, self.height)
        return min(max(across, 0.0), 1.0), min(max(up, 0.0), 1.0)

    def line(self, places: NDArray[np.float64], ink: str, pattern: int = 0) -> None:
        """Draw a line through places in their order; NaN is a gap. Pattern 0 is solid; it is one of the first `PATTERNS`."""
        lit = np.zeros((self.height * 4, self.width * 2), dtype=bool)
        marks = MARKS[pattern % PATTERNS]
        walked = 0
        for start, end in pairwise(places):
            ends = self._clipped(start, end)
            if ends is None:
                continue
            steps = int(np.ceil(np.abs(ends[1] - ends[0]).max()))
            path = self._dots_at(ends[0] + np.linspace(0, 1, steps + 1)[:, None] * (ends[1] - ends[0]))
            drawn = path[marks[(walked + np.arange(len(path))) % marks.size]]
            lit[drawn[:, 0], drawn[:, 1]] = True
            walked += steps
        if len(places) == 1:
            lit[tuple(self._dots_at(places).T)] = True
        self.dots(braille(lit), ink)

    def framed(self, label: str | None) -> list[Row]:
        """Return the rows with their tick labels, and below them the axis across with its label; None: without it."""
        rows = [(axis, *cells) for axis, cells in zip(self._gutter, self.rows(), strict=True)]
        if label is not None:
            rows.append(axis_row(self._x, self._left, self.width, label, self._left + self.width))
        return rows

    def _dots_at(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        """The dots of the places that are on the sheet."""
        inside = ((places > -0.5) & (places < self._size - 0.5)).all(axis=1)  # NaN compares as False
        return np.rint(places[inside]).astype(np.int64)

    def _clipped(
        self, start: NDArray[np.float64], end: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """The part of a straight line that is on the sheet; None when nothing is (Liang & Barsky 1984)."""
        if not np.isfinite(start + end).all():
            return None
        first, last = 0.0, 1.0
        for at in range(2):
            way = end[at] - start[at]
            reach = -0.4 - start[at], self._size[at] - 0.6 - start[at]
            if way == 0:
                if not reach[0] <= 0 <= reach[1]:
                    return None
                continue
            enters, leaves = sorted((reach[0] / way, reach[1] / way))
            first, last = max(first, enters), min(last, leaves)
        return (start + first * (end - start), start + last * (end - start)) if first <= last else None


@lru_cache(maxsize=16)
def gutter(axis: AxisRange, rows: int, width: int, cut: str = "") -> Row:
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
        return (Run(""),) * rows
    texts = [Run(" " * size, "axis")] * rows
    taken = 0 if cut else -1
    places = np.rint((1 - axis.shares(ticks.values)) * (rows * 4 - 1)).astype(np.int64) // 4
    for row, label in sorted(zip(places.tolist(), ticks.labels, strict=True)):
        if taken < row < rows:
            texts[row] = Run(fit(label, size - 1, "right") + " ", "axis")
            taken = row
    if cut:
        texts[0] = Run(fit(cut, size - 1, "right") + " ", "cut")
    return tuple(texts)


def pieces(rows: int) -> int:
    """Return how many pieces ticks cut an axis of so many rows into."""
    return max(1, min(8, rows // 2))


@lru_cache(maxsize=16)
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
