"""Switching cleaning rules: cleaned anew, trained anew, the earlier curves beneath."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import NARROW, WIDE, at_lab, make_app, painted, shown, until
from tutor.engine.configs import find_spec
from tutor.experiments import registry
from tutor.frames import PINNED, Funnel, Passages
from tutor.text import LANGS, Lang, Text
from tutor.ui.actions import actions_of
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.rule_choice import Chosen, RuleChoice, choices
from tutor.ui.run_request import LabOptions
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.rule_list import RuleListScreen, RuleRows
from tutor.ui.widgets.lab_controls import LabControls
from tutor.ui.widgets.lab_pane import LabPane

SMALL = {
    "documents": "40", "d_model": "16", "n_head": "2", "n_layer": "1", "batch": "2", "context": "16", "vocab_size": "256",
}  # fmt: skip


def rules_in_use(session: LabSession, arm: str = "") -> tuple[str, ...]:
    """The rules that the next run will clean with: of an arm, or of the first that cleans."""
    return next(choice.in_use() for choice in choices(session.next) if arm in ("", choice.arm))


@asynccontextmanager
async def rules_of_the_cleaning_lab(
    home: Path, lang: Lang = "en"
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession, RuleRows]]:
    """The list of rules, opened over a lab that hasn't run."""
    async with at_lab(home, "cleaning", lang) as (app, pilot, session):
        await app.push_screen(RuleListScreen(session))
        await pilot.pause()
        yield app, pilot, session, app.screen.query_one(RuleRows)


