"""Curves as braille lines with a legend, round ticks and a light grid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from rich.cells import cell_len

from tutor.frames import Curves
from tutor.plot.axis import LARGEST, Ticks, finite_range, round_step, round_ticks, short, widen
from tutor.plot.canvas import CUT, Canvas
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_rows, one_line
from tutor.plot.legend import draw_legend
from tutor.plot.lines import INKS, Key, Line, read_lines
from tutor.plot.trace import Window, dots, trace

ROLES = ("axis", "grid", "legend", "value", "cut", *(f"series-{ink}" for ink in range(INKS)))
"""Every role that a chart uses."""

_NO_NAMES: Mapping[Key, str] = MappingProxyType({})
_SAMPLED = 4096
"""Points looked at to choose a range: enough for a quantile, and 100,000 points would take longer to sort
than to draw.
"""


@dataclass(frozen=True, slots=True)
class _Range:
    y0: float
    y1: float
    highest: float | None
    """The highest value when it lies over the top, else None."""


def render(
    frame: Curves,
    width: int,
    height: int,
    *,
    names: Mapping[Key, str] = _NO_NAMES,
    y_label: str = "",
    x_label: str = "",
    x_max: float | None = None,
    styles: Mapping[Key, int] | None = None,
) -> list[Row]:
    """Draw curves into a box.

    Where the first steps of a run tower over all that follows (a loss often falls by half in the first
    twentieth of a run), the top of the chart is the highest value *after* them; ``▴`` marks where a line
    leaves at the top, and the cut-off highest value stands at the top of the axis. A line that runs away
    while others don't (a diverging arm) is cut in the same way.

    Args:
        frame: The series, drawn in their order: where two meet in a cell, the later gives the ink.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1. What there is no room for is left out: first the legend, then the
            axes.
        names: What to call each series, by arm and metric; others are called by their ids.
        y_label: What the values are, e.g. with their unit.
        x_label: What the steps are.
        x_max: Right end of the axis when the run is complete, so that a line grows towards it; None fits the
            points.
        styles: A style number for each series, by arm and metric; others go by their place in the frame.
            Style ``n`` has ink ``n % 8``, and a dot pattern (solid, dashed, dotted, …) that differs for 0..4
            and again for ``n + 8``: so an arm's second metric can share its ink.

    Returns:
        `height` rows of `width` columns.
    """
    if width < 1 or height < 1:
        return []
    lines = read_lines(frame, names, styles or {})
    legend = draw_legend(lines, one_line(y_label), width, max(0, (height - 2) // 3))
    plot_height = height - len(legend)
    has_x = plot_height >= 4
    plot_height -= has_x

    ends = (0.0, 1.0) if x_max is None else (min(0.0, x_max), max(x_max, 0.0))
    x0, x1 = _x_range(lines, *ends) if lines or x_max is not None else ends
    x0, x1 = widen(x0, x1)
    span = _y_range([line for line in lines if line.y.size], plot_height)
    ticks = round_ticks(span.y0, span.y1, _pieces(plot_height)) if span else None
    gutter = _gutter(ticks, span, width, plot_height)
    # Room for the letters at the ends of lines, lest those at the right border have none.
    margin = 2 if len(lines) > 1 and width - gutter >= 24 else 0
    cells = max(1, width - gutter - margin)

    y0, y1 = (span.y0, span.y1) if span else (0.0, 1.0)
    window = Window(x0, x1, y0, y1, cells * 2, plot_height * 4)
    x_ticks = round_ticks(x0, x1, max(1, min(8, cells // 12)))
    canvas = Canvas(plot_height, cells, margin)
    if plot_height >= 3 and cells >= 12:
        canvas.grid(ticks.values if ticks else (), x_ticks.values, window)
    traces = [(line, trace(line.x, line.y, window)) for line in lines]
    for line, traced in traces:
        canvas.ink(dots(traced, window, line.pattern), line.ink)
    for line, traced in traces:
        canvas.cut(traced, line.ink)
    if len(lines) > 1 and margin:
        canvas.letters([(line, traced.end) for line, traced in traces if traced.end])

    rows = legend + canvas.rows(_y_gutter(ticks, span, window, gutter, plot_height))
    if has_x:
        rows.append(_x_row(x_ticks, window, gutter, one_line(x_label), width))
    return fit_rows(rows, width, height)


def _pieces(rows: int) -> int:
    """How many pieces the y ticks may cut so many rows into."""
    return max(1, min(8, rows // 2))


def _x_range(lines: Sequence[Line], lo: float, hi: float) -> tuple[float, float]:
    used = [line for line in lines if line.x.size]
    if not used:
        return lo, hi
    first, last = min(float(line.x[0]) for line in used), max(float(line.x[-1]) for line in used)
    if hi > 1.0 or lo < 0.0:
        last = max(last, hi)
        # A run's first point is at step 1: starting the axis there would give ticks at 1, 51, 101.
        first = lo if 0 <= first <= last * 0.05 else min(first, last)
    return first, last


def _y_range(lines: Sequence[Line], rows: int) -> _Range | None:
    full = finite_range(line.y for line in lines)
    if full is None:
        return None
    lo, hi = full
    top = _shared_top([settled for line in lines if (settled := _settled(line))])
    cut = (hi - top) > 0.3 * (hi - lo) and top > lo
    y0, y1 = widen(lo, top if cut else hi)
    # Ends on half a tick, so that the axis rests while the run goes on, and jumps seldom.
    half = round_step(y1 - y0, _pieces(rows)) / 2
    low, high = math.floor(y0 / half + 1e-9) * half, math.ceil(y1 / half - 1e-9) * half
    y0, y1 = min(low, y0), max(high, y1)
    return _Range(y0, y1, hi if hi > y1 else None)


def _shared_top(settled: Sequence[tuple[float, float]]) -> float:
    """The top that suits all lines, unless one runs away: then that of the others, if it shows most of that
    one.
    """
    tops = sorted(top for top, _ in settled)
    highest = tops[-1]
    if len(tops) < 2 or highest <= 0:
        return highest
    others = tops[-2]
    typical = next(usual for top, usual in settled if top == highest)
    # A run that diverges goes up by orders of magnitude; its exact height is worth less than the lines below.
    return others if highest > 5 * others > 0 and typical <= others else highest


def _settled(line: Line) -> tuple[float, float] | None:
    """The highest and the middle value once the first steps are over.

    Single spikes don't count; while points are few all of them do.
    """
    stride = max(1, line.x.size // _SAMPLED)
    x, y = line.x[::stride], line.y[::stride]
    kept = np.isfinite(y)
    x, y = x[kept], np.clip(y[kept], -LARGEST, LARGEST)
    if not y.size:
        return None
    late = y[x > x[0] + 0.08 * (x[-1] - x[0])]
    if y.size < 8 or late.size < 6:
        highest = float(y.max())
        return highest, highest
    top = float(np.quantile(late, 0.98)) if late.size >= 50 else float(late.max())
    return top, float(np.median(late))


def _gutter(ticks: Ticks | None, span: _Range | None, width: int, rows: int) -> int:
    """Columns for the tick labels and a blank beside them; 0 when the box has no room for them."""
    if ticks is None or span is None or rows < 2:
        return 0
    texts = list(ticks.labels) + ([CUT + short(span.highest)] if span.highest is not None else [])
    size = max((cell_len(text) for text in texts), default=0) + 1
    return size if width - size >= 8 else 0


def _y_gutter(ticks: Ticks | None, span: _Range | None, window: Window, gutter: int, rows: int) -> list[Run]:
    texts = [Run(" " * gutter, "axis")] * rows
    if ticks is None or span is None or not gutter:
        return texts
    at = np.rint(window.row(np.array(ticks.values))).astype(np.int64) // 4
    taken = -2
    # From the top down: a label needs a row to itself.
    for row, label in sorted(zip(at.tolist(), ticks.labels, strict=True)):
        if 0 <= row < rows and row > taken and not (row == 0 and span.highest is not None):
            texts[row] = Run(fit(label, gutter - 1, "right") + " ", "axis")
            taken = row
    if span.highest is not None:
        texts[0] = Run(fit(CUT + short(span.highest), gutter - 1, "right") + " ", "cut")
    return texts


def _x_row(ticks: Ticks, window: Window, gutter: int, label: str, width: int) -> Row:
    text = [" "] * width
    free = 0
    at = np.rint(window.column(np.array(ticks.values))).astype(np.int64) // 2
    for column, tick in zip(at.tolist(), ticks.labels, strict=True):
        left = gutter + column - (len(tick) - 1) // 2
        left = max(0, min(left, width - len(tick)))
        if left >= free and len(tick) <= width:
            text[left : left + len(tick)] = tick
            free = left + len(tick) + 1
    row = "".join(text).rstrip()
    room = width - len(row) - 1
    if label and cell_len(label) <= room:
        return (Run(row + " " * (width - len(row) - cell_len(label)) + label, "axis"),)
    return (Run(row, "axis"),)
