from __future__ import annotations

import importlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.content.minimal_course import write_course
from tests.experiments import test_registry
from tutor import cli_parser, experiments
from tutor.content.check import check
from tutor.content.library import Library
from tutor.content.questions import Question
from tutor.content.scaffold import Kind, run_new, scaffold
from tutor.experiments import registry
from tutor.experiments.base import ExperimentSpec
from tutor.text import LANGS, InputError, Lang

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path)


def new(kind: Kind, name: str, root: Path, experiment: str | None = None) -> list[Path]:
    made = scaffold(kind, name, root, unit=None, experiment=experiment)
    run_new(kind, name, root, unit=None, experiment=experiment, lang="en", out=io.StringIO())
    return list(made.files)


def found_in(file: Path, root: Path) -> set[str]:
    """Codes of the problems of one file."""
    return {p.code for p in check(file, base=root).problems}


@pytest.mark.parametrize("experiment", registry.ids())
def test_a_new_lab_passes_the_check_but_for_what_is_to_be_filled_in(course: Path, experiment: str) -> None:
    [file] = new("lab", "another", course, experiment)
    assert found_in(file, course) == {"text.fill"}


@pytest.mark.parametrize("name", ["s2", "s9"])
def test_a_new_section_and_its_quiz_pass_the_check(course: Path, name: str) -> None:
    section = new("section", name, course)
    quiz = new("quiz", name, course)
    assert {p.name for p in section} == ({"s9.yaml", "unit.yaml"} if name == "s9" else {"s2.yaml"})
    for file in (*section, *quiz):
        assert found_in(file, course) == {"text.fill"}


def test_a_new_quiz_has_every_kind_of_question(course: Path) -> None:
    new("section", "s2", course)
    [file] = new("quiz", "s2", course)
    text = file.read_text("utf-8")
    for kind in get_args(get_args(Question)[0]):
        assert get_args(kind.model_fields["kind"].annotation)[0] in text
    asked = Library(course).quiz("unit1", "s2").questions
    assert {question.kind for question in asked} == {
        "single", "true_false", "numeric", "cloze", "order", "match", "lab",
    }  # fmt: skip


def test_nothing_is_overwritten(course: Path) -> None:
    [file] = new("lab", "another", course, "tokenizer")
    file.write_text("mine", "utf-8")
    with pytest.raises(InputError, match="already"):
        new("lab", "another", course, "tokenizer")
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("kind", "name", "experiment", "told"),
    [
        ("lab", "Big", "tokenizer", "can't be a name"),
        ("lab", "../up", "tokenizer", "can't be a name"),
        ("experiment", "with-dash", None, "can't be a name"),
        ("experiment", "x" * 33, None, "can't be a name"),
        ("experiment", "class", None, "can't be a name"),
        ("experiment", "fine", None, "checkout"),
        ("lab", "fine", None, "--experiment"),
        ("lab", "fine", "tokeniser", "--experiment"),
        ("quiz", "s7", None, "s7.yaml yet"),
    ],
)
def test_what_cannot_be_made_is_told(
    course: Path, kind: Kind, name: str, experiment: str | None, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        new(kind, name, course, experiment)


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_written_is_told_with_what_comes_next(course: Path, lang: Lang) -> None:
    out = io.StringIO()
    run_new("section", "s9", course, unit="unit1", experiment=None, lang=lang, out=out)
    said = out.getvalue()
    assert said.count("s9.yaml") == 3  # written, preview, check
    assert ("补充了" if lang == "zh" else "added to") in said


def test_the_command_line_offers_every_kind() -> None:
    assert get_args(Kind) == cli_parser.KINDS


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ExperimentSpec, list[Path]]]:
    """A new kind of experiment, importable and registered."""
    package = tmp_path / "tutor" / "experiments"
    package.mkdir(parents=True)
    files = new("experiment", "new_kind", tmp_path)
    monkeypatch.setattr(experiments, "__path__", [*experiments.__path__, str(package)])
    for name in ("tutor.experiments.new_kind_config", "tutor.experiments.new_kind"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    spec: ExperimentSpec = importlib.import_module("tutor.experiments.new_kind_config").SPEC
    registry.ids.cache_clear()
    yield spec, files
    registry.ids.cache_clear()


def test_a_new_kind_is_registered_by_the_name_of_its_file(made: tuple[ExperimentSpec, list[Path]]) -> None:
    assert "new_kind" in registry.ids()


def test_a_new_kind_keeps_the_contract_and_learns(made: tuple[ExperimentSpec, list[Path]]) -> None:
    spec, files = made
    test_registry.test_it_repeats_to_the_bit_and_goes_on_as_a_copy(spec.id, {})
    test_registry.test_every_number_is_declared(spec.id, {})
    test_registry.test_every_knob_turns(spec.id, {})
    test_registry.test_every_view_is_drawn_and_told(spec.id, {}, 8)
    test_registry.test_words_exist_in_both_languages(spec.id)
    scope: dict[str, object] = {}
    exec(compile(files[-1].read_text("utf-8"), str(files[-1]), "exec"), scope)
    scope["test_it_learns_the_slope"]()  # type: ignore[operator]


def test_a_lab_on_a_new_kind_passes_the_check(made: tuple[ExperimentSpec, list[Path]], course: Path) -> None:
    [file] = new("lab", "another", course, "new_kind")
    assert found_in(file, course) == {"text.fill"}


def test_a_new_kind_keeps_to_the_style_of_the_house(tmp_path: Path) -> None:
    (tmp_path / "tutor" / "experiments").mkdir(parents=True)
    for name in ("abc", "word_vectors", "x" * 32):  # whose imports are sorted otherwise
        for file in new("experiment", name, tmp_path):
            at = ["--stdin-filename", str(file.relative_to(tmp_path)), "-"]
            for command in (["check", "-q"], ["format", "--check", "-q"]):
                told = subprocess.run(
                    ["ruff", *command, *at],
                    cwd=ROOT,
                    input=file.read_text("utf-8"),
                    capture_output=True,
                    text=True,
                )
                assert told.returncode == 0, told.stdout + told.stderr
