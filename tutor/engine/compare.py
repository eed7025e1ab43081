"""Whether two results differ by more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tutor.text import Text

NOISE_FACTOR = 2 * math.sqrt(2)
"""Two runs that differ in the seed only, each with a standard deviation sd, differ by less than this times sd in about 95 of
100 cases: the difference of two independent numbers has the standard deviation sqrt(2) * sd.
"""


Judgement = Literal["within", "beyond", "unknown"]
"""within: such a difference comes about by chance; beyond: hardly; unknown: nobody knows how large chance is here."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results side by side.

    Attributes:
        difference: The learner's own minus the other; NaN when one of them is.
        noise: What chance alone makes of it in 95 of 100 cases at most; None when that isn't known.
        text: The judgement as a sentence.
    """

    difference: float
    noise: float | None
    judgement: Judgement
    text: Text


def compare(own: float, other: float, sd: float | None) -> Comparison:
    """Compare the learner's result with that of one other run.

    `sd` is its standard deviation over seeds; None, NaN or negative: not known.
    """
    difference = (
        own - other if own != other else 0.0
    )  # two infinities are the same result, and their difference is NaN
    noise = NOISE_FACTOR * sd if sd is not None and sd >= 0 and math.isfinite(sd) else None
    if math.isnan(difference):
        return Comparison(difference, noise, "unknown", _NO_NUMBER)
    if difference == 0:
        return Comparison(0.0, noise, "within", _EQUAL)
    if noise is None:
        return Comparison(difference, None, "unknown", _NOISE_UNKNOWN.format(difference=f"{difference:+.3g}"))
    within = abs(difference) <= noise
    text = (_WITHIN if within else _BEYOND).format(difference=f"{difference:+.3g}", noise=f"{noise:.3g}")
    return Comparison(difference, noise, "within" if within else "beyond", text)


_EQUAL = Text("两个结果完全相等，自然在噪声之内。", "The two results are exactly equal, and so within noise.")
_WITHIN = Text(
    "相差 {difference}，在噪声之内：单是换种子，两次运行就可能相差 {noise}。",
    "The difference is {difference}, within noise: two runs may differ by {noise} through the seed alone.",
)
_BEYOND = Text(
    "相差 {difference}，超出噪声：单是换种子，两次运行一般最多相差 {noise}。",
    "The difference is {difference}, beyond noise: through the seed alone two runs seldom differ by more than {noise}.",
)
_NOISE_UNKNOWN = Text(
    "相差 {difference}，噪声有多大还不知道：换几个种子再跑，才能判断。",
    "The difference is {difference}, noise unknown: only runs from other seeds can tell what it means.",
)
_NO_NUMBER = Text(
    "没法相减：至少有一个结果不是数（训练发散了）；噪声也就无从谈起，视为未知。",
    "There is no difference to take: at least one result isn't a number (training diverged); noise unknown.",
)
