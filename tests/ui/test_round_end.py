"""The end of a round of questions says what it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driving import NARROW, make_app, shown
from tutor import paths
from tutor.content.library import Library
from tutor.text import LANGS, Lang
from tutor.ui.widgets.quiz_pane import QuizPane


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("start", [0, 2])
async def test_questions_answered_another_time_are_said_to_be_left_out(
    tmp_path: Path, lang: Lang, start: int
) -> None:
    quiz = Library(paths.course_root(None)).quiz("unit1", "s4")
    app = make_app(tmp_path, lang)
    async with app.run_test(size=NARROW) as pilot:
        pane = QuizPane("unit1", "s4", quiz.questions[:4], start=start)
        await app.screen.mount(pane)
        pane.styles.height = 20
        pane.focus()
        for _ in range(4 - start):
            await pilot.press("1", "enter", "enter")
        await pilot.pause()
        assert pane.current is None
        text = shown(app)
        assert f"/ {4 - start}" in text if lang == "zh" else f"of {4 - start} right" in text
        said = "另有 2 题" if lang == "zh" else "2 more were not answered this time"
        assert (said in text) == (start == 2)
