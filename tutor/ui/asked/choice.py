"""Questions with options: one or several of them, or true and false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.content.models import OpeningQuestion
from tutor.content.questions import MultipleQuestion, SingleQuestion, TrueFalseQuestion
from tutor.content.variants import Drawn
from tutor.plot.cells import Row, Run, row_width
from tutor.quiz.marking import Mark, mark_choice
from tutor.quiz.shuffle import shuffled
from tutor.text import Lang, Text
from tutor.ui.asked.base import Asked, Given, entry, why


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


TRUE, FALSE = Text("对", "True"), Text("错", "False")


def _choices_of(
    question: SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion,
) -> tuple[Choice, ...]:
    """Return the options of a question in file order; a statement has two, true first."""
    if isinstance(question, TrueFalseQuestion):
        wrong = question.misconception
        return (
            Choice(0, TRUE, bool(question.answer), question.reason_true, None if question.answer else wrong),
            Choice(1, FALSE, not question.answer, question.reason_false, wrong if question.answer else None),
        )
    if isinstance(question, OpeningQuestion):
        return tuple(Choice(i, option.text, None, option.reply) for i, option in enumerate(question.options))
    return tuple(
        Choice(i, option.text, bool(option.correct), option.reason, option.misconception)
        for i, option in enumerate(question.options)
    )


class ChoiceAsked(Asked[SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion]):
    """One or several of some options, in an order that the seed decides where it means nothing."""

    FIRST = Text("先选一项：按数字或空格", "Choose first: a number, or space")

    def __init__(
        self,
        source: SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion,
        seed: int,
        drawn: Drawn | None = None,
    ) -> None:
        super().__init__(source, seed, drawn)
        self.choices = _choices_of(self.question)
        if isinstance(self.question, SingleQuestion | MultipleQuestion) and not self.question.ordered:
            self.choices = tuple(self.choices[i] for i in shuffled(len(self.choices), seed))
        self.several = isinstance(source, MultipleQuestion)
        self.chosen: set[int] = set()
        """By file index."""

    @property
    def stops(self) -> int:
        return len(self.choices)

    @property
    def answer(self) -> Given:
        return sorted(self.chosen)

    def restore(self, given: Given) -> bool:
        if not given or not {choice.index for choice in self.choices}.issuperset(given):
            return False
        self.chosen = {int(index) for index in given}
        return True

    @property
    def missing(self) -> Text | None:
        return None if self.chosen else self.FIRST

    def marked(self) -> Mark | None:
        if isinstance(self.question, OpeningQuestion):
            return None
        right = frozenset(choice.index for choice in self.choices if choice.correct)
        exact = isinstance(self.question, MultipleQuestion) and self.question.exact
        return mark_choice(right, frozenset(self.chosen), len(self.choices), exact=exact)

    def choose(self, place: int) -> bool:
        """Choose the option shown at a place, or where several may be chosen, let go of it if it is."""
        if not 0 <= place < len(self.choices):
            return False
        self.cursor = place
        index = self.choices[place].index
        self.chosen = self.chosen ^ {index} if self.several else {index}
        return True

    def press(self, key: str, character: str | None) -> bool:
        if key == "space":
            return self.choose(self.cursor)
        if isinstance(self.question, TrueFalseQuestion) and key in ("t", "f"):
            return self.choose(0 if key == "t" else 1)
        return (key.isdecimal() and self.choose(int(key) - 1)) or super().press(key, character)

    def pick(self, link: str) -> bool:
        return super().pick(link) and self.choose(self.cursor)

    def told(self) -> list[Text]:
        if self.mark is None or not self.several:
            return []
        verdicts = [self.mark.verdicts[choice.index] for choice in self.choices]
        return [
            text.format(which=_numbers(verdicts, verdict))
            for verdict, text in _OF_SEVERAL.items()
            if verdict in verdicts
        ]

    def body(self, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        for place, choice in enumerate(self.choices):
            chosen = choice.index in self.chosen
            sign, look = self._sign(choice, chosen=chosen)
            head = (self._pointer(place), Run(f"{place + 1} ", "key"), Run(f"{sign} ", look, bold=True))
            strong = chosen or (place == self.cursor and not self.submitted)
            rows += entry(head, choice.text[lang], width, self._link(place), strong=strong)
            if self.submitted and (choice.correct is not None or chosen):
                behind = choice.misconception if chosen else None
                rows += why(choice.reason[lang], behind, lang, width, row_width(head))
            rows.append(())
        return rows

    def _sign(self, choice: Choice, *, chosen: bool) -> tuple[str, str]:
        """Return the mark before an option: never colour alone."""
        if not self.submitted or choice.correct is None:
            box = "[x]" if chosen else "[ ]"
            dot = "(o)" if chosen else "( )"
            return (box if self.several else dot), ("key" if chosen else "dim")
        if choice.correct:
            return ("[+]", "good") if chosen else ("[!]", "warn")
        return ("[x]", "bad") if chosen else ("[ ]", "dim")


def _numbers(values: Sequence[object], wanted: object) -> Text:
    """Return the numbers, as shown, of the places that have a value."""
    found = [str(place) for place, value in enumerate(values, 1) if value == wanted]
    return Text("、".join(found), ", ".join(found))


_OF_SEVERAL = {
    "missed": Text("漏选 {which}", "missed: {which}"),
    "false_alarm": Text("错选 {which}", "wrongly chosen: {which}"),
}
