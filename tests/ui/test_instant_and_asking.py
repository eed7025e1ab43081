"""Labs without runs, and runs that wait for the learner's choice, on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.course import course
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until, visible
from tests.ui.fake import ASKING_SPEC, BOX_SPEC, asking_lab, box_lab
from tutor.content.models import Lab
from tutor.experiments import registry
from tutor.experiments.base import ExperimentSpec
from tutor.text import LANGS, Lang
from tutor.ui.actions import actions_of
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.widgets.gate import PredictionGate, RunQuestion
from tutor.ui.widgets.lab_controls import KnobPanel, TimelineBar
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.rows import BuiltRows


@asynccontextmanager
async def at(
    home: Path,
    lab: Lab,
    spec: ExperimentSpec,
    size: tuple[int, int],
    lang: Lang = "en",
    *,
    gate_passed: bool = False,
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession]]:
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        session = LabSession("unit1", "s3", lab, spec, app.store, gate_passed=gate_passed)
        app.sessions["unit1", lab.id] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        yield app, pilot, session
        session.close()


TIMED = ("step", "seed", "pause", "run", "speed", "/s", "步", "种子", "暂停", "运行", "限速", "训练")
"""Words that a lab without runs has no use for."""


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_an_instant_lab_is_bet_on_computed_and_turned(
    tmp_path: Path, size: tuple[int, int], lang: Lang
) -> None:
    async with at(tmp_path, box_lab(), BOX_SPEC, size, lang) as (app, pilot, session):
        assert visible(app.screen.query_one(PredictionGate))
        assert not visible(app.screen.query_one(KnobPanel)), "the bet comes before the first turn"
        assert session.run is None
        await pilot.press("1", "enter", "3")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: ("You called it" if lang == "en" else "你猜对了") in shown(app))
        await pilot.press("w")
        await until(pilot, lambda: ("weights", "a") in session.frames)
        pane = app.screen.query_one(LabPane)
        assert not visible(app.screen.query_one(TimelineBar))
        lines = [line for line in painted(app)[1:-1] if app.say(session.lab.title) not in line]
        found = [word for line in lines for word in TIMED if word in line.lower()]
        assert not found, found
        assert pane.session.knob == "length"
        await pilot.press("down", "right")
        await until(pilot, lambda: session.knobs()["material"] == "steel")
        await until(pilot, lambda: session.snapshot is not None and session.snapshot.outcome == "heavy")
        assert ("钢*" if lang == "zh" else "steel*") in shown(app)
        await pilot.press("down", "right")
        await until(pilot, lambda: session.knobs()["lid"] is True)
        await pilot.press("w")
        await until(pilot, lambda: ("Heavy" if lang == "en" else "重") in shown(app))
        assert ("With your settings" if lang == "en" else "按你的设置") in shown(app)
        await pilot.press("U")
        await until(pilot, lambda: session.phase == "finished" and session.knobs()["material"] == "wood")
        assert not session.next.settings


async def test_a_number_is_typed_and_one_that_does_not_go_is_refused(tmp_path: Path) -> None:
    async with at(tmp_path, box_lab(), BOX_SPEC, WIDE) as (app, pilot, session):
        await pilot.press("0")
        await until(pilot, lambda: session.phase == "finished")
        await pilot.press("7", "enter")
        await until(pilot, lambda: session.knobs()["length"] == 7)
        await pilot.press("9", "9", "enter")
        await until(pilot, lambda: session.knobs()["length"] == 20)
        await pilot.press("1")
        await until(pilot, lambda: "enter set" in painted(app)[-1])
        assert " q " not in painted(app)[-1]
        await pilot.press("escape")
        assert app.screen.query_one(KnobPanel).typed == ""
        await until(pilot, lambda: " q " in painted(app)[-1])
        await pilot.press("1", "3", "enter")
        await until(pilot, lambda: "nothing was changed" in shown(app))
        assert session.knobs()["length"] == 20


async def test_a_learner_who_comes_back_finds_it_computed_and_other_keys_say_that_nothing_runs(
    tmp_path: Path,
) -> None:
    async with at(tmp_path, box_lab(), BOX_SPEC, NARROW, gate_passed=True) as (app, pilot, session):
        await until(pilot, lambda: session.phase == "finished" and ("weights", "a") in session.frames)
        await until(pilot, lambda: visible(app.screen.query_one(KnobPanel)))
        for key in ("full_stop", "r", "S", "left_square_bracket", "t", "p"):
            await pilot.press(key)
            await until(pilot, lambda: "Nothing runs here" in shown(app))
        await pilot.press("k", "equals_sign")
        await until(pilot, lambda: session.knobs()["material"] == "steel")
        names = {action.name for action in actions_of(app.screen)}
        assert names >= {"lab_knob_up", "lab_knob_down", "lab_knob", "lab_view", "lab_source", "lab_restore"}
        assert not names & {"lab_step", "lab_stop", "lab_faster", "lab_scrub_back", "lab_line"}
        await pilot.press("question_mark")
        await until(pilot, lambda: bool(app.screen.query(BuiltRows)))
        assert "computed anew at once" in " ".join(shown(app).split())


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_an_asking_lab_is_answered_rewound_and_answered_otherwise(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at(tmp_path, asking_lab(), ASKING_SPEC, size, gate_passed=True) as (app, pilot, session):
        question = app.screen.query_one(RunQuestion)
        assert not visible(question)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "asking" and visible(question))
        assert "Which is better at 0?" in shown(app)
        assert "waiting for you" in shown(app)
        await pilot.press("space")
        await until(pilot, lambda: "Answer the question first" in shown(app))
        answers = [action for action in actions_of(app.screen) if action.call.startswith("lab_answer")]
        assert [action.label.en for action in answers] == ["The left", "The right"]
        await app.run_action(answers[0].call, app.screen)
        await until(pilot, lambda: session.question is not None and session.question.id == "3")
        await app.run_action(answers[1].call, app.screen)  # late: it was for the question before
        await pilot.press("1")
        await until(pilot, lambda: session.phase == "finished")
        assert [e.value for e in session.snapshot.timeline.current.events] == ["left", "left"]  # type: ignore[union-attr]
        pane = app.screen.query_one(LabPane)
        pane.choose_view("curves")
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0 and session.question is not None)
        await until(pilot, lambda: "another choice begins a fork" in shown(app))
        await until(
            pilot,
            lambda: (
                session.snapshot is not None
                and session.snapshot.timeline is not None
                and session.snapshot.timeline.ready
            ),
        )
        row = next(y for y, line in enumerate(question.rows()) if any(run.link == "answer:2" for run in line))
        await pilot.click(RunQuestion, offset=(2, row))
        await until(pilot, lambda: session.line == 1)
        await until(
            pilot,
            lambda: session.phase == "asking" and session.question is not None and session.question.id == "3",
        )
        await pilot.press("1")
        await until(pilot, lambda: session.phase == "finished" and session.line == 1)
        assert {series.branch for series in session.curves().series} == {0, 1}
        assert [e.value for e in session.snapshot.timeline.current.events] == ["right", "left"]  # type: ignore[union-attr]
        pane.choose_view("curves")
        await until(pilot, lambda: "The right" in shown(app))


async def test_space_pages_through_a_view_where_nothing_runs(tmp_path: Path) -> None:
    lab = course().lab("unit1", "planner")
    spec = registry.get(lab.experiment)
    async with at(tmp_path, lab, spec, NARROW, gate_passed=True) as (app, pilot, session):
        await until(pilot, lambda: session.phase == "finished")
        pane = app.screen.query_one(LabPane)
        for _ in lab.views:
            if pane.view == "sums":
                break
            await pilot.press("w")
        await until(pilot, lambda: pane.unread is not None)
        for _ in range(40):
            assert pane.space == "page"
            await pilot.press("space")
            await pilot.pause()
            if pane.unread is None:
                break
        assert pane.space == "", "its end is reached"
