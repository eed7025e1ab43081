"""Networks on small pictures: what a convolution does when a picture moves, and what each network loses by it."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

from tutor.experiments.picture_classifier import PictureClassifier, layers
from tutor.experiments.picture_classifier_config import PictureClassifierConfig
from tutor.experiments.picture_data import moved
from tutor.frames import Curves, Images


def run(steps: int, seed: int = 0, **changes: Any) -> PictureClassifier:
    experiment = PictureClassifier(PictureClassifierConfig(**changes), seed, steps)
    for _ in range(steps):
        experiment.step()
    return experiment


def test_a_moved_picture_loses_what_leaves_and_gets_bare_pixels() -> None:
    picture = torch.arange(1.0, 10).view(1, 3, 3)
    assert moved(picture, 1, 0).tolist() == [[[0, 1, 2], [0, 4, 5], [0, 7, 8]]]
    assert moved(picture, 0, -1).tolist() == [[[4, 5, 6], [7, 8, 9], [0, 0, 0]]]
    assert torch.equal(moved(picture, 0, 0), picture)


def test_filters_answer_as_before_a_pixel_further_on() -> None:
    experiment = run(0, net="anywhere", grain=0)
    pictures = experiment.data.test_x[:50]
    clear = pictures[pictures[..., -1].sum(dim=(1, 2)) == 0]  # nothing is lost at the edge
    assert len(clear) > 40
    with torch.no_grad():
        there, aside = (experiment.net[0](moved(clear, right, 0)) for right in (0, 1))
    assert torch.allclose(aside[..., 1:], there[..., :-1], atol=1e-5)


@pytest.mark.parametrize(("net", "weights"), [("dense", 4_195), ("conv", 4_642), ("anywhere", 3_010)])
def test_the_networks_have_as_many_weights_as_the_lab_says(net: Any, weights: int) -> None:
    assert sum(part.numel() for part in layers(net).parameters()) == weights


def test_moving_training_pictures_is_what_a_convolution_lacks() -> None:
    plain, shown = (run(80, lr=0.02, spread=spread).finish() for spread in (0, 1))
    assert plain["centred"] > 0.95
    assert plain["aside"] < 0.75
    assert shown["aside"] > plain["aside"] + 0.2


def test_views_say_what_the_metrics_say() -> None:
    experiment = run(30)
    experiment.adjust("shift", 2)
    chart = experiment.view("by_shift")
    assert isinstance(chart, Curves)
    live = experiment.live()
    assert [live["centred"], live["aside"]] == [chart.series[0].y[0], chart.series[0].y[2]]
    pictures, filters = experiment.view("pictures"), experiment.view("filters")
    assert isinstance(pictures, Images)
    assert isinstance(filters, Images)
    assert np.all(pictures.values[:, :, :2] == 0), "moved to the right by two"
    assert filters.values.shape == (12, 5, 5)
    assert abs(filters.values).max() == 1


def test_nothing_is_drawn_from_the_generator_that_all_share_and_copies_share_their_pictures() -> None:
    before = torch.random.get_rng_state()
    experiment = run(3, spread=1)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert copy.deepcopy(experiment).data is experiment.data
