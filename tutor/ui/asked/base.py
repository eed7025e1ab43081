"""What questions of all kinds share as they are asked. No screen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Generic, TypeAlias, TypeVar, cast

from tutor.content.models import OpeningQuestion
from tutor.content.questions import Question
from tutor.content.variants import Drawn, draw, variant
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.progress.store import Confidence
from tutor.quiz.marking import Mark
from tutor.text import Lang, Text
from tutor.ui.pieces import pointer

Given: TypeAlias = Sequence[int | str]
"""An answer as the log holds it."""
Q = TypeVar("Q", bound="Question | OpeningQuestion")


class Asked(ABC, Generic[Q]):
    """A question with the learner's answer so far.

    Attributes:
        source: As the author wrote it.
        question: The variant of it that is asked.
        seed: Decides the variant and the order of what is shown, so that a place on the screen can't be learned.
        drawn: Parameters of the variant.
        cursor: Place of the cursor among `stops`.
        unsure: Whether it is asked how sure the learner is.
        confidence: What was said to that, once submitted.
        hints: How many hints are shown.
        blank: The answer before the learner has done anything.
        mark: The verdict, once submitted.
        left_open: Whether it stayed without an answer, and is shown with the one that it has.
    """

    HOW: ClassVar[Text]
    """What to do, in a word or two."""
    FIRST: ClassVar[Text]
    """What Enter says while there is no answer."""

    def __init__(self, source: Q, seed: int, drawn: Drawn | None = None) -> None:
        self.source, self.seed = source, seed
        self.drawn: Drawn = {}
        self.question = source
        if not isinstance(source, OpeningQuestion) and source.params:
            known = drawn is not None and drawn.keys() == source.params.keys()
            self.drawn = drawn if known and drawn is not None else draw(source, seed)
            self.question = cast("Q", variant(source, self.drawn))
        self.cursor = 0
        self.unsure = False
        self.confidence: Confidence | None = None
        self.hints = 0
        self.blank: Given = ()
        self.mark: Mark | None = None
        self.submitted = self.left_open = False

    @property
    @abstractmethod
    def stops(self) -> int:
        """How many places the cursor has."""

    @property
    @abstractmethod
    def answer(self) -> Given:
        """The answer so far, as the log holds it."""

    @property
    def begun(self) -> bool:
        """Whether the learner has changed anything of it."""
        return self.answer != self.blank

    @abstractmethod
    def restore(self, given: Given) -> bool:
        """Take an answer, whole or half; False, and nothing is taken, when the question has no place for it any more."""

    @property
    @abstractmethod
    def missing(self) -> Text | None:
        """What has to be done before it can be submitted; None: nothing."""

    @abstractmethod
    def marked(self) -> Mark | None:
        """Return the mark of the answer; None of an opening question."""

    @abstractmethod
    def body(self, lang: Lang, width: int) -> list[Row]:
        """Return what is below the question: what can be chosen or typed, and once submitted what is said about it.

        The rows of a stop of the cursor have the link ``stop:<n>`` until then.
        """

    @property
    def following(self) -> int | None:
        """The stop to which Enter goes; None where it submits."""
        return None

    @property
    def typing(self) -> bool:
        """Whether keys are letters now."""
        return False

    def prompt(self, lang: Lang) -> str:
        return self.question.prompt[lang]

    def told(self) -> list[Text]:
        """Return what is said beside the verdict."""
        return []

    def press(self, key: str, character: str | None) -> bool:
        """Answer a key; False when it means nothing here."""
        if key in ("up", "down"):
            self.cursor = (self.cursor + (1 if key == "down" else -1)) % self.stops
            return True
        return False

    def paste(self, text: str) -> bool:
        """Take a pasted text; False where nothing is typed."""
        return False

    def pick(self, link: str) -> bool:
        """Answer a click on a link; False when it means nothing here."""
        kind, _, rest = link.partition(":")
        if kind == "stop" and rest.isdigit() and int(rest) < self.stops:
            self.cursor = int(rest)
            return True
        return False

    def hint(self) -> bool:
        """Show one more hint; False when there is none."""
        if isinstance(self.question, OpeningQuestion) or self.submitted:
            return False
        shown, self.hints = self.hints, min(self.hints + 1, len(self.question.hints))
        return self.hints > shown

    def submit(self, confidence: Confidence | None = None) -> bool:
        """Mark the answer; False while there is none."""
        if not self.submitted and self.missing is None:
            self.submitted, self.unsure, self.confidence = True, False, confidence
            self.mark = self.marked()
        return self.submitted

    def leave_open(self) -> None:
        """Show what would have been right, since no answer can be given any more."""
        self.submitted = self.left_open = True
        self.unsure, self.mark = False, self.marked()

    def _pointer(self, stop: int) -> Run:
        return pointer(stop == self.cursor and not self.submitted)

    def _link(self, stop: int) -> str:
        return "" if self.submitted else f"stop:{stop}"


def entry(
    head: Sequence[Run], text: str, width: int, link: str = "", *, strong: bool = False, role: str = "text"
) -> list[Row]:
    """Return a text behind a head, all of it with a link."""
    ink = "strong" if strong else role
    body = [replace(run, fg=ink if run.fg in ("", "text") else run.fg, link=link) for run in inline(text)]
    return wrap([*(replace(run, link=link) for run in head), *body], width, indent=row_width(head))


def said(text: str, width: int, indent: int) -> list[Row]:
    """Return what is said about an answer, moved in."""
    if "\n\n" in text.strip():
        return [(Run(" " * indent), *row) for row in render(text, max(1, width - indent))]
    return entry([Run(" " * indent)], text, width, role="dim")


def mistake(name: Text, lang: Lang, width: int, indent: int) -> list[Row]:
    text = Text(f"常见误解：{name.zh}", f"Common mistake: {name.en}")
    return wrap([Run(" " * indent), Run(clean(text[lang]), "warn", italic=True)], width, indent=indent)


def why(reason: str, misconception: Text | None, lang: Lang, width: int, indent: int) -> list[Row]:
    """Return what is said about an answer, and below it the mistake behind it, if it is one."""
    rows = said(reason, width, indent)
    return rows if misconception is None else [*rows, *mistake(misconception, lang, width, indent)]


RIGHT_IS = Text("正确答案：{answer}", "The answer: {answer}")
