"""One branch of a run's timeline, with the moments of it that are kept.

A *state* is whole (weights, optimizer and generators of every arm): training goes on from it to the bit. A *view state* holds only
what the views need, several times less, so that there are more of them between the states: what the learner scrubs through. A moment
between two states is computed anew from the one before it, to the same bits, since experiments are deterministic.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tutor.engine.knob_history import Moment
from tutor.engine.runner import Runner
from tutor.engine.stage import State
from tutor.experiments.base import Value
from tutor.text import Text

_VIEW_SHARE = 0.55
"""Largest share of the budget for view states; states get what is left. A long run of the default model has 200 moments then."""

_LEAST_APART = 3
"""Rounds between two marks where not every state fits: a slider hardly shows more of a short run, and states near each other let a fork begin
sooner. The default model has one every five of its 300 rounds, so that two or three steps are done again."""


T = TypeVar("T")


class Keyframes(Generic[T]):
    """Things kept at rounds at least a stride apart, until some have to go.

    Attributes:
        stride: Rounds from one to the next, at least 1. It grows when things go, so that what comes later is as far apart as what stays.
        bytes: What all together take.
    """

    def __init__(self, stride: int = 1) -> None:
        self.stride = max(1, stride)
        self._items: dict[int, tuple[T, int]] = {}
        self._rounds: list[int] = []
        self._passing: int | None = None
        self.bytes = 0

    @property
    def rounds(self) -> tuple[int, ...]:
        return tuple(self._rounds)

    def due(self, round_: int, stride: int | None = None) -> bool:
        """Return whether nothing but what is passing is kept fewer rounds away than its own stride, or another."""
        at = bisect.bisect_left(self._rounds, round_)
        around = [r for r in self._rounds[max(0, at - 2) : at + 2] if r != self._passing]
        return all(abs(round_ - r) >= (stride or self.stride) for r in around)

    def keep(self, round_: int, item: T, size: int, *, passing: bool = False) -> None:
        """Keep something of `size` bytes in place of what was kept of that round.

        With `passing`, let go of it when the next one is kept, unless it is far enough away to have a place of its own.
        """
        stays = round_ in self._items and round_ != self._passing
        passing = passing and not stays and not self.due(round_)
        self._let_pass(round_)
        if passing:
            self._passing = round_
        if round_ in self._items:
            self.bytes -= self._items[round_][1]
        else:
            bisect.insort(self._rounds, round_)
        self._items[round_] = (item, size)
        self.bytes += size

    def nearest(self, round_: int) -> tuple[int, T] | None:
        """Return the last round up to this one of which something is kept, and that; None before the first."""
        index = bisect.bisect_right(self._rounds, round_) - 1
        if index < 0:
            return None
        found = self._rounds[index]
        return found, self._items[found][0]

    @property
    def can_thin(self) -> bool:
        """Return whether there is more than the first and the newest, which always stay."""
        return len(self._rounds) > 2

    def thin(self) -> None:
        """Let go of the one that leaves the smallest gap, never of the first or the newest."""
        if not self.can_thin:
            return
        rounds = self._rounds
        spans = [
            (after - before, here)
            for before, here, after in zip(rounds, rounds[1:], rounds[2:], strict=False)
        ]
        span, round_ = min(spans)
        self._drop(round_)
        # All gaps are between this half and twice as much: to keep more than that of what comes would only drive out what is there.
        self.stride = max(self.stride, span // 2)

    def _let_pass(self, next_: int) -> None:
        if self._passing is not None and self._passing != next_ and len(self._rounds) > 1:
            self._drop(self._passing)
        self._passing = None

    def _drop(self, round_: int) -> None:
        self.bytes -= self._items.pop(round_)[1]
        self._rounds.remove(round_)
        if self._passing == round_:
            self._passing = None


@dataclass(slots=True, eq=False)
class Branch:
    """The run itself (id 0), or a fork of it.

    Attributes:
        left: The moment at which it left its parent.
        changes: Knob to its value before and after.
        stage: The stage that the kept moments belong to: they go when it is over, and nobody can go back to it.
        answered: What was answered where it left; None when it left by a knob.
    """

    id: int
    runner: Runner
    parent: Branch | None
    left: Moment
    states: Keyframes[State] = field(default_factory=Keyframes)
    view_states: Keyframes[Mapping[str, Any]] = field(default_factory=Keyframes)
    changes: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    stage: int = 0
    answered: Text | None = None
    _seen: tuple[State, Mapping[str, Any]] | None = None

    @property
    def since(self) -> int:
        """Return the round of the present stage at which it left: 0 when it left in an earlier one."""
        return self.left.round if self.left.stage == self.runner.now else 0

    @property
    def past(self) -> Branch | None:
        """Return the parent, as long as that keeps moments of the same stage."""
        return self.parent if self.parent is not None and self.parent.stage == self.stage else None

    @property
    def first(self) -> int:
        """Return the earliest round of the present stage that it can go back to."""
        if self.past is not None:
            return self.past.first
        return self.states.rounds[0] if self.states.rounds else self.runner.stage.round

    @property
    def bytes(self) -> int:
        return self.states.bytes + self.view_states.bytes

    def state(self, round_: int) -> tuple[int, State] | None:
        found = self.states.nearest(round_)
        return found if found or self.past is None else self.past.state(min(round_, self.since))

    def view_state(self, round_: int) -> tuple[int, Mapping[str, Any]] | None:
        """Return the view states of all arms at a round or last before it; a whole state gives them, too."""
        found, whole = self.view_states.nearest(round_), self.states.nearest(round_)
        if whole is not None and (found is None or whole[0] >= found[0]):
            if self._seen is None or self._seen[0] is not whole[1]:
                found_then = self.runner.stage.view_states(whole[1])
                self._seen = whole[1], found_then[0] if found_then is not None else {}
            return whole[0], self._seen[1]
        return found if found or self.past is None else self.past.view_state(min(round_, self.since))

    def marks(self) -> list[int]:
        before = [r for r in self.past.marks() if r < self.since] if self.past is not None else []
        marks = [*before, *sorted({*self.view_states.rounds, *self.states.rounds})]
        head = self.runner.stage.head
        return marks if marks and marks[-1] == head else [*marks, head]

    def keep(self, budget: int, *, always: bool = False) -> bool:
        """Keep the present moment if it is worth it, and return whether it was; with `always`, however near the others are.

        All kept moments of the branch may take `budget` bytes.
        """
        stage = self.runner.stage
        if self.stage != self.runner.now:
            self.stage = self.runner.now
            self.states, self.view_states = Keyframes(), Keyframes()
        # What is kept of a round is as it was before anything was turned there.
        if not stage.can_be_kept or stage.turned_now or stage.round < self.since:
            return False
        if not self.states.rounds:
            state, seen = stage.keep(), stage.view_states()
            self._lay_out(state.bytes, seen[1] if seen is not None else None, budget)
            self.states.keep(stage.round, state, state.bytes)
        elif always or self.states.due(stage.round):
            state = stage.keep()
            self.states.keep(stage.round, state, state.bytes, passing=always)
        elif self.view_states.due(stage.round) and self.states.due(stage.round, self.view_states.stride):
            seen = stage.view_states()
            if seen is None:
                return False
            self.view_states.keep(stage.round, *seen)
        else:
            return False
        return True

    def _lay_out(self, state: int, view_state: int | None, budget: int) -> None:
        """Choose how far apart moments are kept, so that what is to come fits into `budget` bytes without anything having to go.

        A state takes `state` bytes, a view state `view_state`; None: only whole states can be shown later.
        """
        rounds = self.runner.stage.total + 1
        if view_state is None:
            self.states = Keyframes(_apart(rounds, max(1, state), budget))
            return
        apart = _apart(rounds, view_state, budget * _VIEW_SHARE)
        if rounds * state > budget:
            apart = max(apart, _LEAST_APART)
        marks = -(-rounds // apart)
        left = budget - marks * view_state
        self.view_states = Keyframes(apart)
        # A mark with a state needs no view state.
        self.states = Keyframes(_apart(rounds, max(1, state - view_state), left))


def fit(branches: Collection[Branch], budget: int) -> None:
    """Let go of kept moments, where most are kept, until those of all branches fit into `budget` bytes."""
    while sum(branch.bytes for branch in branches) > budget:
        view_states: list[Keyframes[Any]] = [
            branch.view_states for branch in branches if branch.view_states.can_thin
        ]
        states: list[Keyframes[Any]] = [branch.states for branch in branches if branch.states.can_thin]
        crowded = sum(kept.bytes for kept in view_states) > budget * _VIEW_SHARE
        first, second = (view_states, states) if crowded else (states, view_states)
        if not (first or second):
            return
        max(first or second, key=lambda kept: kept.bytes).thin()


def _apart(rounds: int, size: int, room: float) -> int:
    """Return every how many rounds something of `size` bytes may be kept, so that it fits into `room`."""
    fits = max(1, int(room // max(1, size)))
    return max(1, -(-rounds // fits))
