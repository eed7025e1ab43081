"""Certainty-based marking, and the figures of the progress screen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.progress.certainty import FEWEST, POINTS, Level, levels, points
from tutor.progress.summary import Result

AT = datetime(2026, 11, 23, tzinfo=UTC)


def result(score: float, confidence: int | None) -> Result:
    return Result("q", score, AT, None, confidence)


@pytest.mark.parametrize(
    ("score", "confidence", "expected"),
    [(1, 1, 1), (1, 2, 2), (1, 3, 3), (0, 1, 0), (0, 2, -2), (0, 3, -6), (0.5, 3, -1.5), (1, None, None)],
)
def test_points(score: float, confidence: int | None, expected: float | None) -> None:
    assert points(result(score, confidence)) == expected


@given(st.floats(0, 1))
def test_each_certainty_pays_most_in_its_range(share: float) -> None:
    expected = {c: share * right + (1 - share) * wrong for c, (right, wrong) in POINTS.items()}
    best = max(expected.values())
    silent = [c for c in POINTS if not Level(c, FEWEST, share).verdict.en]
    assert silent
    assert all(expected[c] == pytest.approx(best) for c in silent)


def test_levels_count_only_what_was_asked_and_share_partly_right_answers() -> None:
    found = levels([result(1, 3), result(0.5, 3), result(0, 1), result(1, None)])
    assert found == (Level(3, 2, 0.75), Level(1, 1, 0.0))
    assert not found[0].verdict.en, "no verdict on so few"
    assert "71%" in Level(3, 17, 0.71).told.en
    assert Level(3, 17, 0.71).verdict.zh
