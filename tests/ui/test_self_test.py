"""A self-test at the beginning of a section, which shows where to begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.content.minimal_course import QUIZ, SECOND, SECTION, write_course
from tests.ui.driving import NARROW, WIDE, painted, until
from tutor import paths
from tutor.content.library import Library
from tutor.progress.store import Store
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.asked import ChoiceAsked
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.section_end import SectionEndScreen
from tutor.ui.widgets.quiz_pane import QuizPane

TEST = """\
steps:
- id: s1.test
  kind: check
  optional: true
  self_test: true
  title: {zh: 该从哪里开始, en: Where to begin}
  concepts: []
  body: {zh: 答不上来也没关系。, en: Nobody minds what you don't know.}
  questions: [s1.q01, s1.q03]
"""
FIRST = SECTION.replace("steps:\n", TEST)
ASKED = QUIZ.replace("  step: s1.read\n", "  step: s1.try\n", 1)
"""The first question is taught after what teaches the second."""


def make_app(root: Path, lang: Lang, *, second: bool = False) -> TutorApp:
    files = {"lessons/unit1/s1.yaml": FIRST, "quizzes/unit1/s1.yaml": ASKED}
    if second:
        files["lessons/unit1/s2.yaml"] = SECOND
    course = Library(write_course(root / "course", files))
    return TutorApp(course, Store(paths.database(root)), lang=lang)


async def answer(pilot: Pilot[int], *, right: bool) -> None:
    """Answer the question that is asked, surely, and go on."""
    asked = pilot.app.screen.query_one(QuizPane).current
    assert isinstance(asked, ChoiceAsked)
    place = next(i for i, choice in enumerate(asked.choices, 1) if choice.correct == right)
    await pilot.press(str(place), "enter", "3")
    assert asked.submitted
    await pilot.press("enter")


async def taken(pilot: Pilot[int], right: tuple[bool, bool]) -> LessonScreen:
    """Go into the test from the map, and answer it."""
    await pilot.press("t")
    await until(pilot, lambda: bool(pilot.app.screen.query(QuizPane)))
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    assert screen.step is not None and screen.step.id == "s1.test"
    for one in right:
        await answer(pilot, right=one)
    return screen


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_it_leads_to_the_first_step_that_teaches_what_was_missed(
    tmp_path: Path, lang: Lang, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path, lang)
    async with app.run_test(size=size) as pilot:
        offer = {"zh": "t 先测一测", "en": "t: a self-test"}[lang]
        assert any(offer in line for line in painted(app))
        screen = await taken(pilot, (False, False))
        lines = "\n".join(painted(app))
        first, second = (
            lines.index(said) for said in {"zh": ("2 读", "4 试"), "en": ("2 Read", "4 Try")}[lang]
        )
        assert first < second
        assert {"zh": "从第 2 步开始", "en": "begin at step 2"}[lang] in lines
        await pilot.press("enter")
        await until(pilot, lambda: screen.step is not None and screen.step.id == "s1.read")
        assert "s1.test" in app.store.steps_done("unit1", "s1")
        assert [one.step for one in app.store.answers("unit1", "s1").values()] == ["s1.test"] * 2
        await pilot.press("backspace")
        await until(pilot, lambda: screen.step is not None and screen.step.id == "s1.test")
        await pilot.press("enter", "n")
        await until(pilot, lambda: screen.step is not None and screen.step.id not in ("s1.test", "s1.read"))
        assert not any("bksp" in line for line in painted(app)), "who reads on is past it"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.pause()
        assert not any(offer in line for line in painted(app))


async def test_what_was_answered_right_is_not_sent_back_to(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        screen = await taken(pilot, (False, True))
        assert "begin at step 4" in "\n".join(painted(app))
        await pilot.press("enter")
        await until(pilot, lambda: screen.step is not None and screen.step.id == "s1.try")


@pytest.mark.parametrize("second", [True, False])
async def test_who_knows_all_goes_on_to_the_next_section(tmp_path: Path, second: bool) -> None:
    app = make_app(tmp_path, "en", second=second)
    async with app.run_test(size=NARROW) as pilot:
        await taken(pilot, (True, True))
        said = "on to “Second”" if second else "to the end of the section"
        assert said in "\n".join(painted(app))
        await pilot.press("enter")
        if second:
            await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.section.id == "s2")
        else:
            await until(pilot, lambda: isinstance(app.screen, SectionEndScreen))


async def test_it_can_be_skipped_and_counts_for_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: bool(app.screen.query(QuizPane)))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await pilot.press("right", "right")
        assert "0 of 2 right" in "\n".join(painted(app)), "what wasn't answered is missed"
        await pilot.press("n")
        await until(pilot, lambda: screen.step is not None and screen.step.id == "s1.read")
        assert "stays open" not in "\n".join(painted(app))
        entry = app.section_entry("unit1", "s1")
        assert entry is not None
        assert "s1.test" not in entry.required
        assert app.store.steps_done("unit1", "s1") == ()
