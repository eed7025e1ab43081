"""Bets on a run: how far a number was off, and where a drawn curve lies within what ten seeds do. Pure functions on arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = tuple[tuple[float, float], ...]
"""A drawn curve: its points, ``(x, y)``, from left to right."""

NOTCHES = 40
"""A number is bet on a scale of so many notches; nobody has to be closer than one."""

SLACK = 0.05
"""By what share of the chart's height the band of the seeds is widened before a drawn curve is compared with it."""

Closeness = Literal["within", "near", "off"]
"""Of a number: within what the seeds do; within twice that; farther off."""


@dataclass(frozen=True, slots=True)
class NumberBet:
    """How a number came out against what was expected.

    Attributes:
        closeness: In words.
        factor: By which factor the guess is too high (above 1) or too low; NaN where one of them isn't positive.
        allowed: The factor that was allowed; None: as far as seeds differ.
    """

    closeness: Closeness
    factor: float
    allowed: float | None = None

    @property
    def score(self) -> float:
        return {"within": 1.0, "near": 0.5, "off": 0.0}[self.closeness]


def at_notch(notch: float, low: float, high: float, *, log: bool = False) -> float:
    """Return the value at a notch of a scale, 0 to `NOTCHES`, in three digits."""
    share = notch / NOTCHES
    value = low * (high / low) ** share if log else low + (high - low) * share
    return float(f"{value:.3g}")


def notch_of(value: float, low: float, high: float, *, log: bool = False) -> float:
    """Return where a value lies on a scale, in notches; beyond its ends for what is off it."""
    if log:
        return NOTCHES * math.log(value / low) / math.log(high / low) if value > 0 else -math.inf
    return NOTCHES * (value - low) / (high - low)


def judge_number(guess: float, outcome: float, low: float, high: float) -> NumberBet:
    """Judge a guess by the run's own outcome, give or take what the seeds do (`low` to `high`)."""
    reach = max(high - low, 1e-12) / 2
    distance = abs(guess - outcome)
    closeness: Closeness = "within" if distance <= reach else "near" if distance <= 2 * reach else "off"
    factor = guess / outcome if guess > 0 and outcome > 0 else math.nan
    return NumberBet(closeness, factor)


def judge_factor(guess: float, outcome: float, allowed: float) -> NumberBet:
    """Judge a guess by its ratio to the outcome, both positive: near is within the square of the factor allowed."""
    distance = abs(math.log(guess / outcome)) / math.log(allowed)
    closeness: Closeness = "within" if distance <= 1 else "near" if distance <= 2 else "off"
    return NumberBet(closeness, guess / outcome, allowed)


@dataclass(frozen=True, slots=True)
class CurveBet:
    """How a drawn curve came out.

    Attributes:
        score: Share of the x-range on which it lies within the widened band.
        apart: Stretches of x on which it doesn't, with whether it is too high there: ``(from, to, too high)``.
    """

    score: float
    apart: tuple[tuple[float, float, bool], ...]


def drawn(points: Sequence[tuple[float, float]], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values, ``(n,)``, of the line that joins points, sorted by x; level before the first and behind the last."""
    xs, ys = zip(*sorted(points), strict=True)
    values: NDArray[np.float64] = np.interp(x, xs, ys)
    return values


def judge_curve(
    points: Sequence[tuple[float, float]],
    x: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    height: float,
) -> CurveBet:
    """Judge a drawn curve by the band of the seeds.

    Args:
        points: What was drawn.
        x: Places at which the band is known, ``(n,)``, rising, as far apart as the chart has them.
        low: Its lower edge, ``(n,)``; NaN where nothing was measured, which doesn't count.
        high: Its upper edge, ``(n,)``.
        height: Of the chart, in the curve's unit.
    """
    known = np.isfinite(low) & np.isfinite(high)
    x, low, high = x[known], low[known], high[known]
    if not len(x):
        return CurveBet(0.0, ())
    line = drawn(points, x)
    above, below = line > high + SLACK * height, line < low - SLACK * height
    # Each place stands for half the way to either neighbour.
    edges = np.concatenate((x[:1], (x[1:] + x[:-1]) / 2, x[-1:]))
    widths = np.diff(edges) if len(x) > 1 else np.ones(1)
    outside = above | below
    apart = []
    start = 0
    while start < len(x):
        end = start
        while end + 1 < len(x) and above[end + 1] == above[start] and below[end + 1] == below[start]:
            end += 1
        if outside[start]:
            apart.append((float(edges[start]), float(edges[end + 1]), bool(above[start])))
        start = end + 1
    return CurveBet(float(widths[~outside].sum() / widths.sum()), tuple(apart))
