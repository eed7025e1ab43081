"""Where a run has been: back to any moment, on from there, and aside into forks.

Two kinds of moments are kept. A *state* is whole: training goes on from it to the bit, but it holds weights, optimizer and
generators of every arm. A *glimpse* holds only what the pictures need, which is several times less, so that there are more of them between
the states: what the learner scrubs through. The state of a moment between two kept ones is computed anew from the one before it, which
comes to the same bits, since experiments are deterministic.
"""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.content.models import BASE
from tutor.engine.arm import BenchArm, State
from tutor.engine.bench import Bench
from tutor.engine.keyframes import Keyframes
from tutor.engine.snapshot import AblationStatus, LineStatus, TimelineStatus
from tutor.frames import Curves, Frame

BUDGET = 200_000_000
"""Bytes that all kept moments of a run may take together."""

_GLIMPSE_SHARE = 0.55
"""Largest share of the budget for glimpses; states get what is left. A long run of the default model has 200 moments then."""

_LEAST_APART = 3
"""Rounds between two marks where not every state fits: a slider hardly shows more of a short run, and states near each other let a fork begin
sooner. The default model has one every five of its 300 rounds, so that two or three steps are done again."""

MOST_LINES = 6
"""Lines that a chart can tell apart."""


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


class Timeline:
    """The lines of one run, and the moment of one of them that is shown.

    Args:
        bench: The run, not begun.
        budget: Bytes that all kept moments may take.

    Attributes:
        line: The line that is shown and goes on.
        lines: All of them.
    """

    def __init__(self, bench: Bench, budget: int = BUDGET) -> None:
        self._budget = budget
        self.line = self._line(0, bench, None, 0)
        self.lines = [self.line]
        self._target: int | None = None  # a moment that the bench is to be brought to
        self._wanted_fork: dict[str, float] | None = None
        self._without: dict[str, tuple[str, ...]] = {}
        self._ablations: dict[str, AblationStatus] = {}

    @property
    def bench(self) -> Bench:
        """What trains the line that is shown."""
        return self.line.bench

    @property
    def at(self) -> int:
        """The round that is shown."""
        return self.bench.round if self._target is None else self._target

    @property
    def behind(self) -> bool:
        """Whether a moment of the past is shown."""
        return self.at < self.bench.head

    @property
    def ready(self) -> bool:
        """Whether the bench is at the moment that is shown, with nothing left to be done there."""
        return self._target is None and self._wanted_fork is None

    @property
    def forking(self) -> bool:
        """Whether a fork is to begin as soon as the moment that is shown is reached."""
        return self._wanted_fork is not None

    def advance(self) -> BenchArm:
        """One unit of work of the present line; see `Bench.advance`."""
        arm = self.bench.advance()
        self._keep()
        return arm

    def approach(self) -> None:
        """One unit of work towards the moment that is shown, and the fork that was wanted there."""
        bench = self.bench
        if self._target is not None and bench.round == self._target and bench.between_rounds:
            self._target = None
        if self._target is None:
            if not bench.between_rounds:
                self.advance()
            elif self._wanted_fork is not None:
                changes, self._wanted_fork = self._wanted_fork, None
                self._fork(changes)
            return
        kept = self.line.state(self._target)
        if kept is not None and not (kept[0] <= bench.round <= self._target):
            bench.restore(kept[1])
        else:
            bench.advance()

    def rewind(self, round_: int) -> None:
        """Show the moment after a round, as far as the line has come."""
        bench = self.bench
        if not bench.built:
            return
        self._wanted_fork = None
        while not bench.between_rounds:
            self.advance()
        if bench.round == bench.head and self._target is None:
            self._keep(always=True)  # so that the way back to the head is short
        target = min(max(round_, 0), bench.head)
        self._target = None if target == bench.round else target

    def scrub(self, by: int) -> None:
        """Show a kept moment so many further on, or back if negative."""
        if self.bench.built:
            marks = self.line.marks()
            here = self.at
            index = bisect.bisect_left(marks, here)
            if by > 0 and (index >= len(marks) or marks[index] != here):
                index -= 1  # between two marks, the next one is the first to the right
            self.rewind(marks[min(max(index + by, 0), len(marks) - 1)])

    def adjust(self, knob: str, value: float) -> None:
        """Turn a knob: of the line itself at its head, in a fork anywhere before; one that only decides how things are shown needs
        no fork.
        """
        if knob in self.bench.spec.display:
            self.bench.adjust(knob, value)
        elif self._wanted_fork is not None:
            self._wanted_fork[knob] = value
        elif self.behind:
            self._want_fork({knob: value})
        elif not self.bench.trained:
            before = self.bench.knobs().get(knob)
            self._keep(always=True)  # while the experiments don't know of it yet
            self.bench.adjust(knob, value)
            line = self.line
            if line.parent is not None and before is not None:
                line.changes[knob] = (line.changes.get(knob, (before, before))[0], value)

    def fork(self, changes: Mapping[str, float]) -> None:
        """Begin a line of its own at the moment that is shown; it does not differ by what only decides how things are shown."""
        for knob in changes.keys() & self.bench.spec.display:
            self.bench.adjust(knob, changes[knob])
        changes = {knob: value for knob, value in changes.items() if knob not in self.bench.spec.display}
        if self.bench.built and (self.behind or not self.bench.trained):
            self._want_fork(changes)

    def switch(self, line_id: int) -> None:
        """Show the head of a line."""
        line = next((line for line in self.lines if line.id == line_id), None)
        if line is self.line:
            self.rewind(self.bench.head)
        if line is None or line is self.line:
            return
        while not self.bench.between_rounds:
            self.advance()
        if self.bench.round == self.bench.head:
            self._keep(always=True)
        self._wanted_fork = None
        self.line = line
        self._target = None if line.bench.round == line.bench.head else line.bench.head
        self._forget_ablations()

    @property
    def full(self) -> bool:
        """Whether there is no room for another fork."""
        return len(self.lines) >= MOST_LINES

    def toggle(self, arm: str, head: str | None) -> None:
        """Take a head of an arm out of what is shown and measured, or put it back; None puts all back. Training keeps them all."""
        before = self._without.get(arm, ())
        if head is None:
            after: tuple[str, ...] = ()
        else:
            after = tuple(h for h in before if h != head) if head in before else (*before, head)
        self._without = {a: h for a, h in {**self._without, arm: after}.items() if h}
        self._ablations.pop(arm, None)

    def ablation_due(self, *, at_rest: bool) -> str | None:
        """The arm whose loss without its heads isn't known; with `at_rest`, also one for which it is known of another step only."""
        steps = {arm.id: arm.step for arm in self.bench.all_arms}
        for arm in self._without:
            known = self._ablations.get(arm)
            if known is None or (at_rest and known.step != steps.get(arm)):
                return arm
        return None

    def measure_ablation(self, arm: str) -> None:
        """Measure what the heads that are out do to an arm; a head that the arm doesn't have is put back."""
        try:
            found = self.bench.ablate(arm, self._without[arm])
        except KeyError:
            found = None
        if found is None:
            self._without.pop(arm)
            self._ablations.pop(arm, None)
            return
        step = next(a.step for a in self.bench.all_arms if a.id == arm)
        self._ablations[arm] = AblationStatus(step, found)

    @property
    def without(self) -> Mapping[str, tuple[str, ...]]:
        """Heads that are taken out, by arm."""
        return dict(self._without)

    @property
    def ablations(self) -> Mapping[str, AblationStatus]:
        """What that does to the loss, as far as it was measured."""
        return dict(self._ablations)

    def frame(self, view: str, arm: BenchArm) -> Frame | None:
        """A frame of an arm at the moment that is shown; of one that diverged before that, at the last kept moment at which it was
        sound. None when there is nothing to draw.
        """
        without = self._without.get(arm.id, ())
        kept = self._shown_glimpse(arm)
        if kept is not None:
            return self.bench.frame(view, arm, kept[1][arm.id], without)
        return self.bench.frame(view, arm, None, without)

    def stamp(self, arm: BenchArm) -> Hashable:
        """What a frame of an arm would show now: another stamp, another picture."""
        kept = self._shown_glimpse(arm)
        step = arm.step if kept is None else min(kept[0], self.bench.furthest(arm.id))
        return self.line.id, step, self._without.get(arm.id, ()), tuple(self.bench.knobs().items())

    def curves(self) -> Curves:
        """All lines in one chart, the present one last, so that it lies on top."""
        bench = self.bench
        others = [line for line in self.lines if line is not self.line and line.bench.group == bench.group]
        parts = [line.bench.curves(line.id, line.since) for line in [*others, self.line]]
        return Curves(tuple(series for part in parts for series in part.series))

    def curves_stamp(self) -> Hashable:
        """What the chart would show now."""
        return self.line.id, tuple(
            (line.bench.measured, *(line.bench.furthest(a.id) for a in line.bench.all_arms))
            for line in self.lines
        )

    def status(self) -> TimelineStatus:
        """Where it stands."""
        return TimelineStatus(
            line=self.line.id,
            at=self.at,
            total=self.bench.total,
            marks=tuple(self.line.marks()),
            ready=self.ready,
            of_base=self.bench.group == (BASE,),
            lines=tuple(
                LineStatus(
                    line.id,
                    line.parent.id if line.parent is not None else None,
                    line.since,
                    line.bench.head,
                    dict(line.changes),
                    line.bench.turns,
                    line.base_since,
                )
                for line in self.lines
            ),
            bytes=sum(line.bytes for line in self.lines),
            exact=not any(line.bench.history.mismatches for line in self.lines),
        )

    def _shown_glimpse(self, arm: BenchArm) -> tuple[int, Mapping[str, Any]] | None:
        """The glimpse that stands in for a moment that the bench isn't at yet, or at which the arm has no sound weights any more."""
        if arm.id not in self.bench.group:
            return None
        moment = self._target
        if arm.lost_at is not None and self.at >= arm.lost_at:
            # A step measures its loss before it learns: the last weights that are known to be sound were those before the
            # last step whose loss was.
            moment = max(0, arm.lost_at - 2)
        if moment is None:
            return None
        kept = self.line.glimpse(moment)
        return kept if kept is not None and arm.id in kept[1] else None

    def _want_fork(self, changes: dict[str, float]) -> None:
        if not self.full:
            self._wanted_fork = changes

    def _fork(self, changes: Mapping[str, float]) -> None:
        state = self.bench.keep()
        before = self.bench.knobs()
        # A fork of a fork's shared past leaves the line that this past belongs to.
        parent = self.line
        while parent.parent is not None and state.round < parent.since:
            parent = parent.parent
        line = self._line(self.lines[-1].id + 1, self.bench.fork(state), parent, state.round)
        line.group = self.line.group
        line.base_since = state.round if self.bench.group == (BASE,) else None
        line.changes = {knob: (before[knob], value) for knob, value in changes.items() if knob in before}
        line.states, line.glimpses = (
            Keyframes(self.line.states.stride),
            Keyframes(self.line.glimpses.stride),
        )
        self.lines.append(line)
        self.line = line
        line.states.keep(state.round, state, state.bytes)
        self._fit()
        for knob, value in changes.items():
            self.bench.adjust(knob, value)
        self._forget_ablations()

    def _forget_ablations(self) -> None:
        self._ablations.clear()

    def _line(self, id_: int, bench: Bench, parent: Line | None, since: int) -> Line:
        return Line(id_, bench, parent, since, Keyframes(), Keyframes())

    def _lay_out(self, line: Line, state: int, glimpse: int) -> None:
        """Choose how far apart the moments of a line are to be kept, so that what is going to come fits without anything having to go.

        Args:
            line: The line, of which nothing is kept yet.
            state: Bytes of one of its states.
            glimpse: Bytes of one of its glimpses.
        """
        rounds = line.bench.total + 1
        apart = _apart(rounds, glimpse, self._budget * _GLIMPSE_SHARE)
        if rounds * state > self._budget:
            apart = max(apart, _LEAST_APART)
        marks = -(-rounds // apart)
        left = self._budget - marks * glimpse
        line.glimpses = Keyframes(apart)
        # A mark with a state needs no glimpse.
        line.states = Keyframes(_apart(rounds, max(1, state - glimpse), left))

    def _fit(self) -> None:
        """Let go of moments until all fit into the budget, where most are kept."""
        while sum(line.bytes for line in self.lines) > self._budget:
            glimpses: list[Keyframes[Any]] = [line.glimpses for line in self.lines if line.glimpses.can_thin]
            states: list[Keyframes[Any]] = [line.states for line in self.lines if line.states.can_thin]
            crowded = sum(kept.bytes for kept in glimpses) > self._budget * _GLIMPSE_SHARE
            first, second = (glimpses, states) if crowded else (states, glimpses)
            if not (first or second):
                return
            max(first or second, key=lambda kept: kept.bytes).thin()

    def _keep(self, *, always: bool = False) -> None:
        """Keep the present moment if it is worth it."""
        line, bench = self.line, self.bench
        if line.group != bench.group:
            # The arms that follow a base have a past of their own.
            line.group, line.since = bench.group, 0
            line.states, line.glimpses = Keyframes(), Keyframes()
        if not (bench.built and bench.between_rounds) or bench.round < line.since:
            return
        # What is kept of a round is as it was before anything was turned there.
        always = always and not bench.turned_now
        if not line.states.rounds:
            state, (found, size) = bench.keep(), bench.glimpses()
            self._lay_out(line, state.bytes, size)
            line.states.keep(bench.round, state, state.bytes)
        elif always or line.states.due(bench.round):
            state = bench.keep()
            line.states.keep(bench.round, state, state.bytes, passing=always)
        elif line.glimpses.due(bench.round) and line.states.far(bench.round, line.glimpses.stride):
            found, size = bench.glimpses()
            line.glimpses.keep(bench.round, found, size)
        else:
            return
        self._fit()


def _apart(rounds: int, size: int, room: float) -> int:
    """Every how many rounds something of `size` bytes may be kept, so that it fits."""
    fits = max(1, int(room // max(1, size)))
    return max(1, -(-rounds // fits))
