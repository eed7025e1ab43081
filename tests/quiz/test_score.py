from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.score import Score, score


@given(st.lists(st.sampled_from([True, False, None])))
def test_counts_add_up(results: list[bool | None]) -> None:
    found = score(results)
    assert found.total == len(results)
    assert found.answered == found.total - results.count(None)
    assert found.right == results.count(True)
    assert 0 <= found.share <= 1
    assert found.finished == (None not in results)


def test_the_share_is_of_all_that_is_asked() -> None:
    assert Score(right=3, answered=4, total=12).share == 0.25
    assert score([]).share == 0
