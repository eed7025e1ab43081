"""Axes: round ticks, ranges that survive NaN and infinity, and short numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.frames import Axis

LARGEST = 1e150
"""Values beyond are drawn as if they were this: the difference of two of them must not overflow."""

_SAME = 1e-9
"""A range narrower than this share of its values is a constant: no number on an axis would tell its ends apart."""

_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Ticks:
    """Round places on an axis, rising, and as many texts, all different, with as few digits as that takes."""

    values: tuple[float, ...]
    labels: tuple[str, ...]


def finite_range(arrays: Iterable[NDArray[np.float64]]) -> tuple[float, float] | None:
    """Lowest and highest finite value; None when there is none."""
    lo, hi = math.inf, -math.inf
    for array in arrays:
        kept = array[np.isfinite(array)]
        if kept.size:
            lo, hi = min(lo, float(kept.min())), max(hi, float(kept.max()))
    if lo > hi:
        return None
    return float(np.clip(lo, -LARGEST, LARGEST)), float(np.clip(hi, -LARGEST, LARGEST))


def widen(lo: float, hi: float, same: float = _SAME) -> tuple[float, float]:
    """Return the range, or one around it when both ends are (all but) the same number: within that share of the larger."""
    size = max(abs(lo), abs(hi))
    if hi - lo > max(size * same, 1 / LARGEST):
        return lo, hi
    half = size * 0.05 if size > 1 / LARGEST else 0.5
    middle = (lo + hi) / 2
    return middle - half, middle + half


def round_step(span: float, count: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that cuts `span` into at most `count` pieces."""
    raw = span / max(count, 1)
    power = math.floor(math.log10(raw))
    for factor in (1, 2, 5, 10):
        step = _scaled(factor, power)
        if step >= raw * (1 - _SAME):
            return step
    return _scaled(1, power + 1)


def round_ticks(lo: float, hi: float, count: int) -> Ticks:
    """Return round ticks that cut a finite range, ``lo < hi`` (see `widen`), into at most so many pieces; there may be none."""
    step = round_step(hi - lo, count)
    slack = 1e-6
    first, last = math.ceil(lo / step - slack), math.floor(hi / step + slack)
    # Multiplying by the step would carry its rounding error into every tick: 3 * 0.1 is not 0.3.
    power = math.floor(math.log10(step) + 1e-9)
    factor = round(step / 10.0**power)
    values = tuple(_scaled(i * factor, power) for i in range(first, last + 1))
    return Ticks(values, _tick_labels(values, step))


def log_ticks(lo: float, hi: float, count: int) -> Ticks:
    """Return round ticks of a logarithmic axis, of which `lo` and `hi` are powers of ten.

    Their places are powers of ten, too, labels the numbers themselves: whole powers, with twice and five times these where there is
    room; within a range too short for them, round differences.
    """
    slack = 1e-9
    decades = range(math.ceil(lo - slack), math.floor(hi + slack) + 1)
    fine = [
        (power + math.log10(factor), _scaled(factor, power))
        for power in range(math.floor(lo), math.floor(hi + slack) + 1)
        for factor in (1, 2, 5)
    ]
    fine = [tick for tick in fine if lo - slack <= tick[0] <= hi + slack]
    stride = math.ceil(len(decades) / (count + 1))
    coarse = [(float(power), _scaled(1, power)) for power in decades[:: max(1, stride)]]
    chosen = fine if len(fine) <= count + 1 else coarse
    if len(chosen) < 2:
        ticks = round_ticks(10**lo, 10**hi, count)
        return Ticks(tuple(math.log10(value) for value in ticks.values), ticks.labels)
    places, values = zip(*chosen, strict=True)
    if values[-1] >= 1e15 or values[0] < 1e-3:  # beyond the suffixes: then all of one kind
        return Ticks(places, tuple(_power(value) for value in values))
    return Ticks(places, tuple(label for value in values for label in _tick_labels((value,), value)))


def _power(value: float) -> str:
    """Write one, two or five times a power of ten with its exponent: ``10¹⁵``, ``5×10⁹``."""
    factor, power = f"{value:.0e}".split("e")
    times = "" if factor == "1" else f"{factor}×"
    return f"{times}10{str(int(power)).translate(_RAISED)}"


