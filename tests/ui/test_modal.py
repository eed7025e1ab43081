"""Windows over a screen: the language changes in them as everywhere, and what lies below stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.outline import OutlineScreen
from tutor.ui.screens.own_sentence import OwnSentenceScreen
from tutor.ui.screens.own_text import OwnTextScreen
from tutor.ui.screens.rules import RulesScreen
from tutor.ui.screens.source import SourceScreen

LISTS = {
    HelpScreen: ("question_mark", "Keys everywhere", "随处可用"),
    OutlineScreen: ("o", "Steps of this section", "本节各步"),
    RulesScreen: ("d", "Cleaning rules", "清洗规则"),
    SourceScreen: ("s", "n next", "n 下一段"),
}
"""Windows that are read: the key that opens one, and words of it in both languages."""


def passed(session: LabSession) -> None:
    """Open the gate without a prediction."""
    session.gate_passed = True


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("window", LISTS)
async def test_the_language_changes_in_a_window(
    tmp_path: Path, window: type[Screen[object]], size: tuple[int, int]
) -> None:
    key, en, zh = LISTS[window]
    app = make_app(tmp_path, "en")
    async with app.run_test(size=size) as pilot:
        app.open_section("unit1", "s4")
        await pilot.pause()
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        await lesson.go([step.lab for step in lesson.section.steps].index("cleaning"))
        session = app.sessions["unit1", "cleaning"]
        passed(session)
        if window is not OutlineScreen:
            await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, window)
        assert en in shown(app)
        assert zh not in shown(app)
        await pilot.press("L")
        await pilot.pause()
        assert isinstance(app.screen, window)
        assert zh in shown(app)
        assert en not in shown(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, window)


@pytest.mark.parametrize("make", [OwnSentenceScreen, OwnTextScreen])
async def test_a_line_takes_every_letter_and_stands_in_the_middle(
    tmp_path: Path, make: Callable[[LabSession], Screen[bool]]
) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        app.open_lab("tokenizer")
        await pilot.pause()
        passed(app.sessions["unit1", "tokenizer"])
        await app.push_screen(make(app.sessions["unit1", "tokenizer"]))
        await pilot.pause()
        await pilot.press("L", "T")
        assert app.screen.query_one(Input).value == "LT"
        assert app.lang == "en"
        frame = app.screen.query_one("#own-text").region
        assert abs(frame.x - (WIDE[0] - frame.right)) <= 1
        assert abs(frame.y - (WIDE[1] - frame.bottom)) <= 1
        assert "llm-tutor" in painted(app)[0]  # what lies below is still seen around it
