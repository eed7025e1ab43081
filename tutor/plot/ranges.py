"""Which part of the plane a chart shows: the ends of its axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.plot.axis import LARGEST, finite_range, round_step, widen
from tutor.plot.lines import Line, Shade

_SAMPLED = 4096
"""Points looked at to choose a range: enough for a quantile, and 100,000 points would take longer to sort than to draw."""

_FIRST_STEPS = 0.08
"""Share of a run that counts as its first steps."""


@dataclass(frozen=True, slots=True)
class YRange:
    """The ends of the y axis, and the highest value when it lies over the top."""

    y0: float
    y1: float
    highest: float | None


def x_range(lines: Sequence[Line], shades: Sequence[Shade], lo: float, hi: float) -> tuple[float, float]:
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


def y_range(lines: Sequence[Line], shades: Sequence[Shade], x1: float, pieces: int) -> YRange | None:
    """Choose the ends of the y axis; None when there is nothing to show.

    Args:
        lines: What is drawn.
        shades: What lies under them; their first steps don't count.
        x1: Right end of the x axis: what lies beyond doesn't count.
        pieces: How many pieces ticks may cut the axis into.
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
    y0, y1 = widen(lo, top if cut else hi)
    # Ends on half a tick, so that the axis rests while the run goes on, and jumps seldom.
    half = round_step(y1 - y0, pieces) / 2
    low, high = math.floor(y0 / half + 1e-9) * half, math.ceil(y1 / half - 1e-9) * half
    y0, y1 = min(low, y0), max(high, y1)
    return YRange(y0, y1, hi if hi > y1 else None)


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
    return others if highest > 5 * others > 0 and typical <= others else highest


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
