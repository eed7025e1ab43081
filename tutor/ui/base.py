"""What every part of the screen may ask of the app: language, palette, the learner's log, the course, the labs that run.

Widgets and screens know this, not the app itself, which knows them.
"""

from __future__ import annotations

import html.entities  # noqa: F401 - before threads: of two that import a package and a module of it at once, one fails
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App
from textual.reactive import var
from textual.worker import WorkerFailed

from tutor import paths
from tutor.content.library import Library
from tutor.content.problems import ContentError, problem
from tutor.progress.store import Store
from tutor.text import InputError, Lang, Text
from tutor.ui.themes import Palette, themes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from textual.notifications import SeverityLevel

    from tutor.content.index import SectionIndex, TermEntry
    from tutor.content.models import Lab
    from tutor.content.questions import Quiz
    from tutor.ui.lab_session import LabSession
    from tutor.ui.run_request import LabOptions
    from tutor.ui.screens.lesson import LessonScreen


class TutorBase(App[int]):
    """The state that all screens share."""

    ALLOW_IN_MAXIMIZED_VIEW = "TitleBar, KeyBar"

    shows_answers = False
    """Whether the answers in the prose of a step are shown from the beginning."""

    lang: var[Lang] = var("en", init=False)
    """The learner's language; assigning it changes every text in place."""

    def __init__(self, library: Library, store: Store, lang: Lang) -> None:
        super().__init__()
        self.set_reactive(TutorBase.lang, lang)
        self.library = library
        self.store = store
        self.keys: dict[str, str] = {}
        """The learner's own keys, by the ids of actions."""
        self.sessions: dict[tuple[str, str], LabSession] = {}
        self._labs_read: dict[tuple[str, str], Lab] = {}
        """The labs of the sessions made here, as their files were."""
        self.failure: BaseException | None = None
        """The first error that nobody caught; it ended the app."""
        self._telling: dict[str, float] = {}
        """What is being told, and until when."""
        self._palettes: dict[str, Palette] = {}
        for theme in themes(self.console.color_system):
            self.register_theme(theme)
        self.theme = store.setting("theme") or "tutor-dark"
        # Every style here is truecolour already; the filter would walk all segments of every frame for nothing.
        self._filters = [f for f in self._filters if type(f).__name__ != "ANSIToTruecolor"]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Tell the learner something, unless it is just being told."""
        now, seconds = time.monotonic(), self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self._telling = {said: until for said, until in self._telling.items() if until > now}
        if message not in self._telling:
            self._telling[message] = now + seconds
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def leave(self, code: int) -> None:
        """Save what waits, stop what runs and end with an exit code."""
        self.store.flush()
        for session in self.sessions.values():
            if session.run is not None:
                session.run.stop()
        self.close_sessions()
        self.exit(code)

    def close_sessions(self) -> None:
        for session in self.sessions.values():
            session.close(timeout=1.0)

    def _handle_exception(self, error: Exception) -> None:
        """End for an error that nobody caught; Textual would print it, with the values of variables."""
        if not self._exit:  # what is half taken down on leaving may fail
            self.failure = self.failure or (error.error if isinstance(error, WorkerFailed) else error)
        if self._exception is None:  # what Pilot looks at
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self._close_messages_no_wait()

    def thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        """End for an error that ended a thread: `threading.excepthook` while the app runs."""
        if isinstance(failed.exc_value, Exception) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._handle_exception, failed.exc_value)

    def open_section(self, unit: str, section: str, step: str | None = None) -> None:
        """Open a lesson at a step, or where the learner left it; say so in words when its files can't be read."""
        try:
            self.push_screen(self.lesson(unit, section, step))
        except ContentError as error:
            self.show_problems(error)

    async def open_following(self, unit: str, section: str) -> bool:
        """Open the section after one over the map; return whether there is one that is ready."""
        after = self.library.index().following(unit, section)
        if after is None or after[1].state != "ready":
            return False
        await self.run_action("home")
        self.open_section(after[0].id, after[1].id)
        return True

    def open_step(self, step: str) -> None:
        """Open a lesson at a step that was looked for, over what is there now."""
        found = self.library.index().step(step)
        if found is not None:
            self.open_section(found[0].id, found[1].id, step)

    def lesson(self, unit: str, section: str, step: str | None = None) -> LessonScreen:
        """Make the screen of a section, to begin at a step or where the learner left it.

        Raises:
            ContentError: Its files can't be read.
        """
        from tutor.ui.screens.lesson import LessonScreen

        model = self.library.unit(unit)
        entry = next(entry for entry in model.sections if entry.id == section)
        lesson = self.library.section(unit, section)
        known = self.section_entry(unit, section)
        if known is not None and known.quiz_problem:
            self.quiz(unit, section)  # so that it's told now
        # Read when it's needed: it takes as long as the lesson does.
        quiz = partial(self.quiz, unit, section) if known is not None and known.questions else None
        return LessonScreen(unit, model.title, entry, lesson, quiz, self.terms(unit), step)

    def open_timeline(self, unit: str, section: str, title: Text) -> None:
        """Open the timeline of a unit from one of its sections, in which its labs are run."""
        from tutor.ui.screens.timeline import TimelineScreen

        def own() -> Mapping[str, tuple[int, datetime]]:
            from tutor.engine.model_store import ModelStore

            return ModelStore(paths.models()).sizes()

        try:
            milestones = self.library.milestones(unit).milestones
        except ContentError as error:
            self.show_problems(error)
            return
        known = self.library.index().unit(unit)
        labs = {lab.id: lab.title for lab in known.labs if lab.state == "ready"} if known is not None else {}
        self.push_screen(TimelineScreen(unit, section, title, milestones, labs, own))

    def open_examination(self, unit: str) -> None:
        """Open the final examination of a unit."""
        from tutor.ui.screens.examination import ExaminationScreen

        known = self.library.index().unit(unit)
        if known is not None and known.examined:
            self.push_screen(ExaminationScreen(known))

    def terms(self, unit: str | None = None) -> tuple[TermEntry, ...]:
        """Return the glossary of a unit, or of all."""
        index = self.library.index()
        known = index.unit(unit) if unit is not None else None
        units = index.units if unit is None else (known,) if known is not None else ()
        return tuple(term for one in units for term in one.terms)

    def quiz(self, unit: str, section: str) -> Quiz | None:
        """Return the quiz of a section, if it has one; a broken one is told, and the lesson opens without it."""
        known = self.section_entry(unit, section)
        if known is None or not (known.questions or known.quiz_problem):
            return None
        try:
            return self.library.quiz(unit, section)
        except ContentError as error:
            self.show_problems(error)
            return None

    @property
    def palette(self) -> Palette:
        if self.theme not in self._palettes:
            self._palettes[self.theme] = Palette(self.current_theme)
        return self._palettes[self.theme]

    @property
    def dots(self) -> bool:
        """Whether intensities must be drawn as glyph density: no colour, or only sixteen."""
        return self.no_color or self.console.color_system in (None, "standard", "windows")

    def say(self, text: Text) -> str:
        return text[self.lang]

    def show_problems(self, error: ContentError, title: Text | None = None) -> None:
        """Tell in a notification what is wrong with a file, of the course unless a title says otherwise."""
        self.notify(
            "\n".join(problem.head(self.lang) for problem in error.problems[:3]),
            severity="error",
            timeout=12,
            title=self.say(title or Text("课程文件有问题", "The course has a problem")),
            markup=False,
        )

    def session(
        self, lab_id: str, unit: str = "", section: str = "", options: LabOptions | None = None
    ) -> LabSession:
        """The session of a lab, made when first asked for.

        Args:
            lab_id: The lab.
            unit: Unit in which the learner met it; empty for the lab's own.
            section: Section in which the learner met it; empty for none.
            options: For a session that is made now; None: as the lab's author made it.

        Raises:
            ContentError: The lab's file can't be read, or asks for what the tutor that runs doesn't have.
        """
        # Units of different authors may each have a lab of the same name.
        if unit:
            lab = self.library.lab(unit, lab_id)
        else:
            unit, lab = self.library.find_lab(lab_id)
        session = self.sessions.get((unit, lab_id))
        if session is not None and session.run is None and self._labs_read.get((unit, lab_id), lab) != lab:
            session = None  # its file has changed since
        if session is None:
            from tutor.engine.configs import arm_configs, find_spec
            from tutor.engine.model_store import ModelStore
            from tutor.ui.lab_session import LabSession

            self._labs_read[unit, lab_id] = lab
            lab = lab.in_language(self.lang)
            try:
                spec = find_spec(lab)
                arm_configs(lab, spec, {})
            except InputError as error:  # the file is newer than the experiments that were imported
                newer = problem("lab.newer", f"lessons/{unit}/labs/{lab_id}.yaml", detail=error.text)
                raise ContentError([newer]) from error
            session = LabSession(
                unit,
                section,
                lab,
                spec,
                self.store,
                options=options,
                models=ModelStore(paths.models()),
                spread=None if spec.recorded else self.library.spread(lab),
            )
            self.sessions[unit, lab_id] = session
            # What takes long to look up for the first time is looked up before a key asks for it.
            self.run_worker(partial(len, session.spec.words), thread=True)
        return session

    def section_entry(self, unit: str, section: str) -> SectionIndex | None:
        """Return a section in the table of contents."""
        known = self.library.index().unit(unit)
        return next((entry for entry in known.sections if entry.id == section), None) if known else None
