"""Rounding a trained model: from where each width begins, what it weighs, and what training on changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tutor.experiments.base import TrainedModel
from tutor.experiments.compress import Compress
from tutor.experiments.compress_config import WIDTHS, CompressConfig
from tutor.frames import Curves, Strips
from tutor.text import InputError


def compress(model: TrainedModel, steps: int, **settings: Any) -> Compress:
    run = Compress(CompressConfig(batch=4, **settings), 0, 40, model)
    for _ in range(steps):
        run.step()
    return run


def test_every_width_begins_from_the_trained_model(trained: TrainedModel) -> None:
    run = compress(trained, 40)
    assert list(run.done) == [32, *WIDTHS]
    final = run.finish()
    assert final["loss_32"] == pytest.approx(trained.metrics["val_loss"])
    assert final["loss_8"] == pytest.approx(final["loss_32"], abs=0.01)
    assert final["loss_2"] == final["val_loss"] > final["loss_3"] > final["loss_8"]
    few = run.done[2].tensors["head.weight"]
    assert all(len(row.unique()) <= 3 for row in few)
    assert all(torch.equal(w, trained.tensors[name]) for name, w in run.done[32].tensors.items())
    assert torch.equal(run.changed.exact[0], trained.tensors["embedding.weight"]), "nothing is trained"


def test_one_width_alone_has_all_the_steps(trained: TrainedModel) -> None:
    run, all_widths = compress(trained, 40, width="3"), compress(trained, 40)
    assert list(run.done) == [32, 3]
    assert run.each == 40
    assert run.finish()["loss_3"] == all_widths.finish()["loss_3"]


def test_rows_are_rounded_a_share_at_a_time(trained: TrainedModel) -> None:
    run = compress(trained, 15)  # half of the second width
    whole, now = trained.tensors["head.weight"], run.model.head.weight
    half = len(whole) // 2
    assert not torch.equal(now[:half], whole[:half])
    assert torch.equal(now[half + 1 :], whole[half + 1 :])


def test_training_on_wins_back_some_of_the_loss(trained: TrainedModel) -> None:
    plain, aware = (compress(trained, 40, aware=aware, lr=0.01).finish() for aware in (False, True))
    assert aware["loss_2"] < plain["loss_2"]
    assert aware["size_2"] == plain["size_2"]


def test_sizes_count_bits_and_scales(trained: TrainedModel) -> None:
    weights = sum(w.numel() for w in trained.tensors.values())
    rows, matrix = (compress(trained, 40, rows=rows).finish() for rows in (True, False))
    assert rows["size_32"] == pytest.approx(4 * weights / 1000)
    assert weights / 1000 < matrix["size_8"] < rows["size_8"] < rows["size_32"] / 3
    assert rows["size_8"] - rows["size_4"] == pytest.approx(weights / 2 / 1000)


def test_views_grow_with_the_widths(trained: TrainedModel) -> None:
    run = compress(trained, 20)
    trade, written = run.view("trade"), run.view("written")
    assert isinstance(trade, Curves)
    assert isinstance(written, Strips)
    np.testing.assert_array_equal(trade.series[0].x, [4, 8, 32])
    assert [strip.label for strip in written.items] == ["bits_32", "bits_8", "bits_4"]


def test_there_is_nothing_to_compress_without_a_model(trained: TrainedModel) -> None:
    with pytest.raises(InputError, match="base"):
        Compress(CompressConfig(), 0, 40)
