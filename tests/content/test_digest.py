"""The digest of a question's wording, by which the learner's log knows whether it is still the one that was answered."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter

from tutor.content.models import digest
from tutor.content.questions import Question

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
CHOICE = json.dumps(
    {
        "id": "q", "kind": "single", "concepts": ["c"], "difficulty": 1, "step": "s",
        "prompt": {"zh": "哪一个 最大？", "en": "Which one is the largest?"},
        "hints": [{"zh": "想一想", "en": "think"}],
        "options": [
            {"text": {"zh": "一", "en": "One"}, "correct": "true", "reason": {"zh": "对", "en": "yes"}},
            {"text": {"zh": "二", "en": "Two"}, "reason": {"zh": "不对", "en": "no"}, "misconception": {"zh": "数错", "en": "miscounts"}},
        ],
    },
    ensure_ascii=False,
)  # fmt: skip
MATCH = json.dumps(
    {
        "id": "q", "kind": "match", "concepts": ["c"], "difficulty": 1, "step": "s",
        "prompt": {"zh": "连线", "en": "Match"}, "misconception": {"zh": "混", "en": "mixes"},
        "pairs": [
            {"left": {"zh": word, "en": word}, "right": {"zh": word * 2, "en": word * 2}, "reason": {"zh": "r", "en": "r"}}
            for word in "ab"
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "before", "after", "other"),
    [
        (CHOICE, "哪一个 最大？", "哪一个最大？", False),
        (CHOICE, "the largest?", "the  largest ?", False),
        (CHOICE, '"yes"', '"yes, it is"', False),
        (CHOICE, "miscounts", "counts wrongly", False),
        (CHOICE, "think", "think again", False),
        (CHOICE, '"difficulty": 1', '"difficulty": 2', False),
        (CHOICE, "the largest", "the smallest", True),
        (CHOICE, "最大", "最小", True),
        (CHOICE, '"Two"', '"Three"', True),
        (MATCH, '"bb"', '"cc"', True),
        (MATCH, '"r"', '"s"', False),
    ],
)
def test_it_is_of_what_is_read_before_the_answer_in_either_language(
    question: str, before: str, after: str, other: bool
) -> None:
    changed = question.replace(before, after)
    assert changed != question
    one, two = (digest(_QUESTION.validate_json(text)) for text in (question, changed))
    assert (one != two) == other
    assert len(one) == 16
