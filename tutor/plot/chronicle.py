"""Dated events on an axis of years: across with labels in lanes, down with a row for each, or as a list."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.frames import Chronicle, Dated
from tutor.plot.axis import AxisRange, Ticks, round_ticks
from tutor.plot.canvas import apart
from tutor.plot.cells import Row, Run
from tutor.plot.fit import Called, as_written, fit_rows, one_line, shortened
from tutor.plot.sheet import Sheet

_PLAIN, _MARKED, _STEM, _LINE = "◦", "◉", "⡇", "⠤"
_WIDEST = 30
"""Columns of an event's text in a lane."""


@dataclass(frozen=True, slots=True)
class _Event:
    """An event as it is drawn."""

    when: float
    text: str
    look: str
    bold: bool
    sign: str
    link: str


def render(
    frame: Chronicle,
    width: int,
    height: int,
    name: Called = as_written,
) -> list[Row]:
    """Draw a chronicle into a box.

    Where the box is far wider than high and all texts find a place, the axis lies across; else it stands, and each event has a row of
    its own as near to its year as can be. Where there are more events than rows, the axis lies across with a text for most of them, or
    those around the chosen one stand in a list. A click on an event is ``event:<id>``.
    An event without a finite year isn't drawn.
    """
    bounds = [-math.inf if frame.low is None else frame.low, math.inf if frame.high is None else frame.high]
    shown = [one for one in frame.events if math.isfinite(one.when) and bounds[0] <= one.when <= bounds[1]]
    events = [_event(one, one.id == frame.chosen, name) for one in sorted(shown, key=lambda one: one.when)]
    if not events:
        return fit_rows((), width, height)
    ends = [
        math.floor(bounds[0] if math.isfinite(bounds[0]) else events[0].when),
        math.ceil(bounds[1] if math.isfinite(bounds[1]) else events[-1].when),
    ]
    years = AxisRange(ends[0], max(ends[1], ends[0] + 1))
    rightmost = events[::-1]
    striking = sorted(rightmost, key=lambda one: (one.look != "cursor", not one.bold))
    # From the right, as a text lies right of its stem; or the other way round; or those that stand out first, and not all.
    ways = (
        ((rightmost, False), (events, True), (striking, False)) if width >= 6 * height and height >= 4 else ()
    )
    # With an event chosen, which is told beside the chart, it matters only where all of them stand.
    least = 0 if frame.chosen else len(events) if len(events) <= height else len(events) // 2
    for order, leftwards in ways:
        placed, rows = _across(order, leftwards, years, width, height, whole=order is not striking)
        if placed == len(events) or (order is striking and placed > least):
            return rows
    return _down(events, years, width, height)


def _event(one: Dated, chosen: bool, name: Called) -> _Event:
    text = one_line(f"{one.date or math.floor(one.when)} {name(one.label)}")
    look = "cursor" if chosen else "value" if one.marked else "label"
    sign = _MARKED if one.marked else _PLAIN
    return _Event(
        one.when, f"[{text}]" if chosen else text, look, chosen or one.marked, sign, f"event:{one.id}"
    )


def _ticks(years: AxisRange, count: int) -> Ticks:
    """Whole years only."""
    return round_ticks(years.low, years.high, max(1, min(count, int(years.high - years.low))))


def _across(
    events: Sequence[_Event], leftwards: bool, years: AxisRange, width: int, height: int, *, whole: bool
) -> tuple[int, list[Row]]:
    """The axis at the bottom and texts in lanes above it, in their order; how many of these found a place, and the rows.

    With `whole`, nothing is drawn unless all of them do.
    """
    lanes = height - 2
    sheet = Sheet(height, width)
    sheet.put(lanes, 0, _LINE * width, "grid", take=False)
    placed = 0
    for one in events:
        at = min(width - 1, int(float(years.shares(one.when)) * width))
        text = shortened(one.text, _WIDEST)
        size = cell_len(text)
        # Two in one column stand side by side.
        spots = ((column, lane) for column in (at, at - 1, at + 1) for lane in range(lanes - 1, -1, -1))
        for column, lane in spots:
            start = max(0, min(column - size + 1 if leftwards else column, width - size))
            stem = [row for row in range(lane + 1, lanes + 1) if not sheet.free(row, column, column + 1)]
            if not stem and sheet.free(lane, max(0, start - 1), min(width, start + size + 1)):
                sheet.put(lane, start, text, one.look, bold=one.bold, link=one.link)
                for row in range(lane + 1, lanes):
                    sheet.put(row, column, _STEM, "grid")
                sheet.put(lanes, column, one.sign, one.look, bold=one.bold, link=one.link)
                placed += 1
                break
        else:
            if whole:
                return 0, []
            if sheet.free(lanes, at, at + 1):
                sheet.put(lanes, at, one.sign, one.look, bold=one.bold, link=one.link)
    ticks = _ticks(years, width // 12)
    for place, label in zip(years.shares(ticks.values), ticks.labels, strict=True):
        sheet.place(height - 1, max(0, min(int(place * width), width - len(label))), label, "axis")
    return placed, sheet.rows()


def _down(events: Sequence[_Event], years: AxisRange, width: int, height: int) -> list[Row]:
    """A row for each event, with the years beside it where they find a place, too."""
    if len(events) > height:
        return _listed(events, width, height)
    ticks = _ticks(years, height // 3)
    marks = list(zip(ticks.values, ticks.labels, strict=True))
    left = max((len(label) for _, label in marks), default=0) + 1
    if len(events) + len(marks) > height or width < left + 20:
        marks, left = [], 0
    items: list[tuple[float, str | _Event]] = [*marks, *((one.when, one) for one in events)]
    items.sort(key=lambda item: (item[0], isinstance(item[1], _Event)))
    wanted = [min(height - 1, int(float(years.shares(when)) * height)) for when, _ in items]
    sheet = Sheet(height, width)
    for row in range(height):
        sheet.put(row, left, _STEM, "grid")
    for row, (_, item) in zip(apart(wanted, height), items, strict=True):
        if isinstance(item, str):
            sheet.put(row, 0, item, "axis")
        else:
            sheet.put(row, left, item.sign, item.look, bold=item.bold, link=item.link)
            text = shortened(item.text, width - left - 2)
            sheet.put(row, left + 2, text, item.look, bold=item.bold, link=item.link)
    return sheet.rows()


def _listed(events: Sequence[_Event], width: int, height: int) -> list[Row]:
    """The events around the chosen one, and how many come before and after."""
    at = next((place for place, one in enumerate(events) if one.look == "cursor"), 0)
    first = max(0, min(at - height // 2, len(events) - height))
    shown = range(first, first + height)
    rows: list[Row] = []
    for place in shown:
        one = events[place]
        if height >= 3 and place == shown[0] and place:
            rows.append((Run(f"▴ {place + 1}", "more"),))
        elif height >= 3 and place == shown[-1] and place < len(events) - 1:
            rows.append((Run(f"▾ {len(events) - place}", "more"),))
        else:
            rows.append((Run(f"{one.sign} {one.text}", one.look, bold=one.bold, link=one.link),))
    return fit_rows(rows, width, height)
