"""The computer that the tutor runs on."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys


def cores() -> int:
    """Return how many cores this process may use: in a container it may be fewer than there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> float | None:
    """Return the bytes of memory that are built in; None when the system doesn't say."""
    with contextlib.suppress(AttributeError, ValueError, OSError):  # not every system knows these names
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return None


def give_back() -> None:
    """Return memory that was freed to the system. By itself glibc keeps what lies below anything still in use, most of a run's moments."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # musl has no such call, and needs none
            ctypes.CDLL(None).malloc_trim(0)
