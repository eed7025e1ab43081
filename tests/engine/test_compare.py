"""Is a difference more than chance makes of it?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.compare import compare


@pytest.mark.parametrize(
    ("own", "other", "sd", "judgement", "word_en", "word_zh"),
    [
        (1.5, 1.5, None, "within", "exactly equal", "完全相等"),
        (1.5, 1.5, 0.0, "within", "exactly equal", "完全相等"),
        (1.52, 1.5, 0.01, "within", "+0.02, within noise", "噪声之内"),
        (1.40, 1.5, 0.01, "beyond", "-0.1, beyond noise", "超出噪声"),
        (1.40, 1.5, None, "unknown", "noise unknown", "还不知道"),
        (1.40, 1.5, math.nan, "unknown", "noise unknown", "还不知道"),
        (math.nan, 1.5, 0.1, "unknown", "diverged", "发散"),
        (math.inf, 1.5, 0.1, "beyond", "beyond noise", "超出噪声"),
    ],
)
def test_a_difference_is_held_against_noise(
    own: float, other: float, sd: float | None, judgement: str, word_en: str, word_zh: str
) -> None:
    found = compare(own, other, sd)
    assert found.judgement == judgement
    assert word_en in found.text.en
    assert word_zh in found.text.zh


def test_the_bound_is_that_of_a_difference_of_two_runs() -> None:
    assert compare(2.82, 0.0, 1.0).judgement == "within"
    assert compare(2.84, 0.0, 1.0).judgement == "beyond"
    assert compare(0.0, 2.84, 1.0).noise == pytest.approx(2 * math.sqrt(2))


@given(st.floats(), st.floats(), st.none() | st.floats())
def test_a_comparison_is_the_same_from_either_side(own: float, other: float, sd: float | None) -> None:
    there, back = compare(own, other, sd), compare(other, own, sd)
    assert there.judgement == back.judgement
    assert there.difference == -back.difference or math.isnan(there.difference)
