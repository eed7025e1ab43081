import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from tests.course import course
from tests.ui.answering import right_keys, submit
from tests.ui.driving import NARROW, WIDE, make_app, painted, right_now, shown, until, visible
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.content.library import Library
from tutor.content.models import Step
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.asked import ChoiceAsked, LabAsked
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.outline import OutlineScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_head import LabHead
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane


def section3(home: Path, lang: Lang = "en") -> TutorApp:
    return make_app(home, lang, open_section=("unit1", "s3"))


def opened(app: TutorApp) -> bool:
    """Whether the lesson is there, with all its parts."""
    return isinstance(app.screen, LessonScreen) and app.screen.is_mounted


def lesson(app: TutorApp) -> LessonScreen:
    assert isinstance(app.screen, LessonScreen)
    return app.screen


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_every_step_is_drawn_within_the_screen(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = section3(home, lang)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: opened(app))
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
            assert bool(partner.query("*")) == (step.kind != "read"), "nothing has run yet"
            assert visible(partner) == (bool(partner.query("*")) and size == WIDE), "first the text"
            assert app.store.position("unit1", "s3") == step.id
            assert len(painted(app)) == size[1]


async def test_position_and_done_steps_survive(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.press("n")
        for _ in range(2):
            await pilot.press("end", "n")
        assert lesson(app).index == 2
    again = section3(home)
    async with again.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, LessonScreen) and again.screen.index == 2)
        assert set(again.store.steps_done("unit1", "s3")) == {"s3.two-stages", "s3.self-supervision"}


