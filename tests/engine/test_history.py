"""Metrics of every step, kept as they are."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.history import History


@given(st.lists(st.floats(), min_size=1, max_size=300))
def test_every_value_is_kept_as_it_is(values: list[float]) -> None:
    history = History()
    for step, value in enumerate(values, start=1):
        history.record("a", step, {"train_loss": value})
    (line,) = history.curves(["a"], ["train_loss"]).series
    assert line.x.tolist() == list(range(1, len(values) + 1))
    np.testing.assert_array_equal(line.y, values)
    np.testing.assert_array_equal(history.latest("a")["train_loss"], values[-1])
    derived = history.derived("a")
    np.testing.assert_array_equal(derived["first_train_loss"], values[0])
    known = [value for value in values if not math.isnan(value)]
    np.testing.assert_array_equal(derived["best_train_loss"], min(known, default=math.nan))


def test_curves_are_copies() -> None:
    history = History()
    history.record("a", 1, {"train_loss": 1.0})
    (line,) = history.curves(["a"], ["train_loss"]).series
    history.record("a", 2, {"train_loss": 2.0})
    assert line.y.tolist() == [1.0]
    line.y[0] = 99.0
    assert history.curves(["a"], ["train_loss"]).series[0].y.tolist() == [1.0, 2.0]


def test_lines_come_arm_by_arm_and_only_if_measured() -> None:
    history = History()
    history.record("b", 1, {"val_loss": 1.0, "train_loss": 2.0})
    history.record("a", 1, {"train_loss": 3.0})
    lines = history.curves(["a", "b"], ["train_loss", "val_loss"]).series
    assert [(line.arm, line.metric) for line in lines] == [
        ("a", "train_loss"),
        ("b", "train_loss"),
        ("b", "val_loss"),
    ]
    assert history.latest("c") == {}
    assert history.derived("c") == {}
