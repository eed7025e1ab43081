"""The app: what all screens share — language, theme, palette, the learner's log, the labs that run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

# Before textual is imported: its 60 Hz pacing, not the training beside it, makes the slow tail of key-to-paint.
os.environ.setdefault("TEXTUAL_FPS", "120")

from textual.app import App
from textual.binding import BindingType
from textual.reactive import var
from textual.screen import Screen

from tutor import paths
from tutor.content.library import Library
from tutor.progress.store import Store
from tutor.progress.summary import SectionProgress
from tutor.text import Lang, Text, as_lang
from tutor.ui.actions import GLOBAL, bindings
from tutor.ui.commands import ActionProvider
from tutor.ui.palette import Palette
from tutor.ui.screens.home import HomeScreen
from tutor.ui.themes import themes
from tutor.ui.widgets.rows import Drawn

if TYPE_CHECKING:
    from tutor.content.problems import ContentError
    from tutor.ui.lab_session import LabSession

POLL_SECONDS = 1 / 20
"""How often the app looks into the mailboxes of running labs."""


class TutorApp(App[int]):
    """The tutor.

    Args:
        library: The course.
        store: The learner's log.
        lang: Language to begin in.
        open_section: ``(unit, section)`` to open at once.
        open_lab: Id of a lab to open at once, full screen.
        settings: Config values for that lab.
        seed: Seed for that lab.
        steps: Budget for that lab; None is its own.
    """

    TITLE = "llm-tutor"
    CSS_PATH = "tutor.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {ActionProvider}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(GLOBAL)]
    lang: var[Lang] = var("en", init=False)
    """The learner's language; assigning it changes every text in place."""

    def __init__(
        self,
        library: Library,
        store: Store,
        *,
        lang: Lang = "en",
        open_section: tuple[str, str] | None = None,
        open_lab: str | None = None,
        settings: dict[str, str] | None = None,
        seed: int = 0,
        steps: int | None = None,
    ) -> None:
        super().__init__()
        self.set_reactive(TutorApp.lang, lang)
        self.library = library
        self.store = store
        self.sessions: dict[str, LabSession] = {}
        self._open_section = open_section
        self._open_lab = open_lab
        self._open_settings = settings or {}
        self._open_seed = seed
        self._open_steps = steps
        self._palette: Palette | None = None
        self._palette_theme = ""
        for theme in themes(self.console.color_system):
            self.register_theme(theme)
        self.theme = store.setting("theme") or "tutor-dark"
        # Every style here is truecolour already; the filter would walk all segments of every frame for nothing.
        self._filters = [f for f in self._filters if type(f).__name__ != "ANSIToTruecolor"]

    @property
    def palette(self) -> Palette:
        """Styles of the current theme."""
        if self._palette is None or self._palette_theme != self.theme:
            theme = self.current_theme
            self._palette_theme = self.theme
            self._palette = Palette(
                theme.variables, ink=theme.foreground or "", ground=theme.background or ""
            )
        return self._palette

    @property
    def dots(self) -> bool:
        """Whether intensities must be drawn as glyph density: no colour, or only sixteen."""
        return self.no_color or self.console.color_system in (None, "standard", "windows")

    def say(self, text: Text) -> str:
        """A text in the learner's language."""
        return text[self.lang]

    def get_default_screen(self) -> Screen[None]:
        """Home is the bottom of the stack, so that nothing else is painted first."""
        return HomeScreen()

    def on_mount(self) -> None:
        """Begin to look into mailboxes; open what the command line asked for."""
        self.set_interval(POLL_SECONDS, self._poll)
        self.theme_changed_signal.subscribe(self, self._repaint_drawn)
        if self._open_lab is not None:
            self.call_after_refresh(self.open_lab, self._open_lab)
        elif self._open_section is not None:
            self.call_after_refresh(self.open_section, *self._open_section)

    # -- where to go ---------------------------------------------------------------------------------------------------

    def open_section(self, unit: str, section: str) -> None:
        """Open a lesson where the learner left it; say so in words when its files can't be read."""
        from tutor.content.problems import ContentError

        try:
            from tutor.ui.screens.lesson import LessonScreen

            model = self.library.unit(unit)
            entry = next(entry for entry in model.sections if entry.id == section)
            screen = LessonScreen(
                unit,
                model.title,
                entry,
                self.library.section(unit, section),
                self.library.quiz(unit, section),
            )
        except ContentError as error:
            self.show_problems(error)
            return
        self.push_screen(screen)

    def open_lab(self, lab_id: str) -> None:
        """Open a lab full screen."""
        from tutor.content.problems import ContentError
        from tutor.ui.screens.lab import LabScreen

        try:
            session = self.session(lab_id)
        except ContentError as error:
            self.show_problems(error)
            return
        self.push_screen(LabScreen(session))

    def show_problems(self, error: ContentError) -> None:
        """Tell in a notification why a file of the course can't be opened."""
        self.notify(
            "\n".join(problem.head(self.lang) for problem in error.problems[:3]),
            severity="error",
            timeout=12,
            title=self.say(Text("课程文件有问题", "The course has a problem")),
            markup=False,
        )

    def session(self, lab_id: str, unit: str = "", section: str = "") -> LabSession:
        """The session of a lab, made when first asked for.

        Raises:
            ContentError: The lab's file can't be read.
        """
        session = self.sessions.get(lab_id)
        if session is None:
            from tutor.experiments import registry
            from tutor.ui.lab_session import LabSession

            found_unit, lab = self.library.find_lab(lab_id)
            predicted = self.store.last_prediction(lab_id)
            session = LabSession(
                unit or found_unit, section, lab, registry.get(lab.experiment), self.store,
                settings=dict(self._open_settings) if lab_id == self._open_lab else {},
                seed=self._open_seed if lab_id == self._open_lab else 0,
                steps=self._open_steps if lab_id == self._open_lab else None,
                predicted=predicted, gate_passed=self.store.has_prediction(lab_id),
            )  # fmt: skip
            self.sessions[lab_id] = session
        return session

    def section_progress(self, unit: str, section: str) -> SectionProgress:
        """How far the learner is in a section, read once per change of the log."""
        return self.store.summary().section(unit, section)

    def last_section(self) -> tuple[str, str] | None:
        """Where the learner last learned."""
        return self.store.summary().last_section

    # -- what runs -----------------------------------------------------------------------------------------------------

    def only_run(self, session: LabSession) -> None:
        """Pause every other lab: two trainings on two cores would starve the screen."""
        for other in self.sessions.values():
            if other is not session and other.live and other.run is not None:
                other.run.pause()

    def _poll(self) -> None:
        if not self.sessions:
            return
        from tutor.ui.widgets.lab_pane import LabPane

        for session in self.sessions.values():
            if session.run is not None and session.poll(self.lang):
                for pane in self.screen.query(LabPane):
                    if pane.session is session:
                        pane.show_news()

    # -- actions -------------------------------------------------------------------------------------------------------

    def watch_lang(self) -> None:
        """Change every text in place; nothing moves, nothing stops."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(Drawn):
                widget.relang()
            relang = getattr(screen, "relang", None)
            if relang is not None:
                relang()

    def action_toggle_lang(self) -> None:
        """The other language, now and at the next start."""
        self.lang = "en" if self.lang == "zh" else "zh"
        self.store.set_setting("lang", self.lang)

    def action_toggle_theme(self) -> None:
        """The other theme, now and at the next start."""
        self.theme = "tutor-light" if self.current_theme.dark else "tutor-dark"
        self.store.set_setting("theme", self.theme)

    def _repaint_drawn(self, _theme: object) -> None:
        for screen in self.screen_stack:
            for widget in screen.walk_children(Drawn):
                widget.repaint_theme()

    def action_help(self) -> None:
        """Every key that works on the present screen."""
        from tutor.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(getattr(self.screen, "ACTIONS", ())))

    def action_home(self) -> None:
        """Back to the map."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    async def action_quit(self) -> None:
        """Stop what runs and leave."""
        for session in self.sessions.values():
            if session.run is not None:
                session.run.stop()
        for session in self.sessions.values():
            session.close(timeout=1.0)
        self.exit(0)


