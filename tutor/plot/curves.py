"""Curves as braille lines with a legend, round ticks and a light grid."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from tutor.frames import Curves
from tutor.plot.axis import AxisRange, axis_range, measured, short, widen
from tutor.plot.canvas import CUT, draw_band, draw_grid, draw_lines, draw_moment
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit_rows, one_line
from tutor.plot.legend import draw_legend
from tutor.plot.lines import FINAL, Key, Line, Shade, read_bands, read_lines
from tutor.plot.ranges import x_range, y_range
from tutor.plot.sheet import Sheet, axis_row, gutter, pieces
from tutor.plot.trace import Window

MOST_BANDS = 3
"""Bands that are drawn under the lines; of more, none is, as they would lie over each other nearly everywhere."""

LEAST_PANEL = 6
"""Rows in which a chart is still of use."""

MOST_LINES = 5
"""Lines that can be told apart at a glance; of more, some are singled out."""

_NO_NAMES: Mapping[Key, str] = MappingProxyType({})
_NO_STYLES: Mapping[Key, int] = MappingProxyType({})


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
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1. What there is no room for is left out: first the legend, then the
            axes.
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

    Returns:
        `height` rows of `width` columns.
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
    x0, x1 = x_range(lines, shades, *ends)
    if axis.low is not None or axis.high is not None:
        bounds = axis_range(axis, ())
        x0, x1 = bounds.low if axis.low is not None else x0, bounds.high if axis.high is not None else x1
    x = AxisRange(*widen(min(x0, x1), max(x0, x1)), axis.log)
    span = y_range([line for line in lines if line.y.size], shades, x.high, pieces(plot_height))
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
