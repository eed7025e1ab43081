"""The lab pane, over an experiment that costs nothing."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from tests.engine.fake import Control
from tests.engine.fake import fake_lab as held_lab
from tests.engine.fake import fake_spec as held_spec
from tests.ui.driving import NARROW, WIDE, make_app, map_of, painted, shown, until, visible
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.experiments import registry
from tutor.experiments.language_model_config import RECIPES
from tutor.experiments.user_text import UserText
from tutor.frames import Band, Curves, Series
from tutor.plot.cells import row_text, row_width
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.own_text import OwnTextScreen
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.frames import SamplesView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_controls import LabControls
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import Words


@asynccontextmanager
async def fake(
    home: Path, *, lang: Lang = "en", size: tuple[int, int] = WIDE, steps: int = 6, base_steps: int = 0, **sets: dict[str, object]
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession]]:  # fmt: skip
    """The app on the screen of the fake lab; no thread may be left when it is gone."""
    app = make_app(home, lang)
    lab = fake_lab(steps=steps, base_steps=base_steps, sets=sets)
    session = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store)
    app.sessions["unit1", "fake"] = session
    async with app.run_test(size=size) as pilot:
        app.push_screen(LabScreen(session))
        await until(
            pilot,
            lambda: bool(app.screen.query(PredictionGate)) and app.screen.query_one(PredictionGate).has_focus,
        )
        try:
            yield app, pilot, session
        finally:
            await app.action_quit()
    assert not [t for t in threading.enumerate() if t.name.startswith("lab")]


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_predict_run_reveal(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    async with fake(home, lang=lang, size=size) as (app, pilot, session):
        pane = app.screen.query_one(LabPane)
        assert visible(pane.query_one(PredictionGate))
        assert session.lab.prediction.question[lang] in shown(app)
        await pilot.press("space")  # not before the prediction
        assert session.run is None
        await pilot.press("2", "enter", "3")
        assert app.store.last_prediction("unit1", "fake") == "falls"
        assert not visible(pane.query_one(PredictionGate))
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: visible(pane.query_one(Reveal)))
        called = "你猜对了" if lang == "zh" else "You called it"
        await until(pilot, lambda: called in shown(app))
        text, claim = shown(app), session.lab.claims[0].text[lang]
        assert session.lab.prediction.options[1].text[lang] in text
        assert claim not in text
        assert ("论断（2 条中 1 条成立）" if lang == "zh" else "claims (1 of 2 holds)") in text
        await pilot.press("i")
        assert claim in shown(app)
        await pilot.press("i")
        assert claim not in shown(app)
        reveal = pane.query_one(Reveal)
        y = next(y for y, row in enumerate(reveal.rows()) if any(run.link for run in row))
        await pilot.click(Reveal, offset=(3, y - reveal.scroll_offset.y))
        await until(pilot, lambda: claim in "\n".join(painted(app)))
        await pilot.press("w", "i")
        assert visible(reveal)
        assert claim in shown(app)
        summary = app.store.summary().section("unit1", "s3")
        assert summary.labs_run == ("fake",)
        assert summary.labs_predicted == ("fake",)
        assert len(painted(app)) == size[1]


async def test_skipping_the_prediction_is_logged(home: Path) -> None:
    async with fake(home) as (app, pilot, session):
        await pilot.press("0")
        assert app.store.bets("unit1", "fake")
        assert app.store.last_prediction("unit1", "fake") is None
        assert session.bet.gate_passed


async def test_the_arm_that_the_lab_names_is_seen_first(home: Path) -> None:
    async with fake(home) as (_app, _pilot, session):
        assert LabPane(session).arm == "a"
        session.lab = session.lab.model_copy(update={"shows": "b"})
        assert LabPane(session).arm == "b"


async def test_views_fit_the_room(home: Path) -> None:
    async with fake(home, size=(140, 45)) as (app, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        pane = app.screen.query_one(LabPane)
        assert visible(pane.query_one(CurvesView))
        assert visible(await map_of(pilot))
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        pane.choose_view("attention")
        await pilot.pause()
        assert not visible(pane.query_one(CurvesView))
        await pilot.press("w")
        await pilot.pause()
        await until(pilot, lambda: visible(pane.query_one(SamplesView)) or visible(pane.query_one(Reveal)))


async def test_step_reset_and_seed(home: Path) -> None:
    async with fake(home, steps=50) as (_, pilot, session):
        await pilot.press("0", "full_stop")
        await until(pilot, lambda: session.phase == "paused")
        assert session.snapshot is not None
        assert {arm.step for arm in session.snapshot.arms} == {1}
        await pilot.press("full_stop")
        await until(
            pilot, lambda: session.snapshot is not None and {a.step for a in session.snapshot.arms} == {2}
        )
        await pilot.press("R")
        assert session.run is None
        assert session.next.seed == 1
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")


async def test_knob_speed_and_pause(home: Path) -> None:
    async with fake(home, steps=5000) as (app, pilot, session):
        await pilot.press("0", "full_stop")
        await until(
            pilot,
            lambda: (
                session.phase == "paused" and session.snapshot is not None and "lr" in session.snapshot.knobs
            ),
        )
        assert session.snapshot is not None
        before = float(session.knobs()["lr"])
        await pilot.press("plus")
        await until(pilot, lambda: float(session.knobs()["lr"]) > before)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: session.snapshot is not None and session.snapshot.speed == 20.0)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "running")
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "paused")
        await pilot.press("S")
        await until(pilot, lambda: session.phase == "stopped")
        assert isinstance(app.screen, LabScreen)


async def test_a_turned_knob_stays_for_the_next_run(home: Path) -> None:
    async with fake(home, a={"nan_at": 2}) as (_, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        before = float(session.knobs()["lr"])
        await pilot.press("minus", "r", "full_stop")
        await until(
            pilot, lambda: session.phase == "paused" and bool(session.snapshot and session.snapshot.knobs)
        )
        assert session.snapshot is not None
        assert session.snapshot.knobs["lr"] == pytest.approx(before - 0.1)


@pytest.mark.parametrize("lang", LANGS)
async def test_language_changes_while_it_trains(home: Path, lang: Lang) -> None:
    async with fake(home, lang=lang, steps=100_000) as (app, pilot, session):
        await pilot.press("0", "full_stop")
        await until(pilot, lambda: session.phase == "paused")
        await pilot.press("less_than_sign", "space")
        await until(pilot, lambda: session.phase == "running")
        run = session.run
        await pilot.press("L")
        await pilot.pause()
        assert session.run is run
        assert ("training" if lang == "zh" else "训练中") in shown(app)


@pytest.mark.parametrize(
    ("lang", "measuring", "training", "button"),
    [("zh", "正在测量结果", "训练中", "测量中"), ("en", "measuring the result", "training", "wait")],
)
async def test_the_measuring_at_the_end_is_told(
    home: Path, lang: Lang, measuring: str, training: str, button: str
) -> None:
    control = Control()
    control.gates["finish"].hold()
    app = make_app(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        session = LabSession(
            "unit1", "s3", held_lab(steps=3), held_spec(control), app.store, gate_passed=True
        )
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("space")
        await until(pilot, lambda: measuring in shown(app))
        assert button in shown(app)
        assert f" {training}  " not in shown(app)
        assert session.live, "its thread works"
        await pilot.press("space")  # nothing can be paused there, and nothing begins anew
        control.gates["finish"].open()
        await until(pilot, lambda: session.phase == "finished" and measuring not in shown(app))
        assert session.run is not None
        session.close()


@pytest.mark.parametrize("lang", LANGS)
async def test_divergence_is_told_in_words(home: Path, lang: Lang) -> None:
    async with fake(home, lang=lang, a={"nan_at": 2}, b={"nan_at": 2}) as (app, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        await pilot.pause()
        assert ("发散" if lang == "zh" else "diverged") in shown(app)


@pytest.mark.parametrize("place", ["build", "step", "view", "finish"])
async def test_failure_is_a_sentence_not_a_traceback(home: Path, place: str) -> None:
    async with fake(home, a={"fail_in": place}) as (app, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "failed")
        await until(pilot, lambda: "failed" in shown(app))
        assert "Traceback" not in shown(app)


async def test_attention_cursor_reads_the_pair(home: Path) -> None:
    async with fake(home) as (app, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        view = await map_of(pilot)
        view.focus()
        await pilot.press("home", "up", "up", "up")
        assert view.cursor == (0, 0)
        await pilot.press("down")
        assert "« cat» looks at «The»  weight" in shown(app)
        await pilot.press("right", "right", "right")
        assert view.cursor == (1, 2)
        assert "« cat» looks at « sat»  weight 0.000" in shown(app)
        await pilot.press("up")
        assert "«The» looks at « sat»  masked" in shown(app)
        plane = view.plane
        await pilot.press("h")
        assert view.plane != plane
        await pilot.press("a")
        assert "English b" in shown(app)


async def test_mouse_runs_turns_and_hovers(home: Path) -> None:
    async with fake(home, steps=3000) as (app, pilot, session):
        gate = app.screen.query_one(PredictionGate)
        y = next(i for i, row in enumerate(gate.rows()) if any(run.link == "2" for run in row))
        await pilot.click(PredictionGate, offset=(8, y + 1))
        assert not session.bet.gate_passed, "chosen, not yet submitted"
        y = next(i for i, row in enumerate(gate.rows()) if any(run.link == "go" for run in row))
        await pilot.click(PredictionGate, offset=(4, y + 1))
        assert not session.bet.gate_passed, "how sure is still to be said"
        y, x = next(
            (y, x) for y, row in enumerate(gate.rows()) for x in range(80) if gate.link_at(x, y) == "sure:3"
        )
        await pilot.click(PredictionGate, offset=(x + 1, y + 1))
        assert (session.bet.value, session.bet.confidence) == ("falls", 3)
        await pilot.press("full_stop")
        await until(pilot, lambda: session.phase == "paused" and ("attention", "a") in session.frames)
        view = await map_of(pilot)
        await pilot.pause(0.1)
        (arm, (left, top)), *_ = view.places.items()
        picture = view.pictures[arm]
        target = next((x, y) for y in range(40) for x in range(80) if picture.hit(x, y) == (1, 1))
        await pilot.hover(HeatMapView, offset=(target[0] + left, target[1] + top))
        assert view.cursor == (1, 1)


async def test_own_text_errors_are_words(home: Path, tmp_path: Path) -> None:
    async with fake(home) as (app, pilot, session):
        await pilot.press("0", "u")
        await until(pilot, lambda: isinstance(app.screen, OwnTextScreen))
        for name, content in (
            ("missing.txt", None),
            ("empty.txt", b""),
            ("small.txt", b"hi"),
            ("binary.txt", b"\0" * 9000),
            ("a\0b", None),
        ):
            path = tmp_path / name
            if content is not None:
                path.write_bytes(content)
            app.screen.query_one("#own-line").value = str(path)  # type: ignore[attr-defined]
            await pilot.press("enter")
            await until(pilot, lambda: not app.screen.query_one("#own-line").disabled)
            error = app.screen.query_one("#own-error", Words).text.en
            assert error, name
            assert "Traceback" not in error
        good = tmp_path / "good.txt"
        good.write_text("To be, or not to be, that is the question. " * 400, encoding="utf-8")
        app.screen.query_one("#own-line").value = str(good)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert session.next.settings == {"corpus": "own", "text_file": str(good)}


@pytest.mark.parametrize("lang", LANGS)
async def test_how_it_was_last_time_is_told_after_the_run_only(home: Path, lang: Lang) -> None:
    last = "上次结果" if lang == "zh" else "Last time"
    async with fake(home, lang=lang) as (app, pilot, session):
        app.store.record_reveal("unit1", "s3", "fake", "rises", "rises", {}, 0, lang=lang)
        other = session.lab.prediction.options[2].text[lang]
        app.store.record_reveal("unit1", "s3", "fake", None, "other", {}, 0, lang=lang, settings={"lr": "1"})
        await pilot.press("0")
        await pilot.pause()
        assert last not in shown(app)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: visible(app.screen.query_one(Reveal)))
        await until(pilot, lambda: last in shown(app))
        line = next(line for line in shown(app).splitlines() if last in line)
        assert session.lab.prediction.options[0].text[lang] in line
        assert other not in line
        assert app.store.last_reveal("unit1", "fake") == (None, "falls")


@pytest.mark.parametrize("lang", LANGS)
async def test_a_run_with_other_settings_is_told_by_their_names(home: Path, lang: Lang) -> None:
    async with fake(home, lang=lang) as (app, pilot, session):
        session.next.presets = {"lr": "0.4"}
        await pilot.press("2", "enter", "2", "space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: visible(app.screen.query_one(Reveal)))
        assert ("学习率：0.2 → 0.4" if lang == "zh" else "learning rate: 0.2 → 0.4") in " ".join(
            shown(app).split()
        )
        assert app.store.last_reveal("unit1", "fake") is None


async def test_a_setting_turned_back_is_no_change(home: Path) -> None:
    async with fake(home) as (app, pilot, session):
        session.next.settings = {"lr": "0.2"}
        await pilot.press("2", "enter", "2", "space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: visible(app.screen.query_one(Reveal)))
        assert "You called it" in shown(app)
        assert app.store.last_reveal("unit1", "fake") == ("falls", "falls")


async def test_a_folder_of_old_files_is_a_text_too(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for n in range(3):
        lines = "".join(f"{n} 第{i}行：学而时习之，不亦说乎。\n" for i in range(400))
        (folder / f"{n}.txt").write_bytes(lines.encode("gb18030"))
    async with fake(home) as (app, pilot, session):
        await pilot.press("0", "u")
        await until(pilot, lambda: isinstance(app.screen, OwnTextScreen))
        assert "JSONL" in shown(app)
        line = app.screen.query_one("#own-line")
        line.value = "~nobody-of-this-name/x"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: "no file or folder" in app.screen.query_one("#own-error", Words).text.en)
        line.value = str(folder)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert session.next.settings == {"corpus": "own", "text_file": str(folder)}


async def test_a_lab_that_makes_its_data_says_so_instead_of_asking(home: Path) -> None:
    app = make_app(home, "en", open_lab="labelling")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await pilot.press("0", "u")
        await until(pilot, lambda: "makes its own data" in shown(app))
        assert isinstance(app.screen, LabScreen)


async def test_a_knob_that_does_not_fit_is_shortened_not_hidden(home: Path) -> None:
    async with fake(home) as (app, pilot, _):
        await pilot.press("0", "k")
        await pilot.pause()
        controls = app.screen.query_one(LabControls)
        for width in range(40, 100):
            row = controls.build(width, 1)[0]
            text = "".join(run.text for run in row)
            assert row_width(row) <= width
            assert "learning rate 0.2" in text or "lear" in text or "width 8" in text, width
        assert "width 8 (restart)" in text


@pytest.mark.parametrize(("turns", "value"), [(0, " 10000 +"), (1, " 0.01 +")])
async def test_of_two_knobs_the_chosen_one_is_in_sight(home: Path, turns: int, value: str) -> None:
    app = make_app(home, "zh", open_lab="augment")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await pilot.press("0", "k", *"k" * turns)
        await pilot.pause()
        row = app.screen.query_one(LabControls).build(58, 1)[0]
        text = "".join(run.text for run in row)
        assert value in text.replace("（重来生效）", ""), text


@pytest.mark.parametrize("lang", LANGS)
async def test_a_knob_with_a_long_value_is_in_sight_in_half_a_window(home: Path, lang: Lang) -> None:
    app = make_app(home, lang, open_lab="storage")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        await pilot.press("0", "k", "plus")  # 16 bits, and a master copy of 32
        await pilot.pause()
        for width in range(46, 120):
            text = row_text(app.screen.query_one(LabControls).build(width, 1)[0])
            assert " 16 " in text, (width, text)
            assert " + " in text


async def test_numbers_of_a_changed_run_stand_under_their_metric_arm_by_arm(home: Path) -> None:
    async with fake(home) as (app, pilot, session):
        await pilot.press("0")
        session.turn("width", 16)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and "metric" in shown(app))
        reveal = app.screen.query_one(Reveal)
        words = [row_text(row).split("  ")[0] for row in reveal.build(58, 40)]
        measured = words[words.index("metric") + 2 :]
        assert [word for word in measured if word][:4] == [
            "training loss (nats per token)", "English a", "English b", "validation loss (nats per token)"
        ]  # fmt: skip


async def test_lines_of_one_metric_are_named_by_their_arm(home: Path) -> None:
    async with fake(home) as (app, pilot, session):
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        view = app.screen.query_one(CurvesView)
        assert "English a · training loss" in shown(app)
        view.only = ("val_loss",)
        view.redraw()
        text = "".join(run.text for row in view.rows() for run in row)
        assert "validation loss" in text
        assert "English a · validation" not in text


async def test_spreads_are_drawn_where_they_can_be_told_apart(home: Path) -> None:
    async with fake(home) as (app, pilot, _):
        await pilot.press("0")
        await pilot.pause()
        view = app.screen.query_one(CurvesView)
        x = np.arange(40.0)
        keys = [(arm, metric) for arm in "ab" for metric in ("train_loss", "val_loss")]
        series = tuple(Series(arm, metric, x, x + at) for at, (arm, metric) in enumerate(keys))
        bands = tuple(
            Band(arm, metric, x, x + at - 0.3, x + at + 0.3) for at, (arm, metric) in enumerate(keys)
        )
        for only, seen in ((None, False), (("val_loss",), True)):
            view.only = only
            view.frame = Curves(series)
            view.redraw()
            plain = view.rows()
            view.frame = Curves(series, bands)
            view.redraw()
            assert (view.rows() != plain) == seen


def test_a_knob_that_a_lab_leaves_to_a_recipe_begins_there(home: Path) -> None:
    app = make_app(home, "en")
    _, lab = app.library.find_lab("turbo")
    session = LabSession("unit1", "s3", lab, registry.get(lab.experiment), app.store)
    assert "batch" not in lab.shared
    assert session.knobs()["batch"] == RECIPES["turbo"]["batch"]
    session.next.settings["batch"] = "8"
    assert session.knobs()["batch"] == 8


@pytest.mark.parametrize("name", ["two\nlines.txt", "\x1b[31mred.txt", "bad\udcff\udcfename.txt"], ids=ascii)
async def test_a_text_of_any_name_is_trained_on_and_kept(home: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("To be, or not to be, that is the question. " * 400, encoding="utf-8")
    async with fake(home) as (app, pilot, session):
        session.next.settings = UserText().settings([path])
        await pilot.press("0", "space")
        await until(pilot, lambda: session.phase == "finished")
        await until(pilot, lambda: visible(app.screen.query_one(Reveal)))
        assert ".txt" in shown(app)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, OwnTextScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert session.next.settings == UserText().settings([path])


async def test_the_runs_of_the_last_three_labs_are_kept(home: Path) -> None:
    app = make_app(home, "en")
    made = [fake_lab(steps=3).model_copy(update={"id": f"fake{n}"}) for n in range(5)]
    sessions = [LabSession("unit1", "s3", lab, FAKE_SPEC, app.store, gate_passed=True) for lab in made]
    app.sessions |= {("unit1", session.lab.id): session for session in sessions}
    async with app.run_test(size=WIDE) as pilot:
        for n in (1, 2, 0, 3, 4):  # the order in which they run counts, not that in which they were met
            await app.push_screen(LabScreen(sessions[n]))
            await pilot.press("space")
            await until(pilot, lambda n=n: sessions[n].phase == "finished")  # type: ignore[misc]
            if n != 2:  # under the others, its screen goes on to show it
                await app.pop_screen()
        assert [session.run is not None for session in sessions] == [True, False, True, True, True]
        await app.push_screen(LabScreen(sessions[1]))
        await pilot.pause()
        assert "You have run this lab to its end" in shown(app)
        await app.action_quit()
    assert not [t for t in threading.enumerate() if t.name.startswith("lab")]
