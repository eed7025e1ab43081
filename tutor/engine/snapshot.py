"""What a run tells the outside: plain values, safe to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tutor.engine.knob_history import Event, Moment
from tutor.experiments.base import Ablation, ExperimentConfig, Question
from tutor.experiments.knobs import Value
from tutor.frames import Frame
from tutor.text import Text

Phase = Literal[
    "idle", "preparing", "base", "running", "asking", "paused", "measuring", "finished", "stopped", "failed"
]
"""idle: not started; preparing: importing torch and building; base: a stage before the last trains; asking: it waits for the
learner's answer; measuring: all is trained, and the final metrics are on their way; the rest is what it says."""

ENDED: frozenset[Phase] = frozenset(("finished", "stopped", "failed"))
"""Phases in which nothing more is trained."""

LOST: frozenset[Phase] = frozenset(("stopped", "failed"))
"""Phases in which a run has no past any more: what moves or turns it comes to nothing."""

Outcome = Literal["waiting", "going", "done", "diverged"]
"""How an arm stands; waiting: its stage is still to come."""

Metrics = Mapping[str, Mapping[str, float]]
"""Arm id to metric to value."""


@dataclass(frozen=True, slots=True)
class ArmStatus:
    """One arm at a moment: steps done, its budget, the latest value of each metric, how it stands and in which stage of the run."""

    id: str
    step: int
    total: int
    metrics: Mapping[str, float]
    outcome: Outcome
    stage: int = 0


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim of the lab, tested on this run; ``holds`` is None when it couldn't be evaluated."""

    expr: str
    text: Text
    holds: bool | None


@dataclass(frozen=True, slots=True)
class BranchStatus:
    """One branch of the timeline: the run itself (id 0, without a parent), or a fork.

    Attributes:
        left: The moment at which it left its parent.
        head: The furthest round it has come to in its present stage.
        changes: Knob to its value before and after: what makes it another branch.
        events: What the learner did on the way of this branch, from the beginning of the run on.
        answered: What was answered where it left; None when it left by a knob.
    """

    id: int
    parent: int | None
    left: Moment
    head: int
    changes: Mapping[str, tuple[Value, Value]]
    events: tuple[Event, ...]
    answered: Text | None = None

    def shared(self, stage: int) -> int | None:
        """Return the step up to which the arms of a stage are those of the branch it left; None: to their end."""
        return None if stage < self.left.stage else self.left.round if stage == self.left.stage else 0


@dataclass(frozen=True, slots=True)
class TimelineStatus:
    """Where in its past a run stands: which branch, and which of the `total` rounds of which of its `stages`, is shown.

    Attributes:
        marks: Rounds that the learner can scrub to at once, rising.
        ready: Whether training could go on from there this instant; until then what is shown comes from a kept view state.
        exact: Whether every step that was done again has measured what it measured the first time.
        full: Whether there is no room for another fork: what would begin one does nothing.
    """

    branch: int
    at: int
    total: int
    marks: tuple[int, ...]
    ready: bool
    branches: tuple[BranchStatus, ...]
    bytes: int
    exact: bool = True
    full: bool = False
    stage: int = 0
    stages: int = 1

    @property
    def current(self) -> BranchStatus:
        return next(branch for branch in self.branches if branch.id == self.branch)

    @property
    def behind(self) -> bool:
        """Return whether a moment of the past is shown."""
        return self.at < self.current.head

    @property
    def forks(self) -> tuple[int, ...]:
        """Return the rounds at which branches leave the one that is shown, and at which it left another itself."""
        near = [
            one for one in self.branches if self.branch in (one.id, one.parent) and one.parent is not None
        ]
        return tuple(one.left.round for one in near if one.left.stage == self.stage)


@dataclass(frozen=True, slots=True)
class AblationStatus:
    """What an arm's loss was without some parts, at a step."""

    step: int
    ablation: Ablation


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at a moment.

    Attributes:
        run_id: Rises with every reset, so that stale snapshots can be told.
        arms: Every arm; the base first when there is one.
        frames: ``(view, arm)`` to frame, those made since the last snapshot that was taken; curves under ``("curves", "")``. None:
            there is nothing to draw at this moment, and what was drawn before is to go.
        message: Why it failed or which arms diverged, in words.
        seconds: Time spent in training steps.
        per_second: How many of what the spec counts, a second of that time.
        speed: Limit in steps a second; None is none.
        knobs: Present value of every knob of the lab.
        final: Final metrics, once finished; so are `claims` and `outcome`, the id of the prediction option that came true.
        timeline: None before there is anything to stand on.
        without: Parts that are taken out, by arm.
        ablations: What that does to the loss, by arm; it comes a moment later.
        notice: What the learner should know about stored models and the data of the run, or why a knob could not be turned.
        heard: Commands obeyed so far.
        question: What was asked at the moment that is shown.
        answer: What was answered to that; None while it waits.
        base: The stored model that the base was taken from; empty when it was trained here.
    """

    run_id: int
    phase: Phase
    arms: tuple[ArmStatus, ...] = ()
    frames: Mapping[tuple[str, str], Frame | None] = field(default_factory=dict)
    message: Text | None = None
    seconds: float = 0.0
    per_second: float = 0.0
    speed: float | None = None
    knobs: Mapping[str, Value] = field(default_factory=dict)
    final: Metrics | None = None
    claims: tuple[ClaimResult, ...] = ()
    outcome: str | None = None
    timeline: TimelineStatus | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ablations: Mapping[str, AblationStatus] = field(default_factory=dict)
    notice: Text | None = None
    configs: Mapping[str, ExperimentConfig] = field(default_factory=dict)
    heard: int = 0
    question: Question | None = None
    answer: Value | None = None
    base: str = ""

    @property
    def diverged(self) -> bool:
        return any(arm.outcome == "diverged" for arm in self.arms)


def merge(older: Snapshot, newer: Snapshot) -> Snapshot:
    """Return the newer snapshot, with the frames of the older that it doesn't replace; none of another run or another branch."""
    if older.run_id != newer.run_id:
        return newer
    if older.timeline and newer.timeline and older.timeline.branch != newer.timeline.branch:
        return newer
    return replace(newer, frames={**older.frames, **newer.frames})
