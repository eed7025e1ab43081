"""Questions one after another with feedback at once; used for quizzes, checks inside a lesson, and opening questions."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.content.models import OpeningQuestion, Section, digest
from tutor.content.questions import Question, TrueFalseQuestion
from tutor.plot.cells import Row
from tutor.progress.store import Answer, Store
from tutor.text import Text
from tutor.ui.asked_rows import CHOOSE_FIRST, Asked, question_rows, summary_rows
from tutor.ui.widgets.rows import RowsScroll


class QuizPane(RowsScroll):
    """Asks questions. A number, a click, or space at the cursor chooses; Enter submits what was chosen, and nothing else.

    The answer is committed (by whoever handles `Answered`, synchronously, before this widget paints again) before the feedback shows.
    """

    TELLS_MORE = True
    DEFAULT_CSS = "QuizPane { width: 1fr; height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "previous option", show=False),
        Binding("down", "move(1)", "next option", show=False),
        Binding("space", "mark", "choose / page down", show=False),
        Binding("enter", "go", "submit / next", show=False),
        Binding("g", "read_again", "read again", show=False),
        Binding("R", "again", "answer all again", show=False),
    ]

    class Answered(Message):
        """A question was answered and committed."""

    @dataclass
    class StepPicked(Message):
        """The learner wants to read the step that teaches a question."""

        step: str

    def __init__(
        self,
        store: Store,
        unit: str,
        section: Section,
        questions: Sequence[Question | OpeningQuestion],
        asked_in: str | None = None,
    ) -> None:
        """Prepare questions of a section, in order; ``asked_in`` is the id of the check step that asks, for the log."""
        super().__init__()
        self.store, self.unit, self.section, self.asked_in = store, unit, section, asked_in
        kind: Literal["opening", "answer"] = "opening" if questions is section.opening else "answer"
        digests = {question.id: digest(question) for question in questions} if kind == "answer" else None
        self._ask(questions, store.answers(unit, section.id, kind, digests))

    def _ask(self, questions: Sequence[Question | OpeningQuestion], given: Mapping[str, Answer]) -> None:
        """Put the questions, those with an answer as they were answered; the first without one comes first.

        Another attempt shows the options in another order.
        """
        attempts = self.store.attempt_counts(self.unit, self.section.id)
        self.asked: list[Asked] = []
        for question in questions:
            answer = given.get(question.id)
            seed = answer.extra.get("shuffle_seed") if answer is not None else None
            if not isinstance(seed, int):
                seed = zlib.crc32(f"{question.id}/{attempts.get(question.id, 0)}".encode())
            self.asked.append(Asked(question, seed))
            if answer is not None:
                self.asked[-1].restore(answer.chosen)
        self.index = next((i for i, one in enumerate(self.asked) if not one.submitted), len(self.asked))
        self._note: Text | None = None

    @property
    def answered(self) -> bool:
        return all(asked.submitted for asked in self.asked)

    @property
    def current(self) -> Asked | None:
        """The question shown, None after the last."""
        return self.asked[self.index] if self.index < len(self.asked) else None

    def action_move(self, by: int) -> None:
        asked = self.current
        if asked is None or asked.submitted:
            self.scroll_relative(y=by * 2, animate=False)
            return
        asked.move(by)
        self.redraw()
        self._show_marked(asked)

    def _show_marked(self, asked: Asked) -> None:
        """Bring the option that the cursor is on into sight; with the first also the question, with the last also the button."""
        link = f"option:{asked.marked}"
        rows = [y for y, row in enumerate(self.rows()) if any(run.link == link for run in row)]
        top = 0 if asked.marked == 0 else rows[0]
        bottom = len(self.rows()) if asked.marked == len(asked.choices) - 1 else rows[-1] + 2
        offset, height = self.scroll_offset.y, self.size.height
        if bottom > offset + height:
            self.scroll_to(y=bottom - height, animate=False)
        elif top < offset:
            self.scroll_to(y=top, animate=False)

    def action_mark(self) -> None:
        """Choose the marked option; of the feedback a page down, and at its end the next question."""
        asked = self.current
        if asked is None:
            raise SkipAction
        if not asked.submitted:
            self._choose(asked.marked)
        elif self.below:
            self.page(1)
        else:
            self.action_go()

    def _choose(self, place: int) -> None:
        if self.current is not None:
            self.current.choose(place)
            self._note = None
            self.redraw()

    def action_go(self) -> None:
        """Submit what was chosen; after the feedback, go on."""
        asked = self.current
        if asked is None:
            return
        if asked.submitted:
            self._go_to(self.index + 1)
        elif asked.submit():
            self._commit(asked)
            self._go_to(self.index)
            self.post_message(self.Answered())
        else:
            self._note = CHOOSE_FIRST
            self.redraw()
            self._show_marked(asked)

    def _go_to(self, index: int) -> None:
        self.index, self._note = index, None
        self.redraw()
        self.scroll_home(animate=False)

    def action_again(self) -> None:
        """Ask all that has a score again, options in another order."""
        if any(one.mark is not None for one in self.asked):
            self._ask([one.question for one in self.asked], {})
            self._go_to(0)

    def action_read_again(self) -> None:
        """After a wrong answer, open the step that teaches it."""
        asked = self.current
        if asked is None or asked.mark is None or isinstance(asked.question, OpeningQuestion):
            return
        if not asked.mark.correct:
            self.post_message(self.StepPicked(asked.question.step))

    def action_back_one(self) -> None:
        if self.index > 0:
            self._go_to(self.index - 1)

    def on_key(self, event: events.Key) -> None:
        asked = self.current
        if asked is None or asked.submitted:
            return
        place = int(event.key) - 1 if event.key.isdigit() else -1
        if isinstance(asked.question, TrueFalseQuestion) and event.key in ("t", "f"):
            place = 0 if event.key == "t" else 1
        if 0 <= place < len(asked.choices):
            event.stop()
            self._choose(place)

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        match event.link.split(":"):
            case ["option", place]:
                self._choose(int(place))
            case ["go", _]:
                self.action_go()
            case ["again", _]:
                self.action_again()
            case ["step", step]:
                self.post_message(self.StepPicked(step))
            case _:
                return
        event.stop()

    def _commit(self, asked: Asked) -> None:
        question, section, chosen = asked.question, self.section.id, sorted(asked.chosen)
        if isinstance(question, OpeningQuestion):
            self.store.record_opening(self.unit, section, question.id, chosen, lang=self.lang)
            return
        assert asked.mark is not None
        self.store.record_answer(
            self.unit, section, question.id, chosen, asked.mark.score, digest=digest(question),
            step=self.asked_in or question.step, lang=self.lang, extra={"shuffle_seed": asked.seed},
        )  # fmt: skip

    def build(self, width: int, height: int) -> Sequence[Row]:
        width = max(1, width - 1)  # a column stays free before the scrollbar
        titles = {step.id: step.title for step in self.section.steps}
        if self.current is None:
            return summary_rows(self.asked, titles, self.lang, width)
        place = (self.index + 1, len(self.asked))
        saved = self.store.waiting is None
        return question_rows(self.current, place, self._note, titles, self.lang, width, saved=saved)
