"""The cells of a chart's plot area while lines are drawn over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.plot.axis import LARGEST
from tutor.plot.cells import Row, Run
from tutor.plot.lines import FINAL, INKS, SERIES, Line, Shade
from tutor.plot.trace import BRAILLE, Trace, Window, braille

CUT = "▴"
"""Stands at the top where a line goes on above it."""

FORK = "◉"
"""Stands where a fork leaves the run it came from."""

_PINNED, _GRID, _MOMENT, _SPREAD = INKS, 2 * INKS, 2 * INKS + 1, 2 * INKS + 2
_ROLES = (
    *SERIES,
    *(f"pinned-{ink}" for ink in range(INKS)),
    "grid",
    "moment",
    "spread",
    "",
)
"""By number of the ink; the last, number -1, is for a cell with nothing in it."""

_APART = 4
"""Dot columns from one dot of a band's edge to the next."""

_GROUNDS = (*(f"band-{ink}" for ink in range(INKS)), "band", "")
"""By number of the ground; the one before the last is for cells of more than one band."""


class Canvas:
    """Cells of the plot area while it is drawn: grid, bands, moment, earlier runs, lines, letters, in this order."""

    def __init__(self, rows: int, columns: int, margin: int) -> None:
        shape = (rows, columns + margin)
        self._columns = columns
        self._codes: NDArray[np.uint32] = np.full(shape, ord(" "), dtype=np.uint32)
        self._inks: NDArray[np.int64] = np.full(shape, -1, dtype=np.int64)
        self._grounds: NDArray[np.int64] = np.full(shape, -1, dtype=np.int64)

    def grid(self, y_ticks: Sequence[float], window: Window) -> None:
        """Draw a dot in each cell at the height of each y tick."""
        for at in np.rint(window.row(np.array(y_ticks))).astype(np.int64).tolist():
            if 0 <= at < window.rows:
                self._codes[at // 4, : self._columns] = BRAILLE + (0x01, 0x02, 0x04, 0x40)[at % 4]
                self._inks[at // 4, : self._columns] = _GRID

    def band(self, shade: Shade, window: Window, place: int, *, tints: bool) -> None:
        """Tint the ground of the cells that a band covers; or draw its edges as dots, shifted by its place among the bands."""
        top, bottom = _edges(shade, window)
        if not tints:
            y = np.arange(window.rows)[:, None]
            lit = (y == np.rint(top)) | (y == np.rint(bottom))  # NaN is equal to nothing
            self._under(braille(lit & ((np.arange(window.columns) - 2 * place) % _APART == 0)), _SPREAD)
            return
        cells = _covered(top, bottom, window)
        grounds = self._grounds[:, : self._columns]
        other = cells & (grounds >= 0)
        grounds[cells] = shade.ink
        grounds[other] = INKS

    def moment(self, column: int) -> None:
        """Draw a thin upright line in a dot column, where nothing else is."""
        cells = self._codes[:, column // 2]
        free = self._inks[:, column // 2]
        empty = (free < 0) | (free == _GRID)
        cells[empty] = BRAILLE + (0x05, 0x28)[column % 2]
        free[empty] = _MOMENT

    def ink(self, codes: NDArray[np.uint8], line: Line) -> None:
        """Add a line's dots to what other lines have drawn; it gives the cell its ink."""
        if line.under:
            self._under(codes, _PINNED + line.ink)
            return
        lit = codes > 0
        cells, inks = self._codes[:, : self._columns], self._inks[:, : self._columns]
        drawn = (inks >= 0) & (inks < INKS)
        cells[lit] = np.where(drawn[lit], cells[lit] | codes[lit], BRAILLE + codes[lit].astype(np.uint32))
        inks[lit] = line.ink

    def _under(self, codes: NDArray[np.uint8], ink: int) -> None:
        """Draw dots whose cells are overwritten by what is drawn later, lest they look like a part of it."""
        lit = codes > 0
        self._codes[:, : self._columns][lit] = BRAILLE + codes[lit].astype(np.uint32)
        self._inks[:, : self._columns][lit] = ink

    def cut(self, traced: Trace, line: Line) -> None:
        """Mark where a line leaves at the top."""
        cells = traced.above.reshape(-1, 2).any(axis=1)
        self._codes[0, : self._columns][cells] = ord(CUT)
        self._inks[0, : self._columns][cells] = _number(line)

    def forks(self, starts: Sequence[tuple[Line, tuple[int, int] | None]]) -> None:
        for line, start in starts:
            if start is not None:
                self._codes[start[1] // 4, start[0] // 2] = ord(FORK)
                self._inks[start[1] // 4, start[0] // 2] = _number(line)

    def finals(self, ends: Sequence[tuple[Line, tuple[int, int] | None]], window: Window) -> None:
        """Mark the final value of each line that has one measured apart, at its end."""
        for line, end in ends:
            if line.final is not None and math.isfinite(line.final) and end is not None:
                row = round(float(window.row(np.array([line.final]))[0])) // 4
                at = min(max(row, 0), len(self._codes) - 1), end[0] // 2
                self._codes[at] = ord(FINAL)
                self._inks[at] = _number(line)

    def letters(self, ends: Sequence[tuple[Line, tuple[int, int] | None]]) -> None:
        """Put each line's letter right of its end, those that end side by side one above the other in the order of the lines.

        One that would stand too far from its line is missing, and those of earlier runs go first.
        """
        rows, columns = self._codes.shape
        taken: set[tuple[int, int]] = set()

        def put(line: Line, column: int, wanted: int, end: int) -> None:
            places = range(column, min(column + len(line.letter), columns))
            free = (
                row
                for row in sorted(range(rows), key=lambda row: (abs(row - wanted), row))
                if all((row, place) not in taken for place in places)
            )
            row = next(free, None)
            if row is not None and abs(row - end) <= (_FAR_PINNED if line.pinned else _FAR):
                taken.update((row, place) for place in places)
                for place, character in zip(places, line.letter, strict=False):
                    self._codes[row, place] = ord(character)
                    self._inks[row, place] = _number(line)

        beside: dict[int, list[tuple[Line, int]]] = {}
        for line, end in ends:
            if end is not None:
                column = min(end[0] // 2 + 1, columns - min(len(line.letter), columns))
                beside.setdefault(column, []).append((line, end[1]))
        for column, group in beside.items():
            own = sorted((item for item in group if not item[0].pinned), key=lambda item: item[1])[:rows]
            for (line, dot), row in zip(own, apart([dot // 4 for _, dot in own], rows), strict=True):
                put(line, column, row, dot // 4)
        for column, group in beside.items():
            for line, dot in group:
                if line.pinned:
                    put(line, column, dot // 4, dot // 4)

    def rows(self, gutter: Sequence[Run]) -> list[Row]:
        """The cells as rows, equal looks joined, behind the axis."""
        rows = []
        # One number for ink and ground: a run ends where either changes.
        looks = (self._inks + 1) * len(_GROUNDS) + self._grounds + 1
        changes = np.diff(looks, axis=1, prepend=-1) != 0
        for codes, inks, grounds, new, axis in zip(
            self._codes, self._inks, self._grounds, changes, gutter, strict=True
        ):
            starts = np.flatnonzero(new).tolist()
            text = codes.astype("<u4").tobytes().decode("utf-32-le")
            stops = [*starts[1:], len(text)]
            runs = (
                Run(text[start:stop], _ROLES[inks[start]], _GROUNDS[grounds[start]])
                for start, stop in zip(starts, stops, strict=True)
            )
            rows.append((axis, *runs) if axis.text else tuple(runs))
        return rows


def _edges(shade: Shade, window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The upper and the lower edge of a band as dot rows, not rounded, ``(columns,)``; NaN where there is no band."""
    if not shade.x.size:
        nothing = np.full(window.columns, np.nan)
        return nothing, nothing
    x = np.linspace(window.x0, window.x1, window.columns)
    high, low = (
        window.row(np.interp(x, shade.x, np.clip(edge, -LARGEST, LARGEST), left=np.nan, right=np.nan))
        for edge in (shade.high, shade.low)
    )
    return high, low


def _covered(top: NDArray[np.float64], bottom: NDArray[np.float64], window: Window) -> NDArray[np.bool_]:
    """The cells that a band covers to half at least; a band thinner than that keeps the cell it lies in."""
    # Cell r reaches from dot row 4r - 0.5 to 4r + 3.5.
    upper = np.arange(window.rows // 4)[:, None] * 4 - 0.5
    covered = np.minimum(bottom, upper + 4) - np.maximum(top, upper)
    middle = (top + bottom) / 2
    half = (covered >= 2) | ((middle >= upper) & (middle < upper + 4))  # NaN compares as False
    return np.asarray(half.reshape(window.rows // 4, window.columns // 2, 2).any(axis=2))


def _number(line: Line) -> int:
    return line.ink + (_PINNED if line.under else 0)


_FAR = 3
"""Rows from its line beyond which a letter would tell nothing."""

_FAR_PINNED = 1
"""The same for earlier runs, whose letters take what rows are left: farther off one would stand beside another's line."""


def apart(wanted: Sequence[int], rows: int) -> list[int]:
    """Give each letter a row of its own as near as can be to the row it wants, in the same order.

    Args:
        wanted: Rows in ascending order, at most as many as there are.
        rows: How many there are.
    """
    clusters: list[list[int]] = []

    def start(cluster: list[int]) -> int:
        middle = sum(row - place for place, row in enumerate(cluster)) / len(cluster)
        return min(max(round(middle), 0), rows - len(cluster))

    for row in wanted:
        clusters.append([row])
        while len(clusters) > 1 and start(clusters[-2]) + len(clusters[-2]) > start(clusters[-1]):
            last = clusters.pop()
            clusters[-1] += last
    return [start(cluster) + place for cluster in clusters for place in range(len(cluster))]
