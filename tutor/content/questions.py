"""The kinds of questions, as pydantic models: the schema of ``quizzes/<unit>/<section>.yaml``.

Where a question has ``params``, each attempt draws them anew (`tutor.content.variants`): its texts may have places such as
``{n * d:,.0f}``, and its key is an expression over the same names.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tutor.content.models import Id, Model, Name
from tutor.text import Text

Expression = Annotated[str, StringConstraints(max_length=500)]
"""Over the names of ``params``, see `tutor.content.expressions`."""

Truth = Annotated[bool | Expression, Field(union_mode="left_to_right")]
Number = Annotated[float | Expression, Field(union_mode="left_to_right")]
"""As it stands, or computed from the parameters. What YAML holds is text, so the plain one is tried first."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
MOST_VALUES = 10_000
"""Of a parameter."""

ParamName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)]


class Parameter(Model):
    """A number that each attempt draws anew: one of ``values``, or an even step on the way from ``low`` to ``high``."""

    values: tuple[Finite, ...] = ()
    low: Finite | None = None
    high: Finite | None = None
    step: Annotated[Finite, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _has_values(self) -> Parameter:
        ranged = self.low is not None and self.high is not None and self.low < self.high
        if bool(self.values) == ranged or (not ranged and (self.low is not None or self.high is not None)):
            raise ValueError("param.no_values")
        if ranged and (self.high or 0.0) - (self.low or 0.0) > MOST_VALUES * self.step:
            raise ValueError("param.too_many")
        return self


class _Question(Model):
    id: Id
    concepts: Annotated[tuple[Name, ...], Field(min_length=1)]
    difficulty: Annotated[int, Field(ge=1, le=3)]
    step: Name
    """The lesson step that teaches what is asked."""
    prompt: Text
    hints: tuple[Text, ...] = ()
    """Help on demand, each a little more."""
    params: dict[ParamName, Parameter] = {}  # noqa: RUF012
    let: dict[ParamName, Expression] = {}  # noqa: RUF012
    """Names for values that follow from the parameters, in order."""
    where: Expression | None = None
    """What must be true of the drawn numbers."""


class Option(Model):
    """One of the answers offered."""

    text: Text
    correct: Truth = False
    """An expression where it depends on the parameters."""
    reason: Text
    """Why it is right or wrong, shown after the answer."""
    otherwise: Text | None = None
    """What is said instead where an expression makes it wrong."""
    misconception: Text | None = None
    """The name of the mistake behind a wrong option; required when the option can be wrong."""

    @model_validator(mode="after")
    def _distractor_names_its_mistake(self) -> Option:
        if self.correct is not True and self.misconception is None:
            raise ValueError("option.misconception_missing")
        return self


Options = Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]


class SingleQuestion(_Question):
    """Exactly one option is right."""

    kind: Literal["single"]
    options: Options
    ordered: bool = False
    """Whether the options are shown in this order, which means something, as that of numbers does."""

    @model_validator(mode="after")
    def _one_is_right(self) -> SingleQuestion:
        if _sure(self.options) and sum(bool(option.correct) for option in self.options) != 1:
            raise ValueError("single.not_one_right")
        return self


class MultipleQuestion(_Question):
    """One or more options are right."""

    kind: Literal["multiple"]
    options: Options
    ordered: bool = False
    """As of a single choice."""
    exact: bool = False
    """Whether only all right options and no other have a score; else each false one takes a right one away."""

    @model_validator(mode="after")
    def _some_are_right(self) -> MultipleQuestion:
        if _sure(self.options) and not any(option.correct for option in self.options):
            raise ValueError("multiple.none_right")
        return self


def _sure(options: tuple[Option, ...]) -> bool:
    """Return whether no parameter decides which are right."""
    return all(isinstance(option.correct, bool) for option in options)


class TrueFalseQuestion(_Question):
    """A statement that holds or does not."""

    kind: Literal["true_false"]
    answer: Truth
    reason_true: Text
    """What is said to the learner who chose true."""
    reason_false: Text
    """What is said to the learner who chose false."""
    misconception: Text
    """The name of the mistake behind the wrong answer."""


