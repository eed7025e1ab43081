"""Curves as braille lines with a legend, round ticks and a light grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Curves
from tutor.plot.axis import LARGEST, AxisRange, axis_range, finite_range, measured, round_step, short, widen
from tutor.plot.canvas import CUT, draw_band, draw_grid, draw_lines, draw_moment
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit_rows, one_line
from tutor.plot.legend import draw_legend
from tutor.plot.lines import FINAL, Key, Line, Shade, read_bands, read_lines
from tutor.plot.sheet import Sheet, axis_row, gutter, pieces
from tutor.plot.trace import Window

MOST_BANDS = 3
"""Bands that are drawn under the lines; of more, none is, as they would lie over each other nearly everywhere."""

LEAST_PANEL = 6
"""Rows in which a chart is still of use."""

MOST_LINES = 5
"""Lines that can be told apart at a glance; of more, some are singled out."""

_SAMPLED = 4096
"""Points looked at to choose a range: enough for a quantile, and 100,000 points would take longer to sort than to draw."""

_FIRST_STEPS = 0.08
"""Share of a run that counts as its first steps."""

_NO_NAMES: Mapping[Key, str] = MappingProxyType({})
_NO_STYLES: Mapping[Key, int] = MappingProxyType({})
_ALIKE = 1e-4
"""Share of the values within which they are drawn as one: what rounding makes of them would fill the chart."""


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
    moment: float | None = None,
    only: Collection[str] | None = None,
    single: Callable[[str, int], bool] | None = None,
    tints: bool = True,
    final_note: str = "",
    x_row: bool = True,
) -> list[Row]:
    """Draw curves into a box.

    Where the first steps of a run tower over all that follows (a loss often falls by half in the first
    twentieth of a run), the top of the chart is the highest value *after* them; ``▴`` marks where a line
    leaves at the top, and the cut-off highest value stands at the top of the axis. A line that runs away
    while others don't (a diverging arm) is cut in the same way.

    A fork has the ink of the line that it came from and a dot pattern of its own, and ``◉`` where it begins. Lines of an
    earlier run lie under all others, faint and as lone dots. Bands lie under everything: they tint the ground of the
    cells, or are dotted edges, and count for the height of the chart only as far as they don't squash the lines.
    A band thinner than a row still tints one, so that one sees that there is a band.

    Args:
        frame: The series, drawn in their order: where two meet in a cell, the later gives the ink.
        width: Columns of the box.
        height: Rows of the box. What there is no room for is left out: first the legend, then the axes.
        names: What to call each series, by arm, metric and branch (see `Key`); others are called by their ids.
        y_label: What the values are, e.g. with their unit.
        x_label: What the steps are.
        x_max: Right end of the axis when the run is complete, so that a line grows towards it; None fits the
            points.
        styles: A style number for each series, by arm, metric and branch; others go by their place in the frame.
            Style ``n`` has ink ``n % 8``, and a dot pattern (solid, dashed, dotted, …) that differs for 0..4
            and again for ``n + 8``: so an arm's second metric can share its ink.
        moment: A step: a thin upright line stands there, and the legend tells the values of that step (or of the nearest
            before) instead of the last ones.
        only: Metrics: only their lines and bands are drawn, in the inks and patterns they have among the others, with letters
            of their own.
        single: Whether the lines of an arm and branch are to stand out where there are more than `MOST_LINES`; the others are then
            faint.
        final_note: What ``◆`` means, said where a line has a final value that was measured apart.
        tints: Whether grounds can be told apart; False draws bands as dotted edges.
        x_row: Whether the x axis has its row of ticks below; not if another chart on the same axis stands below this one.
    """
    if width < 1 or height < 1:
        return []
    lines = read_lines(frame, names, styles or _NO_STYLES, only)
    if single is not None and len(lines) > MOST_LINES:
        arms = [one.arm for one in frame.series if only is None or one.metric in only]
        lines = [
            line if line.pinned or single(arm, line.branch) else replace(line, faint=True)
            for line, arm in zip(lines, arms, strict=True)
        ]
    # Under the others means drawn before them, and named after them.
    lines.sort(key=lambda line: (line.pinned, line.faint))
    shades = [
        shade for shade in read_bands(frame, styles or _NO_STYLES) if only is None or shade.metric in only
    ]
    shades = shades if len(shades) <= MOST_BANDS else []
    apart = moment is None and any(line.final is not None for line in lines)
    note = f"{FINAL} {final_note}" if apart and final_note else ""
    limit = (height - (len(lines) <= MOST_LINES - 1)) // 3
    legend = draw_legend(lines, one_line(y_label), width, limit, moment, note)
    plot_height = height - len(legend)
    has_x = x_row and plot_height >= 4
    plot_height -= has_x

    axis = frame.x_axis
    lines = [_measured(line, axis.log, frame.y_log) for line in lines]
    shades = [_measured_shade(shade, axis.log, frame.y_log) for shade in shades]
    moment = None if moment is None else float(measured(moment, axis.log))
    ends = (0.0, 1.0) if x_max is None or axis.label else (min(0.0, x_max), max(x_max, 0.0))
    x0, x1 = _x_range(lines, shades, *ends)
    if axis.low is not None or axis.high is not None:
        bounds = axis_range(axis, ())
        x0, x1 = bounds.low if axis.low is not None else x0, bounds.high if axis.high is not None else x1
    x = AxisRange(*widen(min(x0, x1), max(x0, x1)), axis.log)
    span = _y_range(
        [line for line in lines if line.y.size], shades, x.high, pieces(plot_height), log=frame.y_log
    )
    y = AxisRange(span.y0, span.y1, frame.y_log) if span else AxisRange(0.0, 1.0)
    highest = None if span is None or span.highest is None else 10**span.highest if y.log else span.highest
    cut = "" if highest is None else CUT + short(highest)
    beside = gutter(y, plot_height, width, cut) if span else [Run("")] * plot_height
    left = beside[0].width
    # Room for the letters at the ends of lines, lest those at the right border have none.
    margin = 2 if len(lines) > 1 and width - left >= 24 else 0
    cells = max(1, width - left - margin)

    window = Window(x.low, x.high, y.low, y.high, cells * 2, plot_height * 4)
    if moment is not None and not window.x0 <= moment <= window.x1:
        moment = None
    sheet = Sheet(plot_height, cells + margin)
    if span and plot_height >= 3 and cells >= 12:
        draw_grid(sheet, y.ticks(pieces(plot_height)).values, window)
    if moment is not None:
        draw_moment(sheet, moment, window)
    for place, shade in enumerate(shades):
        draw_band(sheet, shade, window, place, tints=tints)
    draw_lines(sheet, lines, window, lettered=bool(margin))

    rows = legend + [
        (axis, *cells) if axis.text else cells for axis, cells in zip(beside, sheet.rows(), strict=True)
    ]
    if has_x:
        shown = None if moment is None else (moment, f"[{10**moment if axis.log else moment:.0f}]")
        rows.append(axis_row(x, left, cells, one_line(x_label), width, must=bool(axis.label), mark=shown))
    return fit_rows(rows, width, height)


def _measured(line: Line, x_log: bool, y_log: bool) -> Line:
    """A line in the measures of its axes, without what these can't show."""
    if not (x_log or y_log):
        return line
    x, y = measured(line.x, x_log), measured(line.y, y_log)
    kept = np.isfinite(x)
    final = None if line.final is None else float(measured(line.final, y_log))
    return replace(line, x=x[kept], y=y[kept], final=final)


