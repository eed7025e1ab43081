"""The final examination of a unit: nothing is marked before all is handed in, and its result says what to look at again."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual import on

from tutor.content.examination import draw_examination, questions_of, variant_seed
from tutor.content.index import SectionIndex, UnitIndex
from tutor.content.questions import Question, Quiz
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import shortened
from tutor.plot.wrap import wrap
from tutor.progress.report import day, number
from tutor.progress.store import Confidence, Examined, Store
from tutor.quiz.marking import fully_right
from tutor.text import Lang, Text
from tutor.ui.actions import Action, table
from tutor.ui.asked import Asked
from tutor.ui.asked.base import Given
from tutor.ui.pieces import button, share_bar
from tutor.ui.screens.quiz import QuestionsScreen, QuizScreen
from tutor.ui.widgets.quiz_pane import QuizPane


class ExaminationPane(QuizPane):
    """Asks the questions of an examination; until it is handed in, each answer can be changed."""

    SUBMIT = Text(" 回车 记下 ", " Enter: keep ")

    def __init__(self, store: Store, unit: UnitIndex) -> None:
        steps = tuple(step for section in unit.sections for step in section.steps)
        whole = SectionIndex("examination", unit.title, unit.summary, "ready", steps=steps)
        super().__init__(store, unit.id, whole, ())
        self.of = unit
        self.bank: dict[str, tuple[Question, ...]] = {}
        """What may be asked, by id of the section; empty until it is read."""
        self.seed, self.seeds = 0, dict[str, int]()
        """Of the examination that goes on: its seed, and those of its questions by id, in order; empty when none does."""
        self.result: Examined | None = None
        self._sure_of: dict[str, Given] = {}
        """Answers of which the learner said how sure they are."""

    def load(self, quizzes: Mapping[str, Quiz]) -> None:
        """Take the questions, by id of the section, and go on where the learner was; else show the last result."""
        for id, quiz in quizzes.items():
            self.bank[id] = tuple(q.model_copy(update={"hints": ()}) for q in questions_of(quiz))
        self._digests = {id: one for section in self.of.sections for id, one in section.digests.items()}
        going, done = json.loads(self.store.setting(self._key) or "{}"), self.store.examinations(self.unit)
        there = self._known(going.get("seeds", {}))
        self.seed, self.seeds = going.get("seed", 0), {q.id: going["seeds"][q.id] for q in there}
        if self.seeds:
            self._put(there)
            self._go_to(min(going["at"], len(self.asked)))
        elif done:
            self._show(done[-1])
        self.redraw()

    def _known(self, ids: Iterable[str]) -> list[Question]:
        by_id = {question.id: question for part in self.bank.values() for question in part}
        return [by_id[id] for id in ids if id in by_id]

    def _put(self, questions: Sequence[Question]) -> None:
        self._ask(questions, {}, self.seeds)
        self._sure_of = {one.source.id: one.answer for one in self.asked if one.confidence is not None}

    def begin_examination(self) -> None:
        self.seed = new_seed()
        before = [id for one in self.store.examinations(self.unit) for id in one.scores]
        drawn = draw_examination(self.bank, self.of.examination, self.seed, before)
        asked = self.store.variants(self.unit)
        self.seeds = {q.id: variant_seed(q, self.seed, asked.get(q.id, ())) for q in drawn}
        self._put(drawn)
        self._go_to(0)

    def _keep(self) -> None:
        if self.seeds:
            kept = {"seed": self.seed, "seeds": self.seeds, "at": self.index}
            self.store.set_setting(self._key, json.dumps(kept))

    def _changed(self) -> None:
        asked = self.current
        if asked is not None and self._sure_of.get(asked.source.id, asked.answer) != asked.answer:
            asked.confidence = None
        super()._changed()

    def _submit(self, asked: Asked[Any], confidence: Confidence | None) -> None:
        """Keep the answer, without a word about it."""
        asked.confidence, asked.unsure = confidence, False
        self._sure_of[asked.source.id] = asked.answer
        self.action_turn(1)

    def action_hand_in(self) -> None:
        """Mark and commit all that was answered, then the result; from the page after the last question only."""
        if not self.seeds or self.current is not None:
            return
        for one in self.asked:
            if given(one) and one.submit(one.confidence):
                self._commit(one)
        scores = {one.source.id: one.mark.score if one.mark is not None else None for one in self.asked}
        # After the answers: it is there that the learner goes on.
        left_open = {id: self.seeds[id] for id, score in scores.items() if score is None}
        self.store.record_examination(
            self.unit, self.of.examined_after, self.seed, scores, left_open, lang=self.lang
        )
        self.seeds = {}
        self.store.set_setting(self._key, "{}")
        self._keep_drafts()
        self._show(self.store.examinations(self.unit)[-1])

    def _commit(self, asked: Asked[Any]) -> None:
        question, mark = asked.question, asked.mark
        assert mark is not None
        section = next(id for id, part in self.bank.items() if asked.source in part)
        self.store.record_answer(
            self.unit, section, question.id, asked.answer, mark.score, step=question.step, lang=self.lang, variant=asked.drawn,
            digest=(self._digests or {}).get(question.id), confidence=asked.confidence,
            extra={"shuffle_seed": asked.seed, "examination": self.seed},
        )  # fmt: skip

    def _show(self, result: Examined) -> None:
        """Show a result, and of its questions those that stayed open or weren't answered again since."""
        self.result = result
        answers = {
            id: one
            for section in self.bank
            for id, one in self.store.answers(self.unit, section, digests=self._digests).items()
            if one.extra.get("examination") == result.seed
        }
        there = {*answers, *result.left_open}
        known = [question for question in self._known(result.scores) if question.id in there]
        self._ask(known, answers, result.left_open)
        for one in self.asked:
            if not one.submitted:
                one.leave_open()
        self._go_to(len(self.asked))

    def action_mark(self) -> None:
        if self.current is None:
            self.page(1)
        else:
            super().action_mark()

    def action_go(self) -> None:
        """Begin; on the page before handing in, to the first open question; on that of the result, to the first answer to learn from."""
        if self.current is not None:
            super().action_go()
        elif self.seeds:
            self._go_to(next((i for i, one in enumerate(self.asked) if not given(one)), self.index))
        elif self.result is not None:
            wrong = (i for i, one in enumerate(self.asked) if one.mark is not None and not one.mark.correct)
            self._go_to(next(wrong, self.index))
        elif self.bank:
            self.begin_examination()

    def action_again(self) -> None:
        """After the result, another examination."""
        if not self.seeds:
            self.result, self.asked = None, []
            self._go_to(0)

    def _picked(self, link: str) -> bool:
        if link == "hand_in:":
            self.action_hand_in()
            return True
        return super()._picked(link)

    def build(self, width: int, height: int) -> Sequence[Row]:
        if self.current is not None:
            return super().build(width, height)
        width = max(1, width - 1)  # a column stays free before the scrollbar
        if self.seeds:
            return hand_in_rows(self.asked, self.lang, width)
        if self.result is None:
            return start_rows(self.of.examination, self.lang, width) if self.bank else []
        places, scores = {one.source.id: place for place, one in enumerate(self.asked)}, self.result.scores
        asked = {id: [one for one in part if one.id in scores] for id, part in self.bank.items()}
        return result_rows(self.of, self.result, asked, places, self.lang, width)


