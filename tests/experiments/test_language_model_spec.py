"""The spec: costs near what is counted in a real step, and functions to read that exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from tests.experiments.reading import assert_readable
from tests.experiments.tiny import build, losses
from tutor.experiments import registry
from tutor.experiments.language_model_config import LanguageModelConfig

CONFIGS: list[dict[str, Any]] = [
    {"n_layer": 2, "n_head": 4, "d_model": 96, "context": 64, "batch": 16, "vocab_size": 256},
    {"n_layer": 1, "n_head": 4, "d_model": 64, "context": 64, "batch": 16, "token_shift": True},
    {"n_layer": 4, "n_head": 4, "d_model": 128, "context": 64, "batch": 8, "optimizer": "adamw", "tokenizer": "char"},
    {"n_layer": 2, "n_head": 2, "d_model": 64, "context": 32, "batch": 8, "objective": "mlm"},
    {"recipe": "turbo", "n_layer": 1, "n_head": 4, "d_model": 64, "context": 64, "batch": 16, "precision": "fp32"},
]  # fmt: skip


class Calls(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts tensor operations."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("settings", CONFIGS)
def test_costs_are_near_what_is_counted(text_file: Path, settings: dict[str, Any]) -> None:
    settings = {**settings, "eval_every": 5}
    run = build(text_file, **settings)
    estimate = registry.get("language_model").estimate
    assert estimate is not None
    cost = estimate(run.config)
    losses(run, 1)
    with FlopCounterMode(display=False) as flops, Calls() as calls:
        losses(run, 5)  # one round of live measurements
    assert 0.5 < cost.flops / (flops.get_total_flops() / 5) < 2
    assert 0.5 < cost.calls / (calls.count / 5) < 2
    kept = sum(t.nbytes for t in run.trained({}).tensors.values())
    assert kept < cost.bytes < kept + 1e8


@pytest.mark.parametrize("settings", CONFIGS)
def test_what_there_is_to_read_exists(settings: dict[str, Any]) -> None:
    reading = registry.get("language_model").reading
    assert reading is not None
    names = reading(LanguageModelConfig(**settings))
    assert names[0] == "tutor.experiments.language_model:LanguageModel.step"
    assert len(set(names)) == len(names)
    assert_readable(names)


def test_the_reading_follows_the_config() -> None:
    reading = registry.get("language_model").reading
    assert reading is not None
    plain = reading(LanguageModelConfig())
    assert "tutor.nn.objectives:mask_tokens" in reading(LanguageModelConfig(objective="mlm"))
    assert "tutor.nn.objectives:mask_tokens" not in plain
    assert "tutor.nn.optim:Muon.step" not in reading(LanguageModelConfig(optimizer="adamw"))
    assert "tutor.nn.optim:LAMB.step" in reading(LanguageModelConfig(optimizer="lamb"))
    assert "tutor.nn.optim:SGD.step" in reading(LanguageModelConfig(optimizer="momentum"))
    assert "tutor.nn.attention:rotate" not in reading(LanguageModelConfig(positions="learned"))
    turbo = reading(LanguageModelConfig(recipe="turbo", token_shift=True))
    assert {"tutor.nn.ngrams:NgramTables", "tutor.nn.transformer:TokenShift"} <= set(turbo) - set(plain)