@pytest.mark.parametrize(("size", "lang"), [(WIDE, "zh"), (NARROW, "en")])
async def test_a_rule_is_switched_off(tmp_path: Path, size: tuple[int, int], lang: Lang) -> None:
    app = make_app(tmp_path, lang)
    async with app.run_test(size=size) as pilot:
        lab = app.library.lab("unit1", "cleaning")
        session = LabSession(
            "unit1",
            "s4",
            lab,
            find_spec(lab),
            app.store,
            options=LabOptions(SMALL, steps=4),
            gate_passed=True,
        )
        app.sessions["unit1", "cleaning"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(LabPane).choose_view("funnel")
        await until(pilot, lambda: ("funnel", "cleaned") in session.frames)
        funnel = session.frames["funnel", "cleaned"]
        assert isinstance(funnel, Funnel)
        assert [stage.label for stage in funnel.stages] == ["corrupted", *rules_in_use(session)]
        app.screen.query_one(LabPane).choose_view("cleaned")
        await until(pilot, lambda: bool(getattr(session.frames.get(("cleaned", "cleaned")), "items", ())))
        passages = session.frames["cleaned", "cleaned"]
        assert isinstance(passages, Passages)
        await until(pilot, lambda: "[-" in shown(app))

        def rules_have_keys() -> bool:
            return isinstance(app.screen, RuleListScreen) and isinstance(app.focused, RuleRows)

        first_run = session.run
        await pilot.press("d")
        await until(pilot, rules_have_keys)
        await until(pilot, lambda: ("HTML 转文本" if lang == "zh" else "HTML to text") in shown(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert not session.pinned

        await pilot.press("d")
        await until(pilot, rules_have_keys)
        before = app.screen.query_one(RuleRows).choice.in_use()
        assert before[0] == "html"
        await pilot.press("space", "down", "greater_than_sign", "enter")
        await until(pilot, lambda: session.run is not None and session.run is not first_run)
        assert rules_in_use(session) == (before[2], before[1], *before[3:])
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(LabPane).choose_view("funnel")
        await until(pilot, lambda: ("funnel", "cleaned") in session.frames)
        again = session.frames["funnel", "cleaned"]
        assert isinstance(again, Funnel)
        assert [stage.label for stage in again.stages[1:]] == list(rules_in_use(session))
        assert any(series.branch == PINNED for series in session.curves().series), (
            "the earlier run lies beneath"
        )
        session.close()


async def test_without_any_rule_the_funnel_says_that_it_has_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=NARROW) as pilot:
        lab = app.library.lab("unit1", "cleaning")
        settings = {**SMALL, "rules": ""}
        session = LabSession(
            "unit1",
            "s4",
            lab,
            find_spec(lab),
            app.store,
            options=LabOptions(settings, steps=2),
            gate_passed=True,
        )
        app.sessions["unit1", "cleaning"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        pane = app.screen.query_one(LabPane)
        pane.choose_view("funnel")
        await until(pilot, lambda: "Once it runs" in shown(app))
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and ("funnel", "cleaned") in session.frames)
        pane.choose_view("funnel")
        await until(pilot, lambda: "nothing to show here" in shown(app))
        session.close()


async def test_a_lab_without_rules_says_so(tmp_path: Path) -> None:
    app = make_app(tmp_path, "en")
    async with app.run_test(size=WIDE) as pilot:
        lab = app.library.lab("unit1", "gpt")
        session = LabSession("unit1", "s3", lab, find_spec(lab), app.store, gate_passed=True)
        app.sessions["unit1", "gpt"] = session
        await app.push_screen(LabScreen(session))
        await pilot.pause()
        await pilot.press("d")
        await until(pilot, lambda: "No rules treat the data" in shown(app))
        assert not isinstance(app.screen, RuleListScreen)


@pytest.mark.parametrize(
    ("lab", "keys"),
    [
        ("cleaning", {"lab_rules", "lab_text"}),
        ("gpt", {"lab_text"}),
        ("finetune", set()),
        ("labelling", set()),
    ],
)
async def test_keys_are_listed_where_they_do_something(tmp_path: Path, lab: str, keys: set[str]) -> None:
    async with at_lab(tmp_path, lab) as (app, _, _session):
        listed = {action.name for action in actions_of(app.screen)}
        assert listed & {"lab_rules", "lab_text"} == keys


async def test_all_and_none(tmp_path: Path) -> None:
    async with rules_of_the_cleaning_lab(tmp_path) as (_app, pilot, session, rows):
        await pilot.press("n")
        assert rows.choice.in_use() == ()
        await pilot.press("a")
        assert len(rows.choice.in_use()) == len(rows.choice.order)
        await pilot.press("n", "enter")
        await pilot.pause()
        assert rules_in_use(session) == ()
        assert session.next.settings["rules"] == ""


async def test_near_duplicates_have_parameters_to_choose(tmp_path: Path) -> None:
    async with rules_of_the_cleaning_lab(tmp_path) as (app, pilot, session, rows):
        await pilot.press("right")
        assert rows.choice.options == {"near_preset": "fineweb"}, "the marked rule has no parameters"
        await pilot.press("up")
        assert rows.choice.order[rows.marked] == "dedup_near"
        assert "FineWeb (2024)" in shown(app)
        await pilot.press("space", "right", "right")
        assert "RedPajama" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert session.next.settings["near_preset"] == "redpajama-0.7"
        assert rules_in_use(session)[-1] == "dedup_near"


async def test_words_of_rules_are_loaded_beside_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tutor.experiments import cleaning_words

    words, threads = cleaning_words._words, []

    def noted() -> dict[str, Text]:
        threads.append(threading.current_thread())
        return words()

    monkeypatch.setattr(cleaning_words, "_words", noted)
    app = make_app(tmp_path, "en", open_lab="cleaning")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and bool(threads))
        await pilot.press("0")
        await pilot.pause()
        assert "Before/after" in shown(app)
    assert threading.main_thread() not in threads


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", (60, 20)), ("en", (60, 20)), ("en", NARROW), ("zh", (100, 31)), ("zh", WIDE)]
)
async def test_the_keys_are_always_in_sight(tmp_path: Path, size: tuple[int, int], lang: Lang) -> None:
    async with rules_of_the_cleaning_lab(tmp_path, lang) as (app, pilot, _, rows):
        await pilot.resize_terminal(*size)
        await pilot.pause()
        screen = "".join("".join(painted(app)).split())
        assert ("重新运行" if lang == "zh" else "runsanew") in screen.replace("│", "")
        assert "Esc" in screen
        await pilot.press("space")
        await pilot.pause()
        assert ("改动1处" if lang == "zh" else "1change") in "".join("".join(painted(app)).split())
        for rule in rows.choice.order:  # each can be scrolled to
            assert rows.choice.order[rows.marked] == rule
            line = next(line for line in painted(app) if "> [" in line)
            assert app.say(rows.session.spec.word(rule))[:12] in line
            await pilot.press("down")
            await pilot.pause()


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_each_arm_that_cleans_has_rules_of_its_own(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_lab(tmp_path, "dedup", size=size) as (app, pilot, session):
        await app.push_screen(RuleListScreen(session))
        await pilot.pause()
        rows = app.screen.query_one(RuleRows)
        assert "[no exact copies]" in shown(app)
        assert any("> [x] Exact duplicates" in line for line in painted(app)), "what is in use is in sight"
        assert "was off" not in shown(app)
        await pilot.press("tab")
        await pilot.pause()
        assert "[no near copies]" in shown(app)
        assert rows.marked_rule == "dedup_near"
        await pilot.press("right")
        await pilot.pause()
        assert any("Near-duplicates" in line and "other parameters" in line for line in painted(app))
        assert "1 change." in shown(app)
        await pilot.press("left", "up", "space")
        await pilot.pause()
        assert "other parameters" not in shown(app)
        assert any("Exact duplicates" in line and "was off" in line for line in painted(app))
        await pilot.press("enter")
        await pilot.pause()
        assert rules_in_use(session, "exact") == ("dedup_exact",)
        assert rules_in_use(session, "near") == ("dedup_exact", "dedup_near")
        assert session.next.settings == {
            "near.rules": "dedup_exact,dedup_near",
            "near.near_preset": "fineweb",
        }
        assert session.changed


def test_what_makes_no_difference_is_no_change() -> None:
    listed = registry.get("language_model").rule_list
    assert listed is not None
    choice = RuleChoice("arm", listed, Chosen(("html", "unicode", "spam"), {"near_preset": "fineweb"}))
    assert choice.in_use() == ("html", "unicode", "spam")
    choice.options["near_preset"] = "refinedweb"
    assert not choice.changes(), "near-duplicates aren't looked for"
    choice.chosen.add("dedup_near")
    assert choice.changes() == {"dedup_near": "on"}
    choice.chosen -= {"dedup_near", "unicode"}
    assert choice.changes() == {"unicode": "off"}
    at = choice.order.index("spam")
    choice.order.insert(0, choice.order.pop(at))
    assert choice.in_use() == ("spam", "html")
    assert choice.changes() == {"unicode": "off", "spam": "moved", "html": "moved"}


@pytest.mark.parametrize(("lab", "offered"), [("cleaning", True), ("dedup", True), ("overfit", False)])
async def test_a_lab_that_cleans_offers_its_rules_to_the_mouse(home: Path, lab: str, offered: bool) -> None:
    app = make_app(home, "en", open_lab=lab)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: bool(app.screen.query(LabControls)))
        await pilot.press("0")
        row = app.screen.query_one(LabControls).build(80, 1)[0]
        assert ("do:lab_rules" in [run.link for run in row]) == offered


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("lab", ["cleaning", "dedup"])
async def test_the_second_knob_is_found_in_a_narrow_window(home: Path, lab: str, lang: Lang) -> None:
    app = make_app(home, lang, open_lab=lab)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: bool(app.screen.query(LabControls)))
        controls = app.screen.query_one(LabControls)
        assert "do:lab_knob" in [run.link for run in controls.build(80, 1)[0]]