def new_seed() -> int:
    """Return what decides another examination."""
    return random.randrange(1 << 32)


def given(asked: Asked[Any]) -> bool:
    """Return whether a question has an answer that can be marked."""
    return asked.missing is None and (asked.begun or asked.confidence is not None)


class ExaminationScreen(QuestionsScreen):
    """The examination of a unit; it goes on where it was left."""

    ACTIONS = table(
        "examination",
        Action("submit", "ctrl+s", "enter", Text("记下/下一题", "keep/next"), Text("记下答案，说有多大把握，然后下一题；交卷以前不判对错", "Keep your answer and say how sure you are, then the next question; nothing is marked before you hand in")),
        *(action for action in QuizScreen.ACTIONS if action.name in ("previous", "next")),
        Action("hand_in", "H", "H", Text("交卷", "hand in"), Text("最后一题之后交卷，看结果", "After the last question, hand in and see the result")),
        Action("again", "R", "R", Text("再考一次", "once more"), Text("看过结果，换一份题再考", "After the result, another examination with other questions")),
        Action("back", "escape", "esc", Text("返回", "back"), Text("先放下，回头接着答", "Leave it, and go on with it later")),
    )  # fmt: skip

    def __init__(self, unit: UnitIndex) -> None:
        super().__init__(self._asks, unit.title, TITLE)
        self.of = unit

    def _asks(self) -> ExaminationPane:
        return ExaminationPane(self.app.store, self.of)

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        """Read the quizzes, which takes as long as several lessons."""
        ready = [section.id for section in self.of.sections if section.state == "ready"]
        quizzes = {id: quiz for id in ready if (quiz := self.app.quiz(self.of.id, id)) is not None}
        self.query_one(ExaminationPane).load(quizzes)

    def works(self) -> dict[str, bool]:
        pane = self.query_one(ExaminationPane)
        all_given = bool(pane.seeds) and all(map(given, pane.asked))
        return {
            "submit": pane.current is not None or (pane.result is None and not all_given),
            "hand_in": bool(pane.seeds) and pane.current is None,
            "again": pane.result is not None,
            "previous": bool(pane.asked),
            "next": pane.current is not None,
        }

    def action_hand_in(self) -> None:
        self.query_one(ExaminationPane).action_hand_in()

    @on(QuizPane.StepPicked)
    def _read(self, event: QuizPane.StepPicked) -> None:
        self.app.open_step(event.step)


