from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.plot.axis import LARGEST, finite_range, log_ticks, round_step, round_ticks, short, widen

numbers = st.floats(min_value=-1e100, max_value=1e100, allow_subnormal=False)


@given(numbers, numbers, st.integers(1, 12))
def test_ticks_are_round_inside_and_told_apart(a: float, b: float, count: int) -> None:
    lo, hi = widen(min(a, b), max(a, b))
    assert lo < hi
    ticks = round_ticks(lo, hi, count)
    assert len(ticks.values) <= count + 1
    step = round_step(hi - lo, count)
    slack = 1e-5 * step
    assert all(lo - slack <= tick <= hi + slack for tick in ticks.values)
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - round_one) for round_one in (1, 2, 5)) < 1e-6
    assert len(set(ticks.labels)) == len(ticks.labels) == len(ticks.values)


@given(numbers, st.floats(1e-6, 1e6), st.integers(2, 12))
def test_a_range_of_one_step_has_a_tick(lo: float, span: float, count: int) -> None:
    lo, hi = widen(lo, lo + span)
    ticks = round_ticks(lo, hi, count)
    # A third is the most that rounding up the step from 2 to 5 can cost.
    assert len(ticks.values) >= count // 3


@pytest.mark.parametrize(
    ("lo", "hi", "count", "labels"),
    [
        (1.83, 4.17, 5, ("2.0", "2.5", "3.0", "3.5", "4.0")),
        (0, 250, 5, ("0", "50", "100", "150", "200", "250")),
        (0, 2_000_000, 4, ("0", "0.5M", "1.0M", "1.5M", "2.0M")),
        (0, 0.3, 3, ("0", "0.1", "0.2", "0.3")),
        (-0.0002, 0.0002, 4, ("-2e-04", "-1e-04", "0", "1e-04", "2e-04")),
    ],
)
def test_tick_labels(lo: float, hi: float, count: int, labels: tuple[str, ...]) -> None:
    assert round_ticks(lo, hi, count).labels == labels


@pytest.mark.parametrize(
    ("lo", "hi", "labels"),
    [
        (0, 6, ("1", "100", "10k", "1M")),
        (12, 24, ("10¹²", "10¹⁶", "10²⁰", "10²⁴")),
        (-6, 0, ("10⁻⁶", "10⁻⁴", "10⁻²", "10⁰")),
        (14, 15, ("10¹⁴", "2×10¹⁴", "5×10¹⁴", "10¹⁵")),
    ],
)
def test_labels_of_a_logarithmic_axis_are_all_of_one_kind(
    lo: float, hi: float, labels: tuple[str, ...]
) -> None:
    assert log_ticks(lo, hi, 3).labels == labels


def test_ticks_carry_no_rounding_error() -> None:
    assert round_ticks(0, 0.3, 3).values == (0.0, 0.1, 0.2, 0.3)


@given(st.lists(st.floats(width=64), max_size=20))
def test_range_ignores_what_is_not_finite(values: list[float]) -> None:
    found = finite_range([np.array(values, dtype=np.float64)])
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        assert found is None
        return
    assert found is not None
    lo, hi = widen(*found)
    assert math.isfinite(lo)
    assert math.isfinite(hi - lo)
    assert lo < hi
    assert all(lo <= value <= hi for value in finite if abs(value) <= LARGEST)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.8764, "1.876"),
        (-0.5, "-0.500"),
        (9.9999, "10.00"),
        (42.1, "42.10"),
        (999.96, "1.0k"),
        (12_345, "12.3k"),
        (999_960, "1.0M"),
        (0.00012, "1.2e-04"),
        (0, "0"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (1e200, "1.0e+200"),
    ],
)
def test_short(value: float, text: str) -> None:
    assert short(value) == text


@given(st.floats())
def test_short_is_short_and_true(value: float) -> None:
    text = short(value)
    assert len(text) <= 9
    if math.isfinite(value) and not text.endswith(("k", "M", "G", "T")):
        assert float(text) == pytest.approx(value, rel=0.05, abs=5.1e-4) or abs(value) > 1.7e308
