"""Variants of questions: the same for the same seed, allowed, sound, and free of places to fill."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tutor.content.expressions import ExpressionError
from tutor.content.questions import NumericQuestion, Question, SingleQuestion
from tutor.content.variants import MOST_VARIANTS, VariantError, draw, every_draw, variant

_QUESTIONS: TypeAdapter[Question] = TypeAdapter(Question)


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def numeric(**more: Any) -> Question:
    return _QUESTIONS.validate_python(
        {
            "id": "q", "kind": "numeric", "concepts": ["c"], "difficulty": 1, "step": "s",
            "prompt": both("{n} layers of width {d}, {{so}}: {total:,.0f}?"),
            "params": {"n": {"values": ["12", "24", "48"]}, "d": {"low": "256", "high": "1024", "step": "256"}},
            "let": {"total": "12 * n * d**2"}, "where": "total < 400e6", "answer": "total", "tolerance": {"relative": "0.02"},
            "wrong": [{"value": "4 * n * d**2", "reason": both("{4*n*d**2:,.0f} is attention alone"), "misconception": both("m")}],
            "reason": both("12 × {n} × {d}²"),
        } | more
    )  # fmt: skip


def single(**more: Any) -> Question:
    options = [
        {"text": both("a is {a}"), "correct": "a > b", "reason": both("yes, {a}"), "otherwise": both("no, {b}"), "misconception": both("m")},
        {"text": both("b is {b}"), "correct": "b > a", "reason": both("yes"), "misconception": both("m")},
    ]  # fmt: skip
    return _QUESTIONS.validate_python(
        {
            "id": "q2", "kind": "single", "concepts": ["c"], "difficulty": 1, "step": "s", "prompt": both("{a} or {b}"),
            "params": {"a": {"values": ["1", "2"]}, "b": {"values": ["1", "2"]}}, "where": "a != b", "options": options,
        } | more
    )  # fmt: skip


@given(st.integers(0, 10**9))
def test_a_seed_draws_the_same_for_ever_and_what_is_allowed(seed: int) -> None:
    question = numeric()
    drawn = draw(question, seed)
    assert drawn == draw(question, seed)
    assert drawn["n"] in (12, 24, 48)
    assert drawn["d"] in (256, 512, 768, 1024)
    assert 12 * drawn["n"] * drawn["d"] ** 2 < 400e6


def test_seeds_reach_every_variant() -> None:
    question = numeric()
    allowed = [tuple(d.values()) for d in every_draw(question)]
    assert len(allowed) == 11
    assert {tuple(draw(question, seed).values()) for seed in range(200)} == set(allowed)


def test_texts_are_filled_and_keys_computed() -> None:
    found = variant(numeric(), {"n": 12.0, "d": 768.0})
    assert isinstance(found, NumericQuestion)
    assert found.prompt.en == "12 layers of width 768, {so}: 84,934,656?"
    assert found.answer == 84_934_656
    assert found.wrong[0].value == 28_311_552
    assert found.wrong[0].reason.zh == "28,311,552 is attention alone"
    assert (found.params, found.let, found.where) == ({}, {}, None)
    assert variant(found, {}) is found


def test_what_is_right_and_why_may_depend_on_the_parameters() -> None:
    for drawn in every_draw(single()):
        found = variant(single(), drawn)
        assert isinstance(found, SingleQuestion)
        assert [option.correct for option in found.options] == [
            drawn["a"] > drawn["b"],
            drawn["b"] > drawn["a"],
        ]
        assert found.options[0].reason.en == ("yes, 2" if drawn["a"] > drawn["b"] else "no, 2")


def test_parameters_that_make_no_question_are_refused() -> None:
    with pytest.raises(ValidationError):
        variant(single(where=None), {"a": 1.0, "b": 1.0})
    with pytest.raises(VariantError):
        draw(numeric(where="total < 0"), 0)
    with pytest.raises(ExpressionError):
        draw(numeric(let={"total": "12 * nn"}), 0)
    for parameter in (
        {},
        {"low": "1"},
        {"low": "2", "high": "1"},
        {"values": ["1"], "low": "1", "high": "2"},
    ):
        with pytest.raises(ValidationError, match="no_values"):
            numeric(params={"n": parameter, "d": {"values": ["1"]}})


@pytest.mark.parametrize("seed", range(20))
def test_the_one_variant_that_is_allowed_is_found(seed: int) -> None:
    rare = {"n": {"low": "1", "high": "10"}, "d": {"low": "1", "high": "20"}}
    assert draw(numeric(params=rare, where="n == 7 and d == 13"), seed) == {"n": 7, "d": 13}


def test_many_variants_are_sampled() -> None:
    wide = {"n": {"low": "1", "high": "100"}, "d": {"low": "1", "high": "100"}}
    assert sum(1 for _ in every_draw(numeric(params=wide))) == MOST_VARIANTS


def test_a_question_without_parameters_has_one_variant() -> None:
    plain = numeric(
        params={}, let={}, where=None, answer="7", wrong=[], prompt=both("How many {x}?"), reason=both("7")
    )
    assert list(every_draw(plain)) == [{}]
    assert variant(plain, draw(plain, 5)).prompt.en == "How many {x}?"


CLOZE: list[tuple[dict[str, Any], str]] = [
    ({"prompt": both("[[1]] and [[2]]"), "blanks": [{"accept": ["x"], "reason": both("r")}]}, "cloze.marks"),
    ({"prompt": {"zh": "[[1]]", "en": "none"}, "blanks": [{"accept": ["x"], "reason": both("r")}]}, "cloze.marks"),
    ({"prompt": both("[[1]]"), "blanks": [{"accept": ["x"]}]}, "blank.chosen_or_typed"),
    ({"prompt": both("[[1]]"), "blanks": [{}]}, "blank.chosen_or_typed"),
    ({"prompt": both("[[1]]"), "blanks": [{"accept": ["词元"], "reason": both("r")}]}, "blank.not_ascii"),
    ({"prompt": both("[[1]]"), "blanks": [{"options": [{"text": both("a"), "reason": both("r"), "misconception": both("m")}] * 2}]}, "single.not_one_right"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "code"), CLOZE)
def test_a_text_with_gaps_that_nobody_could_fill_is_refused(parts: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        _QUESTIONS.validate_python(
            {"id": "q", "kind": "cloze", "concepts": ["c"], "difficulty": 1, "step": "s"} | parts
        )
