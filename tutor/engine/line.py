"""One line of a run's timeline, with the moments of it that are kept.

Two kinds are kept. A *state* is whole: training goes on from it to the bit, but it holds weights, optimizer and generators of every arm.
A *glimpse* holds only what the pictures need, which is several times less, so that there are more of them between the states: what
the learner scrubs through. The state of a moment between two kept ones is computed anew from the one before it, which comes to the same
bits, since experiments are deterministic.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.engine.arm import State
from tutor.engine.bench import Bench
from tutor.engine.keyframes import Keyframes

_GLIMPSE_SHARE = 0.55
"""Largest share of the budget for glimpses; states get what is left. A long run of the default model has 200 moments then."""

_LEAST_APART = 3
"""Rounds between two marks where not every state fits: a slider hardly shows more of a short run, and states near each other let a fork begin
sooner. The default model has one every five of its 300 rounds, so that two or three steps are done again."""


@dataclass(slots=True, eq=False)
class Line:
    """The run itself, or a fork of it.

    Attributes:
        id: 0 is the run itself.
        bench: What trains it.
        parent: Line that it left.
        since: Round at which it left, of the arms that train now: 0 when it left in the base and that is over.
        base_since: Step of the base at which it left; None when it didn't leave in the base.
        changes: Knob to its value before and after.
        states: Kept states, from `since` on.
        glimpses: Kept glimpses, from `since` on.
        group: The arms that what is kept belongs to: the base has moments of its own.
    """

    id: int
    bench: Bench
    parent: Line | None
    since: int
    states: Keyframes[State]
    glimpses: Keyframes[Mapping[str, Any]]
    base_since: int | None = None
    changes: dict[str, tuple[float, float]] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    _seen: tuple[State, Mapping[str, Any]] | None = None

    @property
    def bytes(self) -> int:
        """What its kept moments take."""
        return self.states.bytes + self.glimpses.bytes

    def state(self, round_: int) -> tuple[int, State] | None:
        """The whole state at a round or last before it."""
        found = self.states.nearest(round_)
        return found if found or self.parent is None else self.parent.state(min(round_, self.since))

    def glimpse(self, round_: int) -> tuple[int, Mapping[str, Any]] | None:
        """The glimpses at a round or last before it; a state has them, too."""
        found, whole = self.glimpses.nearest(round_), self.states.nearest(round_)
        if whole is not None and (found is None or whole[0] >= found[0]):
            if self._seen is None or self._seen[0] is not whole[1]:
                self._seen = whole[1], self.bench.glimpses(whole[1])[0]
            return whole[0], self._seen[1]
        return found if found or self.parent is None else self.parent.glimpse(min(round_, self.since))

    def marks(self) -> list[int]:
        """Kept rounds, and the head."""
        before = [r for r in self.parent.marks() if r < self.since] if self.parent is not None else []
        marks = [*before, *sorted({*self.glimpses.rounds, *self.states.rounds})]
        head = self.bench.head
        return marks if marks and marks[-1] == head else [*marks, head]

    def keep(self, budget: int, *, always: bool = False) -> bool:
        """Keep the present moment if it is worth it.

        Args:
            budget: Bytes that all kept moments of the line may take.
            always: Keep its state, whether or not it is far enough from the others.

        Returns:
            Whether it was kept.
        """
        bench = self.bench
        if self.group != bench.group:
            # The arms that follow a base have a past of their own.
            self.group, self.since = bench.group, 0
            self.states, self.glimpses = Keyframes(), Keyframes()
        # What is kept of a round is as it was before anything was turned there.
        if not (bench.built and bench.between_rounds) or bench.turned_now or bench.round < self.since:
            return False
        if not self.states.rounds:
            state, (found, size) = bench.keep(), bench.glimpses()
            self._lay_out(state.bytes, size, budget)
            self.states.keep(bench.round, state, state.bytes)
        elif always or self.states.due(bench.round):
            state = bench.keep()
            self.states.keep(bench.round, state, state.bytes, passing=always)
        elif self.glimpses.due(bench.round) and self.states.far(bench.round, self.glimpses.stride):
            found, size = bench.glimpses()
            self.glimpses.keep(bench.round, found, size)
        else:
            return False
        return True

    def _lay_out(self, state: int, glimpse: int, budget: int) -> None:
        """Choose how far apart moments are to be kept, so that what is going to come fits without anything having to go.

        Args:
            state: Bytes of a state.
            glimpse: Bytes of a glimpse.
            budget: Bytes that all may take.
        """
        rounds = self.bench.total + 1
        apart = _apart(rounds, glimpse, budget * _GLIMPSE_SHARE)
        if rounds * state > budget:
            apart = max(apart, _LEAST_APART)
        marks = -(-rounds // apart)
        left = budget - marks * glimpse
        self.glimpses = Keyframes(apart)
        # A mark with a state needs no glimpse.
        self.states = Keyframes(_apart(rounds, max(1, state - glimpse), left))


def fit(lines: Collection[Line], budget: int) -> None:
    """Let go of kept moments until those of all lines fit into the budget, where most are kept."""
    while sum(line.bytes for line in lines) > budget:
        glimpses: list[Keyframes[Any]] = [line.glimpses for line in lines if line.glimpses.can_thin]
        states: list[Keyframes[Any]] = [line.states for line in lines if line.states.can_thin]
        crowded = sum(kept.bytes for kept in glimpses) > budget * _GLIMPSE_SHARE
        first, second = (glimpses, states) if crowded else (states, glimpses)
        if not (first or second):
            return
        max(first or second, key=lambda kept: kept.bytes).thin()


def _apart(rounds: int, size: int, room: float) -> int:
    """Every how many rounds something of `size` bytes may be kept, so that it fits."""
    fits = max(1, int(room // max(1, size)))
    return max(1, -(-rounds // fits))
