"""Keys that move through a run, fork it, compare it, and take it apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import NARROW, WIDE, make_app, map_of, shown, until, visible
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.frames import PINNED, HeatMap, Sample, Samples
from tutor.text import Lang
from tutor.ui import lab_keys
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.run_frames import RunFrames
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.source import SourceScreen
from tutor.ui.views.curves import CurvesView
from tutor.ui.widgets.lab_controls import TimelineBar
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.reveal import Reveal


@asynccontextmanager
async def lab(
    home: Path, size: tuple[int, int] = WIDE, lang: Lang = "en", steps: int = 12, **sets: dict[str, object]
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession, LabPane]]:
    """A lab of the fake, full screen, run to its end."""
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        made = fake_lab(steps=steps, sets=sets)
        session = LabSession("unit1", "s3", made, FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        yield app, pilot, session, app.screen.query_one(LabPane)
        session.close()


def at(session: LabSession) -> int:
    assert session.snapshot is not None
    assert session.snapshot.timeline is not None
    return session.snapshot.timeline.at


def at_or_none(session: LabSession) -> int | None:
    timeline = session.snapshot.timeline if session.snapshot is not None else None
    return None if timeline is None else timeline.at


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_scrub_back_and_on(tmp_path: Path, size: tuple[int, int], lang: Lang) -> None:
    async with lab(tmp_path, size, lang) as (app, pilot, session, pane):
        pane.choose_view("attention")
        await pilot.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        await until(pilot, lambda: session.moment == 9)
        assert pane.query_one(CurvesView).moment == 9
        bar = pane.query_one(TimelineBar)
        assert visible(bar)
        assert ("9 / 12" in shown(app)) and (("第" if lang == "zh" else "step") in shown(app))
        # The pictures are of that moment.
        await until(
            pilot,
            lambda: (
                isinstance(m := session.frames.get(("attention", "a")), HeatMap)
                and round(float(m.values[0, 0, 0]), 2) == 0.9
            ),
        )
        pane.choose_view("samples")
        await until(
            pilot,
            lambda: (
                bool(written := session.frames.written("samples", "a", session.snapshot))
                and written[-1].step <= 9
            ),
        )
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: session.moment == 10)
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0)
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: session.moment is None and session.phase == "finished")


@pytest.mark.parametrize(("lang", "said"), [("zh", "从基座的第3步分出"), ("en", "leftatstep3ofthebase")])
async def test_a_fork_of_the_base_says_where_it_left(tmp_path: Path, lang: Lang, said: str) -> None:
    app = make_app(tmp_path, lang)
    async with app.run_test(size=WIDE) as pilot:
        made = fake_lab(steps=8, base_steps=6)
        session = LabSession("unit1", "s3", made, FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()

        def waits_at(step: int) -> bool:
            return at_or_none(session) == step and session.phase == "paused"

        for step in range(1, 4):
            await pilot.press("full_stop")
            await until(pilot, partial(waits_at, step))
        assert session.run is not None
        session.run.fork({"lr": 0.3})
        await until(pilot, lambda: session.line == 1)
        await until(pilot, lambda: said in "".join(shown(app).split()))
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: said in "".join(shown(app).split()))
        # Texts of the base up to where the fork left it are those of the run; of the arms after it none are.
        written = RunFrames()
        for line, arm, steps in ((0, "base", (1, 3, 5)), (1, "base", (4,)), (0, "a", (0, 2)), (1, "a", (3,))):
            written.collect(line, ("samples", arm), Samples(tuple(Sample(step, ()) for step in steps)))
        assert [sample.step for sample in written.written("samples", "base", session.snapshot)] == [1, 3, 4]
        assert [sample.step for sample in written.written("samples", "a", session.snapshot)] == [0, 3]
        session.close()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "第5步发散了：这是第3步时的样子"),
        ("en", "divergedatstep5:thisishowitwasatstep3"),
    ],
)
async def test_the_map_of_a_diverged_arm_says_of_when_it_is(tmp_path: Path, lang: Lang, said: str) -> None:
    def told() -> bool:
        return said in "".join(shown(app).split())

    async with lab(tmp_path, lang=lang, a={"nan_at": 5}) as (app, pilot, _session, pane):
        pane.choose_view("attention")
        view = await map_of(pilot)
        await until(pilot, told)
        lab_keys.rewind(pane, 2)
        await until(pilot, lambda: view.frame is not None and view.frame.step == 2)
        assert not told()
        lab_keys.rewind(pane, 9)
        await until(pilot, told)
        assert view.frame is not None
        assert view.frame.step == 3
        await pilot.press("a")  # the arm that goes on; both are seen
        await until(pilot, lambda: view.frame is not None and view.frame.step == 9)


async def test_where_nothing_can_be_drawn_that_is_said(tmp_path: Path) -> None:
    async with lab(tmp_path, a={"nan_at": 5}, b={"nan_at": 5}) as (app, pilot, session, pane):
        pane.choose_view("attention")
        await until(pilot, lambda: "diverged at step 5" in shown(app))
        shown_map = await map_of(pilot)

        def told() -> bool:
            session.frames.clear()  # one may still have been under way
            shown_map.show("a")
            said = "It diverged at step 5; from there on there is nothing to draw"
            return said in " ".join(shown(app).split())

        await until(pilot, told)


async def test_the_slider_takes_the_mouse(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, pane):
        bar = pane.query_one(TimelineBar)
        await until(pilot, lambda: bar.size.width > 0)
        await pilot.click(TimelineBar, offset=(bar.size.width // 2, 0))
        await until(pilot, lambda: session.moment is not None and 2 <= session.moment <= 10)


async def test_a_knob_in_the_past_forks_and_the_original_stays(tmp_path: Path) -> None:
    async with lab(tmp_path) as (app, pilot, session, _pane):
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0)
        await pilot.press(*["right_square_bracket"] * 4)
        await until(pilot, lambda: session.moment == 4)
        await pilot.press("minus")
        await until(pilot, lambda: session.line == 1)
        assert "Fork 1, left at step 4" in " ".join(shown(app).split())
        await pilot.press("minus")  # again, at the head of the fork
        assert not session.next.settings, "the next run is not what was turned in the past of this one"
        assert session.changed
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: {s.branch for s in session.frames.curves().series} == {0, 1})
        assert "learning rate 0" in shown(app)
        await pilot.press("g")
        await until(pilot, lambda: session.line == 0 and session.phase == "finished")
        assert not session.changed, "the run itself is still the lab as it was made"


async def test_play_from_the_past_runs_the_same_again(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, _pane):
        assert session.snapshot is not None
        final = session.snapshot.final
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0)
        await pilot.press("full_stop")
        await until(pilot, lambda: at(session) == 1 and session.phase == "paused")
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        assert session.snapshot is not None
        assert session.snapshot.final == final
        assert session.snapshot.timeline is not None
        assert session.snapshot.timeline.exact
        assert len(session.snapshot.timeline.branches) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_head_is_taken_out_and_put_back(tmp_path: Path, lang: Lang) -> None:
    async with lab(tmp_path, lang=lang) as (app, pilot, session, _):
        await pilot.press("w")
        await pilot.press("x")
        await until(pilot, lambda: bool(session.snapshot and session.snapshot.ablations))
        view = await map_of(pilot)
        await until(pilot, lambda: "+0.250" in shown(app))
        assert view.plane_name == "1.1"
        assert ("去掉" if lang == "zh" else "without") in shown(app)
        await pilot.press("x")
        await until(pilot, lambda: session.snapshot is not None and not session.snapshot.without)
        await until(pilot, lambda: "+0.250" not in shown(app))


@pytest.mark.parametrize(
    ("lang", "one", "more"), [("zh", "只有一处不同", "混杂"), ("en", "only in one thing", "confounded")]
)
async def test_twin_runs(tmp_path: Path, lang: Lang, one: str, more: str) -> None:
    async with lab(tmp_path, lang=lang) as (app, pilot, session, _pane):
        await pilot.press("t")
        assert session.pinned is not None
        await pilot.press("minus", "r", "space")
        await until(pilot, lambda: session.phase == "finished" and session.line == 0 and session.changed)
        assert {s.branch for s in session.curves().series} == {0, PINNED}
        await until(pilot, lambda: one in "".join(shown(app).split()) or one in " ".join(shown(app).split()))
        await pilot.press("R")
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: more in shown(app))
        await pilot.press("t")  # pins the present one instead
        await pilot.press("t")
        assert session.pinned is None


async def test_an_identical_twin_is_within_noise(tmp_path: Path) -> None:
    async with lab(tmp_path) as (app, pilot, session, _pane):
        await pilot.press("t", "r", "space")
        await until(
            pilot,
            lambda: (
                session.phase == "finished" and session.run is not (session.pinned and session.pinned.run)
            ),
        )
        await until(pilot, lambda: "Identical configuration" in shown(app))
        assert "within noise" in shown(app)
        assert "beyond noise" not in shown(app)


async def test_a_knob_that_needs_a_restart_says_so(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=4000), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("full_stop")
        await until(pilot, lambda: session.phase == "paused")
        await pilot.press("k")
        assert session.knob == "width"
        assert "(restart)" in shown(app)
        await pilot.press("plus")
        assert session.next.settings == {"width": "16"}
        assert session.knobs()["width"] == 16
        assert "needs a restart" in shown(app)
        assert not app._notifications, "nothing is covered"
        session.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_source_opens_and_closes(tmp_path: Path, size: tuple[int, int]) -> None:
    async with lab(tmp_path, size) as (app, pilot, _session, _pane):
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SourceScreen))
        assert "def step" in shown(app)
        await pilot.press("escape")
        assert isinstance(app.screen, LabScreen)


async def test_one_metric_at_a_time(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, _session, pane):
        view = pane.query_one(CurvesView)
        assert view.only is None
        await pilot.press("c")
        assert view.only == ("train_loss",)
        assert "validation loss" not in "\n".join(str(r) for r in view.rows())
        await pilot.press("c", "c")
        assert view.only is None


async def test_before_there_is_a_past_the_keys_say_so(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=5), FAKE_SPEC, app.store, gate_passed=True)
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        for key in ("left_square_bracket", "right_curly_bracket", "g"):
            await pilot.press(key)
            assert "no past to look at yet" in shown(app)
        await pilot.press("t")
        assert "Run it first" in shown(app)
        assert session.run is None
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SourceScreen))


async def test_a_run_that_ends_under_another_screen_is_revealed_afterwards(tmp_path: Path) -> None:
    async with lab(tmp_path, steps=40) as (app, pilot, session, pane):
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0)
        await pilot.press("s", "escape", "space", "s")
        await until(pilot, lambda: isinstance(app.screen, SourceScreen))
        await until(pilot, lambda: session.phase == "finished")
        await pilot.press("escape")
        await until(pilot, lambda: "finished" in shown(app))
        assert pane.query_one(CurvesView).moment is None


async def test_the_newest_moment_is_not_the_one_that_was_told_last(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=9), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and at_or_none(session) == 2)
        told = session.snapshot
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and at_or_none(session) == 4)
        session.snapshot = told
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: not session._moving)
        assert at(session) == 4
        session.close()


async def test_keys_faster_than_news_are_neither_lost_nor_misjudged(tmp_path: Path) -> None:
    async with lab(tmp_path, steps=30) as (_app, pilot, session, _pane):
        assert session.run is not None
        # Without a look at the news between them, as when keys come in one burst.
        session.rewind(8)
        session.turn("lr", 0.3)
        assert session.phase == "finished", "nothing was told yet"
        assert session.knobs()["lr"] == 0.3
        assert not session.next.settings, "that is for the fork, and not for the next run"
        await until(pilot, lambda: session.line == 1)
        assert session.snapshot is not None
        assert session.snapshot.timeline is not None
        assert session.snapshot.timeline.current.left.round == 8
    async with lab(tmp_path / "c", steps=30) as (_app, pilot, session, _pane):
        run = session.run
        session.rewind(8)
        session.toggle()
        assert session.run is run, "it goes on from there, and isn't thrown away"
        await until(pilot, lambda: session.phase == "finished" and not session._moving)
        session.scrub(-5)
        session.single_step()
        await until(pilot, lambda: session.phase == "paused" and session.moment == 26)
    async with lab(tmp_path / "b", steps=30) as (_app, pilot, session, pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 29)
        before = float(session.knobs()["lr"])
        for _ in range(3):
            lab_keys.turn(pane, 1)
        await until(pilot, lambda: session.line == 1 and session.in_flight is None)
        assert session.knobs()["lr"] == pytest.approx(before + 0.3)


@pytest.mark.parametrize(
    ("lang", "left", "told"),
    [
        ("zh", "从第2步分出", "学习率：0.2，第2步起0.3→0.2，第2步起0.1"),
        ("en", "leftatstep2", "learningrate:0.2,0.3fromstep2on→0.2,0.1fromstep2on"),
    ],
)
async def test_a_fork_tells_also_what_was_turned_only_in_the_run_it_left(
    tmp_path: Path, lang: Lang, left: str, told: str
) -> None:
    app = make_app(tmp_path, lang)
    async with app.run_test(size=WIDE) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=9), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and at_or_none(session) == 2)
        await pilot.press("plus")
        await until(pilot, lambda: session.next.settings.get("lr") == "0.3")
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        session.rewind(2)
        await until(pilot, lambda: session.moment == 2)
        assert session.knobs()["lr"] == 0.2, "as it was before it was turned there"
        await pilot.press("minus")
        await until(pilot, lambda: session.line == 1)
        await until(pilot, lambda: left in "".join(shown(app).split()))
        assert told in "".join(shown(app).split()), shown(app)
        session.close()


async def test_a_pinned_line_of_the_same_run_is_not_drawn_twice(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, _pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11)
        await pilot.press("minus", "space")
        await until(pilot, lambda: session.line == 1 and session.phase == "finished")
        await pilot.press("t", "g")
        await until(pilot, lambda: session.line == 0)
        assert session.pinned is not None
        assert {series.branch for series in session.curves().series} == {0, 1}
        await pilot.press("r")
        assert {series.branch for series in session.curves().series} == {PINNED}


async def test_a_run_turned_at_its_head_is_not_the_lab_as_it_was_made(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=9), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and at(session) == 2)
        await pilot.press("left_square_bracket", "right_curly_bracket", "plus")
        await until(pilot, lambda: session.in_flight is None)
        assert session.changed
        assert session.line == 0
        assert session.next.settings["lr"] == "0.3", "the next run begins with what this one was turned to"
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        text = " ".join(shown(app).split())
        assert "learning rate: 0.2 → 0.3 from step 2 on" in text, text[text.find("This run") :][:300]
        session.close()


async def test_a_pin_made_on_the_way_has_its_end_in_the_end(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, _pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11)
        await pilot.press("t")
        assert session.pinned is not None
        assert session.pinned.final is None
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: session.phase == "finished")
        assert session.pinned.final is not None


async def test_a_prediction_stands_once_its_run_has_begun(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, _pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11)
        before = session.bet.value
        await pilot.press("p", "2", "enter")
        assert (session.run is not None, session.bet.value) == (True, before), "nothing is thrown away"
        await pilot.press("r", "p", "2", "enter", "1")
        assert session.bet.value == session.lab.prediction.options[1].id


@pytest.mark.parametrize(("lang", "label"), [("zh", "温度"), ("en", "temperature")])
async def test_the_temperature_of_a_past_moment_writes_its_sample_anew(
    tmp_path: Path, lang: Lang, label: str
) -> None:
    def newest() -> tuple[int, float | None]:
        written = session.frames.written("samples", "a", session.snapshot)
        heat = written[-1].temperature if written else None
        return (-1, None) if heat is None else (written[-1].step, round(heat, 6))

    async with lab(tmp_path, NARROW, lang) as (app, pilot, session, pane):
        pane.choose_view("samples")
        await until(pilot, lambda: newest() == (12, 0.8))
        await pilot.press("left_square_bracket", "left_square_bracket", "k", "k")
        await until(pilot, lambda: session.moment == 10 and newest() == (10, 0.8))
        assert session.knob == "temperature"
        said = "不会分出新的一支" if lang == "zh" else "without a fork"
        await until(pilot, lambda: "".join(said.split()) in "".join(shown(app).split()))
        await pilot.press("plus")
        await until(pilot, lambda: newest() == (10, 1))
        assert (session.moment, session.line) == (10, 0)
        assert session.snapshot is not None
        assert session.snapshot.timeline is not None
        assert len(session.snapshot.timeline.branches) == 1
        assert f"{label} 1{'（自己的）' if lang == 'zh' else ' (yours)'}" in shown(app)
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: session.phase == "finished" and newest() == (12, 1))
        await pilot.press("minus")  # also where nothing trains any more
        pane.choose_view("samples")
        await until(pilot, lambda: newest() == (12, 0.8))
        assert not session.changed
        await pilot.press("plus")
        session.reset(run=True)
        await until(pilot, lambda: session.phase == "finished" and newest() == (12, 1))


@pytest.mark.parametrize(
    ("lang", "restart", "forks", "name"),
    [("zh", "重来才生效", "调旋钮", "学习率 0"), ("en", "needs a restart", "Turn a knob", "learning rate 0")],
)
async def test_what_forks_is_said_of_the_knob_that_is_chosen(
    tmp_path: Path, lang: Lang, restart: str, forks: str, name: str
) -> None:
    def says(text: str) -> bool:
        return "".join(text.split()) in "".join(shown(app).split())

    async with lab(tmp_path, NARROW, lang) as (app, pilot, session, pane):
        pane.choose_view("curves")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11 and says(forks))
        assert not says(restart)
        await pilot.press("k")
        assert session.knob == "width"
        await until(pilot, lambda: says(restart) and not says(forks))
        await pilot.press("k", "k")
        await until(pilot, lambda: says(forks) and not says(restart))
        await pilot.press("plus")
        await until(pilot, lambda: session.line == 1)
        chart = pane.query_one(CurvesView)
        await until(pilot, lambda: name in "".join(run.text for row in chart.rows() for run in row))


def test_the_sample_that_is_looked_at_is_never_thinned_away() -> None:
    written = RunFrames()
    for step in range(0, 90, 2):
        written.collect(0, ("samples", "a"), Samples((Sample(step, ()),)))
    for step in range(1, 90, 2):
        written.collect(0, ("samples", "a"), Samples((Sample(step, ()),)))
        assert step in {sample.step for sample in written.written("samples", "a", None)}


async def test_knobs_answer_at_the_end_of_a_fork(tmp_path: Path) -> None:
    async with lab(tmp_path) as (_app, pilot, session, _pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11)
        await pilot.press("minus", "space")
        await until(pilot, lambda: session.line == 1 and session.phase == "finished")
        await pilot.press("plus")
        assert "lr" in session.next.settings, "for the runs that come"


async def test_a_stopped_run_says_that_its_past_is_gone(tmp_path: Path) -> None:
    async with lab(tmp_path) as (app, pilot, session, _pane):
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: session.moment == 11)
        await pilot.press("S")
        await until(pilot, lambda: session.phase == "stopped")
        await pilot.press("left_square_bracket")
        assert "This run was stopped" in shown(app)


async def test_after_a_fork_the_run_that_it_left_goes_on(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        session = LabSession("unit1", "s3", fake_lab(steps=12), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        for step in range(1, 5):
            await pilot.press("full_stop")
            await until(
                pilot,
                lambda step=step: (  # type: ignore[misc]
                    session.phase == "paused"
                    and session.snapshot is not None
                    and session.snapshot.timeline is not None
                    and at(session) == step
                ),
            )
        await pilot.press("left_square_bracket", "minus")
        await until(pilot, lambda: session.line == 1)
        await pilot.press("space")
        await until(pilot, lambda: session.line == 1 and session.phase == "finished")
        while app.screen.query_one(Reveal).below:  # the pages of a result come first
            await pilot.press("space")
        await pilot.press("space")
        await until(pilot, lambda: session.line == 0 and session.phase == "finished")
        assert session.snapshot is not None
        assert session.snapshot.timeline is not None
        assert [line.head for line in session.snapshot.timeline.branches] == [12, 12], "nothing was lost"
        run = session.run
        for line in (0, 1):
            session.switch(line)
            await until(pilot, lambda line=line: session.line == line and session.over)  # type: ignore[misc]
            for _ in range(4):
                await pilot.press("space")
            assert session.run is run, "all is over, and stays"
        session.close()
