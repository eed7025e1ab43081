from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.shuffle import shuffled


@given(st.integers(0, 30), st.integers())
def test_every_index_once_and_the_same_order_for_the_same_seed(n: int, seed: int) -> None:
    order = shuffled(n, seed)
    assert sorted(order) == list(range(n))
    assert shuffled(n, seed) == order


def test_orders_that_logs_already_refer_to_never_change() -> None:
    assert [shuffled(4, seed) for seed in (0, 1, 2, 20261123)] == [
        (2, 3, 1, 0),
        (1, 3, 2, 0),
        (1, 3, 0, 2),
        (1, 3, 2, 0),
    ]


def test_every_order_comes_up_about_equally_often() -> None:
    counts = Counter(shuffled(3, seed) for seed in range(6000))
    assert len(counts) == 6
    assert all(850 < count < 1150 for count in counts.values())
