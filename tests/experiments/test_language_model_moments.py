"""Moments of a run: keyframes that go on to the bit, view_states that can be looked at, heads that are taken out, live knobs."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.experiments.tiny import build, losses
from tutor.experiments import language_model, text_data
from tutor.experiments.base import Ablatable, GivesModel
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.text_data import loss_with_spelling
from tutor.frames import HeatMap, Samples


@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_a_keyframe_replays_to_the_bit_and_holds_no_gradients(text_file: Path, objective: str) -> None:
    run = build(text_file, objective=objective, noise=0.1)
    losses(run, 5)
    keyframe = copy.deepcopy(run)
    ahead = losses(run, 7)
    for _ in range(2):
        again = copy.deepcopy(keyframe)
        assert all(w.grad is None for w in again.model.parameters())
        assert losses(again, 7) == ahead
        for name, weight in run.model.state_dict().items():
            assert torch.equal(weight, again.model.state_dict()[name])
    assert run.finish() == again.finish()


def test_looking_at_a_moment_shows_it_and_touches_nothing(text_file: Path) -> None:
    run = build(text_file)
    losses(run, 8)
    view_state = run.view_state()
    size = sum(t.nbytes for t in view_state.tensors.values())
    assert size == 2 * sum(w.numel() for w in run.model.parameters())
    then = run.view("attention")
    losses(run, 8)
    weights = copy.deepcopy(run.model.state_dict())
    now, shown = run.view("attention"), run.view("attention", view_state)
    assert isinstance(then, HeatMap)
    assert isinstance(now, HeatMap)
    assert isinstance(shown, HeatMap)
    np.testing.assert_allclose(shown.values, then.values, atol=0.02)
    assert np.nanmax(np.abs(now.values - shown.values)) > 0.02
    sample = run.view("samples", view_state)
    assert isinstance(sample, Samples)
    assert sample.items[0].step == 8
    assert copy.deepcopy(run).view("samples", view_state) == sample
    assert all(torch.equal(w, weights[name]) for name, w in run.model.state_dict().items())


def loss_by_hand(run: LanguageModel, layer: int, head: int) -> float:
    """The validation loss of a copy in which the output matrix doesn't read the head."""
    model = copy.deepcopy(run.model)
    size = model.config.d_model // model.config.n_head
    weight = model.get_parameter(f"blocks.{layer}.attention.out.weight")
    with torch.no_grad():
        weight[:, head * size : (head + 1) * size] = 0
        ids = run.data.validation
        T = run.context
        count = min(text_data.FINAL_WINDOWS, -(-len(ids) // T))
        starts = torch.linspace(0, len(ids) - T - 1, count).long()
        windows = torch.stack([ids[s : s + T + 1] for s in starts])
        p = model(windows[:, :-1]).double().log_softmax(dim=-1)
        return -float(p.gather(2, windows[:, 1:, None]).mean())


@pytest.mark.parametrize("token_shift", [False, True])
def test_taking_a_head_out_is_zeroing_what_reads_it(text_file: Path, token_shift: bool) -> None:
    run = build(text_file, token_shift=token_shift)
    assert isinstance(run, Ablatable)
    losses(run, 12)
    before = copy.deepcopy(run.model.state_dict())
    for layer in range(2):
        for head in range(2):
            result = run.ablate([f"{layer + 1}.{head + 1}"])
            assert result.parts == (f"{layer + 1}.{head + 1}",)
            assert result.without == pytest.approx(loss_by_hand(run, layer, head), abs=1e-5)
            assert result.without != result.loss
    assert run.ablate([]).without == result.loss == run.finish()["val_loss"]
    everything = run.ablate(["1.1", "1.2", "2.1", "2.2"])
    assert everything.without != result.loss
    assert all(torch.equal(w, before[name]) for name, w in run.model.state_dict().items())
    for name in ("3.1", "1.3", "0.1", "x", ""):
        with pytest.raises(KeyError):
            run.ablate([name])


def test_the_whole_model_is_measured_once_a_step(text_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = build(text_file)
    losses(run, 3)
    measured = []

    def counted(*args: Any, **named: Any) -> float:
        measured.append(args[5] is not None)  # without some heads
        return loss_with_spelling(*args, **named)

    monkeypatch.setattr(language_model, "loss_with_spelling", counted)
    first = run.ablate(["1.1"])
    second = run.ablate(["1.2"])
    assert measured == [False, True, True]
    assert first.loss == second.loss
    losses(run, 1)
    measured.clear()
    assert run.ablate(["1.1"]).loss != first.loss
    assert sorted(measured) == [False, True]


@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_views_without_heads(text_file: Path, objective: str) -> None:
    run = build(text_file, objective=objective)
    losses(run, 10)
    whole, part = run.view("attention"), run.view("attention", without=["1.1"])
    assert isinstance(whole, HeatMap)
    assert isinstance(part, HeatMap)
    np.testing.assert_array_equal(whole.values[:2], part.values[:2])  # the first layer reads the same
    assert not np.array_equal(whole.values[2:], part.values[2:], equal_nan=True)
    cut = run.view("samples", run.view_state(), ["2.2", "1.1"])
    assert isinstance(cut, Samples)
    assert cut.items[0].without == ("1.1", "2.2")
    with pytest.raises(KeyError):
        run.view("attention", without=["9.9"])


def test_noise_is_a_live_knob_that_draws_nothing_at_zero(text_file: Path) -> None:
    calm, noisy = build(text_file), build(text_file, noise=0.3)
    state = calm.noises.get_state()
    a, b = losses(calm, 3), losses(noisy, 3)
    assert torch.equal(calm.noises.get_state(), state)
    assert not torch.equal(noisy.noises.get_state(), state)
    assert torch.equal(calm.batches.get_state(), noisy.batches.get_state())
    assert a[0]["val_loss"] == b[0]["val_loss"]  # measured without noise
    assert a[2]["train_loss"] != b[2]["train_loss"]
    noisy.adjust("noise", 0.0)
    state = noisy.noises.get_state()
    losses(noisy, 2)
    assert torch.equal(noisy.noises.get_state(), state)


def test_temperature_is_a_live_knob(text_file: Path) -> None:
    run = build(text_file, temperature=0.0)
    losses(run, 6)
    likeliest = run.view("samples")
    run.adjust("temperature", 2.0)
    assert run.view("samples") != likeliest
    run.adjust("temperature", 0.0)
    assert run.view("samples") == likeliest


def test_the_temperature_changes_nothing_that_is_measured(text_file: Path) -> None:
    cold, hot = build(text_file, temperature=0.0), build(text_file, temperature=2.0)
    assert losses(cold, 6) == losses(hot, 6)
    assert cold.finish() == hot.finish()


def test_protocols(text_file: Path) -> None:
    assert isinstance(build(text_file), GivesModel)
