"""Curves in words: of each line whence, whither, where most of it happened, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.frames import DRAWN, PINNED, Curves, Series
from tutor.plot.axis import short
from tutor.plot.fit import Called
from tutor.text import Text

_MOST_OF_IT = 0.75
"""Share of a change that counts as most of it."""
_SOON = 1 / 3
"""Share of an axis within which most of a change is worth a word."""
_TURN = 0.1
"""Share of a line's extent by which a lowest or highest point must lie beyond its ends to be told."""
_FEW = 12
"""Points below which each of them counts: the steps between them say nothing of noise."""

Say: TypeAlias = Callable[..., str]
"""A text in one language, its placeholders filled in."""


def number(value: float) -> str:
    """A number in three digits, large ones with a suffix."""
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-4 or not math.isfinite(value):
        return short(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value + 0:.3g}"


def tell_curves(frame: Curves, say: Say, name: Called) -> Iterator[str]:
    arms = {one.arm for one in frame.series}
    axis = name(frame.x_axis.label) if frame.x_axis.label else ""
    for one in frame.series:
        whose = name(one.arm) if len(arms) > 1 else ""
        if one.branch:
            which = {PINNED: _EARLIER, DRAWN: _EXPECTED}.get(one.branch, _FORK)
            whose += say(which, number=one.branch)
        yield headed(whose, _line(one, name(one.metric), axis, say) + say(STOP), say)
    for metric in dict.fromkeys(one.metric for one in frame.series):
        ends = {one.arm: _end(one) for one in frame.series if one.metric == metric and not one.branch}
        known = {arm: value for arm, value in ends.items() if value is not None}
        if len(known) > 1 and min(known.values()) < max(known.values()):
            low, high = min(known, key=lambda arm: known[arm]), max(known, key=lambda arm: known[arm])
            values = {"low_value": number(known[low]), "high_value": number(known[high])}
            yield say(_ENDS, metric=name(metric), low=name(low), high=name(high), **values)


def _end(one: Series) -> float | None:
    """The last value that is a number, or the one measured on more data."""
    known = one.y[np.isfinite(one.y)]
    if one.final is not None and math.isfinite(one.final):
        return one.final
    return float(known[-1]) if known.size else None


def headed(head: str, rest: str, say: Say) -> str:
    return say(_HEAD, head=head) + rest if head else rest


