"""Commands reach the timeline as the lab allows them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.engine.fake import fake_lab, fake_spec
from tutor.content.models import Lab
from tutor.engine.commands import Adjust, Fork, Move
from tutor.engine.runner import Runner
from tutor.engine.timeline import Timeline
from tutor.experiments.knobs import Knob
from tutor.text import Text


def timeline() -> Timeline:
    """Five rounds of a lab that offers ``lr`` (up to 0.8) and ``nan_at``, which needs a restart; the experiment knows one more."""
    spec = fake_spec()
    spec = replace(spec, knobs=(*spec.knobs, Knob("nan_at", Text("NaN", "NaN"), 0, 9, live=False)))
    plain = fake_lab().model_dump()
    plain["knobs"] = [
        {"id": "lr", "minimum": 0, "maximum": 0.8},
        {"id": "nan_at", "minimum": 0, "maximum": 9},
    ]
    made = Timeline(
        Runner(Lab.model_validate(plain), spec, seed=0, settings={}, steps=None, clock=lambda: 0.0)
    )
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
    line = timeline()
    command: Move = Adjust(knob, value) if way == "adjust" else Fork({knob: value})
    line.do(command)
    while not line.ready:
        line.approach()
    assert {event.key: event.value for event in line.status().current.events} == turned
    assert line.runner.knobs()["lr"] == turned.get("lr", 0.1)
    assert len(line.branches) == (2 if way == "fork" else 1)
