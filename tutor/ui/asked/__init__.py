"""Questions as they are asked, a class for each kind: what is shown, what keys and clicks do, the answer, its mark. No screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.content.models import OpeningQuestion
from tutor.content.questions import (
    ClozeQuestion,
    LabQuestion,
    MatchQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
)
from tutor.content.variants import Drawn
from tutor.ui.asked.base import Asked
from tutor.ui.asked.choice import ChoiceAsked
from tutor.ui.asked.lab import LabAsked
from tutor.ui.asked.moved import MatchAsked, OrderAsked
from tutor.ui.asked.typed import ClozeAsked, NumericAsked

__all__ = [
    "Asked",
    "ChoiceAsked",
    "ClozeAsked",
    "LabAsked",
    "MatchAsked",
    "NumericAsked",
    "OrderAsked",
    "ask",
]

_KINDS: Mapping[type, type[Asked[Any]]] = {
    NumericQuestion: NumericAsked,
    ClozeQuestion: ClozeAsked,
    OrderQuestion: OrderAsked,
    MatchQuestion: MatchAsked,
    LabQuestion: LabAsked,
}


def ask(question: Question | OpeningQuestion, seed: int, drawn: Drawn | None = None) -> Asked[Any]:
    """Return a question as it is asked.

    Raises:
        InputError: No draw of its parameters is allowed, or an expression is malformed.
        pydantic.ValidationError: With the drawn parameters it is no question.
    """
    asked = _KINDS.get(type(question), ChoiceAsked)(question, seed, drawn)
    asked.blank = asked.answer
    return asked
