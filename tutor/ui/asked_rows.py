"""A question as it is asked, options in shuffled order, and its rows of cells. No screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tutor.content.models import OpeningQuestion
from tutor.content.questions import MultipleQuestion, Question, SingleQuestion, TrueFalseQuestion
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.quiz.marking import Mark, mark_choice
from tutor.quiz.shuffle import shuffled
from tutor.text import Lang, Text

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
            Choice(0, TRUE, bool(question.answer), question.reason_true, None if question.answer else wrong),
            Choice(1, FALSE, not question.answer, question.reason_false, wrong if question.answer else None),
        )
    if isinstance(question, OpeningQuestion):
        return tuple(Choice(i, option.text, None, option.reply) for i, option in enumerate(question.options))
    assert isinstance(question, SingleQuestion | MultipleQuestion)
    return tuple(
        Choice(i, option.text, bool(option.correct), option.reason, option.misconception)
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


_KINDS = {
    "single": Text("单选", "Choose one"),
    "multiple": Text("多选，选出所有正确的", "Choose all that are right"),
    "true_false": Text("判断", "True or false?"),
    "opening": Text("先想一想（不计分）", "Before you start (not scored)"),
}


def question_rows(
    asked: Asked,
    place: tuple[int, int],
    note: Text | None,
    titles: Mapping[str, Text],
    lang: Lang,
    width: int,
    *,
    saved: bool,
) -> list[Row]:
    """A question, its options, and the feedback once there is an answer.

    Args:
        asked: The question with the answer so far.
        place: Its number and how many there are.
        note: What the learner should do first, if something; said at the cursor.
        titles: Titles of lesson steps, by id.
        lang: The learner's language.
        width: Columns there are.
        saved: Whether all answers are in the log's file.
    """
    question = asked.question
    kind = "opening" if isinstance(question, OpeningQuestion) else question.kind
    head = [Run(f"{place[0]}/{place[1]}  ", "key", bold=True), Run(_KINDS[kind][lang], "dim")]
    if not isinstance(question, OpeningQuestion):
        stars = "*" * question.difficulty
        head.append(Run(Text(f"   难度 {stars}", f"   difficulty {stars}")[lang], "faint"))
    go = _go(asked, last=place[0] == place[1], lang=lang)
    rows: list[Row] = [tuple(head), *_verdict(asked, go, lang, saved=saved), ()]
    rows += [*render(question.prompt[lang], width), ()]
    for position, choice in enumerate(asked.choices):
        rows += _option(asked, position, choice, lang, width)
        here = note is not None and position == asked.marked
        rows.append((Run(f"    {note[lang]}", "warn", bold=True),) if note is not None and here else ())
    rows.append(go)
    if asked.submitted:
        rows += _where_taught(asked, titles, lang, width)
    return rows


def _option(asked: Asked, place: int, choice: Choice, lang: Lang, width: int) -> list[Row]:
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
        for r in inline(choice.text[lang])
    ]
    rows = wrap([*head, *body], width, indent=indent)
    if asked.submitted and (choice.correct is not None or chosen):
        reason = [
            Run(r.text, "dim" if r.fg in ("", "text") else r.fg, r.bg, r.bold, r.italic)
            for r in inline(choice.reason[lang])
        ]
        rows += wrap([Run(" " * indent), *reason], width, indent=indent)
        if chosen and choice.misconception is not None:
            text = Text(f"常见误解：{choice.misconception.zh}", f"Common mistake: {choice.misconception.en}")
            mistake = Run(text[lang], "warn", italic=True)
            rows += wrap([Run(" " * indent), mistake], width, indent=indent)
    return rows


def _verdict(asked: Asked, go: Row, lang: Lang, *, saved: bool) -> list[Row]:
    """Right or wrong, above the question, where it is seen without scrolling."""
    if not asked.submitted:
        return []
    row: list[Run] = []
    if asked.mark is not None:
        right = asked.mark.correct
        text = Text("+ 正确", "+ Right") if right else Text("x 不对", "x Not quite")
        told = Run(_SAVED[lang], "dim") if saved else Run(_NOT_SAVED[lang], "warn")
        row = [Run(text[lang], "good" if right else "bad", bold=True), told]
    return [(*row, *go)]


def _go(asked: Asked, *, last: bool, lang: Lang) -> Row:
    """Return the button that submits, or goes on."""
    if not asked.submitted:
        text = SUBMIT
    elif last:
        text = Text(" 回车 完成 ", " Enter: finish ")
    else:
        text = Text(" 回车 下一题 ", " Enter: next ")
    return (Run(text[lang], "chip-ink", "chip", bold=True, link="go:"),)


def _where_taught(asked: Asked, titles: Mapping[str, Text], lang: Lang, width: int) -> list[Row]:
    """After a wrong answer, the step to read again."""
    step = "" if isinstance(asked.question, OpeningQuestion) else asked.question.step
    title = titles.get(step)
    if title is None or asked.mark is None or asked.mark.correct:
        return []
    words = Text(f"g 回看：{title.zh}", f"g: read again: {title.en}")
    return [(), *wrap([Run(words[lang], "accent", link=f"step:{step}")], width)]


def summary_rows(asked: Sequence[Asked], titles: Mapping[str, Text], lang: Lang, width: int) -> list[Row]:
    """Return how a round went, and which steps are worth reading again."""
    marked = [(one.question, one.mark) for one in asked if one.mark is not None]
    if not marked:
        return wrap([Run(_BEGIN[lang], "text")], width)
    right = sum(mark.correct for _, mark in marked)
    score = Text(f"答对 {right} / {len(marked)}", f"{right} of {len(marked)} right")
    rows: list[Row] = [
        (Run(_FINISHED[lang], "heading", bold=True),),
        (),
        (Run(score[lang], "strong", bold=True),),
    ]
    rows.append(())
    missed = {q.step for q, mark in marked if not mark.correct and not isinstance(q, OpeningQuestion)}
    if missed:
        rows.append((Run(_AGAIN[lang], "text"),))
        for step, title in titles.items():
            if step in missed:
                rows += wrap([Run("  - ", "dim"), Run(title[lang], "accent", link=f"step:{step}")], width)
        rows.append(())
    rows.append((Run(_ROUND[lang], "chip-ink", "chip", bold=True, link="again:"),))
    return rows


SUBMIT = Text(" 回车 提交 ", " Enter: submit ")
CHOOSE_FIRST = Text("先选一项：按数字或空格", "Choose first: a number, or space")
"""What Enter says while nothing is chosen."""

_SAVED = Text("  已保存  ", "  saved  ")
_NOT_SAVED = Text("  还没存下  ", "  not saved yet  ")
_BEGIN = Text("好，开始吧。按 n 进入第一步。", "Good. Press n for the first step.")
_FINISHED = Text("本轮完成", "Round finished")
_ROUND = Text(" R 从头再答一遍 ", " R: answer them all again ")
_AGAIN = Text("值得回看：", "Worth reading again:")


def _sign(asked: Asked, choice: Choice, *, chosen: bool) -> tuple[str, str]:
    """Return the mark before an option: never colour alone."""
    if not asked.submitted or choice.correct is None:
        box = "[x]" if chosen else "[ ]"
        dot = "(o)" if chosen else "( )"
        return (box if asked.several else dot), ("key" if chosen else "dim")
    if choice.correct:
        return ("[+]", "good") if chosen else ("[!]", "warn")
    return ("[x]", "bad") if chosen else ("[ ]", "dim")
