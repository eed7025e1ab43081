"""A question as it is asked: options in shuffled order, what was chosen, what is said to it. No screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.content.models import (
    MultipleQuestion,
    OpeningQuestion,
    Question,
    SingleQuestion,
    TrueFalseQuestion,
)
from tutor.quiz import Mark, mark_choice, shuffled
from tutor.text import Text

TRUE, FALSE = Text("对", "True"), Text("错", "False")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question of any kind.

    Attributes:
        index: Place in the file, which the log stores.
        text: What is offered.
        correct: Whether it is right; None for an opening question, where nothing is.
        reason: What is said about it.
        misconception: Name of the mistake behind it.
    """

    index: int
    text: Text
    correct: bool | None
    reason: Text
    misconception: Text | None = None


def choices_of(question: Question | OpeningQuestion) -> tuple[Choice, ...]:
    """Return the options of a question in file order; a statement has two, true first."""
    if isinstance(question, TrueFalseQuestion):
        wrong = question.misconception
        return (
            Choice(0, TRUE, question.answer, question.reason_true, None if question.answer else wrong),
            Choice(1, FALSE, not question.answer, question.reason_false, wrong if question.answer else None),
        )
    if isinstance(question, OpeningQuestion):
        return tuple(Choice(i, option.text, None, option.reply) for i, option in enumerate(question.options))
    return tuple(
        Choice(i, option.text, option.correct, option.reason, option.misconception)
        for i, option in enumerate(question.options)
    )


@dataclass
class Asked:
    """A question with the learner's answer so far.

    Attributes:
        question: What is asked.
        seed: Decides the order of the options, so that a place on the screen can't be learned.
        marked: Place of the cursor, in shown order.
        chosen: Chosen options, by file index.
        mark: The verdict, once submitted.
    """

    question: Question | OpeningQuestion
    seed: int
    marked: int = 0
    chosen: set[int] = field(default_factory=set)
    mark: Mark | None = None
    submitted: bool = False

    def __post_init__(self) -> None:
        choices = choices_of(self.question)
        if isinstance(self.question, SingleQuestion | MultipleQuestion):
            choices = tuple(choices[i] for i in shuffled(len(choices), self.seed))
        self.choices = choices

    @property
    def several(self) -> bool:
        return isinstance(self.question, MultipleQuestion)

    def move(self, by: int) -> None:
        """Move the cursor, which chooses nothing."""
        if self.submitted:
            return
        self.marked = (self.marked + by) % len(self.choices)

    def choose(self, place: int) -> None:
        """Choose (or, where several may be, toggle) the option shown at ``place``."""
        if self.submitted or not 0 <= place < len(self.choices):
            return
        self.marked = place
        index = self.choices[place].index
        if self.several:
            self.chosen ^= {index}
        else:
            self.chosen = {index}

    def restore(self, chosen: Sequence[int | str]) -> None:
        """Take an answer that was given before; one that the question has no options for any more is left."""
        if chosen and {choice.index for choice in self.choices}.issuperset(chosen):
            self.chosen = {int(index) for index in chosen}
            self.submit()

    def submit(self) -> bool:
        """Mark the answer; False while nothing is chosen."""
        if self.submitted:
            return True
        if not self.chosen:
            return False
        self.submitted = True
        if not isinstance(self.question, OpeningQuestion):
            right = frozenset(choice.index for choice in self.choices if choice.correct)
            self.mark = mark_choice(right, frozenset(self.chosen), len(self.choices))
        return True
