"""Views drawn by the type of their frames, on the tokenizer lab itself: it needs no torch. And the comparison of all arms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until, visible
from tests.ui.fake import FAKE_SPEC, FakeExperiment, FakeState, fake_lab
from tutor.content.models import Lab
from tutor.experiments import registry
from tutor.frames import Axis, Curves, Frame, HeatMap, Points, Scatter, Series, Strips
from tutor.plot.cells import row_text
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.run_frames import compared
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.own_text import OwnLineScreen
from tutor.ui.views.arrangement import choices, first_choice, main_view, shown_views
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.frames import CompareView, FrameView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import Drawn

pytestmark = pytest.mark.usefixtures("few_texts")


@asynccontextmanager
async def opened(
    home: Path, lab: Lab | None = None, *, lang: Lang = "en", size: tuple[int, int] = WIDE, steps: int = 8
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession]]:
    """The app on a lab's screen, past the gate; None is the tokenizer lab, as fast as it goes."""
    app = make_app(home, lang)
    _, tokenizer = app.library.find_lab("tokenizer")
    small = {**tokenizer.shared, "vocab_size": 512}
    lab = lab or tokenizer.model_copy(update={"steps": steps, "speed": None, "shared": small})
    spec = FAKE_SPEC if lab.experiment == "fake" else registry.get(lab.experiment)
    session = LabSession("unit1", "s4", lab, spec, app.store)
    app.sessions["unit1", lab.id] = session
    async with app.run_test(size=size) as pilot:
        app.push_screen(LabScreen(session))
        await until(
            pilot,
            lambda: bool(app.screen.query(PredictionGate)) and app.screen.query_one(PredictionGate).has_focus,
        )
        await pilot.press("0")
        try:
            yield app, pilot, session
        finally:
            await app.action_quit()


def view(app: TutorApp, name: str) -> FrameView:
    return next(v for v in app.screen.query(FrameView) if v.view == name)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_the_tokenizer_lab_from_start_to_reveal(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    async with opened(home, lang=lang, size=size) as (app, pilot, session):
        pane = app.screen.query_one(LabPane)
        pane.choose_view("cut")
        await pilot.press("full_stop")
        await until(pilot, lambda: ("cut", "english") in session.frames)
        await pilot.pause()
        assert visible(view(app, "cut"))
        text = shown(app)
        assert "E9 A2 84" in text, "Chinese begins as bytes"
        assert ("字节 / token" if lang == "zh" else "bytes a token") in text
        await pilot.press("w")
        await until(pilot, lambda: visible(view(app, "merges")) and ("merges", "english") in session.frames)
        assert ("出现次数" if lang == "zh" else "count") in shown(app)
        await pilot.press("w")
        await until(pilot, lambda: visible(view(app, "batch")) and ("batch", "english") in session.frames)
        assert ("打包" if lang == "zh" else "packed") in shown(app)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and visible(pane.query_one(Reveal)))
        await pilot.press("i")
        claim = "".join(session.lab.claims[0].text[lang].split())
        await until(pilot, lambda: claim in "".join(shown(app).split()))
        assert len(painted(app)) == size[1]


async def test_going_back_shows_the_cuts_of_that_moment(home: Path) -> None:
    async with opened(home) as (app, pilot, session):
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(LabPane).choose_view("cut")

        def tokens() -> int:
            frame = session.frames.get(("cut", "chinese"))
            return len(frame.items[0].tokens.tokens) if isinstance(frame, Strips) else 0

        await until(pilot, lambda: 0 < tokens() < 30)
        end = tokens()
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: session.moment == 0 and tokens() > end)
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: session.moment is None and tokens() == end)


async def test_keys_for_maps_answer_where_there_is_none(home: Path) -> None:
    async with opened(home) as (app, pilot, session):
        assert not app.screen.query(HeatMapView)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        said: list[str] = []
        app.screen.query_one(LabPane).tell = lambda text: said.append(text.en)  # type: ignore[method-assign]
        for key in ("x", "h", "H"):
            await pilot.press(key)
        assert len(said) == 3
        assert set(said) == {
            "Nothing can be taken out in this lab",
            "There is no other picture to switch to here",
        }
        for key in ("m", "t", "b", "plus", "minus", "k", "s", "escape", "r"):
            await pilot.press(key)
            await pilot.pause()
        assert isinstance(app.screen, LabScreen)


