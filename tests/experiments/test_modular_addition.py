"""Sums on a dial: what is kept back, when it comes right, and where the numbers lie then."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import torch

from tutor.experiments.modular_addition import ModularAddition, scores
from tutor.experiments.modular_addition_config import SPEC, ModularAdditionConfig
from tutor.frames import Bars, Scatter


def run(steps: int, **changes: Any) -> ModularAddition:
    experiment = ModularAddition(ModularAdditionConfig(**changes), 0, steps)
    for _ in range(steps):
        experiment.step()
    return experiment


@pytest.mark.parametrize(("modulus", "share"), [(11, 0.05), (23, 0.5), (47, 0.6), (97, 0.95)])
def test_every_sum_is_practised_or_kept_back_and_its_reverse_with_it(modulus: int, share: float) -> None:
    made = run(0, modulus=modulus, share=share)
    pairs = [tuple(sorted(pair)) for pair in torch.cat([made.seen, made.unseen]).tolist()]
    assert len(pairs) == len(set(pairs)) == modulus * (modulus + 1) // 2
    assert len(made.seen) == round(share * len(pairs))
    torch.testing.assert_close(scores(made.weights, made.seen), scores(made.weights, made.seen.flip(1)))


def test_long_after_it_knows_by_heart_it_knows_the_rule_if_weights_decay() -> None:
    rule, recited = (run(200, decay=decay, lr=0.06) for decay in (1.0, 0.0))
    for made in (rule, recited):
        found = made.finish()
        assert found["seen_right"] == 1
        assert found["early"] < 0.02
    assert rule.finish()["unseen_right"] > 0.97
    assert recited.finish()["unseen_right"] < 0.05

    circle = rule.view("circle")
    assert isinstance(circle, Scatter)
    at = circle.groups[0].x + 1j * circle.groups[0].y
    bars = rule.view("frequencies")
    assert isinstance(bars, Bars)
    assert sum(bars.values) == pytest.approx(1)
    times = int(bars.labels[int(np.argmax(bars.values))])
    turned = at * np.exp(-2j * np.pi * times * np.arange(47) / 47)  # all numbers at the place of 0
    assert np.abs(turned - turned.mean()).max() < 0.3 * np.abs(turned.mean())


def test_a_moment_of_the_past_is_drawn_from_its_weights() -> None:
    made = run(20)
    past = made.view_state()
    before = [pickle.dumps(made.view(name)) for name in SPEC.views]
    for _ in range(20):
        made.step()
    assert [pickle.dumps(made.view(name, past)) for name in SPEC.views] == before
    assert all(pickle.dumps(made.view(name)) != was for name, was in zip(SPEC.views, before, strict=True))
    with pytest.raises(KeyError):
        made.view("attention")
