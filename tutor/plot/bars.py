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

_GLYPHS = {(True, True): "⠶", (True, False): "⠆", (False, True): "⠰", (False, False): " "}
"""By which half columns are covered. Braille, as block elements take two columns where ambiguous width is wide."""


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
    rows = []
    for label, value, number in zip(labels, values, numbers, strict=True):
        runs = [Run(fit(label, label_size), "label"), Run(" ")]
        if room >= 4:
            known = max(-LARGEST, min(value, LARGEST)) if math.isfinite(value) else 0.0
            drawn = bar(known, room, low, high).ljust(room + 1)
            runs.append(Run(drawn, "bar" if value > 0 else "bar-below"))
        rows.append(fit_row([*runs, Run(fit(number, number_size, "right"), "value")], width))
    return rows


def bar(value: float, room: int, low: float, high: float) -> str:
    """A bar from zero on at most `room` columns, with blanks before it where some bar goes below zero.

    Args:
        value: The quantity, finite.
        room: Columns from `low` to `high`.
        low: The lowest of all quantities and zero.
        high: The highest of all quantities and zero.
    """
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
