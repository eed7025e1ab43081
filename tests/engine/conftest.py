"""Runs that are surely over when their test is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.fake import LONG, Control, Viewer, fake_lab, fake_spec
from tutor.engine import LabRun
from tutor.engine.configs import Plan


@pytest.fixture
def control() -> Control:
    return Control()


@pytest.fixture
def view(control: Control) -> Iterator[Callable[..., Viewer]]:
    """Makes runs of a fake lab, each with a viewer; all are stopped at the end, and no thread may stay."""
    runs: list[LabRun] = []
    before = set(threading.enumerate())

    def make(lab: Any = None, **arguments: Any) -> Viewer:
        clock = arguments.pop("clock", time.monotonic)
        plan = Plan(lab if lab is not None else fake_lab(), **{"spec": fake_spec(control), **arguments})
        run = LabRun(plan, clock)
        runs.append(run)
        return Viewer(run)

    yield make
    for gate in control.gates.values():
        gate.open()
    for run in runs:
        run.stop()
        assert run.join(LONG)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("lab-")]