def start_rows(count: int, lang: Lang, width: int) -> list[Row]:
    """Return what is said before an examination of so many questions."""
    rows: list[Row] = [(Run(TITLE[lang], "heading", bold=True),), ()]
    for text in (_ASKS.format(n=count), *_RULES):
        rows += wrap([Run(" - ", "accent"), Run(text[lang], "text")], width, indent=3)
    return [*rows, (), (button(_START[lang], "go:"),)]


def hand_in_rows(asked: Sequence[Asked[Any]], lang: Lang, width: int) -> list[Row]:
    """Return what is said after the last question: which are open, each number a link ``question:<place>``."""
    answered = [given(one) for one in asked]
    told = _ANSWERED.format(n=answered.count(True), all=len(asked))
    rows: list[Row] = [(Run(_LAST[lang], "heading", bold=True),), (), *wrap([Run(told[lang])], width), ()]
    numbers: list[Run] = []
    for place, done in enumerate(answered):
        text, look = (f"{place + 1}", "dim") if done else (f"[{place + 1}]", "warn")
        numbers += [Run(" "), Run(text, look, bold=not done, link=f"question:{place}")]
    rows += [*wrap(numbers, width), ()]
    rows += [] if all(answered) else wrap([Run(_OPEN[lang], "key", link="go:")], width)
    rows += [*wrap([Run(_CHANGE[lang], "dim")], width), ()]
    return [*rows, (button(_HAND_IN[lang], "hand_in:"),)]