def _measured_shade(shade: Shade, x_log: bool, y_log: bool) -> Shade:
    if not (x_log or y_log):
        return shade
    x = measured(shade.x, x_log)
    kept = np.isfinite(x)
    return replace(
        shade, x=x[kept], low=measured(shade.low, y_log)[kept], high=measured(shade.high, y_log)[kept]
    )


def panels(
    frame: Curves, width: int, height: int, groups: Sequence[tuple[Collection[str], str]], **more: Any
) -> list[Row]:
    """Draw charts of some metrics each, one below the other, on one x axis.

    Args:
        frame: The series.
        width: Columns of the box, at least 1.
        height: Rows of the box, `LEAST_PANEL` for each group at least.
        groups: Metrics of one unit, and what stands above their chart.
        more: What `render` takes besides. Where each chart has one metric, lines are called by their names in the first one only, for
            their letters are the same in all.
    """
    alike = len(groups) > 1 and all(len(metrics) == 1 for metrics, _ in groups)
    rows: list[Row] = []
    for at, (metrics, title) in enumerate(groups):
        room = (height - len(rows)) // (len(groups) - at) if at else -(-height // len(groups))
        if at and alike:
            more = {**more, "names": dict.fromkeys(more.get("names", _NO_NAMES), ""), "final_note": ""}
        last = at == len(groups) - 1
        rows += render(frame, width, room, only=metrics, y_label=title, x_row=last, **more)
    return rows


@dataclass(frozen=True, slots=True)
class _YRange:
    """The ends of the y axis, and the highest value when it lies over the top."""

    y0: float
    y1: float
    highest: float | None


def _x_range(lines: Sequence[Line], shades: Sequence[Shade], lo: float, hi: float) -> tuple[float, float]:
    """Choose the ends of the x axis; ``lo`` and ``hi`` are those of the budget, 0 and 1 when there is none."""
    used = [line.x for line in lines if line.x.size] or [shade.x for shade in shades if shade.x.size]
    if not used:
        return lo, hi
    first, last = min(float(x[0]) for x in used), max(float(x[-1]) for x in used)
    if hi > 1.0 or lo < 0.0:
        last = max(last, hi)
        # A run's first point is at step 1: starting the axis there would give ticks at 1, 51, 101.
        first = lo if 0 <= first <= last * 0.05 else min(first, last)
    return first, last