def _line(one: Series, metric: str, axis: str, say: Say) -> str:
    """A line in words: whence, whither, where most of it happened, what is missing."""
    size = min(one.x.size, one.y.size)
    x, y = one.x[:size].astype(np.float64), one.y[:size].astype(np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return say(_ENDLESS if np.isinf(y).any() else _NO_VALUE, metric=metric)
    xs, ys = x[known], y[known]

    def at(place: float) -> str:
        return say(_AT if axis else _AT_STEP, axis=axis, x=number(place) if axis else f"{place:,.0f}")

    def shown(value: float) -> str:
        return number(value if abs(value) > 1e-4 * extent else 0)

    first, last = float(ys[0]), float(ys[-1])
    extent = float(ys.max() - ys.min())
    turns = [turn for turn in sorted({int(ys.argmin()), int(ys.argmax())}) if _turns(ys, turn)]
    if xs.size == 1:
        told = say(_ONE, metric=metric, value=shown(last), at=at(float(xs[0])))
    elif extent <= 1e-3 * abs(last) or not math.isfinite(extent):
        told = say(_STAYS, metric=metric, value=shown(last))
    else:
        told, before = "", first
        for place in (*turns, xs.size - 1):
            value = float(ys[place])
            going = _GOING[bool(told), value < before]
            told += say(going, metric=metric, first=shown(first), value=shown(value))
            told += at(float(xs[place])) if place in turns else ""
            before = value
        told += "" if turns else _where(xs, ys, axis, say)
    if np.isinf(y).any():
        told += say(_INFINITE, at=at(float(x[np.isinf(y)][0])))
    if np.isnan(y[~np.isinf(y)]).any():
        missing = _GAPS if known[-1] else _ENDED if axis else _ENDED_STEP
        told += say(missing, axis=axis, x=number(float(xs[-1])))
    if one.final is not None and math.isfinite(one.final) and shown(one.final) != shown(last):
        told += say(_FINAL, value=shown(one.final))
    return told


def _turns(ys: NDArray[np.float64], place: int) -> bool:
    """Whether a lowest or highest point lies clearly beyond both ends, and beyond the noise from point to point."""
    noise = float(np.median(np.abs(np.diff(ys)))) if ys.size >= _FEW else 0.0
    least = max(_TURN * float(ys.max() - ys.min()), 3 * noise)
    value = float(ys[place])
    return min(abs(value - float(ys[0])), abs(value - float(ys[-1]))) > least


def _where(xs: NDArray[np.float64], ys: NDArray[np.float64], axis: str, say: Say) -> str:
    """Where on its way a line did most of its change; empty where that is nowhere in particular."""
    share = (ys - ys[0]) / (ys[-1] - ys[0]) if ys[-1] != ys[0] else np.zeros_like(ys)
    length = float(xs[-1] - xs[0])
    done = float(xs[np.argmax(share >= _MOST_OF_IT)])
    rest = (1 - _MOST_OF_IT) / 2
    start, stop = float(xs[np.argmax(share >= 1 - _MOST_OF_IT)]), float(xs[-1])
    low, high = float(xs[np.argmax(share >= rest)]), float(xs[np.argmax(share >= 1 - rest)])
    if length <= 0 or xs.size < 4:
        return ""
    if not axis and xs[0] <= 0.05 * stop and done <= _SOON * length:
        return say(_FIRST, count=number(min(_rounded(done), stop)))
    if not axis and stop - start <= _SOON * length:
        return say(_LAST, count=number(min(_rounded(stop - start), length)))
    if low == high and not axis:
        return say(_AT_ONCE, x=f"{low:,.0f}")
    if high - low <= _SOON * length:
        between = _BETWEEN if axis else _BETWEEN_STEPS
        return say(between, axis=axis, low=number(low), high=number(high))
    return ""


def _rounded(count: float) -> float:
    """The next number of one digit and a half: 57 is 60, 41 is 45."""
    unit = 10.0 ** math.floor(math.log10(max(count, 1))) / 2
    return float(max(1, math.ceil(count / unit) * unit))


STOP = Text("。", ".")
_HEAD = Text("{head}：", "{head}: ")
_FORK = Text("（分支 {number}）", " (fork {number})")
_EARLIER = Text("（之前的运行）", " (earlier run)")
_EXPECTED = Text("（预先画的）", " (as drawn before)")
_ENDS = Text(
    "结束时{metric}最低的是{low}（{low_value}），最高的是{high}（{high_value}）。",
    "At the end {metric} is lowest for {low} ({low_value}) and highest for {high} ({high_value}).",
)
_NO_VALUE = Text("{metric}还没有数值", "{metric} has no value yet")
_ENDLESS = Text("{metric}一直是无穷大", "{metric} is infinite throughout")
_AT_STEP = Text("（第 {x} 步）", " at step {x}")
_AT = Text("（{axis} {x}）", " at {axis} {x}")
_ONE = Text("{metric}是 {value}{at}", "{metric} is {value}{at}")
_STAYS = Text("{metric}一直在 {value}", "{metric} stays at {value}")
_DOWN = Text("{metric}从 {first} 降到 {value}", "{metric} falls from {first} to {value}")
_UP = Text("{metric}从 {first} 升到 {value}", "{metric} rises from {first} to {value}")
_THEN_DOWN = Text("，然后降到 {value}", ", then falls to {value}")
_THEN_UP = Text("，然后升到 {value}", ", then rises to {value}")
_FIRST = Text("，变化主要在前 {count} 步", ", most of it in the first {count} {count:step|steps}")
_LAST = Text("，变化主要在最后 {count} 步", ", most of it in the last {count} {count:step|steps}")
_BETWEEN_STEPS = Text("，变化主要在第 {low} 到 {high} 步之间", ", most of it between steps {low} and {high}")
_AT_ONCE = Text("，变化主要在第 {x} 步", ", most of it at step {x}")
_BETWEEN = Text("，变化主要在{axis} {low} 到 {high} 之间", ", most of it between {axis} {low} and {high}")
_INFINITE = Text("；有一处变成无穷大{at}", "; it becomes infinite{at}")
_GAPS = Text("；中间有缺值", "; some values are missing on the way")
_ENDED = Text("；{axis} {x} 之后没有数值", "; there is no value after {axis} {x}")
_ENDED_STEP = Text("；第 {x} 步之后没有数值", "; there is no value after step {x}")
_FINAL = Text("；结束时用更多数据测得 {value}", "; measured on more data at the end it is {value}")
_GOING = {(False, True): _DOWN, (False, False): _UP, (True, True): _THEN_DOWN, (True, False): _THEN_UP}
"""By whether something was told before, and whether it goes down."""
