"""Text is selected and copied as it is read; a part of the screen is given the window; the screen is saved as a picture."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import MouseDown, MouseMove, MouseUp
from textual.pilot import Pilot

from tests.ui.driving import NARROW, WIDE, make_app, painted, until
from tutor.plot.cells import row_text
from tutor.text import LANGS, Lang
from tutor.ui import clipboard
from tutor.ui.app import TutorApp
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import Drawn


async def drag(pilot: Pilot[int], widget: Drawn, start: tuple[int, int], end: tuple[int, int]) -> None:
    """As a driver hands it to the app, which makes a click of it where both ends are in one widget."""
    middle = (start[0] + end[0]) // 2, end[1]
    for kind, place in ((MouseDown, start), (MouseMove, middle), (MouseMove, end), (MouseUp, end)):
        x, y = widget.region.offset + place
        pilot.app.post_message(kind(None, x, y, 0, 1, 1, False, False, False, screen_x=x, screen_y=y))
        await pilot.pause()


@pytest.fixture
def lesson(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TutorApp]:
    monkeypatch.setenv("LLM_TUTOR_HOME", str(home))
    yield make_app(home, "zh", open_section=("unit1", "s3"))


async def at(app: TutorApp, pilot: Pilot[int], step: int) -> LessonScreen:
    await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
    screen = app.screen
    assert isinstance(screen, LessonScreen)
    await screen.go(step)
    await pilot.pause()
    return screen


async def test_a_drag_selects_characters_wherever_the_text_is_scrolled(lesson: TutorApp) -> None:
    async with lesson.run_test(size=NARROW) as pilot:
        prose = (await at(lesson, pilot, 0)).query_one(LessonProse)
        for scrolled in (0, 3):
            prose.scroll_to(y=scrolled, animate=False, immediate=True)
            await pilot.pause()
            rows = [row_text(row).rstrip() for row in prose.rows()]
            gutter = prose.gutter.left
            # From the third cell of one row to the padding before the next row but one.
            await drag(pilot, prose, (gutter + 4, 2), (min(scrolled, 1), 4))
            first, second, third = rows[scrolled + 2 : scrolled + 5]
            before = next(i for i in range(len(first) + 1) if len(row_cells(first[:i])) >= 4) if first else 0
            assert lesson._selected() == "\n".join((first[before:], second, third[:1])).strip("\n")
            await pilot.press("ctrl+c")
            assert lesson.clipboard == lesson._selected()
            await pilot.press("escape")
            assert lesson._selected() == ""
            assert isinstance(lesson.screen, LessonScreen)


def row_cells(text: str) -> str:
    """A text with every character as many times as it has cells."""
    from rich.cells import cell_len

    return "".join(char * cell_len(char) for char in text)


@pytest.mark.parametrize("lang", LANGS)
async def test_a_key_copies_what_is_read(lesson: TutorApp, lang: Lang) -> None:
    async with lesson.run_test(size=WIDE, notifications=True) as pilot:
        screen = await at(lesson, pilot, 0)
        lesson.lang = lang
        await pilot.pause()
        prose = screen.query_one(LessonProse)
        prose.focus()
        await pilot.press("y")
        shown = "\n".join(row_text(row).rstrip() for row in prose.rows()).strip("\n")
        assert lesson.clipboard == shown
        assert screen.section.steps[0].title[lang] in shown
        await until(pilot, lambda: any(str(len(shown)) in line for line in painted(lesson)))  # as it is told


async def test_select_all_copies_no_names_of_widgets(lesson: TutorApp) -> None:
    async with lesson.run_test(size=WIDE, notifications=True) as pilot:
        screen = await at(lesson, pilot, 0)
        screen.text_select_all()
        await pilot.pause()
        await pilot.press("ctrl+c")
        prose = screen.query_one(LessonProse)
        assert row_text(prose.rows()[1]).strip() in lesson.clipboard
        assert not [word for word in ("Lab", "#", "Ground", "KeyBar") if f"{word}(" in lesson.clipboard]
        assert "LabControls" not in lesson.clipboard
        assert "目录" not in lesson.clipboard.splitlines()[-1], "no key bar"


async def test_a_selection_goes_when_its_text_does_and_picks_no_option(lesson: TutorApp) -> None:
    async with lesson.run_test(size=WIDE, notifications=True) as pilot:
        screen = await at(lesson, pilot, -1)
        questions = screen.query_one(QuizPane)
        row, other = (
            next(
                y for y, row in enumerate(questions.rows()) if any(run.link == f"stop:{stop}" for run in row)
            )
            for stop in (0, 1)
        )
        await drag(pilot, questions, (2, 2), (8, row))
        assert questions.current is not None
        assert questions.current.answer == []
        assert lesson._selected()
        lit = lesson.palette.selected(lesson.dots)
        assert any(
            s.style and (s.style.reverse, s.style.bgcolor) == (lit.reverse, lit.bgcolor or s.style.bgcolor)
            for s in questions._line(2)
        )
        await pilot.press("1")
        assert questions.current.answer != []
        await pilot.pause()
        assert lesson._selected() == ""
        await drag(pilot, questions, (8, other), (9, other))  # a click with an unsteady hand
        assert questions.current.answer == [1]
        assert lesson._selected() == ""


async def test_a_part_is_maximized_and_comes_back(lesson: TutorApp) -> None:
    async with lesson.run_test(size=WIDE, notifications=True) as pilot:
        screen = await at(lesson, pilot, -1)
        prose, questions = screen.query_one(LessonProse), screen.query_one(QuizPane)
        before = prose.size
        prose.focus()
        await pilot.press("Z")
        await pilot.pause()
        assert screen.maximized is prose
        assert prose.outer_size.width == WIDE[0]
        assert len(painted(lesson)) == WIDE[1]
        assert "llm-tutor" in painted(lesson)[0]
        await pilot.press("escape")
        await pilot.pause()
        assert screen.maximized is None
        assert prose.size == before
        assert lesson.screen is screen
        questions.focus()
        await pilot.press("Z", "n")  # the questions are gone with their step
        await pilot.pause()
        assert screen.maximized is None


async def test_a_screenshot_says_where_it_is(lesson: TutorApp, home: Path) -> None:
    async with lesson.run_test(size=WIDE, notifications=True) as pilot:
        await at(lesson, pilot, 0)
        await pilot.press("P")
        (file,) = (home / "screenshots").iterdir()
        assert "<svg" in file.read_text(encoding="utf-8")
        await until(pilot, lambda: any(file.name[:8] in line for line in painted(lesson)))
        (home / "screenshots").rename(home / "elsewhere")
        (home / "screenshots").write_text("")
        await pilot.press("P")
        await until(pilot, lambda: any("没有存成" in line for line in painted(lesson)))


def test_what_the_terminal_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    (plain,) = clipboard.sequences("词元 a")
    assert plain.startswith("\x1b]52;c;")
    assert base64.b64decode(plain[7:-1]).decode() == "词元 a"
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert clipboard.sequences("词元 a") == [plain, f"\x1bPtmux;\x1b{plain}\x1b\\"]
