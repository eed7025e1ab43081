"""What the manifest of a stored model says, without taking the model."""

from __future__ import annotations

import json
from pathlib import Path

from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.paths import models

SIZES = ("n_layer", "d_model", "n_head", "context", "vocab_size")


def stored_sizes(name: str) -> dict[str, int]:
    """The `SIZES` of a stored language model; nothing where there is none with a manifest that can be read."""
    folder = models() / name
    try:
        version = _read(folder / "current").partition(" ")[0]
        manifest = json.loads(_read(folder / version / "model.json"))
        config = LanguageModelConfig.model_validate(manifest["config"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    return {key: getattr(config, key) for key in SIZES}


def _read(path: Path, limit: int = 2**20) -> str:
    if not path.is_file():  # to open a pipe would be to wait
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(limit).decode("ascii")
