"""What goes between a screen and the thread of a run: commands in order, and a slot for one snapshot, newest wins."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

_LOOK_UP_SECONDS = 1.0

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot, safe between threads; `merge` makes one message of an untaken one and the newer one that replaces it."""

    def __init__(self, merge: Callable[[T, T], T]) -> None:
        self._merge = merge
        self._slot: T | None = None
        self._changed = threading.Condition()

    @property
    def empty(self) -> bool:
        """Return whether the last message was taken; only then is a new frame worth computing."""
        return self._slot is None

    def put(self, message: T) -> None:
        """Lay a message in the slot; an untaken one is merged into it."""
        with self._changed:
            self._slot = message if self._slot is None else self._merge(self._slot, message)
            self._changed.notify_all()

    def take(self) -> T | None:
        with self._changed:
            message, self._slot = self._slot, None
            return message

    def wait(self, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._slot is not None, timeout)


class Inbox(Generic[T]):
    """Commands in order, and the wish to stop, which overtakes them all. Safe between threads.

    Attributes:
        count: Commands that were ever put here.
    """

    def __init__(self) -> None:
        self._commands: deque[T] = deque()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self.count = 0

    @property
    def stopped(self) -> bool:
        """Return whether to stop: somebody said so, or the program is ending without having said so.

        The second keeps a program that died of an error from hanging for ever on its training thread, which Python waits for.
        """
        return self._stop.is_set() or not threading.main_thread().is_alive()

    def put(self, command: T) -> None:
        with self._changed:
            self._commands.append(command)
            self.count += 1
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._stop.set()
            self._changed.notify_all()

    def take(self) -> T | None:
        with self._changed:
            return self._commands.popleft() if self._commands else None

    def wait(self, timeout: float | None = None) -> None:
        """Block until there is a command or it is stopped, at most `timeout` seconds (None: about a second)."""
        # The end of the main thread notifies nobody, so even an endless wait looks up now and then; callers wait in a loop.
        seconds = _LOOK_UP_SECONDS if timeout is None else min(timeout, _LOOK_UP_SECONDS)
        with self._changed:
            self._changed.wait_for(lambda: bool(self._commands) or self._stop.is_set(), seconds)
