"""Nothing is submitted that wasn't chosen; no answer is lost or overwritten; nothing is ticked that wasn't seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.answering import right_keys
from tests.ui.driving import NARROW, WIDE, make_app, painted, right_now, shown, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.progress.store import Store
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.asked import LabAsked
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_head import LabHead
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import RowsScroll

PLACES = ("quiz", "check", "opening", "bet")
LONG = 100_000
CHECK = "s3.check-pretraining"
LAB = "s3.lab-gpt"
SURE = {"bet": "3", "quiz": "3", "check": "3"}
"""Where it is asked how sure one is."""


def given(store: Store) -> list[tuple[object, ...]]:
    """All that was recorded of answers and bets."""
    rows = store._read("SELECT kind, item, answer FROM attempts WHERE kind != 'reveal' ORDER BY id", ())
    return [tuple(row) for row in rows]


def session_of(app: TutorApp, steps: int = 4, **more: object) -> LabSession:
    """The lab ``gpt`` of section 3, at no cost."""
    lab = fake_lab(steps=steps, **more).model_copy(  # type: ignore[arg-type]
        update={"id": "gpt", "speed": 20.0 if steps == LONG else None}
    )
    store = app.store
    session = LabSession("unit1", "s3", lab, FAKE_SPEC, store)
    app.sessions["unit1", "gpt"] = session
    return session


@asynccontextmanager
async def at(
    home: Path, place: str, lang: Lang = "en", size: tuple[int, int] = WIDE, **lab: object
) -> AsyncIterator[tuple[TutorApp, Pilot[int]]]:
    """Section 3 where something is asked, with the keys there."""
    app = make_app(home, lang, open_section=("unit1", "s3"))
    session = session_of(app, **lab)  # type: ignore[arg-type]
    if place in ("check", "bet"):
        app.store.set_position("unit1", "s3", CHECK if place == "check" else LAB)
    async with app.run_test(size=size) as pilot:
        await until(
            pilot,
            lambda: (
                isinstance(app.screen, LessonScreen)
                and any(prose.size.width for prose in app.screen.query(LessonProse))
            ),
        )
        await pilot.pause()
        if place == "quiz":
            await pilot.press("z")
            await until(pilot, lambda: isinstance(app.screen, QuizScreen))
            pane = app.screen.query_one(QuizPane)
            if pane.choosing:
                await pilot.press(str(len(pane.lengths)))
        elif size == NARROW:
            await pilot.press("v")
        await pilot.pause()
        yield app, pilot
        session.close()


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_submitted_that_was_not_chosen(
    home: Path, place: str, lang: Lang, size: tuple[int, int]
) -> None:
    async with at(home, place, lang, size) as (app, pilot):
        first = Text("先选一项", "Choose first")[lang]
        if place == "bet":
            assert Text("空格 选择", "space choose")[lang] in painted(app)[-1]
        for keys in (("enter",), ("enter", "enter"), ("down", "enter"), ("up", "up", "enter")):
            await pilot.press(*keys)
            await pilot.pause()
            assert given(app.store) == [], f"{keys} chose nothing"
            assert any(first in line for line in painted(app)), "it is said where it is seen"
        await pilot.press("space")
        await pilot.pause()
        assert not any(first in line for line in painted(app)), "it was done"
        assert given(app.store) == []
        await pilot.press("2", "enter", *SURE.get(place, ""))
        await pilot.pause()
        assert len(given(app.store)) == 1
        await pilot.press(*["enter"] * 6)  # a key that is held down
        await pilot.pause()
        assert len(given(app.store)) == 1, "the next question wasn't answered with it"


@pytest.mark.parametrize("place", PLACES)
async def test_the_mouse_chooses_and_submits_as_the_keys_do(home: Path, place: str) -> None:
    async with at(home, place) as (app, pilot):
        pane: RowsScroll = app.screen.query_one(PredictionGate if place == "bet" else QuizPane)

        async def click(link: str) -> None:
            places = ((x, y) for y in range(len(pane.rows())) for x in range(pane.size.width))
            x, y = next(at for at in places if pane.link_at(*at) == link)
            await pilot.click(pane, offset=(x + 2, y + (place == "bet")))
            await pilot.pause()

        go, option = ("go", "2") if place == "bet" else ("go:", "stop:1")
        await click(go)
        assert given(app.store) == []
        await click(option)
        assert given(app.store) == []
        await click(go)
        if place != "opening":
            assert given(app.store) == []
            await click("sure:3")
        assert len(given(app.store)) == 1


@pytest.mark.parametrize("place", PLACES)
async def test_an_answer_stands_after_a_detour_and_after_a_restart(home: Path, place: str) -> None:
    async with at(home, place) as (app, pilot):
        await pilot.press("2", "enter", *SURE.get(place, ""))
        await pilot.pause()
        before = given(app.store)
        assert len(before) == 1
        await pilot.press(*(("escape", "z") if place == "quiz" else ("n", "b", "z", "escape")))
        await pilot.pause()
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert given(app.store) == before
    async with at(home, place) as (app, pilot):
        await pilot.press(*(["b"] if place == "opening" else []), "enter", "enter", "enter")
        await pilot.pause()
        assert given(app.store) == before
        if place == "bet":
            assert "Your bet" in shown(app)
            return
        pane = app.screen.query_one(QuizPane)
        assert pane.asked[0].submitted
        assert (pane.index, pane.asked[1].submitted) == (1, False), "at the first that has no answer"
        pane.action_turn(-1)
        assert "(o)" in shown(app) or "[+]" in shown(app) or "[x]" in shown(app), "as it was answered"


async def test_an_answered_quiz_opens_at_its_end_and_only_R_asks_again(home: Path) -> None:
    async with at(home, "quiz") as (app, pilot):
        pane = app.screen.query_one(QuizPane)
        for asked in pane.asked:
            await pilot.press(
                *right_keys(asked), *([] if isinstance(asked, LabAsked) else ["enter", "3"]), "right"
            )
        total = len(pane.asked)
        right = total - sum(isinstance(asked, LabAsked) for asked in pane.asked)
        assert f"{right} of {total} right" in shown(app)
    async with at(home, "quiz") as (app, pilot):
        await pilot.press(*["enter"] * 4, "1", "t", "space")
        await pilot.pause()
        assert f"{right} of {total} right" in shown(app)
        assert len(given(app.store)) == right
        assert right_now(app) == right
        await pilot.press("R", "1", "enter")
        await pilot.pause()
        assert "1/10" in shown(app)
        assert len(given(app.store)) == right


async def test_an_answer_whose_options_are_gone_is_asked_again(home: Path) -> None:
    app = make_app(home)
    question = app.library.quiz("unit1", "s3").questions[0]
    app.store.record_answer("unit1", "s3", question.id, [17], True, lang="en")
    async with at(home, "quiz") as (app, _pilot):
        pane = app.screen.query_one(QuizPane)
        assert (pane.index, pane.asked[0].submitted) == (0, False)


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_a_bet_is_shown_while_it_runs_and_changed_only_before(
    home: Path, lang: Lang, size: tuple[int, int]
) -> None:
    async with at(home, "bet", lang, size, steps=LONG) as (app, pilot):
        session = app.sessions["unit1", "gpt"]
        options = [option.text[lang] for option in session.lab.prediction.options]
        await pilot.press("1", "enter", "2", "p")
        await pilot.pause()
        assert "(o)" in "".join(line for line in painted(app) if options[0] in line), "what was bet is seen"
        await pilot.press("3", "enter", "2")
        await pilot.pause()
        said = Text("你的预测", "Your bet")[lang]
        assert any(said in line and options[2] in line for line in painted(app))
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "running")
        await pilot.pause()
        assert any(said in line and options[2] in line for line in painted(app))
        await pilot.press("p", "1", "enter")
        assert (session.bet.value, session.live) == (session.lab.prediction.options[2].id, True)
        assert [row[2] for row in given(app.store)] == ['"rises"', '"other"']
        await pilot.press("r", "p", "0")
        await pilot.pause()
        assert session.bet.value is None
        assert any(said in line for line in painted(app)), "how to bet after all"


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("in_lesson", [True, False])
async def test_space_turns_the_pages_of_a_result_and_never_throws_it_away(
    home: Path, in_lesson: bool, size: tuple[int, int]
) -> None:
    app = make_app(home, open_section=("unit1", "s3") if in_lesson else None)
    app.store.record_prediction("unit1", "s3", "gpt", None, lang="en")
    app.store.set_position("unit1", "s3", LAB)
    session = session_of(app)
    said = Text(*("\n\n".join(f"Line {i}." for i in range(60)) for _ in LANGS))
    told = session.lab.prediction.model_copy(update={"reveal": said})
    session.lab = session.next.lab = session.lab.model_copy(update={"prediction": told})
    async with app.run_test(size=size) as pilot:
        if not in_lesson:
            await app.push_screen(LabScreen(session))
        await until(pilot, lambda: bool(app.screen.query(Reveal)))
        await pilot.pause()
        while session.run is None:
            assert any(
                f"space {does}" in painted(app)[-1] for does in ("run/pause", "page down", "to the lab")
            )
            await pilot.press("space")
            await pilot.pause()
        run, screen, reveal = session.run, app.screen, app.screen.query_one(Reveal)
        await until(pilot, lambda: session.phase == "finished" and reveal.below > 0)
        await pilot.pause()
        while reveal.below:
            assert any("space page down" in line for line in painted(app))
            top = reveal.scroll_offset.y
            await pilot.press("space")
            await until(pilot, lambda top=top: reveal.scroll_offset.y > top)  # type: ignore[misc]
        await pilot.pause()
        for _ in range(6):
            if not in_lesson:
                assert not any("run/pause" in line for line in painted(app)), "it would run nothing"
            await pilot.press("space")
            await pilot.pause()
            assert session.run is run
            if isinstance(screen, LessonScreen) and screen.step is not None and screen.step.id != LAB:
                break
        assert isinstance(screen, LessonScreen) == in_lesson
        assert session.phase == "finished"
        await pilot.press("r") if not in_lesson else session.close()
        assert session.run is None


async def test_space_does_nothing_to_a_run_that_was_stopped(home: Path) -> None:
    async with at(home, "bet", steps=LONG) as (app, pilot):
        session = app.sessions["unit1", "gpt"]
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "running")
        await pilot.press("S")
        await until(pilot, lambda: session.phase == "stopped")
        run = session.run
        for _ in range(3):
            session.toggle()
        assert session.run is run


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_n_ticks_only_what_was_seen_answered_or_run(home: Path, size: tuple[int, int]) -> None:
    async with at(home, "opening", size=size) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        steps = screen.section.steps
        prose = screen.query_one(LessonProse)
        await screen.go(0)
        await pilot.pause()
        assert prose.below > 0
        await pilot.press("n")
        await pilot.pause()
        assert (screen.index, app.store.steps_done("unit1", "s3")) == (1, ())
        assert "its end has not been on the screen" in " ".join(shown(app).split())
        while prose.below:
            await pilot.press("space")
            await pilot.pause()
        await pilot.press("home", "n")
        await pilot.pause()
        assert app.store.steps_done("unit1", "s3") == (steps[1].id,)
        check = next(i for i, step in enumerate(steps) if step.id == CHECK)
        await screen.go(check)
        await pilot.press(*["v"] if size == NARROW else ())
        await pilot.pause()
        for _ in steps[check].questions:
            assert CHECK not in app.store.steps_done("unit1", "s3")
            pane = screen.query_one(QuizPane)
            assert pane.current is not None
            await pilot.press(*right_keys(pane.current), "enter", "2", "enter")
        await pilot.pause()
        assert CHECK in app.store.steps_done("unit1", "s3")


@pytest.mark.parametrize(("lang", "step", "counts"), [("zh", LAB, False), ("en", "s3.try-own", True)])
async def test_a_run_that_diverged_is_told_and_counts_only_where_it_is_the_point(
    home: Path, lang: Lang, step: str, counts: bool
) -> None:
    async with at(home, "bet", lang, sets={"a": {"nan_at": 2}}) as (app, pilot):
        screen, session = app.screen, app.sessions["unit1", "gpt"]
        assert isinstance(screen, LessonScreen)
        session.bet.make("s3", None, lang)
        await screen.go(next(i for i, one in enumerate(screen.section.steps) if one.id == step))
        session.next.presets = {}
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and session.diverged)
        await pilot.pause()
        assert (step in app.store.steps_done("unit1", "s3")) == counts
        head = "".join(run.text for row in screen.query_one(LabHead).rows() for run in row)
        assert ("发散" if lang == "zh" else "diverged") in head
        assert ("已完成" if lang == "zh" else "finished") not in head


@pytest.mark.parametrize("lang", LANGS)
async def test_the_answer_to_a_key_goes_when_it_no_longer_holds(home: Path, lang: Lang) -> None:
    async with at(home, "bet", lang, steps=LONG) as (app, pilot):
        session = app.sessions["unit1", "gpt"]
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "running")
        await pilot.press("k", "plus")
        await pilot.pause()
        assert session.knob == "width"
        said = Text("按 r 重来", "reset with r")[lang]
        assert said in " ".join(shown(app).split())
        await pilot.press("r")
        await pilot.pause()
        assert said not in " ".join(shown(app).split())


@pytest.mark.parametrize("lang", LANGS)
async def test_no_words_of_textual_itself_are_shown(home: Path, lang: Lang) -> None:
    app = make_app(home, lang)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        told = [f"{n.title}{n.message}" for n in app._notifications]
        assert told == [Text("要退出，按 Ctrl+Q", "To quit, press Ctrl+Q")[lang]]
        await pilot.press("ctrl+p", *"zzqqj")
        found = Text("没有这样的操作", "No such action")[lang]
        await until(pilot, lambda: any(found in line for line in painted(app)))
        await pilot.pause(0.7)
        assert not any("No matches" in line for line in painted(app))


@pytest.mark.parametrize(("lang", "place"), [("zh", "map"), ("en", "lesson"), ("zh", "lab")])
async def test_q_is_the_same_everywhere_and_asks_while_a_run_goes_on(
    home: Path, lang: Lang, place: str
) -> None:
    app = make_app(home, lang, open_section=("unit1", "s3") if place == "lesson" else None)
    session = session_of(app, steps=LONG)
    session.bet.make("s3", None, lang)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        if place == "lab":
            await app.push_screen(LabScreen(session))
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) or place != "lesson")
        await pilot.pause()
        assert Text(" q 退出", " q quit")[lang] in painted(app)[-1]
        session.toggle()
        await until(pilot, lambda: session.run is not None and session.poll(lang) and session.live)
        await pilot.press("q", "q", "q")
        await pilot.pause()
        assert app.is_running
        assert app.return_value is None
        assert any("Ctrl+Q" in str(n.message) for n in app._notifications)
        session.close()
        await pilot.press("question_mark", "q")  # a window is closed with it
        await pilot.pause()
        assert app.return_value is None
        await pilot.press("q")
        await pilot.pause()
        assert app.return_value == 0
