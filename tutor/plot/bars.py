"""Named quantities, each with its number: as bars from zero, or as dots on a common scale that needn't begin there.

A bar says "so much" by its length and must begin at zero; a dot says "here" by its place, and may be looked at closely, for
differences that bars would hide (Cleveland & McGill 1984, Graphical Perception).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Bar
from tutor.frames import Bars
from tutor.plot.axis import LARGEST, short
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import Called, as_written, fit, fit_row, one_line
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap

_GLYPHS = {(True, True): "⠶", (True, False): "⠆", (False, True): "⠰", (False, False): " "}
"""By which half columns are covered. Braille, as block elements take two columns where ambiguous width is wide."""
_TRACK, _DOT = "⠤", "⣿"
_NARROWEST_TRACK = 8
"""Columns of a dot's track below which there is none."""
_NARROWEST = 6
"""The same of a bar in prose."""


def render(frame: Bars, width: int, name: Called = as_written) -> list[Row]:
    """Draw bars from a common zero, in the frame's order, below their title and unit; where it is narrow the bars go first, then the labels are cut.

    A value that isn't finite has no bar, only its name (``nan``, ``inf``).
    """
    labels, values, numbers = _read(frame, name)
    number_size = max(map(len, numbers), default=0)
    widest = max(map(cell_len, labels), default=0)
    label_size = min(widest, max(width // 3, width - number_size - 12), max(1, width - number_size - 1))
    room = width - label_size - number_size - 2
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, frame.full)
    title = [Run(clean(name(frame.title)), "title", bold=True)] if frame.title else []
    rows = [fit_row(row, width) for row in wrap(title, max(1, width))]
    if frame.unit:
        rows.append(fit_row([Run(fit(one_line(name(frame.unit)), width, "right"), "axis")], width))
    for label, value, number in zip(labels, values, numbers, strict=True):
        runs = [Run(fit(label, label_size), "label"), Run(" ")]
        if room >= 4:
            drawn = _bar(value if math.isfinite(value) else 0.0, room, low, high).ljust(room + 1)
            runs.append(Run(drawn, "bar" if value > 0 else "bar-below"))
        rows.append(fit_row([*runs, Run(fit(number, number_size, "right"), "value")], width))
    return rows


def render_dots(frame: Bars, width: int, *, lowest: str = "", highest: str = "") -> list[Row]:
    """Draw a dot for each quantity, in the frame's order, and the ends of the scale below.

    Args:
        frame: Labels and values. A value that isn't finite has no dot, only its name.
        width: Columns of the box. When it is narrow the tracks go first, then the labels are cut.
        lowest: What is written beside the lowest value; empty for nothing.
        highest: The same for the highest, where the lowest has none.
    """
    labels, values, numbers = _read(frame, as_written)
    finite = [value for value in values if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    said = lowest or highest
    best = (low if lowest else high) if said and low < high else math.nan  # none among equals
    note = f" ◂ {one_line(said)}" if said else ""

    number_size = max(map(len, numbers), default=0)
    label_size = min(max(map(cell_len, labels), default=0), max(width // 3, 1))
    room = width - label_size - number_size - cell_len(note) - 2
    rows: list[Row] = []
    for label, value, number in zip(labels, values, numbers, strict=True):
        runs = [Run(fit(label, label_size), "label"), Run(" ")]
        if room >= _NARROWEST_TRACK:
            share = (value - low) / (high - low) if high > low else 0.0
            # A dotted line from the low end to the dot, and nothing beyond it.
            at = round(share * (room - 1)) if math.isfinite(value) else 0
            runs += (
                [Run(_TRACK * at, "dot-track"), Run(_DOT, "dot", bold=True)]
                if math.isfinite(value)
                else [Run(" ")]
            )
            runs.append(Run(" " * (room - at)))
        runs.append(Run(fit(number, number_size, "right"), "value", bold=value == best))
        if value == best:
            runs.append(Run(note, "note"))
        rows.append(fit_row(runs, width))
    if room >= _NARROWEST_TRACK and high > low:
        left, right = short(low), short(high)
        gap = max(1, room - len(left) - len(right))
        rows.append(fit_row([Run(" " * (label_size + 1)), Run(left + " " * gap + right, "axis")], width))
    return rows


def draw_bars(bars: Sequence[Bar], width: int) -> list[Row]:
    """Draw the bars of a fence from a common zero, scaled to the largest.

    Long labels are wrapped; where it is too narrow, a label stands above its bar, and at last the bar goes and the text stays.
    """
    if not bars:
        return []
    texts = max(cell_len(bar.text) for bar in bars)
    labels = max(cell_len(bar.label) for bar in bars)
    # Labels may have two fifths; the rest is for what is compared.
    labels = min(labels, max(width * 2 // 5, width - texts - 24))
    beside = width - labels - texts - 4 >= _NARROWEST
    room = (width - labels - texts - 4) if beside else (width - texts - 2)
    low = min(0.0, *(bar.value for bar in bars))
    high = max(0.0, *(bar.value for bar in bars))
    rows: list[Row] = []
    for bar in bars:
        drawn = []
        if room >= _NARROWEST:
            drawn = [Run(_bar(bar.value, room, low, high), "bar" if bar.value >= 0 else "bad"), Run("  ")]
        tail = wrap([Run(bar.text, "strong")], max(1, width - row_width(drawn)))
        # A text longer than its room is wrapped only where no bar stands before it.
        line: Row = (*drawn, *tail[0]) if tail else tuple(drawn)
        head = wrap([Run(bar.label, "text")], labels if beside else width)
        if not beside:
            rows += [*head, line, *tail[1:]]
            continue
        rows.append((*head[0], Run(" " * (labels - row_width(head[0]) + 2)), *line))
        rows += head[1:]
    return rows


def _read(frame: Bars, name: Called) -> tuple[list[str], list[float], list[str]]:
    """Labels, as many values, those beyond what can be drawn moved to its end, and as many numbers."""
    labels = [one_line(name(label)) for label in frame.labels]
    values = [*frame.values, *[math.nan] * len(labels)][: len(labels)]
    drawn = [max(-LARGEST, min(value, LARGEST)) if math.isfinite(value) else value for value in values]
    return labels, drawn, list(map(short, values))


def _bar(value: float, room: int, low: float, high: float) -> str:
    """A bar from zero on at most `room` columns from `low` to `high`, with blanks before it where some bar goes below zero."""
    # Scaled before it is subtracted: the span of two huge numbers is infinite.
    top = max(-low, high) or 1.0
    low, high, value = low / top, high / top, value / top
    span = (high - low) or 1.0
    zero = round(2 * room * -low / span)
    end = zero + round(2 * room * value / span)
    if end == zero and value:  # a quantity that isn't nothing must not look like nothing
        end += 1 if value > 0 else -1
    start, stop = max(0, min(zero, end)), min(2 * room, max(zero, end))
    cells = [(start <= 2 * cell < stop, start <= 2 * cell + 1 < stop) for cell in range((stop + 1) // 2)]
    return "".join(_GLYPHS[cell] for cell in cells)
