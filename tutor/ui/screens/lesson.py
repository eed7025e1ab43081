"""A section: prose and the lab beside it (or as tabs where the window is narrow), step by step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tutor.content.models import Quiz, Section, SectionEntry, Step
from tutor.text import Text
from tutor.ui.actions import Action
from tutor.ui.compositor import paint_in_bands
from tutor.ui.lab_actions import ScreenWithLab
from tutor.ui.lesson_actions import LESSON_ACTIONS, LESSON_BINDINGS, actions_in_bar
from tutor.ui.screens.window import leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import SIDE_BY_SIDE, LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import Drawn
from tutor.ui.widgets.step_partner import StepPartner
from tutor.ui.widgets.step_strip import StepStrip

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase

_OPEN = Text(
    "上一步{why}，先不算完成。要算完成，在目录（o）里按 x。",
    "The step before stays open: {why}. To be done with it all the same, press x in the list of steps (o).",
)
_READ = Text("还没有读到末尾", "its end has not been on the screen")
_ANSWERED = Text("的题还没有答完", "not all of its questions are answered")
_RUN = Text("的实验还没有跑完", "its lab has not run to its end")


class LessonScreen(ScreenWithLab):
    """One section. Step -1 is the opening page with its unscored questions."""

    ACTIONS: ClassVar[tuple[Action, ...]] = LESSON_ACTIONS
    ALWAYS = frozenset(("lab_run",))
    BINDINGS: ClassVar[list[BindingType]] = list(LESSON_BINDINGS)
    AUTO_FOCUS = ""
    """Nothing: `lead_focus` gives it, and when a window over the lesson closes, a text that isn't shown must not get the keys."""

    def __init__(
        self, unit: str, unit_title: Text, entry: SectionEntry, section: Section, quiz: Quiz | None
    ) -> None:
        super().__init__()
        paint_in_bands(self)
        self.unit, self.unit_title, self.entry = unit, unit_title, entry
        self.section, self.quiz = section, quiz
        self.index = -1
        self._going = asyncio.Lock()
        self.side = "text"
        self._done: set[str] = set()
        self._told_open: set[Text] = set()

    def compose(self) -> ComposeResult:
        yield TitleBar(self.unit_title, self.entry.title)
        yield StepStrip(self.section.steps)
        with Container(id="lesson"):
            yield LessonProse(self.section, self.entry.title, self.entry.summary)
            yield StepPartner(self.unit, self.section, self.quiz)
        yield KeyBar(self.ACTIONS)

    @property
    def app_(self) -> TutorBase:
        return cast("TutorBase", self.app)

    async def on_mount(self) -> None:
        self._read_done()
        stored = self.app_.store.position(self.unit, self.section.id)
        ids = [step.id for step in self.section.steps]
        await self.go(ids.index(stored) if stored in ids else -1, remember=False)

    async def go(self, index: int, *, remember: bool = True, note: Text | None = None) -> None:
        """Show a step; -1 is the opening page. A note is said above its title."""
        async with self._going:  # a key and a click may ask for it at once
            if self._pruning:  # and the lesson may have been left
                return
            self._look_done()
            self.index = max(-1, min(index, len(self.section.steps) - 1))
            step = self.step
            if remember and step is not None:
                self.app_.store.set_position(self.unit, self.section.id, step.id)
            self.query_one(LessonProse).show(step, note)
            self.side = "partner" if step is not None and step.kind == "check" and not self.wide else "text"
            await self.query_one(StepPartner).show(self.index)
            if not self._pruning:
                self.lay_out()
                self.lead_focus()

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or tabs; who watched a run goes on watching it."""
        pane = self.lab_pane
        if self.has_class("-wide") and not self.wide and pane is not None and pane.session.live:
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
        self.query_one(StepStrip).show(self.index, frozenset(self._done), tail)
        self.query_one(KeyBar).show(self._bar())

    def _bar(self) -> tuple[Action, ...]:
        step = self.step
        return actions_in_bar(
            self.actions_here(),
            lab=self.lab_pane is not None,
            quiz=self.quiz is not None,
            switches=self.query_one(StepPartner).filled and not self.wide,
            trying=step is not None and step.kind == "try",
            space=self.space,
        )

    def on_idle(self) -> None:
        """Whatever has just happened, space may mean another thing now."""
        if self.is_mounted and self.is_current:
            self.query_one(KeyBar).show(self._bar())

    async def action_next_step(self) -> None:
        """Show the next step; after the last, the quiz. Of the first step of a kind that stays open, say so."""
        self._look_done()
        step, note = self.step, None
        if step is not None and step.id not in self._done:
            why = _RUN if step.lab is not None else _ANSWERED if step.kind == "check" else _READ
            note = _OPEN.format(why=why) if why not in self._told_open else None
            self._told_open.add(why)
        if self.index + 1 >= len(self.section.steps):
            self.action_quiz()
        else:
            await self.go(self.index + 1, note=note)

    async def action_previous_step(self) -> None:
        await self.go(self.index - 1)

    def action_full(self) -> None:
        """The lab in the whole window; its run goes on."""
        from tutor.ui.screens.lab import LabScreen

        if self.lab_pane is not None:
            self.app.push_screen(LabScreen(self.lab_pane.session, self.lab_pane.view), self._returned)

    def _returned(self, _result: object = None) -> None:
        if self.lab_pane is not None:
            self._read_done()
            self.lay_out()
            self.lab_pane.lay_out()
            self.lab_pane.show_news()

    def on_screen_resume(self) -> None:
        self._returned()

    def action_outline(self) -> None:
        from tutor.ui.screens.outline import OutlineScreen

        async def jump(index: int | None) -> None:
            if index is not None:
                await self.go(index)

        def mark(step: str) -> None:
            self._mark_done(step)
            self.lay_out()

        steps = self.section.steps
        self.app.push_screen(OutlineScreen(steps, self.index, frozenset(self._done), mark), jump)

    def action_quiz(self) -> None:
        from tutor.ui.screens.quiz import QuizScreen

        if self.quiz is None:
            return
        self._look_done()

        async def read(step: str | None) -> None:
            ids = [s.id for s in self.section.steps]
            if step in ids:
                await self.go(ids.index(step))

        self.app.push_screen(QuizScreen(self.unit, self.section, self.quiz, self.entry.title), read)

    def action_back(self) -> None:
        if not self._going.locked():  # else the questions may be those of the step before
            self._look_done()
        leave(self)

    def _look_done(self) -> None:
        """A text is done when its end was on the screen, a check when its questions are answered."""
        step, prose = self.step, self.query_one(LessonProse)
        panes = self.query(QuizPane)
        answered = bool(panes) and all(pane.asked and pane.answered for pane in panes)
        if step is not None and (prose.read if step.kind == "read" else step.kind == "check" and answered):
            self._mark_done(step.id)

    def _mark_done(self, step_id: str) -> None:
        if step_id not in self._done:
            self._done.add(step_id)
            self.app_.store.mark_step(self.unit, self.section.id, step_id)

    @on(QuizPane.Answered)
    def _answered(self) -> None:
        self._look_done()
        self.lay_out()

    @on(LabPane.RunFinished)
    def _run_finished(self) -> None:
        self._read_done()
        self.lay_out()

    def _read_done(self) -> None:
        """The session of a lab has marked the step that it ran for."""
        self._done = set(self.app_.store.steps_done(self.unit, self.section.id))

    @on(QuizPane.StepPicked)
    async def _read(self, event: QuizPane.StepPicked) -> None:
        ids = [step.id for step in self.section.steps]
        if event.step in ids:
            await self.go(ids.index(event.step))

    @on(Drawn.LinkPicked)
    async def _link(self, event: Drawn.LinkPicked) -> None:
        kind, _, rest = event.link.partition(":")
        if kind == "step" and rest.isdigit():
            event.stop()
            await self.go(int(rest))
        elif kind == "side":
            event.stop()
            self.side = rest
            self.lay_out()
            self.lead_focus()
        elif kind == "outline":
            event.stop()
            self.action_outline()

    @property
    def step(self) -> Step | None:
        """The step shown; None on the opening page."""
        return self.section.steps[self.index] if self.index >= 0 else None

    @property
    def wide(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE

    def lead_focus(self) -> None:
        """Put the focus where the keys of this step are most likely meant."""
        partner = self.query_one(StepPartner)
        step = self.step
        quizzes = self.query(QuizPane)
        if partner.display and quizzes and (step is None or step.kind == "check"):
            quizzes.first().focus()
        elif (
            partner.display and step is not None and step.kind in ("lab", "try") and self.lab_pane is not None
        ):
            if self.lab_pane.gate_open:
                self.lab_pane.gate.focus()
            elif self.lab_pane.session.spec.instant:
                self.lab_pane.panel.focus()
            else:
                self.query_one(LessonProse).focus() if self.wide else self.set_focus(None)
        elif self.query_one(LessonProse).display:
            self.query_one(LessonProse).focus()

    def action_switch(self) -> None:
        if self.wide:
            self.action_focus_other()
            return
        self.side = "partner" if self.side == "text" else "text"
        self.lay_out()
        self.lead_focus()

    def action_focus_other(self) -> None:
        """Move the focus between text and partner."""
        prose = self.query_one(LessonProse)
        reading = self.lab_pane.reading if self.lab_pane is not None else None
        if not prose.has_focus:
            prose.focus()
        elif reading is not None:
            reading.focus()
        elif self.step is None or self.step.kind == "check":
            self.lead_focus()
        else:
            self.focus_next()

    @property
    def _scrolls_lab(self) -> bool:
        """Whether the lab has what is to be scrolled: no text is seen, or one without more."""
        prose = self.query_one(LessonProse)
        return self.lab_pane is not None and not (prose.display and prose.allow_vertical_scroll)

    def action_scroll_prose(self, rows: int) -> None:
        """Scroll the text, wherever the focus is, or the lab."""
        if self._scrolls_lab:
            self.action_lab_scroll(rows // abs(rows))
        else:
            self.query_one(LessonProse).scroll_relative(y=rows, animate=False)

    def action_page_prose(self, by: int) -> None:
        """A page of the text, wherever the focus is, or of the lab."""
        if self._scrolls_lab:
            self.action_lab_page(by)
        else:
            self.query_one(LessonProse).page(by)

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
        if pane is None or step is None or (pane.session.over and not pane.session.starts_anew):
            return "next"
        return "run" if step.lab is not None or pane.session.live else "next"

    def action_lab(self, name: str) -> None:
        """A key of the lab; space does what `space` says, and a single step is for where the lab has the keys."""
        if name == "lab_run":
            space = self.space
            if space == "text":
                self.query_one(LessonProse).page(1)
            elif space == "next":
                self.call_later(self.run_action, "next_step")
            if space in ("text", "next"):
                return
            if not self.wide and self.side == "text" and self.lab_pane is not None:
                self.action_switch()  # the lab is shown before it runs
                if self.lab_pane.gate_open:
                    return
        if name != "lab_step" or self._at_lab:
            super().action_lab(name)
