"""A limit in rounds a second, so that each step can be seen."""

from __future__ import annotations

import math
from collections.abc import Callable


class Pace:
    """When the next round may begin.

    Args:
        clock: Seconds, never going back.

    Attributes:
        speed: Rounds a second; None is as fast as it goes.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.speed: float | None = None
        self._next_at = -math.inf

    def limit(self, speed: float | None) -> None:
        """Another limit; None, or one that isn't positive, is none."""
        self.speed = speed if speed is not None and speed > 0 else None
        self.at_once()

    def at_once(self) -> None:
        """The next round needn't wait."""
        self._next_at = -math.inf

    @property
    def wait(self) -> float:
        """Seconds until the next round may begin; not positive when it may."""
        return self._next_at - self._clock()

    def begin(self) -> None:
        """A round begins: when may the next? Counted from when this one was due, so that small delays don't add up."""
        if self.speed is not None:
            now, period = self._clock(), 1 / self.speed
            due = self._next_at
            self._next_at = (due if now - due < period else now) + period
