"""Small networks on four points: backpropagation by hand, what starts solve, and what is drawn of them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.experiments.reading import assert_readable
from tutor.experiments import registry
from tutor.experiments.base import TrainedModel
from tutor.experiments.toy_classifier import ToyClassifier
from tutor.experiments.toy_classifier_config import SPEC, ToyClassifierConfig
from tutor.frames import Images, Scatter
from tutor.text import InputError

WEIGHTS = ("w1", "b1", "w2", "b2")


def run(steps: int, seed: int = 0, **changes: Any) -> tuple[ToyClassifier, dict[str, float]]:
    experiment = ToyClassifier(ToyClassifierConfig(**changes), seed, steps)
    metrics: dict[str, float] = {}
    for _ in range(steps):
        metrics = experiment.step()
    return experiment, metrics


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("widen", [0, 1, 2])
def test_the_chain_rule_by_hand_agrees_with_autograd(activation: str, widen: int) -> None:
    experiment, _ = run(5, activation=activation, widen=widen, starts=7)
    twin = copy.deepcopy(experiment)
    weights = [getattr(twin, name).requires_grad_() for name in WEIGHTS]
    logits = twin.hidden(twin.x) @ twin.w2 + twin.b2
    # Each start has its own loss, the mean over its points; those of different starts don't touch.
    each = F.binary_cross_entropy_with_logits(logits, twin.y.expand_as(logits), reduction="none")
    torch.autograd.backward(each.mean(dim=1).sum())
    experiment.step()
    for name, weight in zip(WEIGHTS, weights, strict=True):
        expected = weight.detach() - twin.lr * (weight.grad if weight.grad is not None else 0)
        torch.testing.assert_close(getattr(experiment, name), expected)


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        ({"widen": 0}, 0, 0),
        ({"hidden": 1}, 0, 0),
        ({"hidden": 2}, 0.2, 0.33),
        ({"hidden": 4}, 0.8, 0.92),
        ({"hidden": 8}, 0.97, 1),
        ({"widen": 0, "points": "and"}, 1, 1),
    ],
    ids=str,
)
def test_width_decides_how_many_starts_solve_it(changes: dict[str, Any], low: float, high: float) -> None:
    _, found = run(300, starts=400, **changes)
    assert low <= found["solved"] <= high


def test_a_stuck_start_has_three_points_of_four() -> None:
    _, found = run(300, starts=400)
    assert found["right"] == pytest.approx((3 + found["solved"]) / 4)


def test_without_a_hidden_layer_the_loss_ends_at_a_toss() -> None:
    assert run(300, widen=0)[1]["loss"] == pytest.approx(np.log(2), abs=1e-4)


def test_the_field_is_on_the_side_of_the_points_of_a_start_that_solved_it() -> None:
    experiment, found = run(400, hidden=8)
    assert found["solved"] > 0.9
    frame = experiment.view("field")
    assert isinstance(frame, Scatter)
    assert frame.field is not None
    rows, cols = frame.field.values.shape
    for group, sign in zip(frame.groups, (1, -1), strict=True):
        for x, y in zip(group.x, group.y, strict=True):
            row, col = round((1 - (y + 2) / 4) * (rows - 1)), round((x + 2) / 4 * (cols - 1))
            assert sign * frame.field.values[row, col] > 0.5
    assert frame.step == 400


def test_the_shown_start_is_one_of_the_small_pictures() -> None:
    experiment, _ = run(50)
    before = {name: getattr(experiment, name).clone() for name in WEIGHTS}
    many = experiment.view("starts")
    assert isinstance(many, Images)
    assert len(many.values) == len(many.captions) == 24
    assert {str(caption).rpartition(" ")[2] for caption in many.captions} <= {
        "0/4",
        "1/4",
        "2/4",
        "3/4",
        "4/4",
    }
    for start in (1, 24):
        experiment.adjust("start", start)
        frame = experiment.view("field")
        assert isinstance(frame, Scatter)
        assert frame.field is not None
        corners = np.ix_([0, -1], [0, -1])
        assert np.array_equal(frame.field.values[corners], many.values[start - 1][corners])
    assert all(torch.equal(getattr(experiment, name), value) for name, value in before.items())
    with pytest.raises(KeyError):
        experiment.view("curves")


def test_a_copy_goes_on_to_the_bit() -> None:
    experiment, _ = run(20)
    twin = copy.deepcopy(experiment)
    assert [experiment.step() for _ in range(20)] == [twin.step() for _ in range(20)]


def test_all_starts_differ_and_arms_of_one_width_begin_alike() -> None:
    one, other = (ToyClassifier(ToyClassifierConfig(lr=lr), 3, 10) for lr in (0.1, 0.5))
    assert torch.equal(one.w1, other.w1)
    assert len({tuple(start.flatten().tolist()) for start in one.w1}) == 100


def test_it_starts_from_nothing_and_can_be_read() -> None:
    with pytest.raises(InputError):
        ToyClassifier(ToyClassifierConfig(), 0, 10, TrainedModel({}, "toy_classifier", {}, {}, {}, 1, 0))
    assert registry.get("toy_classifier") is SPEC
    assert_readable(SPEC.reading(ToyClassifierConfig()) if SPEC.reading else ())
