"""A slot for one message, newest wins: how a run hands its snapshots to a screen that reads at its own rate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot, safe between threads.

    Args:
        merge: Makes one message of an untaken one and the newer one that replaces it.
    """

    def __init__(self, merge: Callable[[T, T], T]) -> None:
        self._merge = merge
        self._slot: T | None = None
        self._changed = threading.Condition()

    @property
    def empty(self) -> bool:
        """Whether the last message was taken; only then is a new picture worth computing."""
        return self._slot is None

    def put(self, message: T) -> None:
        """Lay a message in the slot; an untaken one is merged into it."""
        with self._changed:
            self._slot = message if self._slot is None else self._merge(self._slot, message)
            self._changed.notify_all()

    def take(self) -> T | None:
        """Empty the slot."""
        with self._changed:
            message, self._slot = self._slot, None
            return message

    def wait(self, timeout: float) -> bool:
        """Block until there is a message; False after ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._slot is not None, timeout)
