"""Windows over a screen: the language changes in place there as everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList

from tests.ui.driving import NARROW, WIDE, at_lab, make_app, painted, shown, until
from tutor.text import LANGS, Lang
from tutor.ui.actions import ActionPalette
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.outline import OutlineRows, OutlineScreen
from tutor.ui.screens.own_text import OwnLineScreen, OwnTextScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.rule_list import RuleListScreen, RuleRows
from tutor.ui.screens.source import SourceScreen
from tutor.ui.screens.window import Frame, Window
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import BuiltRows, Drawn, RowsScroll


def other(lang: Lang) -> Lang:
    return "en" if lang == "zh" else "zh"


def swapped(app: TutorApp, lang: Lang, zh: str, en: str) -> bool:
    """Whether a text of the window is there in a language, and not in the other."""
    here, gone = (zh, en) if lang == "zh" else (en, zh)
    text = "".join(shown(app).split())
    return "".join(here.split()) in text and "".join(gone.split()) not in text


@asynccontextmanager
async def cleaning_lab(
    home: Path, lang: Lang, size: tuple[int, int]
) -> AsyncIterator[tuple[TutorApp, Pilot[int]]]:
    async with at_lab(home, "cleaning", lang, size) as (app, pilot, _):
        yield app, pilot


async def there_and_back(
    app: TutorApp, pilot: Pilot[int], rows: RowsScroll, zh: str, en: str, lang: Lang
) -> None:
    """Swap twice in a window that was scrolled; each time another language, in the end the very same picture."""
    window = app.screen
    before, picture = rows.scroll_offset, painted(app)
    assert swapped(app, lang, zh, en)
    await pilot.press("L")
    await until(pilot, lambda: swapped(app, other(lang), zh, en))
    assert app.screen is window
    await pilot.press("L")
    await until(pilot, lambda: swapped(app, lang, zh, en))
    await until(pilot, lambda: painted(app) == picture)
    assert rows.scroll_offset == before
    assert app.screen is window


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_help(tmp_path: Path, lang: Lang, size: tuple[int, int]) -> None:
    async with cleaning_lab(tmp_path, lang, size) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and bool(app.screen.query(BuiltRows)))
        rows = app.screen.query_one(BuiltRows)
        await until(pilot, lambda: rows.max_scroll_y > 0)
        await pilot.press("end")
        await until(pilot, lambda: rows.scroll_offset.y == rows.max_scroll_y)
        await there_and_back(app, pilot, rows, "随处可用", "Keys everywhere", lang)
        await pilot.press("L")
        assert rows.scroll_offset.y == rows.max_scroll_y, "the end is the end, however long the text"


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_source(tmp_path: Path, lang: Lang, size: tuple[int, int]) -> None:
    async with cleaning_lab(tmp_path, lang, size) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SourceScreen) and app.screen.is_mounted)
        screen = app.screen
        assert isinstance(screen, SourceScreen)
        await pilot.press("n", "pagedown")
        code, settings = screen.code, screen.settings
        await there_and_back(app, pilot, code, "下一段", "next", lang)
        await pilot.press("right", "pagedown")
        await until(pilot, lambda: settings.scroll_offset.y > 0)
        await there_and_back(app, pilot, settings, "下一段", "next", lang)
        assert settings.has_focus


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_rules(tmp_path: Path, lang: Lang, size: tuple[int, int]) -> None:
    async with cleaning_lab(tmp_path, lang, size) as (app, pilot):
        await pilot.press("d")
        await until(
            pilot, lambda: isinstance(app.screen, RuleListScreen) and bool(app.screen.query(RuleRows))
        )
        rows = app.screen.query_one(RuleRows)
        await pilot.press(*["down"] * 6, "space")
        chosen, marked = rows.choice.in_use(), rows.marked
        await there_and_back(app, pilot, rows, "空格 开关", "space on/off", lang)
        await pilot.press("L")
        await until(pilot, lambda: app.lang == other(lang))
        assert (rows.choice.in_use(), rows.marked) == (chosen, marked)
        seen = "\n".join(painted(app))
        assert "Esc" in seen, "what the keys do is in sight in either language"
        assert "> [ ]" in seen, "so is the marked rule"


@pytest.mark.parametrize("lang", LANGS)
async def test_outline(home: Path, lang: Lang) -> None:
    app = make_app(home, lang, open_section=("unit1", "s3"))
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
        await pilot.press("o")
        await until(
            pilot, lambda: isinstance(app.screen, OutlineScreen) and bool(app.screen.query(OutlineRows))
        )
        rows = app.screen.query_one(OutlineRows)
        await pilot.press("end")
        marked = rows.marked
        await there_and_back(app, pilot, rows, "本节各步", "Steps of this section", lang)
        await pilot.press("L")
        await until(pilot, lambda: app.lang == other(lang))
        assert rows.marked == marked
        await until(pilot, lambda: any("> " in line for line in painted(app)))


@pytest.mark.parametrize(
    "make", [lambda session: OwnLineScreen(session, session.spec.user_line), OwnTextScreen]
)
async def test_a_line_takes_every_letter_and_stands_in_the_middle(
    tmp_path: Path, make: Callable[[LabSession], Screen[bool]]
) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        app.open_lab("tokenizer")
        await pilot.pause()
        app.sessions["unit1", "tokenizer"].bet.gate_passed = True
        await app.push_screen(make(app.sessions["unit1", "tokenizer"]))
        await pilot.pause()
        await pilot.press("L", "T")
        assert app.screen.query_one(Input).value == "LT"
        assert app.lang == "en"
        frame = app.screen.query_one(Frame).region
        assert abs(frame.x - (WIDE[0] - frame.right)) <= 1
        assert abs(frame.y - (WIDE[1] - frame.bottom)) <= 1
        assert "llm-tutor" in painted(app)[0]  # what lies below is still seen around it


def test_every_window_is_one() -> None:
    """A screen that hides the keys of the app has those that a window has."""
    from textual.screen import ModalScreen

    def below(kind: type[object]) -> set[type[object]]:
        return {kind}.union(*(below(sub) for sub in kind.__subclasses__()))

    modal = {kind for kind in below(ModalScreen) if kind.__module__.startswith("tutor.")}
    assert modal == {*below(Window), ActionPalette}, "all letters typed in the palette are searched for"
    assert len(modal) > 6


async def test_what_is_picked_twice_closes_one_screen(tmp_path: Path) -> None:
    """Two quick Enters or clicks: the second comes when the window is already gone."""
    app = make_app(tmp_path, open_section=("unit1", "s3"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        lesson = app.screen

        async def twice(key: str, window: type[Screen[Any]], pick: Callable[[Screen[Any]], object]) -> None:
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, window))
            closed = app.screen
            pick(closed)
            pick(closed)
            await until(pilot, lambda: app.screen is not closed)
            await pilot.pause()
            assert app.screen is lesson

        def link(screen: Screen[Any]) -> None:
            rows = screen.query_one(OutlineRows)
            rows.post_message(Drawn.LinkPicked("entry:1"))

        await twice("o", OutlineScreen, link)
        await twice("ctrl+p", ActionPalette, lambda screen: screen.dismiss())
        await twice(
            "z",
            QuizScreen,
            lambda screen: screen.query_one(QuizPane).post_message(QuizPane.StepPicked("s3.x", "")),
        )


async def test_a_page_down_in_the_palette_before_what_it_found_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual's list then asks for a line that it doesn't have."""

    def no_lines(_: OptionList) -> None:
        raise KeyError(0)

    monkeypatch.setattr(OptionList, "action_page_down", no_lines)
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, ActionPalette))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count > 3)
        await pilot.press("pagedown")
        assert app.failure is None
        assert isinstance(app.screen, ActionPalette)
