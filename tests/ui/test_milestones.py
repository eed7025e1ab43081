"""The timeline of a unit: walked, zoomed, with a card for each milestone, whose lab runs; and the chart of models."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import torch
from textual.pilot import Pilot

from tests.content.minimal_course import FILES, write_course
from tests.course import course
from tests.engine.stored_models import model
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tutor import paths
from tutor.content.library import Library
from tutor.engine.model_store import ModelStore
from tutor.frames import Chronicle
from tutor.plot import drawn
from tutor.plot.cells import row_text, row_width
from tutor.progress.store import Store
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.timeline import FramePicture, TimelineScreen, amount

SECTION = "lessons/unit1/s1.yaml"
OFFERS = FILES[SECTION].replace("minutes: 10\n", "minutes: 10\ntimeline: true\n")


def small(root: Path, lang: Lang = "en", files: dict[str, str] | None = None) -> TutorApp:
    library = Library(write_course(root / "course", {SECTION: OFFERS, **(files or {})}))
    return TutorApp(library, Store(paths.database(root)), lang=lang, open_section=("unit1", "s1"))


async def at_timeline(pilot: Pilot[int]) -> TimelineScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen))
    await pilot.pause()
    await pilot.press("Y")
    await until(pilot, lambda: isinstance(pilot.app.screen, TimelineScreen))
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


def of_course() -> TimelineScreen:
    """The timeline of the built-in course."""
    unit = course().index().units[0]
    labs = {lab.id: lab.title for lab in unit.labs}
    milestones = course().milestones(unit.id).milestones
    return TimelineScreen(unit.id, "s2", unit.title, milestones, labs, dict)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("width", "rows"), [(116, 22), (76, 13), (58, 99)])
def test_every_card_of_the_course_fits_its_window(lang: Lang, width: int, rows: int) -> None:
    screen = of_course()
    for at, one in enumerate(screen.milestones):
        screen.at = at
        card = screen.card(lang, width)
        assert all(row_width(row) < width for row in card), one.id
        assert len(card) <= rows, one.id


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("width", "height"), [(118, 14), (78, 8), (58, 6)])
def test_the_chosen_milestone_is_named_at_every_zoom(lang: Lang, width: int, height: int) -> None:
    screen = of_course()

    def in_language(name: str | Text) -> str:
        return name[lang] if isinstance(name, Text) else name

    for zoom, (at, one) in product(range(3), enumerate(screen.milestones)):
        screen.zoom, screen.at = zoom, at
        rows = drawn.render(screen.chronicle(), width, in_language, height)
        shown_as = f"[{one.when if zoom else one.when[:4]} {one.name[lang][:6]}"
        assert any(shown_as in row_text(row) for row in rows), one.id


async def test_it_is_offered_where_a_section_names_it(tmp_path: Path, home: Path) -> None:
    app = small(tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        await at_timeline(pilot)
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.pause()
        assert "Y timeline" in painted(app)[-1]
    app = make_app(home, open_section=("unit1", "s4"))
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.pause()
        await pilot.press("Y")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert "timeline" not in painted(app)[-1]


@pytest.mark.parametrize("lang", LANGS)
async def test_arrows_walk_it_and_it_is_found_where_it_was_left(tmp_path: Path, lang: Lang) -> None:
    app = small(tmp_path, lang)
    async with app.run_test(size=NARROW) as pilot:
        screen = await at_timeline(pilot)
        first, second = (
            {"zh": "第一件", "en": "First thing"}[lang],
            {"zh": "第二件", "en": "Second thing"}[lang],
        )
        head = {"zh": "1958-07 首次公开，1960", "en": "first public 1958-07, published or opened 1960"}[lang]
        assert head in shown(app)
        await pilot.press("right", "right")
        assert screen.chosen.name[lang] == second
        assert {"zh": "这张卡写于 2026-01-31", "en": "This card was written on 2026-01-31"}[lang] in shown(
            app
        )
        assert {"zh": "还在编写中", "en": "still to come"}[lang] in shown(app), "its lab is announced"
        await pilot.press("enter")
        assert app.screen is screen
        await pilot.press("escape")
        screen = await at_timeline(pilot)
        assert screen.chosen.name[lang] == second
        await pilot.press("up")
        assert screen.chosen.name[lang] == first


async def test_zoom_shows_all_ten_years_or_one(tmp_path: Path) -> None:
    app = small(tmp_path)
    async with app.run_test(size=NARROW) as pilot:
        screen = await at_timeline(pilot)

        def seen() -> tuple[float | None, float | None, int]:
            frame = screen.query_one(FramePicture).frame()
            assert isinstance(frame, Chronicle)
            return frame.low, frame.high, len(frame.events)

        assert seen() == (1958, 2020, 2)
        await pilot.press("plus")
        assert seen() == (1950, 1960, 1)
        await pilot.press("right")
        assert seen() == (2010, 2020, 1)
        await pilot.press("plus", "plus")
        assert seen() == (2019, 2020, 1)
        await pilot.press("minus", "minus", "minus")
        assert seen() == (1958, 2020, 2)


async def test_a_click_chooses_and_the_lab_of_a_card_runs_over_it(home: Path) -> None:
    app, screen = make_app(home), of_course()
    async with app.run_test(size=WIDE) as pilot:
        await app.push_screen(screen)
        await pilot.pause()
        picture = screen.query_one(FramePicture)
        y, x = next(
            (y, sum(one.width for one in row[:i]))
            for y, row in enumerate(picture.rows())
            for i, run in enumerate(row)
            if run.link == "event:perceptrons-book"
        )
        await pilot.click(picture, offset=(x, y))
        assert screen.chosen.id == "perceptrons-book"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert app.sessions["unit1", "perceptron"].next.step == "", (
            "a run from the card is no step of the lesson"
        )
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_the_models_stand_on_one_axis_with_the_learners_own(tmp_path: Path, home: Path) -> None:
    app = small(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await at_timeline(pilot)
        await pilot.press("p")
        assert "no model of yours" in shown(app)
        await pilot.press("p")
        ModelStore(paths.models()).put("story-model", model(tensors={"w": torch.zeros(50, 40)}))
        await pilot.press("p")
        text = shown(app)
        assert all(said in text for said in ("Big 1.5 B", "Wide 1.6 T", "story-model 2 k", "✕ sparse"))
        await pilot.press("right", "escape")
        assert "1/2" in shown(app), "nothing is walked there, and esc goes back to the milestones"


async def test_milestones_that_cant_be_read_are_told(tmp_path: Path) -> None:
    app = small(tmp_path, files={"lessons/unit1/milestones.yaml": "milestones: []\n"})
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("Y")
        await until(pilot, lambda: bool(app._notifications))
        assert isinstance(app.screen, LessonScreen)


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [(1.6e12, "1.6万亿", "1.6 T"), (1.75e11, "1750亿", "175 B"), (229376, "22.9万", "229 k"), (999, "999", "999"), (1.17e8, "1.17亿", "117 M")],
)  # fmt: skip
def test_amounts_are_short(number: float, zh: str, en: str) -> None:
    assert amount(number) == Text(zh, en)


def test_the_cards_of_the_course_say_when_they_were_written_and_lead_to_labs() -> None:
    found = course().milestones("unit1").milestones
    assert all(one.written for one in found if one.year >= 2024)
    assert {one.name for milestone in found for one in milestone.models} >= {
        "GPT", "BERT-base", "BERT-large", "GPT-2", "GPT-3", "Switch", "PaLM",
    }  # fmt: skip
    assert sum(one.lab is not None for one in found) >= 15
