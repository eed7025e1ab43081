"""The progress screen: opened with p, closed with Escape, whole at any width."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course import course
from tests.progress.clock import Clock
from tests.ui.driving import NARROW, make_app, shown
from tutor.paths import database
from tutor.plot.cells import row_text, row_width
from tutor.progress.store import Store
from tutor.progress.summary import ProgressSummary
from tutor.text import LANGS, Lang
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.progress import ProgressScreen, progress_rows


def learn(home: Path) -> ProgressSummary:
    """Answer ten questions of section 3, every second right, and read three steps."""
    found = course().index().section("s3")
    assert found is not None
    with Store(database(home), Clock()) as store:
        for step in found[1].required[:3]:
            store.mark_step("unit1", "s3", step)
        for number, question in enumerate(found[1].questions[:10]):
            store.record_answer(
                "unit1", "s3", question.id, [0], number % 2, lang="en", digest=question.digest, confidence=3
            )
        return store.summary()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_any_width(home: Path, lang: Lang, width: int) -> None:
    rows = progress_rows(course().index(), learn(home), lang, width)
    assert all(row_width(row) < width for row in rows)
    text = "".join(row_text(row) for row in rows)
    assert "50%" in text
    assert "5" in text


@pytest.mark.parametrize("lang", LANGS)
async def test_p_opens_it_and_escape_goes_back(home: Path, lang: Lang) -> None:
    learn(home)
    app = make_app(home, lang)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("p")
        assert isinstance(app.screen, ProgressScreen)
        assert {"zh": "把握计分", "en": "marks by certainty"}[lang] in shown(app)
        await pilot.press("L", "escape")
        assert isinstance(app.screen, HomeScreen)
