"""Models for the store whose every part tells which one it is."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from tutor.engine.model_store import ModelStore
from tutor.experiments.base import Origin, TrainedModel

NAME = "my-model"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def model(number: int = 1, size: int = 8, **changes: Any) -> TrainedModel:
    parts: dict[str, Any] = {
        "tensors": {
            "w": torch.full((2, size), float(number)),
            "b": torch.full((3,), number % 128, dtype=torch.bfloat16),
        },
        "experiment": "language_model",
        "config": {"number": number, "layers": [1, 2], "rate": 0.1, "text": "中文", "none": None},
        "tokenizer": {"number": number, "vocab": {"a": 0, "中": 1}},
        "metrics": {"val_loss": number + 0.25},
        "steps": number,
        "seed": number,
        "history": (Origin("gpt", "gpt", number, number),),
    }
    return TrainedModel(**{**parts, **changes})


def same(one: TrainedModel, other: TrainedModel) -> bool:
    def facts(saved: TrainedModel) -> tuple[object, ...]:
        # As text, since NaN is not equal to itself.
        metrics = {name: repr(value) for name, value in saved.metrics.items()}
        return (
            saved.experiment,
            saved.config,
            saved.tokenizer,
            metrics,
            saved.steps,
            saved.seed,
            saved.history,
        )

    return (
        facts(one) == facts(other)
        and one.tensors.keys() == other.tensors.keys()
        and all(_same_tensor(one.tensors[name], other.tensors[name]) for name in one.tensors)
    )


def _same_tensor(one: torch.Tensor, other: torch.Tensor) -> bool:
    return (one.dtype, one.shape) == (other.dtype, other.shape) and torch.equal(one, other)


def number_of(saved: TrainedModel | None) -> int | None:
    """Which model it is, after a look at every part of it; None for none."""
    if saved is None:
        return None
    assert same(saved, model(saved.steps, saved.tensors["w"].shape[1]))
    return saved.steps


def file_of(folder: Path, name: str = NAME) -> Path:
    return folder / f"{name}.zip"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forge(folder: Path, parts: Mapping[str, bytes]) -> ModelStore:
    """A store with a model that is whole as a file; the parts not given are those of a good one."""
    store = ModelStore(folder)
    store.put(NAME, model())
    path = file_of(folder)
    good = parts_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in {**good, **parts}.items():
            archive.writestr(name, part)
    return store
