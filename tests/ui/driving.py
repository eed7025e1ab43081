"""Helpers to drive the app in Pilot tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.widget import Widget

from tests.course import course
from tutor import paths
from tutor.engine.configs import find_spec
from tutor.plot.cells import row_text
from tutor.progress.store import Store
from tutor.text import Lang
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.rows import Drawn

WIDE = (120, 40)
NARROW = (80, 24)

_PARSED: dict[tuple[object, ...], list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def _parse_once(sheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:
    """The rules of a source of styles, which are the same in each app with the same colours."""
    key = (source, *more.values(), *sheet._variables.items())
    if key not in _PARSED:
        _PARSED[key] = _parse_rules(sheet, *source, **more)
    return _PARSED[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[assignment, method-assign]


def make_app(home: Path, lang: Lang = "en", **more: object) -> TutorApp:
    """An app over the built-in course and a log in ``home``."""
    store = Store(paths.database(home))
    return TutorApp(course(), store, lang=lang, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def at_lab(
    home: Path, lab_id: str, lang: Lang = "en", size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession]]:
    """A lab of section 4 in the whole window, past its gate; it hasn't run."""
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        lab = app.library.lab("unit1", lab_id)
        session = LabSession("unit1", "s4", lab, find_spec(lab), app.store, gate_passed=True)
        app.sessions["unit1", lab_id] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        yield app, pilot, session


async def until(pilot: Pilot[int], condition: Callable[[], bool], turns: int = 12_000) -> None:
    """Let the app work until a condition holds; fails the test when it never does."""
    for turn in range(turns):
        if condition():
            if turn:
                await pilot.pause()
            return
        if pilot.app._exception:
            raise pilot.app._exception
        await asyncio.sleep(0.01)
    raise AssertionError("the condition never held")


async def map_of(pilot: Pilot[int]) -> HeatMapView:
    """Wait for the map, which comes with its first frame, and that may be after the run's end was told."""
    await until(pilot, lambda: bool(pilot.app.screen.query(HeatMapView)))
    return pilot.app.screen.query_one(HeatMapView)


def shown(app: TutorApp) -> str:
    """The text of every drawn widget that is on the screen."""
    parts: list[str] = []
    for widget in app.screen.walk_children(Drawn):
        if visible(widget):
            parts += [row_text(row) for row in widget.rows()]
    return "\n".join(parts)


def right_now(app: TutorApp) -> int:
    """How many questions of section 3 were answered right the last time."""
    section = app.library.index().section("s3")
    assert section is not None
    standing = app.store.summary().section("unit1", "s3").standing(section[1].digests)
    return sum(one.latest.right for one in standing.values())


def visible(widget: Widget) -> bool:
    """Whether a widget and all around it are displayed."""
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def painted(app: TutorApp) -> list[str]:
    """The screen as lines of text, as the compositor paints it."""
    visible_screen_stack.set(app._background_screens)
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
