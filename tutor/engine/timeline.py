"""Where a run has been: back to any moment, on from there, and aside into forks."""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Mapping
from typing import Any

from tutor.engine.ablations import Ablations
from tutor.engine.keyframes import Keyframes
from tutor.engine.line import Line, fit
from tutor.engine.runner import Runner
from tutor.engine.snapshot import LineStatus, Moment, TimelineStatus
from tutor.engine.stage import Arm
from tutor.experiments.base import Value
from tutor.frames import Curves, Frame

BUDGET = 200_000_000
"""Bytes that all kept moments of a run may take together."""

MOST_LINES = 6
"""Lines that a chart can tell apart."""


class Timeline:
    """The lines of one run, and the moment of one of them that is shown.

    Args:
        runner: The run, not begun.
        budget: Bytes that all kept moments may take.

    Attributes:
        line: The line that is shown and goes on.
        lines: All of them.
        ablated: The parts of models that are taken out of what is shown.
    """

    def __init__(self, runner: Runner, budget: int = BUDGET) -> None:
        self._budget = budget
        self.line = self._line(0, runner, None, Moment(0, 0))
        self.lines = [self.line]
        self._target: int | None = None  # a moment that the runner is to be brought to
        self._wanted_fork: dict[str, Value] | None = None
        self.ablated = Ablations()

    @property
    def runner(self) -> Runner:
        """What trains the line that is shown."""
        return self.line.runner

    @property
    def at(self) -> int:
        """The round that is shown."""
        return self.runner.round if self._target is None else self._target

    @property
    def behind(self) -> bool:
        """Whether a moment of the past is shown."""
        return self.at < self.runner.head

    @property
    def ready(self) -> bool:
        """Whether the runner is at the moment that is shown, with nothing left to be done there."""
        return self._target is None and self._wanted_fork is None

    @property
    def forking(self) -> bool:
        """Whether a fork is to begin as soon as the moment that is shown is reached."""
        return self._wanted_fork is not None

    def advance(self) -> Arm:
        """One unit of work of the present line; see `Runner.advance`."""
        arm = self.runner.advance()
        self._keep()
        return arm

    def approach(self) -> None:
        """One unit of work towards the moment that is shown, and the fork that was wanted there."""
        runner = self.runner
        if self._target is not None and runner.round == self._target and runner.between_rounds:
            self._target = None
        if self._target is None:
            if not runner.between_rounds:
                self.advance()
            elif self._wanted_fork is not None:
                changes, self._wanted_fork = self._wanted_fork, None
                self._fork(changes)
            return
        kept = self.line.state(self._target)
        if kept is not None and not (kept[0] <= runner.round <= self._target):
            runner.restore(kept[1])
        else:
            runner.advance()

    def rewind(self, round_: int) -> None:
        """Show the moment after a round, as far as the line has come."""
        runner = self.runner
        if not runner.built:
            return
        self._wanted_fork = None
        while not runner.between_rounds:
            self.advance()
        if runner.round == runner.head and self._target is None:
            self._keep(always=True)  # so that the way back to the head is short
        target = min(max(round_, self.line.first), runner.head)
        self._target = None if target == runner.round else target

    def scrub(self, by: int) -> None:
        """Show a kept moment so many further on, or back if negative."""
        if self.runner.built:
            marks = self.line.marks()
            here = self.at
            index = bisect.bisect_left(marks, here)
            if by > 0 and (index >= len(marks) or marks[index] != here):
                index -= 1  # between two marks, the next one is the first to the right
            self.rewind(marks[min(max(index + by, 0), len(marks) - 1)])

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a knob: of the line itself at its head, in a fork anywhere before; one that only decides how things are shown needs
        no fork.
        """
        if knob in self.runner.spec.display:
            self.runner.adjust(knob, value)
        elif self.runner.spec.instant:
            if self.runner.over:
                self.runner.recompute(knob, value)
        elif self._wanted_fork is not None:
            self._wanted_fork[knob] = value
        elif self.behind:
            self._want_fork({knob: value})
        elif not self.runner.ended:
            before = self.runner.knobs(self.at).get(knob)
            if self._target is None:
                self._keep(always=True)  # while the experiments don't know of it yet
                self.runner.adjust(knob, value)
            else:
                self.runner.adjust_at_head(knob, value)
            line = self.line
            if line.parent is not None and before is not None:
                line.changes[knob] = (line.changes.get(knob, (before, before))[0], value)

    def answer(self, question: str, value: str) -> None:
        """Answer the question of the moment that is shown, if it is that one: the first answer at the head is the line's own, any other
        begins a fork.
        """
        asked = self.runner.asked if self.ready else None
        if asked is None or asked.id != question or value not in asked.choices:
            return
        given = self.runner.answer_to(asked)
        if given is None and not self.behind:
            self._keep(always=True)
            self.runner.answer(asked, value)
        elif given not in (None, value) and self.behind and not self.full:
            self._fork({})
            self.runner.answer(asked, value)
            self.line.answered = asked.choices[value]

    def fork(self, changes: Mapping[str, Value]) -> None:
        """Begin a line of its own at the moment that is shown; it does not differ by what only decides how things are shown."""
        for knob in changes.keys() & self.runner.spec.display:
            self.runner.adjust(knob, changes[knob])
        changes = {knob: value for knob, value in changes.items() if knob not in self.runner.spec.display}
        if self.runner.spec.instant:
            return
        if self.runner.built and (self.behind or not self.runner.ended):
            self._want_fork(changes)

    def switch(self, line_id: int) -> None:
        """Show the head of a line."""
        line = next((line for line in self.lines if line.id == line_id), None)
        if line is self.line:
            self.rewind(self.runner.head)
        if line is None or line is self.line:
            return
        while not self.runner.between_rounds:
            self.advance()
        if self.runner.round == self.runner.head:
            self._keep(always=True)
        self._wanted_fork = None
        self.line = line
        self._target = None if line.runner.round == line.runner.head else line.runner.head
        self.ablated.forget()

    @property
    def full(self) -> bool:
        """Whether there is no room for another fork."""
        return len(self.lines) >= MOST_LINES

    def frame(self, view: str, arm: Arm) -> Frame | None:
        """A frame of an arm at the moment that is shown; of one that diverged before that, at the last kept moment at which it was
        sound. None when there is nothing to draw.
        """
        without = self.ablated.of(arm.id)
        kept = self._shown_state(arm)
        if kept is not None:
            return self.runner.frame(view, arm, kept[1][arm.id], without)
        return self.runner.frame(view, arm, None, without)

    def stamp(self, arm: Arm) -> Hashable:
        """What a frame of an arm would show now: another stamp, another picture."""
        kept = self._shown_state(arm)
        step = arm.step if kept is None else min(kept[0], self.runner.furthest(arm.id))
        return (
            self.line.id,
            step,
            self.ablated.of(arm.id),
            tuple(self.runner.knobs().items()),
            len(self.runner.events),
        )

    def curves(self) -> Curves:
        """All lines in one chart, the present one last, so that it lies on top."""
        runner = self.runner
        others = [line for line in self.lines if line is not self.line and line.runner.now == runner.now]
        parts = [line.runner.curves(line.id, line.since) for line in [*others, self.line]]
        return Curves(tuple(series for part in parts for series in part.series))

    def curves_stamp(self) -> Hashable:
        """What the chart would show now."""
        return self.line.id, tuple(
            (line.runner.measured, *(line.runner.furthest(a.id) for a in line.runner.all_arms))
            for line in self.lines
        )

    def status(self) -> TimelineStatus:
        """Where it stands."""
        return TimelineStatus(
            line=self.line.id,
            at=self.at,
            total=self.runner.total,
            marks=tuple(self.line.marks()),
            ready=self.ready,
            stage=self.runner.now,
            stages=len(self.runner.stages),
            lines=tuple(
                LineStatus(
                    line.id,
                    line.parent.id if line.parent is not None else None,
                    line.left,
                    line.runner.head,
                    dict(line.changes),
                    line.runner.events,
                    line.answered,
                )
                for line in self.lines
            ),
            bytes=sum(line.bytes for line in self.lines),
            exact=not any(line.runner.history.mismatches for line in self.lines),
        )

    def close(self) -> None:
        """Let all experiments go; nothing more is asked of them."""
        for line in self.lines:
            line.runner.close()

    def _shown_state(self, arm: Arm) -> tuple[int, Mapping[str, Any]] | None:
        """The view_state that stands in for a moment that the runner isn't at yet, or at which the arm has no sound weights any more."""
        if arm.id not in self.runner.group:
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

    def _want_fork(self, changes: dict[str, Value]) -> None:
        if not self.full:
            self._wanted_fork = changes

    def _fork(self, changes: Mapping[str, Value]) -> None:
        state = self.runner.keep()
        before = self.runner.knobs()
        # A fork of a fork's shared past leaves the line that this past belongs to.
        parent = self.line
        moment = Moment(self.runner.now, state.round)
        while parent.parent is not None and moment < parent.left:
            parent = parent.parent
        line = self._line(self.lines[-1].id + 1, self.runner.fork(state), parent, moment)
        line.stage = self.line.stage
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
            self.runner.adjust(knob, value)
        self.ablated.forget()

    def _keep(self, *, always: bool = False) -> None:
        """Keep the present moment if it is worth it."""
        if self.line.keep(self._budget, always=always):
            fit(self.lines, self._budget)

    def _line(self, id_: int, runner: Runner, parent: Line | None, left: Moment) -> Line:
        return Line(id_, runner, parent, left, Keyframes(), Keyframes())
