"""Where a knob stops on its way from one end of its range to the other."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.course import course
from tutor import paths
from tutor.engine.configs import arm_configs, find_spec
from tutor.experiments.knobs import MOST, Knob, stops
from tutor.text import Text

NAME = Text("名", "name")
ENDS = st.tuples(st.integers(-4, 6), st.integers(0, 999), st.integers(1, 999))


def knob(*, log: bool = False, whole: bool = False, steps: tuple[float, ...] = ()) -> Knob:
    return Knob("k", NAME, 0, 1, log=log, whole=whole, steps=steps)


@pytest.mark.parametrize(
    ("card", "low", "high", "values", "expected"),
    [
        (knob(), 0, 0.5, (0.0,), (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)),
        (knob(), 0, 0.5, (0.17,), (0, 0.05, 0.1, 0.15, 0.17, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)),
        (knob(), 0.3, 0.9, (0.1 + 0.2,), (0.30000000000000004, *(n / 20 for n in range(7, 19)))),
        (knob(log=True), 0, 0.5, (), (0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)),
        (knob(log=True), 0.001, 0.02, (), (0.001, 0.0015, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02)),
        (knob(log=True), 1e-6, 10, (), (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10)),
        (knob(whole=True), 1, 5, (2.0,), (1, 2, 3, 4, 5)),
        (knob(whole=True), 3, 48, (), (3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 48)),
        (knob(steps=(4, 8, 16, 32)), 8, 32, (12.0, 99.0), (8, 12, 16, 32)),
    ],
)
def test_stops(
    card: Knob, low: float, high: float, values: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    assert stops(card, low, high, values) == pytest.approx(expected, rel=1e-12)


@given(ENDS, st.booleans(), st.booleans(), st.lists(st.floats(0, 1), max_size=3), st.integers(0, 10_000))
def test_every_range_is_crossed_in_a_few_presses_that_can_be_taken_back(
    ends: tuple[int, int, int], log: bool, whole: bool, shares: list[float], at: int
) -> None:
    power, low, more = ends
    unit = 1.0 if whole else 10.0**power
    minimum, maximum = low * unit, (low + more) * unit
    given = [minimum + (maximum - minimum) * share for share in shares]
    values = [float(round(value)) if whole else value for value in given]
    found = stops(knob(log=log and not whole, whole=whole), minimum, maximum, values)
    assert list(found) == sorted(set(found)), "so that down undoes up"
    assert (found[0], found[-1]) == pytest.approx((minimum, maximum), rel=1e-9)
    assert len(found) <= MOST + 3 + len(values)
    for value in values:
        assert value in found or not minimum <= value <= maximum
    if whole:
        assert all(stop == int(stop) for stop in found)
    round_ones = [stop for stop in found[1:-1] if not any(math.isclose(stop, v) for v in values)]
    digits = {f"{stop:.6e}".rstrip("0").partition("e")[0].rstrip("0") for stop in round_ones}
    assert all(len(number.replace(".", "")) <= 4 for number in digits), digits


@pytest.mark.parametrize(
    "file", sorted((paths.course_root() / "lessons").glob("*/labs/*.yaml")), ids=lambda file: file.stem
)
def test_knobs_of_a_lab(file: Path) -> None:
    lab = course().lab(file.parts[-3], file.stem).in_language("en")
    spec = find_spec(lab)
    configs = arm_configs(lab, spec, {}).values()  # of a base, which has other knobs, too
    for turned in lab.knobs:
        if turned.minimum is None:
            continue
        knob = spec.knob(turned.id)
        values = [
            float(getattr(config, turned.id)) for config in configs if turned.id in type(config).model_fields
        ]
        assert knob is not None
        assert turned.maximum is not None
        found = stops(knob, turned.minimum, turned.maximum, values)
        assert (found[0], found[-1]) == (turned.minimum, turned.maximum), knob
        assert len(found) <= 15 or knob.steps, (knob, found)
        assert {value for value in values if turned.minimum <= value <= turned.maximum} <= set(found), knob
