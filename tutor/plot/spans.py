"""What goes on in several places over time: rows of bars on one axis, a Gantt chart."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.frames import Interval, Spans
from tutor.plot.axis import AxisRange, axis_range
from tutor.plot.cells import Row, Run
from tutor.plot.fit import ELLIPSIS, Called, as_written, fit, fit_row, fit_rows, one_line
from tutor.plot.lines import INKS, SERIES
from tutor.plot.sheet import Sheet, axis_row, legend
from tutor.plot.trace import BRAILLE, HALVES

TEXTURES = "⣿⠶⢕⡇⠭⠒⢎⣤"
"""What the bars of each kind are made of, as many as there are inks: kinds differ without colour."""


def render(frame: Spans, width: int, height: int, name: Called = as_written) -> list[Row]:
    """Draw spans into a box, each row of the frame as one row of cells.

    An interval that is there takes half a column at least; what is off the axis isn't drawn. What there is no room for is left out:
    first rows of the legend, then the axis, then rows, so that those which stay are evenly spread.
    """
    found = dict.fromkeys(one.kind for row in frame.rows for one in row.intervals)
    kinds = list(dict.fromkeys([*frame.kinds, *found]))
    kinds.sort(key=bool)  # the usual kind has the first look, and no word
    looks = {kind: at % INKS for at, kind in enumerate(kinds)}
    items = [
        [Run(TEXTURES[looks[kind]] * 2, SERIES[looks[kind]]), Run(f" {one_line(name(kind))}", "legend")]
        for kind in kinds
        if kind and kind in found
    ]
    above = legend(items, width, max(0, (height - 1) // 3))
    room = height - len(above)
    below = room >= 3
    room -= below
    shown = len(frame.rows) if len(frame.rows) <= room else max(0, room - 1)

    picked = [frame.rows[at * len(frame.rows) // shown] for at in range(shown)]
    labels = [one_line(name(row.label)) for row in picked]
    widest = min(max(map(cell_len, labels), default=0), width // 3)
    left = widest + 1 if widest and width - widest >= 9 else 0
    sheet = Sheet(shown, width - left)
    ends = [np.array([end for one in row.intervals for end in (one.start, one.end)]) for row in frame.rows]
    axis = axis_range(frame.axis, ends)
    for at, row in enumerate(picked):
        written = -1
        for one in row.intervals:
            written = _draw(sheet, at, one, looks[one.kind], axis, written)
    rows = [
        (Run(fit(label, left - 1) + " " if left else "", "label"), *cells)
        for label, cells in zip(labels, sheet.rows(), strict=True)
    ]
    if missing := len(frame.rows) - shown:
        rows.append((Run(fit(f"{ELLIPSIS} +{missing}", width), "more"),))
    if below:
        rows.append(axis_row(axis, left, width - left, one_line(name(frame.axis.label)), width))
    return fit_rows([*above, *(fit_row(row, width) for row in rows)], width, height)


def _draw(sheet: Sheet, row: int, one: Interval, look: int, axis: AxisRange, before: int) -> int:
    """Draw an interval, parted from the one before where there is room for that; return the half column after it."""
    first, last = axis.shares(axis.drawn((one.start, one.end))) * (2 * sheet.width)
    if math.isnan(first + last) or last < 0 or first > 2 * sheet.width or last < first:
        return before
    start, stop = round(max(float(first), 0)), round(min(float(last), 2 * sheet.width))
    start = min(start, 2 * sheet.width - 1)
    stop = max(stop, start + 1)
    if start == before and stop - start > 2:
        start += 1
    texture = ord(TEXTURES[look]) - BRAILLE
    for cell in range(start // 2, (stop + 1) // 2):
        dots = sum(texture & half for side, half in enumerate(HALVES) if start <= 2 * cell + side < stop)
        if dots:
            sheet.put(row, cell, chr(BRAILLE + dots), SERIES[look])
    label = one_line(one.label)
    inside = range((start + 1) // 2 + 1, stop // 2 - 1)
    if label and cell_len(label) + 2 <= len(inside):
        at = inside.start + (len(inside) - cell_len(label)) // 2
        sheet.put(row, at - 1, f" {label} ", SERIES[look], bold=True)
    return stop
