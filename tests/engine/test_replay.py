"""The timeline over a real model: to the bit, within its budget."""

from __future__ import annotations

import time

import pytest
import torch

from tutor.content.models import Lab
from tutor.engine.branch import Keyframes
from tutor.engine.configs import Plan
from tutor.engine.runner import Runner
from tutor.engine.stage import State
from tutor.engine.timeline import BUDGET, Timeline
from tutor.experiments import registry
from tutor.experiments.language_model import LanguageModel
from tutor.frames import Curves, HeatMap, Samples


def lab(steps: int, **shared: object) -> Lab:
    text = {"zh": "无", "en": "none"}
    return Lab.model_validate(
        {
            "id": "small",
            "experiment": "language_model",
            "title": text,
            "summary": text,
            "concepts": ["x"],
            "shared": {"batch": 2, "d_model": 32, "n_layer": 1, "n_head": 2, "context": 32, **shared},
            "arms": [{"id": "gpt", "label": text}, {"id": "mlm", "label": text, "set": {"objective": "mlm"}}],
            "steps": steps,
            "views": ["curves", "attention", "samples"],
            "curves": ["train_loss", "val_loss"],
            "knobs": [
                {"id": "lr", "minimum": 0, "maximum": 1},
                {"id": "noise", "minimum": 0, "maximum": 0.5},
            ],
            "prediction": {
                "question": text,
                "options": [
                    {"id": "a", "text": text, "when": "1 > 0"},
                    {"id": "b", "text": text, "when": "1 > 0"},
                ],
                "reveal": text,
            },
            "look_for": text,
        }
    )


def timeline(model: Lab, budget: int = BUDGET) -> Timeline:
    spec = registry.get("language_model")
    runner = Runner(Plan(model, spec, 3), time.monotonic)
    return Timeline(runner, budget)


def go(line: Timeline, rounds: int | None = None) -> None:
    while not line.ready:
        line.approach()
    runner = line.runner
    while not runner.over and not (
        rounds is not None
        and runner.stage.built
        and runner.stage.round >= rounds
        and runner.stage.between_rounds
    ):
        line.advance()


def weights(line: Timeline) -> list[torch.Tensor]:
    found = []
    for arm in line.runner.arms:
        assert isinstance(arm.experiment, LanguageModel)
        found += [p.detach().clone() for p in arm.experiment.model.parameters()]
    return found


def same(a: list[torch.Tensor], b: list[torch.Tensor]) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def test_rewinding_and_going_on_gives_bit_equal_losses_and_weights() -> None:
    line = timeline(lab(14, noise=0.1), budget=1_500_000)
    go(line, 5)
    line.adjust("lr", 0.02)
    go(line, 8)
    line.adjust("noise", 0.3)
    go(line)
    final, end = line.runner.final, weights(line)
    assert len(line.branch.states.rounds) < 14, "the budget is to be too small for every state"
    for target in (10, 3, 13, 0):
        line.rewind(target)
        go(line)
        assert same(weights(line), end)
        assert line.runner.final == final
    assert line.runner.history.mismatches == 0


def test_a_fork_leaves_the_original_untouched() -> None:
    line = timeline(lab(16))
    go(line)
    final, end = line.runner.final, weights(line)
    line.rewind(5)
    line.fork({"lr": 0.5})
    go(line)
    assert line.runner.final != final
    line.switch(0)
    go(line)
    assert line.runner.final == final
    assert same(weights(line), end)


def test_pictures_of_the_past_are_those_of_the_past() -> None:
    line = timeline(lab(12))
    while not line.branch.states.rounds:
        line.advance()
    # Only the beginning is whole.
    only = Keyframes[State](1000)
    only.keep(0, line.runner.stage.keep(), 1)
    line.branch.states = only
    seen: dict[int, HeatMap] = {}
    while not line.runner.over:
        line.advance()
        if line.runner.stage.built and line.runner.stage.between_rounds and not line.runner.over:
            frame = line.frame("attention", line.runner.arms[0])
            assert isinstance(frame, HeatMap)
            seen[line.runner.stage.round] = frame
    assert 6 in line.branch.view_states.rounds
    line.rewind(6)
    assert not line.ready
    seen_later = line.frame("attention", line.runner.arms[0])
    assert isinstance(seen_later, HeatMap)
    # bf16 weights: three significant digits, more than any screen shows.
    assert seen_later.values[0] == pytest.approx(seen[6].values[0], abs=0.02, nan_ok=True)
    samples = line.frame("samples", line.runner.arms[0])
    assert isinstance(samples, Samples)
    assert samples.items[0].step == 6
    go(line, 6)
    exact = line.frame("attention", line.runner.arms[0])
    assert isinstance(exact, HeatMap)
    assert exact.values[0] == pytest.approx(seen[6].values[0], abs=0, nan_ok=True)


def test_two_hundred_moments_of_the_default_model_fit_and_states_are_near() -> None:
    default = lab(300, batch=16, d_model=96, n_layer=2, n_head=4, context=64)
    line = timeline(default.model_copy(update={"arms": default.arms[:1]}))
    go(line, 1)
    seen, state = line.runner.stage.view_states(), line.runner.stage.keep().bytes
    assert seen is not None
    view_state = seen[1]
    states, view_states = line.branch.states, line.branch.view_states
    assert view_states.stride <= 3
    assert states.stride <= 6
    held = 300 // states.stride + 1
    marks = 300 // view_states.stride + 1
    assert held * state + (marks - held) * view_state <= BUDGET
    # A longer run: as many view_states as their share holds, and states in the rest.
    assert int(0.55 * BUDGET / view_state) + int(0.45 * BUDGET / state) >= 200


def test_the_chart_draws_a_fork_from_where_it_left() -> None:
    line = timeline(lab(8))
    go(line)
    line.rewind(3)
    line.fork({"lr": 0.2})
    go(line)
    chart = line.curves()
    assert isinstance(chart, Curves)
    assert {s.branch for s in chart.series} == {0, 1}
    assert {s.x[0] for s in chart.series if s.branch == 1 and s.metric == "train_loss"} == {3.0}