async def test_the_next_arm_comes_to_the_top(home: Path) -> None:
    async with opened(home) as (app, pilot, session):
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(LabPane).choose_view("cut")
        await until(pilot, lambda: all(("cut", arm) in session.frames for arm in session.arm_ids))
        order = []
        for _ in session.arm_ids:
            await until(pilot, lambda: len(view(app, "cut").rows()) > 3)
            order.append(view(app, "cut").arm)
            await pilot.press("a")
            await pilot.pause()
        assert sorted(order) == sorted(session.arm_ids)
        assert view(app, "cut").arm == order[0]


async def test_a_lab_begins_at_its_own_speed(home: Path) -> None:
    app = make_app(home)
    _, lab = app.library.find_lab("tokenizer")
    app.store.close()
    async with opened(home, lab.model_copy(update={"speed": 20.0})) as (_, pilot, session):
        await pilot.press("space")
        await until(pilot, lambda: session.snapshot is not None and session.snapshot.speed == 20.0)


async def test_all_arms_are_compared_metric_by_metric(home: Path) -> None:
    lab = fake_lab(steps=4, sets={"b": {"lr": 0.9}}).model_copy(update={"views": ("curves", "compare")})
    async with opened(home, lab) as (app, pilot, session):
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(LabPane).choose_view("compare")
        await pilot.pause()
        compare = app.screen.query_one(CompareView)
        assert visible(compare)
        text = shown(app)
        assert "English a" in text
        assert text.count("◂ lowest") == 2
        assert compared(session.lab, session.snapshot)["train_loss"].labels == ("a", "b")
        low = compared(session.lab, session.snapshot)["train_loss"].values
        assert low[1] < low[0]


def test_what_stands_where() -> None:
    gpt = ("curves", "attention", "samples")
    assert main_view(("curves", "samples", "attention")) == "samples"
    assert shown_views(gpt, "attention", "wide") == gpt
    assert shown_views(gpt, "result", "wide") == ("curves", "attention", "result")
    tokenizer = ("curves", "cut", "merges", "batch")
    assert first_choice(tokenizer) == "curves"
    assert first_choice(("cut", "curves")) == "cut"
    assert first_choice(tokenizer, "wide") == "cut"
    assert first_choice(tokenizer[1:]) == "cut"
    assert shown_views(tokenizer, "cut", "wide") == ("curves", "cut", "merges")
    assert shown_views(tokenizer, "batch", "wide") == ("curves", "cut", "batch")
    assert shown_views(tokenizer, "batch", "tall") == ("curves", "batch")
    assert shown_views(tokenizer, "batch", "small") == ("batch",)
    assert choices(tokenizer, "small") == [*tokenizer, "result"]
    assert choices(tokenizer, "wide") == ["cut", "merges", "batch", "result"]
    assert main_view(("curves", "samples")) == "samples"
    assert main_view(("curves",)) is None
    assert main_view(tokenizer[1:]) is None
    assert shown_views(tokenizer[1:], "cut", "wide") == ("cut",), "without curves nothing says which is which"
    assert choices(tokenizer[1:], "wide") == [*tokenizer[1:], "result"]
    assert first_choice(("curves",)) == "curves"


async def test_a_sentence_of_ones_own_is_cut(home: Path) -> None:
    async with opened(home) as (app, pilot, session):
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, OwnLineScreen))
        await pilot.press(*"my zebra", "enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert session.next.settings == {"sentence": "my zebra"}
        assert not session.deviations, "the run is still the one that was verified"
        await pilot.press("full_stop")
        await until(pilot, lambda: session.phase == "paused" and ("cut", "english") in session.frames)
        await until(pilot, lambda: "your sentence" in shown(app))
        assert "z e b r a" in shown(app)
        run, snapshot = session.run, session.snapshot
        assert snapshot is not None

        async def write(line: str) -> None:
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, OwnLineScreen))
            app.screen.query_one(Input).value = line
            await pilot.press("enter")
            await until(pilot, lambda: " ".join(line) in shown(app) and "z e b r a" not in shown(app))

        await write("quokka")
        assert session.next.settings == {"sentence": "quokka"}
        await write("")
        assert session.next.settings == {}
        assert "your sentence" not in shown(app)
        await pilot.press("u", *"zebra", "enter")
        await until(pilot, lambda: "z e b r a" in shown(app))
        await pilot.press("U")
        await until(pilot, lambda: "your sentence" not in shown(app))
        assert session.run is run, "cut at once, by the vocabularies that are there"
        assert session.snapshot is not None
        assert session.snapshot.arms == snapshot.arms


