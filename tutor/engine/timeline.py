"""Where a run has been: back to any moment, on from there, and aside into forks."""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Mapping
from typing import Any

from tutor.content.models import BASE
from tutor.engine.ablations import Ablations
from tutor.engine.arm import BenchArm
from tutor.engine.bench import Bench
from tutor.engine.keyframes import Keyframes
from tutor.engine.line import Line, fit
from tutor.engine.snapshot import LineStatus, TimelineStatus
from tutor.frames import Curves, Frame

BUDGET = 200_000_000
"""Bytes that all kept moments of a run may take together."""

MOST_LINES = 6
"""Lines that a chart can tell apart."""


class Timeline:
    """The lines of one run, and the moment of one of them that is shown.

    Args:
        bench: The run, not begun.
        budget: Bytes that all kept moments may take.

    Attributes:
        line: The line that is shown and goes on.
        lines: All of them.
        ablated: The parts of models that are taken out of what is shown.
    """

    def __init__(self, bench: Bench, budget: int = BUDGET) -> None:
        self._budget = budget
        self.line = self._line(0, bench, None, 0)
        self.lines = [self.line]
        self._target: int | None = None  # a moment that the bench is to be brought to
        self._wanted_fork: dict[str, float] | None = None
        self.ablated = Ablations()

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
        elif not self.bench.ended:
            before = self.bench.knobs(self.at).get(knob)
            if self._target is None:
                self._keep(always=True)  # while the experiments don't know of it yet
                self.bench.adjust(knob, value)
            else:
                self.bench.adjust_at_head(knob, value)
            line = self.line
            if line.parent is not None and before is not None:
                line.changes[knob] = (line.changes.get(knob, (before, before))[0], value)

    def fork(self, changes: Mapping[str, float]) -> None:
        """Begin a line of its own at the moment that is shown; it does not differ by what only decides how things are shown."""
        for knob in changes.keys() & self.bench.spec.display:
            self.bench.adjust(knob, changes[knob])
        changes = {knob: value for knob, value in changes.items() if knob not in self.bench.spec.display}
        if self.bench.built and (self.behind or not self.bench.ended):
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
        self.ablated.forget()

    @property
    def full(self) -> bool:
        """Whether there is no room for another fork."""
        return len(self.lines) >= MOST_LINES

    def frame(self, view: str, arm: BenchArm) -> Frame | None:
        """A frame of an arm at the moment that is shown; of one that diverged before that, at the last kept moment at which it was
        sound. None when there is nothing to draw.
        """
        without = self.ablated.of(arm.id)
        kept = self._shown_state(arm)
        if kept is not None:
            return self.bench.frame(view, arm, kept[1][arm.id], without)
        return self.bench.frame(view, arm, None, without)

    def stamp(self, arm: BenchArm) -> Hashable:
        """What a frame of an arm would show now: another stamp, another picture."""
        kept = self._shown_state(arm)
        step = arm.step if kept is None else min(kept[0], self.bench.furthest(arm.id))
        return self.line.id, step, self.ablated.of(arm.id), tuple(self.bench.knobs().items())

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

    def close(self) -> None:
        """Let all experiments go; nothing more is asked of them."""
        for line in self.lines:
            line.bench.close()

    def _shown_state(self, arm: BenchArm) -> tuple[int, Mapping[str, Any]] | None:
        """The view_state that stands in for a moment that the bench isn't at yet, or at which the arm has no sound weights any more."""
        if arm.id not in self.bench.group:
            return None
        moment = self._target
        if arm.lost_at is not None and self.at >= arm.lost_at:
            # A step measures its loss before it learns: the last weights that are known to be sound were those before the
            # last step whose loss was.
            moment = max(0, arm.lost_at - 2)
        if moment is None:
            return None
        kept = self.line.view_state(moment)
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
        line.states, line.view_states = (
            Keyframes(self.line.states.stride),
            Keyframes(self.line.view_states.stride),
        )
        self.lines.append(line)
        self.line = line
        if not state.turned:
            line.states.keep(state.round, state, state.bytes)
            fit(self.lines, self._budget)
        for knob, value in changes.items():
            self.bench.adjust(knob, value)
        self.ablated.forget()

    def _keep(self, *, always: bool = False) -> None:
        """Keep the present moment if it is worth it."""
        if self.line.keep(self._budget, always=always):
            fit(self.lines, self._budget)

    def _line(self, id_: int, bench: Bench, parent: Line | None, since: int) -> Line:
        return Line(id_, bench, parent, since, Keyframes(), Keyframes())
