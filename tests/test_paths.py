from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor import paths


def test_everything_moves_with_the_home_variable(home: Path) -> None:
    assert paths.home() == home
    assert home in paths.cache().parents
    assert home in paths.models().parents
    assert paths.database(paths.home()).parent == home
    assert not home.exists()


def test_without_the_variable_the_platform_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Set but empty counts as not set.
    monkeypatch.setenv("LLM_TUTOR_HOME", " ")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert paths.home().name == "llm-tutor"
    assert paths.home() != paths.cache()
    assert paths.models() == paths.cache() / "models"


def test_a_home_may_be_written_with_a_tilde_or_relative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_TUTOR_HOME", "~/learning")
    assert paths.home() == Path.home() / "learning"
    monkeypatch.setenv("LLM_TUTOR_HOME", "learning")
    assert paths.home() == Path(os.getcwd()) / "learning"  # noqa: PTH109


def test_the_course_of_the_command_line_comes_before_that_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LLM_TUTOR_COURSE", str(tmp_path / "mine"))
    assert paths.course_root() == tmp_path / "mine"
    assert paths.course_root(tmp_path / "other") == tmp_path / "other"


def test_the_course_of_the_checkout_is_found_from_anywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (paths.course_root() / "lessons" / "unit1" / "unit.yaml").is_file()
    assert (paths.course_root() / "quizzes").is_dir()
