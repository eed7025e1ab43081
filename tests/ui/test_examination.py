"""The final examination of a unit on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.content.minimal_course import SECOND, UNIT, write_course
from tests.course import course
from tests.progress.clock import Clock
from tests.ui.answering import right_keys
from tests.ui.driving import NARROW, WIDE, painted, shown, until
from tutor import paths
from tutor.content.examination import draw_examination, questions_of
from tutor.content.library import Library
from tutor.plot.cells import row_text, row_width
from tutor.progress.store import Examined, Store
from tutor.text import LANGS, Lang
from tutor.ui.app import TutorApp
from tutor.ui.screens import examination
from tutor.ui.screens.examination import ExaminationPane, ExaminationScreen, result_rows
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.section_end import SectionEndScreen

SUMS = """\
section: s2
questions:
- id: s2.q01
  kind: numeric
  concepts: [s2.future]
  difficulty: 1
  step: s2.read
  params: {n: {low: 2, high: 5}}
  prompt: {zh: '{n} 加一？', en: '{n} and one?'}
  answer: n + 1
  reason: {zh: 加一。, en: One more.}
  hints: [{zh: 数一数, en: Count}]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of two sections with an examination of two questions, one of each; every examination has the same seed."""
    files = {
        "lessons/unit1/unit.yaml": UNIT.replace("labs_coming", "examination: {questions: 3}\nlabs_coming"),
        "lessons/unit1/s2.yaml": SECOND,
        "quizzes/unit1/s2.yaml": SUMS,
    }
    monkeypatch.setattr(examination, "new_seed", lambda: 7)
    return write_course(tmp_path / "course", files)


def make_app(root: Path, lang: Lang) -> TutorApp:
    return TutorApp(Library(root), Store(paths.database(root)), lang=lang)


async def opened(pilot: Pilot[int]) -> ExaminationPane:
    await pilot.press("E")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExaminationScreen))
    pane = pilot.app.screen.query_one(ExaminationPane)
    await until(pilot, lambda: bool(pane.bank))
    await pilot.pause()
    return pane


async def answer(pilot: Pilot[int], pane: ExaminationPane) -> None:
    assert pane.current is not None
    await pilot.press(*right_keys(pane.current), "enter", "2")


@pytest.mark.parametrize(("lang", "size"), [("zh", NARROW), ("en", WIDE)])
async def test_it_goes_on_after_a_restart_and_tells_all_at_the_end(
    root: Path, lang: Lang, size: tuple[int, int]
) -> None:
    app = make_app(root, lang)
    async with app.run_test(size=size) as pilot:
        pane = await opened(pilot)
        await pilot.press("enter")
        asked = [(one.source.id, one.seed, dict(one.drawn)) for one in pane.asked]
        assert [id[:2] for id, _, _ in asked] == ["s1", "s1", "s2"]
        assert not pane.asked[2].question.hints
        await answer(pilot, pane)
        assert pane.index == 1, "without a word about it"
        await pilot.press("left")
        await pilot.pause()
        assert {"zh": "已答", "en": "answered"}[lang] in shown(app)
        await pilot.press("right", "right", "9")
        assert app.store.summary().sections == ()
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    app.store.close()
    app = make_app(root, lang)
    async with app.run_test(size=size) as pilot:
        pane = await opened(pilot)
        assert [(one.source.id, one.seed, dict(one.drawn)) for one in pane.asked] == asked
        assert (pane.index, pane.current and pane.current.answer) == (2, ["9"]), "half an answer, too"
        assert [one.confidence for one in pane.asked] == [2, None, None]
        await pilot.press("escape", "left", "H")
        assert pane.result is None, "only from the last page"
        await pilot.press("right", "right")
        await pilot.pause()
        assert {"zh": "3 题答了 2 题", "en": "2 of 3 answered"}[lang] in shown(app)
        assert "[2]" in shown(app)
        await pilot.press("enter")
        assert pane.index == 1, "to what is open"
        await pilot.press("right", "right", "H")
        await pilot.pause()
        assert {"zh": "3 题答对 1 题", "en": "1 of 3 right"}[lang] in shown(app)
        assert {"zh": "再看：以后", "en": "read again: Later"}[lang] in shown(app)
        done = app.store.examinations("unit1")
        assert [(one.seed, [*one.scores.values()]) for one in done] == [(7, [1, None, 0])]
        log = app.store.answers("unit1", "s1") | app.store.answers("unit1", "s2")
        assert {id: (one.correct, one.confidence) for id, one in log.items()} == {
            asked[0][0]: (True, 2),
            "s2.q01": (False, None),
        }
        assert app.store.summary().last_section == ("unit1", "s2")
        assert all(len(line) <= size[0] for line in painted(app))
        await pilot.press("enter")
        assert pane.index == 1, "the first that wasn't right"
        left = pane.current
        assert left is not None
        assert left.left_open
        assert (left.seed, left.drawn) == asked[1][1:], "as it was asked"
        assert {"zh": "没有作答", "en": "Left open"}[lang] in shown(app)
        assert "[!]" in shown(app), "the option that is right"
        await pilot.press("enter")
        assert pane.index == 2
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.step is not None)
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.step is not None
        assert app.screen.step.id == "s2.read"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ExaminationScreen))


async def test_taken_again_with_other_numbers_from_the_end_of_the_last_section(root: Path) -> None:
    app = make_app(root, "en")
    async with app.run_test(size=NARROW) as pilot:
        for section, offered in (("s1", False), ("s2", True)):
            app.open_section("unit1", section)
            await until(pilot, lambda: isinstance(app.screen, LessonScreen))
            await pilot.pause()
            assert isinstance(app.screen, LessonScreen)
            app.screen.show_end()
            await until(pilot, lambda: isinstance(app.screen, SectionEndScreen))
            await pilot.pause()
            assert ("E: final examination" in shown(app)) == offered
        drawn = []
        pane = await opened(pilot)
        for _ in range(3):
            await pilot.press("enter")
            drawn.append({**pane.asked[2].drawn})
            for _ in range(3):
                await answer(pilot, pane)
            await pilot.press("H")
            await pilot.pause()
            assert "3 of 3 right" in shown(app)
            await pilot.press("R")
        assert [drawn.count(one) for one in drawn] == [1, 1, 1]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_result_of_the_course_fits_and_names_each_concept_once(lang: Lang, width: int) -> None:
    unit = course().index().units[0]
    ready = [section.id for section in unit.sections if section.questions]
    bank = {id: questions_of(course().quiz(unit.id, id)) for id in ready}
    drawn = draw_examination(bank, unit.examination, 1)
    scores = {q.id: (1.0, 0.5, None)[i % 3] for i, q in enumerate(drawn)}
    asked = {id: [q for q in part if q.id in scores] for id, part in bank.items()}
    places = {q.id: i for i, q in enumerate(drawn)}
    rows = result_rows(unit, Examined(Clock()(), 1, scores), asked, places, lang, width)
    assert all(row_width(row) <= width for row in rows)
    heads = [row_text(row)[:3] for row in rows]
    missed = {c for q in drawn if scores[q.id] != 1 for c in q.concepts}
    assert (heads.count(" x "), heads.count(" + ")) == (len(missed), len(ready))
    steps = {run.link for row in rows for run in row if run.link.startswith("step:")}
    assert steps == {f"step:{q.step}" for q in drawn if scores[q.id] != 1}
