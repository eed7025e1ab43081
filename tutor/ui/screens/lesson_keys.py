"""Where the keys of a lesson go: to the text or to what stands beside it, of which a narrow window shows one."""

from __future__ import annotations

from textual.screen import Screen

from tutor.content.models import Section, Step
from tutor.ui.lab_actions import LabActions
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.lesson_prose import LessonProse
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.step_partner import StepPartner

WIDE = 110
"""From this width on text and lab stand side by side."""


class LessonKeys(LabActions, Screen[None]):
    """What a lesson does with its keys, and what that depends on.

    Attributes:
        section: The section that is read.
        index: Place of the step that is shown; -1 is the opening page.
        side: What a narrow window shows, ``text`` or ``partner``.
    """

    section: Section
    index: int
    side: str

    def lay_out(self) -> None:
        """Show what fits."""
        raise NotImplementedError

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
            gate = self.lab_pane.query_one(PredictionGate)
            if self.lab_pane.gate_open:
                gate.focus()
            else:
                self.query_one(LessonProse).focus() if self.wide else self.set_focus(None)
        elif self.query_one(LessonProse).display:
            self.query_one(LessonProse).focus()

    def action_switch(self) -> None:
        """Text or lab, where only one fits; else move the focus."""
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

    def action_lab_run(self) -> None:
        """Do what space does; where only the text is seen, show the lab before it runs."""
        space = self.space
        if space == "text":
            self.query_one(LessonProse).page(1)
        elif space == "next":
            self.call_later(self.run_action, "next_step")
        if space in ("text", "next"):
            return
        if not self.wide and self.side == "text" and self.lab_pane is not None:
            self.action_switch()
            if self.lab_pane.gate_open:
                return
        super().action_lab_run()

    def action_lab_step(self) -> None:
        """One step, where the lab has the keys."""
        if self._at_lab:
            super().action_lab_step()
