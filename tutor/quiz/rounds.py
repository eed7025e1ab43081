"""A round of questions: which, in which order, where the learner is in it. Pure; kept as JSON, so that it survives a restart."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

LENGTHS = (10, 20)
"""How many questions a round may have, besides all."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was begun.

    Attributes:
        questions: Ids, in order.
        before: How often each had been answered when it began: one that was answered since then was answered in it.
        at: Place of the question that is shown; the number of questions for the summary.
    """

    questions: tuple[str, ...]
    before: tuple[int, ...]
    at: int = 0

    def answered(self, attempts: Mapping[str, int]) -> frozenset[str]:
        """Return the ids answered in it, given how often each question was ever answered."""
        return frozenset(
            id for id, before in zip(self.questions, self.before, strict=True) if attempts.get(id, 0) > before
        )

    def stored(self) -> str:
        return json.dumps(asdict(self))


def read_round(stored: str | None, known: Collection[str]) -> Round | None:
    """Return the round that `Round.stored` made, without questions that are gone; None when there is none, or nothing left of it."""
    try:
        read = json.loads(stored or "null")
        kept = [(str(id), int(before)) for id, before in zip(read["questions"], read["before"], strict=True)]
        at = int(read["at"])
    except (ValueError, TypeError, KeyError):
        return None
    here = [one for one in kept if one[0] in known]
    if not here:
        return None
    gone = sum(id not in known for id, _ in kept[: max(0, at)])
    ids, before = zip(*here, strict=True)
    return Round(ids, before, min(max(0, at - gone), len(here)))


def in_order(questions: Sequence[str], latest: Mapping[str, tuple[bool, datetime]]) -> list[str]:
    """Return ids in the order in which a round asks: never answered, wrong last time, right; each as the quiz has them, the right ones oldest
    first. `latest`: whether each was answered right, and when.
    """
    open_ = [id for id in questions if id not in latest]
    wrong = [id for id in questions if id in latest and not latest[id][0]]
    right = [id for id in questions if id in latest and latest[id][0]]
    return [*open_, *wrong, *sorted(right, key=lambda id: latest[id][1])]


def lengths(count: int) -> tuple[int, ...]:
    """Return how long a round over so many questions may be."""
    return (*(length for length in LENGTHS if length < count), count)
