"""Lists that are narrowed by typing: the steps of a section, the glossary, the search."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.screens.glossary import GlossaryRows, GlossaryScreen
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.outline import OutlineRows, OutlineScreen
from tutor.ui.screens.search import SearchRows, SearchScreen
from tutor.ui.widgets.lesson_prose import LessonProse


def in_section(home: Path, lang: Lang = "en", section: str = "s4") -> TutorApp:
    return make_app(home, lang, open_section=("unit1", section))


async def at_step(app: TutorApp, pilot: Pilot[int], step: str) -> LessonScreen:
    await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
    assert isinstance(app.screen, LessonScreen)
    await app.screen.go_to(step)
    await pilot.pause()
    return app.screen


def reading(app: TutorApp, step: str) -> bool:
    return isinstance(app.screen, LessonScreen) and app.screen.step is not None and app.screen.step.id == step


async def test_a_number_marks_a_step_digit_by_digit(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=NARROW) as pilot:
        await at_step(app, pilot, "s4.funnel")
        await pilot.press("o")
        await pilot.pause()
        rows = app.screen.query_one(OutlineRows)
        for keys, marked in (("2", 1), ("3", 22), ("9", 8), ("0", 8), ("1", 0), ("2", 11)):
            await pilot.press(keys)
            assert rows.marked == marked, keys
        await pilot.press("down", "7")
        assert rows.marked == 6
        await pilot.pause()
        assert any("> " in line and " 7 " in line for line in painted(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index == 6)


@pytest.mark.parametrize(("lang", "typed"), [("en", "copies"), ("zh", "去重")])
async def test_the_steps_are_filtered_by_title_and_chapter(home: Path, lang: Lang, typed: str) -> None:
    app = in_section(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        await at_step(app, pilot, "s4.funnel")
        await pilot.press("o", "slash", *typed)
        await pilot.pause()
        rows = app.screen.query_one(OutlineRows)
        first = next(place for place, step in enumerate(rows.steps) if step.id == "s4.dedup")
        ids = [rows.steps[place].id for place in rows.entries]
        assert ids[:2] == ["s4.dedup", "s4.minhash"], "a chapter's name brings all of its steps"
        assert len(ids) < 10
        numbered = f"{first + 1} {rows.steps[first].title[lang]}"
        assert any(numbered in line for line in painted(app)), "the numbers stay those of the section"
        await pilot.press("escape")
        assert isinstance(app.screen, OutlineScreen)
        assert len(rows.entries) == len(rows.steps)
        await pilot.press("slash", *typed, "down", "enter")
        await until(pilot, lambda: reading(app, "s4.minhash"))


async def test_a_filter_that_finds_nothing_says_so(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=NARROW) as pilot:
        await at_step(app, pilot, "s4.funnel")
        await pilot.press("o", "slash", *"xyz", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, OutlineScreen)
        assert "Nothing found" in shown(app)
        await pilot.press("escape", "escape")
        assert reading(app, "s4.funnel")


@pytest.mark.parametrize("lang", LANGS)
async def test_terms_of_a_page_are_explained_and_lead_there_and_back(home: Path, lang: Lang) -> None:
    app = in_section(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        lesson = await at_step(app, pilot, "s4.dedup")
        position = app.store.position("unit1", "s4")
        top = lesson.query_one(LessonProse).scroll_offset
        await pilot.press("G")
        await pilot.pause()
        rows = app.screen.query_one(GlossaryRows)
        ids = [term.id for term in rows.entries]
        assert {"token", "hash", "shingle", "jaccard"} <= set(ids) < {term.id for term in app.terms()}
        await pilot.press(*["down"] * ids.index("token"))
        token = rows.entry
        assert token is not None
        seen = "".join(shown(app).split())
        assert "".join(token.definition[lang].split()) in seen
        assert token.term.zh in seen and token.term.en in seen
        await pilot.press("enter")
        await until(pilot, lambda: reading(app, "s3.two-stages"))
        assert ("esc 返回" if lang == "zh" else "esc back") in shown(app)
        assert app.store.position("unit1", "s4") == position
        assert app.store.position("unit1", "s3") is None, "what is only looked up is no place to go on from"
        await pilot.press("escape")
        assert isinstance(app.screen, GlossaryScreen)
        await pilot.press("escape")
        assert app.screen_stack[-1] is lesson
        assert reading(app, "s4.dedup")
        assert lesson.query_one(LessonProse).scroll_offset == top


async def test_a_click_on_a_term_explains_it(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=WIDE) as pilot:
        lesson = await at_step(app, pilot, "s4.dedup")
        prose = lesson.query_one(LessonProse)
        y = next(
            y for y, row in enumerate(prose.rows()) for run in row if run.link in {"term:hash", "term:token"}
        )
        x = next(x for x in range(prose.size.width) if prose.link_at(x, y).startswith("term:"))
        term = prose.link_at(x, y).partition(":")[2]
        await pilot.click(LessonProse, offset=(x + prose.gutter.left, y + prose.gutter.top))
        await pilot.pause()
        rows = app.screen.query_one(GlossaryRows)
        assert rows.entry is not None
        assert rows.entry.id == term
        glossary, first = app.screen, rows.marked
        for place in (
            (first + 1) % len(rows.entries),
            first,
        ):  # a click on a term explains it, and goes nowhere
            y = next(y for y, row in enumerate(rows.rows()) for run in row if run.link == f"entry:{place}")
            await pilot.click(GlossaryRows, offset=(4, y - rows.scroll_offset.y))
            await pilot.pause()
            assert (app.screen, rows.marked) == (glossary, place)
        y = next(y for y, row in enumerate(rows.rows()) for run in row if run.link.startswith("go:"))
        await pilot.click(GlossaryRows, offset=(8, y - rows.scroll_offset.y))
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.looked_up is not None)


async def test_the_glossary_is_looked_through_from_a_page_and_from_the_map(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=NARROW) as pilot:
        await at_step(app, pilot, "s4.dedup")
        await pilot.press("G", "slash", *"causal")
        rows = app.screen.query_one(GlossaryRows)
        assert [term.id for term in rows.entries] == ["causal-mask"]
        await pilot.press("escape", "escape", "escape", "G")
        await pilot.pause()
        assert len(app.screen.query_one(GlossaryRows).entries) == len(app.terms())
        await pilot.press("end")
        await pilot.pause()
        assert any("> " in line for line in painted(app))


@pytest.mark.parametrize(
    ("lang", "typed", "step", "size"),
    [("en", "Minhash", "s4.minhash", NARROW), ("zh", "灾难性", "s3.forgetting", WIDE)],
)
async def test_a_word_is_searched_for_in_the_whole_course(
    home: Path, lang: Lang, typed: str, step: str, size: tuple[int, int]
) -> None:
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        await pilot.press("slash", *typed)
        await pilot.pause()
        rows = app.screen.query_one(SearchRows)
        assert rows.entries
        assert {entry.page.step.split(".")[0] for entry in rows.entries} <= {"s3", "s4", "s6"}
        assert any(typed.lower() in line.lower() for line in painted(app)[5:])
        assert all(sum(run.width for run in row) <= rows.size.width for row in rows.rows())
        place = next(place for place, found in enumerate(rows.entries) if found.page.step == step)
        await pilot.press(*["down"] * place, "enter")
        await until(pilot, lambda: reading(app, step))
        await pilot.press("L", "escape")
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.line.value == typed
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_searching_from_a_lesson_comes_back_to_it(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=WIDE) as pilot:
        lesson = await at_step(app, pilot, "s4.lab-dedup")
        await pilot.press("slash", *"perplexity", "enter")
        await until(pilot, lambda: reading(app, "s3.loss"))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is lesson)
        pane = lesson.lab_pane
        assert pane is not None
        await until(pilot, lambda: pane.session.next.place.endswith("s4.lab-dedup"))


async def test_a_click_beside_a_window_closes_it(home: Path) -> None:
    app = in_section(home)
    async with app.run_test(size=WIDE) as pilot:
        lesson = await at_step(app, pilot, "s4.dedup")
        for key, window in (("o", OutlineScreen), ("G", GlossaryScreen), ("slash", SearchScreen)):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, window)
            await pilot.click("#head")
            assert isinstance(app.screen, window), "a click into it does not"
            await pilot.click(offset=(3, 20))
            await until(pilot, lambda: app.screen is lesson)
