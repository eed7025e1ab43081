"""A section: prose and the lab beside it (or as tabs where the window is narrow), step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from tutor.content.models import Quiz, Section, SectionEntry, Step
from tutor.text import Text
from tutor.ui.actions import Action, bindings
from tutor.ui.compositor import paint_in_bands
from tutor.ui.lab_actions import DIGITS, LAB_ACTIONS, LabActions
from tutor.ui.lab_session import LIVE_PHASES
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import Drawn
from tutor.ui.widgets.step_partner import StepPartner
from tutor.ui.widgets.step_strip import StepStrip

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase

WIDE = 110
"""From this width on text and lab stand side by side."""


_TRY_KEYS = ("lab_text", "lab_knob_up", "lab_knob_down")
"""Keys that a step to try things with is about."""


_PAGE_DOWN = Text("下翻", "page down")
_RUN_OR_PAGE = Text(
    "运行、暂停或继续训练；读课文时下翻一页",
    "Run, pause or go on with the training; a page down while you read",
)
_NOT_RUN = Text(
    "上一步的实验还没跑完，那一步先不算完成。不想跑的话，在目录（o）里按 x 标为完成。",
    "The lab of the step before has not run to its end, so that step stays open. To be done with it all the same, press x in the list of steps (o).",
)


def _around(widget: Widget | None) -> tuple[DOMNode, ...]:
    """A widget and all that it is in."""
    return () if widget is None else tuple(widget.ancestors_with_self)


class LessonScreen(LabActions, Screen[None]):
    """One section. Step -1 is the opening page with its unscored questions."""

    LESSON_ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("next_step", "n", "n", Text("下一步", "next"), Text("下一步", "Next step")),
        Action("previous_step", "b", "b", Text("上一步", "back"), Text("上一步", "Previous step")),
        Action(
            "switch",
            "v",
            "v",
            Text("切换", "switch"),
            Text("在课文与实验（或题目）之间切换", "Switch between the text and the lab or the questions"),
            bar=True,
        ),
        Action(
            "full",
            "f",
            "f",
            Text("全屏实验", "full lab"),
            Text("把实验放大到全屏", "The lab in the whole window"),
        ),
        Action(
            "outline",
            "o",
            "o",
            Text("目录", "steps"),
            Text("列出本节各步并跳转", "List the steps and jump to one"),
        ),
        Action("quiz", "z", "z", Text("测验", "quiz"), Text("做本节的测验", "Take the quiz of this section")),
        Action(
            "back",
            "escape",
            "esc",
            Text("课程图", "map"),
            Text("回到课程图；位置已保存", "Back to the map; your place is saved"),
        ),
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *LESSON_ACTIONS[:3],
        replace(LAB_ACTIONS[0], help=_RUN_OR_PAGE),
        *LAB_ACTIONS[1:],
        *LESSON_ACTIONS[3:],
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(ACTIONS),
        *DIGITS,
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("down,j", "scroll_prose(2)", show=False),
        Binding("up,k", "scroll_prose(-2)", show=False),
        Binding("pagedown", "page_prose(1)", show=False),
        Binding("pageup", "page_prose(-1)", show=False),
        Binding("home", "page_prose(-1000)", show=False),
        Binding("end", "page_prose(1000)", show=False),
    ]

    def __init__(
        self, unit: str, unit_title: Text, entry: SectionEntry, section: Section, quiz: Quiz | None
    ) -> None:
        super().__init__()
        paint_in_bands(self)
        self.unit, self.unit_title, self.entry, self.section, self.quiz = (
            unit,
            unit_title,
            entry,
            section,
            quiz,
        )
        self.index = -1
        self.side = "text"
        self._done: set[str] = set()
        self._told_not_run = False

    def compose(self) -> ComposeResult:
        """Bars, the step strip, prose at the left, the step's partner at the right."""
        yield TitleBar(self.unit_title, self.entry.title)
        yield StepStrip(self.section.steps)
        with Container(id="lesson"):
            yield LessonProse(self.section, self.entry.title, self.entry.summary)
            yield StepPartner(self.unit, self.section, self.quiz)
        yield KeyBar(self.ACTIONS)

    @property
    def app_(self) -> TutorBase:
        """The app, typed."""
        return cast("TutorBase", self.app)

    @property
    def step(self) -> Step | None:
        """The step shown; None on the opening page."""
        return self.section.steps[self.index] if self.index >= 0 else None

    @property
    def lab_pane(self) -> LabPane | None:
        """The lab beside the text, if the step has one."""
        panes = self.query(LabPane)
        return panes.first() if panes else None

    @property
    def wide(self) -> bool:
        """Whether text and lab stand side by side."""
        return self.size.width >= WIDE

    async def on_mount(self) -> None:
        """Go where the learner left off."""
        self._read_done()
        stored = self.app_.store.position(self.unit, self.section.id)
        ids = [step.id for step in self.section.steps]
        await self.go(ids.index(stored) if stored in ids else -1, remember=False)

    async def go(self, index: int, *, remember: bool = True, note: Text | None = None) -> None:
        """Show a step; -1 is the opening page. A note is said above its title."""
        self.index = max(-1, min(index, len(self.section.steps) - 1))
        step = self.step
        if remember and step is not None:
            self.app_.store.set_position(self.unit, self.section.id, step.id)
        self.query_one(LessonProse).show(step, note)
        self.side = "partner" if step is not None and step.kind == "check" and not self.wide else "text"
        await self.query_one(StepPartner).show(self.index)
        self.lay_out()
        self._focus()

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or tabs; who watched a run goes on watching it."""
        pane = self.lab_pane
        if self.has_class("-wide") and not self.wide and pane is not None and pane.session.live:
            self.side = "partner"
        self.lay_out()

    def lay_out(self) -> None:
        """Show what fits."""
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
        lab = self.lab_pane is not None
        trying = self.step is not None and self.step.kind == "try"
        filled = self.query_one(StepPartner).filled
        turns_page = lab and not self.lab_has_keys
        return tuple(
            replace(action, bar=True)
            if trying and action.name in _TRY_KEYS
            else replace(action, label=_PAGE_DOWN)
            if turns_page and action.name == "lab_run"
            else action
            for action in self.ACTIONS
            if (lab or not action.name.startswith("lab_"))
            and (lab or action.name != "full")
            and ((filled and not self.wide) or action.name != "switch")
            and (self.quiz is not None or action.name != "quiz")
        )

    def on_descendant_focus(self) -> None:
        """Space may mean another thing now."""
        self.query_one(KeyBar).show(self._bar())

    def _focus(self) -> None:
        partner = self.query_one(StepPartner)
        step = self.step
        quizzes = self.query(QuizPane)
        if partner.display and quizzes and (step is None or step.kind == "check"):
            quizzes.first().focus()
        elif (
            partner.display and step is not None and step.kind in ("lab", "try") and self.lab_pane is not None
        ):
            gate = self.lab_pane.query_one(PredictionGate)
            if self.lab_pane.gate_open:
                gate.focus()
            else:
                self.query_one(LessonProse).focus() if self.wide else self.set_focus(None)
        elif self.query_one(LessonProse).display:
            self.query_one(LessonProse).focus()

    async def action_next_step(self) -> None:
        """Mark a text as read and show the next step; after the last, the quiz. Labs and checks are done when they were done."""
        step, note = self.step, None
        if step is not None and step.kind != "check":
            if step.lab is None:
                self._mark_done(step.id)
            elif step.id not in self._done and not self._told_not_run:
                self._told_not_run = True
                note = _NOT_RUN
        if self.index + 1 >= len(self.section.steps):
            self.action_quiz()
        else:
            await self.go(self.index + 1, note=note)

    async def action_previous_step(self) -> None:
        """The step before."""
        await self.go(self.index - 1)

    def action_switch(self) -> None:
        """Text or lab, where only one fits; else move the focus."""
        if self.wide:
            self.action_focus_other()
            return
        self.side = "partner" if self.side == "text" else "text"
        self.lay_out()
        self._focus()

    def action_focus_other(self) -> None:
        """Move the focus between text and partner."""
        prose = self.query_one(LessonProse)
        reading = self.lab_pane.reading if self.lab_pane is not None else None
        if not prose.has_focus:
            prose.focus()
        elif reading is not None:
            reading.focus()
        elif self.step is None or self.step.kind == "check":
            self._focus()
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
    def lab_has_keys(self) -> bool:
        """Whether space means the lab: in its own steps, where it is gone to, and while it runs; else it turns the page of the text."""
        pane, step = self.lab_pane, self.step
        if pane is None or step is None:
            return False
        own = step.lab is not None or (not self.wide and self.side == "partner")
        return own or pane.session.phase in ("paused", *LIVE_PHASES) or pane in _around(self.focused)

    def action_lab_run(self) -> None:
        """Run or pause; where only the text is seen, show the lab first. In a text beside a lab: a page down."""
        if not self.lab_has_keys:
            self._page_down()
            return
        if not self.wide and self.side == "text" and self.lab_pane is not None:
            self.action_switch()
            if self.lab_pane.gate_open:
                return
        super().action_lab_run()

    def action_lab_step(self) -> None:
        """One step, where the lab has the keys."""
        if self.lab_has_keys:
            super().action_lab_step()

    def _page_down(self) -> None:
        prose = self.query_one(LessonProse)
        if prose.display:
            prose.page(1)

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
        """Back from another screen: show what happened meanwhile."""
        self._returned()

    def action_outline(self) -> None:
        """List the steps."""
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
        """The quiz of the section."""
        from tutor.ui.screens.quiz import QuizScreen

        if self.quiz is None:
            return

        async def read(step: str | None) -> None:
            ids = [s.id for s in self.section.steps]
            if step in ids:
                await self.go(ids.index(step))

        self.app.push_screen(QuizScreen(self.unit, self.section, self.quiz, self.entry.title), read)

    def action_back(self) -> None:
        """Back to the map."""
        self.app.pop_screen()

    def _mark_done(self, step_id: str) -> None:
        if step_id not in self._done:
            self._done.add(step_id)
            self.app_.store.mark_step(self.unit, self.section.id, step_id)

    @on(QuizPane.Finished)
    async def _finished(self, event: QuizPane.Finished) -> None:
        step = self.step
        if step is not None and step.kind == "check":
            self._mark_done(step.id)
            self.lay_out()

    @on(LabPane.RunFinished)
    def _run_finished(self, event: LabPane.RunFinished) -> None:
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
            self._focus()
        elif kind == "outline":
            event.stop()
            self.action_outline()
