"""Metrics stay few and keep their extremes."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.engine.history import LIMIT, History, Track

VALUES = st.lists(
    st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf]), min_size=1, max_size=60
)


def track_of(values: list[float], every: int = 1) -> Track:
    track = Track()
    for i, value in enumerate(values):
        track.append((i + 1) * every, value)
    return track


@given(VALUES)
def test_a_short_run_is_kept_to_the_point(values: list[float]) -> None:
    series = track_of(values).series("a", "m")
    assert series.x.tolist() == [float(i + 1) for i in range(len(values))]
    np.testing.assert_array_equal(series.y, values)


@settings(deadline=None, max_examples=20)
@given(st.integers(LIMIT + 1, 60_000), st.integers(1, 10), st.randoms(use_true_random=False))
def test_a_long_run_keeps_its_extremes_and_ends(length: int, every: int, random: object) -> None:
    rng = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    values = rng.normal(size=length)
    spike, dip, hole = rng.choice(length, 3, replace=False)
    values[spike], values[dip], values[hole] = 1e9, -1e9, np.nan
    track = track_of(values.tolist(), every)
    assert len(track.steps) <= LIMIT
    x, y = np.array(track.steps), np.array(track.values)
    assert (np.diff(x) > 0).all()
    assert x[0] == every
    assert x[-1] == length * every
    assert np.isnan(y).any()
    assert y[x == (spike + 1) * every] == 1e9
    assert y[x == (dip + 1) * every] == -1e9
    # What stays is what was measured, at the step at which it was measured.
    np.testing.assert_array_equal(y, values[(x / every).astype(int) - 1])


def test_resolution_is_the_same_everywhere() -> None:
    track = track_of(np.random.default_rng(0).normal(size=50_000).tolist())
    old, new = (
        np.diff(track.steps[: LIMIT // 4]).mean(),
        np.diff(track.steps[-LIMIT // 4 : -LIMIT // 8]).mean(),
    )
    assert old < 4 * max(new, 12.5)


def test_value_at_a_moment() -> None:
    track = track_of([5.0, 4.0, 3.0], every=10)
    assert [track.at(step) for step in (9, 10, 19, 20, 99)] == [None, 5.0, 5.0, 4.0, 3.0]
    assert list(track.until(20).values) == [5.0, 4.0]
    assert track.series("a", "m", since=20).x.tolist() == [20.0, 30.0]


def test_replayed_steps_are_compared_and_not_added() -> None:
    history = History()
    for step, loss in ((1, 3.0), (2, math.nan), (3, 1.0)):
        history.record("a", step, {"loss": loss})
    history.record("a", 1, {"loss": 3.0})
    history.record("a", 2, {"loss": math.nan})
    assert history.mismatches == 0
    assert history.curves(["a"], ["loss"]).series[0].x.tolist() == [1.0, 2.0, 3.0]
    history.record("a", 3, {"loss": 1.0000001})
    assert history.mismatches == 1


def test_what_is_measured_at_the_end_stands_for_the_last_step() -> None:
    history = History()
    history.record("a", 1, {"loss": 3.0, "lr": 1.0})
    history.record_end("a", 1, {}, {"loss": 2.5})
    history.record_end("a", 1, {}, {"loss": 2.5, "extra": 7.0})
    assert history.latest("a") == {"loss": 2.5, "lr": 1.0, "extra": 7.0}
    assert history.curves(["a"], ["loss"]).series[0].y.tolist() == [2.5]
    history.record("a", 1, {"loss": 3.0})  # the step done again: not what was measured at the end
    assert history.mismatches == 0


def test_derived_metrics() -> None:
    history = History()
    for step, loss in ((1, 3.0), (2, math.nan), (3, 2.0), (4, 2.5)):
        history.record("a", step, {"loss": loss})
    history.record("b", 1, {"loss": math.nan})
    assert history.derived("a") == {"first_loss": 3.0, "third_loss": 3.0, "best_loss": 2.0}
    assert math.isnan(history.derived("b")["best_loss"])
    assert history.until({"a": 1}).derived("a") == {"first_loss": 3.0, "best_loss": 3.0}, (
        "a third of one step is none"
    )
    assert history.until({"a": 1}).latest("b") == {}


def test_a_final_value_measured_on_more_stays_apart_and_no_best_is_worse() -> None:
    history = History()
    for step, loss in ((1, 3.0), (2, 2.0), (3, 2.25)):
        history.record("a", step, {"loss": loss, "accuracy": 3 - loss})
    history.record_end("a", 4, {"loss": 2.5}, {"loss": 2.75, "accuracy": 0.25})
    (series,) = history.curves(["a"], ["loss"]).series
    assert (series.y.tolist(), series.final) == ([3.0, 2.0, 2.25, 2.5], 2.75)
    assert history.latest("a") == {"loss": 2.75, "accuracy": 0.25}
    derived = history.derived("a", high=["accuracy"])
    assert derived["best_loss"] == 2.75 - 0.5, "by what it was better when measured alike"
    assert derived["best_accuracy"] == 1.0, "the highest"
    assert history.until({"a": 3}).curves(["a"], ["loss"]).series[0].final is None


@given(
    st.lists(st.floats(-5, 5), min_size=1), st.floats(-5, 5), st.floats(-5, 5), st.booleans(), st.booleans()
)
def test_a_best_is_never_worse_than_the_final_value(
    values: list[float], live: float, final: float, high: bool, apart: bool
) -> None:
    history = History()
    for step, value in enumerate(values, start=1):
        history.record("a", step, {"m": value})
    history.record_end("a", len(values), {"m": live} if apart else {}, {"m": final})
    best = history.derived("a", ["m"] if high else [])["best_m"]
    assert best >= final if high else best <= final
