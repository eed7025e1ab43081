"""Where a run has been: back to any moment, on from there, and aside into forks."""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Mapping
from typing import Any

from tutor.engine.branch import Branch, Keyframes, fit
from tutor.engine.knob_history import Moment
from tutor.engine.runner import Runner
from tutor.engine.snapshot import AblationStatus, ArmStatus, BranchStatus, TimelineStatus
from tutor.engine.stage import Arm
from tutor.experiments.knobs import Value
from tutor.frames import Curves, Frame

BUDGET = 200_000_000
"""Bytes that all kept moments of a run may take together."""

MOST_BRANCHES = 6
"""Branches that a chart can tell apart."""


class Ablations:
    """The parts of models that a learner takes out of what is shown and measured; training keeps them all.

    Attributes:
        without: Parts that are out, by arm.
        measured: What that does to the loss, as far as it is known.
    """

    def __init__(self) -> None:
        self.without: dict[str, tuple[str, ...]] = {}
        self.measured: dict[str, AblationStatus] = {}

    def toggle(self, arm: str, part: str | None) -> None:
        """Take a part of an arm out, or put it back; None puts all back."""
        before = self.without.get(arm, ())
        if part is None:
            after: tuple[str, ...] = ()
        else:
            after = tuple(p for p in before if p != part) if part in before else (*before, part)
        self.without = {a: parts for a, parts in {**self.without, arm: after}.items() if parts}
        self.measured.pop(arm, None)

    def measure_due(self, runner: Runner, *, at_rest: bool) -> bool:
        """Measure what the missing parts do to an arm of which that isn't known, and return whether there was one.

        With `at_rest`, also one of which it is known of another step only. Parts that an arm doesn't have are put back.
        """
        arms = {arm.id: arm for arm in runner.all_arms}
        for id, parts in self.without.items():
            arm, known = arms.get(id), self.measured.get(id)
            if arm is not None and known is not None and (known.step == arm.step or not at_rest):
                continue
            found = arm.ablate(parts) if arm is not None else None
            if arm is None or found is None:
                self.without = {a: parts for a, parts in self.without.items() if a != id}
                self.measured.pop(id, None)
            else:
                self.measured[id] = AblationStatus(arm.step, found)
            return True
        return False


