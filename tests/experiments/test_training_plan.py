"""The calculator of training runs: sums by hand, formulas that are what is counted, published runs, and plans that don't go together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.course import course
from tutor.engine.configs import arm_configs, find_spec
from tutor.experiments.training_plan_config import (
    DEVICES,
    LETTERS,
    PRESETS,
    RUNS,
    SUMS,
    TrainingPlan,
    TrainingPlanConfig,
    changed,
    letters,
    sums,
    written,
)
from tutor.frames import Bars, Spans, Table
from tutor.text import InputError


def plan(**settings: Any) -> TrainingPlan:
    return TrainingPlan(TrainingPlanConfig(**{"preset": "seven", **settings}), 0, 0)


def test_the_plan_of_the_story_is_as_worked_out_by_hand() -> None:
    found = plan(network=1e5, overlap=1.0).finish()  # the sum of the first page, without any waiting
    assert found["training_flops"] == pytest.approx(42)
    assert found["days"] == pytest.approx(60.86, abs=0.01)
    assert found["cost"] == pytest.approx(2 * 4.2e22 / (312e12 * 0.4) / 3600)
    found = plan().finish()
    assert found["waiting"] == pytest.approx(22.05 / (22.05 + 21.0337), abs=1e-4)
    assert found["days"] == pytest.approx(124.7, abs=0.1)
    fixed = plan(network=200.0, price=2.4).finish()
    assert fixed["cost"] == pytest.approx(plan().finish()["cost_fabric"])
    assert plan(network=200.0, price=2.4).finish()["cost_chip"] < 0.75 * fixed["cost"]


@pytest.mark.parametrize(("stage", "gb"), [("0", 120), ("1", 31.4), ("2", 16.6), ("3", 1.9)])
def test_memory_is_that_of_the_paper_on_zero(stage: str, gb: float) -> None:
    found = sums(TrainingPlanConfig(model_b=7.5, cards=64, zero=stage))
    assert sum(found[id].result for id in ("M_w", "M_g", "M_o")) / 1e9 == pytest.approx(gb, abs=0.05)


def test_cuts_share_memory_and_idle() -> None:
    whole, cut = sums(TrainingPlanConfig(zero="0")), sums(TrainingPlanConfig(zero="0", tensor=4, pipeline=2))
    for part in ("M_w", "M_g", "M_o"):
        assert cut[part].result == pytest.approx(whole[part].result / 8)
    assert cut["t_i"].result == pytest.approx(cut["t_c"].result / 32)
    again = sums(TrainingPlanConfig(zero="0", recompute=True))
    assert again["t_c"].result == pytest.approx(4 / 3 * whole["t_c"].result)
    assert again["M_a"].result == pytest.approx(whole["M_a"].result / 17)


@pytest.mark.parametrize(
    ("run", "off", "fitting"),
    [("gpt3", -0.51, 0.197), ("palm", -0.24, 0.304), ("bloom", -0.20, 0.318), ("llama2", 0.09, 0.435)],
)
def test_published_runs_are_missed_by_what_is_told(run: str, off: float, fitting: float) -> None:
    found = plan().finish()[f"missed_{run}"]
    assert found == pytest.approx(off, abs=0.006)
    assert plan(utilisation=fitting).finish()[f"missed_{run}"] == pytest.approx(0, abs=0.01)
    own = TrainingPlan(TrainingPlanConfig(preset=run), 0, 0).finish()
    assert own["card_hours"] == pytest.approx(PRESETS[run]["card_hours"] * (1 + found))
    assert own["card_full"] < 1


PLANS = st.builds(
    TrainingPlanConfig,
    model_b=st.floats(1e-4, 1e3),
    tokens_b=st.floats(1e-4, 2e4),
    device=st.sampled_from([*DEVICES]),
    cards=st.sampled_from([128, 1024, 6144]),
    zero=st.sampled_from("0123"),
    tensor=st.sampled_from([1, 2, 4, 8]),
    pipeline=st.sampled_from([1, 2, 4, 16]),
    overlap=st.floats(0, 1),
    lost=st.floats(0, 0.5),
    recompute=st.booleans(),
)


@given(PLANS)
def test_what_reads_as_the_sum_is_the_sum(config: TrainingPlanConfig) -> None:
    for row in sums(config).values():
        told = row.numbers.replace("·", "*").replace("÷", "/").replace("−", "-").replace(",", "")
        assert eval(told) == pytest.approx(row.result, rel=0.01, abs=1e-6)
    assert list(letters(config)) and set(letters(config)) == set(LETTERS)


@given(PLANS)
def test_a_step_is_its_parts_and_the_bill_follows_the_time(config: TrainingPlanConfig) -> None:
    experiment = TrainingPlan(config, 0, 0)
    step, found = experiment.view("step"), experiment.finish()
    assert isinstance(step, Spans)
    assert step.rows[0].intervals[-1].end == pytest.approx(sums(config)["t"].result)
    assert found["cost"] == pytest.approx(found["days"] * 24 * config.cards * config.price)
    assert found["cost_discount"] == pytest.approx(0.7 * found["cost"])
    card = experiment.view("card")
    assert isinstance(card, Bars)
    assert sum(card.values[:4]) == pytest.approx(card.values[4]) == pytest.approx(found["card_gb"])
    assert changed(config)["as_set"] == config


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0"), (0.4, "0.4"), (93_333.3, "93,333"), (4.2e22, "4.2e22"), (1.25e9, "1.25e9"), (2e-5, "2e-5")],
)
def test_numbers_are_short(number: float, told: str) -> None:
    assert written(number) == told


def test_knobs_that_do_not_go_together_change_nothing() -> None:
    experiment = plan()
    experiment.adjust("cards", 1.0)
    with pytest.raises(InputError):
        experiment.adjust("tensor", 8.0)
    assert experiment.config.tensor == 1
    experiment = plan(precision="fp32")
    assert experiment.finish()["waiting"] < plan().finish()["waiting"] + 0.01
    experiment.adjust("device", "tpu_v4")
    assert experiment.config.precision == "mixed"
    with pytest.raises(InputError):
        experiment.adjust("precision", "fp32")
    with pytest.raises(ValidationError):
        TrainingPlanConfig(preset="gpt5")


def test_a_preset_sets_what_it_knows_and_keeps_the_share_and_the_grid() -> None:
    experiment = plan()
    experiment.adjust("utilisation", 0.3)
    experiment.adjust("grid", 57.0)
    experiment.adjust("preset", "bloom")
    assert (experiment.config.preset, experiment.config.cards) == ("bloom", 384)
    assert (experiment.config.utilisation, experiment.config.grid) == (0.3, 57)
    experiment.adjust("cards", 512.0)
    assert experiment.config.preset == "custom"


def test_your_model_is_that_of_lab_first_on_this_computer() -> None:
    lab = course().find_lab("first")[1].in_language("en")
    assert lab.saves is not None
    config = arm_configs(lab, find_spec(lab), {})[lab.saves.arm]
    experiment = TrainingPlan(TrainingPlanConfig(preset="yours"), 0, 0)
    assert experiment.config.tokens_b * 1e9 == pytest.approx((config.tokens_per_step or 0) * (lab.steps or 0))
    assert experiment.config.batch_m * 1e6 == pytest.approx(config.tokens_per_step)
    assert letters(experiment.config)["P"] > 1e9
    assert experiment.config.preset == "yours"


def test_the_tables_have_a_row_for_each() -> None:
    for view, rows in (("sums", SUMS), ("letters", LETTERS), ("runs", RUNS)):
        frame = plan().view(view)
        assert isinstance(frame, Table)
        assert len(frame.rows) == len(rows)
