from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz import mark_choice, shuffled


@st.composite
def _answers(draw: st.DrawFn) -> tuple[frozenset[int], frozenset[int], int]:
    n = draw(st.integers(1, 8))
    some = st.frozensets(st.integers(0, n - 1))
    return draw(some), draw(some), n


@given(_answers())
def test_every_option_gets_the_verdict_that_truth_and_choice_decide(
    answer: tuple[frozenset[int], frozenset[int], int],
) -> None:
    right, chosen, n = answer
    mark = mark_choice(right, chosen, n)
    assert {i for i, v in enumerate(mark.verdicts) if v in ("hit", "missed")} == right
    assert {i for i, v in enumerate(mark.verdicts) if v in ("hit", "false_alarm")} == chosen
    assert len(mark.verdicts) == n


@given(_answers())
def test_correct_exactly_when_nothing_is_missed_and_nothing_falsely_chosen(
    answer: tuple[frozenset[int], frozenset[int], int],
) -> None:
    right, chosen, n = answer
    mark = mark_choice(right, chosen, n)
    assert mark.correct == (right == chosen)
    assert mark.correct == (not {"missed", "false_alarm"} & set(mark.verdicts))


def test_a_part_of_the_right_options_is_not_enough() -> None:
    mark = mark_choice(frozenset({0, 2}), frozenset({0}), 3)
    assert not mark.correct
    assert mark.verdicts == ("hit", "correct_rejection", "missed")


@pytest.mark.parametrize(("right", "chosen"), [({3}, {0}), ({0}, {3}), ({0}, {-1})])
def test_an_index_outside_is_refused(right: set[int], chosen: set[int]) -> None:
    with pytest.raises(ValueError, match="no such option"):
        mark_choice(frozenset(right), frozenset(chosen), 3)


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