class Timeline:
    """The branches of one run, one of which is shown and goes on, and the moment of it that is shown; `budget` as `BUDGET`."""

    def __init__(self, runner: Runner, budget: int = BUDGET) -> None:
        self._budget = budget
        self.branch = Branch(0, runner, None, Moment(0, 0))
        self.branches = [self.branch]
        self._target: int | None = None  # a moment that the runner is to be brought to
        self._wanted_fork: dict[str, Value] | None = None
        self.ablated = Ablations()

    @property
    def runner(self) -> Runner:
        return self.branch.runner

    @property
    def at(self) -> int:
        return self.runner.stage.round if self._target is None else self._target

    @property
    def behind(self) -> bool:
        return self.at < self.runner.stage.head

    @property
    def ready(self) -> bool:
        """Return whether the runner is at the moment that is shown, with nothing left to be done there."""
        return self._target is None and self._wanted_fork is None

    @property
    def forking(self) -> bool:
        return self._wanted_fork is not None

    def advance(self) -> Arm:
        arm = self.runner.advance()
        self._keep()
        return arm

    def approach(self) -> None:
        """Do one unit of work towards the moment that is shown, and the fork that was wanted there."""
        runner = self.runner
        if self._target is not None and runner.stage.round == self._target and runner.stage.between_rounds:
            self._target = None
        if self._target is None:
            if not runner.stage.between_rounds:
                self.advance()
            elif self._wanted_fork is not None:
                changes, self._wanted_fork = self._wanted_fork, None
                self._fork(changes)
            return
        kept = self.branch.state(self._target)
        if kept is not None and not (kept[0] <= runner.stage.round <= self._target):
            runner.stage.restore(kept[1])
        else:
            runner.advance()

    def rewind(self, round_: int) -> None:
        """Show the moment after a round, as far as the branch has come."""
        runner = self.runner
        if not runner.stage.built:
            return
        self._wanted_fork = None
        while not runner.stage.between_rounds:
            self.advance()
        if runner.stage.round == runner.stage.head and self._target is None:
            self._keep(always=True)  # so that the way back to the head is short
        target = min(max(round_, self.branch.first), runner.stage.head)
        self._target = None if target == runner.stage.round else target

    def scrub(self, by: int) -> None:
        """Show a kept moment so many further on, or back if negative."""
        if self.runner.stage.built:
            marks = self.branch.marks()
            here = self.at
            index = bisect.bisect_left(marks, here)
            if by > 0 and (index >= len(marks) or marks[index] != here):
                index -= 1  # between two marks, the next one is the first to the right
            self.rewind(marks[min(max(index + by, 0), len(marks) - 1)])

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a knob: of the branch itself at its head, in a fork anywhere before, without one where it only decides how things are shown.

        Raises:
            InputError: An instant experiment can't have that value.
        """
        within = self._within(knob, value)
        if within is None:
            return
        value = within
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
            branch = self.branch
            if branch.parent is not None and before is not None:
                branch.changes[knob] = (branch.changes.get(knob, (before, before))[0], value)

    def answer(self, question: str, value: str) -> None:
        """Answer the question of the moment that is shown, if it is that one.

        The first answer at the head is the branch's own, any other begins a fork.
        """
        asked = self.runner.asked if self.ready else None
        if asked is None or asked.id != question or value not in asked.choices:
            return
        given = self.runner.learner.answer_to(asked)
        if given is None and not self.behind:
            self._keep(always=True)
            self.runner.answer(asked, value)
        elif given not in (None, value) and self.behind and not self.full:
            self._fork({})
            self.runner.answer(asked, value)
            self.branch.answered = asked.choices[value]

    def fork(self, changes: Mapping[str, Value]) -> None:
        """Begin a branch at the moment that is shown; it does not differ by what only decides how things are shown."""
        display = self.runner.spec.display
        found = {knob: self._within(knob, value) for knob, value in changes.items()}
        turned = {knob: value for knob, value in found.items() if value is not None}
        for knob in turned.keys() & display:
            self.runner.adjust(knob, turned.pop(knob))
        possible = self.runner.stage.built and not self.runner.spec.instant
        if possible and (self.behind or not self.runner.ended):
            self._want_fork(turned)

    def switch(self, branch_id: int) -> None:
        branch = next((branch for branch in self.branches if branch.id == branch_id), None)
        if branch is self.branch:
            self.rewind(self.runner.stage.head)
        if branch is None or branch is self.branch:
            return
        while not self.runner.stage.between_rounds:
            self.advance()
        if self.runner.stage.round == self.runner.stage.head:
            self._keep(always=True)
        self._wanted_fork = None
        self.branch = branch
        stage = self.runner.stage
        self._target = None if stage.round == stage.head else stage.head
        self.ablated.measured.clear()  # that is of another branch

    @property
    def full(self) -> bool:
        return len(self.branches) >= MOST_BRANCHES

    def frame(self, view: str, arm: Arm | None) -> Frame | None:
        """Return a frame of an arm at the moment that is shown, or the chart of all; None when there is nothing to draw.

        Of an arm that diverged before that, it shows the last kept moment at which it was sound.
        """
        if arm is None:
            return self.curves()
        without = self.ablated.without.get(arm.id, ())
        kept = self._shown_state(arm)
        return arm.frame(view, None if kept is None else kept[1][arm.id], without, self.runner.display)

    def stamp(self, arm: Arm | None) -> Hashable:
        """Return what a frame of an arm, or the chart of all, would show now: another stamp, another frame."""
        if arm is None:
            return self.branch.id, tuple(
                (
                    branch.runner.measured,
                    *(branch.runner.history.last_step(a.id) for a in branch.runner.all_arms),
                )
                for branch in self.branches
            )
        kept = self._shown_state(arm)
        step = arm.step if kept is None else min(kept[0], self.runner.history.last_step(arm.id))
        return (
            self.branch.id,
            step,
            self.ablated.without.get(arm.id, ()),
            tuple((self.runner.knobs() | self.runner.display).items()),
            len(self.runner.learner.events),
        )

    def curves(self) -> Curves:
        """Return all branches in one chart, the present one last, so that it lies on top."""
        runner = self.runner
        others = [
            branch
            for branch in self.branches
            if branch is not self.branch and branch.runner.now == runner.now
        ]
        parts = [branch.runner.curves(branch.id, branch.since) for branch in [*others, self.branch]]
        return Curves(tuple(series for part in parts for series in part.series))

    def statuses(self) -> tuple[ArmStatus, ...]:
        """Return every arm as it stands at the moment that is shown: on the way there, the runner is somewhere else."""
        return self.runner.statuses(self.at if self.behind or not self.ready else None)

    def status(self) -> TimelineStatus:
        return TimelineStatus(
            branch=self.branch.id,
            at=self.at,
            total=self.runner.stage.total,
            marks=tuple(self.branch.marks()),
            ready=self.ready,
            stage=self.runner.now,
            stages=len(self.runner.stages),
            branches=tuple(
                BranchStatus(
                    branch.id,
                    branch.parent.id if branch.parent is not None else None,
                    branch.left,
                    branch.runner.stage.head,
                    dict(branch.changes),
                    branch.runner.learner.events,
                    branch.answered,
                )
                for branch in self.branches
            ),
            bytes=sum(branch.bytes for branch in self.branches),
            exact=not any(branch.runner.history.mismatches for branch in self.branches),
            full=self.full,
        )

    def close(self) -> None:
        for branch in self.branches:
            branch.runner.close()

    def _shown_state(self, arm: Arm) -> tuple[int, Mapping[str, Any]] | None:
        """Return the view state for a moment that the runner isn't at yet, or at which the arm has no sound weights any more."""
        if arm.id not in self.runner.stage.ids:
            return None
        moment = self._target
        if arm.lost_at is not None and self.at >= arm.lost_at:
            # A step measures its loss before it learns: the last weights that are known to be sound were those before the
            # last step whose loss was.
            moment = max(0, arm.lost_at - 2)
        if moment is None:
            return None
        kept = self.branch.view_state(moment)
        return kept if kept is not None and arm.id in kept[1] else None

    def _within(self, id: str, value: Value) -> Value | None:
        """Return a value within the bounds of the lab; None when the lab doesn't offer that knob, or the run can't take it."""
        knob = self.runner.spec.knob(id)
        if knob is None:  # it may be a line that is shown
            return value if self.runner.spec.is_live(id) else None
        offered = self.runner.lab.knob(id)
        if offered is None or not knob.live:
            return None
        return knob.within(value, offered.minimum, offered.maximum)

    def _want_fork(self, changes: dict[str, Value]) -> None:
        if not self.full:
            self._wanted_fork = changes

    def _fork(self, changes: Mapping[str, Value]) -> None:
        state = self.runner.stage.keep()
        before = self.runner.knobs()
        # A fork of a fork's shared past leaves the branch that this past belongs to.
        parent = self.branch
        moment = Moment(self.runner.now, state.round)
        while parent.parent is not None and moment < parent.left:
            parent = parent.parent
        branch = Branch(
            self.branches[-1].id + 1,
            self.runner.fork(state),
            parent,
            moment,
            Keyframes(self.branch.states.stride),
            Keyframes(self.branch.view_states.stride),
            {knob: (before[knob], value) for knob, value in changes.items() if knob in before},
            self.branch.stage,
        )
        self.branches.append(branch)
        self.branch = branch
        if not state.turned:
            branch.states.keep(state.round, state, state.bytes)
            fit(self.branches, self._budget)
        for knob, value in changes.items():
            self.runner.adjust(knob, value)
        self.ablated.measured.clear()  # that is of another branch

    def _keep(self, *, always: bool = False) -> None:
        if self.branch.keep(self._budget, always=always):
            fit(self.branches, self._budget)
