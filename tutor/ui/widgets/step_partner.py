"""What stands beside the text of a step: its questions, or the lab that belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from tutor.content.models import Section, Step
from tutor.content.questions import Quiz
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.quiz_pane import QuizPane
from tutor.ui.widgets.rows import Ground


class StepPartner(Ground):
    """Holds one `QuizPane` or `LabPane`, or nothing."""

    DEFAULT_CSS = "StepPartner { layout: vertical; width: 1fr; height: 1fr; }"

    def __init__(self, unit: str, section: Section, quiz: Callable[[], Quiz | None]) -> None:
        super().__init__(id="partner")
        self.unit, self.section = unit, section
        self.place = ""
        """Unit, section and step that are shown, as labs know them."""
        self._quiz = quiz

    @property
    def filled(self) -> bool:
        return bool(self.children)

    async def show(self, index: int) -> None:
        """Put the partner of a step here; a lab that is here already stays, and with it its run.

        Args:
            index: Of the step; -1 is the opening page with its unscored questions.
        """
        step = self.section.steps[index] if index >= 0 else None
        self.place = f"{self.unit} {self.section.id} {step.id if step is not None else ''}"
        for known in self.app.sessions.values():
            known.enter(self.place)
        session = self._session_for(index) if step is not None and step.kind != "check" else None
        if session is None or step is None:
            await self.remove_children()
            store, unit, section = self.app.store, self.unit, self.section
            if step is None and section.opening:
                await self.mount(QuizPane(store, unit, section, section.opening))
            elif step is not None and step.kind == "check":
                quiz = self._quiz()
                by_id = {q.id: q for q in quiz.questions} if quiz else {}
                questions = [by_id[q] for q in step.questions if q in by_id]
                await self.mount(QuizPane(store, unit, section, questions, step.id, self_test=step.self_test))
            return
        session.enter(self.place)  # it may have been made just now
        asked, own = session.next, self._step_of(session.lab.id, index)
        asked.section, asked.presets = self.section.id, dict(own.settings) if own is not None else {}
        asked.step = own.id if own is not None else ""
        asked.tries = own is not None and own.kind == "try"
        for pane in self.query(LabPane):
            if pane.session is session:
                pane.lie_beside(step.lab is None)
                return
        await self.remove_children()
        pane = LabPane(session)
        pane.lie_beside(step.lab is None)
        await self.mount(pane)

    def _step_of(self, lab: str, index: int) -> Step | None:
        """Return the step whose lab stands beside the step at ``index``: itself, else the last before."""
        return next((step for step in reversed(self.section.steps[: index + 1]) if step.lab == lab), None)

    def _session_for(self, index: int) -> LabSession | None:
        """Return the lab of a step; for a reading step the one that is running, else the last before it, if that has run.

        What didn't run would only take room, and the bet of a lab to come is for those who have read its step.
        """
        from tutor.content.problems import ContentError

        steps, sessions = self.section.steps, self.app.sessions
        lab = steps[index].lab
        if lab is None:
            for session in sessions.values():
                if session.live and session.next.section == self.section.id:
                    return session
            earlier = next((step.lab for step in reversed(steps[:index]) if step.lab), "")
            known = sessions.get((self.unit, earlier))
            return known if known is not None and known.run is not None else None
        try:
            return self.app.session(lab, self.unit, self.section.id)
        except ContentError as error:
            self.app.show_problems(error)
            return None
