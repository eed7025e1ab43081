"""The cells of a chart's plot area while lines are drawn over each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.plot.cells import Row, Run
from tutor.plot.lines import INKS, Line
from tutor.plot.trace import BRAILLE, Trace, Window

CUT = "▴"
"""Stands at the top where a line goes on above it."""


class Canvas:
    """Cells of the plot area while it is drawn."""

    def __init__(self, rows: int, columns: int, margin: int) -> None:
        shape = (rows, columns + margin)
        self._columns = columns
        self._codes: NDArray[np.uint32] = np.full(shape, ord(" "), dtype=np.uint32)
        self._inks: NDArray[np.int64] = np.full(shape, -1, dtype=np.int64)

    def grid(self, y_ticks: Sequence[float], x_ticks: Sequence[float], window: Window) -> None:
        """One dot a cell at the height of each y tick."""
        for at in np.rint(window.row(np.array(y_ticks))).astype(np.int64).tolist():
            if 0 <= at < window.rows:
                self._codes[at // 4, : self._columns] = BRAILLE + (0x01, 0x02, 0x04, 0x40)[at % 4]
                self._inks[at // 4, : self._columns] = INKS

    def ink(self, codes: NDArray[np.uint8], ink: int) -> None:
        """Add a line's dots to what other lines have drawn; it gives the cell its ink."""
        lit = codes > 0
        cells, inks = self._codes[:, : self._columns], self._inks[:, : self._columns]
        drawn = (inks >= 0) & (inks < INKS)
        cells[lit] = np.where(drawn[lit], cells[lit] | codes[lit], BRAILLE + codes[lit].astype(np.uint32))
        inks[lit] = ink

    def cut(self, line: Trace, ink: int) -> None:
        """Mark where a line leaves over the top."""
        cells = line.above.reshape(-1, 2).any(axis=1)
        self._codes[0, : self._columns][cells] = ord(CUT)
        self._inks[0, : self._columns][cells] = ink

    def letters(self, ends: Sequence[tuple[Line, tuple[int, int] | None]]) -> None:
        """Put each line's letter right of its end, in the nearest row that no other letter took."""
        taken: set[tuple[int, int]] = set()
        rows, columns = self._codes.shape
        for line, end in ends:
            if end is None:
                continue
            column, row = min(end[0] // 2 + 1, columns - 1), end[1] // 4
            near = sorted(range(rows), key=lambda other: (abs(other - row), other))
            free = next((other for other in near if (other, column) not in taken), None)
            if free is not None and abs(free - row) <= 3:
                taken.add((free, column))
                self._codes[free, column] = ord(line.letter)
                self._inks[free, column] = line.ink

    def rows(self, gutter: Sequence[Run]) -> list[Row]:
        """The cells as rows, equal inks joined, behind the axis."""
        roles = [f"series-{ink}" for ink in range(INKS)] + ["grid", ""]
        rows = []
        for codes, inks, axis in zip(self._codes, self._inks, gutter, strict=True):
            starts = np.flatnonzero(np.diff(inks, prepend=-2)).tolist()
            text = codes.astype("<u4").tobytes().decode("utf-32-le")
            stops = [*starts[1:], len(text)]
            runs = (
                Run(text[start:stop], roles[inks[start]]) for start, stop in zip(starts, stops, strict=True)
            )
            rows.append((axis, *runs) if axis.text else tuple(runs))
        return rows
