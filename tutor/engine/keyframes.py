"""Moments of a run that are kept, about evenly spread over it."""

from __future__ import annotations

import bisect
from typing import Generic, TypeVar

T = TypeVar("T")


class Keyframes(Generic[T]):
    """Things kept at rounds at least a stride apart, until some have to go.

    Attributes:
        stride: Rounds from one to the next, at least 1. It grows when things go, so that what comes later is as far apart as what stays.
        bytes: What all together take.
    """

    def __init__(self, stride: int = 1) -> None:
        self.stride = max(1, stride)
        self._items: dict[int, tuple[T, int]] = {}
        self._rounds: list[int] = []
        self._passing: int | None = None
        self.bytes = 0

    @property
    def rounds(self) -> tuple[int, ...]:
        return tuple(self._rounds)

    def due(self, round_: int) -> bool:
        """Return whether a round is far enough from those before and after it to be kept."""
        return self.far(round_, self.stride)

    def far(self, round_: int, stride: int) -> bool:
        """Return whether nothing but what is passing is kept fewer rounds away."""
        at = bisect.bisect_left(self._rounds, round_)
        around = [r for r in self._rounds[max(0, at - 2) : at + 2] if r != self._passing]
        return all(abs(round_ - r) >= stride for r in around)

    def keep(self, round_: int, item: T, size: int, *, passing: bool = False) -> None:
        """Keep something of `size` bytes in place of what was kept of that round.

        With `passing`, let go of it when the next one is kept, unless it is far enough away to have a place of its own.
        """
        stays = round_ in self._items and round_ != self._passing
        passing = passing and not stays and not self.due(round_)
        self._let_pass(round_)
        if passing:
            self._passing = round_
        if round_ in self._items:
            self.bytes -= self._items[round_][1]
        else:
            bisect.insort(self._rounds, round_)
        self._items[round_] = (item, size)
        self.bytes += size

    def nearest(self, round_: int) -> tuple[int, T] | None:
        """Return the last round up to this one of which something is kept, and that; None before the first."""
        index = bisect.bisect_right(self._rounds, round_) - 1
        if index < 0:
            return None
        found = self._rounds[index]
        return found, self._items[found][0]

    @property
    def can_thin(self) -> bool:
        """Return whether there is more than the first and the newest, which always stay."""
        return len(self._rounds) > 2

    def thin(self) -> None:
        """Let go of the one that leaves the smallest gap, never of the first or the newest."""
        if not self.can_thin:
            return
        rounds = self._rounds
        spans = [
            (after - before, here)
            for before, here, after in zip(rounds, rounds[1:], rounds[2:], strict=False)
        ]
        span, round_ = min(spans)
        self._drop(round_)
        # All gaps are between this half and twice as much: to keep more than that of what comes would only drive out what is there.
        self.stride = max(self.stride, span // 2)

    def _let_pass(self, next_: int) -> None:
        if self._passing is not None and self._passing != next_ and len(self._rounds) > 1:
            self._drop(self._passing)
        self._passing = None

    def _drop(self, round_: int) -> None:
        self.bytes -= self._items.pop(round_)[1]
        self._rounds.remove(round_)
        if self._passing == round_:
            self._passing = None
