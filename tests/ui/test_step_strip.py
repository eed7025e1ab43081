"""The row of steps, also where there are more than fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.driving import NARROW, WIDE, make_app, shown, until
from tutor.content.models import Step
from tutor.plot.cells import row_text, row_width
from tutor.text import LANGS, Lang, Text
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.widgets.step_strip import StepStrip

TABS = (("side:text", Text("课文", "Text"), True), ("side:partner", Text("实验", "Lab"), False))


class Told(StepStrip):
    """A strip without an app."""

    def say(self, text: Text) -> str:
        return text["en"]

    def redraw(self) -> None:
        """There is nothing to draw on."""


def steps(count: int) -> list[Step]:
    text = Text("步", "step")
    return [
        Step.model_construct(id=f"s.{n}", kind="read", title=text, concepts=(), body=text, lab=None)
        for n in range(count)
    ]


@given(st.integers(1, 120), st.integers(58, 200), st.booleans(), st.data())
def test_any_strip_keeps_to_its_width_and_shows_where_one_is(
    count: int, width: int, tabs: bool, data: st.DataObject
) -> None:
    at = data.draw(st.integers(-1, count - 1))
    done = data.draw(st.sets(st.integers(0, count - 1)))
    strip = Told(steps(count))
    strip.show(at, frozenset(f"s.{n}" for n in done), TABS if tabs else ())
    [row] = strip.build(width, 1)
    assert row_width(row) == width
    numbers = [int(run.link.partition(":")[2]) for run in row if run.link.startswith("step:")]
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "one after the other"
    assert max(at, 0) in numbers
    if len(numbers) < count:
        where = f"step {at + 1}/{count}" if at >= 0 else f"{count} steps"
        assert f"{where} · {len(done)} done" in row_text(row)
    if tabs:
        assert row_text(row).endswith("[Text] Lab ")


def test_chapters_are_parted_and_optional_steps_marked() -> None:
    text = Text("步", "step")
    chapter = Text("清洗", "Cleaning")
    more: list[dict[str, Any]] = [{}, {"optional": True}, {"chapter": chapter}, {}]
    shape: dict[str, Any] = {"kind": "read", "title": text, "concepts": (), "body": text, "lab": None}
    strip = Told([Step.model_construct(id=f"s.{n}", **shape, **own) for n, own in enumerate(more)])
    strip.show(3, frozenset({"s.0"}))
    assert row_text(strip.build(60, 1)[0]).strip() == "1✓  2◦ ⡇3 [4]"
    many = Told([Step.model_construct(id=f"s.{n}", **shape, **more[min(n, 3)]) for n in range(60)])
    many.show(30, frozenset())
    assert "step 31/60 · Cleaning · 0 done" in row_text(many.build(140, 1)[0])
    assert "Cleaning" not in row_text(many.build(80, 1)[0])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_strip_of_a_long_section(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = make_app(home, lang, open_section=("unit1", "s4"))
    ids = [step.id for step in app.library.section("unit1", "s4").steps]
    app.store.set_position("unit1", "s4", ids[19])
    app.store.mark_step("unit1", "s4", ids[18])
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index == 19)
        await until(pilot, lambda: f"20/{len(ids)}" in shown(app))  # laid out only after that
        text = shown(app)
        assert f"20/{len(ids)}" in text
        assert re.search(r"[ ⡇]19✓ \[20\W?\][ ⡇]21", text), (
            "the one before it is done; signs after a number tell a lab or a question"
        )
