"""A section: prose and the lab beside it (or as tabs where the window is narrow), step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from tutor.content.index import TermEntry
from tutor.content.models import Section, SectionEntry, Step
from tutor.content.questions import Quiz
from tutor.fences import ANSWER
from tutor.text import Text
from tutor.ui.actions import SEARCH, Action, table
from tutor.ui.screens.lab import LAB_ACTIONS, MAXIMIZE, LabScreen, ScreenWithLab
from tutor.ui.screens.page import leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import SIDE_BY_SIDE, LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import Drawn
from tutor.ui.widgets.step_partner import StepPartner
from tutor.ui.widgets.step_strip import StepStrip

_OPEN = Text(
    "上一步{why}，先不算完成。要算完成，在目录（o）里按 x。",
    "The step before stays open: {why}. To be done with it all the same, press x in the list of steps (o).",
)
_READ = Text("还没有读到末尾", "its end has not been on the screen")
_ANSWERED = Text("的题还没有答完", "not all of its questions are answered")
_RUN = Text("的实验还没有跑完", "its lab has not run to its end")


_SPACE_HELP = Text(
    "在实验里运行、暂停或继续；课文和揭晓没到底就下翻一页；到底了去这一步的实验或题目，再到下一步",
    "In a lab run, pause or go on; a page down where a text or result goes on below; at its end to the lab or questions of the step, then the next step",
)
_BACK = Action(
    "back", "escape", "esc", Text("返回", "back"), Text("回到刚才的地方", "Back to where you came from")
)
_TRY = ("lab_text", "lab_knob_up", "lab_knob_down")
"""Keys that a step to try things with is about."""


class LessonScreen(ScreenWithLab):
    """One section. Step -1 is the opening page with its unscored questions."""

    DEFAULT_CSS = """
    LessonScreen #lesson { layout: horizontal; width: 1fr; height: 1fr; }
    LessonScreen.-wide LessonProse { width: 1fr; }
    LessonScreen.-wide #partner { width: 1fr; padding: 0 1; border-left: vkey $border; }
    """
    ACTIONS = table(
        "lesson",
        Action("to_question", "backspace", "bksp", Text("回到题目", "to the question"), Text("回到刚才那道题", "Back to the question that you came from")),
        Action("next_step", "n", "n", Text("下一步", "next"), Text("下一步", "Next step")),
        Action("previous_step", "b", "b", Text("上一步", "back"), Text("上一步", "Previous step")),
        Action("timeline", "Y", "Y", Text("时间线", "timeline"), Text("打开时间线，一件一件看过来", "Open the timeline, and walk it")),
        Action("switch", "v", "v", Text("切换", "switch"), Text("在课文与实验（或题目）之间切换；看不到实验时，实验的键只是先切过去", "Switch between the text and the lab or the questions; while the lab isn’t seen, its keys only switch to it")),
        Action("lab_run", "space", "space", LAB_ACTIONS[0].label, _SPACE_HELP),
        *LAB_ACTIONS[1:],
        Action("full", "f", "f", Text("全屏实验", "full lab"), Text("把实验放大到全屏", "The lab in the whole window")),
        MAXIMIZE,
        Action("answer", "A", "A", Text("答案", "answer"), Text("显示下一个答案；都显示了就重新盖上", "Show the next answer in the text; cover them again when all are shown")),
        Action("glossary", "G", "G", Text("术语", "terms"), Text("看这一页的术语是什么意思、在哪里讲；点有下划线的词也行", "What the terms on this page mean and where they are taught; or click on an underlined word")),
        Action("outline", "o", "o", Text("目录", "steps"), Text("列出本节各步并跳转", "List the steps and jump to one")),
        Action("bookmark", "m", "m", Text("书签", "bookmark"), Text("给这一步加书签；再按一次取消", "Bookmark this step; again to take the bookmark away"), bar=False),
        Action("note", "e", "e", Text("笔记", "note"), Text("写这一步的笔记，下次看到这一步时显示", "Write a note on this step, to be shown with it"), bar=False),
        Action("quiz", "z", "z", Text("测验", "quiz"), Text("做本节的测验", "Take the quiz of this section")),
        SEARCH,
        Action("back", "escape", "esc", Text("课程图", "map"), Text("回到课程图；下次从这里接着学", "Back to the map; you go on from here next time")),
    )  # fmt: skip

    def __init__(
        self,
        unit: str,
        unit_title: Text,
        entry: SectionEntry,
        section: Section,
        quiz: Callable[[], Quiz | None] | None,
        terms: Sequence[TermEntry] = (),
        looked_up: str | None = None,
    ) -> None:
        """``quiz`` reads the quiz when it's needed. ``looked_up`` is the id of a step that was looked for from elsewhere; else the lesson begins where the learner left it."""
        super().__init__()
        self.terms, self.looked_up = terms, looked_up
        self.unit, self.unit_title, self.entry = unit, unit_title, entry
        self.section, self._read_quiz = section, quiz
        self.index = -1
        self._going = asyncio.Lock()
        self.side = "text"
        self._told_open: set[Text] = set()
        self._texts_read: set[str] = set()
        """Ids of the checks whose text was read."""
        self._asked_in: tuple[str, str] | None = None
        """Step and question from which the learner went to read again; empty ids stand for the quiz."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self.unit_title, self.entry.title)
        yield StepStrip(self.section.steps)
        with Container(id="lesson"):
            title, summary = self.entry.title, self.entry.summary
            yield LessonProse(self.unit, self.section, title, summary, self.terms)
            yield StepPartner(self.unit, self.section, lambda: self.quiz)
        yield KeyBar(())  # what works is shown as soon as it is known

    @cached_property
    def quiz(self) -> Quiz | None:
        """Of the section, if it has one that can be read."""
        return self._read_quiz() if self._read_quiz is not None else None

    @property
    def done(self) -> frozenset[str]:
        """Ids of the steps that are done."""
        return frozenset(self.app.store.steps_done(self.unit, self.section.id))

    async def on_mount(self) -> None:
        stored = self.looked_up or self.app.store.position(self.unit, self.section.id)
        done = self.done
        ids = [step.id for step in self.section.steps]
        left = -1 if stored is None else next((i for i, id in enumerate(ids) if id not in done), -1)
        await self.go(ids.index(stored) if stored in ids else left, remember=False)

    async def go(self, index: int, *, remember: bool = True, note: Text | None = None) -> None:
        """Show a step; -1 is the opening page. A note is said above its title."""
        async with self._going:  # a key and a click may ask for it at once
            if self._pruning:  # and the lesson may have been left
                return
            self._look_done()
            self._look_read()
            self.index = max(-1, min(index, len(self.section.steps) - 1))
            step = self.step
            if remember and step is not None:
                self.app.store.set_position(self.unit, self.section.id, step.id)
            if not isinstance(self.maximized, LessonProse):  # what belongs to the step before goes
                self.minimize()
            self.query_one(LessonProse).show(step, note)
            await self.query_one(StepPartner).show(self.index)
            self.side = "partner" if self._asks_at_once else "text"
            if not self._pruning:
                self.lay_out()
                self.lead_focus()

    def _look_read(self) -> None:
        """Remember whether the text beside questions was read, for the next time that they are come to."""
        prose = self.query_one(LessonProse)
        if self.step is not None and prose.display and prose.read:
            self._texts_read.add(self.step.id)

    @property
    def _asks_at_once(self) -> bool:
        """Whether a narrow window shows the questions of a check first: its text was read, some of them are answered, or the learner asked to be tested."""
        step, questions = self.step, self.query_one_optional(QuizPane)
        if step is None or step.kind != "check" or self.wide:
            return False
        begun = questions is not None and any(one.submitted for one in questions.asked)
        return begun or step.id in self._texts_read | self.done or step.self_test

    async def go_to(self, step: str | None) -> None:
        """Show a step by its id, if there is such a one."""
        ids = [known.id for known in self.section.steps]
        if step in ids:
            await self.go(ids.index(step))

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or tabs; who watched a run or was at a question stays there."""
        pane = self.lab_pane
        busy = (pane is not None and pane.session.live) or isinstance(self.focused, QuizPane)
        if self.has_class("-wide") and not self.wide and busy:
            self.side = "partner"
        self.lay_out()

    def lay_out(self) -> None:
        self.set_class(self.wide, "-wide")
        has_partner = self.query_one(StepPartner).filled
        show_text = self.wide or self.side == "text" or not has_partner
        show_partner = has_partner and (self.wide or self.side == "partner")
        self.query_one(LessonProse).display = show_text
        self.query_one(StepPartner).display = show_partner
        tail: tuple[tuple[str, Text, bool], ...] = ()
        if not self.wide and has_partner:
            name = Text("实验", "Lab") if self.lab_pane else Text("问题", "Questions")
            tail = (("side:text", Text("课文", "Text"), show_text), ("side:partner", name, show_partner))
        marks = self.app.store.marks(self.unit, self.section.id)
        bookmarks = frozenset(step for step, put in marks.items() if put.bookmark)
        self.query_one(StepStrip).show(self.index, self.done, tail, bookmarks)

    def works(self) -> dict[str, bool]:
        return {
            "answer": self.query_one(LessonProse).has_answers,
            "to_question": self._asked_in is not None,
            "full": self.lab_pane is not None,
            "bookmark": self.step is not None,
            "note": self.step is not None,
            "quiz": self._read_quiz is not None,
            "timeline": self.section.timeline,
            "switch": self.query_one(StepPartner).filled,
        }

    def actions_here(self) -> tuple[Action, ...]:
        """Return those that do something at this step; what the step is about, and what the window takes, is in the bar."""
        read, kind = self.query_one(LessonProse).display, self.step.kind if self.step is not None else ""
        bar = {"switch": not self.wide, "glossary": read, "answer": read}
        if self._hidden or kind == "read":
            # All but space, which says what it does.
            bar |= {action.name: False for action in LAB_ACTIONS if action.name != "lab_run"}
        elif kind == "try" and self.lab_pane is not None and not self.lab_pane.gate_open:
            bar |= dict.fromkeys(_TRY, True)
        shown = super().actions_here()
        if self.looked_up is not None:
            shown = (_BACK, *(action for action in shown if action.name != "back"))
        return tuple(
            replace(action, bar=bar[action.name]) if action.name in bar else action for action in shown
        )

    async def action_next_step(self) -> None:
        """Show the next step; after the last, the end of the section. Of the first step of a kind that stays open, say so."""
        self._look_done()
        if self._asked_in is not None and self._asked_in[0] and not self._asked_in[1]:
            self._asked_in = None  # what was missed is read, and more than that
        step, note = self.step, None
        if step is not None and not step.optional and step.id not in self.done:
            why = _RUN if step.lab is not None else _ANSWERED if step.kind == "check" else _READ
            note = _OPEN.format(why=why) if why not in self._told_open else None
            self._told_open.add(why)
        if self.index + 1 >= len(self.section.steps):
            self.show_end()
        else:
            await self.go(self.index + 1, note=note)

    async def action_previous_step(self) -> None:
        await self.go(self.index - 1)

    def action_answer(self, number: int | None = None) -> None:
        """Show a hidden answer of the text, by its number or the next."""
        prose = self.query_one(LessonProse)
        if prose.has_answers:
            if not prose.display:
                self.action_switch()
            prose.open_answer(number)

    def action_full(self) -> None:
        """The lab in the whole window; its run goes on."""
        if self.lab_pane is not None:
            self.app.push_screen(LabScreen(self.lab_pane.session, self.lab_pane.view))

    async def on_screen_resume(self) -> None:
        """What the run did while something lay over it is shown now; a lab that was gone to in another step is this one's again."""
        partner = self.query_one_optional(StepPartner)
        if (
            self.lab_pane is not None
            and partner is not None
            and self.lab_pane.session.next.place != partner.place
        ):
            await partner.show(self.index)
        if self.lab_pane is not None:
            self.lay_out()
            self.lab_pane.lay_out()
            self.lab_pane.show_news()

    def action_outline(self) -> None:
        from tutor.ui.screens.outline import OutlineScreen

        def mark(step: str) -> None:
            self._mark_done(step)
            self.lay_out()

        marks = self.app.store.marks(self.unit, self.section.id)
        self.app.push_screen(
            OutlineScreen(self.section.steps, self.index, self.done, mark, marks), self.go_to
        )

    def action_bookmark(self) -> None:
        if (step := self.step) is not None:
            put = self.app.store.marks(self.unit, self.section.id).get(step.id)
            on = put is None or not put.bookmark
            self.app.store.record_bookmark(self.unit, self.section.id, step.id, on, lang=self.app.lang)
            self._show_marks()

    def action_note(self) -> None:
        from tutor.ui.screens.note import NoteScreen

        if (step := self.step) is not None:

            def save(note: str) -> None:
                self.app.store.record_note(self.unit, self.section.id, step.id, note, lang=self.app.lang)

            put = self.app.store.marks(self.unit, self.section.id).get(step.id)
            note = put.note if put is not None else ""
            self.app.push_screen(NoteScreen(step.title, note, save), lambda _: self._show_marks())

    def _show_marks(self) -> None:
        self.query_one(LessonProse).show_marks()
        self.lay_out()

    def action_glossary(self, marked: str = "") -> None:
        """Explain the terms of the page, one of them marked."""
        from tutor.ui.screens.glossary import GlossaryScreen

        here = self.query_one(LessonProse).terms_here()
        reading = self.step.id if self.step is not None else ""
        self.app.push_screen(GlossaryScreen(here, self.terms, marked=marked, reading=reading))

    def action_quiz(self) -> None:
        from tutor.ui.screens.quiz import QuizScreen

        async def closed(step: str | None) -> None:
            self._asked_in = ("", "") if step is not None else None
            await self.go_to(step)

        if self.quiz is not None:
            self._look_done()
            self.app.push_screen(QuizScreen(self.unit, self.section, self.quiz, self.entry.title), closed)

    def action_timeline(self) -> None:
        if self.section.timeline:
            self.app.open_timeline(self.unit, self.section.id, self.unit_title)

    def show_end(self) -> None:
        from tutor.ui.screens.section_end import SectionEndScreen

        screen = SectionEndScreen(self.unit, self.section, self.quiz, self.entry.title)

        async def closed(step: str | None) -> None:
            self._asked_in = ("", "") if screen.asked else None
            await self.go_to(step)

        self.app.push_screen(screen, closed)

    async def action_to_question(self) -> None:
        """Back to the question that the learner left to read again."""
        asked_in, self._asked_in = self._asked_in, None
        if asked_in == ("", ""):
            self.action_quiz()
        elif asked_in is not None:
            await self.go_to(asked_in[0])
            questions = self.query_one_optional(QuizPane)
            if questions is not None:
                questions.show_question(asked_in[1])

    def action_back(self) -> None:
        if not self._going.locked():  # else the questions may be those of the step before
            self._look_done()
        leave(self)

    def _look_done(self) -> None:
        """A text is done when its end was on the screen, a check when its questions are answered."""
        step, prose = self.step, self.query_one(LessonProse)
        questions = self.query_one_optional(QuizPane)
        answered = questions is not None and questions.asked and questions.answered
        if step is not None and (prose.read if step.kind == "read" else step.kind == "check" and answered):
            self._mark_done(step.id)

    def _mark_done(self, step_id: str) -> None:
        if step_id not in self.done:
            self.app.store.mark_step(self.unit, self.section.id, step_id)

    @on(QuizPane.Answered)
    def _answered(self) -> None:
        self._look_done()
        self.lay_out()

    @on(LabPane.RunFinished)
    def _run_finished(self) -> None:
        """The session of a lab has marked the step that it ran for."""
        self.lay_out()

    @on(QuizPane.StepPicked)
    async def _read(self, event: QuizPane.StepPicked) -> None:
        if self.step is not None:
            self._asked_in = (self.step.id, event.question)
        await self.go_to(event.step)

    @on(QuizPane.AllKnown)
    async def _go_ahead(self) -> None:
        if self.is_current and not await self.app.open_following(self.unit, self.section.id):
            self.show_end()

    @on(Drawn.LinkPicked)
    async def _link(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, rest = event.link.partition(":")
        if kind == "step" and rest.isdigit():
            await self.go(int(rest))
        elif kind == "side":
            self._look_read()
            self.side = rest
            self.lay_out()
            self.lead_focus()
        elif kind in ("outline", "bookmark", "note"):
            await self.run_action(kind)
        elif kind == ANSWER:
            self.action_answer(int(rest))
        elif kind == "term":
            self.action_glossary(rest)

    @property
    def step(self) -> Step | None:
        """The step shown; None on the opening page."""
        return self.section.steps[self.index] if self.index >= 0 else None

    @property
    def wide(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE

    def lead_focus(self) -> None:
        """Put the focus where the keys of this step are most likely meant."""
        step, pane, prose = self.step, self.lab_pane, self.query_one(LessonProse)
        beside = self.query_one(StepPartner).display
        questions = self.query_one_optional(QuizPane)
        if beside and questions is not None and (step is None or step.kind == "check"):
            questions.focus()
        elif beside and pane is not None and step is not None and step.kind in ("lab", "try"):
            if pane.gate_open:
                pane.gate.focus()
            elif pane.session.spec.instant:
                pane.panel.focus()
            else:
                prose.focus() if self.wide else self.set_focus(None)
        elif prose.display:
            prose.focus()

    def action_switch(self) -> None:
        """Show the other of text and partner; where both are seen, move the focus between them."""
        prose = self.query_one(LessonProse)
        reading = self.lab_pane.reading if self.lab_pane is not None else None
        if not self.wide:
            self._look_read()
            self.side = "partner" if self.side == "text" else "text"
            self.lay_out()
            self.lead_focus()
        elif not prose.has_focus:
            prose.focus()
        elif reading is not None:
            reading.focus()
        elif self.step is None or self.step.kind == "check":
            self.lead_focus()
        else:
            self.focus_next()

    @property
    def scrolled(self) -> object:
        """The text, or where none is seen, or one without more, what is looked at in the lab."""
        prose = self.query_one(LessonProse)
        if self.lab_pane is None or (prose.display and prose.allow_vertical_scroll):
            return prose
        return super().scrolled

    @property
    def _hidden(self) -> bool:
        """Whether a narrow window shows the text alone: then nothing is done to what stands behind it."""
        return (
            not self.wide and self.query_one(StepPartner).filled and not self.query_one(StepPartner).display
        )

    @property
    def _at_lab(self) -> bool:
        """Whether the lab is what the learner is at: in its own steps where it is seen, and where it is gone to."""
        pane, step = self.lab_pane, self.step
        seen = step is not None and (step.lab is not None if self.wide else self.side == "partner")
        return pane is not None and (seen or pane in (self.focused or self).ancestors_with_self)

    @property
    def space(self) -> str:
        """What space does, a key of `SPACE_DOES`: turn a page, run or pause the lab, or go to the next step; empty where a question
        takes it. A lab that one is at comes before the text beside it.
        """
        pane, prose, step = self.lab_pane, self.query_one(LessonProse), self.step
        if isinstance(self.focused, QuizPane) and self.focused.current is not None:
            return ""
        if pane is not None and self._at_lab and pane.space:
            return pane.space
        if prose.display and prose.below:
            return "text"
        quiz, check = self.query_one_optional(QuizPane), step is not None and step.kind == "check"
        if check and (self._hidden or (quiz is not None and quiz.current is not None)):
            return "questions"
        if pane is None or step is None or (pane.session.over and not pane.session.starts_anew):
            return "next"
        if self._hidden:
            return "lab" if step.lab is not None else "next"
        return "run" if step.lab is not None or pane.session.live else "next"

    def action_lab_run(self) -> None:
        """Do what `space` says."""
        space = self.space
        if space == "text":
            self.query_one(LessonProse).page(1)
        elif space == "next":
            self.call_later(self.run_action, "next_step")
        elif space in ("lab", "questions"):
            self.action_switch() if self._hidden else self.lead_focus()
        elif self.lab_pane is not None:
            self.action_lab("lab_run")

    def action_lab(self, name: str) -> None:
        """A key of the lab, which first has to be seen; a single step is for where the lab has the keys."""
        if self.lab_pane is not None and self._hidden:
            self.action_switch()
        elif name != "lab_step" or self._at_lab:
            super().action_lab(name)

    def action_lab_choose(self, digit: int) -> None:
        if not self._hidden:
            super().action_lab_choose(digit)
