"""Each step of a lesson is a fresh start: nothing that the learner set in one is still set in the next, and what is set is marked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.driving import NARROW, WIDE, at_lab, make_app, painted, shown, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tests.ui.test_rules import SMALL
from tutor.content.models import Section
from tutor.engine.configs import find_spec
from tutor.frames import PINNED
from tutor.plot.fit import ELLIPSIS
from tutor.text import LANGS, Lang
from tutor.ui.actions import actions_of
from tutor.ui.app import TutorApp
from tutor.ui.lab_session import LabSession
from tutor.ui.rule_choice import choices
from tutor.ui.run_request import LabOptions
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.own_text import OwnTextScreen
from tutor.ui.screens.rule_list import RuleListScreen
from tutor.ui.widgets.lab_controls import LabControls
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.reveal import Reveal

FIRST, SECOND, READ, OTHER = range(4)
"""Steps of the lesson: the lab as it is, the same with a preset, a text, another lab."""


@asynccontextmanager
async def two_steps(
    home: Path,
    at: int = FIRST,
    *,
    lang: Lang = "en",
    size: tuple[int, int] = WIDE,
    steps: int = 12,
    lr: str = "0.4",
    gate_passed: bool = True,
) -> AsyncIterator[tuple[TutorApp, Pilot[int], LabSession]]:
    """A lesson of which two steps share a lab that costs nothing; `SECOND` sets ``lr``."""
    app = make_app(home, lang, open_section=("unit1", "s3"))
    real: Section = app.library.section("unit1", "s3")
    lab, text = (next(step for step in real.steps if step.kind == kind) for kind in ("lab", "read"))
    made = (
        lab.model_copy(update={"id": "s3.one", "lab": "gpt"}),
        lab.model_copy(update={"id": "s3.two", "kind": "try", "lab": "gpt", "settings": {"lr": lr}}),
        text.model_copy(update={"id": "s3.text"}),
        lab.model_copy(update={"id": "s3.other", "lab": "mlm"}),
    )
    section = real.model_copy(update={"steps": made, "opening": ()})
    app.library.section = lambda *_: section  # type: ignore[method-assign]
    app.store.set_position("unit1", "s3", made[at].id)
    fake = fake_lab(steps=steps).model_copy(update={"id": "gpt"})
    session = LabSession("unit1", "", fake, FAKE_SPEC, app.store, gate_passed=gate_passed)
    app.sessions["unit1", "gpt"] = session
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: stands_at(app, at))
        await pilot.pause()
        yield app, pilot, session
        await app.action_quit()


def stands_at(app: TutorApp, index: int) -> bool:
    return isinstance(app.screen, LessonScreen) and app.screen.is_mounted and app.screen.index == index


def words(app: TutorApp) -> str:
    return " ".join(shown(app).split())


async def choose(knob: str, pilot: Pilot[int], session: LabSession) -> None:
    while session.knob != knob:
        await pilot.press("k")


async def leak(kind: str, app: TutorApp, pilot: Pilot[int], session: LabSession, tmp_path: Path) -> None:
    """Set something in a step."""
    if kind not in BEFORE and session.run is None:
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and stands_after(session) == 2)
    match kind:
        case "knob before a run" | "live knob":
            await pilot.press("plus")
            await until(pilot, lambda: "lr" in session.next.settings)
        case "live knob, not heard of yet":
            assert session.run is not None
            session.turn("lr", 0.7)
        case "knob that takes a restart":
            await choose("width", pilot, session)
            await pilot.press("plus")
            assert session.next.settings["width"] == "16"
        case "what only shows":
            await choose("temperature", pilot, session)
            await pilot.press("plus")
            assert "temperature" in session.next.settings
        case "seed":
            await pilot.press("R")
            assert session.next.seed == 1
        case "budget":
            session.next.steps = 5
        case "sentence or text":
            file = tmp_path / "mine.txt"
            file.write_text("To be, or not to be, that is the question. " * 400, encoding="utf-8")
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, OwnTextScreen))
            app.screen.query_one(Input).value = str(file)
            await pilot.press("enter")
            await until(pilot, lambda: "text_file" in session.next.settings)
        case "pin":
            await pilot.press("t")
            assert session.pinned is not None
        case "moment of the past":
            await pilot.press("left_square_bracket")
            await until(pilot, lambda: session.moment == 1)
        case "question asked again":
            await pilot.press("p")
            assert lesson_pane(app).gate_open != session.next.tries


def stands_after(session: LabSession) -> int | None:
    timeline = session.snapshot.timeline if session.snapshot is not None else None
    return None if timeline is None else timeline.at


def heard_all(session: LabSession) -> bool:
    """Whether the run has done and told all that it was asked for."""
    snapshot = session.snapshot
    return snapshot is not None and session.in_flight is None and not session._moving


def lesson_pane(app: TutorApp) -> LabPane:
    assert isinstance(app.screen, LessonScreen)
    assert app.screen.lab_pane is not None
    return app.screen.lab_pane


BEFORE = ("knob before a run", "budget", "sentence or text", "question asked again")
"""What can be set before a run."""

OF_A_RUN = ("live knob", "knob that takes a restart", "what only shows", "seed", "pin", "moment of the past")

NOT_HEARD = "live knob, not heard of yet"

WAYS = {
    "next": (FIRST, SECOND, ("n",)),
    "back": (SECOND, FIRST, ("b",)),
    "list": (FIRST, SECOND, ("o", "down", "enter")),
    "there and back": (FIRST, FIRST, ("n", "b")),
    "past another lab": (FIRST, FIRST, ("n", "n", "n", "b", "b", "b")),
    "map": (FIRST, SECOND, ("escape", "reopen", "n")),
}


def assert_fresh(app: TutorApp, session: LabSession, at: int) -> None:
    """Nothing that the learner set is set in a step."""
    assert session.next.presets == ({"lr": "0.4"} if at == SECOND else {})
    chosen = (session.next.settings, session.next.seed, session.next.steps, session.pinned)
    assert chosen == ({}, 0, None, None)
    assert session.moment is None
    assert not lesson_pane(app).gate_open
    assert "restores" not in words(app), "nothing is the learner's own"


@pytest.mark.parametrize(
    ("kinds", "way"),
    [*((OF_A_RUN, way) for way in WAYS), (BEFORE, "map"), ((NOT_HEARD,), "past another lab")],
    ids=lambda value: value if isinstance(value, str) else ", ".join(value),
)
async def test_nothing_leaks(tmp_path: Path, kinds: tuple[str, ...], way: str) -> None:
    begin, end, keys = WAYS[way]
    async with two_steps(tmp_path / "home", begin) as (app, pilot, session):
        for kind in kinds:
            await leak(kind, app, pilot, session, tmp_path)
        run = session.run
        for key in keys:
            if key == "reopen":
                app.open_section("unit1", "s3")
            else:
                await pilot.press(key)
            await pilot.pause()
        await until(pilot, lambda: stands_at(app, end))
        assert session.run is run, "what ran stays to be seen"
        if run is not None:
            await until(pilot, lambda: heard_all(session))
        assert_fresh(app, session, end)
        if run is not None:
            await pilot.press("r")
        await pilot.press("space")
        await until(pilot, lambda: session.run is not run and session.phase == "finished")
        setup = session.setup()
        assert {config["lr"] for config in setup.configs.values()} == {0.4 if end == SECOND else 0.2}
        assert {config["width"] for config in setup.configs.values()} == {8}
        assert {config["corpus"] for config in setup.configs.values()} == {"made"}
        assert (setup.events, setup.seed, setup.steps) == ((), 0, 12)
        assert not any(series.branch == PINNED for series in session.curves().series)
        assert not session.of_another_step


async def test_nothing_leaks_alone(tmp_path: Path) -> None:
    """Each for itself: nothing must go only since something else does."""
    async with two_steps(tmp_path / "home") as (app, pilot, session):
        for kind in (*BEFORE, *OF_A_RUN):
            await leak(kind, app, pilot, session, tmp_path)
            await pilot.press("n")
            await until(pilot, lambda: stands_at(app, SECOND))
            if session.run is not None:
                await until(pilot, lambda: heard_all(session))
            assert_fresh(app, session, SECOND)
            setup = session.next.setup()
            assert {(one["lr"], one["width"], one["corpus"]) for one in setup.configs.values()} == {
                (0.4, 8, "made")
            }, kind
            assert (setup.events, setup.seed, setup.steps) == ((), 0, 12)
            await pilot.press("r", "b")
            await until(pilot, lambda: stands_at(app, FIRST) and session.run is None)


@pytest.mark.parametrize(("lang", "own"), [("zh", False), ("en", True)])
async def test_the_run_of_another_step_is_seen_and_said_to_be_one(
    tmp_path: Path, own: bool, lang: Lang
) -> None:
    said = "这是另一步的运行" if lang == "zh" else "This is the run of another step"
    async with two_steps(tmp_path, lang=lang) as (app, pilot, session):
        if own:
            await pilot.press("k", "plus")
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and bool(app.screen.query(Reveal)))
        await until(pilot, lambda: app.screen.query_one(Reveal).display)
        assert said not in shown(app)
        await pilot.press("n")
        await until(pilot, lambda: stands_at(app, SECOND))
        await until(pilot, lambda: said in words(app))
        assert session.curves().series, "it stays"
        reveal = words(app).partition(said)[2]
        rate, width = ("学习率：0.4 → 0.2", "宽度：8 → 16")
        if lang == "en":
            rate, width = ("learning rate: 0.4 → 0.2", "width: 8 → 16")
        assert rate in reveal
        assert (width in reveal) == own
        assert "s3.one" in app.store.steps_done("unit1", "s3"), "it counts for the step that it began in"
        assert "s3.two" not in app.store.steps_done("unit1", "s3")
        await pilot.press("space")
        await until(pilot, lambda: "s3.two" in app.store.steps_done("unit1", "s3"))
        await until(pilot, lambda: session.phase == "finished" and said not in words(app))
        await pilot.press("b")
        await until(pilot, lambda: stands_at(app, FIRST) and said in words(app))


async def test_a_bet_belongs_to_the_step_of_its_lab(tmp_path: Path) -> None:
    """A step to try the lab in, here with its very own settings, asks for no bet and settles none; nor is one made on its run."""
    async with two_steps(tmp_path, SECOND, lr="0.2", gate_passed=False) as (app, pilot, session):
        assert not lesson_pane(app).gate_open
        await pilot.press("p")
        assert "made in its own step" in words(app)
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and "Also: claims" in words(app))
        await pilot.press("b")
        await until(pilot, lambda: stands_at(app, FIRST))
        assert lesson_pane(app).gate_open
        await pilot.press("2", "enter", "3")
        assert session.run is None
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished" and "You called it" in words(app))
        settled = app.store.settled_bets("unit1")
        await pilot.press("n", "r", "space")
        await until(pilot, lambda: stands_at(app, SECOND) and session.phase == "finished")
        await until(pilot, lambda: "Also: claims" in words(app))
        assert not any(said in words(app) for said in ("You called it", "You said", "It was:", "Your bet"))
        assert app.store.settled_bets("unit1") == settled
        assert [bet.score for bet in app.store.summary().section("unit1", "s3").bets] == [1.0]


async def test_a_run_that_goes_on_takes_turns_of_the_step_where_they_are_made(tmp_path: Path) -> None:
    async with two_steps(tmp_path, steps=4000) as (app, pilot, session):
        await pilot.press("full_stop")
        await until(pilot, lambda: session.phase == "paused")
        await pilot.press("plus")
        await until(pilot, lambda: session.next.settings == {"lr": "0.3"})
        await pilot.press("n")
        await until(pilot, lambda: stands_at(app, SECOND))
        assert session.next.settings == {}
        assert "still the run of another step" in words(app)
        await pilot.press("plus")  # of the run that goes on, at 0.3
        await until(pilot, lambda: session.next.settings == {"lr": "0.4"})
        await pilot.press("plus")
        await until(pilot, lambda: session.next.settings == {"lr": "0.5"})
        assert "yours: learning rate: 0.4 → 0.5" in words(app)
        await pilot.press("n")
        await until(pilot, lambda: stands_at(app, READ))
        assert session.next.settings == {}
        assert session.snapshot is not None
        assert session.snapshot.knobs["lr"] == 0.5, "the run is as it was turned"


async def test_the_full_screen_keeps_the_state_of_the_step(tmp_path: Path) -> None:
    async with two_steps(tmp_path) as (app, pilot, session):
        await pilot.press("plus", "full_stop")
        await until(pilot, lambda: session.phase == "paused")
        await pilot.press("t", "f")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert "yours: learning rate: 0.2 → 0.3 — U restores" in words(app)
        await pilot.press("escape")
        await until(pilot, lambda: stands_at(app, FIRST))
        assert session.next.settings == {"lr": "0.3"}
        assert session.pinned is not None
        assert "yours: learning rate: 0.2 → 0.3 — U restores" in words(app)


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_what_the_command_line_sets_is_marked_and_ends_with_the_first_step(
    home: Path, lang: Lang, size: tuple[int, int]
) -> None:
    app = make_app(
        home, lang, open_lab="cleaning", lab_options=LabOptions({"lr": "0.033", "rules": "html"}, seed=3)
    )
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.screen.query(LabControls)))
        session = app.sessions["unit1", "cleaning"]
        key = "U 恢复" if lang == "zh" else "U restores"
        await until(pilot, lambda: any(key in line for line in painted(app)))  # before the bet as well
        await pilot.press("0")
        await pilot.pause()
        marks = next(line for line in painted(app) if key in line)
        rate = "学习率：0.05 → 0.033" if lang == "zh" else "learning rate: 0.05 → 0.033"
        assert rate.replace(" ", "") in "".join(words(app).split()) or rate in marks
        await pilot.press("k", "plus", "minus")
        assert session.next.settings["lr"] == "0.033", "what it began with is a stop"
        knob = "（自己的）" if lang == "zh" else "(yours)"
        assert knob in words(app) or "0.033*" in words(app)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, RuleListScreen))
        await pilot.pause()
        assert ("自己关的" if lang == "zh" else "yours; on in the lab") in words(app)
        assert ("还没有改动" if lang == "zh" else "Nothing changed yet") in words(app)
        await pilot.press("escape", "s", "right")
        await until(
            pilot, lambda: ("自己的设置，与" if lang == "zh" else "Your own, not the lab") in words(app)
        )
        await pilot.press("escape", "U")
        await pilot.pause()
        assert (session.next.settings, session.next.seed) == ({}, 0)
        assert key not in words(app)
        assert (first := choices(session.next)[0]).changes(first.lab) == {}
        await pilot.press("U")
        assert ("就是实验原来的设置" if lang == "zh" else "has the settings of the lab") in words(app)


@pytest.mark.parametrize("rewound", [False, True])
async def test_restoring_turns_a_run_back(tmp_path: Path, rewound: bool) -> None:
    async with two_steps(tmp_path, SECOND, steps=200) as (app, pilot, session):
        await pilot.press("full_stop", "full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and stands_after(session) == 3)
        await pilot.press("plus", "k", "plus")
        await until(
            pilot, lambda: session.next.settings == {"lr": "0.5", "width": "16"} and session.in_flight is None
        )
        await pilot.press("full_stop", "full_stop")
        await until(pilot, lambda: session.phase == "paused" and stands_after(session) == 5)
        if rewound:
            await pilot.press("left_square_bracket")
            await until(pilot, lambda: session.moment == 4)
        await pilot.press("U")
        await until(pilot, lambda: session.knobs() == {"lr": 0.4, "width": 8.0, "temperature": 0.8})
        await until(pilot, lambda: heard_all(session) and session.line == int(rewound))
        assert not session.next.own, "the rest is for the next run"
        if rewound:
            return  # a fork, as any turn in the past
        await until(pilot, lambda: "this run: learning rate: 0.4" in words(app))
        told = session.next.in_words(session.ran).en
        assert told == "learning rate: 0.4 → 0.5 from step 3 on, 0.4 from step 5 on"
        await pilot.press("r")
        assert "this run" not in words(app)


async def test_a_rule_that_is_off_in_one_step_is_on_in_the_next(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(home, "en", open_section=("unit1", "s4"))
    section = app.library.section("unit1", "s4")
    first = next(i for i, step in enumerate(section.steps) if step.lab == "cleaning")
    again = section.steps[first].model_copy(update={"id": "s4.again", "kind": "try"})
    both = section.model_copy(update={"steps": (*section.steps, again)})
    monkeypatch.setattr(app.library, "section", lambda *_: both)
    second = len(both.steps) - 1
    lab = app.library.lab("unit1", "cleaning")
    lab = lab.model_copy(update={"shared": {**lab.shared, **SMALL}, "steps": 4})
    app.sessions["unit1", "cleaning"] = session = LabSession(
        "unit1", "s4", lab, find_spec(lab), app.store, gate_passed=True
    )
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
        assert isinstance(app.screen, LessonScreen)
        await app.screen.go(first)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, RuleListScreen))
        await pilot.press("space", "enter")
        await until(pilot, lambda: session.run is not None)
        assert "html" not in choices(session.next)[0].in_use()
        assert isinstance(app.screen, LessonScreen)
        await app.screen.go(second)
        assert "html" in choices(session.next)[0].in_use()
        await until(pilot, lambda: session.of_another_step)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, RuleListScreen))
        assert "yours:" not in words(app)
        await pilot.press("down", "space", "enter")
        await until(pilot, lambda: session.begun.place == session.next.place)
        assert session.pinned is None, "a run of the other step is nothing to compare with"
        await app.action_quit()


@pytest.mark.parametrize("lang", LANGS)
async def test_the_marks_of_a_lab_fit(tmp_path: Path, lang: Lang) -> None:
    async with at_lab(tmp_path, "cleaning", lang, WIDE) as (app, pilot, session):
        every = ",".join(reversed(choices(session.next)[0].in_use()[1:]))
        session.next.settings |= {"rules": every, "lr": "0.01", "corruption": "1", "batch": "8"}
        session.next.seed = 12
        await pilot.press("k")
        for size in (WIDE, NARROW):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = painted(app)
            restores = "U 恢复" if lang == "zh" else "U restores"
            last = next(y for y, line in enumerate(lines) if restores in line)
            assert ("自己的设置" if lang == "zh" else "yours:") in lines[last - 1], "two rows at the most"
        if lang == "en":
            assert ELLIPSIS in lines[last], "too much for two rows, and the key is in sight all the same"


async def test_settings_of_no_use_are_given_up_as_well(tmp_path: Path) -> None:
    async with two_steps(tmp_path) as (_, pilot, session):
        session.next.settings["lr"] = "quick"
        await pilot.press("U")
        await until(pilot, lambda: not session.next.settings)


async def test_settings_that_end_with_their_step_are_told(tmp_path: Path) -> None:
    async with two_steps(tmp_path) as (app, pilot, session):
        await pilot.press("k", "plus")  # a knob that takes a restart
        await until(pilot, lambda: session.next.settings == {"width": "16"})
        await pilot.press("n")
        await until(pilot, lambda: stands_at(app, SECOND))
        await until(pilot, lambda: "Your settings (width: 8 → 16) ended with their step" in words(app))
        assert not session.next.settings


async def test_a_run_that_goes_on_is_kept_when_another_text_is_chosen(tmp_path: Path) -> None:
    text = tmp_path / "own.txt"
    text.write_text("The cat sat on the mat. " * 2_000, "utf-8")
    async with two_steps(tmp_path, steps=4000) as (app, pilot, session):
        await pilot.press("full_stop")
        await until(pilot, lambda: session.phase == "paused")
        run = session.run
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, OwnTextScreen) and bool(app.screen.query(Input)))
        app.screen.query_one(Input).value = str(text)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await until(pilot, lambda: "This run stays" in words(app))
        assert session.run is run
        assert session.next.settings["text_file"].endswith("own.txt")


async def test_a_lab_beside_a_text_says_how_to_come_only_to_who_is_not_there(tmp_path: Path) -> None:
    async with two_steps(tmp_path, SECOND) as (app, pilot, session):
        await pilot.press("space")
        await until(pilot, lambda: session.phase == "finished")
        assert isinstance(app.screen, LessonScreen)
        await app.screen.go(READ)
        await until(pilot, lambda: stands_at(app, READ))
        assert lesson_pane(app).session is session, "the last lab that ran"
        await pilot.press("r")
        await until(pilot, lambda: "come over with v" in words(app))
        await pilot.press("v")
        await until(pilot, lambda: "Press space to run" in words(app))
        assert "come over with v" not in words(app)


async def test_a_lab_that_ran_to_its_end_before_says_how_it_came_out(tmp_path: Path) -> None:
    async with two_steps(tmp_path) as (app, pilot, session):
        session.bet.judged = "falls"
        app.screen.query_one(LabPane).show_news()
        await until(pilot, lambda: "it came out as: Fall. Press space to run it again" in words(app))


async def test_help_lists_keys_of_labs_only_where_there_is_one(tmp_path: Path) -> None:
    async with two_steps(tmp_path, FIRST) as (app, _, _session):
        assert {"lab_knob", "lab_run"} <= {action.name for action in actions_of(app.screen)}
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.go(-1)
        assert [a.name for a in actions_of(screen) if a.name.startswith("lab_")] == ["lab_run"]
