"""Layers that learn without labels: what they rebuild, how they take turns, and what that is worth to a deep network."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim.sgd import sgd  # the class would import a compiler first

from tests.experiments.reading import assert_readable
from tutor.experiments.boltzmann import Boltzmann
from tutor.experiments.boltzmann_config import SPEC, BoltzmannConfig
from tutor.frames import Images


def run(steps: int, total: int | None = None, seed: int = 0, **changes: Any) -> Boltzmann:
    experiment = Boltzmann(BoltzmannConfig(**changes), seed, total or steps)
    for _ in range(steps):
        experiment.step()
    return experiment


def test_a_deep_network_learns_from_few_labels_after_pre_training_and_from_none_without() -> None:
    assert run(600, net="pretrained").finish()["told"] > 0.8
    assert run(600, every=True).finish()["told"] < 0.2
    assert run(600, every=True, layers=1).finish()["told"] > 0.9, "it is the depth"
    assert run(600, every=True, net="relu").finish()["told"] > 0.9, "and the slope"


def test_layers_take_turns_and_none_but_the_present_one_changes() -> None:
    experiment = run(0, 100, net="pretrained", layers=3)
    assert experiment.each == 20
    for at in range(3):
        before = copy.deepcopy(experiment.w)
        for _ in range(20):
            assert "label_loss" not in experiment.step()
        same = [torch.equal(old, new) for old, new in zip(before, experiment.w, strict=True)]
        assert same == [layer != at for layer in range(3)]
    before = copy.deepcopy(experiment.w)
    assert "label_loss" in experiment.step()
    experiment.step()  # the last layer's weights begin at zero, so that the first step moves only them
    assert not any(torch.equal(old, new) for old, new in zip(before, experiment.w, strict=True))


def test_it_rebuilds_better_than_the_mean_picture_and_leaves_the_grain_out() -> None:
    experiment = run(300, 500, net="pretrained", layers=1, grain=0.3)
    test = experiment.data.test_x.flatten(1)
    mean = F.mse_loss(experiment.data.x.flatten(1).mean(dim=0).expand_as(test), test).item()
    assert experiment.live()["rebuilt"] < 0.6 * mean
    corner = test[:, :12]  # the upper edge, where there is nothing but grain
    rebuilt = experiment.down(experiment.up(test, 1), 0)[:, :12]
    assert rebuilt.std(dim=0).mean() < 0.5 * corner.std(dim=0).mean()


def test_descent_with_labels_is_that_of_torch() -> None:
    experiment = run(0, 10, layers=2, every=True)
    experiment.tell_better()
    twin = copy.deepcopy(experiment)
    parts = [*twin.w, *twin.b_up, twin.w_out, twin.b_out]
    for part in parts:
        part.requires_grad_()
    pictures, labels = twin._batch(2_000)
    F.cross_entropy(twin.up(pictures, 2) @ twin.w_out + twin.b_out, labels).backward()  # type: ignore[no-untyped-call]
    gradients = [part.grad for part in parts if part.grad is not None]
    moved: list[Tensor | None] = [velocity.clone() for velocity in twin.velocity]
    with torch.no_grad():
        sgd(
            parts,
            gradients,
            moved,
            lr=0.05,
            momentum=0.9,
            weight_decay=0,
            dampening=0,
            nesterov=False,
            maximize=False,
        )
    experiment.tell_better()
    for ours, theirs in zip([*experiment.w, *experiment.b_up], parts, strict=False):
        torch.testing.assert_close(ours, theirs.detach())


def test_dreams_wander_while_there_are_no_labels_and_then_stay() -> None:
    experiment = run(0, 100, net="pretrained", layers=2)
    shown = []
    for _ in range(4):
        for _ in range(25):
            experiment.step()
        frame = experiment.view("dreams")
        assert isinstance(frame, Images)
        shown.append(frame.values)
    assert not np.array_equal(shown[0], shown[1])
    assert np.array_equal(shown[2], shown[3])
    assert shown[0].shape == (12, 12, 12)


def test_pairs_show_a_picture_beside_what_is_rebuilt_of_it() -> None:
    frame = run(5, net="pretrained").view("pairs")
    assert isinstance(frame, Images)
    assert len(frame.values) == len(frame.captions) == 16
    assert set(frame.captions[1::2]) == {"back"} <= set(SPEC.words)
    assert set(frame.captions[::2]) <= set("0123456789")


def test_all_can_be_read() -> None:
    assert SPEC.reading is not None
    assert_readable(SPEC.reading(BoltzmannConfig()))
