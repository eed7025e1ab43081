"""Rounds of questions on the screen: restarts, detours, languages; questions that a run settles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.answering import question, right_keys, submit
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tests.ui.test_answers import CHECK, session_of
from tests.ui.test_asked import quiz_of
from tutor.text import LANGS, Lang
from tutor.ui.actions import actions_of
from tutor.ui.app import TutorApp
from tutor.ui.asked import LabAsked
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane


async def at_quiz(app: TutorApp, pilot: Pilot[int]) -> QuizPane:
    await until(
        pilot,
        lambda: (
            isinstance(app.screen, LessonScreen)
            and any(prose.size.width for prose in app.screen.query(LessonProse))
        ),
    )
    await pilot.pause()
    await pilot.press("z")
    await until(pilot, lambda: isinstance(app.screen, QuizScreen) and bool(app.screen.query(QuizPane)))
    await pilot.pause()
    return app.screen.query_one(QuizPane)


def offered(app: TutorApp) -> set[str]:
    """Return the actions of the screen that its bar and its help name."""
    return {action.name for action in actions_of(app.screen)}


@pytest.mark.parametrize("lang", LANGS)
async def test_a_round_goes_on_where_it_was_after_a_restart_a_detour_and_in_the_other_language(
    home: Path, lang: Lang
) -> None:
    app = make_app(home, lang, open_section=("unit1", "s3"))
    quiz = app.library.quiz("unit1", "s3")
    kept = [q.id for q in quiz.questions if q.kind != "lab"]
    for id in kept[:-3]:
        app.store.record_answer("unit1", "s3", id, [0], id != kept[1], lang=lang)
    async with app.run_test(size=NARROW) as pilot:
        pane = await at_quiz(app, pilot)
        assert pane.choosing
        await pilot.press("1")
        await pilot.pause()
        ids = [one.question.id for one in pane.asked]
        assert len(ids) == 10
        never = [q.id for q in quiz.questions if q.id in kept[-3:] or q.kind == "lab"]
        assert ids[: len(never)] == never[:10]
        assert kept[1] in ids[len(never) :][:1] or len(never) >= 10, "then what was wrong"
        first = next(i for i, one in enumerate(pane.asked) if not isinstance(one, LabAsked))
        await pilot.press(*["n"] * first, *right_keys(pane.asked[first]))
        await submit(pilot)
        answer = pane.asked[first].answer
        await pilot.press("L", "g")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        taught = pane.asked[first].question.step
        await until(pilot, lambda: screen.step is not None and screen.step.id == taught)
        await pilot.pause()
        assert ("回到题目" if app.lang == "zh" else "to the question") in painted(app)[-1]
        await pilot.press("backspace")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and bool(app.screen.query(QuizPane)))
        again = app.screen.query_one(QuizPane)
        assert (again.index, [one.question.id for one in again.asked]) == (first, ids), "the very question"
        assert again.asked[first].answer == answer
        await until(pilot, lambda: again.has_focus)
        await pilot.press("right")
        assert again.index == first + 1
        orders = [one.seed for one in again.asked]
    app.store.close()
    app = make_app(home, lang, open_section=("unit1", "s3"))
    async with app.run_test(size=NARROW) as pilot:
        pane = await at_quiz(app, pilot)
        assert (pane.index, [one.question.id for one in pane.asked]) == (first + 1, ids)
        assert [one.submitted for one in pane.asked] == [i == first for i in range(10)]
        assert [one.seed for one in pane.asked] == orders, "nothing is shown in another order"
        await pilot.press("left")
        await pilot.pause()
        mark = pane.asked[first].mark
        assert mark is not None
        assert mark.correct
        assert ("正确" if lang == "zh" else "Right") in shown(app), "as it was answered, and why"
        await pilot.press(*["right"] * 12)
        await pilot.pause()
        assert ("答对 1 / 10" if lang == "zh" else "1 of 10 right") in shown(app)
        rows = [row for row in pane.rows() if any(run.link.startswith("step:") for run in row)]
        assert len(rows) >= 10, "each leads to its step"
        assert {"previous", "again"} == offered(app) - {"back"}
        await pilot.press("R")
        assert pane.choosing
        assert offered(app) == {"back"}, "the lengths are on the page"


@pytest.mark.parametrize("lang", LANGS)
async def test_a_half_typed_answer_and_its_hints_are_there_when_one_comes_back(
    home: Path, lang: Lang
) -> None:
    async with quiz_of(home, ["cloze", "numeric", "single"], lang, NARROW) as (app, pilot, pane):
        await pilot.press("1", "right", *"12", "f2", "escape", "right", "2", "left")
        await pilot.pause()
        before = [(one.answer, one.hints) for one in pane.asked]
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, QuizScreen))
        app.store.close()
    async with quiz_of(home, ["cloze", "numeric", "single"], lang, NARROW) as (app, pilot, pane):
        assert [(one.answer, one.hints) for one in pane.asked] == before
        assert [one.begun for one in pane.asked] == [True, True, True]
        assert before[1] == (["12"], 1)
        assert app.store.summary().section("unit1", "s3").hint_counts() == {"s3.numeric": 1}


async def test_from_a_check_one_comes_back_to_the_very_question(home: Path) -> None:
    app = make_app(home, "en", open_section=("unit1", "s3"))
    app.store.set_position("unit1", "s3", CHECK)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and bool(app.screen.query(QuizPane)))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        pane = screen.query_one(QuizPane)
        await until(pilot, lambda: pane.has_focus)
        second = pane.asked[1]
        await pilot.press("right", *right_keys(second))
        await submit(pilot)
        await pilot.press("g")
        await until(pilot, lambda: screen.step is not None and screen.step.id == second.question.step)
        await pilot.pause()
        await pilot.press("backspace")
        await until(pilot, lambda: screen.step is not None and screen.step.id == CHECK)
        await until(pilot, lambda: bool(screen.query(QuizPane)) and screen.query_one(QuizPane).index == 1)
        assert screen.query_one(QuizPane).asked[1].submitted


@pytest.mark.parametrize(("holds", "right"), [("a.train_loss < 4", True), ("a.train_loss < 0", False)])
async def test_a_lab_question_is_marked_by_the_run_that_was_made(home: Path, holds: str, right: bool) -> None:
    async with quiz_of(home, ["single"], "en", NARROW) as (app, pilot, pane):
        session = session_of(app)
        session.bet.gate_passed = True
        session.enter("unit1 s3 somewhere")
        session.next.presets, session.next.step = {"lr": "0.1"}, "s3.lab-gpt"
        asked = LabAsked(
            question(  # type: ignore[arg-type]
                "lab", holds=holds, settings={"lr": "0.5"}, wrong=[],
                reason={"zh": "到了 {a.train_loss:.2f}", "en": "down to {a.train_loss:.2f}"},
                not_yet={"zh": "还在 {a.train_loss:.2f}", "en": "still at {a.train_loss:.2f}"},
            ), 0,
        )  # fmt: skip
        pane.asked = [asked]
        pane.show_question("s3.lab")
        await pilot.press("enter")
        await pilot.pause()
        assert "Run the lab to its end first" in shown(app)
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        assert asked.missing is not None, "nothing has run"
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await pilot.pause()
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        assert {config.lr for config in session.configs().values()} == {0.5}  # type: ignore[attr-defined]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        assert (session.next.place, session.next.presets) == ("unit1 s3 somewhere", {"lr": "0.1"})
        assert app.store.steps_done("unit1", "s3") == (), "it counts for no step"
        await submit(pilot, "3")
        assert asked.mark is not None
        assert asked.mark.correct == right
        assert ("down to" if right else "still at") in shown(app)
        ((answer, correct),) = app.store._read(
            "SELECT answer, correct FROM attempts WHERE kind = 'answer'", ()
        )
        assert correct == right
        assert [one.partition("=")[0] for one in json.loads(answer)] == ["a.train_loss"]
        later = LabAsked(asked.source.model_copy(update={"settings": {"lr": "0.3"}}), 1)
        pane.asked, pane.index = [later], 0
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await until(pilot, lambda: "an earlier one, with other settings" in " ".join(shown(app).split()))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        assert later.missing is not None, "the run of an earlier attempt had other settings"
        assert "The lab still shows an earlier run" in shown(app)
        again = LabAsked(asked.source, 0)
        assert again.restore(json.loads(answer))
        assert again.marked() == asked.mark
        session.close()
