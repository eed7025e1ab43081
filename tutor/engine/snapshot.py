"""What a run tells the outside: plain values, safe to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tutor.frames import Frame
from tutor.text import Text

Phase = Literal["idle", "preparing", "base", "running", "paused", "finished", "stopped", "failed"]
"""idle: not started; preparing: importing torch and building; base: the base run trains; the rest is what it says."""

ENDED: frozenset[Phase] = frozenset(("finished", "stopped", "failed"))
"""Phases in which nothing more is trained."""

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
class Snapshot:
    """A run at a moment.

    Attributes:
        run_id: Rises with every reset, so that stale news can be told.
        phase: What the run does.
        arms: Every arm; the base first when there is one.
        frames: ``(view, arm)`` to frame, those made since the last snapshot that was taken; curves under ``("curves", "")``.
        message: Why it failed or which arms diverged, in words.
        seconds: Time spent in training steps.
        tokens_per_s: Training tokens a second of that time.
        speed: Limit in steps a second; None is none.
        knobs: Present value of every knob of the lab.
        final: Final metrics, once finished.
        claims: The lab's claims, once finished.
        outcome: Id of the prediction option that came true, once finished.
    """

    run_id: int
    phase: Phase
    arms: tuple[ArmStatus, ...]
    frames: Mapping[tuple[str, str], Frame]
    message: Text | None
    seconds: float
    tokens_per_s: float
    speed: float | None
    knobs: Mapping[str, float]
    final: Metrics | None = None
    claims: tuple[ClaimResult, ...] = ()
    outcome: str | None = None


def merge(older: Snapshot, newer: Snapshot) -> Snapshot:
    """The newer snapshot, with the frames of the older that it doesn't replace (of another run: none)."""
    if older.run_id != newer.run_id:
        return newer
    return replace(newer, frames={**older.frames, **newer.frames})
