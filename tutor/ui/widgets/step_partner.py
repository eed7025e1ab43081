"""What stands beside the text of a step: its questions, or the lab that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Container

from tutor.content.models import Quiz, Section, Step
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.quiz_pane import QuizPane

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase


class StepPartner(Container):
    """Holds one `QuizPane` or `LabPane`, or nothing."""

    DEFAULT_CSS = "StepPartner { layout: vertical; width: 1fr; height: 1fr; }"

    def __init__(self, unit: str, section: Section, quiz: Quiz | None) -> None:
        super().__init__(id="partner")
        self.unit, self.section = unit, section
        self._questions = {q.id: q for q in quiz.questions} if quiz else {}

    @property
    def filled(self) -> bool:
        return bool(self.children)

    async def show(self, index: int) -> None:
        """Put the partner of a step here; a lab that is here already stays, and with it its run.

        Args:
            index: Of the step; -1 is the opening page with its unscored questions.
        """
        step = self.section.steps[index] if index >= 0 else None
        place = f"{self.unit} {self.section.id} {step.id if step is not None else ''}"
        for known in self._tutor.sessions.values():
            known.enter(place)
        session = self._session_for(index) if step is not None and step.kind != "check" else None
        beside = step is not None and step.lab is None
        if session is not None and step is not None:
            session.enter(place)  # it may have been made just now
            asked = session.next
            asked.section, asked.presets = self.section.id, dict(step.settings)
            own = step if step.lab is not None else self._step_of(session.lab.id, index)
            asked.step = own.id if own is not None else ""
            asked.may_diverge = own is not None and own.kind == "try"
            for pane in self.query(LabPane):
                if pane.session is session:
                    pane.lie_beside(beside)
                    return
        await self.remove_children()
        if session is not None:
            pane = LabPane(session)
            pane.lie_beside(beside)
            await self.mount(pane)
        elif step is None and self.section.opening:
            given = self._tutor.store.answers(self.unit, self.section.id, "opening")
            await self.mount(QuizPane(self.unit, self.section.id, self.section.opening, given=given))
        elif step is not None and step.kind == "check":
            await self.mount(self._check(step))

    def _check(self, step: Step) -> QuizPane:
        store = self._tutor.store
        return QuizPane(
            self.unit,
            self.section.id,
            [self._questions[q] for q in step.questions if q in self._questions],
            attempts=store.attempt_counts(self.unit, self.section.id),
            given=store.answers(self.unit, self.section.id),
            step_titles={step.id: step.title for step in self.section.steps},
            asked_in=step.id,
        )

    def _step_of(self, lab: str, index: int) -> Step | None:
        """Return the step whose lab stands beside the reading step at ``index``: the next such step, else the last before."""
        steps = self.section.steps
        after = [step for step in steps[index:] if step.lab == lab]
        before = [step for step in steps[:index] if step.lab == lab]
        return after[0] if after else before[-1] if before else None

    def _session_for(self, index: int) -> LabSession | None:
        """Return the lab of a step; for a reading step the one that is running, else the next in the section, else the last that has run."""
        from tutor.content.problems import ContentError

        lab = self.section.steps[index].lab
        if lab is None:
            running = (
                s for s in self._tutor.sessions.values() if s.live and s.next.section == self.section.id
            )
            live = next(running, None)
            if live is not None:
                return live
            later = [step.lab for step in self.section.steps[index:] if step.lab]
            earlier = [step.lab for step in self.section.steps[:index] if step.lab]
            lab = later[0] if later else None
            if lab is None and earlier:  # what ran can still be looked at; what didn't would only take room
                known = self._tutor.sessions.get((self.unit, earlier[-1]))
                lab = earlier[-1] if known is not None and known.run is not None else None
        if lab is None:
            return None
        try:
            return self._tutor.session(lab, self.unit, self.section.id)
        except ContentError as error:
            self._tutor.show_problems(error)
            return None

    @property
    def _tutor(self) -> TutorBase:
        return cast("TutorBase", self.app)
