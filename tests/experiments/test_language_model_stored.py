"""To the model store and back: what fits is taken over whole, all else is refused in words and changes nothing."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.experiments.tiny import build, losses
from tutor.experiments.base import TrainedModel


def shelved(file: Path, **settings: Any) -> TrainedModel:
    run = build(file, **settings)
    losses(run, 6)
    return run.trained({"val_loss": 1.5})


@pytest.mark.parametrize("tokenizer", ["bpe", "char"])
def test_there_and_back(text_file: Path, tokenizer: str) -> None:
    trained = build(text_file, tokenizer=tokenizer)
    losses(trained, 6)
    saved = trained.trained({"val_loss": 1.5})
    assert saved.experiment == "language_model"
    assert saved.steps == 6
    assert saved.metrics == {"val_loss": 1.5}
    plain = json.loads(json.dumps([saved.config, saved.tokenizer]))
    saved = dataclasses.replace(saved, config=plain[0], tokenizer=plain[1])
    losses(trained, 2)  # what was saved is a copy
    fresh = build(text_file, seed=3, tokenizer=tokenizer)
    assert fresh.adopt(saved) is None
    assert fresh.steps == 6
    assert all(torch.equal(w, saved.tensors[name]) for name, w in fresh.model.state_dict().items())
    assert fresh.finish()["val_loss"] != trained.finish()["val_loss"]
    tuned = build(text_file, start=fresh)
    assert all(torch.equal(w, saved.tensors[name]) for name, w in tuned.model.state_dict().items())
    losses(fresh, 1)


def test_what_does_not_fit_is_refused_in_words(text_file: Path, other_file: Path) -> None:
    saved = shelved(text_file)
    for settings, word in (
        ({"objective": "mlm"}, "mlm"),
        ({"n_layer": 1}, "n_layer"),
        ({"n_head": 4}, "n_head"),
        ({"d_model": 32}, "d_model"),
        ({"context": 32}, "context"),
        ({"token_shift": True}, "token_shift"),
        ({"tokenizer": "char"}, "tokenizer"),
        ({"corpus": "python_reference"}, "python_reference"),
        ({"train_chars": 4_000}, "text"),
    ):
        run = build(text_file, **settings)
        reason = run.adopt(saved)
        assert reason is not None, settings
        assert word in reason.en
        assert reason.zh != reason.en
    assert build(other_file).adopt(saved) is not None
    pieces = saved.tokenizer["pieces"]
    swapped = dataclasses.replace(saved, tokenizer={**saved.tokenizer, "pieces": [*pieces[1:], pieces[0]]})
    reason = build(text_file).adopt(swapped)
    assert reason is not None
    assert "tokenizer" in reason.en


def damaged(saved: TrainedModel) -> list[TrainedModel]:
    name = "blocks.0.mlp.up.weight"
    weight = saved.tensors[name]

    def tensors(**changes: Any) -> TrainedModel:
        return dataclasses.replace(saved, tensors={**saved.tensors, **changes})

    nan, infinite = weight.clone(), weight.clone()
    nan[3, 4] = math.nan
    infinite[0, 0] = -math.inf
    return [
        dataclasses.replace(saved, tensors={k: v for k, v in saved.tensors.items() if k != name}),
        tensors(surplus=weight),
        tensors(**{name: weight.T}),
        tensors(**{name: weight[:-1]}),
        tensors(**{name: weight.double()}),
        tensors(**{name: weight.to(torch.int64)}),
        tensors(**{name: weight.to_sparse()}),
        tensors(**{name: weight.tolist()}),
        tensors(**{name: None}),
        tensors(**{name: nan}),
        tensors(**{name: infinite}),
        dataclasses.replace(saved, tensors={}),
        dataclasses.replace(saved, experiment="word2vec"),
        dataclasses.replace(saved, config={}),
        dataclasses.replace(saved, tokenizer={}),
        dataclasses.replace(saved, tokenizer={**saved.tokenizer, "pieces": 7}),
        dataclasses.replace(saved, tokenizer={**saved.tokenizer, "pieces": None}),
        dataclasses.replace(saved, tokenizer={**saved.tokenizer, "text": None}),
        dataclasses.replace(saved, steps=-1),
        dataclasses.replace(saved, steps="6"),  # type: ignore[arg-type]
        dataclasses.replace(saved, config=None),  # type: ignore[arg-type]
        dataclasses.replace(saved, tensors=None),  # type: ignore[arg-type]
    ]


def test_a_damaged_or_forged_file_is_refused_and_changes_nothing(text_file: Path) -> None:
    saved = shelved(text_file)
    run = build(text_file, seed=3)
    twin = copy.deepcopy(run)
    for bad in damaged(saved):
        reason = run.adopt(bad)
        assert reason is not None
        assert reason.zh
    assert run.steps == 0
    assert losses(run, 3) == losses(twin, 3)
