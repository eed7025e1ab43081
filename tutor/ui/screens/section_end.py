"""The end of a section: what was learned, what was bet and how it went, what was answered, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.content.index import CourseIndex, UnitIndex
from tutor.content.models import Lab, Section, Step
from tutor.content.problems import ContentError
from tutor.content.questions import Quiz
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.progress.report import Tally, concept_reports, examined_told, quiz_told
from tutor.progress.store import RIGHT, Store
from tutor.text import Lang, Text
from tutor.ui.actions import EXAMINATION, Action, table
from tutor.ui.asked_rows import opening_rows
from tutor.ui.bet_input import told
from tutor.ui.pieces import button, page_width
from tutor.ui.screens.page import Page, leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import BuiltRows, Drawn


class EndRows(BuiltRows):
    """The page; space turns it."""

    TELLS_MORE = True
    GROUND = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "page_down", show=False)]


class SectionEndScreen(Page[str | None]):
    """Over the lesson, after its last step. Returns a step to go to, or None."""

    DEFAULT_CSS = "EndRows { width: 1fr; height: 1fr; padding: 0 1; }"
    ACTIONS = table(
        "section_end",
        Action("next_section", "c", "c", Text("下一节", "next section"), Text("开始下一节", "Go on to the next section")),
        Action("quiz", "z", "z", Text("测验", "quiz"), Text("做本节的测验", "Take the quiz of this section")),
        EXAMINATION,
        Action("back", "escape,b", "esc", Text("返回", "back"), Text("回到课文", "Back to the lesson")),
    )  # fmt: skip

    def __init__(self, unit: str, section: Section, quiz: Quiz | None, title: Text) -> None:
        super().__init__()
        self.unit, self.section, self.quiz, self.section_title = unit, section, quiz, title
        self.asked = False
        """Whether the step to go to was picked in the quiz."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self.section_title, _TITLE)
        yield EndRows(self._rows)
        yield KeyBar(self.actions_here())

    def on_mount(self) -> None:
        self.query_one(EndRows).focus()

    def on_screen_resume(self) -> None:
        """The quiz may have been answered meanwhile."""
        self.query_one(EndRows).redraw()

    def works(self) -> dict[str, bool]:
        after = self.app.library.index().following(self.unit, self.section.id)
        return {
            "next_section": after is not None and after[1].state == "ready",
            "quiz": self.quiz is not None,
            "examination": examined_here(self.app.library.index(), self.unit, self.section.id) is not None,
        }

    def _rows(self, lang: Lang, width: int) -> list[Row]:
        def lab(id: str) -> Lab | None:
            try:
                return self.app.library.lab(self.unit, id)
            except ContentError:  # it is told where the lab would be opened
                return None

        return end_rows(self.app.library.index(), self.unit, self.section, lab, self.app.store, lang, width)

    async def action_next_section(self) -> None:
        if self.is_current:
            await self.app.open_following(self.unit, self.section.id)

    def action_quiz(self) -> None:
        from tutor.ui.screens.quiz import QuizScreen

        def closed(step: str | None) -> None:
            if step is not None:
                self.asked = True
                leave(self, step)

        if self.quiz is not None:
            self.app.push_screen(QuizScreen(self.unit, self.section, self.quiz, self.section_title), closed)

    def action_examination(self) -> None:
        self.app.open_examination(self.unit)

    @on(Drawn.LinkPicked)
    async def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, rest = event.link.partition(":")
        if kind == "step":
            leave(self, rest)
        else:
            await self.run_action(kind)


def end_rows(
    course: CourseIndex,
    unit: str,
    section: Section,
    lab: Callable[[str], Lab | None],
    store: Store,
    lang: Lang,
    width: int,
) -> list[Row]:
    """Return the whole page; `lab` gives a lab of the unit by its id. Its links lead to steps, to the quiz and to the next section."""
    width = page_width(width)
    summary = store.summary()
    done = summary.section(unit, section.id)
    left = [step for step in section.steps if not step.optional and step.id not in done.steps]
    head, look = (_SOME_LEFT.format(n=len(left)), "warn") if left else (_ALL_DONE, "good")
    rows: list[Row] = [(), *wrap([Run(head[lang], look, bold=True)], width)]
    for step in left[:_MOST]:
        link = Run(step.title[lang], "accent", link=f"step:{step.id}")
        rows += wrap([Run("   - ", "dim"), link], width, indent=5)
    rows += [(Run(f"   ⋯ +{len(left) - _MOST}", "dim"),)] if len(left) > _MOST else []

    rows += _heading(_LEARNED, lang)
    for objective in section.objectives:
        rows += wrap([Run(" - ", "accent"), *inline(objective[lang])], width, indent=3)
    found = course.section(section.id)
    if found is not None:
        concepts = concept_reports(*found, summary)
        for said, begun in ((_CONCEPTS, True), (_NOT_YET, False)):
            names = [one.concept.name for one in concepts if one.begun == begun]
            told_of = [Run(f"   {said[lang]}", "dim"), Run(Text.joined(names, "、", ", ")[lang], "text")]
            rows += [(), *wrap(told_of, width, indent=3)] if names else []

    bets = _bet_rows(unit, section, lab, store, lang, width)
    rows += [*_heading(_BETS, lang), *bets] if bets else []
    if section.opening:
        rows += [(), *opening_rows(section.opening, store.answers(unit, section.id, "opening"), lang, width)]
    if found is not None and found[1].questions:
        count, standing = len(found[1].questions), done.standing(found[1].digests)
        rows += _heading(_ANSWERED, lang)
        if standing:
            tally = quiz_told(Tally.of(count, standing.values()))[lang]
            rows += wrap([Run(f"   {tally}", "text")], width, indent=3)
        wrong = sum(not one.latest.right for one in standing.values())
        if wrong or len(standing) < count:
            offer = _QUIZ.format(open=count - len(standing), wrong=wrong)[lang]
            rows += wrap([Run("   "), Run(offer, "key", link="quiz:")], width, indent=3)

    if (of := examined_here(course, unit, section.id)) is not None:
        rows += _heading(_EXAMINATION, lang)
        told = [examined_told(done.examinations)[lang]] if done.examinations else []
        for line in (_EXAMINES.format(n=of.examination)[lang], *told):
            rows += wrap([Run(f"   {line}", "text")], width, indent=3)
        rows += [(), (Run("   "), button(_EXAMINE[lang], "examination:"))]
    rows += _heading(_NEXT, lang)
    after = course.following(unit, section.id)
    if after is None:
        return [*rows, *wrap([Run(f"   {_COURSE_END[lang]}", "text")], width, indent=3)]
    rows += wrap([Run(f"   {after[1].title[lang]}", "strong", bold=True)], width, indent=3)
    rows += wrap([Run(f"   {after[1].summary[lang]}", "text")], width, indent=3)
    if after[1].state == "ready":
        return [
            *rows,
            (),
            (Run("   "), button(_GO_ON[lang], "next_section:")),
        ]
    return [*rows, *wrap([Run(f"   {_COMING[lang]}", "dim")], width, indent=3)]


