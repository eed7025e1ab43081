"""Recipes: where settings come from, and that the fast one is fast at what counts: loss for the same number of steps."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from tests.experiments.tiny import build, losses
from tutor.experiments.build import schedule
from tutor.experiments.language_model_config import RECIPES, LanguageModelConfig
from tutor.nn.optim import AdamW, RowAdagrad

SMALL_TURBO: dict[str, Any] = {"recipe": "turbo", "d_model": 32, "ngram_rows": 512}


def test_what_is_set_beside_a_recipe_wins() -> None:
    turbo = LanguageModelConfig.model_validate({"recipe": "turbo"})
    assert {key: getattr(turbo, key) for key in RECIPES["turbo"]} == RECIPES["turbo"]
    mixed = LanguageModelConfig.model_validate({"recipe": "turbo", "ngrams": "2", "d_model": "64"})
    assert (mixed.ngrams, mixed.d_model, mixed.batch) == (2, 64, RECIPES["turbo"]["batch"])
    assert LanguageModelConfig(recipe="turbo", batch=8).batch == 8
    assert LanguageModelConfig.model_validate(turbo.model_dump()) == turbo
    assert LanguageModelConfig.model_validate({"recipe": "plain"}) == LanguageModelConfig()
    wrong: Any
    for wrong in ("fast", 3, None, ["turbo"], {}):
        with pytest.raises(ValidationError) as caught:
            LanguageModelConfig.model_validate({"recipe": wrong})
        assert caught.value.errors()[0]["loc"] == ("recipe",)


def test_recipes_name_settings_that_exist() -> None:
    for settings in RECIPES.values():
        assert set(settings) <= set(LanguageModelConfig.model_fields)


@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_turbo_learns_more_in_the_same_steps(text_file: Path, objective: str) -> None:
    sizes: dict[str, Any] = {
        "d_model": 32,
        "n_layer": 1,
        "batch": 16,
        "eval_every": 100,
        "objective": objective,
    }
    sizes |= {"tokenizer": "char", "lr": 0.05}
    plain = build(text_file, **sizes)
    turbo = build(text_file, recipe="turbo", ngram_rows=512, **sizes)
    for run in (plain, turbo):
        run.total_steps = 40
        losses(run, 40)
    assert turbo.finish()["val_loss"] < plain.finish()["val_loss"] - 0.05


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"positions": "learned", "zero_init": False, "precision": "fp32"},
        {"ngrams": 1, "token_shift": True, "n_layer": 2},
        {"optimizer": "adamw", "lr": 0.01, "precision": "bf16"},
    ],
)
def test_every_part_can_be_switched_and_a_keyframe_replays(text_file: Path, settings: dict[str, Any]) -> None:
    run = build(text_file, **{**SMALL_TURBO, **settings})
    first = losses(run, 6)
    keyframe = copy.deepcopy(run)
    ahead = losses(run, 6)
    assert losses(keyframe, 6) == ahead
    assert all(
        torch.equal(w, v) for w, v in zip(run.model.parameters(), keyframe.model.parameters(), strict=True)
    )
    assert ahead[-1]["train_loss"] < first[0]["train_loss"]
    for name in ("attention", "samples"):
        assert run.view(name, run.view_state(), ["1.1"]) is not None
    assert run.ablate(["1.1"]).loss == run.finish()["val_loss"]


def test_half_precision_trains_to_nearly_the_same_loss(text_file: Path) -> None:
    a, b = (build(text_file, precision=p, batch=16, d_model=32) for p in ("fp32", "bf16"))
    losses(a, 20)
    losses(b, 20)
    exact, rough = a.finish()["val_loss"], b.finish()["val_loss"]
    assert exact != rough
    assert rough == pytest.approx(exact, abs=0.03)
    assert all(w.dtype == torch.float32 for w in b.model.parameters())


def test_a_saved_turbo_model_fits_only_one_with_the_same_tables(text_file: Path) -> None:
    run = build(text_file, **SMALL_TURBO)
    losses(run, 4)
    saved = run.trained({})
    assert build(text_file, seed=5, **SMALL_TURBO).adopt(saved) is None
    for settings in ({"ngrams": 2}, {"ngram_rows": 256}, {"positions": "learned"}):
        reason = build(text_file, **{**SMALL_TURBO, **settings}).adopt(saved)
        assert reason is not None
        assert next(iter(settings)) in reason.en


def test_only_the_head_learns_when_asked_for(text_file: Path, other_file: Path) -> None:
    base = build(text_file, **SMALL_TURBO)
    losses(base, 4)
    run = build(other_file, start=base, trainable="head", **SMALL_TURBO)
    before = copy.deepcopy(run.model.state_dict())
    losses(run, 3)
    changed = {name for name, w in run.model.state_dict().items() if not torch.equal(w, before[name])}
    assert changed == {"head.weight"}


def test_tables_can_keep_their_rate_when_the_others_change(text_file: Path) -> None:
    """Else a comparison of optimizers, each at its own rate, would compare rates of the tables as well."""
    for settings in ({}, {"optimizer": "adamw", "lr": 0.01, "table_rate": 30}):
        run = build(text_file, **{**SMALL_TURBO, **settings})
        run.step()
        first = schedule(0, run.total_steps)
        rates = {type(optimizer): optimizer.lr for optimizer, _ in run.optimizers}
        assert rates[RowAdagrad] == pytest.approx(0.3 * first)
        assert rates[AdamW] == pytest.approx(run.config.lr * first)
