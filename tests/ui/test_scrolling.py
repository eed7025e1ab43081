"""What doesn't fit is scrolled by keys, wherever the focus is, and it is said that there is more."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.course import course
from tests.ui.driving import NARROW, WIDE, make_app, painted, until, visible
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.content.models import Lab
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.views.curves import CurvesView
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import RowsScroll

PARAGRAPHS = tuple(f"word{number}" for number in range(40))


def wordy() -> Lab:
    """A lab whose reveal is longer than any of these windows."""
    lab = fake_lab(steps=4)
    said = Text(*("\n\n".join(PARAGRAPHS) for _ in LANGS))
    lab = lab.model_copy(update={"prediction": lab.prediction.model_copy(update={"reveal": said})})
    return lab.model_copy(update={"id": "gpt", "claims": ()})


def more(app: TutorApp) -> bool:
    """Whether it is said that there is more."""
    return any(("more rows" in line or "还有" in line) and "↓" in line for line in painted(app))


async def run_to_its_end(pilot: Pilot[int], app: TutorApp, session: LabSession) -> Reveal:
    """Run the lab that is shown; gives the reveal once it is seen."""
    await pilot.press("space")
    await until(pilot, lambda: session.phase == "finished" and bool(app.screen.query(Reveal)))
    reveal = app.screen.query_one(Reveal)
    await until(pilot, lambda: visible(reveal) and reveal.max_scroll_y > 0)
    await pilot.pause()
    return reveal


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_the_reveal_of_a_lab_is_read_to_its_end(
    tmp_path: Path, lang: Lang, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path, lang)
    async with app.run_test(size=size) as pilot:
        session = LabSession("unit1", "s3", wordy(), FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "gpt"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        reveal = await run_to_its_end(pilot, app, session)
        assert more(app)
        seen = " ".join(painted(app)).split()
        for _ in range(len(reveal.rows())):
            if not more(app):
                break
            await pilot.press("pagedown")
            await pilot.pause()
            seen += " ".join(painted(app)).split()
        assert reveal.scroll_offset.y == reveal.max_scroll_y
        # No row was skipped on the way, also none in the place of which it was said that there are more.
        assert set(PARAGRAPHS) <= set(seen)
        await pilot.press("up")
        await until(pilot, lambda: reveal.scroll_offset.y < reveal.max_scroll_y)
        await until(pilot, lambda: more(app))
        await app.action_quit()


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_beside_a_text_the_keys_come_to_the_reveal(tmp_path: Path, size: tuple[int, int]) -> None:
    steps = course().section("unit1", "s3").steps
    step = next(one for one in steps if one.lab == "gpt" and one.kind == "lab")
    app = make_app(tmp_path, "en", open_section=("unit1", "s3"))
    app.store.set_position("unit1", "s3", step.id)
    session = LabSession("unit1", "s3", wordy(), FAKE_SPEC, app.store, gate_passed=True)
    app.sessions["unit1", "gpt"] = session
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index >= 0)
        await pilot.pause()
        if size == WIDE:
            assert app.screen.query_one(LessonProse).has_focus
        else:
            await pilot.press("v")
        reveal = await run_to_its_end(pilot, app, session)
        assert more(app)
        if size == WIDE and app.screen.query_one(LessonProse).allow_vertical_scroll:
            assert any("Tab" in line for line in painted(app))
            await pilot.press("v")
            assert reveal.has_focus
            await pilot.pause()
            assert not any("Tab" in line for line in painted(app))
        await pilot.press("pagedown")
        await until(pilot, lambda: reveal.scroll_offset.y > 0)
        await pilot.press("home")
        await until(pilot, lambda: reveal.scroll_offset.y == 0)
        await app.action_quit()


async def test_beside_a_longer_text_a_view_does_not_say_that_the_keys_are_its_own(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en", open_section=("unit1", "s5"))
    app.store.set_position("unit1", "s5", "s5.replan")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and bool(app.screen.query(LabPane)))
        pane = app.screen.query_one(LabPane)
        await pilot.press("0")
        await until(pilot, lambda: not pane.gate_open and pane.panel.has_focus)
        pane.choose_view("sums")
        await until(pilot, lambda: pane.reading is not None and pane.reading.max_scroll_y > 0)
        prose = app.screen.query_one(LessonProse)
        assert prose.allow_vertical_scroll
        assert not any(part.reached for part in pane.query(RowsScroll))
        await pilot.press("pagedown")
        await until(pilot, lambda: prose.scroll_offset.y > 0)
        await app.action_quit()


@pytest.mark.parametrize(("size", "in_lesson"), [(WIDE, True), (NARROW, True), (NARROW, False)])
async def test_after_a_window_the_keys_still_scroll_the_lab(
    tmp_path: Path, size: tuple[int, int], in_lesson: bool
) -> None:
    steps = course().section("unit1", "s3").steps
    step = next(one for one in steps if one.lab == "gpt" and one.kind == "lab")
    app = make_app(tmp_path, "en", open_section=("unit1", "s3") if in_lesson else None)
    app.store.set_position("unit1", "s3", step.id)
    session = LabSession("unit1", "s3", wordy(), FAKE_SPEC, app.store, gate_passed=True)
    app.sessions["unit1", "gpt"] = session
    async with app.run_test(size=size) as pilot:
        if in_lesson:
            await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.index >= 0)
        else:
            await app.push_screen(LabScreen(session))
        await pilot.pause()
        if in_lesson:
            await pilot.press("v")
        for view in ("result", "curves"):
            app.screen.query_one(LabPane).choose_view(view)
            await pilot.press("question_mark")
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
        reveal = await run_to_its_end(pilot, app, session)
        assert not any("Tab" in line for line in painted(app))
        await pilot.press("pagedown")
        await until(pilot, lambda: reveal.scroll_offset.y > 0)
        app.screen.query_one(LabPane).choose_view("curves")
        await pilot.press("r")
        again = await run_to_its_end(pilot, app, session)
        assert again.scroll_offset.y == 0, "another result is read from its top"
        await app.action_quit()


async def test_arms_compared_are_first_seen_as_curves(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=NARROW) as pilot:
        for lab in ("vocabulary", "mixture", "dedup"):
            app.open_lab(lab)
            app.sessions["unit1", lab].bet.gate_passed = True
            await pilot.pause()
            pane = app.screen.query_one(LabPane)
            pane.lay_out()
            assert pane.visible_views() == ("curves",)
            assert visible(pane.query_one(CurvesView))
            await pilot.press("escape")


@pytest.mark.parametrize("lang", LANGS)
async def test_the_option_under_the_cursor_is_in_sight_in_a_low_window(tmp_path: Path, lang: Lang) -> None:
    library = course()
    quiz = library.quiz("unit1", "s4")
    long = next(question for question in quiz.questions if question.id == "s4.q21")
    app = make_app(tmp_path, lang)
    async with app.run_test(size=(60, 20)) as pilot:
        pane = QuizPane(app.store, "unit1", library.section("unit1", "s4"), [long])
        await app.screen.mount(pane)
        pane.styles.height = 16
        pane.focus()
        await pilot.pause()
        assert pane.max_scroll_y > 0
        assert more(app)
        asked = pane.current
        assert asked is not None
        seen = []
        for _ in range(asked.stops):
            line = next(line for line in painted(app) if "> " in line and "(" in line)
            seen.append(line)
            assert f"{asked.cursor + 1} (" in line
            await pilot.press("down")
            await pilot.pause()
        assert len(set(seen)) == asked.stops
        assert pane.scroll_offset.y == 0, "back at the first, and the question is seen"
        await pilot.press("up")
        await pilot.pause()
        assert any(("提交" if lang == "zh" else "submit") in line for line in painted(app))
        assert not more(app)


@pytest.mark.parametrize("lang", LANGS)
async def test_a_window_that_is_too_small_says_so(tmp_path: Path, lang: Lang) -> None:
    app = make_app(tmp_path, lang)
    said = "至少要 60×20" if lang == "zh" else "window under 60×20"
    async with app.run_test(size=(60, 20)) as pilot:
        app.open_lab("mixture")
        await pilot.pause()
        assert said not in painted(app)[0]
        for size in ((59, 20), (60, 19), (45, 12)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: said in painted(app)[0])
            await pilot.resize_terminal(60, 20)
            await until(pilot, lambda: said not in painted(app)[0])


async def test_a_wider_window_for_a_while_changes_no_view(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=NARROW) as pilot:
        app.open_lab("mixture")
        app.sessions["unit1", "mixture"].bet.gate_passed = True
        await pilot.pause()
        pane = app.screen.query_one(LabPane)
        pane.lay_out()
        assert pane.view == "curves"
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: pane.view == "compare")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: pane.view == "curves")
        pane.choose_view("samples")
        await pilot.resize_terminal(*WIDE)
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert pane.view == "samples"
