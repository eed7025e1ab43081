"""Two small texts of a learner."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.test_corpora import story


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
