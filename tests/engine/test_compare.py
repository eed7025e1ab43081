"""Two results differ by more than chance, or not, or nobody knows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.claims import NOISE_FACTOR, compare


@pytest.mark.parametrize(
    ("own", "other", "sd", "judgement"),
    [
        (1.5, 1.5, None, "within"),
        (1.5, 1.5, 0.0, "within"),
        (math.inf, math.inf, None, "within"),
        (1.52, 1.5, 0.01, "within"),
        (1.40, 1.5, 0.01, "beyond"),
        (1.40, 1.5, None, "unknown"),
        (1.40, 1.5, math.nan, "unknown"),
        (1.40, 1.5, -1.0, "unknown"),
        (1.40, 1.5, math.inf, "unknown"),
        (math.nan, 1.5, 0.1, "unknown"),
        (math.inf, 1.5, 0.1, "beyond"),
        (2.82, 0.0, 1.0, "within"),
        (2.84, 0.0, 1.0, "beyond"),
    ],
)
def test_a_difference_is_held_against_noise(
    own: float, other: float, sd: float | None, judgement: str
) -> None:
    assert compare(own, other, sd) == judgement


def test_the_bound_is_that_of_a_difference_of_two_runs() -> None:
    assert pytest.approx(2 * math.sqrt(2)) == NOISE_FACTOR


@given(st.floats(), st.floats(), st.none() | st.floats())
def test_a_comparison_is_the_same_from_either_side(own: float, other: float, sd: float | None) -> None:
    assert compare(own, other, sd) == compare(other, own, sd)
