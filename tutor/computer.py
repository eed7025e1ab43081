"""The computer that the tutor runs on."""

from __future__ import annotations

import os
import sys


def cores() -> int:
    """Return how many cores this process may use: in a container it may be fewer than there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
