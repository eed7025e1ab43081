from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.content.minimal_course import FILES, write_course
from tests.ui.driving import NARROW, WIDE, shown, until
from tutor import paths
from tutor.content.files import course_files
from tutor.content.library import Library
from tutor.progress.store import Store
from tutor.text import LANGS, InputError, Lang
from tutor.ui.preview import PreviewApp, ProblemScreen, run_preview
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.quiz import QuizScreen

LAB = "lessons/unit1/labs/tiny.yaml"
SECTION = "lessons/unit1/s1.yaml"
QUIZ = "quizzes/unit1/s1.yaml"


def save(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose lab stands on a kind that the tutor has."""
    lab = FILES[LAB].replace(
        "- {id: decay, minimum: 0.001, maximum: 0.1}", "- {id: lr, minimum: 0.001, maximum: 0.1}"
    )
    lab = lab.replace("set: {lr: 0.001}", "set: {n_layer: 2}")
    return write_course(tmp_path / "course", {LAB: lab})


@asynccontextmanager
async def preview(
    file: Path, home: Path, lang: Lang = "en", size: tuple[int, int] = WIDE, **which: Any
) -> AsyncIterator[tuple[PreviewApp, Pilot[int]]]:
    """The preview of a file, as soon as it shows anything."""
    root = next(folder.parent for folder in file.parents if folder.name in ("lessons", "quizzes"))
    at = next(at for at in course_files(root) if at.path == file)
    store = Store(paths.database(home))
    app = PreviewApp(at, Library(root), store, lang, **which)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app._seen is not None and app.screen.is_mounted)
        yield app, pilot
    store.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_lab_is_shown_and_shown_anew_when_it_is_saved(
    course: Path, home: Path, lang: Lang, size: tuple[int, int]
) -> None:
    async with preview(course / LAB, home, lang, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        before = app.screen
        save(course / LAB, "很小。, en: Very small.", "大一点。, en: A bit larger.")
        said = "A bit larger." if lang == "en" else "大一点。"
        await until(pilot, lambda: app.screen is not before and said in shown(app))


async def test_a_mistake_is_told_with_its_place_and_goes_when_it_is_mended(course: Path, home: Path) -> None:
    async with preview(course / LAB, home) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        save(course / LAB, "experiment: language_model", "experiment: language_modle")
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen) and "tiny.yaml:2:13" in shown(app))
        assert "language_model" in shown(app)
        save(course / LAB, "experiment: language_modle", "experiment: language_model")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))


@pytest.mark.parametrize("broken", ["id: [", "", "\x00", "id: tiny\nsteps: -1\n"])
async def test_no_file_ends_the_preview(course: Path, home: Path, broken: str) -> None:
    whole = (course / LAB).read_text("utf-8")
    async with preview(course / LAB, home) as (app, pilot):
        (course / LAB).write_text(broken, "utf-8")
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen) and "tiny.yaml:" in shown(app))
        (course / LAB).unlink()
        await pilot.pause(0.01)
        (course / LAB).write_text(whole, "utf-8")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))


async def test_a_warning_stands_below_what_is_shown(course: Path, home: Path) -> None:
    save(course / SECTION, "Know what a loss is.", "FILL (what one knows then)")
    async with preview(course / SECTION, home) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and "s1.yaml:4:1" in shown(app))


async def test_a_section_opens_at_a_step_and_stays_where_the_author_is(course: Path, home: Path) -> None:
    def at(step: str) -> bool:
        return (
            isinstance(app.screen, LessonScreen)
            and app.screen.step is not None
            and app.screen.step.id == step
        )

    async with preview(course / SECTION, home, step="s1.check") as (app, pilot):
        await until(pilot, lambda: at("s1.check"))
        await pilot.press("b")
        await until(pilot, lambda: at("s1.try"))
        before = app.screen
        save(course / SECTION, "Change the rate.", "Change it.")
        await until(pilot, lambda: app.screen is not before and at("s1.try") and "Change it." in shown(app))


async def test_answers_in_the_text_are_shown(course: Path, home: Path) -> None:
    save(course / SECTION, "```flow\n      text -> tokens (pieces) -> model", "```answer\n      Forty-two.")
    async with preview(course / SECTION, home) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and "Forty-two." in shown(app))
        await pilot.press("A")
        assert "Forty-two." not in shown(app)


async def test_one_question_is_shown_alone(course: Path, home: Path) -> None:
    async with preview(course / QUIZ, home, question="s1.q03") as (app, pilot):
        await until(pilot, lambda: "A token is a word." in shown(app))
        assert isinstance(app.screen, QuizScreen)
        assert [question.id for question in app.screen.quiz.questions] == ["s1.q03"]


@pytest.mark.parametrize(
    ("file", "which", "near"),
    [(SECTION, {"step": "s1.reed"}, "s1.read"), (QUIZ, {"question": "s1.q9"}, "s1.q0")],
)
async def test_what_is_not_in_the_file_is_told(
    course: Path, home: Path, file: str, which: dict[str, Any], near: str
) -> None:
    async with preview(course / file, home, **which) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, ProblemScreen) and near in shown(app))


async def test_a_file_with_no_screen_of_its_own_shows_its_problems(course: Path, home: Path) -> None:
    async with preview(course / "lessons/unit1/concepts.yaml", home) as (app, pilot):
        await until(pilot, lambda: "No problems." in shown(app))


def test_a_file_of_no_course_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text("id: some", "utf-8")
    with pytest.raises(InputError, match="course"):
        run_preview(tmp_path / "some.yaml", step=None, question=None, lang="en")


def test_nothing_is_kept_of_a_preview(course: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(paths.database(home)).close()
    before = paths.database(home).read_bytes()
    (paths.models() / "some").mkdir(parents=True)
    seen: list[Path] = []

    def run(app: PreviewApp) -> int:
        app.store.mark_step("unit1", "s1", "s1.read")
        assert (paths.models() / "some").is_dir(), "models that labs start from are there"
        seen.append(paths.home())
        return 0

    monkeypatch.setattr("tutor.ui.preview.run_to_its_end", run)
    assert run_preview(course / LAB, step=None, question=None, lang="en") == 0
    assert seen != [home]
    assert paths.home() == home
    assert not seen[0].exists()
    assert paths.database(home).read_bytes() == before
