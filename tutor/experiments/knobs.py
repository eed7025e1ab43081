"""Settings that a lab may offer to the learner, and the values that they go through, press by press."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tutor.text import Text

MOST = 15
"""Presses from one end of a range to the other, about."""

Value: TypeAlias = float | bool | str
"""What a knob can stand at, and what a learner can answer."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that a lab may offer to the learner.

    Attributes:
        id: The config key.
        label: Its name.
        minimum: Lowest value that makes sense, of a number.
        maximum: Highest value that makes sense, of a number.
        live: Whether `Experiment.adjust` takes it while a run goes on; else it needs a restart.
        whole: Whether only whole numbers make sense.
        steps: The values to go through, where only some make sense (powers of two, say); empty: any.
        log: Whether equal ratios, not equal differences, make equal steps.
        choices: What it can be set to, with the names of that, where it isn't a number; empty: it is one.
        switch: Whether it is on or off (True or False).
    """

    id: str
    label: Text
    minimum: float = 0.0
    maximum: float = 0.0
    live: bool = True
    whole: bool = False
    steps: tuple[float, ...] = ()
    log: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    switch: bool = False

    @classmethod
    def stepped(cls, id: str, label: Text, *steps: float, live: bool = False) -> Knob:
        """Return a knob that goes through these values only."""
        whole = all(isinstance(step, int) for step in steps)
        return cls(id, label, steps[0], steps[-1], live=live, whole=whole, steps=steps)

    @property
    def values(self) -> tuple[Value, ...]:
        """Return the values of a choice or switch; empty: it is a number."""
        return (False, True) if self.switch else tuple(self.choices)

    def read(self, written: object) -> Value | None:
        """Return the value of a setting as written in a file or typed; None if this knob can't have it."""
        if self.values:
            known = {str(value).lower() if self.switch else value: value for value in self.values}
            return known.get(str(written).lower() if self.switch else str(written))
        try:
            number = float(str(written)) if not isinstance(written, bool) else float(written)
        except ValueError:
            return None
        return None if math.isnan(number) else number

    def within(self, value: Value, minimum: float | None, maximum: float | None) -> Value | None:
        """Return the value, clamped to the bounds of a lab; None if this knob can't have it."""
        found = self.read(value)
        if self.values or found is None or isinstance(found, str):
            return found
        low = self.minimum if minimum is None else minimum
        return min(max(found, low), self.maximum if maximum is None else maximum)

    def told(self, value: Value) -> Text:
        """Return a value as a learner reads it."""
        if isinstance(value, bool):
            return Text("开", "on") if value else Text("关", "off")
        if isinstance(value, str):
            return self.choices.get(value, Text(value, value))
        shown = f"{value:g}" if self.whole or abs(value) >= 1_000 else f"{value:.3g}"
        return Text(shown, shown)


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
