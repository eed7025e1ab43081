"""Experts of which one is called: they answer as one layer would, the load is evened out, and many small ones know as much as a wide layer."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.experiments.reading import assert_readable
from tutor.experiments.experts import Experts
from tutor.experiments.experts_config import SPEC, ExpertsConfig
from tutor.frames import Bars, HeatMap, Table


def run(steps: int, **changes: Any) -> Experts:
    experiment = Experts(ExpertsConfig(**changes), 0, max(1, steps))
    for _ in range(steps):
        experiment.step()
    return experiment


def test_each_question_is_answered_by_its_expert_alone() -> None:
    experiment = run(20, side=20, experts=4)
    asked = torch.randint(400, (50,), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        scores, called, _ = experiment.answer(asked)
        for i, at in enumerate(asked.tolist()):
            x = (experiment.streets[at // 20] + experiment.doors[at % 20])[None]
            chances = F.softmax(x @ experiment.router, dim=1)[0]
            assert called[i] == chances.argmax()
            alone = (x + chances.max() * experiment.expert(int(called[i]), x)) @ experiment.out
            torch.testing.assert_close(scores[i], alone[0])


def test_the_balancing_loss_is_one_for_an_even_load_and_higher_for_an_uneven_one() -> None:
    experiment = run(0, side=20, experts=4)
    asked = torch.arange(4).repeat(10)
    even = F.one_hot(asked, 32).float()
    with torch.no_grad():
        experiment.router.zero_()
        experiment.router[:4] = 100 * torch.eye(4)
        called, _, uneven = experiment.route(asked, even)
        assert called.tolist() == asked.tolist()
        assert uneven.item() == pytest.approx(1)
        assert experiment.route(asked, even[:1].expand(40, -1))[2].item() == pytest.approx(4)


def test_a_heavy_balancing_loss_evens_the_load() -> None:
    free, bound = (run(100, side=24, balance=weight).finish()["busiest"] for weight in (0.0, 1.0))
    assert bound < 0.14 < free


def test_lots_and_lone_layers_leave_the_router_alone() -> None:
    for net in ("narrow", "wide", "drawn"):
        experiment = run(0, side=20, net=net)
        before = experiment.router.clone()
        lots = experiment.answer(torch.arange(400))[1]
        for _ in range(5):
            experiment.step()
        assert torch.equal(experiment.router, before)
        assert torch.equal(experiment.answer(torch.arange(400))[1], lots)
        assert (lots.max() > 0) == (net == "drawn")


def test_experts_know_about_as_many_codes_as_a_wide_layer_and_far_more_than_one_of_them() -> None:
    known = {net: run(120, side=40, net=net).finish()["known"] for net in ("narrow", "wide", "routed")}
    assert known["routed"] > known["narrow"] + 0.3
    assert abs(known["routed"] - known["wide"]) < 0.15


@pytest.mark.parametrize(("net", "weights"), [("narrow", 4_160), ("wide", 33_280), ("routed", 33_280)])
def test_the_layers_have_as_many_weights_as_the_lab_says(net: Any, weights: int) -> None:
    experiment = run(0, net=net)
    assert sum(part.numel() for part in (experiment.w1, experiment.b1, experiment.w2)) == weights


def test_views_say_what_the_metrics_say() -> None:
    experiment = run(30, side=20)
    load, routes, answers = (experiment.view(name) for name in SPEC.views)
    assert isinstance(load, Bars)
    assert isinstance(routes, HeatMap)
    assert isinstance(answers, Table)
    assert max(load.values) == pytest.approx(experiment.finish()["busiest"])
    assert sum(load.values) == pytest.approx(1)
    assert np.allclose(routes.values.sum(axis=2), 1, atol=0.01)
    assert {len(str(code)) for row in answers.rows for code in row[1:3]} == {2}
    assert answers.rows[0][0] == "1-1" and answers.rows[-1][0] == "20-20"


def test_nothing_is_drawn_from_the_generator_that_all_share_and_all_can_be_read() -> None:
    before = torch.random.get_rng_state()
    copy.deepcopy(run(3, side=20)).step()
    assert torch.equal(torch.random.get_rng_state(), before)
    assert SPEC.reading is not None
    assert_readable(SPEC.reading(ExpertsConfig()))
