"""Rounds: what comes first, what is kept over a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.rounds import Round, in_order, lengths, read_round

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_unanswered_come_first_then_wrong_then_what_was_right_longest_ago() -> None:
    latest = {"b": (True, NOW), "c": (False, NOW), "d": (True, NOW - timedelta(days=3)), "gone": (False, NOW)}
    assert in_order("abcde", latest) == ["a", "e", "c", "d", "b"]


@pytest.mark.parametrize(("count", "possible"), [(5, (5,)), (10, (10,)), (11, (10, 11)), (26, (10, 20, 26))])
def test_lengths(count: int, possible: tuple[int, ...]) -> None:
    assert lengths(count) == possible


@given(
    st.lists(
        st.tuples(st.text(max_size=5), st.integers(0, 9)),
        min_size=1,
        max_size=12,
        unique_by=lambda one: one[0],
    ),
    st.integers(0, 12),
    st.sets(st.integers(0, 11)),
)
def test_a_round_is_read_as_it_was_without_questions_that_are_gone(
    asked: list[tuple[str, int]], at: int, gone: set[int]
) -> None:
    ids, before = zip(*asked, strict=True)
    at = min(at, len(ids))
    begun = Round(ids, before, at)
    assert read_round(begun.stored(), ids) == begun
    left = [id for i, id in enumerate(ids) if i not in gone]
    found = read_round(begun.stored(), left)
    if not left:
        assert found is None
        return
    assert found is not None
    assert list(found.questions) == left
    assert 0 <= found.at <= len(left)
    if at < len(ids) and at not in gone:
        assert found.questions[found.at] == ids[at], "at the same question"
    assert found.answered(dict(asked)) == frozenset()
    assert found.answered({id: n + 1 for id, n in asked}) == frozenset(left)


@pytest.mark.parametrize(
    "stored",
    [None, "", "null", "[]", "{", '{"questions": ["a"]}', '{"questions": ["a"], "before": [], "at": 0}'],
)
def test_what_is_no_round_is_none(stored: str | None) -> None:
    assert read_round(stored, ["a"]) is None
