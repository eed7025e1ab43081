"""Scores: how a round, or a section's latest answers, went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """How many questions were answered rightly.

    Attributes:
        right: Questions answered rightly.
        answered: Questions answered at all.
        total: Questions there are.
    """

    right: int
    answered: int
    total: int

    @property
    def share(self) -> float:
        """Right ones among all there are, 0 … 1; 0 where nothing is asked."""
        return self.right / self.total if self.total else 0.0

    @property
    def finished(self) -> bool:
        """Whether nothing is left to answer."""
        return self.answered == self.total


def score(results: Iterable[bool | None]) -> Score:
    """Count results.

    Args:
        results: One for each question: whether it was right, None where it has not been answered.
    """
    seen = tuple(results)
    return Score(
        right=sum(result is True for result in seen),
        answered=sum(result is not None for result in seen),
        total=len(seen),
    )
