"""Weights of a trained model set to zero: from where each share begins, and what training on changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tutor.experiments.base import TrainedModel
from tutor.experiments.prune import Prune
from tutor.experiments.prune_config import SHARES, PruneConfig
from tutor.frames import Curves, Table


def prune(model: TrainedModel, steps: int, **settings: Any) -> Prune:
    run = Prune(PruneConfig(batch=4, **settings), 0, 50, model)
    for _ in range(steps):
        run.step()
    return run


def test_every_share_begins_from_the_trained_model(trained: TrainedModel) -> None:
    run = prune(trained, 50)
    assert list(run.done) == [0, *SHARES]
    final = run.finish()
    assert final["loss_0"] == pytest.approx(trained.metrics["val_loss"])
    for share in SHARES:
        head = run.done[share].tensors["head.weight"]
        assert (head == 0).float().mean() == pytest.approx(share / 100, abs=0.01)
        assert torch.equal(head[head != 0], trained.tensors["head.weight"][head != 0]), "nothing is trained"


def test_weights_go_a_few_at_a_time(trained: TrainedModel) -> None:
    run = prune(trained, 0, share="80")
    zeros = [run.step()["zeros"] for _ in range(50)]
    assert zeros[-1] == pytest.approx(0.8, abs=0.01)
    assert np.diff(zeros) == pytest.approx(0.016, abs=0.005)


def test_training_on_wins_back_some_of_the_loss_and_no_zero(trained: TrainedModel) -> None:
    plain, on = (prune(trained, 50, share="80", aware=aware, lr=0.01) for aware in (False, True))
    assert on.finish()["loss_80"] < plain.finish()["loss_80"]
    assert on.reached() == pytest.approx(0.8, abs=0.01)


def test_views_tell_what_each_share_costs_and_takes(trained: TrainedModel) -> None:
    for gone in ("smallest", "units"):
        run = prune(trained, 20, gone=gone)
        trade, stored = run.view("trade"), run.view("stored")
        assert isinstance(trade, Curves)
        assert isinstance(stored, Table)
        assert len(trade.series[0].x) == len(stored.rows) == 3
        assert trade.series[0].x[0] == 0
        assert ("size" in stored.header) == (gone != "units"), "no marks where matrices are smaller"
        assert all(stored.rows[2]), "each way of storing has its size"
