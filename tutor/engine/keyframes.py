"""Moments of a run that are kept, evenly spread over it, within a budget of memory."""

from __future__ import annotations

import bisect
from typing import Generic, TypeVar

T = TypeVar("T")


class Keyframes(Generic[T]):
    """Things kept at rounds 0, s, 2s, …; when they no longer fit, s doubles and every other one goes.

    Args:
        budget: Bytes that all together may take. The first and the newest always stay.
        expected: Rounds that the run is going to have: s begins so that as many as fit come out evenly spread, and only a run
            that goes on longer is thinned.
    """

    def __init__(self, budget: int, expected: int) -> None:
        self._budget = budget
        self._expected = expected
        self._stride = 0
        self._items: dict[int, tuple[T, int]] = {}
        self._rounds: list[int] = []
        self.bytes = 0

    @property
    def rounds(self) -> tuple[int, ...]:
        """Where something is kept, rising."""
        return tuple(self._rounds)

    @property
    def expected_bytes(self) -> int:
        """What all that is going to be kept will take; 0 before anything is."""
        if not self._rounds:
            return 0
        return self._items[self._rounds[0]][1] * -(-(self._expected + 1) // max(1, self._stride))

    def due(self, round_: int) -> bool:
        """Whether this round is worth keeping: one of the even places, and not kept yet."""
        return round_ not in self._items and (self._stride == 0 or round_ % self._stride == 0)

    def keep(self, round_: int, item: T, size: int) -> None:
        """Keep something of `size` bytes; thin if need be."""
        if self._stride == 0:
            fits = max(1, self._budget // max(1, size))
            self._stride = max(1, -(-(self._expected + 1) // fits))
        newest = self._rounds[-1] if self._rounds else 0
        self._put(round_, item, size)
        if newest % self._stride and newest < round_ and newest != self._rounds[0]:
            self._drop(newest)  # it was there only as the newest
        self._thin()

    def resize(self, budget: int) -> None:
        """Another budget; thin if need be."""
        self._budget = budget
        self._thin()

    def nearest(self, round_: int) -> tuple[int, T] | None:
        """What is kept at a round or last before it, and where; None when nothing is."""
        index = bisect.bisect_right(self._rounds, round_) - 1
        if index < 0:
            return None
        found = self._rounds[index]
        return found, self._items[found][0]

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._rounds.clear()
        self.bytes = 0
        self._stride = 0

    def _put(self, round_: int, item: T, size: int) -> None:
        if round_ in self._items:
            self.bytes -= self._items[round_][1]
        else:
            bisect.insort(self._rounds, round_)
        self._items[round_] = (item, size)
        self.bytes += size

    def _thin(self) -> None:
        while self.bytes > self._budget and len(self._rounds) > 2:
            self._stride = max(1, self._stride) * 2
            first, last = self._rounds[0], self._rounds[-1]
            for round_ in [r for r in self._rounds if r % self._stride and r not in (first, last)]:
                self._drop(round_)
            if self._stride > last:
                break

    def _drop(self, round_: int) -> None:
        self.bytes -= self._items.pop(round_)[1]
        self._rounds.remove(round_)
