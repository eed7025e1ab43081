from pathlib import Path

import pytest

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until, visible
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.outline import OutlineScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane


def section3(home: Path, lang: Lang = "en") -> TutorApp:
    return make_app(home, lang, open_section=("unit1", "s3"))


def lesson(app: TutorApp) -> LessonScreen:
    assert isinstance(app.screen, LessonScreen)
    return app.screen


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_every_step_is_drawn_within_the_screen(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = section3(home, lang)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = lesson(app)
        for index, step in enumerate(screen.section.steps):
            await screen.go(index)
            await pilot.pause()
            assert screen.step is step
            prose = screen.query_one(LessonProse)
            text = "".join("".join(run.text for run in row) for row in prose.rows())
            if visible(prose):
                assert step.title[lang].replace(" ", "")[:8] in text.replace(" ", "")
            assert all(sum(run.width for run in row) <= prose.size.width for row in prose.rows())
            partner = screen.query_one("#partner")
            assert visible(partner) == (size == WIDE or step.kind == "check")
            assert app.store.position("unit1", "s3") == step.id
            assert len(painted(app)) == size[1]


async def test_position_and_done_steps_survive(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("n", "n", "n")
        assert lesson(app).index == 2
    again = section3(home)
    async with again.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, LessonScreen) and again.screen.index == 2)
        assert set(again.store.steps_done("unit1", "s3")) == {"s3.two-stages", "s3.self-supervision"}


async def test_narrow_window_has_tabs(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("n")
        screen = lesson(app)
        assert visible(screen.query_one(LessonProse))
        assert not visible(screen.query_one(LabPane))
        await pilot.press("v")
        assert not visible(screen.query_one(LessonProse))
        assert visible(screen.query_one(LabPane))
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert visible(screen.query_one(LessonProse))
        assert visible(screen.query_one(LabPane))


async def test_outline_jumps(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, OutlineScreen)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index == 2)


@pytest.mark.parametrize("lang", LANGS)
async def test_check_commits_before_feedback_and_keeps_half_answers(home: Path, lang: Lang) -> None:
    app = section3(home, lang)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = lesson(app)
        ids = [step.id for step in screen.section.steps]
        await screen.go(ids.index("s3.check-pretraining"))
        await pilot.pause()
        pane = screen.query_one(QuizPane)
        assert pane.has_focus
        await pilot.press("2")
        assert pane.current is not None
        chosen = set(pane.current.chosen)
        await pilot.press("L")
        assert pane.current.chosen == chosen
        assert not pane.current.submitted
        await pilot.press("L", "enter")
        assert pane.current.submitted
        answer = app.store.answers("unit1", "s3")[pane.current.question.id]
        assert pane.current.mark is not None
        assert answer.correct == pane.current.mark.correct
        assert ("已保存" if lang == "zh" else "saved") in shown(app)
        reasons = [choice.reason[lang][:6] for choice in pane.current.choices]
        assert all(reason in shown(app).replace("\n", "") for reason in reasons)


async def test_opening_questions_are_not_scored(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        pane = app.screen.query_one(QuizPane)
        await until(pilot, lambda: pane.has_focus)
        await pilot.press("1", "enter")
        assert app.store.attempt_counts("unit1", "s3") == {}
        assert app.store.summary().section("unit1", "s3").answered == 0


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_quiz_from_first_to_last(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = section3(home, lang)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        pane = app.screen.query_one(QuizPane)
        total = len(pane.asked)
        assert total >= 24
        for number, asked in enumerate(pane.asked):
            assert pane.index == number
            for place, choice in enumerate(asked.choices):
                if choice.correct:
                    await pilot.press(str(place + 1))
            await pilot.press("enter")
            assert asked.mark is not None
            assert asked.mark.correct
            await pilot.press("enter")
        assert f"{total} / {total}" in shown(app) or f"{total} of {total}" in shown(app)
        assert app.store.summary().section("unit1", "s3").right == total


async def test_broken_course_says_so_and_stays_open(home: Path, tmp_path: Path) -> None:
    from tests.content.minimal_course import write_course
    from tutor.content.library import Library

    write_course(tmp_path / "course", {})
    app = make_app(home)
    app.library = Library(tmp_path / "course")
    unit = app.library.index().units[0]
    section = next(s for s in unit.sections if s.state == "ready")
    lesson_file = tmp_path / "course" / "lessons" / unit.folder / f"{section.id}.yaml"
    async with app.run_test(size=WIDE) as pilot:
        lesson_file.write_text("id: [", encoding="utf-8")
        app.open_section(unit.id, section.id)
        await pilot.pause()
        assert any(f"{section.id}.yaml:1:" in str(n.message) for n in app._notifications)
