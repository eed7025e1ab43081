"""What `sweep` trains and what it reads off it; that it replays and draws its views is tested of every kind in `test_registry.py`."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.experiments.sweep import Sweep
from tutor.experiments.sweep_config import (
    ALPHABET,
    CONTEXT,
    EMBEDDING,
    POOL,
    RATED,
    RATES,
    TRIALS,
    VALLEYS,
    WIDTHS,
    SweepConfig,
)
from tutor.frames import Scatter


@pytest.mark.parametrize("total", [700, 2_100, 9_001])
def test_runs_share_the_steps(total: int) -> None:
    for vary in ("size", "data", "budget"):
        runs = SweepConfig.model_validate({"vary": vary}).runs(total)
        assert sum(run.steps for run in runs) == total
    assert [run.width for run in SweepConfig().runs(total)] == [*WIDTHS]
    for budget, widths in VALLEYS.items():
        own = [run for run in SweepConfig(vary="budget").runs(total) if run.budget == budget]
        assert [run.width for run in own] == [*widths]
        compute = [run.parameters * run.steps for run in own]
        assert max(compute) - min(compute) <= 2 * max(run.parameters for run in own), "equal but for a step"


def test_parameters_are_those_of_the_model() -> None:
    experiment = Sweep(SweepConfig(), 0, 7)
    counted = sum(weight.numel() for weight in experiment.weights)
    assert counted == experiment.runs[0].parameters + len(ALPHABET) * EMBEDDING
    assert experiment.text.fresh.shape[1] == CONTEXT + 1


@pytest.mark.parametrize("total", [1, 2, 10, 40])
def test_with_too_few_steps_for_a_line_or_a_valley_nothing_is_read_off(total: int) -> None:
    for vary in ("size", "data", "budget"):
        experiment = Sweep(SweepConfig.model_validate({"vary": vary}), 0, total)
        experiment.losses = [2.0 + i for i in range(len(experiment.runs))]
        if total < 3 or vary == "budget":
            assert experiment.finish() == {}
        experiment.view("law"), experiment.view("runs")


def test_the_line_goes_through_a_power_law() -> None:
    experiment = Sweep(SweepConfig(fitted=3), 0, 7)
    assert not experiment.finish()
    experiment.losses = [float(loss) for loss in 5 * experiment.across("parameters") ** -0.1]
    experiment.losses[0] += 1  # not among those that are fitted
    experiment.losses[-1] += 0.25
    found = experiment.finish()
    assert found["exponent"] == pytest.approx(0.1)
    assert found["above"] == pytest.approx(0.25)


def test_the_last_model_is_foretold_before_it_is_trained() -> None:
    experiment = Sweep(SweepConfig(), 0, 7)
    for _ in range(6):
        assert "run_loss" in experiment.step()
    shown = experiment.view("law")
    assert isinstance(shown, Scatter)
    points = {group.label: group for group in shown.groups}
    assert points["measured"].x.size == 6
    before = points["forecast"].y[0]
    experiment.step()
    assert experiment.finish()["foretold"] == pytest.approx(before)


def test_the_bottom_of_a_valley_lies_between_its_models() -> None:
    experiment = Sweep(SweepConfig(vary="budget"), 0, 9_000)
    sizes = {budget: 4_000 * budget**0.5 for budget in VALLEYS}
    experiment.losses = [
        2 + float(np.log(run.parameters / sizes[run.budget])) ** 2 / 10 for run in experiment.runs
    ]
    found = experiment.finish()
    assert found["size_exponent"] == pytest.approx(0.5)
    assert found["times"] == pytest.approx(16**0.5)
    assert found["ends_above"] > 0


def test_the_same_losses_lie_on_a_line_by_one_ruler_and_miss_it_by_another() -> None:
    experiment = Sweep(SweepConfig(), 0, 7)
    experiment.losses = [float(loss) for loss in 5 * experiment.across("width") ** -0.2]
    found = experiment.finish()
    assert found["above"] > 0.01
    assert found["above_by_width"] == pytest.approx(0, abs=1e-9)
    experiment.adjust("ruler", "width")
    shown = experiment.view("law")
    assert isinstance(shown, Scatter)
    assert shown.x_axis.label == "width"
    assert shown.groups[2].y[0] == pytest.approx(experiment.losses[-1])
    assert experiment.finish() == found


def test_the_best_rate_of_each_width_is_at_the_bottom_of_its_valley() -> None:
    experiment = Sweep(SweepConfig(vary="rate"), 0, 3 * len(RATES))
    best = {32: 0.04, 128: 0.02, 512: 0.01}
    losses = [2 + float(np.log(run.rate / best[run.width])) ** 2 / 10 for run in experiment.runs]
    experiment.losses = losses[:-1]
    assert experiment.finish() == {}, "not before the last is trained"
    experiment.losses = losses
    found = experiment.finish()
    assert [found[f"rate_at_{width}"] for width in RATED] == pytest.approx([0.04, 0.02, 0.01])
    assert found["fall"] == pytest.approx(4)
    assert found["carried"] == pytest.approx(np.log(4) ** 2 / 10, abs=0.01)


def test_all_of_one_width_start_alike_and_differ_in_their_rate() -> None:
    experiment = Sweep(SweepConfig(vary="rate"), 0, 3 * len(RATES))
    first = [weight.detach().clone() for weight in experiment.weights]
    experiment.step()
    assert all(a.equal(b) for a, b in zip(first, experiment.weights, strict=True))
    assert len({run.rate for run in experiment.runs}) == len(RATES)


def test_a_grid_is_compared_with_random_runs_of_the_same_number() -> None:
    experiment = Sweep(SweepConfig(vary="search", width=8), 0, TRIALS + POOL)
    rates = {round(run.rate, 9) for run in experiment.runs[:TRIALS]}
    assert len(rates) == round(TRIALS**0.5)
    assert len({run.rate for run in experiment.runs[TRIALS:]}) == POOL
    experiment.losses = [2 + abs(float(np.log(run.rate / 0.03))) for run in experiment.runs]
    found = experiment.finish()
    assert found["by_rate"] == pytest.approx(1)
    assert min(experiment.losses[TRIALS:]) <= found["random"] < max(experiment.losses)
    assert 0 <= found["random_wins"] <= 1