def run_app(
    *,
    lang: Lang | None,
    course: Path | None,
    section: str | None = None,
    lab: str | None = None,
    settings: dict[str, str] | None = None,
    seed: int = 0,
    steps: int | None = None,
) -> int:
    """Open the learner's log and the course, and run the app until the learner quits.

    Args:
        lang: Language asked for on the command line, or None to use the stored one or the locale's.
        course: Course root, or None for the one that comes with the tutor.
        section: Id of a section to open at once.
        lab: Id of a lab to open at once.
        settings: Config values for that lab.
        seed: Seed for that lab.
        steps: Budget for that lab; None is its own.

    Returns:
        The exit code.

    Raises:
        ProgressError: The log can't be opened.
    """
    home = paths.home()
    store = Store.open(paths.database(home))
    try:
        library = Library(paths.course_root(course), paths.cache(), paths.installed_cache())
        app = TutorApp(
            library,
            store,
            lang=lang or as_lang(store.setting("lang")) or "en",
            open_section=_find_section(library, section),
            open_lab=lab,
            settings=settings,
            seed=seed,
            steps=steps,
        )
        return app.run() or 0
    finally:
        store.close()


def _find_section(library: Library, section: str | None) -> tuple[str, str] | None:
    for unit in library.index().units:
        for entry in unit.sections:
            if entry.id == section:
                return unit.id, entry.id
    return None