def examined_here(course: CourseIndex, unit: str, section: str) -> UnitIndex | None:
    """Return the unit if its examination is offered at the end of a section."""
    of = course.unit(unit)
    return of if of is not None and of.examined and of.examined_after == section else None


def _heading(text: Text, lang: Lang) -> list[Row]:
    return [(), (Run(text[lang], "heading", bold=True),), ()]


def _bet_rows(
    unit: str, section: Section, lab: Callable[[str], Lab | None], store: Store, lang: Lang, width: int
) -> list[Row]:
    """Return each lab of the section with what was bet and how it went."""
    settled, rows = store.settled_bets(unit), list[Row]()
    run = {id for done in store.summary().sections if done.unit == unit for id in done.labs_run}
    first: dict[str, Step] = {}
    for step in section.steps:
        if step.lab:
            first.setdefault(step.lab, step)
    for id, step in first.items():
        model = lab(id)
        if model is None:
            continue
        sign, look, lines = "-", "dim", [_RUN if id in run else _NOT_RUN]
        if (bet := settled.get(id)) is not None:
            sign, look = ("+", "good") if bet.score >= RIGHT else ("x", "bad")
            lines = [_BET.format(bet=told(model, bet.value) or "")]
            if (came := told(model, bet.outcome)) is not None:
                lines.append(_CAME.format(came=came))
            if 0 < bet.score < 1:
                lines.append(_SCORE.format(score=f"{bet.score:.0%}"))
        elif (placed := told(model, store.last_prediction(unit, id))) is not None:
            lines.insert(0, _BET.format(bet=placed))
        title = Run(model.title[lang], "accent", link=f"step:{step.id}")
        rows += wrap([Run(f" {sign} ", look, bold=True), title], width, indent=3)
        for line in lines:
            rows += wrap([Run("   "), *inline(line[lang])], width, indent=3)
    return rows


_MOST = 5
"""Steps that are left open and listed."""
_TITLE = Text("本节结束", "End of the section")
_ALL_DONE = Text("这一节你都学完了。", "You have been through the whole section.")
_SOME_LEFT = Text("到头了，还有 {n} 步没有完成：", "This is the end; steps still open: {n}")
_LEARNED = Text("现在你能够", "Now you can")
_CONCEPTS = Text("学过的概念：", "Concepts met: ")
_NOT_YET = Text("还没学到：", "Not met yet: ")
_BETS = Text("你的预测和结果", "What you bet, and how it went")
_BET = Text("你押：{bet}", "You bet: {bet}")
_CAME = Text("结果：{came}", "It came: {came}")
_SCORE = Text("吻合 {score}", "{score} right")
_RUN = Text("跑过，没有可对的预测", "run, with no bet to settle")
_NOT_RUN = Text("还没有跑完", "not run to its end yet")
_ANSWERED = Text("你的答题", "What you answered")
_QUIZ = Text(
    "z 做测验：{open} 题没答过，{wrong} 题上次答错",
    "z: the quiz ({open} never answered, {wrong} wrong last time)",
)
_EXAMINATION = Text("单元考试", "The final examination")
_EXAMINES = Text(
    "各节都学完了，{n} 道题看看掌握得怎么样。",
    "You have reached the end of the unit: {n} {n:question shows|questions show} what stayed.",
)
_EXAMINE = Text(" E 单元考试 ", " E: final examination ")
_NEXT = Text("接下来", "What comes next")
_GO_ON = Text(" c 下一节 ", " c: next section ")
_COMING = Text("这一节还在编写中。", "It is still being written.")
_COURSE_END = Text("这是课程的最后一节。", "This was the last section of the course.")
