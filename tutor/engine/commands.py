"""What a screen can tell a run: small values in a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Play:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""


@dataclass(frozen=True, slots=True)
class Step:
    """Do ``n`` steps of every arm, then stand still."""

    n: int


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """At most this many steps of every arm a second; None: no limit."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Adjust:
    """Turn a knob."""

    knob: str
    value: float


@dataclass(frozen=True, slots=True)
class Reset:
    """Begin again; None keeps the seed or the settings."""

    seed: int | None
    settings: Mapping[str, str | float] | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Which views are on the screen, and the shortest time in seconds between two frames of each."""

    views: Mapping[str, float]


Command: TypeAlias = Play | Pause | Step | SetSpeed | Adjust | Reset | Watch