async def test_narrow_window_has_tabs(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        await screen.go_to("s3.lab-gpt")
        await pilot.pause()
        assert visible(screen.query_one(LessonProse))
        assert not visible(screen.query_one(LabPane))
        await pilot.press("v")
        assert not visible(screen.query_one(LessonProse))
        assert visible(screen.query_one(LabPane))
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert visible(screen.query_one(LessonProse))
        assert visible(screen.query_one(LabPane))


async def at_answers(screen: LessonScreen) -> list[str]:
    """Go to a step with two answers in its text; the answers."""
    fence = "What?\n\n```answer\n{}\n```\n\n"
    body = fence.format("Six.") + "More. " * 900 + "\n\n" + fence.format("Seven.")
    step = screen.section.steps[0].model_copy(update={"body": Text(body, body)})
    screen.section = screen.section.model_copy(update={"steps": (step, *screen.section.steps[1:])})
    await screen.go(0)
    return ["Six.", "Seven."]


@pytest.mark.parametrize("lang", LANGS)
async def test_answers_in_the_text_are_hidden_until_asked_for(home: Path, lang: Lang) -> None:
    app = section3(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: opened(app))
        six, seven = await at_answers(lesson(app))
        assert (six in shown(app), seven in shown(app)) == (False, False)
        await pilot.press("A")
        assert (six in shown(app), seven in shown(app)) == (True, False)
        await pilot.press("L", "A")
        await pilot.pause()
        assert (six in shown(app), seven in shown(app)) == (True, True)
        assert any(seven in line for line in painted(app)), "what was opened is in sight"
        await pilot.press("A")
        assert (six in shown(app), seven in shown(app)) == (False, False)
        await pilot.press("A", "n", "b")
        await until(pilot, lambda: lesson(app).index == 0)
        assert six not in shown(app)


async def test_a_click_shows_the_answer_that_it_is_on(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        six, seven = await at_answers(lesson(app))
        prose = lesson(app).query_one(LessonProse)
        await until(pilot, lambda: prose.size.width > WIDE[0] // 2)  # the step before had a lab beside it
        await pilot.press("end")

        def below() -> int:
            """Rows from the top of the prose, as it is scrolled, to the second answer."""
            links = [any(run.link == "answer:1" for run in row) for row in prose.rows()]
            return links.index(True) - prose.scroll_offset.y

        await until(pilot, lambda: 0 <= below() < prose.size.height)
        await pilot.click(prose, offset=(5, below()))
        assert (six in shown(app), seven in shown(app)) == (False, True)


async def test_only_steps_with_answers_have_the_key(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        assert "answer" not in [action.name for action in lesson(app).actions_here()]
        await at_answers(lesson(app))
        assert "answer" in [action.name for action in lesson(app).actions_here()]


async def test_outline_jumps(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, OutlineScreen)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index == 2)


@pytest.mark.parametrize("lang", LANGS)
async def test_check_commits_before_feedback_and_keeps_half_answers(home: Path, lang: Lang) -> None:
    app = section3(home, lang)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        ids = [step.id for step in screen.section.steps]
        await screen.go(ids.index("s3.check-pretraining"))
        await pilot.pause()
        pane = screen.query_one(QuizPane)
        assert pane.has_focus
        await pilot.press("2")
        assert isinstance(pane.current, ChoiceAsked)
        chosen = set(pane.current.chosen)
        await pilot.press("L")
        assert pane.current.chosen == chosen
        assert not pane.current.submitted
        await pilot.press("L", "enter", "3")
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
        await until(pilot, lambda: opened(app))
        pane = app.screen.query_one(QuizPane)
        await until(pilot, lambda: pane.has_focus)
        await pilot.press("1", "enter")
        assert app.store.attempt_counts("unit1", "s3") == {}
        assert app.store.summary().section("unit1", "s3").answers == []


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_quiz_from_first_to_last(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = section3(home, lang)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        pane = app.screen.query_one(QuizPane)
        total = len(pane.questions)
        await pilot.press(str(len(pane.lengths)))
        assert len(pane.asked) == total >= 24
        right = 0
        for number, asked in enumerate(pane.asked):
            assert pane.index == number
            if isinstance(asked, LabAsked):  # its own run settles it
                await pilot.press("right")
                continue
            await pilot.press(*right_keys(asked))
            await submit(pilot)
            assert asked.mark is not None
            assert asked.mark.correct
            right += 1
            await pilot.press("enter")
        assert f"{right} / {total}" in shown(app) or f"{right} of {total}" in shown(app)
        assert right_now(app) == right


async def test_broken_course_says_so_and_stays_open(home: Path, tmp_path: Path) -> None:
    from tests.content.minimal_course import write_course

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


@asynccontextmanager
async def beside_a_fake_lab(
    home: Path, step: str, lang: Lang = "en", size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[Pilot[int], LessonScreen, LabSession]]:
    """Section 3 at a step, with a lab ``gpt`` that costs nothing and was predicted before."""
    app = section3(home, lang)
    app.store.set_position("unit1", "s3", step)
    lab = fake_lab(steps=4).model_copy(update={"id": "gpt"})
    session = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store, gate_passed=True)
    app.sessions["unit1", "gpt"] = session
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index >= 0)
        await pilot.pause()
        yield pilot, lesson(app), session
        await app.action_quit()


def make_steps() -> tuple[Step, ...]:
    return course().section("unit1", "s3").steps


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_beside_a_text_stands_the_last_lab_that_ran_and_space_turns_the_page(
    home: Path, size: tuple[int, int]
) -> None:
    steps = make_steps()
    at = next(i for i, step in enumerate(steps) if step.lab == "gpt" and step.kind == "lab")
    before, after = steps[at - 1], next(step for step in steps[at:] if step.kind == "read")
    async with beside_a_fake_lab(home, before.id, size=size) as (pilot, screen, session):
        assert screen.lab_pane is None, "its bet is for those who have read its step"
        await pilot.press("full_stop", "k")
        assert session.run is None
        session.toggle()
        await until(pilot, lambda: session.phase == "finished")
        await screen.go_to(after.id)
        await pilot.pause()
        assert screen.lab_pane is not None
        assert not session.of_another_step
        assert screen.space == "text"
        end, prose = session.timeline, screen.query_one(LessonProse)
        await pilot.press("space", "full_stop")
        await until(pilot, lambda: prose.scroll_offset.y > 0)
        assert session.timeline == end


async def test_a_lab_out_of_sight_is_shown_before_its_keys_do_anything(home: Path) -> None:
    steps = {step.id: step for step in make_steps()}
    lab = next(step for step in steps.values() if step.lab == "gpt" and step.kind == "lab")
    async with beside_a_fake_lab(home, lab.id, size=NARROW) as (pilot, screen, session):
        knobs = session.knobs()
        for key in ("k", "plus", "1", "end"):
            await pilot.press(key)
            await pilot.pause()
            assert (session.knob, session.knobs(), session.run) == (session.lab.knobs[0].id, knobs, None)
            if key != "1" and visible(screen.query_one(LabPane)):
                await pilot.press("v")
        await until(pilot, lambda: screen.space == "lab")
        await pilot.press("space")
        assert visible(screen.query_one(LabPane))
        assert session.run is None


async def test_a_check_in_a_narrow_window_opens_on_its_text_once(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        at = next(i for i, step in enumerate(screen.section.steps) if step.kind == "check")
        await screen.go(at)
        await pilot.press("end")
        await until(pilot, lambda: screen.space == "questions")
        await pilot.press("space")
        assert visible(screen.query_one(QuizPane))
        await screen.go(at + 1)
        await screen.go(at)
        assert visible(screen.query_one(QuizPane)), "it was read"


async def test_space_leads_from_the_text_to_a_question_that_waits(home: Path) -> None:
    app = section3(home)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        at = next(i for i, step in enumerate(screen.section.steps) if step.kind == "check")
        await screen.go(at)
        screen.query_one(LessonProse).focus()
        await pilot.press("end")
        await until(pilot, lambda: screen.space == "questions")
        await pilot.press("space")
        assert isinstance(screen.focused, QuizPane) and screen.index == at
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: not screen.wide)
        assert visible(screen.query_one(QuizPane)), "who is at a question stays there"


@pytest.mark.parametrize("lang", LANGS)
async def test_a_lab_step_is_done_when_its_lab_has_run(home: Path, lang: Lang) -> None:
    steps = {step.id: step for step in make_steps()}
    lab = next(step for step in steps.values() if step.lab == "gpt" and step.kind == "lab")
    tried = next(step for step in steps.values() if step.lab == "gpt" and step.settings)
    async with beside_a_fake_lab(home, lab.id, lang) as (pilot, screen, session):
        store = screen.app.store
        await pilot.press("n")
        await pilot.pause()
        assert lab.id not in store.steps_done("unit1", "s3")
        said = " ".join(shown(cast("TutorApp", screen.app)).split())
        assert ("上一步的实验还没有跑完" if lang == "zh" else "has not run to its end") in said
        assert not screen.app._notifications, "nothing is covered"
        await pilot.press("b", "space", "n")  # read on while it trains
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: lab.id in store.steps_done("unit1", "s3"))
        await screen.go([*steps].index(tried.id))
        await pilot.pause()
        assert tried.id not in store.steps_done("unit1", "s3"), "its own run is still to come"
        assert ("还是另一步的运行" if lang == "zh" else "still the run of another step") in " ".join(
            shown(cast("TutorApp", screen.app)).split()
        )
        session.next.presets = {}
        await pilot.press("r", "space")
        await until(
            pilot, lambda: session.phase == "finished" and tried.id in store.steps_done("unit1", "s3")
        )


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_step_is_called_done_in_the_list(home: Path, size: tuple[int, int]) -> None:
    lab = next(step for step in make_steps() if step.lab == "gpt" and step.kind == "lab")
    async with beside_a_fake_lab(home, lab.id, "en", size) as (pilot, screen, _):
        await pilot.press("o")
        await pilot.pause()
        text = painted(cast("TutorApp", screen.app))
        assert any(">" in line and lab.title.en[:12] in line for line in text), "the step is in sight"
        assert any("x calls it done" in line for line in text)
        await pilot.press("x", "escape")
        await pilot.pause()
        assert lab.id in screen.app.store.steps_done("unit1", "s3")
        assert f"{screen.index + 1}✓" in shown(cast("TutorApp", screen.app)) or "1 done" in shown(
            cast("TutorApp", screen.app)
        )


async def test_a_text_after_the_last_lab_has_the_window_to_itself(home: Path) -> None:
    app = make_app(home, "en", open_section=("unit1", "s4"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        steps = screen.section.steps
        last = max(i for i, step in enumerate(steps) if step.lab is not None)
        at = next(i for i in range(last, len(steps)) if steps[i].kind == "read")
        await screen.go(at)
        await pilot.pause()
        assert not visible(screen.query_one("#partner"))
        assert screen.query_one(LessonProse).size.width > 100
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert "switch" not in shown(app), "there is nothing to switch to"
        await pilot.resize_terminal(*WIDE)
        lab = fake_lab(steps=4).model_copy(update={"id": steps[last].lab})
        session = LabSession("unit1", "s4", lab, FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", lab.id] = session
        session.toggle()
        await until(pilot, lambda: session.phase == "finished")
        await screen.go(at)
        await pilot.pause()
        assert visible(screen.query_one(LabPane)), "a run is still there to look at"
        await app.action_quit()


@pytest.mark.parametrize("lang", LANGS)
async def test_every_option_of_a_prediction_is_in_sight_in_a_low_window(home: Path, lang: Lang) -> None:
    app = make_app(home, lang, open_section=("unit1", "s4"))
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: opened(app))
        screen = lesson(app)
        for index, step in enumerate(screen.section.steps):
            if step.kind != "lab":
                continue
            await screen.go(index)
            await pilot.press("v")
            await pilot.pause()
            gate = screen.query_one(PredictionGate)
            assert visible(gate)
            assert len(gate.rows()) <= gate.size.height, step.id
            shown_now = "\n".join(painted(app))
            assert ("先不猜" if lang == "zh" else "Skip the prediction") in shown_now, step.id
            last = len(screen.lab_pane.session.lab.prediction.options) if screen.lab_pane else 0
            assert (f"按 1–{last} 选" if lang == "zh" else f"choose with 1–{last}") in shown_now, step.id


@pytest.mark.parametrize("change", [{"experiment": "newer"}, {"shared": {"newer": "1"}}])
async def test_a_lab_of_a_newer_tutor_is_told_and_one_that_changed_is_taken_anew(
    home: Path, change: dict[str, object]
) -> None:
    app = section3(home)
    was = app.library.lab("unit1", "gpt")
    app.library.lab = lambda *_: was.model_copy(update=change)  # type: ignore[method-assign]
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: opened(app))
        await lesson(app).go_to("s3.lab-gpt")
        assert lesson(app).lab_pane is None
        await until(pilot, lambda: any("start it again" in told.message for told in app._notifications))
        app.library.lab = lambda *_: was  # type: ignore[method-assign]
        begun = app.session("gpt", "unit1", "s3")
        assert begun is app.session("gpt", "unit1", "s3")
        app.library.lab = lambda *_: was.model_copy(update={"steps": 7})  # type: ignore[method-assign]
        assert app.session("gpt", "unit1", "s3").lab.steps == 7


async def test_two_steps_asked_for_at_once_and_a_lesson_left_meanwhile(tmp_path: Path) -> None:
    """A key and a click may come within one moment: one step is shown, and nothing is asked of a lesson that is gone."""
    app = section3(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.pause()
        screen = lesson(app)
        lab = next(i for i, step in enumerate(screen.section.steps) if step.kind == "lab")
        check = next(i for i, step in enumerate(screen.section.steps) if step.kind == "check")
        await asyncio.gather(screen.go(check), screen.go(lab))
        assert (len(screen.query(QuizPane)), len(screen.query(LabPane))) == (0, 1)
        going = asyncio.gather(screen.go(check), screen.go(lab))
        screen.action_back()
        await going
        await until(pilot, lambda: app.screen is not screen)
        assert app.failure is None
        assert not set(app.store.steps_done("unit1", "s3")) & {screen.section.steps[check].id}


async def test_a_check_without_its_questions_is_not_done(tmp_path: Path) -> None:
    app = section3(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.pause()
        screen = lesson(app)
        check = next(i for i, step in enumerate(screen.section.steps) if step.kind == "check")
        await screen.go(check)
        await screen.query(QuizPane).remove()
        await pilot.press("n")
        await until(pilot, lambda: screen.index == check + 1)
        assert screen.section.steps[check].id not in app.store.steps_done("unit1", "s3")


async def test_a_lab_that_is_being_taken_away_is_asked_nothing_more(tmp_path: Path) -> None:
    """Its parts go one by one, and news may come between two of them."""
    app = section3(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: opened(app))
        await pilot.pause()
        screen = lesson(app)
        await screen.go(next(i for i, step in enumerate(screen.section.steps) if step.kind == "lab"))
        pane = screen.query_one(LabPane)
        await pane.query_one(LabHead).remove()
        gone = pane.remove()
        pane.show_news()
        pane.lay_out()
        assert pane.reading is None
        await gone
        assert app.failure is None
