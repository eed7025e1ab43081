from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plot.pictures import assert_box
from tutor.plot.cells import row_text
from tutor.plot.spread import strip, within


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        (math.nan, "⠂⠂⠒⠒⠒⠒⠒⠒⠒⠒⠂⠂"),
        (0.0, "⠂⠂⠒⠒⠒⠒⡇⠒⠒⠒⠂⠂"),
        (-0.1, "⠂⠂⠒⠒⠒⢸⠒⠒⠒⠒⠂⠂"),
        (1.2, "⠂⠂⠒⠒⠒⠒⠒⠒⡇⠒⠂⠂"),
        (-2.0, "⠂⠂⡇⠒⠒⠒⠒⠒⠒⠒⠂⠂"),
        (2.3, "⠂⠂⠒⠒⠒⠒⠒⠒⠒⠒⢸⠂"),
        (3.0, "⠂⠂⠒⠒⠒⠒⠒⠒⠒⠒⠂⢸"),
        (3.1, "⠂⠂⠒⠒⠒⠒⠒⠒⠒⠒⠂>"),
        (-math.inf, "<⠂⠒⠒⠒⠒⠒⠒⠒⠒⠂⠂"),
    ],
)
def test_golden_strips(place: float, drawn: str) -> None:
    assert row_text(strip(place)) == drawn


@given(st.floats(), st.integers(2, 60))
def test_any_place_fits_any_width(place: float, cells: int) -> None:
    row = strip(place, cells)
    assert_box([row], cells, 1)
    own = [run for run in row if run.bold]
    assert len(own) == (0 if math.isnan(place) else 1)
    if own:
        assert own[0].fg == ("good" if within(place) else "warn")


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_what_is_higher_stands_no_further_left(a: float, b: float) -> None:
    def at(place: float) -> int:
        row = strip(place, 20)
        ahead = 0
        for run in row:
            if run.bold:
                return 2 * ahead + (run.text == "⢸")
            ahead += run.width
        raise AssertionError

    low, high = sorted((a, b))
    assert at(low) <= at(high)


def test_two_standard_deviations_are_the_limit() -> None:
    assert within(2.0) and within(-2.0) and within(0)
    assert not within(2.01) and not within(-math.inf) and not within(math.nan)
