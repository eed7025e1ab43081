"""Bets on a run: numbers on a scale, drawn curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.bets import NOTCHES, at_notch, drawn, judge_curve, judge_factor, judge_number, notch_of

HEIGHTS = st.lists(st.floats(0, 10), min_size=6, max_size=8)
X = np.arange(1.0, 101.0)


@pytest.mark.parametrize(
    ("guess", "closeness", "factor"),
    [(2.0, "within", 1.0), (2.19, "within", 1.095), (2.3, "near", 1.15), (2.5, "off", 1.25), (1.0, "off", 0.5), (-1, "off", math.nan)],
)  # fmt: skip
def test_a_number_is_judged_by_what_seeds_do(guess: float, closeness: str, factor: float) -> None:
    bet = judge_number(guess, 2.0, 1.8, 2.2)
    assert bet.closeness == closeness
    assert bet.factor == pytest.approx(factor, nan_ok=True)


@pytest.mark.parametrize(
    ("guess", "closeness"),
    [(90, "within"), (31, "within"), (269, "within"), (29, "near"), (800, "near"), (9, "off"), (1e6, "off")],
)
def test_a_number_may_be_off_by_a_factor(guess: float, closeness: str) -> None:
    bet = judge_factor(guess, 90, 3)
    assert (bet.closeness, bet.allowed) == (closeness, 3)
    assert bet.factor == guess / 90


@given(st.integers(0, NOTCHES), st.floats(1e-6, 1e6), st.floats(1.5, 1e4), st.booleans())
def test_a_notch_is_found_again(notch: int, low: float, times: float, log: bool) -> None:
    value = at_notch(notch, low, low * times, log=log)
    assert low * 0.99 <= value <= low * times * 1.01
    back = notch_of(value, low, low * times, log=log)
    assert back == pytest.approx(notch, abs=0.005 * NOTCHES / math.log(times) * 1.1 if log else NOTCHES * 0.006 * times / (times - 1))  # fmt: skip


def points(heights: list[float]) -> tuple[tuple[float, float], ...]:
    return tuple(zip(np.linspace(0, 100, len(heights)).tolist(), heights, strict=True))


@given(HEIGHTS, st.floats(0, 2))
def test_a_curve_within_the_band_is_right_everywhere(heights: list[float], spread: float) -> None:
    line = drawn(points(heights), X)
    bet = judge_curve(points(heights), X, line - spread, line + spread, 10.0)
    assert bet.score == 1.0
    assert bet.apart == ()


@given(HEIGHTS, HEIGHTS)
def test_what_lies_inside_and_what_is_told_are_the_whole_run(own: list[float], other: list[float]) -> None:
    line = drawn(points(other), X)
    bet = judge_curve(points(own), X, line, line, 10.0)
    apart = sum(end - start for start, end, _ in bet.apart)
    assert 0 <= bet.score <= 1
    assert bet.score == pytest.approx(1 - apart / 99)
    wider = judge_curve(points(own), X, line - 1, line + 1, 10.0)
    assert wider.score >= bet.score


def test_where_a_curve_is_off_is_told() -> None:
    flat = np.full(100, 5.0)
    bet = judge_curve(((0, 8), (50, 5), (100, 2)), X, flat, flat, 10.0)
    (first, end, above), (start, last, below) = bet.apart
    assert (first, last) == (1, 100)
    assert (above, below) == (True, False)
    assert end == pytest.approx(42, abs=1)
    assert start == pytest.approx(58, abs=1)
    assert judge_curve(((0, 5),), X, np.full(100, np.nan), flat, 10.0).score == 0
