"""Bars: named quantities side by side, each with its number."""

from __future__ import annotations

import math

from rich.cells import cell_len

from tutor.frames import Bars
from tutor.plot.axis import LARGEST, short
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, one_line

ROLES = ("label", "bar", "bar-below", "value")
"""Every role that bars use: ``bar-below`` for the bar of a value under zero."""

_FULL, _LEFT, _RIGHT = "⠶", "⠆", "⠰"
"""Braille, as block elements take two columns where ambiguous width is wide; each cell counts two half
columns.
"""


def render(frame: Bars, width: int) -> list[Row]:
    """Draw bars from a common zero, in the frame's order.

    Args:
        frame: Labels and values. A value that isn't finite has no bar, only its name (``nan``, ``inf``).
        width: Columns of the box, at least 1. When it is narrow the bars go first, then the labels are cut.

    Returns:
        One row for each label, `width` wide.
    """
    if width < 1:
        return []
    labels = [one_line(label) for label in frame.labels]
    values = list(frame.values[: len(labels)]) + [math.nan] * (len(labels) - len(frame.values))
    numbers = [short(value) for value in values]
    number_size = max((len(number) for number in numbers), default=0)
    widest = max((cell_len(label) for label in labels), default=0)
    label_size = min(widest, max(width // 3, width - number_size - 12), max(1, width - number_size - 1))

    room = width - label_size - number_size - 2
    finite = [max(-LARGEST, min(value, LARGEST)) for value in values if math.isfinite(value)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    below = round(2 * room * -low / (high - low)) if high > low else 0
    rows = []
    for label, value, number in zip(labels, values, numbers, strict=True):
        runs = [Run(fit(label, label_size), "label"), Run(" ")]
        if room >= 4:
            runs += _bar(value, room, below, high - low)
            runs.append(Run(" "))
        rows.append(fit_row([*runs, Run(fit(number, number_size, "right"), "value")], width))
    return rows


def _bar(value: float, room: int, zero: int, span: float) -> list[Run]:
    """A bar over `room` columns; `zero` is where it starts, in half columns."""
    if not math.isfinite(value) or span <= 0:
        return [Run(" " * room)]
    end = zero + round(2 * room * max(-LARGEST, min(value, LARGEST)) / span)
    # A quantity that isn't nothing must not look like nothing.
    if end == zero and value != 0:
        end += 1 if value > 0 else -1
    start, stop = max(0, min(zero, end)), min(2 * room, max(zero, end))
    if start >= stop:
        return [Run(" " * room)]
    text = "".join(
        _FULL
        if start <= 2 * cell and 2 * cell + 1 < stop
        else _LEFT
        if start <= 2 * cell < stop
        else _RIGHT
        if start <= 2 * cell + 1 < stop
        else " "
        for cell in range(room)
    )
    return [Run(text, "bar" if value > 0 else "bar-below")]
