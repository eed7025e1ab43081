"""``benchmarks/claims.json`` of a course: what ``llm-tutor verify`` found when it ran the labs over many seeds.

The file comes with the course and may be old, damaged or of another make; then there simply is no verified spread.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from tutor.content.expressions import ExpressionError, parse
from tutor.content.models import Lab
from tutor.text import Lang

FORMAT: Literal[1] = 1
"""Rises when old readers could misread a new file."""
HOLDS_AT_LEAST = 0.9
"""A lab stands for its claims when each holds on this share of the seeds."""
BAND_SDS = 2.0
"""Half the width of a band, in standard deviations: about 19 of 20 runs stay inside."""
ROUNDING = 1e-5
"""Share of a number by which it may be off for no other reason than the order of its sums."""
_MAX_BYTES = 10_000_000

Numbers: TypeAlias = NDArray[np.float64]
"""``(n,)``."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Moments(_Part):
    """Of one number over seeds; None where it isn't finite on enough of them."""

    mean: float | None
    sd: float | None
    """Standard deviation of a sample, with n - 1; None with fewer than two seeds."""


class VerifiedClaim(_Part):
    """On how many seeds a claim held."""

    expr: str
    held: int
    of: int

    @property
    def stands(self) -> bool:
        return self.of > 0 and self.held >= HOLDS_AT_LEAST * self.of


class Seconds(_Part):
    """Processor time in training steps, of all arms together, on one thread."""

    mean: float
    max: float


class CurveMoments(_Part):
    """One metric at some steps of the run."""

    steps: tuple[float, ...]
    mean: tuple[float | None, ...]
    sd: tuple[float | None, ...]


class Machine(_Part):
    """Where it was run."""

    cpu: str
    cores: int


class VerifiedLab(_Part):
    """A lab over its seeds."""

    fingerprint: str
    """Of what determines the numbers, see `fingerprint`."""
    seeds: tuple[int, ...]
    arms: dict[str, dict[str, Moments]]
    """By arm and final metric."""
    claims: tuple[VerifiedClaim, ...]
    seconds: Seconds
    curves: dict[str, dict[str, CurveMoments]]
    """By arm and metric of the lab's chart."""
    machine: Machine
    versions: dict[str, str]
    outcomes: dict[Lang, tuple[str | None, ...]] = {}
    """By language, the option of the bet that came true on each of `seeds`; None where none did, or a run diverged. Empty in files
    from before this was kept."""

    @property
    def stands(self) -> bool:
        return all(claim.stands for claim in self.claims)


class ClaimsFile(_Part):
    """The whole file."""

    format: Literal[1] = FORMAT
    labs: dict[str, VerifiedLab] = {}


@dataclass(frozen=True, slots=True)
class Spread:
    """How a lab's numbers scatter over verified seeds. Numbers that aren't known are NaN."""

    lab: VerifiedLab

    @property
    def seeds(self) -> tuple[int, ...]:
        return self.lab.seeds

    def came_true(self, option: str, lang: Lang) -> int | None:
        """On how many of the seeds an option of the bet came true; None when that wasn't kept."""
        outcomes = self.lab.outcomes.get(lang)
        return outcomes.count(option) if outcomes is not None else None

    def mean(self, arm: str, metric: str) -> float:
        found = self.lab.arms.get(arm, {}).get(metric)
        return math.nan if found is None or found.mean is None else found.mean

    def sd(self, arm: str, metric: str) -> float:
        found = self.lab.arms.get(arm, {}).get(metric)
        return math.nan if found is None or found.sd is None else found.sd

    def noise(self, pairs: Sequence[tuple[str, str]]) -> float:
        """The seed noise of some metrics: the square root of the mean of their variances over the seeds."""
        if not pairs:
            return math.nan
        return math.sqrt(sum(self.sd(arm, metric) ** 2 for arm, metric in pairs) / len(pairs))

    def place(self, arm: str, metric: str, value: float) -> float:
        """How many standard deviations a value lies above the mean (below it, if negative).

        Where all seeds agree, but for rounding, it is 0 for their value and infinite for any other.
        """
        mean, sd = self.mean(arm, metric), self.sd(arm, metric)
        distance = value - mean
        if sd > ROUNDING * abs(mean) or math.isnan(sd):
            return distance / sd
        return 0.0 if abs(distance) <= ROUNDING * abs(mean) else math.copysign(math.inf, distance)

    def band(self, arm: str, metric: str) -> tuple[Numbers, Numbers, Numbers] | None:
        """The band that a metric's curve lies in: mean ± `BAND_SDS` standard deviations.

        Returns:
            Steps, low and high edge, NaN where the seeds gave no spread; None when there is no such curve.
        """
        curve = self.lab.curves.get(arm, {}).get(metric)
        if curve is None or not len(curve.steps) == len(curve.mean) == len(curve.sd):
            return None
        steps, mean, sd = (np.array(part, dtype=np.float64) for part in (curve.steps, curve.mean, curve.sd))
        return steps, mean - BAND_SDS * sd, mean + BAND_SDS * sd


def claims_path(root: Path) -> Path:
    return root / "benchmarks" / "claims.json"


def read_claims(path: Path) -> ClaimsFile | None:
    """The file; None when it is missing, damaged, or of another make."""
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        return ClaimsFile.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError, RecursionError):
        return None


def fingerprint(lab: Lab) -> str:
    """Short digest of everything in a lab's file that its numbers follow from: not of its texts, views and knobs."""
    what = {
        "experiment": lab.experiment,
        "shared": lab.shared,
        "base": fingerprint(lab.before) if lab.before is not None else None,
        "arms": [{"id": arm.id, "set": arm.set, "from_base": arm.from_base} for arm in lab.arms],
        "steps": lab.steps,
        "tokens": lab.tokens,
        "curves": lab.curves,  # what is drawn is measured once more at the end, and so decides the best value
        "claims": [claim.expr for claim in lab.claims],
    }
    text = json.dumps(what, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def spread_of(claims: ClaimsFile | None, lab: Lab) -> Spread | None:
    """The verified spread of a lab; None when it was never verified, or as another lab than it is now."""
    found = claims.labs.get(lab.verified_as) if claims is not None else None
    return Spread(found) if found is not None and found.fingerprint == fingerprint(lab) else None


def spoken_of(lab: Lab) -> tuple[str, ...]:
    """The metrics that a lab draws or that its claims and predictions compare, each once."""
    found = list(lab.curves) if "curves" in lab.views else []
    for expr in [claim.expr for claim in lab.claims] + [option.when for option in lab.prediction.options]:
        with suppress(ExpressionError):  # ``llm-tutor check`` names it
            found += [metric for _, metric in parse(expr).pairs]
    if lab.prediction.of is not None:
        found.append(lab.prediction.about[1])
    return tuple(dict.fromkeys(found))