@dataclass(frozen=True, slots=True)
class AxisRange:
    """What an axis shows, in the measure in which it is drawn: on a logarithmic axis, powers of ten.

    Attributes:
        low: Where it begins.
        high: Where it ends, above `low`.
        log: Whether it is logarithmic.
    """

    low: float
    high: float
    log: bool = False

    def drawn(self, values: ArrayLike) -> NDArray[np.float64]:
        return measured(values, self.log)

    def shares(self, drawn: ArrayLike) -> NDArray[np.float64]:
        """Return where drawn values lie: 0 at the beginning, 1 at the end, beyond for what is off the axis."""
        shown = np.clip(
            np.asarray(drawn, dtype=np.float64), -2 * LARGEST, 2 * LARGEST
        )  # a widened axis goes beyond
        return (shown - self.low) / (self.high - self.low)

    def ticks(self, count: int) -> Ticks:
        return (log_ticks if self.log else round_ticks)(self.low, self.high, count)


def axis_range(axis: Axis, arrays: Iterable[NDArray[np.float64]], margin: float = 0.0) -> AxisRange:
    """Find the range of an axis over some values.

    Args:
        axis: Its bounds hold where they are given.
        arrays: What must find room where they aren't.
        margin: Share of the range that is left free beyond these values.
    """
    bounds = [measured(end, axis.log) for end in (axis.low, axis.high) if end is not None]
    found = (
        finite_range([measured(array, axis.log) for array in arrays]) or finite_range(bounds) or (0.0, 1.0)
    )
    low, high = widen(*found)
    room = (high - low) * margin
    ends = [low - room, high + room]
    for at, end in enumerate((axis.low, axis.high)):
        if end is not None and math.isfinite(drawn := float(measured(end, axis.log))):
            ends[at] = max(-LARGEST, min(drawn, LARGEST))
    return AxisRange(*widen(*ends), axis.log)


def measured(values: ArrayLike, log: bool) -> NDArray[np.float64]:
    """Return values in the measure of an axis; NaN for what a logarithmic one can't show."""
    array = np.asarray(values, dtype=np.float64)
    if not log:
        return array
    known = np.where(array > 0, np.clip(array, 1 / LARGEST, LARGEST), np.nan)
    return np.where(np.isposinf(array), np.inf, np.log10(known))


def short(value: float) -> str:
    """Write a number in few characters: ``1.876``, ``42.10``, ``12.3k``, ``1.2e-05``, ``nan``, ``inf``."""
    if not math.isfinite(value):
        return str(float(value))
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.0005:
        return f"{value:.1e}"
    for end, decimals in ((9.9995, 3), (99.995, 2), (999.95, 1)):
        if size < end:
            return f"{value:.{decimals}f}"
    if size >= 999.95e12:
        return f"{value:.1e}"
    # 999,960 must not read 1000.0k: take the suffix in which the rounded number is below 1000.
    for unit, suffix in reversed(_SUFFIXES):
        if size / unit < 999.95:
            return f"{value / unit:.1f}{suffix}"
    return f"{value:.1e}"


def _scaled(factor: int, power: int) -> float:
    return float(factor * 10**power) if power >= 0 else factor / 10.0**-power


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _tick_labels(values: Sequence[float], step: float) -> tuple[str, ...]:
    size = max((abs(value) for value in values), default=0.0)
    if size >= 1e15 or 0 < size < 1e-3:
        digits = max(0, math.floor(math.log10(size)) - math.floor(math.log10(step) + 1e-9))
        return tuple(f"{value:.{digits}e}" if value else "0" for value in values)
    # A step such as 2000 is read more easily than 2.0k.
    unit, suffix = next(((u, s) for u, s in _SUFFIXES if size >= max(u, 1e4)), (1.0, ""))
    decimals = max(0, -math.floor(math.log10(step / unit) + 1e-9))
    return tuple(f"{value / unit:.{decimals}f}{suffix}" if value else "0" for value in values)
