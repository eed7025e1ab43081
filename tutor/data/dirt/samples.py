"""What is put in: sentences of other languages, advertising, personal data, the frames of pages; by kind, then by language or tag."""

from __future__ import annotations

from importlib import resources

import yaml

SAMPLES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (resources.files(__package__) / "samples.yaml").read_text("utf-8")
)
