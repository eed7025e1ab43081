"""What all tests share: nothing of the developer's surroundings reaches them, and nothing of theirs stays."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.disks import SmallDisk, small_disk
from tutor.data.parallel_text import load_parallel

# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Tests start many programs, each of which would compile the tutor anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Read when textual is imported: still pictures can be compared.
os.environ["TEXTUAL_ANIMATIONS"] = "none"

_LEAKS = (
    "NO_COLOR",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "COLUMNS",
    "LINES",
    "PYTHONIOENCODING",
)


def pytest_collection_finish() -> None:
    """A run collects garbage where it begins: what is there before the first test need not be looked through each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable that changes language, colours or paths, and never the developer's own log."""
    for name in [name for name in os.environ if name.startswith("LLM_TUTOR_") or name in _LEAKS]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LLM_TUTOR_HOME", str(tmp_path_factory.mktemp("home") / "llm-tutor"))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """The tensors of the tests are small: threads of torch would wait for each other, and for the other processes."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The learner's folder, not made yet."""
    path = tmp_path / "home"
    monkeypatch.setenv("LLM_TUTOR_HOME", str(path))
    return path


@pytest.fixture
def few_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tokenizer learns from one in thirty of the texts of the course, and is measured on one in thirty of the others."""
    monkeypatch.setattr(
        "tutor.experiments.tokenizer.load_parallel",
        lambda seed: tuple(texts[::30] for texts in load_parallel(seed)),
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A real disk of some hundred kilobytes; the test is skipped where none can be mounted."""
    with small_disk(tmp_path / "disk") as found:
        if found is None:
            pytest.skip("no disk can be mounted here")
        yield found