def _y_range(
    lines: Sequence[Line], shades: Sequence[Shade], x1: float, pieces: int, *, log: bool
) -> _YRange | None:
    """Choose the ends of the y axis; None when there is nothing to show.

    What lies beyond the right end `x1` of the x axis doesn't count, nor do the first steps of shades; ticks may cut the axis into
    so many pieces.
    """
    finals = [np.array([line.final]) for line in lines if line.final is not None]
    full = finite_range([*(line.y for line in lines), *finals])
    spread = _spread(shades, x1)
    if full is not None:
        lo, hi = full
        usual = [settled for line in lines if (settled := _settled(line.x, line.y))]
        top = _shared_top(usual) if usual else hi
        if spread is not None:
            lo, top = spread.joined_to(lo, min(top, hi))
            hi = max(hi, top)
    elif spread is not None:
        lo, hi = spread.low, spread.high
        top = hi
    else:
        return None
    cut = (hi - top) > 0.3 * (hi - lo) and top > lo
    y0, y1 = widen(lo, top if cut else hi, _ALIKE)
    # Ends on half a tick, so that the axis rests while the run goes on, and jumps seldom.
    half = round_step(y1 - y0, pieces) / 2
    low, high = math.floor(y0 / half + 1e-9) * half, math.ceil(y1 / half - 1e-9) * half
    y0, y1 = min(low, y0), max(high, y1)
    if lo >= 0 and not log:  # what is counted from nothing, as shares and losses are, has no room below it
        y0 = max(y0, 0.0)
    return _YRange(y0, y1, hi if hi > y1 else None)


@dataclass(frozen=True, slots=True)
class _Spread:
    """All bands, once their first steps are over."""

    low: float
    high: float
    steady: bool
    """Whether they are thinner than what their middle goes through: an axis that holds them shows the curves, too."""

    def joined_to(self, lo: float, hi: float) -> tuple[float, float]:
        """Return the range that holds some lines, and the bands as far as they don't squash the lines."""
        most = math.inf if self.steady else 0.5 * (hi - lo)
        return min(lo, max(self.low, lo - most)), max(hi, min(self.high, hi + most))


def _spread(shades: Sequence[Shade], x1: float) -> _Spread | None:
    lows, highs, middles, sizes = [], [], [], []
    for shade in shades:
        known = np.isfinite(shade.low) & np.isfinite(shade.high) & (shade.x <= x1)
        x, low, high = shade.x[known], shade.low[known], shade.high[known]
        if not x.size:
            continue
        low, high = np.clip(low, -LARGEST, LARGEST), np.clip(high, -LARGEST, LARGEST)
        late = x >= x[0] + _FIRST_STEPS * (x[-1] - x[0])
        # As for lines, a single spike doesn't count.
        lows.append(float(np.quantile(low[late], 0.02)))
        highs.append(float(np.quantile(high[late], 0.98)))
        middle = low / 2 + high / 2
        middles.append((float(middle.min()), float(middle.max())))
        sizes.append(float(np.median(high[late] - low[late])))
    if not lows:
        return None
    through = max(high for _, high in middles) - min(low for low, _ in middles)
    return _Spread(min(lows), max(highs), max(sizes) <= through)


def _shared_top(settled: Sequence[tuple[float, float]]) -> float:
    """The top that suits all lines, unless one runs away: then that of the others, if it shows most of that one."""
    tops = sorted(top for top, _ in settled)
    highest = tops[-1]
    if len(tops) < 2 or highest <= 0:
        return highest
    others = tops[-2]
    typical = next(usual for top, usual in settled if top == highest)
    # A run that diverges goes up by orders of magnitude; its exact height is worth less than the lines below.
    # A share that jumps from 0 to 1 hasn't diverged: its jump is what one looks for.
    return others if highest > max(1.0, 5 * others) and others > 0 and typical <= others else highest


def _settled(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float] | None:
    """The highest and the middle value once the first steps are over.

    Single spikes don't count; while points are few all of them do.
    """
    stride = max(1, x.size // _SAMPLED)
    x, y = x[::stride], y[::stride]
    kept = np.isfinite(y)
    x, y = x[kept], np.clip(y[kept], -LARGEST, LARGEST)
    if not y.size:
        return None
    late = y[x > x[0] + _FIRST_STEPS * (x[-1] - x[0])]
    if y.size < 8 or late.size < 6:
        highest = float(y.max())
        return highest, highest
    top = float(np.quantile(late, 0.98)) if late.size >= 50 else float(late.max())
    return top, float(np.median(late))
