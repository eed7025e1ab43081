"""Letters that come again: what is drawn, what heads are seen to look at, and what one layer lacks to copy them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from tutor.experiments.sequence_task import SequenceTask
from tutor.experiments.sequence_task_config import SequenceTaskConfig
from tutor.frames import HeatMap, Strips


def run(steps: int, **changes: Any) -> SequenceTask:
    experiment = SequenceTask(SequenceTaskConfig(**changes), 0, max(1, steps))
    for _ in range(steps):
        experiment.step()
    return experiment


def test_sequences_begin_anew_after_their_own_number_of_letters() -> None:
    experiment = run(0)
    sequences, period = experiment.tests
    assert sequences.shape == (256, 49)
    assert period.min() == 8
    assert period.max() == 20
    for sequence, p in zip(sequences, period.tolist(), strict=True):
        assert torch.equal(sequence[p:], sequence[:-p])
    assert all(len(set(one[:p])) == p for one, p in zip(sequences.tolist(), period.tolist(), strict=True))
    assert set(run(0, period="fixed").tests[1].tolist()) == {14}


def test_one_layer_copies_if_it_is_told_the_letter_before_and_heads_are_worth_something() -> None:
    told, one = run(120, n_layer=1, token_shift=True), run(120, n_layer=1)
    found = told.finish()
    assert found["copied"] > 0.6
    assert found["induction"] > 0.15
    assert one.finish()["copied"] < 0.3
    heads = told.ablate(["1.1", "1.2"])
    assert heads.loss == pytest.approx(found["copy_loss"])
    assert heads.without > heads.loss + 0.5
    with pytest.raises(KeyError):
        told.ablate(["2.1"])


def test_looks_are_told_from_attention_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = run(0)
    period = experiment.tests[1][:4]

    def features(ids: Tensor, keep: list[Tensor]) -> None:
        B, T = ids.shape
        left, after = torch.zeros(B, 2, T, T), torch.zeros(B, 2, T, T)
        for b in range(B):
            for t in range(1, T):
                left[b, 0, t, t - 1] = 1
                match = (ids[b, :t] == ids[b, t]).nonzero()  # where the letter stood before
                if t >= period[b]:
                    assert match.numel()
                    after[b, 1, t, t + 1 - period[b]] = 1
        keep += [left, after]

    monkeypatch.setattr(experiment.model, "features", features)
    before, after = experiment._looks(4)
    assert before.tolist() == [[1, 0], [0, 0]]
    assert after.tolist() == [[0, 0], [0, 1]]


def test_a_head_that_is_out_looks_at_nothing_and_every_letter_gets_a_chance() -> None:
    experiment = run(2)
    seen = experiment.view("attention")
    assert isinstance(seen, HeatMap)
    assert seen.planes == ("1.1", "1.2", "2.1", "2.2")
    out = experiment.view("guesses", without=["1.1"])
    assert isinstance(out, Strips)
    once, again = out.items
    period = len(once.tokens.tokens)
    assert once.columns == again.columns == period
    assert period + len(again.tokens.tokens) == 49
    assert again.tokens.tokens[:period] == once.tokens.tokens
    assert all(0 <= chance <= 1 for chance in again.tokens.intensity)
