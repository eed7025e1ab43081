"""What all tests share: nothing of the developer's surroundings reaches them, and nothing of theirs stays."""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
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


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """No garbage is looked for while tests are collected, which makes none, nor later in what was there before the first test.

    A full collection stops a test for a tenth of a second; what dies between two of them takes some megabytes.
    """
    gc.disable()
    if worker := getattr(session.config, "workerinput", {}):
        _compile_a_share(session.config, int(worker["workerid"][2:]), worker["workercount"])
    yield
    gc.collect()
    gc.freeze()
    gc.enable()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 100)


def _compile_a_share(config: pytest.Config, number: int, count: int) -> None:
    """Import the test files, each of `count` processes others first: what one has rewritten and compiled the others read."""
    files = [file for folder in config.args for file in sorted((config.rootpath / folder).rglob("test_*.py"))]
    first = len(files) * number // count
    for file in files[first:] + files[:first]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # told when it is collected
            importlib.import_module(".".join(file.relative_to(config.rootpath).with_suffix("").parts))


_homes = itertools.count()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable that changes language, colours or paths, and never the developer's own log."""
    for name in [name for name in os.environ if name.startswith("LLM_TUTOR_") or name in _LEAKS]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.getbasetemp() / f"home{next(_homes)}"
    folder.mkdir()
    monkeypatch.setenv("LLM_TUTOR_HOME", str(folder / "llm-tutor"))


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
