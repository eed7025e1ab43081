"""Ctrl+C, a terminal that hangs up and a request to end, all as one exception, which waits while a file is between two states.

By default the latter two end a process on the spot: an unfinished file would stay, and worker processes would live on. An exception
between the making of a file and the ``try`` that cleans up after it would leave the file, too; and where some library catches
everything (numpy does, while it is imported) it is lost: so `check`, which is called now and then, raises it again.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Stopped(KeyboardInterrupt):
    """A signal asked for an end."""

    def __init__(self, signum: int) -> None:
        super().__init__()
        self.signum = signum


_held = 0
"""How many times over signals wait."""

_asked: int | None = None
"""The first signal that came."""


@contextlib.contextmanager
def as_exceptions() -> Iterator[None]:
    """Raise `Stopped` for each of the signals, but for those that whoever started us has had ignored (``nohup``)."""
    global _asked  # noqa: PLW0603 - of the process, as its signals are
    before = {}
    _asked = None
    if threading.current_thread() is threading.main_thread():
        signals = (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP"))
        for signum in filter(None, signals):
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):
                before[signum] = signal.signal(signum, _handle)
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
        _asked = None


def _handle(signum: int, _frame: FrameType | None) -> None:
    global _asked  # noqa: PLW0603
    _asked = _asked or signum
    check()


def check() -> None:
    """Raise `Stopped` when one of the signals came, unless they are to wait."""
    if _asked is not None and not _held:
        raise Stopped(_asked)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the end."""
    global _held  # noqa: PLW0603
    _held += 1
    try:
        yield
    finally:
        _held -= 1
    check()


@contextlib.contextmanager
def released() -> Iterator[None]:
    """Inside of `held`, raise those that wait, and all that come."""
    global _held  # noqa: PLW0603
    before, _held = _held, 0
    try:
        check()
        yield
    finally:
        _held = before
