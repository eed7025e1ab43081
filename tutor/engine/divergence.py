"""When a run counts as diverged, and how that is said: a diverged run is a result with an explanation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from tutor.text import Text

BLOW_UP = 3.0
"""A loss this many times its first value has diverged."""
WARM_UP = 10
"""Steps in which a high loss is still forgiven; NaN and infinity never are."""


class LossGuard:
    """Watches the loss of one arm.

    Args:
        metric: Which metric that is; None: none is watched. Others may be NaN (not measured) or rise for good reasons (forgetting).
    """

    def __init__(self, metric: str | None) -> None:
        self._metric = metric
        self._first = math.nan

    def check(self, step: int, metrics: Mapping[str, float]) -> Text | None:
        """Return what went wrong with the loss once so many steps are done, as the middle of a sentence; None when nothing did."""
        loss = metrics.get(self._metric) if self._metric else None
        if loss is None:
            return None
        if math.isnan(loss):
            return _NAN
        if math.isinf(loss):
            return _INFINITE
        if math.isnan(self._first):
            self._first = loss
        if step > WARM_UP and loss > BLOW_UP * self._first:
            return _ROSE.format(first=f"{self._first:.3g}", loss=f"{loss:.3g}")
        return None


def explain(sentences: Iterable[Text], rates: Iterable[float]) -> Text | None:
    """Return all that diverged, why, and what to do; None when nothing did. `rates` are the learning rates that are known of those arms."""
    sentences = tuple(sentences)
    if not sentences:
        return None
    # A learning rate of zero moves nothing, so it can't be what went wrong.
    known = sorted({rate for rate in rates if rate > 0}, reverse=True)
    advice = _ADVICE_RATE.format(rate=f"{known[0]:.3g}") if known else _ADVICE
    zh = "".join(sentence.zh for sentence in sentences) + advice.zh
    en = " ".join([*(sentence.en for sentence in sentences), advice.en])
    return Text(zh, en)


_NAN = Text("训练损失变成了 NaN（不是一个数）", "its training loss became NaN, not a number")
_INFINITE = Text("训练损失变成了无穷大", "its training loss became infinite")
_ROSE = Text("训练损失从 {first} 涨到 {loss}", "its training loss rose from {first} to {loss}")
DIVERGED = Text(
    "「{label}」在第 {step} 步发散了：{what}，这一组停在这里。",
    "“{label}” diverged at step {step}: {what}; it stops there.",
)
NO_BASE = Text("它的基座模型发散了，「{label}」无从开始。", "“{label}” can't start, since its base diverged.")
_ADVICE_RATE = Text(
    "多半是学习率 {rate} 太大，每次更新都迈过了头：调低它，再跑一次。",
    "Most likely the learning rate of {rate} is too high and every update overshoots: lower it and run again.",
)
_ADVICE = Text(
    "多半是学习率太大，每次更新都迈过了头：调低它，再跑一次。",
    "Most likely the learning rate is too high and every update overshoots: lower it and run again.",
)
