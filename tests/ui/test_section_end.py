"""The end of a section, and the opening answers where the text asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course import course
from tests.progress.clock import Clock
from tests.ui.driving import NARROW, WIDE, make_app, shown, until
from tutor.paths import database
from tutor.plot.cells import row_text, row_width
from tutor.progress.store import Store
from tutor.text import LANGS, Lang
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.section_end import SectionEndScreen, end_rows


def learn(home: Path, *, all_done: bool) -> None:
    """Section 3: some of its labs bet on, one won and one lost, an opening question answered, questions right and wrong."""
    section = course().section("unit1", "s3")
    found = course().index().section("s3")
    assert found is not None
    with Store(database(home), Clock()) as store:
        for step in section.steps[: None if all_done else 3]:
            store.mark_step("unit1", "s3", step.id)
        store.set_position("unit1", "s3", section.steps[-1].id)
        store.record_opening("unit1", "s3", section.opening[0].id, [1], lang="en")
        labs = list(dict.fromkeys(step.lab for step in section.steps if step.lab))
        kinds = [course().lab("unit1", lab).prediction for lab in labs]
        choices = [(lab, bet.options) for lab, bet in zip(labs, kinds, strict=True) if bet.options]
        for (lab, options), outcome in zip(choices[:2], (0, 1), strict=True):
            store.record_prediction("unit1", "s3", lab, options[0].id, lang="en")
            store.record_reveal("unit1", "s3", lab, options[0].id, options[outcome].id, {}, 0, lang="en")
            store.record_reveal("unit1", "s3", lab, options[0].id, options[0].id, {}, 1, lang="en")
        for number, question in enumerate(found[1].questions[:4]):
            store.record_answer(
                "unit1", "s3", question.id, [0], number > 0, lang="en", digest=question.digest
            )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("all_done", [True, False])
def test_it_tells_all_and_fits(home: Path, lang: Lang, width: int, all_done: bool) -> None:
    learn(home, all_done=all_done)
    section = course().section("unit1", "s3")
    with Store(database(home), Clock()) as store:
        rows = end_rows(
            course().index(), "unit1", section, lambda id: course().lab("unit1", id), store, lang, width
        )
    assert all(row_width(row) < width for row in rows)
    text = "".join(row_text(row).strip() for row in rows).replace(" ", "")
    signs = [row_text(row)[1] for row in rows if any(run.link.startswith("step:") for run in row)]
    assert (signs.count("+"), signs.count("x")) == (1, 1), "a bet is settled by the first run after it"
    option = section.opening[0].options[1].text[lang]
    said = [
        option, course().index().section("s4")[1].title[lang],  # type: ignore[index]
        {"zh": "最近3/", "en": "latest3/"}[lang],
    ]  # fmt: skip
    assert all(words.replace(" ", "") in text for words in said)
    assert ({"zh": "都学完了", "en": "thewholesection"}[lang] in text) == all_done


def test_what_follows_a_section() -> None:
    index = course().index()
    ids = [(unit.id, section.id) for unit in index.units for section in unit.sections]
    for this, after in zip(ids, [*ids[1:], None], strict=True):
        found = index.following(*this)
        assert (found and (found[0].id, found[1].id)) == after


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_n_after_the_last_step_ends_the_section_and_c_goes_on(
    home: Path, lang: Lang, size: tuple[int, int]
) -> None:
    learn(home, all_done=True)
    app = make_app(home, lang, open_section=("unit1", "s3"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.step is not None)
        lesson = app.screen
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SectionEndScreen))
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SectionEndScreen))
        await pilot.press("L", "escape")
        await until(pilot, lambda: app.screen is lesson)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SectionEndScreen))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen is not lesson)
        assert isinstance(app.screen, LessonScreen)
        assert (app.screen.section.id, len(app.screen_stack)) == ("s4", 2)


@pytest.mark.parametrize("lang", LANGS)
async def test_the_opening_answers_stand_where_the_text_asks_for_them(home: Path, lang: Lang) -> None:
    learn(home, all_done=False)
    app = make_app(home, lang, open_section=("unit1", "s3"))
    section = course().section("unit1", "s3")
    app.store.set_position("unit1", "s3", next(step.id for step in section.steps if step.opening))
    async with app.run_test(size=WIDE) as pilot:
        chosen = "".join(section.opening[0].options[1].text[lang].split())
        await until(pilot, lambda: chosen in "".join(shown(app).split()))
        assert {"zh": "当时没有选", "en": "You didn’t choose"}[lang] in shown(app)
