"""Several processes that train one model: what they agree on, what it takes, and how a run with them ends."""

from __future__ import annotations

import copy
import os
import signal
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.fake import LONG, Viewer
from tests.experiments.test_workers import ended
from tutor.content.library import Library
from tutor.engine import LabRun
from tutor.engine.configs import Plan, find_spec
from tutor.experiments.data_parallel import SIZES, DataParallel, Order, Replica, first_weights, work
from tutor.experiments.data_parallel_config import DataParallelConfig
from tutor.frames import Table
from tutor.nn.exchange import Group
from tutor.paths import course_root

ALL = 4 * sum(SIZES)
"""Bytes of all gradients."""


def build(**settings: Any) -> DataParallel:
    return DataParallel(DataParallelConfig(**settings), 0, 4)


def processes(view: object) -> list[int]:
    assert isinstance(view, Table)
    return [int(str(row[1])) for row in view.rows]


def test_two_workers_do_the_work_of_one_and_what_they_send_is_counted() -> None:
    sent = {}
    for settings in (
        {"exchange": "full"},
        {"exchange": "bf16"},
        {"exchange": "largest", "feedback": True},
        {"exchange": "average", "every": 2},
    ):
        two = build(**settings)
        first = two.step()
        fork = copy.deepcopy(two)
        assert [two.step() for _ in range(3)] == [fork.step() for _ in range(3)]
        sent[settings["exchange"]] = two.sent / 4
        assert (first.get("gap", 1) < 1e-6) == (settings["exchange"] == "full")
        a, b = two.replicas
        assert a.weights.equal(b.weights), "the fourth step ends in an average"
    found = [sent[exchange] / ALL for exchange in ("full", "bf16", "largest", "average")]
    assert found == pytest.approx([1, 0.5, 0.02, 0.5], rel=1e-3)
    two.close()


class Alone(Group):
    """A worker without others, and without a process."""

    def __init__(self) -> None:
        self.rank, self.size, self.sent = 0, 1, 0.0

    def mean(self, numbers: Tensor) -> Tensor:
        return numbers

    def gather(self, numbers: Tensor) -> list[Tensor]:
        return [numbers]


@pytest.mark.parametrize("feedback", [False, True])
def test_what_is_not_sent_is_kept_or_lost(feedback: bool) -> None:
    weights = torch.cat([part.flatten() for part in first_weights(torch.Generator().manual_seed(0))])
    config = DataParallelConfig(exchange="largest", feedback=feedback)
    windows = torch.randint(10, (12, 17), generator=torch.Generator().manual_seed(0))
    before = Replica(weights, torch.zeros(len(weights)))
    after, *_ = work(Alone(), Order(before, windows, config, 0.1, 0.01, average=False, check=False))
    sent = after.weights != weights
    assert sent.sum() == round(0.01 * len(weights))
    assert after.unsent.any() == feedback and not after.unsent[sent].any()


def test_a_run_stands_still_goes_back_and_says_when_a_worker_has_ended() -> None:
    lab = Library(course_root()).find_lab("data_parallel")[1].in_language("en")
    run = LabRun(Plan(lab, find_spec(lab), 0, {"workers": "1"}, 8))
    seen = Viewer(run)
    try:
        run.watch({"copies": 0.0})
        run.start(paused=True)
        run.step(3)
        seen.until(lambda now: now.phase == "paused" and now.timeline is not None and now.timeline.at == 3)
        [worker] = processes(seen.frame("copies", "full", lambda frame: bool(getattr(frame, "rows", ()))))
        run.rewind(1)
        seen.until(lambda now: now.timeline is not None and now.timeline.at == 1 and now.timeline.ready)
        os.kill(worker, signal.SIGKILL)
        run.play()
        told = seen.phase("failed").message
        assert told is not None and "Worker process 1 of 1 ended unexpectedly (exit code -9)" in told.en
    finally:
        run.stop()
        assert run.join(LONG)
    assert ended(worker)
