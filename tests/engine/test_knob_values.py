"""Knobs of every kind: numbers within the bounds of the lab, choices and switches."""

from __future__ import annotations

import dataclasses
import math

import pytest

from tests.engine.fake import fake_lab, fake_spec
from tests.engine.test_timeline import go, settle
from tutor.content.models import Lab, LabKnob
from tutor.engine.configs import Plan, as_setting
from tutor.engine.runner import Runner
from tutor.engine.timeline import Timeline
from tutor.experiments.base import Knob, Value
from tutor.experiments.stops import following
from tutor.text import Text

LAB = fake_lab()


LAMP = Knob("lamp", Text("灯", "lamp"), switch=True)
WAY = Knob("way", Text("走法", "way"), choices={"left": Text("左", "left"), "right": Text("右", "right")})


def test_a_choice_and_a_switch_are_turned_forked_and_replayed_like_a_number() -> None:
    base = fake_spec()
    spec = dataclasses.replace(base, knobs=(*base.knobs, LAMP, WAY))
    knobs = (*LAB.knobs, LabKnob(id="lamp"), LabKnob(id="way"))
    lab = LAB.model_copy(update={"knobs": knobs})

    def begun() -> Timeline:
        return Timeline(Runner(Plan(lab, spec), lambda: 0.0))

    line = begun()
    go(line, 5)
    turned: list[tuple[str, Value]] = [("lamp", True), ("way", "right"), ("way", "up"), ("lamp", "maybe")]
    for knob, value in turned:
        line.adjust(knob, value)
    go(line, 8)
    assert line.runner.knobs() == {"lr": 0.1, "temperature": 1.0, "lamp": True, "way": "right"}
    line.rewind(3)
    settle(line)
    assert line.runner.knobs(3) == {"lr": 0.1, "temperature": 1.0}, (
        "not turned yet, and no setting of these arms"
    )
    line.fork({"way": "left"})
    settle(line)
    go(line)
    assert [(e.key, e.value) for e in line.runner.learner.events] == [("way", "left")]
    line.switch(0)
    settle(line)
    go(line)
    assert [(e.key, e.value) for e in line.runner.learner.events] == [("lamp", True), ("way", "right")]
    assert line.status().exact


@pytest.mark.parametrize(
    ("knob", "written", "value"),
    [
        (LAMP, "true", True), (LAMP, False, False), (LAMP, "on", None), (LAMP, None, None),
        (WAY, "left", "left"), (WAY, "up", None), (Knob("x", Text("", ""), 0, 1), "0.5", 0.5),
        (Knob("x", Text("", ""), 0, 1), "half", None), (Knob("x", Text("", ""), 0, 1), "nan", None),
    ],
)  # fmt: skip
def test_a_knob_reads_what_a_file_or_a_learner_writes(
    knob: Knob, written: object, value: Value | None
) -> None:
    assert knob.read(written) == value
    if value is not None:
        assert knob.read(as_setting(value)) == value
        assert knob.told(value).zh
        assert knob.within(value, 0, 0.25) == (0.25 if value == 0.5 else value)


def test_keys_go_from_choice_to_choice_and_stop_at_the_last() -> None:
    def then(knob: Knob, value: Value, by: int) -> Value | None:
        return following(knob, value, by, None, None, ())

    assert [then(WAY, "left", by) for by in (1, -1)] == ["right", None]
    assert then(WAY, "right", 1) is None
    assert [then(LAMP, False, by) for by in (1, -1)] == [True, None]
    assert then(WAY, "unknown", 1) == "left"


def bounded() -> Timeline:
    """Five rounds of a lab that offers ``lr`` (up to 0.8) and ``nan_at``, which needs a restart; the experiment knows one more."""
    spec = fake_spec()
    spec = dataclasses.replace(
        spec, knobs=(*spec.knobs, Knob("nan_at", Text("NaN", "NaN"), 0, 9, live=False))
    )
    plain = fake_lab().model_dump()
    plain["knobs"] = [
        {"id": "lr", "minimum": 0, "maximum": 0.8},
        {"id": "nan_at", "minimum": 0, "maximum": 9},
    ]
    made = Timeline(Runner(Plan(Lab.model_validate(plain), spec), lambda: 0.0))
    while not (made.runner.stage.built and made.runner.stage.round >= 5 and made.runner.stage.between_rounds):
        made.advance()
    return made


@pytest.mark.parametrize("way", ["adjust", "fork"])
@pytest.mark.parametrize(
    ("knob", "value", "turned"),
    [
        ("lr", 0.3, {"lr": 0.3}),
        ("lr", 7.0, {"lr": 0.8}),
        ("lr", -1.0, {"lr": 0.0}),
        ("lr", math.nan, {}),
        ("nan_at", 3.0, {}),
        ("temperature", 2.0, {}),
        ("no_such", 1.0, {}),
    ],
)
def test_only_live_knobs_that_are_offered_turn_and_within_their_bounds(
    way: str, knob: str, value: float, turned: dict[str, float]
) -> None:
    line = bounded()
    if way == "adjust":
        line.adjust(knob, value)
    else:
        line.fork({knob: value})
    while not line.ready:
        line.approach()
    assert {event.key: event.value for event in line.status().current.events} == turned
    assert line.runner.knobs()["lr"] == turned.get("lr", 0.1)
    assert len(line.branches) == (2 if way == "fork" else 1)
