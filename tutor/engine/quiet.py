"""How training is kept from disturbing the screen. Each setting was measured from outside a real terminal."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Iterator

_NICE = 10


@contextlib.contextmanager
def quiet_import() -> Iterator[None]:
    """Around the first import of torch: no collection inside it, and none over its objects ever again.

    A full collection while (or after) a hundred thousand objects are made stops the screen for a tenth of a second.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        if enabled:
            gc.enable()


def lower_priority() -> None:
    """Make the calling thread yield to the screen's. Linux knows priorities of single threads; elsewhere nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def share_interpreter() -> None:
    """With more than one core, let the screen's thread wait a tenth of a millisecond for the interpreter, not five."""
    if (os.cpu_count() or 1) > 1:
        sys.setswitchinterval(1e-4)


def limit_torch_threads() -> None:
    """Leave the screen a core: two compute threads on two cores fight with it and end slower.

    The number of threads also decides the order of sums, so a headless run must use the same to give the same bits.
    """
    import torch

    wanted = max(1, (os.cpu_count() or 1) - 1)
    if torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)