class ToleranceSpec(Model):
    """How far from the key a number may be; the widest counts."""

    absolute: Annotated[Finite, Field(ge=0)] = 0.0
    """In the question's unit."""
    relative: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the key."""
    digits: Annotated[int, Field(ge=1, le=8)] | None = None
    """Significant digits."""


class WrongNumber(Model):
    """A number that tells which mistake was made."""

    value: Number
    reason: Text
    misconception: Text


class NumericQuestion(_Question):
    """A number, typed with or without its unit."""

    kind: Literal["numeric"]
    answer: Number
    unit: str = ""
    """Such as ``GB`` or ``FLOP/s``; see `tutor.quiz.numbers`."""
    things: Text | None = None
    """What is counted, where it has no unit: 词元, tokens."""
    tolerance: ToleranceSpec = ToleranceSpec()
    wrong: tuple[WrongNumber, ...] = ()
    reason: Text
    """How the number comes about."""


class WrongWord(Model):
    """Wrong words for a blank that tell which mistake was made."""

    words: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Text
    misconception: Text


class Blank(Model):
    """A gap in a text: to be chosen from ``options``, or to be typed, in Latin letters or digits, as one of ``accept``."""

    options: tuple[Option, ...] = ()
    accept: tuple[str, ...] = ()
    folding: Literal["none", "nfc", "zh", "loose"] = "loose"
    """What a typed answer may differ in, see `tutor.quiz.marking`; ``none`` for code and formulas."""
    wrong: tuple[WrongWord, ...] = ()
    reason: Text | None = None
    """Why it is right, where it is typed."""

    @model_validator(mode="after")
    def _chosen_or_typed(self) -> Blank:
        if bool(self.options) == bool(self.accept) or (self.accept and self.reason is None):
            raise ValueError("blank.chosen_or_typed")
        if self.options and sum(bool(option.correct) for option in self.options) != 1:
            raise ValueError("single.not_one_right")
        if any(not word.isascii() for word in self.accept):
            raise ValueError("blank.not_ascii")
        return self


class ClozeQuestion(_Question):
    """A text with gaps, marked ``[[1]]``, ``[[2]]`` … in the prompt."""

    kind: Literal["cloze"]
    blanks: Annotated[tuple[Blank, ...], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _gaps_are_marked(self) -> ClozeQuestion:
        marks = [f"[[{i + 1}]]" for i in range(len(self.blanks))]
        if any(
            text.count("[[") != len(marks) or any(mark not in text for mark in marks)
            for text in (self.prompt.zh, self.prompt.en)
        ):
            raise ValueError("cloze.marks")
        return self


class OrderQuestion(_Question):
    """Items to be put in order."""

    kind: Literal["order"]
    items: Annotated[tuple[Text, ...], Field(min_length=3, max_length=8)]
    """In the right order."""
    reason: Text
    misconception: Text
    """The mistake behind the usual wrong order."""


class Pair(Model):
    """Two things that belong together."""

    left: Text
    right: Text
    reason: Text


class MatchQuestion(_Question):
    """For each thing on the left the one on the right that belongs to it."""

    kind: Literal["match"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=6)]
    surplus: Annotated[tuple[Text, ...], Field(max_length=4)] = ()
    """Answers on the right that belong to nothing."""
    misconception: Text


class WrongRun(Model):
    """What may have gone wrong in a run, by its metrics."""

    when: str
    reason: Text
    misconception: Text


class LabQuestion(_Question):
    """A task that a run settles: it is read off a run of the lab that the learner makes, never from what is typed."""

    kind: Literal["lab"]
    lab: Name
    settings: dict[str, str] = {}  # noqa: RUF012
    """Config values that are preset."""
    holds: str
    """Expression over the run's final metrics that is true when the task is done."""
    wrong: tuple[WrongRun, ...] = ()
    """The first whose ``when`` is true is told."""
    reason: Text
    """Said when the task is done; ``{arm.metric:.2f}`` is filled from the run."""
    not_yet: Text
    """Said when it isn't, and nothing of ``wrong`` fits."""


Question = Annotated[
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | NumericQuestion
    | ClozeQuestion
    | OrderQuestion
    | MatchQuestion
    | LabQuestion,
    Field(discriminator="kind"),
]


class Quiz(Model):
    """``quizzes/<unit>/<section>.yaml``."""

    section: Id
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
