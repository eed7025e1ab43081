"""How training is kept from disturbing the screen. Each setting was measured from outside a real terminal."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading

from tutor.computer import cores
from tutor.content.problems import shorten
from tutor.experiments.base import ExperimentSpec
from tutor.text import InputError, Text

_NICE = 10
_SWITCH_SECONDS = 1e-4
_loading = threading.Lock()


def load_quietly(spec: ExperimentSpec) -> None:
    """Import what an experiment needs, and set torch up if that was among it.

    The first import of torch makes some hundred thousand objects. Collections while they are made, and full ones over
    them later, each stop the screen for a tenth of a second: so none runs meanwhile, and afterwards all that is there is taken out of
    the collector's sight, with the few thousand dead objects that the import leaves. Once only: freezing again would keep earlier runs too.
    """
    with _loading:  # the collector belongs to the whole process
        first, enabled = "torch" not in sys.modules, gc.isenabled()
        if first:
            gc.disable()
        try:
            spec.load()
            if "torch" in sys.modules:
                if first:
                    gc.freeze()
                _limit_torch_threads()
        finally:
            if enabled:
                gc.enable()


def failure(error: Exception) -> Text:
    """Return what went wrong in an experiment as a sentence for the learner, whatever it was."""
    if isinstance(error, InputError):
        return error.text
    return _BROKE.format(kind=type(error).__name__, what=shorten(str(error)) or "?")


def collect_now() -> None:
    """Collect everywhere, where nothing is being painted: between two runs."""
    gc.collect()


def make_way() -> None:
    """Make the calling thread yield to the screen's.

    Linux knows priorities of single threads; elsewhere the call would lower the whole process. And the screen waits a tenth of a millisecond
    for the interpreter, not five; on one core the extra switches would only cost.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    if cores() > 1:
        sys.setswitchinterval(_SWITCH_SECONDS)


def _limit_torch_threads() -> None:
    """Leave the screen a core: two compute threads on two cores fight with it and end slower.

    The number of threads also decides the order of sums, so a headless run must use the same to give the same bits.
    """
    import torch

    wanted = max(1, cores() - 1)
    if torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)


_BROKE = Text("实验出错了（{kind}：{what}）。", "The experiment failed ({kind}: {what}).")
