"""What the final metrics say: about a lab's claims and predictions, and beside those of another run."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutor.content.claims_file import BAND_SDS, Spread
from tutor.content.expressions import ExpressionError, holds
from tutor.content.models import Lab
from tutor.engine.snapshot import ClaimResult, Metrics
from tutor.quiz.bets import (
    CurveBet,
    NumberBet,
    Points,
    at_notch,
    judge_curve,
    judge_factor,
    judge_number,
    notch_of,
)


def claims(lab: Lab, metrics: Metrics, spread: Spread | None = None) -> tuple[ClaimResult, ...]:
    """Return the lab's claims, tested on the final metrics of one run.

    `spread` is how they scatter over seeds; None when the lab isn't verified, or this run has other settings than the lab.
    """
    return tuple(
        ClaimResult(claim.expr, claim.text, _holds(claim.expr, metrics, spread)) for claim in lab.claims
    )


def outcome(lab: Lab, metrics: Metrics, spread: Spread | None = None) -> str | None:
    """Return the id of the first prediction option whose expression holds.

    None when none does, or when one that comes before can't be judged: the next may then hold only because of that.
    """
    for option in lab.prediction.options:
        held = _holds(option.when, metrics, spread)
        if held is None:
            return None
        if held:
            return option.id
    return None


def number(lab: Lab, metrics: Metrics) -> float | None:
    """Return the number that a bet on a number is about; None when there is none."""
    arm, metric = lab.prediction.about
    value = metrics.get(arm, {}).get(metric, math.nan)
    return value if math.isfinite(value) else None


def judged_number(lab: Lab, guess: float, outcome: float, spread: Spread | None) -> NumberBet:
    """Judge a bet on a number by what the seeds do, or by a notch of the scale if that is more; by a factor where the lab names one."""
    scale, allowed = lab.prediction.scale, lab.prediction.within
    assert scale is not None
    if allowed is not None and min(guess, outcome) > 0:
        return judge_factor(guess, outcome, allowed)
    sd = spread.sd(*lab.prediction.about) if spread is not None else math.nan
    reach = BAND_SDS * sd if math.isfinite(sd) else 0.0
    place = notch_of(outcome, scale.low, scale.high, log=scale.log)
    if math.isfinite(place):
        notches = [at_notch(place + by, scale.low, scale.high, log=scale.log) for by in (-1, 1)]
        reach = max(reach, (notches[1] - notches[0]) / 2)
    return judge_number(guess, outcome, outcome - reach, outcome + reach)


def judged_curve(
    lab: Lab, points: Points, x: NDArray[np.float64], y: NDArray[np.float64], spread: Spread | None
) -> CurveBet:
    """Judge a drawn curve by the band of the seeds; in a lab that isn't verified, by the run's own curve, ``(n,)`` each."""
    scale = lab.prediction.scale
    assert scale is not None
    band = spread.band(*lab.prediction.about) if spread is not None else None
    return judge_curve(points, *(band or (x, y, y)), scale.high - scale.low)


def _holds(expr: str, metrics: Metrics, spread: Spread | None) -> bool | None:
    try:
        return holds(expr, metrics, spread.noise if spread is not None else None)
    except ExpressionError:  # ``llm-tutor check`` names it with its place; here it only can't be judged
        return None


NOISE_FACTOR = 2 * math.sqrt(2)
"""Two runs that differ in the seed only, each with a standard deviation sd, differ by less than this times sd in about 95 of
100 cases: the difference of two independent numbers has the standard deviation sqrt(2) * sd.
"""

Judgement = Literal["within", "beyond", "unknown"]
"""within: such a difference comes about by chance; beyond: hardly; unknown: nobody knows how large chance is here."""


def compare(own: float, other: float, sd: float | None) -> Judgement:
    """Return whether two results differ by more than chance.

    `sd` is the standard deviation of such a result over seeds; None, NaN or negative: not known.
    """
    if math.isnan(own) or math.isnan(other):
        return "unknown"
    if own == other:  # two infinities are the same result, and their difference is NaN
        return "within"
    if sd is None or not 0 <= sd < math.inf:
        return "unknown"
    return "within" if abs(own - other) <= NOISE_FACTOR * sd else "beyond"
