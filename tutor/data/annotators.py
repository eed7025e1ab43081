"""People who label sentences, simulated: what they get wrong, what becomes of several opinions, how far two of them agree."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.data.tiny_world import Labelled

Errors = Literal["none", "random", "one_sided"]
"""none: nobody errs, whatever the rate. random: any sentence may be labelled wrong. one_sided: bad ones are called good, and never a good one bad."""


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who labels.

    Attributes:
        error_rate: Share of the labels that are wrong where as many sentences are good as bad, 0 .. 0.5.
        errors: Which sentences the errors fall on.
    """

    error_rate: float
    errors: Errors = "random"

    def is_positive(self, sentence: Labelled, rng: random.Random) -> bool:
        """Read a sentence and say whether it is good; two draws from `rng`, whatever it is."""
        slip, toss = rng.random(), rng.random()
        if sentence.ambiguous:
            return toss < sentence.positive_share
        gold = sentence.label == "positive"
        if self.errors == "none":
            return gold
        if self.errors == "random":
            return gold != (slip < self.error_rate)
        # All errors fall on the bad half, so there they are twice as frequent.
        return gold or slip < 2 * self.error_rate


def majority(votes: Sequence[bool]) -> bool:
    """What most say; when it is a draw, what the first says."""
    positive = sum(votes)
    return votes[0] if 2 * positive == len(votes) else 2 * positive > len(votes)


def cohen_kappa(one: Sequence[bool], other: Sequence[bool]) -> float:
    """Agreement of two annotators beyond chance (Cohen 1960): 1 is full, 0 what careless clicking would reach.

    NaN when both give every sentence the same label, where chance alone agrees on all.
    """
    count = len(one)
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / count
    p, q = sum(one) / count, sum(other) / count
    by_chance = p * q + (1 - p) * (1 - q)
    return math.nan if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
