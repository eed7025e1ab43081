"""What a chart draws on its sheet: grid, moment, bands, then lines with their marks and letters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.plot.axis import LARGEST
from tutor.plot.lines import FINAL, Line, Shade
from tutor.plot.sheet import Sheet
from tutor.plot.trace import Trace, Window, braille, dots, trace

CUT = "▴"
"""Stands at the top where a line goes on above it."""

FORK = "◉"
"""Stands where a fork leaves the run it came from."""

_APART = 4
"""Dot columns from one dot of a band's edge to the next."""

_FAR = 3
"""Rows from its line beyond which a letter would tell nothing."""

_FAR_PINNED = 1
"""The same for earlier runs, whose letters take what rows are left: farther off one would stand beside another's line."""


def draw_grid(sheet: Sheet, y_ticks: Sequence[float], window: Window) -> None:
    """Draw a dot in each cell at the height of each y tick."""
    codes = np.zeros((window.rows // 4, window.columns // 2), dtype=np.uint8)
    for at in np.rint(window.row(np.array(y_ticks))).astype(np.int64).tolist():
        if 0 <= at < window.rows:
            codes[at // 4] = (0x01, 0x02, 0x04, 0x40)[at % 4]
    sheet.dots(codes, "grid", take=False)


def draw_moment(sheet: Sheet, moment: float, window: Window) -> None:
    """Draw a thin upright line."""
    codes = np.zeros((window.rows // 4, window.columns // 2), dtype=np.uint8)
    column = round(float(window.column(np.array([moment]))[0]))
    codes[:, column // 2] = (0x05, 0x28)[column % 2]
    sheet.dots(codes, "moment", take=False)


def draw_band(sheet: Sheet, shade: Shade, window: Window, place: int, *, tints: bool) -> None:
    """Tint the ground of the cells that a band covers; or draw its edges as dots, shifted by its place among the bands."""
    top, bottom = _edges(shade, window)
    if tints:
        sheet.tint(_covered(top, bottom, window), f"band-{shade.ink}", "band")
    else:
        y = np.arange(window.rows)[:, None]
        lit = (y == np.rint(top)) | (y == np.rint(bottom))  # NaN is equal to nothing
        lit &= (np.arange(window.columns) - 2 * place) % _APART == 0
        sheet.dots(braille(lit), "spread", take=False)


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


def draw_lines(sheet: Sheet, lines: Sequence[Line], window: Window, *, lettered: bool) -> None:
    """Draw lines, the first one on top, then where they are cut off, their final values, forks and letters."""
    traces = [(line, trace(line.x, line.y, window)) for line in lines]
    upwards = sorted(traces, key=lambda item: (not item[0].pinned, not item[0].faint))
    for line, traced in upwards:
        # Those below take no cells: dots over theirs would look like a part of them.
        sheet.dots(dots(traced, window, line.pattern), line.role, take=not line.under)
    for line, traced in upwards:
        for column in np.flatnonzero(traced.above.reshape(-1, 2).any(axis=1)).tolist():
            sheet.put(0, column, CUT, line.role)
    for line, traced in traces:
        if line.final is not None and math.isfinite(line.final) and traced.end is not None:
            row = round(float(window.row(np.array([line.final]))[0])) // 4
            sheet.put(min(max(row, 0), sheet.height - 1), traced.end[0] // 2, FINAL, line.role)
    for line, traced in traces:
        if line.branch > 0 and traced.start is not None:
            sheet.put(traced.start[1] // 4, traced.start[0] // 2, FORK, line.role)
    if lettered:
        _draw_letters(sheet, traces)


def _draw_letters(sheet: Sheet, traces: Sequence[tuple[Line, Trace]]) -> None:
    """Put each line's letter right of its end, those that end side by side one above the other in the order of the lines.

    One that would stand too far from its line is missing, and those of earlier runs go first.
    """
    taken: set[tuple[int, int]] = set()

    def put(line: Line, column: int, wanted: int, end: int) -> None:
        places = range(column, column + len(line.letter))
        free = (
            row
            for row in sorted(range(sheet.height), key=lambda row: (abs(row - wanted), row))
            if all((row, place) not in taken for place in places)
        )
        row = next(free, None)
        if row is not None and abs(row - end) <= (_FAR_PINNED if line.pinned else _FAR):
            taken.update((row, place) for place in places)
            sheet.put(row, column, line.letter, line.role)

    beside: dict[int, list[tuple[Line, int]]] = {}
    for line, traced in traces:
        if traced.end is not None:
            column = min(traced.end[0] // 2 + 1, sheet.width - len(line.letter))
            beside.setdefault(column, []).append((line, traced.end[1]))
    for column, group in beside.items():
        own = sorted((item for item in group if not item[0].pinned), key=lambda item: item[1])[: sheet.height]
        for (line, dot), row in zip(own, apart([dot // 4 for _, dot in own], sheet.height), strict=True):
            put(line, column, row, dot // 4)
    for column, group in beside.items():
        for line, dot in group:
            if line.pinned:
                put(line, column, dot // 4, dot // 4)


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
