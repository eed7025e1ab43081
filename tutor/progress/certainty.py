"""Certainty-based marking: whether the learner knows what they know. It stands beside the score and never changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from tutor.progress.summary import ProgressSummary, Result
from tutor.text import Text

POINTS = {1: (1, 0), 2: (2, -2), 3: (3, -6)}
"""Points for right and for wrong, by how sure the learner was (Gardner-Medwin, 1995)."""

PAYS = {1: (0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1)}
"""From which share right up to which each certainty has more points than the others."""

NAMES = {1: Text("没把握", "unsure"), 2: Text("有几分把握", "fairly sure"), 3: Text("有把握", "sure")}

HOW_SURE = Text("心里有没有数", "Do you know what you know?")
_OF_WHAT = Text(
    "标为“{name}”的 {count} 次里，对了 {right}。", "Of what you were {name} of, {right} was right ({count})."
)

FEWEST = 8
"""On fewer answers no verdict is given."""


@dataclass(frozen=True, slots=True)
class Level:
    """What became of all that the learner was so sure of: how many, and which share was right."""

    certainty: int
    count: int
    right: float

    @property
    def told(self) -> Text:
        name = NAMES[self.certainty]
        return _OF_WHAT.format(name=name, right=f"{self.right:.0%}", count=self.count)

    @property
    def verdict(self) -> Text:
        """What it means; empty where there are too few, or it is as it should be."""
        low, high = PAYS[self.certainty]
        if self.count < FEWEST or low <= self.right <= high:
            return Text("", "")
        if self.right > high:
            return Text(
                "比你以为的要准，可以更自信些。", "More than you thought: you can trust yourself more."
            )
        return Text(
            f"不到 {low:.0%}，这样标反而会少得分。", f"Below {low:.0%} it costs points to be that sure."
        )


def points(result: Result) -> float | None:
    """Return the points of an answer, of one that is partly right in between; None where the learner wasn't asked how sure they are."""
    if result.confidence is None:
        return None
    right, wrong = POINTS[result.confidence]
    return result.score * right + (1 - result.score) * wrong


def levels(results: Iterable[Result]) -> tuple[Level, ...]:
    """Return one level for each certainty that was chosen, the surest first; an answer that is partly right counts as a part."""
    scores: dict[int, list[float]] = {}
    for result in results:
        if result.confidence is not None:
            scores.setdefault(result.confidence, []).append(result.score)
    return tuple(Level(c, len(s), sum(s) / len(s)) for c, s in sorted(scores.items(), reverse=True))


def all_results(summary: ProgressSummary) -> list[Result]:
    """Return every answer and every settled bet of a log."""
    return list(chain.from_iterable((*done.answers, *done.bets) for done in summary.sections))
