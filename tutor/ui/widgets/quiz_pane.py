"""Questions one after another with feedback at once; used for quizzes, checks inside a lesson, and opening questions."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from pydantic import ValidationError
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.content.index import SectionIndex
from tutor.content.models import OpeningQuestion, Section, digest
from tutor.content.questions import Question
from tutor.plot.cells import Row
from tutor.progress.store import Answer, Confidence, Store
from tutor.quiz.rounds import Round, in_order, lengths, read_round
from tutor.text import InputError, Text
from tutor.ui.actions import ESC, TAB, Action, in_field
from tutor.ui.asked import Asked, LabAsked, ask
from tutor.ui.asked_rows import SUBMIT, begin_rows, length_rows, question_rows, summary_rows, to_read
from tutor.ui.sure import SURE_KEYS
from tutor.ui.widgets.rows import RowsScroll


class QuizPane(RowsScroll):
    """Asks questions. What keys and clicks mean is the question's; Enter asks how sure the learner is, and that submits.

    The answer is committed (synchronously, before this widget paints again) before the feedback shows.
    """

    SUBMIT: ClassVar[Text] = SUBMIT
    """What Enter says while there is an answer."""
    TELLS_MORE = True
    DEFAULT_CSS = "QuizPane { width: 1fr; height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "previous option", show=False),
        Binding("down", "move(1)", "next option", show=False),
        Binding("left", "turn(-1)", "previous question", show=False),
        Binding("right", "turn(1)", "next question", show=False),
        Binding("space", "mark", "choose / page down", show=False),
        Binding("enter", "go", "submit / next", show=False),
        Binding("h,f2", "hint", "hint", show=False),
        Binding("g", "read_again", "read again", show=False),
        Binding("R", "again", "answer all again", show=False),
    ]

    class Answered(Message):
        """A question was answered and committed."""

    @dataclass
    class StepPicked(Message):
        """The learner wants to read the step that teaches a question."""

        step: str
        question: str
        """That was shown; empty for the summary."""

    class AllKnown(Message):
        """Nothing was missed in a self-test, and the learner wants to go on after the section."""

    def __init__(
        self,
        store: Store,
        unit: str,
        section: Section | SectionIndex,
        questions: Sequence[Question | OpeningQuestion],
        asked_in: str | None = None,
        *,
        rounds: bool = False,
        self_test: bool = False,
    ) -> None:
        """Prepare questions of a section.

        ``asked_in`` is the id of the check step that asks, for the log. With ``rounds`` they are asked in rounds of a length that the
        learner chooses; else all, in order. The end of a ``self_test`` says where in the section to begin.
        """
        super().__init__()
        self.store, self.unit, self.section, self.asked_in = store, unit, section, asked_in
        self.questions = tuple(questions)
        self.rounds, self.self_test = rounds, self_test
        self.titles = {step.id: step.title for step in section.steps}
        self.round: Round | None = None
        self.asked: list[Asked[Any]] = []
        self.index = 0
        self._note: Text | None = None
        opening = any(isinstance(question, OpeningQuestion) for question in questions)
        self._digests = None if opening else {q.id: digest(q) for q in questions}
        kind: Literal["opening", "answer"] = "opening" if opening else "answer"
        if not rounds:
            self._ask(questions, store.answers(unit, section.id, kind, self._digests))
            return
        stored = read_round(store.setting(self._key), [q.id for q in questions])
        if stored is not None:
            self._take_up(stored)
        elif len(self.lengths) == 1:
            self.begin(self.lengths[0])

    def _answers(self) -> dict[str, Answer]:
        """Return the latest answers to the questions as they stand."""
        return self.store.answers(self.unit, self.section.id, digests=self._digests)

    @property
    def _key(self) -> str:
        """Name under which the round is kept."""
        return f"round {self.unit} {self.section.id}"

    @property
    def lengths(self) -> tuple[int, ...]:
        return lengths(len(self.questions))

    @property
    def choosing(self) -> bool:
        """Whether it is asked how long the round shall be."""
        return self.rounds and self.round is None

    def begin(self, length: int) -> None:
        """Begin a round of so many questions."""
        latest = {id: (one.correct, one.at) for id, one in self._answers().items()}
        ids = in_order([q.id for q in self.questions], latest)[:length]
        attempts = self.store.attempt_counts(self.unit, self.section.id)
        self._take_up(Round(tuple(ids), tuple(attempts.get(id, 0) for id in ids)))
        self._keep()

    def _take_up(self, begun: Round) -> None:
        known = {question.id: question for question in self.questions}
        attempts = self.store.attempt_counts(self.unit, self.section.id)
        answers = self._answers()
        given = {id: answers[id] for id in begun.answered(attempts) if id in answers}
        self._ask([known[id] for id in begun.questions], given)
        self.round, self.index = begun, begun.at

    def _keep(self) -> None:
        """Remember where in the round the learner is."""
        if self.round is not None:
            self.round = replace(self.round, at=self.index)
            self.store.set_setting(self._key, self.round.stored())

    def _ask(
        self,
        questions: Sequence[Question | OpeningQuestion],
        given: Mapping[str, Answer],
        seeds: Mapping[str, int] | None = None,
    ) -> None:
        """Put the questions, those with an answer as they were answered; the first without one comes first.

        Another attempt is another variant, and shows the options in another order, as `seeds` by id of the question say or the number
        of attempts.
        """
        attempts = self.store.attempt_counts(self.unit, self.section.id)
        drafts = self._drafts()
        self.asked = []
        for question in questions:
            fresh = zlib.crc32(f"{question.id}/{attempts.get(question.id, 0)}".encode())
            fresh = (seeds or {}).get(question.id, fresh)
            answer = given.get(question.id)
            seed = answer.extra.get("shuffle_seed") if answer is not None else None
            drawn = answer.variant if answer is not None and answer.variant else None
            try:
                asked = ask(question, seed if isinstance(seed, int) else fresh, drawn)
                if answer is not None:
                    if not (asked.restore(answer.chosen) and asked.submit()):
                        asked = ask(question, fresh)  # it was an answer to what the question was before
                elif (draft := drafts.get(question.id)) and draft["of"] == self._wording(asked):
                    asked.restore(draft["answer"])
                    asked.hints, asked.confidence = draft["hints"], draft.get("sure")
            except (InputError, ValidationError):  # what can't be asked is named by `llm-tutor check`
                continue
            self.asked.append(asked)
        self.index = next((i for i, one in enumerate(self.asked) if not one.submitted), len(self.asked))
        self._note = None

    def _drafts(self) -> dict[str, Any]:
        """Return the answers of the section that were begun, with the hints seen, by id of the question."""
        return dict(json.loads(self.store.setting(f"drafts {self.unit} {self.section.id}") or "{}"))

    def _wording(self, asked: Asked[Any]) -> str:
        """Return what a half answer belongs to: another attempt is another variant in another order."""
        return f"{asked.seed} {(self._digests or {}).get(asked.source.id)}"

    def _keep_drafts(self) -> None:
        """Remember the answers that were begun."""
        known = self._drafts()
        drafts = known | {
            one.source.id: {
                "of": self._wording(one),
                "answer": one.answer,
                "hints": one.hints,
                "sure": one.confidence,
            }
            for one in self.asked
        }
        for one in self.asked:
            if one.submitted or not (one.begun or one.hints or one.confidence):
                del drafts[one.source.id]
        if drafts != known:
            self.store.set_setting(f"drafts {self.unit} {self.section.id}", json.dumps(drafts))

    def on_unmount(self) -> None:
        self._keep_drafts()

    @property
    def answered(self) -> bool:
        return all(asked.submitted for asked in self.asked)

    @property
    def current(self) -> Asked[Any] | None:
        """The question shown, None after the last."""
        return self.asked[self.index] if self.index < len(self.asked) else None

    @property
    def typing(self) -> tuple[Action, ...]:
        """What the keys do while a number or a text is typed; nothing else."""
        asked = self.current
        if asked is None or asked.unsure or not asked.typing:
            return ()
        return tuple(
            action
            for action, works in (
                (in_field("enter", Text("提交", "submit")), asked.following is None),
                (in_field("enter", Text("下一空", "next gap")), asked.following is not None),
                (in_field("down", Text("换空", "gaps"), "↑↓"), asked.stops > 1),
                (ESC, True),
                (TAB, len(self.screen.focus_chain) > 1),
                (in_field("f2", Text("提示", "hint"), "F2"), asked.hints < len(asked.question.hints)),
            )
            if works
        )

    @property
    def asking(self) -> tuple[Action, ...]:
        """What the keys do while it is asked how sure the learner is."""
        return SURE_KEYS if self.current is not None and self.current.unsure else ()

    def show_question(self, id: str) -> None:
        """Show a question by its id, if it is one of these."""
        found = next((i for i, one in enumerate(self.asked) if one.question.id == id), None)
        if found is not None:
            self._go_to(found)

    def action_move(self, by: int) -> None:
        self.scroll_relative(y=by * 2, animate=False)

    def _changed(self) -> None:
        """Draw what keys or clicks did, with the place of the cursor in sight."""
        self._note = None
        self.redraw()
        self._show_marked()

    def _show_marked(self) -> None:
        """Bring what the cursor is on into sight; with the first stop also the question, with the last also the button."""
        asked = self.current
        if asked is None or asked.submitted:
            return
        link = f"stop:{asked.cursor}"
        rows = [y for y, row in enumerate(self.rows()) if any(run.link == link for run in row)]
        last = asked.cursor == asked.stops - 1 or asked.unsure or self._note is not None or not rows
        top = 0 if asked.cursor == 0 or not rows else rows[0]
        bottom = len(self.rows()) if last else rows[-1] + 2
        offset, height = self.scroll_offset.y, self.size.height
        if bottom > offset + height:
            self.scroll_to(y=bottom - height, animate=False)
        elif top < offset:
            self.scroll_to(y=top, animate=False)

    def action_mark(self) -> None:
        """Turn a page of the feedback; at its end, go to the next question."""
        asked = self.current
        if asked is None:
            raise SkipAction
        if self.below:
            self.page(1)
        elif asked.submitted:
            self.action_go()

    def action_go(self) -> None:
        """Ask how sure the learner is of the answer; after the feedback, go on; after a self-test, to where one should begin."""
        asked = self.current
        if asked is None:
            if self.self_test and self.asked:
                missed = to_read(self.asked, self.titles)
                self._picked(f"step:{next(iter(missed))}" if missed else "ahead:")
            return
        if asked.submitted:
            self.action_turn(1)
            return
        self._note = asked.missing
        if self._note is None and isinstance(asked.question, OpeningQuestion):
            self._submit(asked, None)
            return
        asked.unsure = self._note is None
        self.redraw()
        self._show_marked()

    def _submit(self, asked: Asked[Any], confidence: Confidence | None) -> None:
        if asked.submit(confidence):
            self._commit(asked)
            self._go_to(self.index)
            self.post_message(self.Answered())

    def _go_to(self, index: int) -> None:
        if self.current is not None:
            self.current.unsure = False
        self.index, self._note = index, None
        self._keep()
        self._keep_drafts()
        self.redraw()
        self.scroll_home(animate=False)

    def action_turn(self, by: int) -> None:
        """Show the next question or the one before, answered or not; after the last the summary."""
        if self.asked:
            self._go_to(min(max(self.index + by, 0), len(self.asked)))

    def action_hint(self) -> None:
        """Show one more hint."""
        asked = self.current
        if asked is not None and asked.hint():
            id, number, of = asked.question.id, asked.hints, (self._digests or {}).get(asked.question.id)
            self.store.record_hint(self.unit, self.section.id, id, number, lang=self.lang, digest=of)
            self.redraw()
            self.scroll_home(animate=False)

    def action_again(self) -> None:
        """Ask all that has a score again, in other variants; of a quiz another round."""
        if self.rounds:
            self.round, self.asked, self.index = None, [], 0
            if len(self.lengths) == 1:
                self.begin(self.lengths[0])
            self.redraw()
            self.scroll_home(animate=False)
        elif any(one.mark is not None for one in self.asked):
            self._ask([one.source for one in self.asked], {})
            self._go_to(0)

    def action_read_again(self) -> None:
        """After an answer, open the step that teaches it."""
        asked = self.current
        if asked is not None and asked.mark is not None:
            self.post_message(self.StepPicked(asked.question.step, asked.question.id))

    async def on_key(self, event: events.Key) -> None:
        if self._key_pressed(event.key, event.character):
            event.stop()
            return
        # A binding goes around by the app, and a key typed right after would overtake it: Enter and then how sure.
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self and await self.app.run_action(bound.binding.action, self):
            event.stop()

    def _key_pressed(self, key: str, character: str | None) -> bool:
        asked = self.current
        if self.choosing and key.isdecimal():
            return self._picked(f"length:{int(key) - 1}")
        if asked is None or asked.submitted:
            return False
        if asked.unsure:
            return self._picked(f"sure:{0 if key == 'escape' else key}")
        if key == "space" and isinstance(asked, LabAsked):
            self.open_lab(asked)
            return True
        if not asked.press(key, character):
            return False
        self._changed()
        return True

    def on_paste(self, event: events.Paste) -> None:
        asked = self.current
        if asked is not None and not asked.submitted and not asked.unsure and asked.paste(event.text):
            event.stop()
            self._changed()

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        if self._picked(event.link):
            event.stop()

    def _picked(self, link: str) -> bool:
        kind, _, rest = link.partition(":")
        asked = self.current
        match kind:
            case "go" if not self._key_pressed("enter", None):
                self.action_go()
            case "sure" if asked is not None and asked.unsure and rest in ("0", "1", "2", "3"):
                confidence: dict[str, Confidence] = {"1": 1, "2": 2, "3": 3}
                if rest in confidence:
                    self._submit(asked, confidence[rest])
                else:
                    asked.unsure = False
                    self._changed()
            case "previous" | "next":
                self.action_turn(1 if kind == "next" else -1)
            case "question":
                self._go_to(int(rest))
            case "length" if self.choosing and 0 <= int(rest) < len(self.lengths):
                self.begin(self.lengths[int(rest)])
                self._go_to(self.index)
            case "hint":
                self.action_hint()
            case "again":
                self.action_again()
            case "step":
                self.post_message(self.StepPicked(rest, asked.question.id if asked is not None else ""))
            case "ahead":
                self.post_message(self.AllKnown())
            case "lab" if isinstance(asked, LabAsked):
                self.open_lab(asked)
            case _:
                if asked is None or asked.submitted or asked.unsure or not asked.pick(link):
                    return False
                self._changed()
        return True

    def open_lab(self, asked: LabAsked) -> None:
        """Open the lab of a question with its settings; the run that has ended there, or before with the same settings, is submitted."""
        from tutor.content.problems import ContentError
        from tutor.ui.screens.lab import LabScreen

        try:
            session = self.app.session(asked.question.lab, self.unit, self.section.id)
        except ContentError as error:
            self.app.show_problems(error)
            return
        was = session.next.copy()
        # Another attempt is another place: what ran with settings of an earlier one isn't taken for its run.
        session.enter(f"{self.unit} {self.section.id} {asked.question.id} {asked.seed}")
        session.next.presets, session.next.step, session.next.tries = dict(asked.question.settings), "", True

        def closed(_: None) -> None:
            snapshot = session.snapshot
            other = session.of_another_step
            if session.phase == "finished" and not other and snapshot is not None:
                asked.ran({arm: dict(values) for arm, values in (snapshot.final or {}).items()})
            session.enter(was.place)
            session.next.presets, session.next.step, session.next.tries = was.presets, was.step, was.tries
            self._changed()
            if other and asked.metrics is None:
                self._note = _OTHER_RUN
                self.redraw()

        self.app.push_screen(LabScreen(session), closed)

    def _commit(self, asked: Asked[Any]) -> None:
        question, section = asked.question, self.section.id
        if isinstance(question, OpeningQuestion):
            chosen = [int(index) for index in asked.answer]
            self.store.record_opening(self.unit, section, question.id, chosen, lang=self.lang)
            return
        assert asked.mark is not None
        noted: dict[str, Any] = {"shuffle_seed": asked.seed}
        noted |= {"hints": asked.hints} if asked.hints else {}
        self.store.record_answer(
            self.unit, section, question.id, asked.answer, asked.mark.score,
            step=self.asked_in or question.step, lang=self.lang, variant=asked.drawn,
            digest=(self._digests or {}).get(question.id),
            confidence=asked.confidence, extra=noted,
        )  # fmt: skip

    def build(self, width: int, height: int) -> Sequence[Row]:
        width = max(1, width - 1)  # a column stays free before the scrollbar
        if self.choosing:
            answers = self._answers()
            latest = [answers[q.id].correct if q.id in answers else None for q in self.questions]
            return length_rows(self.lengths, latest, self.lang, width)
        if self.current is None and self.self_test and self.asked:
            after = self.app.library.index().following(self.unit, self.section.id)
            title = after[1].title if after is not None and after[1].state == "ready" else None
            return begin_rows(self.asked, self.titles, title, self.lang, width)
        if self.current is None:
            return summary_rows(self.asked, self.titles, self.lang, width, rounds=self.rounds)
        place = (self.index + 1, len(self.asked))
        saved = self.store.waiting is None
        return question_rows(
            self.current, place, self._note, self.titles, self.lang, width, saved=saved, submit=self.SUBMIT
        )


_OTHER_RUN = Text(
    "实验里还是早先的一次运行，设置或种子与这道题的不同。按空格打开，在那里再按空格，照题里的设置跑一次",
    "The lab still shows an earlier run with other settings or another seed than this question’s: open it with space, and run it there with space",
)
