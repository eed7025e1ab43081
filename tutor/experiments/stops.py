"""The values that a knob goes through, press by press."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tutor.experiments.base import Knob, Value

MOST = 15
"""Presses from one end of a range to the other, about."""


def following(
    knob: Knob, value: Value, by: int, minimum: float | None, maximum: float | None, began: Iterable[Value]
) -> Value | None:
    """Return the value that a press of a key leads to: the next choice, or the next stop; None at the end.

    Args:
        knob: The knob.
        value: Present value.
        by: 1 up, -1 down.
        minimum: Of the lab; None: the knob's.
        maximum: Of the lab; None: the knob's.
        began: Values that it started from.
    """
    if knob.values or isinstance(value, str):
        at = knob.values.index(value) + by if value in knob.values else 0
        return knob.values[at] if 0 <= at < len(knob.values) else None
    low = knob.minimum if minimum is None else minimum
    high = knob.maximum if maximum is None else maximum
    there = stops(knob, low, high, (float(one) for one in began if not isinstance(one, str)))
    ahead = [stop for stop in there if (stop - value) * by > 0]
    return (min(ahead) if by > 0 else max(ahead)) if ahead else None


def stops(knob: Knob, minimum: float, maximum: float, values: Iterable[float] = ()) -> tuple[float, ...]:
    """Return the values of a knob within a range, rising: its own steps where it has some, else round ones and both ends.

    Args:
        knob: The knob.
        minimum: Of the lab.
        maximum: Of the lab.
        values: More stops, such as the value that it starts from; those outside the range are left out.
    """
    if knob.steps:
        found = [step for step in knob.steps if minimum <= step <= maximum]
    else:
        between = _ratios(minimum, maximum) if knob.log else _multiples(minimum, maximum, int(knob.whole))
        found = [minimum, *between, maximum]
    more = {value for value in values if minimum <= value <= maximum}
    # A value is the stop that it equals but for rounding.
    return tuple(sorted({s for s in found if not any(math.isclose(s, value) for value in more)} | more))


def _multiples(minimum: float, maximum: float, least: float) -> list[float]:
    """Of 1, 2 or 5 times a power of ten, the smallest that isn't below ``least`` and has few enough."""
    span = maximum - minimum
    power = math.floor(math.log10(span / MOST))
    step = next(s for p in (power, power + 1) for m in (1, 2, 5) if span / (s := m * 10.0**p) <= MOST)
    step = max(step, least)
    return [
        float(f"{n * step:.12g}") for n in range(math.ceil(minimum / step), math.floor(maximum / step) + 1)
    ]


def _ratios(minimum: float, maximum: float) -> list[float]:
    """1, 2, 5 of each power of ten, or more or fewer of it where the range is short or long."""
    low = minimum or maximum / 1000  # below that a knob goes to 0
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(maximum)) + 1)
    for digits in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1,)):
        found = [float(f"{digit}e{power}") for power in powers for digit in digits]
        found = [value for value in found if low * (1 - 1e-9) <= value <= maximum]
        if len(found) <= MOST:
            break
    return found
