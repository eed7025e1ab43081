"""Two small texts of a learner, and a model trained on one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.test_corpora import story
from tests.experiments.tiny import build, losses
from tutor.experiments.base import TrainedModel


@pytest.fixture(scope="session")
def text_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "story.txt"
    path.write_text(story(12_000))
    return path


@pytest.fixture(scope="session")
def other_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "other.txt"
    path.write_text(story(8_000, seed=1).replace("the", "a river").replace("and", "stone of"))
    return path


@pytest.fixture(scope="session")
def trained(text_file: Path) -> TrainedModel:
    run = build(text_file, optimizer="adamw", d_model=32)
    run.total_steps = 60
    losses(run, 60)
    return run.trained(run.finish())
