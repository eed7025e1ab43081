"""Bookmarks and notes on steps: written, shown again, marked in the list, kept however the editor is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.ui.driving import NARROW, WIDE, make_app, shown, until
from tutor import paths
from tutor.progress.store import Store
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.note import NoteArea, NoteScreen
from tutor.ui.screens.outline import OutlineScreen

STEP = "s3.self-supervision"


def at_step(home: Path, lang: Lang = "en") -> TutorApp:
    app = make_app(home, lang, open_section=("unit1", "s3"))
    app.store.set_position("unit1", "s3", STEP)
    return app


def note_in(store: Store) -> str:
    marks = store.marks("unit1", "s3").get(STEP)
    return marks.note if marks is not None else ""


def there(app: TutorApp) -> bool:
    return isinstance(app.screen, LessonScreen) and app.screen.step is not None


@pytest.mark.parametrize("lang", LANGS)
async def test_a_note_and_a_bookmark_are_shown_with_the_step_and_in_the_list(home: Path, lang: Lang) -> None:
    app = at_step(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: there(app))
        await pilot.press("m", "e")
        await until(pilot, lambda: bool(app.screen.query(NoteArea)))
        await pilot.press(*"Look", "enter", *"qLT", "escape")
        await until(pilot, lambda: there(app))
        assert note_in(app.store) == "Look\nqLT"
        assert all(sign in shown(app) for sign in ("⚑", "✎ Look", "│ qLT"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, OutlineScreen))
        line = next(line for line in shown(app).splitlines() if line.startswith("> "))
        assert line.endswith("⚑✎")
        await pilot.press("escape", "m")
        await until(pilot, lambda: not app.store.marks("unit1", "s3")[STEP].bookmark)
        assert "⚑" not in shown(app)
    app.store.close()
    again = at_step(home, lang)
    async with again.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "✎ Look" in shown(again))
        await pilot.press("e")
        await until(pilot, lambda: bool(again.screen.query(NoteArea)))
        await pilot.press("f7", "delete", "ctrl+s")
        await until(pilot, lambda: there(again))
        assert (note_in(again.store), "✎" in shown(again)) == ("", False)


async def test_a_note_is_saved_when_the_app_is_quit_from_the_editor(home: Path) -> None:
    app = at_step(home)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: there(app))
        await pilot.press("e")
        await until(pilot, lambda: bool(app.screen.query(NoteArea)))
        await pilot.press(*"half", "ctrl+q")
    with Store(paths.database(home)) as store:
        assert note_in(store) == "half"


async def test_what_is_pasted_into_a_note_cannot_steer_the_terminal(home: Path) -> None:
    app = at_step(home)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: there(app))
        await pilot.press("e")
        await until(pilot, lambda: bool(app.screen.query(NoteArea)))
        app.post_message(events.Paste("a\x1b[2Jb\nc"))
        await pilot.pause()
        assert isinstance(app.screen, NoteScreen)
        assert app.screen.note == "ab\nc"


async def test_the_opening_page_takes_neither(home: Path) -> None:
    app = make_app(home, open_section=("unit1", "s3"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("m", "e")
        assert isinstance(app.screen, LessonScreen)
        assert app.store.marks("unit1", "s3") == {}
        assert not {"bookmark", "note"} & {action.name for action in app.screen.actions_here()}
