"""Bets of every kind: made with keys alone and with the mouse alone, stored, and judged after the run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.content.claims_file import Spread
from tutor.content.models import Lab, Prediction
from tutor.engine.verify_seed import run_seed
from tutor.engine.verify_stats import verified
from tutor.plot.cells import row_text, row_width
from tutor.progress.store import BetValue
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.bet_input import CurveInput, bet_input, shown_options
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_pane import LabPane

STEPS = 60
SAID = Text("会怎样？", "What will happen?")
CURVE = Prediction.model_validate(
    {"kind": "curve", "question": SAID, "of": "a.train_loss", "scale": {"low": 0, "high": 8}, "reveal": SAID}
)
NUMBER = Prediction.model_validate(
    {"kind": "number", "question": SAID, "of": "a.train_loss", "scale": {"low": 0, "high": 8}, "reveal": SAID}
)


def lab_with(prediction: Prediction | None = None) -> Lab:
    lab = fake_lab(steps=STEPS)
    return lab if prediction is None else lab.model_copy(update={"prediction": prediction})


@asynccontextmanager
async def at_gate(
    home: Path, lab: Lab, lang: Lang = "en", size: tuple[int, int] = WIDE, spread: Spread | None = None
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession, PredictionGate]]:
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        session = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store, spread=spread)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        await until(pilot, lambda: bool(app.screen.query(PredictionGate)))
        gate = app.screen.query_one(PredictionGate)
        await until(pilot, lambda: gate.has_focus)
        try:
            yield app, pilot, session, gate
        finally:
            await app.action_quit()


async def click(pilot: Pilot[int], gate: PredictionGate, link: str) -> None:
    """Click the middle of a link."""
    found = [
        (x, y) for y in range(len(gate.rows())) for x in range(gate.size.width) if gate.link_at(x, y) == link
    ]
    x, y = found[len(found) // 2]
    await pilot.click(PredictionGate, offset=(x + 1, y + 1 - gate.scroll_offset.y))


def test_options_are_shuffled_but_where_order_means_something() -> None:
    lab = lab_with(lab_with().prediction.model_copy(update={"ordered": False}))
    orders = {tuple(option.id for option in shown_options(lab, seed)) for seed in range(20)}
    assert orders == {("rises", "falls", "other"), ("falls", "rises", "other")}
    assert {shown_options(lab_with(), seed) for seed in range(20)} == {lab_with().prediction.options}


KEYS = st.lists(st.sampled_from(["1", "5", "9", "up", "down", "left", "right", "space"]), max_size=40)


def typed(bet: CurveInput, keys: Iterable[str]) -> None:
    for key in keys:
        if key.isdigit():
            bet.digit(int(key))
        elif key == "space":
            bet.space()
        else:
            bet.move({"left": -1, "right": 1}.get(key, 0), {"up": 1, "down": -1}.get(key, 0))


@given(KEYS, st.lists(st.tuples(st.integers(0, 70), st.integers(-3, 30), st.booleans()), max_size=8))
def test_a_curve_stays_in_its_chart_whatever_is_done(
    keys: list[str], mouse: list[tuple[int, int, bool]]
) -> None:
    bet = CurveInput(lab_with(CURVE), None)
    bet.rows("en", 60, 14, roomy=True)
    typed(bet, keys)
    for column, row, drag in mouse:
        bet.touch(column, row, drag=drag)
    assert all(height is None or 0 <= height <= 8 for height in bet.heights)
    rows = bet.rows("zh", 60, 14, roomy=True)
    assert {row_width(row) for row in rows} == {60}
    assert (bet.value is None) == (None in bet.heights)
    if isinstance(value := bet.value, tuple):
        assert [x for x, _ in value] == [0, 10, 20, 30, 40, 50, 60]
        again = CurveInput(lab_with(CURVE), value)
        assert again.value == value


@given(st.lists(st.integers(1, 9), min_size=7, max_size=7))
def test_any_curve_takes_nine_keys(levels: list[int]) -> None:
    bet = CurveInput(lab_with(CURVE), None)
    typed(bet, map(str, levels))
    assert bet.value == tuple((10.0 * i, float(level - 1)) for i, level in enumerate(levels))


def test_a_stroke_of_the_mouse_leaps_over_no_point() -> None:
    bet = CurveInput(lab_with(CURVE), None)
    bet.rows("en", 60, 14, roomy=True)
    assert not bet.touch(10, 13, drag=False), "below the chart"
    assert bet.touch(0, 0, drag=False)
    assert bet.touch(59, 12, drag=True)
    heights = [height for height in bet.heights if height is not None]
    assert len(heights) == 7
    assert all(left > right for left, right in pairwise(heights))


@pytest.mark.parametrize("lang", LANGS)
async def test_a_curve_is_drawn_with_keys_run_and_judged(home: Path, lang: Lang) -> None:
    lab = lab_with(CURVE)
    spread = Spread(verified(lab, [run_seed(lab, seed, spec=FAKE_SPEC) for seed in range(3)]))
    async with at_gate(home, lab, lang, NARROW, spread) as (app, pilot, session, gate):
        assert not gate.max_scroll_y, "all of it is in sight"
        await pilot.press("enter")
        assert ("先画完 7 个点" if lang == "zh" else "Draw all 7 points first") in shown(app)
        await pilot.press(*"5554443", "up", "enter", "escape", "down", "enter")
        assert session.bet.value is None
        await pilot.press("2")
        assert session.bet.value == ((0, 4), (10, 4), (20, 4), (30, 3), (40, 3), (50, 3), (60, 2))
        assert [(bet.value, bet.confidence) for bet in app.store.bets("unit1", "fake")] == [
            (session.bet.value, 2)
        ]
        assert ("你画的" if lang == "zh" else "as you drew it") in shown(app)
        await until(pilot, lambda: not gate.has_focus)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        bet = session.bet.on_curve(session.frames.curves(), session.spread)
        assert bet is not None
        assert 0 < bet.score < 1
        await until(pilot, lambda: f"{bet.score:.0%}" in shown(app))
        assert ("画得太高：第" if lang == "zh" else "Too high at steps") in shown(app)
    again = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store)
    assert (again.bet.value, again.bet.confidence, again.bet.gate_passed) == (session.bet.value, 2, True)
    other = LabSession("unit1", "s3", lab_with(), FAKE_SPEC, app.store)
    assert (other.bet.value, other.bet.gate_passed) == (None, False), "it is no answer to what is asked now"


@pytest.mark.parametrize("lang", LANGS)
async def test_a_curve_is_drawn_with_the_mouse_alone(home: Path, lang: Lang) -> None:
    async with at_gate(home, lab_with(CURVE), lang) as (_app, pilot, session, gate):
        top = 1 + gate._bet_at
        await pilot.mouse_down(PredictionGate, offset=(10, top))
        await pilot.hover(PredictionGate, offset=(100, top + 12))
        await pilot.mouse_up(PredictionGate, offset=(100, top + 12))
        assert gate.input.value is None, "not yet to the end"
        await pilot.mouse_down(PredictionGate, offset=(100, top + 12))
        await pilot.hover(PredictionGate, offset=(117, top + 2))
        await pilot.mouse_up(PredictionGate, offset=(117, top + 2))
        await pilot.hover(PredictionGate, offset=(60, top))
        drawn = gate.input.value
        assert isinstance(drawn, tuple)
        assert min(y for _, y in drawn) < drawn[-1][1], (
            "what is pointed at without the button changes nothing"
        )
        await click(pilot, gate, "go")
        await click(pilot, gate, "sure:0")
        await click(pilot, gate, "go")
        await click(pilot, gate, "sure:1")
        assert (session.bet.value, session.bet.confidence) == (drawn, 1)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("size", "keys", "closeness"),
    [(NARROW, ["4", "left", "up", "right"], "off"), (WIDE, ["1", "down", "enter"], "near")],
)
async def test_a_number_is_chosen_on_a_scale_and_judged_in_words(
    home: Path, lang: Lang, size: tuple[int, int], keys: list[str], closeness: str
) -> None:
    async with at_gate(home, lab_with(NUMBER), lang, size) as (app, pilot, session, gate):
        await pilot.press("enter")
        assert gate.input.value is None
        await pilot.press(*keys)
        value = gate.input.value
        await pilot.press("enter", "3")
        await until(pilot, lambda: session.bet.value == value and not gate.has_focus)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        found = session.bet.on_number(session.bet.came_true(session.snapshot), session.spread)
        assert found is not None
        said = {
            "zh": "猜高了" if closeness == "off" else "波动范围",
            "en": "Too high by a factor" if closeness == "off" else "seeds do",
        }
        await until(pilot, lambda: said[lang] in shown(app))
        assert app.store.last_reveal("unit1", "fake") == (value, session.bet.came_true(session.snapshot))


async def test_a_number_is_chosen_with_the_mouse(home: Path) -> None:
    async with at_gate(home, lab_with(NUMBER)) as (app, pilot, session, gate):
        await pilot.click(PredictionGate, offset=(1 + gate.size.width // 4, 2 + gate._bet_at))
        await click(pilot, gate, "go")
        await click(pilot, gate, "sure:2")
        assert session.bet.value == pytest.approx(2, abs=0.2)
        assert any(f"Your bet (p changes it): {session.bet.value:.3f}" in line for line in painted(app))


@pytest.mark.parametrize("value", ["falls", 3.6, ((0.0, 1.0), (60.0, 2.0))])
def test_a_bet_begins_as_the_last_one(value: BetValue) -> None:
    prediction: dict[type, Any] = {str: None, float: NUMBER, tuple: CURVE}
    bet = bet_input(lab_with(prediction[type(value)]), 3, value)
    shown_as = bet.rows("en", 70, 14, roomy=False)
    assert bet.value is not None
    assert bet.value == value or isinstance(value, tuple)
    assert any("o" in row_text(row) or "●" in row_text(row) for row in shown_as)


async def test_before_a_bet_no_key_does_anything_unseen(home: Path) -> None:
    async with at_gate(home, lab_with()) as (app, pilot, session, gate):
        pane = gate.parent
        assert isinstance(pane, LabPane)
        before = session.knob, session.knobs(), pane.view
        await pilot.press("k", "plus", "w", "c", "a", "left_square_bracket", "r")
        assert (session.knob, session.knobs(), pane.view) == before
        assert gate.has_focus
        assert "rewind" not in painted(app)[-1]
        await pilot.press("1", "enter")
        await until(pilot, lambda: " 1 unsure " in painted(app)[-1])
        await pilot.press("2")
        await until(pilot, lambda: session.bet.gate_passed)
        await until(pilot, lambda: "run/pause" in painted(app)[-1])
        assert "rewind" not in painted(app)[-1], "there is no past yet"
        await pilot.press("w")
        assert pane.view != before[2]
