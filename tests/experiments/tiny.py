"""Language models on a budget of milliseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig

TINY: dict[str, Any] = {
    "vocab_size": 128, "n_layer": 2, "n_head": 2, "d_model": 16, "context": 16, "batch": 4, "eval_every": 3,
    "prompt": "the ", "probe": "the river walks under the green stone.", "sample_chars": 40,
}  # fmt: skip


def build(file: Path, seed: int = 0, start: LanguageModel | None = None, **settings: Any) -> LanguageModel:
    config = LanguageModelConfig(**{**TINY, "corpus": "own", "text_file": str(file), **settings})
    return LanguageModel(config, seed, 20, start.trained({}) if start else None)


def losses(run: LanguageModel, steps: int = 6) -> list[dict[str, float]]:
    return [run.step() for _ in range(steps)]