def result_rows(
    unit: UnitIndex,
    result: Examined,
    asked: Mapping[str, Sequence[Question]],
    places: Mapping[str, int],
    lang: Lang,
    width: int,
) -> list[Row]:
    """Return how an examination went: as a whole, then by section, in each the concepts to look at again and those that were known.

    Args:
        unit: What was examined.
        result: How it went.
        asked: Its questions, by id of the section.
        places: Of the questions that can be looked at, by id of the question.
        lang: The learner's language.
        width: Columns there are.
    """
    scores = {id: score or 0.0 for id, score in result.scores.items()}
    right, points = sum(map(fully_right, scores.values())), sum(scores.values())
    told = _RIGHT.format(right=right, of=len(scores))
    partly = _PARTLY.format(points=number(points))[lang] if round(points, 9) > right else ""
    head = [Run(told[lang], "strong", bold=True), Run(partly, "dim"), Run(f"  {day(result.at)}", "dim")]
    rows: list[Row] = [(Run(_RESULT[lang], "heading", bold=True),), (), *wrap(head, width)]
    if not all(fully_right(scores[id]) for id in places):
        rows += wrap([Run(_LOOK[lang], "key", link="go:")], width)
    for section in (one for one in unit.sections if asked.get(one.id)):
        questions, titles = asked[section.id], {step.id: step.title for step in section.steps}
        points = sum(scores[one.id] for one in questions)
        told_of = Run(f" {number(points):>4}/{len(questions)}", "text")
        bar = [*share_bar(points / len(questions), _BAR), told_of]
        title = Run(shortened(section.title[lang], max(8, width - row_width(bar) - 1)), "heading", bold=True)
        rows += [(), (title, Run(" " * max(1, width - title.width - row_width(bar))), *bar)]
        known: list[Text] = []
        for concept in unit.concepts:
            about, name = [one for one in questions if concept.id in one.concepts], concept.name
            if not about:
                continue
            missed = [one for one in about if not fully_right(scores[one.id])]
            known += [] if missed else [name]
            line = [Run(" x ", "bad", bold=True), Run(name[lang], "strong")]
            for one in missed:
                step = Run(titles.get(one.step, name)[lang], "accent", link=f"step:{one.step}")
                line += [Run(_READ[lang], "dim"), step]
                if result.scores[one.id] is None:
                    line.append(Run(_OPEN_STILL[lang], "dim"))
                if one.id in places:
                    see = _SEE.format(n=places[one.id] + 1)[lang]
                    line.append(Run(see, "key", link=f"question:{places[one.id]}"))
            rows += wrap(line, width, indent=3) if missed else []
        line = [Run(" + ", "good", bold=True), Run(Text.joined(known, "、", ", ")[lang], "dim")]
        rows += wrap(line, width, indent=3) if known else []
    return [*rows, (), (button(_AGAIN[lang], "again:"),)]


_BAR = 12
TITLE = Text("单元考试", "Final examination")
_ASKS = Text(
    "{n} 道题，从全单元各节按概念抽出；题里的数每次重新取。",
    "{n} {n:question|questions}, drawn by concept from all sections of the unit; numbers in them are drawn anew each time.",
)
_RULES = (
    Text("没有提示。交卷以前不判对错，答过的都可以改。", "No hints, and nothing is marked before you hand in; until then you can change any answer."),
    Text("随时可以放下，回来接着答。", "You can leave at any time, and go on where you were."),
    Text("别翻课文：结果是给你自己看的，告诉你哪些该再看一遍。", "Don’t look things up: the result is for you alone, and shows what to look at again."),
)  # fmt: skip
_START = Text(" 回车 开始 ", " Enter: begin ")
_LAST = Text("交卷之前", "Before you hand in")
_ANSWERED = Text("{all} 题答了 {n} 题。", "{n} of {all} answered.")
_OPEN = Text("回车 去第一道没答的题；没答的不得分。", "Enter: to the first open question. What stays open scores nothing.")  # fmt: skip
_CHANGE = Text("点题号或按 ← 回去改。", "Click a number, or press ←, to change an answer.")
_HAND_IN = Text(" H 交卷 ", " H: hand in ")
_RESULT = Text("考试结果", "The result")
_RIGHT = Text("{of} 题答对 {right} 题", "{right} of {of} right")
_PARTLY = Text("（连同部分得分 {points}）", " ({points} with those partly right)")
_LOOK = Text("回车 去第一道没全对的题。", "Enter: to the first answer that wasn’t right.")
_READ = Text("　再看：", "  read again: ")
_SEE = Text("（看第 {n} 题）", " (see answer {n})")
_OPEN_STILL = Text("（没答）", " (not answered)")
_AGAIN = Text(" R 换一份题再考 ", " R: another examination ")
