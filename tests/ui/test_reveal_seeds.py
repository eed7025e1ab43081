"""Where the learner's numbers lie among verified seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ui.driving import make_app, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine.verify_seed import run_seed
from tutor.engine.verify_stats import verified
from tutor.plot.cells import row_text, row_width
from tutor.plot.spread import strip
from tutor.text import LANGS, Lang, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.widgets import reveal
from tutor.ui.widgets.reveal import Reveal, seed_rows


@pytest.fixture(scope="module")
def lab() -> Lab:
    return fake_lab(steps=6, base_steps=3)


@pytest.fixture(scope="module")
def spread(lab: Lab) -> Spread:
    return Spread(verified(lab, [run_seed(lab, seed, spec=FAKE_SPEC) for seed in range(4)]))


def shown(lab: Lab, spread: Spread, lang: Lang = "en", width: int = 58, seed: int = 0, **arms: float) -> str:
    final = {"base": {"train_loss": 1.0}} | {
        arm: {"train_loss": value, "val_loss": spread.mean(arm, "val_loss")} for arm, value in arms.items()
    }
    rows = seed_rows(lab, FAKE_SPEC, spread, final, seed, lang, width)
    assert max((row_width(row) for row in rows), default=0) <= width
    return "\n".join(row_text(row) for row in rows)


def line(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(label))


def test_where_there_are_many_numbers_only_those_of_the_chart_are_placed(
    lab: Lab, spread: Spread, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = lab.claims[0].model_copy(update={"expr": "a.val_loss < 100"})
    of_one = lab.model_copy(update={"curves": ("train_loss",), "claims": (claim,)})
    assert "validation loss" in shown(of_one, spread, a=2.0, b=2.0)
    monkeypatch.setattr(reveal, "_MOST_PLACED", 1)
    few = shown(of_one, spread, a=2.0, b=2.0)
    assert "validation loss" not in few
    assert "training loss" in few


def test_a_number_stands_beside_mean_and_spread_and_on_a_strip(lab: Lab, spread: Spread) -> None:
    mean, sd = spread.mean("a", "train_loss"), spread.sd("a", "train_loss")
    text = shown(lab, spread, a=mean, b=spread.mean("b", "train_loss") + 2.5 * spread.sd("b", "train_loss"))
    inside, outside = line(text, "English a"), line(text, "English b")
    assert inside.split() == [
        "English",
        "a",
        f"{mean:.3f}",
        f"{mean:.3f}",
        f"{sd:.3f}",
        row_text(strip(0.0, 9)),
        "within",
    ]
    assert outside.endswith("outside")
    assert "training loss" in text
    assert "validation loss" in text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [30, 58, 100])
def test_both_languages_fit(lab: Lab, spread: Spread, lang: Lang, width: int) -> None:
    text = "".join(shown(lab, spread, lang, width, a=spread.mean("a", "train_loss"), b=9.0).split())
    words = {
        "zh": ["4个不同的种子", "之内", "之外", "标准差"],
        "en": ["4different", "within", "outside", "sd"],
    }
    for word in words[lang]:
        assert word in text
    assert any("\u4e00" <= char <= "\u9fff" for char in text) == (lang == "zh")


def test_long_names_of_arms_are_told_once_and_take_no_rows(lab: Lab, spread: Spread) -> None:
    arms = [
        arm.model_copy(update={"label": Text("很长" * 12, f"word by word, {arm.id} × pictures")})
        for arm in lab.arms
    ]
    text = shown(lab.model_copy(update={"arms": arms}), spread, a=1.0, b=1.0)
    assert " ".join(text.split()).count("word by word, b × pictures") == 1
    assert sum(line.split()[:2] == ["b", "1.000"] for line in text.splitlines()) == 1


def test_letters_are_those_of_the_chart_though_there_is_a_base(spread: Spread) -> None:
    lab = fake_lab(steps=6, base_steps=3)
    arms = [
        arm.model_copy(update={"label": Text("很长" * 12, f"a very long name, {arm.id}" * 2)})
        for arm in lab.arms
    ]
    text = " ".join(shown(lab.model_copy(update={"arms": arms}), spread, a=1.0, b=1.0).split())
    assert "a a very long name, a" in text
    assert "b a very long name, b" in text


def test_a_seed_that_is_one_of_them_is_said_so(lab: Lab, spread: Spread) -> None:
    alone = lab.model_copy(update={"base": None})
    assert "Your seed, 3, is one of them." in shown(alone, spread, seed=3, a=1.0, b=1.0)
    assert "one of them" not in shown(alone, spread, seed=4, a=1.0, b=1.0)
    assert lab.base is not None
    assert "one of them" not in shown(lab, spread, seed=3, a=1.0, b=1.0), "it may start from another model"


def test_a_curve_that_the_lab_does_not_draw_is_not_spoken_of(lab: Lab, spread: Spread) -> None:
    undrawn = lab.model_copy(update={"views": ("samples",), "claims": ()})
    text = shown(undrawn, spread, a=1.0, b=1.0)
    assert "validation loss" not in text


def test_what_no_seed_changes_is_left_out(lab: Lab, spread: Spread) -> None:
    arms = {
        arm: {
            id: found if id == "val_loss" else found.model_copy(update={"sd": 0.0})
            for id, found in ends.items()
        }
        for arm, ends in spread.lab.arms.items()
    }
    text = shown(lab, Spread(spread.lab.model_copy(update={"arms": arms})), a=1.0, b=1.0)
    assert "validation loss" in text
    assert "training loss" not in text


def test_without_numbers_there_is_nothing_to_say(lab: Lab, spread: Spread) -> None:
    assert seed_rows(lab, FAKE_SPEC, spread, {}, 0, "en", 58) == []
    one = Spread(verified(lab, [run_seed(lab, 0, spec=FAKE_SPEC)]))
    assert seed_rows(lab, FAKE_SPEC, one, {"a": {"train_loss": 1.0}}, 0, "en", 58) == []


@pytest.mark.parametrize("changed", [False, True])
async def test_only_a_run_as_it_was_verified_is_placed(
    home: Path, lab: Lab, spread: Spread, changed: bool
) -> None:
    app = make_app(home)
    session = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store, spread=spread)
    if changed:
        session.next.settings["lr"] = "0.3"
    app.sessions["unit1", "fake"] = session
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(LabScreen(session))
        await until(pilot, lambda: bool(app.screen.query(Reveal)))
        session.bet.make("s3", None, "en")
        session.toggle()
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(Reveal).unfolded = True
        text = "\n".join(row_text(row) for row in app.screen.query_one(Reveal).build(58, 30))
        assert ("Where it lies among seeds" in text) == (not changed)
        assert ("within" in text) == (not changed)
        await app.action_quit()


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ({}, "English b  the same settings"),
        ({"b": {"lr": 0.3}}, "English b  learning rate: 0.2 → 0.3 Where there is one difference"),
        ({"b": {"lr": 0.3, "width": 4}}, "Where there are several (English b), nothing"),
    ],
)
async def test_arms_are_told_apart_by_what_they_differ_in(
    home: Path, sets: dict[str, dict[str, Any]], said: str
) -> None:
    app = make_app(home)
    session = LabSession("unit1", "s3", fake_lab(steps=4, sets=sets), FAKE_SPEC, app.store, gate_passed=True)
    app.sessions["unit1", "fake"] = session
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(LabScreen(session))
        await until(pilot, lambda: bool(app.screen.query(Reveal)))
        session.toggle()
        await until(pilot, lambda: session.phase == "finished")
        app.screen.query_one(Reveal).unfolded = True
        text = " ".join(row_text(row) for row in app.screen.query_one(Reveal).build(58, 30))
        assert "Compared with “English a”:" in text
        assert said.replace("  ", " ") in " ".join(text.split())
        await app.action_quit()
