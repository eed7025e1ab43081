"""Questions one after another with feedback at once; used for quizzes, checks inside a lesson, and opening questions."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.content.models import OpeningQuestion, Question, TrueFalseQuestion
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.asked import Asked, Choice
from tutor.ui.widgets.rows import RowsScroll

_KINDS = {
    "single": Text("单选", "Choose one"),
    "multiple": Text("多选，选出所有正确的", "Choose all that are right"),
    "true_false": Text("判断", "True or false?"),
    "opening": Text("先想一想（不计分）", "Before you start (not scored)"),
}


class QuizPane(RowsScroll):
    """Asks questions.

    The answer is committed (by whoever handles `Answered`, synchronously, before this widget paints again) before the feedback shows.
    """

    DEFAULT_CSS = "QuizPane { width: 1fr; height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "previous option", show=False),
        Binding("down", "move(1)", "next option", show=False),
        Binding("space", "mark", "choose", show=False),
        Binding("enter", "go", "submit / next", show=False),
        Binding("g", "read_again", "read again", show=False),
    ]

    @dataclass
    class Answered(Message):
        """A question was answered and committed."""

        pane: QuizPane
        asked: Asked

        @property
        def control(self) -> QuizPane:
            """The pane, for ``@on`` selectors."""
            return self.pane

    @dataclass
    class Finished(Message):
        """The last question was left."""

        pane: QuizPane

        @property
        def control(self) -> QuizPane:
            """The pane, for ``@on`` selectors."""
            return self.pane

    @dataclass
    class StepPicked(Message):
        """The learner wants to read the step that teaches a question."""

        pane: QuizPane
        step: str

        @property
        def control(self) -> QuizPane:
            """The pane, for ``@on`` selectors."""
            return self.pane

    def __init__(
        self,
        unit: str,
        section: str,
        questions: Sequence[Question | OpeningQuestion],
        *,
        attempts: Mapping[str, int] | None = None,
        start: int = 0,
        step_titles: Mapping[str, Text] | None = None,
        asked_in: str | None = None,
        id: str | None = None,
    ) -> None:
        """Prepare the questions.

        Args:
            unit: Unit of the questions, for the log.
            section: Section of the questions, for the log.
            questions: What is asked, in order.
            attempts: How often each was answered before; another attempt shows another order.
            start: Index of the first question to show.
            step_titles: Titles of lesson steps, to name where something is taught.
            asked_in: Id of the check step that asks, for the log.
            id: Widget id.
        """
        super().__init__(id=id)
        self.unit, self.section = unit, section
        attempts = attempts or {}
        self.asked = [
            Asked(q, seed=zlib.crc32(f"{q.id}/{attempts.get(q.id, 0)}".encode())) for q in questions
        ]
        self.index = min(start, len(self.asked))
        self.step_titles = step_titles or {}
        self.asked_in = asked_in
        self._note: Text | None = None

    @property
    def current(self) -> Asked | None:
        """The question shown, None after the last."""
        return self.asked[self.index] if self.index < len(self.asked) else None

    # -- keys and mouse ------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move between options; after the answer, scroll."""
        asked = self.current
        if asked is None or asked.submitted:
            self.scroll_relative(y=by * 2, animate=False)
            return
        asked.move(by)
        self.redraw()

    def action_mark(self) -> None:
        """Choose the marked option."""
        if self.current is not None:
            self.current.choose(self.current.marked)
            self._note = None
            self.redraw()

    def action_go(self) -> None:
        """Submit; after the feedback, go on."""
        asked = self.current
        if asked is None:
            self.post_message(self.Finished(self))
        elif asked.submitted:
            self.index += 1
            self._note = None
            self.redraw()
            self.scroll_home(animate=False)
            if self.current is None:
                self.post_message(self.Finished(self))
        elif asked.submit():
            self._commit(asked)
            self.redraw()
            self.scroll_home(animate=False)
            self.post_message(self.Answered(self, asked))
        else:
            self._note = Text("先选出至少一项。", "Choose at least one option first.")
            self.redraw()

    def action_read_again(self) -> None:
        """After a wrong answer, open the step that teaches it."""
        asked = self.current
        if (
            asked is not None
            and asked.mark is not None
            and not asked.mark.correct
            and not isinstance(asked.question, OpeningQuestion)
        ):
            self.post_message(self.StepPicked(self, asked.question.step))

    def action_back_one(self) -> None:
        """Look at the previous question again."""
        if self.index > 0:
            self.index -= 1
            self.redraw()
            self.scroll_home(animate=False)

    def on_key(self, event: events.Key) -> None:
        """Digits choose; t and f answer a statement."""
        asked = self.current
        if asked is None or asked.submitted:
            return
        place = int(event.key) - 1 if event.key.isdigit() else -1
        if isinstance(asked.question, TrueFalseQuestion) and event.key in ("t", "f"):
            place = 0 if event.key == "t" else 1
        if 0 <= place < len(asked.choices):
            event.stop()
            asked.choose(place)
            self._note = None
            self.redraw()

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        """A click chooses an option, submits, goes on, or opens a step."""
        kind, _, rest = event.link.partition(":")
        if kind == "option" and self.current is not None:
            event.stop()
            self.current.choose(int(rest))
            self._note = None
            self.redraw()
        elif kind == "go":
            event.stop()
            self.action_go()
        elif kind == "step":
            event.stop()
            self.post_message(self.StepPicked(self, rest))

    def _commit(self, asked: Asked) -> None:
        store = self.tutor.store
        if isinstance(asked.question, OpeningQuestion):
            store.record_opening(
                self.unit, self.section, asked.question.id, sorted(asked.chosen), lang=self.lang
            )
            return
        assert asked.mark is not None
        store.record_answer(
            self.unit, self.section, asked.question.id, sorted(asked.chosen), asked.mark.correct,
            step=self.asked_in or asked.question.step, lang=self.lang, extra={"shuffle_seed": asked.seed},
        )  # fmt: skip

    # -- drawing -------------------------------------------------------------------------------------------------------

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The question, its options, and the feedback once there is an answer."""
        width = max(1, width - 1)  # a column stays free before the scrollbar
        asked = self.current
        if asked is None:
            return self._summary(width)
        question = asked.question
        opening = isinstance(question, OpeningQuestion)
        kind = "opening" if isinstance(question, OpeningQuestion) else question.kind
        head = [
            Run(f"{self.index + 1}/{len(self.asked)}  ", "key", bold=True),
            Run(self.say(_KINDS[kind]), "dim"),
        ]
        if not isinstance(question, OpeningQuestion):
            stars = "*" * question.difficulty
            head.append(Run(self.say(Text(f"   难度 {stars}", f"   difficulty {stars}")), "faint"))
        rows: list[Row] = [tuple(head), *self._verdict(asked, opening=opening), ()]
        rows += [*render(self.say(question.prompt), width), ()]
        for place, choice in enumerate(asked.choices):
            rows += self._option(asked, place, choice, width)
        if self._note is not None:
            rows.append((Run(self.say(self._note), "warn", bold=True),))
        rows.append(self._go(asked))
        if asked.submitted:
            rows += self._where_taught(asked, width)
        return rows

    def _option(self, asked: Asked, place: int, choice: Choice, width: int) -> list[Row]:
        chosen = choice.index in asked.chosen
        link = "" if asked.submitted else f"option:{place}"
        sign, look = _sign(asked, choice, chosen=chosen)
        cursor = "> " if place == asked.marked and not asked.submitted else "  "
        head = (
            Run(cursor, "key", bold=True, link=link),
            Run(f"{place + 1} ", "key", link=link),
            Run(f"{sign} ", look, bold=True, link=link),
        )
        indent = sum(run.width for run in head)
        ink = "strong" if chosen or (place == asked.marked and not asked.submitted) else "text"
        body = [
            Run(r.text, ink if r.fg in ("", "text") else r.fg, r.bg, r.bold, r.italic, link)
            for r in inline(self.say(choice.text))
        ]
        lines = wrap(body, max(4, width - indent)) or [()]
        rows: list[Row] = [(*head, *lines[0])]
        rows += [(Run(" " * indent, link=link), *line) for line in lines[1:]]
        if asked.submitted and (choice.correct is not None or chosen):
            reason = [
                Run(r.text, "dim" if r.fg in ("", "text") else r.fg, r.bg, r.bold, r.italic)
                for r in inline(self.say(choice.reason))
            ]
            rows += [(Run(" " * indent), *line) for line in wrap(reason, max(4, width - indent))]
            if chosen and choice.misconception is not None:
                text = Text(
                    f"常见误解：{choice.misconception.zh}", f"Common mistake: {choice.misconception.en}"
                )
                rows += [
                    (Run(" " * indent), *line)
                    for line in wrap([Run(self.say(text), "warn", italic=True)], max(4, width - indent))
                ]
        rows.append(())
        return rows

    def _verdict(self, asked: Asked, *, opening: bool) -> list[Row]:
        """Right or wrong, above the question, where it is seen without scrolling."""
        if not asked.submitted:
            return []
        row: list[Run] = []
        if not opening and asked.mark is not None:
            right = asked.mark.correct
            text = Text("+ 正确", "+ Right") if right else Text("x 不对", "x Not quite")
            row = [Run(self.say(text), "good" if right else "bad", bold=True)]
            row.append(Run(self.say(Text("  已保存  ", "  saved  ")), "dim"))
        return [(*row, *self._go(asked))]

    def _go(self, asked: Asked) -> Row:
        """The button that submits, or goes on."""
        if not asked.submitted:
            text = Text(" 回车 提交 ", " Enter: submit ")
        elif self.index == len(self.asked) - 1:
            text = Text(" 回车 完成 ", " Enter: finish ")
        else:
            text = Text(" 回车 下一题 ", " Enter: next ")
        return (Run(self.say(text), "chip-ink", "chip", bold=True, link="go:"),)

    def _where_taught(self, asked: Asked, width: int) -> list[Row]:
        """After a wrong answer, the step to read again."""
        step = "" if isinstance(asked.question, OpeningQuestion) else asked.question.step
        title = self.step_titles.get(step)
        if title is None or asked.mark is None or asked.mark.correct:
            return []
        words = Text(f"g 回看：{title.zh}", f"g: read again: {title.en}")
        return [(), *wrap([Run(self.say(words), "accent", link=f"step:{step}")], width)]

    def _summary(self, width: int) -> list[Row]:
        marks = [asked for asked in self.asked if asked.mark is not None]
        if not marks:
            return wrap(
                [
                    Run(
                        self.say(Text("好，开始吧。按 n 进入第一步。", "Good. Press n for the first step.")),
                        "text",
                    )
                ],
                width,
            )
        right = sum(1 for asked in marks if asked.mark is not None and asked.mark.correct)
        rows: list[Row] = [
            (Run(self.say(Text("本轮完成", "Round finished")), "heading", bold=True),),
            (),
            (
                Run(
                    self.say(Text(f"答对 {right} / {len(marks)}", f"{right} of {len(marks)} right")),
                    "strong",
                    bold=True,
                ),
            ),
            (),
        ]
        missed = [asked for asked in marks if asked.mark is not None and not asked.mark.correct]
        steps = {asked.question.step for asked in missed if not isinstance(asked.question, OpeningQuestion)}
        if steps:
            rows.append((Run(self.say(Text("值得回看：", "Worth reading again:")), "text"),))
            for step, title in self.step_titles.items():
                if step in steps:
                    rows += wrap(
                        [Run("  - ", "dim"), Run(self.say(title), "accent", link=f"step:{step}")], width
                    )
        return rows


def _sign(asked: Asked, choice: Choice, *, chosen: bool) -> tuple[str, str]:
    """The mark before an option: never colour alone."""
    if not asked.submitted or choice.correct is None:
        box = "[x]" if chosen else "[ ]"
        dot = "(o)" if chosen else "( )"
        return (box if asked.several else dot), ("key" if chosen else "dim")
    if choice.correct:
        return ("[+]", "good") if chosen else ("[!]", "warn")
    return ("[x]", "bad") if chosen else ("[ ]", "dim")
