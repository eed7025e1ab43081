"""What a run tells the outside: plain values, safe to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tutor.content.models import BASE
from tutor.experiments.base import Ablation, ExperimentConfig
from tutor.frames import Frame
from tutor.text import Text

Phase = Literal[
    "idle", "preparing", "base", "running", "paused", "measuring", "finished", "stopped", "failed"
]
"""idle: not started; preparing: importing torch and building; base: the base run trains; measuring: all is trained, and the final
metrics are on their way; the rest is what it says."""

ENDED: frozenset[Phase] = frozenset(("finished", "stopped", "failed"))
"""Phases in which nothing more is trained."""

LOST: frozenset[Phase] = frozenset(("stopped", "failed"))
"""Phases in which a run has no past any more: what moves or turns it comes to nothing."""

Outcome = Literal["waiting", "going", "done", "diverged"]
"""How an arm stands; waiting: it comes after the base."""

Metrics = Mapping[str, Mapping[str, float]]
"""Arm id to metric to value."""


@dataclass(frozen=True, slots=True)
class ArmStatus:
    """One arm at a moment.

    Attributes:
        id: Its id; ``base`` is the base run.
        step: Steps done.
        total: Its budget.
        metrics: The latest value of each metric.
        outcome: How it stands.
    """

    id: str
    step: int
    total: int
    metrics: Mapping[str, float]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim of the lab, tested on this run; ``holds`` is None when it couldn't be evaluated."""

    expr: str
    text: Text
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A knob was turned after a round: from the next one on it has this value."""

    round: int
    knob: str
    value: float


@dataclass(frozen=True, slots=True)
class LineStatus:
    """One line of the timeline: the run itself, or a fork.

    Attributes:
        id: 0 is the run itself.
        parent: Line that it left; None for the run itself.
        since: Round at which it left, of the arms that train now: 0 when it left in the base and that is over.
        head: The furthest round it has come to.
        changes: Knob to its value before and after: what makes it another line.
        turns: Every turn of a knob on the way of this line, from the beginning of the run on; the base's have rounds below 0.
        base_since: Step of the base at which it left; None when it didn't leave in the base.
    """

    id: int
    parent: int | None
    since: int
    head: int
    changes: Mapping[str, tuple[float, float]]
    turns: tuple[Turn, ...]
    base_since: int | None = None

    def shared(self, arm: str) -> int | None:
        """The step up to which an arm is that of the line it left; None: to its end."""
        if arm == BASE:
            return self.base_since
        return self.since if self.base_since is None else 0


@dataclass(frozen=True, slots=True)
class TimelineStatus:
    """Where in its past a run stands.

    Attributes:
        line: The line that is shown.
        at: Round that is shown.
        total: Rounds that the line is going to have.
        marks: Rounds that the learner can scrub to at once, rising.
        ready: Whether training could go on from there this instant; until then what is shown comes from a kept view_state.
        lines: All lines.
        bytes: Memory that the kept moments take.
        exact: Whether every step that was done again has measured what it measured the first time.
        of_base: Whether its rounds are those of the base.
    """

    line: int
    at: int
    total: int
    marks: tuple[int, ...]
    ready: bool
    lines: tuple[LineStatus, ...]
    bytes: int
    exact: bool = True
    of_base: bool = False

    @property
    def current(self) -> LineStatus:
        """The line that is shown."""
        return next(line for line in self.lines if line.id == self.line)

    @property
    def behind(self) -> bool:
        """Whether a moment of the past is shown."""
        return self.at < self.current.head

    @property
    def forks(self) -> tuple[int, ...]:
        """Rounds at which lines leave the one that is shown, and at which it left another itself."""
        near = [
            line for line in self.lines if self.line in (line.id, line.parent) and line.parent is not None
        ]
        if self.of_base:
            return tuple(line.base_since for line in near if line.base_since is not None)
        return tuple(line.since for line in near if line.base_since is None)


@dataclass(frozen=True, slots=True)
class AblationStatus:
    """What an arm's loss was without some parts, at a step."""

    step: int
    ablation: Ablation


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at a moment.

    Attributes:
        run_id: Rises with every reset, so that stale news can be told.
        phase: What the run does.
        arms: Every arm; the base first when there is one.
        frames: ``(view, arm)`` to frame, those made since the last snapshot that was taken; curves under ``("curves", "")``. None:
            there is nothing to draw at this moment, and what was drawn before is to go.
        message: Why it failed or which arms diverged, in words.
        seconds: Time spent in training steps.
        per_second: How many of what the spec counts, a second of that time.
        speed: Limit in steps a second; None is none.
        knobs: Present value of every knob of the lab.
        final: Final metrics, once finished.
        claims: The lab's claims, once finished.
        outcome: Id of the prediction option that came true, once finished.
        timeline: Where in its past the run stands; None before there is anything to stand on.
        without: Parts that are taken out, by arm.
        ablations: What that does to the loss, by arm; it comes a moment later.
        notice: What the learner should know about the models on the shelf.
        configs: What each arm was built from.
        heard: Commands obeyed so far.
        base: The model on the shelf that the base was taken from; empty when it was trained here.
    """

    run_id: int
    phase: Phase
    arms: tuple[ArmStatus, ...]
    frames: Mapping[tuple[str, str], Frame | None]
    message: Text | None
    seconds: float
    per_second: float
    speed: float | None
    knobs: Mapping[str, float]
    final: Metrics | None = None
    claims: tuple[ClaimResult, ...] = ()
    outcome: str | None = None
    timeline: TimelineStatus | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ablations: Mapping[str, AblationStatus] = field(default_factory=dict)
    notice: Text | None = None
    configs: Mapping[str, ExperimentConfig] = field(default_factory=dict)
    heard: int = 0
    base: str = ""


def merge(older: Snapshot, newer: Snapshot) -> Snapshot:
    """The newer snapshot, with the frames of the older that it doesn't replace; none of another run or another line."""
    if older.run_id != newer.run_id:
        return newer
    if older.timeline and newer.timeline and older.timeline.line != newer.timeline.line:
        return newer
    return replace(newer, frames={**older.frames, **newer.frames})