async def test_each_unit_has_a_chart_of_its_own(home: Path) -> None:
    async with opened(home, make_app(home).library.find_lab("vocabulary")[1]) as (app, pilot, _):
        view = app.screen.query_one(CurvesView)
        await pilot.pause()
        assert view.only is None
        text = shown(app)
        assert "validation loss (nats per token)" in text
        assert "bits per byte" in text
        await pilot.press("c")
        assert view.only == ("val_loss",)
        await pilot.resize_terminal(80, 16)
        await pilot.press("c")
        assert view.only == ("bits_per_byte",)
        await pilot.press("c")
        assert view.only == ("val_loss",), "there is no room for both"


class Gallery(FakeExperiment):
    """One with a view of each kind that has a widget of its own, under names that say nothing."""

    def view(self, name: str, state: FakeState | None = None, without: Collection[str] = ()) -> Frame:
        if name == "first":
            values = np.array([[[-1.0, 0.5], [0.25, np.nan]]] * 2, dtype=np.float16)
            return HeatMap(values, ("in", "out"), ("r", "s"), ("c", "d"), self.steps, "signed")
        if name == "second":
            x = np.array([1.0, 10.0, 100.0])
            return Curves((Series("", "train_loss", x, 1 / x),), x_axis=Axis("size", log=True), y_log=True)
        points = Points("dots", np.array([0.0, 1.0]), np.array([0.0, 1.0]))
        return Scatter((points,), Axis("across"), Axis("up"))


GALLERY = replace(
    FAKE_SPEC,
    views=("first", "second", "third"),
    words={"size": Text("大小", "size"), "across": Text("横", "across"), "in": Text("进", "inwards")},
    implementation="tests.ui.test_frame_views:Gallery",
)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_the_type_of_a_frame_decides_what_draws_it(
    home: Path, lang: Lang, size: tuple[int, int]
) -> None:
    lab = fake_lab(steps=3).model_copy(update={"views": ("curves", "first", "second", "third")})
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        session = LabSession("unit1", "s4", lab, GALLERY, app.store, gate_passed=True)
        app.sessions["unit1", lab.id] = session
        await app.push_screen(LabScreen(session))
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        pane = app.screen.query_one(LabPane)

        async def looked_at(name: str, kind: type[object]) -> str:
            pane.choose_view(name)
            await until(pilot, lambda: (name, "b") in session.frames and isinstance(pane.reading, kind))
            await pilot.pause()
            reading = pane.reading
            assert isinstance(reading, Drawn)
            return "\n".join(row_text(row) for row in reading.rows())

        text = await looked_at("first", HeatMapView)
        assert ("r, c" if lang == "en" else "r，c") in text or ("s, c" if lang == "en" else "s，c") in text
        assert ("inwards" if lang == "en" else "进") in text
        assert "-1" in text, "the scale has two sides"
        assert "layer" not in text
        assert "head" not in text
        await pilot.press("h")
        map_view = pane.reading
        assert isinstance(map_view, HeatMapView)
        assert map_view.plane_name == "out"
        for link in ("plane:0", "do:lab_arm"):
            places = ((x, y) for y in range(map_view.size.height) for x in range(map_view.size.width))
            await pilot.click(map_view, offset=next(at for at in places if map_view.link_at(*at) == link))
        await until(pilot, lambda: map_view.plane_name == "in" and pane.arm == "b")
        await pilot.pause()
        assert pane.arm == "b", "one click is one arm further"
        text = await looked_at("second", CurvesView)
        assert ("size" if lang == "en" else "大小") in text
        assert ("English b" if lang == "en" else "中文 b") in text, "both arms in one chart"
        text = await looked_at("third", FrameView)
        titles = next(
            line for line in text.splitlines() if ("English a" if lang == "en" else "中文 a") in line
        )
        assert ("English b" if lang == "en" else "中文 b") in titles, "both arms side by side"
        await app.action_quit()
