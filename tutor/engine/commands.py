"""What a screen can tell a run: small values in a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tutor.experiments.knobs import Value


@dataclass(frozen=True, slots=True)
class Play:
    """Go on from the moment that is shown."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""


@dataclass(frozen=True, slots=True)
class Step:
    """Do `n` steps of every arm that still trains, then stand still."""

    n: int


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Limit the steps of every arm a second; None is as fast as it goes."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Adjust:
    """Turn a knob; at an earlier moment this begins a fork there."""

    knob: str
    value: Value


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer a question by its id; where it was answered before, this begins a fork there. One that isn't asked now is dropped."""

    question: str
    value: str


@dataclass(frozen=True, slots=True)
class Rewind:
    """Stand still at the moment after this round, as far as the branch has come."""

    round: int


@dataclass(frozen=True, slots=True)
class Scrub:
    """Stand still so many kept moments further on, or back if negative."""

    by: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Begin a branch at the moment that is shown, with knobs turned."""

    changes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Switch:
    """Go to the head of another branch."""

    branch: int


@dataclass(frozen=True, slots=True)
class Ablate:
    """Take a part of an arm's model out of what is shown and measured, or put it back; None puts all back. Training keeps all."""

    arm: str
    part: str | None


@dataclass(frozen=True, slots=True)
class Reset:
    """Begin again; None keeps the seed or the settings."""

    seed: int | None
    settings: Mapping[str, str | float] | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Which views are on the screen, and the shortest seconds between two frames of each; of some, which arm alone is seen."""

    views: Mapping[str, float]
    only: Mapping[str, str] = field(default_factory=dict)


Move: TypeAlias = Adjust | Answer | Rewind | Scrub | Fork | Switch | Ablate
"""What changes the timeline of a run, or what is shown of it."""

Command: TypeAlias = Move | Play | Pause | Step | SetSpeed | Reset | Watch
