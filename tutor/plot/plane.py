"""A sheet of cells with an axis each way: points and lines on it, a cell being 2 × 4 dots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.plot.axis import AxisRange
from tutor.plot.cells import Row
from tutor.plot.sheet import Sheet, axis_row, gutter
from tutor.plot.trace import BRAILLE, MARKS, PATTERNS, braille

SIGNS = "◉✕▴▪✚✱◦▾"
"""Marks of points, as many as there are inks. All take one column also where ambiguous width is wide."""


class Plane(Sheet):
    """A sheet on which places are given by two axes."""

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
        for row, column in self._dots(places).tolist():
            yield row // 4, column // 2

    def line(self, places: NDArray[np.float64], ink: str, pattern: int = 0) -> None:
        """Draw a line through places in their order; NaN is a gap.

        Args:
            places: From `places`.
            ink: Role of its ink.
            pattern: 0 is solid; one of the first `PATTERNS`.
        """
        lit = np.zeros((self.height * 4, self.width * 2), dtype=bool)
        marks = MARKS[pattern % PATTERNS]
        walked = 0
        for start, end in pairwise(places):
            ends = self._clipped(start, end)
            if ends is None:
                continue
            steps = int(np.ceil(np.abs(ends[1] - ends[0]).max()))
            path = self._dots(ends[0] + np.linspace(0, 1, steps + 1)[:, None] * (ends[1] - ends[0]))
            drawn = path[marks[(walked + np.arange(len(path))) % marks.size]]
            lit[drawn[:, 0], drawn[:, 1]] = True
            walked += steps
        if len(places) == 1:
            lit[tuple(self._dots(places).T)] = True
        self.dots(lit, ink)

    def dots(self, lit: NDArray[np.bool_], ink: str, *, bold: bool = False, take: bool = True) -> None:
        """Put dots, ``(4 rows, 2 columns)``, over the cells that have some; for `take` see `Sheet.put`."""
        codes = braille(lit)
        for row, column in np.argwhere(codes).tolist():
            self.put(row, column, chr(BRAILLE + int(codes[row, column])), ink, bold=bold, take=take)

    def framed(self, label: str | None) -> list[Row]:
        """Return the rows with their tick labels, and below them the axis across with its label; None: without it."""
        rows = [(axis, *cells) for axis, cells in zip(self._gutter, self.rows(), strict=True)]
        if label is not None:
            rows.append(axis_row(self._x, self._left, self.width, label, self._left + self.width))
        return rows

    def _dots(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
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
