import gc
import re
from pathlib import Path

import pytest

from tests.content.minimal_course import FILES, write_course
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tutor import paths
from tutor.content.library import Library
from tutor.progress.store import Store
from tutor.text import LANGS, Lang
from tutor.ui.actions import actions_of
from tutor.ui.app import TutorApp, run_to_its_end
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.home import CourseMap, HomeScreen
from tutor.ui.screens.lesson import LessonScreen


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_map_shows_all_six_sections(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = make_app(home, lang)
    async with app.run_test(size=size):
        text = shown(app)
        for unit in app.library.index().units:
            for section in unit.sections:
                assert section.title[lang] in text
        assert all(len(line) <= size[0] for line in painted(app))
        steps = {"zh": r" 0/\d+ 步(  测验答对 0/\d+)?\W*$", "en": r" 0/\d+ steps(  quiz 0/\d+ right)?\W*$"}[
            lang
        ]
        rows = [line for line in painted(app) if " 0/" in line]
        assert rows
        assert [line for line in rows if not re.search(steps, line)] == [], "whole, or not at all"


def test_full_collections_are_rare_while_the_app_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, before, seen = make_app(home), gc.get_threshold(), []
    monkeypatch.setattr(app, "run", lambda: seen.append(gc.get_threshold()[2]))
    try:
        assert run_to_its_end(app) == 0
    finally:
        gc.set_threshold(*before)
    assert seen[0] >= 100


async def test_what_is_being_told_is_not_told_again(home: Path) -> None:
    app = make_app(home)
    async with app.run_test(size=WIDE) as pilot:
        for message in ("one", "one", "two", "one"):
            app.notify(message)
        await pilot.pause()
        assert [n.message for n in app._notifications] == ["one", "two"]


@pytest.mark.parametrize("lang", LANGS)
async def test_coming_section_is_no_error(tmp_path: Path, lang: Lang) -> None:
    course = Library(write_course(tmp_path, {}))
    app = TutorApp(course, Store(paths.database(tmp_path)), lang=lang)
    async with app.run_test(size=WIDE) as pilot:
        assert ("即将推出" if lang == "zh" else "coming") in shown(app)
        await pilot.press("2")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        said = "还在编写" if lang == "zh" else "still being written"
        assert any(said in str(n.message) for n in app._notifications)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_arrows_mark_a_section_and_keep_it_in_sight(home: Path, size: tuple[int, int]) -> None:
    app = make_app(home)
    async with app.run_test(size=size) as pilot:
        course = app.screen.query_one(CourseMap)
        first = course.marked
        titles = [section.title["en"] for section in app.library.index().units[0].sections]
        for step in range(1, len(titles) + 1):
            await pilot.press("down")
            await pilot.pause()
            assert course.marked == (first + step) % len(titles)
            assert any(" > " in line and titles[course.marked] in line for line in painted(app))
        await pilot.press("up")
        assert course.marked == (first - 1) % len(titles)


async def test_language_toggles_in_place_and_is_remembered(home: Path) -> None:
    app = make_app(home, "en")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "L")
        course = app.screen.query_one(CourseMap)
        assert "大模型基础知识" in shown(app)
        marked = course.marked
        await pilot.press("L")
        assert course.marked == marked
        assert "Foundations" in shown(app)
        assert app.store.setting("lang") == "en"


async def test_theme_toggles_and_is_remembered(home: Path) -> None:
    app = make_app(home)
    async with app.run_test(size=NARROW) as pilot:
        before = app.palette.style("text").color
        await pilot.press("T")
        await pilot.pause()
        assert app.palette.style("text").color != before
        assert app.store.setting("theme") == "tutor-light"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_help_lists_the_keys_that_work_here(home: Path, lang: Lang, size: tuple[int, int]) -> None:
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        here = actions_of(app.screen)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        text = shown(app)
        for action in here:
            assert action.help[lang] in text.replace("\n", "") or action.help[lang][:12] in text
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_click_opens_a_section(home: Path) -> None:
    app = make_app(home)
    async with app.run_test(size=WIDE) as pilot:
        course = app.screen.query_one(CourseMap)
        rows = ["".join(run.text for run in row) for row in course.rows()]
        y = next(i for i, row in enumerate(rows) if "Pre-training and fine-tuning" in row)
        await pilot.click(CourseMap, offset=(20, y))
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)


async def test_palette_holds_every_action(home: Path) -> None:
    from tutor.ui.actions import GLOBAL, ActionProvider

    app = make_app(home, "zh")
    async with app.run_test(size=WIDE):
        provider = ActionProvider(app.screen)
        titles = [hit.text for hit in [h async for h in provider.discover()]]
        for action in (*actions_of(app.screen), *GLOBAL):
            if action.name != "command_palette":
                assert any(action.label.zh in str(title) for title in titles), action.name
        found = [hit async for hit in provider.search("theme")]
        assert found


@pytest.mark.parametrize("lang", LANGS)
async def test_a_long_title_of_where_one_was_is_cut_with_a_sign(home: Path, lang: Lang) -> None:
    app = make_app(home, lang)
    section = app.library.section("unit1", "s4")
    async with app.run_test(size=NARROW) as pilot:
        for step in section.steps:
            app.store.set_position("unit1", "s4", step.id)
            app.screen.query_one(CourseMap).redraw()
            await pilot.pause()
            at = next(
                line for line in painted(app) if ("上次学到" if lang == "zh" else "You were at") in line
            )
            assert ("c 继续" if lang == "zh" else "c: continue") in at
            assert step.title[lang] in at or "⋯" in at


async def test_only_steps_of_the_course_count(home: Path) -> None:
    app = make_app(home, "en")
    steps = app.library.section("unit1", "s4").steps
    app.store.mark_step("unit1", "s4", "s4.gone")
    app.store.mark_step("unit1", "s4", steps[0].id)
    async with app.run_test(size=WIDE):
        assert f" 1/{sum(not step.optional for step in steps)} steps" in shown(app)


@pytest.mark.parametrize(("lang", "key"), [("zh", "回车 打开"), ("en", "enter open")])
async def test_keys_are_written_in_the_language(home: Path, lang: Lang, key: str) -> None:
    app = make_app(home, lang)
    async with app.run_test(size=WIDE):
        assert key in shown(app)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_of_several_units_that_of_the_marked_section_is_open(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    files: dict[str, str | bytes | None] = {}
    for file, text in FILES.items():
        for old, new in (("unit1", "unit2"), ("s1", "s3"), ("s2", "s4"), ("Basics", "More")):
            file, text = file.replace(old, new), text.replace(old, new)  # noqa: PLW2901
        files[file] = text
    root = write_course(tmp_path / "course", files)
    app = TutorApp(Library(root), Store(paths.database(tmp_path)), lang="en")
    async with app.run_test(size=size) as pilot:
        assert [any(name in line for line in painted(app)) for name in ("First", "2 sections")] == [
            True,
            True,
        ]
        await pilot.press("down", "down", "down")
        assert app.screen.query_one(CourseMap).here == app.library.index().section("s4")
        text = shown(app)
        assert text.index("Basics") < text.index("2 sections") < text.index("More") < text.index("Second")
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.section.id == "s3", "the numbers are those of the unit"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.pause()
        row = next(y for y, line in enumerate(painted(app)) if "Basics" in line)
        await pilot.click(offset=(4, row))
        await pilot.pause()
        assert app.screen.query_one(CourseMap).here == app.library.index().section("s1")
