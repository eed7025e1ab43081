"""The app: screens over the shared state, mailboxes looked into, actions that work everywhere."""

from __future__ import annotations

import gc
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.selection import SELECT_ALL

from tutor import crash, paths
from tutor.content.library import Library
from tutor.content.problems import ContentError
from tutor.files import in_words, saying, write_whole
from tutor.plot.gate import clean
from tutor.progress.store import Store
from tutor.text import Lang, Text
from tutor.ui import clipboard
from tutor.ui.actions import GLOBAL, ActionPalette, ActionProvider, actions_of, bindings
from tutor.ui.base import TutorBase
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.window import ListWindow
from tutor.ui.widgets.rows import Drawn, RowsScroll

if TYPE_CHECKING:
    from tutor.ui.run_request import LabOptions

POLL_SECONDS = 1 / 20
"""How often the app looks into the mailboxes of running labs."""

AFTER_A_KEY = 0.012
"""Seconds from a key to the next look: its own paint is over then, and most likely no other key has come."""
WHILE_TYPING = 0.07
"""Seconds after a key in which only that look is taken: what training sends takes longer to draw than the next key may wait."""

FULL_COLLECTION = 500
"""Collections of the middle generation between two full ones, instead of 10: to look through all that a course and a long run have made stops
the screen for 20 to 100 ms. Now minutes go by between two; where nobody waits, between two runs, the engine collects."""

RETRY_SECONDS = 2.0
"""How often what could not be saved is tried again."""


class TutorApp(TutorBase):
    """The tutor.

    Args:
        open_section: ``(unit, section)`` to open at once.
        open_lab: Id of a lab to open at once, full screen.
        lab_options: How that lab begins.
    """

    TITLE = "llm-tutor"
    CSS = "Input { background: $background; }"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {ActionProvider}
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GLOBAL),
        Binding("ctrl+c,super+c", "copy_selected", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False),  # with nothing to copy
        Binding("escape", "deselect", show=False, priority=True),
    ]

    def __init__(
        self,
        library: Library,
        store: Store,
        *,
        lang: Lang = "en",
        open_section: tuple[str, str] | None = None,
        open_lab: str | None = None,
        lab_options: LabOptions | None = None,
    ) -> None:
        super().__init__(library, store, lang)
        self._open_section = open_section
        self._open_lab = open_lab
        self._lab_options = lab_options
        self._told = store.waiting
        self._last_key = 0.0

    def get_driver_class(self) -> type[Driver]:
        """Return a driver with which a stopped process comes back, in place of Textual's for Unix."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":  # which can't be imported everywhere
            return found
        from tutor.ui.terminal import SteadyDriver

        return SteadyDriver

    def get_default_screen(self) -> Screen[None]:
        """Home is the bottom of the stack, so that nothing else is painted first."""
        return HomeScreen()

    def on_mount(self) -> None:
        self.set_interval(POLL_SECONDS, self._poll_regularly)
        self.set_interval(RETRY_SECONDS, self._retry)
        self.theme_changed_signal.subscribe(self, self._repaint_drawn)
        if report := crash.untold():
            said = self.say(crash.LAST_TIME.format(path=clean(str(report))))
            self.notify(said, severity="warning", timeout=20, markup=False)
        if (own := paths.keys(paths.home())).exists():
            self._use_keys(own)
        if self._open_lab is not None:
            self.call_after_refresh(self.open_lab, self._open_lab)
        elif self._open_section is not None:
            self.call_after_refresh(self.open_section, *self._open_section)

    def _use_keys(self, file: Path) -> None:
        """Use the learner's own keys, and say what is wrong with their file."""
        from tutor.ui.keys import read_keys

        self.keys, problems = read_keys(file)
        self.set_keymap(self.keys)
        self._redraw("KeyBar")
        if problems:
            self.show_problems(ContentError(problems), _KEYS_PROBLEM)

    def open_lab(self, lab_id: str) -> None:
        from tutor.ui.screens.lab import LabScreen

        try:
            self.push_screen(LabScreen(self.session(lab_id, options=self._lab_options)))
        except ContentError as error:
            self.show_problems(error)

    def on_resize(self) -> None:
        """The title bar says when the window is too small, which its own size doesn't tell."""
        self.call_after_refresh(self._redraw, "TitleBar")

    def _redraw(self, which: str) -> None:
        for screen in self.screen_stack:
            for widget in screen.query(which).results(Drawn):
                widget.redraw()

    def _retry(self) -> None:
        if self.store.waiting is not None:
            self.store.flush()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and any(session.live for session in self.sessions.values()):
            self._last_key = time.monotonic()
            self.set_timer(AFTER_A_KEY, self._poll)
        await super().on_event(event)

    def _poll_regularly(self) -> None:
        if time.monotonic() - self._last_key > WHILE_TYPING:
            self._poll()

    def _poll(self) -> None:
        if self._told != self.store.waiting:
            self._told = self.store.waiting
            self._redraw("TitleBar, QuizPane")
        if not self.sessions:
            return
        from tutor.ui.widgets.lab_pane import LabPane

        for session in self.sessions.values():
            if session.run is not None and session.poll(self.lang):
                for pane in self.screen.query(LabPane):
                    if pane.session is session:
                        pane.show_news()

    def watch_lang(self) -> None:
        """Change every text in place; nothing moves, nothing stops. A run keeps the language it began in, the next has this one."""
        for session in self.sessions.values():
            if session.lab.lang is not None:
                lab = session.lab.in_language(self.lang)
                session.speak(lab, self.library.spread(lab))
        for screen in self.screen_stack:
            for widget in screen.walk_children(Drawn):
                widget.relang()
            if isinstance(screen, ListWindow):
                screen.fit()

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

    def action_command_palette(self) -> None:
        if not any(isinstance(screen, ActionPalette) for screen in self.screen_stack):
            self.push_screen(ActionPalette(placeholder=self.say(Text("搜索操作…", "Search for an action…"))))

    def action_help(self) -> None:
        from tutor.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(actions_of(self.screen)))

    def _selected(self) -> str:
        found = (
            (widget, selection)
            for widget, selection in self.screen.selections.items()
            if isinstance(widget, Drawn)
        )
        parts = [part for widget, selection in found if (part := widget.get_selection(selection)) is not None]
        return "".join(text + end for text, end in parts).strip("\n")

    def action_copy_selected(self) -> None:
        if not (text := self._selected()):
            raise SkipAction
        self.copy_to_clipboard(text)

    def action_deselect(self) -> None:
        if not self._selected():
            raise SkipAction
        self.screen.clear_selection()

    def action_copy(self) -> None:
        """Copy what is selected, else all of what the learner reads: what has the focus, or the first text there is."""
        text = self._selected()
        if not text:
            focused = self.focused
            texts = [focused] if isinstance(focused, Drawn) else []
            texts += self.screen.walk_children(RowsScroll)
            read = (part.get_selection(SELECT_ALL) for part in texts)
            text = next((found[0].strip("\n") for found in read if found is not None), "")
        self.copy_to_clipboard(text)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text wherever it can be pasted from, and say so."""
        self._clipboard = text  # what Textual pastes
        if not text:
            return
        if self._driver is not None:
            for sequence in clipboard.sequences(text):
                self._driver.write(sequence)
        if not self.is_headless:
            clipboard.hand_over(text)
        self.notify(self.say(_COPIED.format(count=len(text))), timeout=3, markup=False)

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save the screen as a picture, and say where."""
        file = Path(path or paths.home() / "screenshots") / (
            filename or f"{datetime.now():%Y-%m-%d-%H%M%S}.svg"
        )
        try:
            write_whole(file, self.export_screenshot(title=self.TITLE))
        except OSError as error:
            said = _NO_PICTURE.format(reason=in_words(saying(error)))
            self.notify(self.say(said), severity="error", timeout=8, markup=False)
        else:
            self.notify(self.say(_PICTURE.format(file=clean(str(file)))), timeout=12, markup=False)

    def action_search(self) -> None:
        from tutor.ui.screens.search import SearchScreen

        self.push_screen(SearchScreen(self.library))

    def action_home(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_help_quit(self) -> None:
        """Say how to quit, to whom Ctrl+C didn't."""
        self.notify(self.say(Text("要退出，按 Ctrl+Q", "To quit, press Ctrl+Q")), timeout=5, markup=False)

    async def action_leave(self) -> None:
        """Quit, unless a run is going on: then say so."""
        if any(session.run is not None and not session.over for session in self.sessions.values()):
            said = Text(
                "训练还没跑完；按 Ctrl+Q 就停下来退出", "A run is going on; press Ctrl+Q to stop it and quit"
            )
            self.notify(self.say(said), timeout=5, markup=False)
            return
        await self.action_quit()

    async def action_quit(self) -> None:
        self.leave(0)

    def action_suspend_process(self) -> None:
        """Stop for the shell, from wherever the learner is; what trains stands still, too."""
        suspend = getattr(self._driver, "suspend", None)
        if suspend is None or not suspend():
            self.notify(self.say(_NO_SHELL), severity="warning", timeout=8, markup=False)


def run_app(
    library: Library,
    *,
    lang: Lang,
    open_section: tuple[str, str] | None = None,
    open_lab: str | None = None,
    lab_options: LabOptions | None = None,
) -> int:
    """Open the learner's log and run the app, as `TutorApp` has it, until the learner quits.

    Returns:
        The exit code.

    Raises:
        ProgressError: The log can't be read.
        Crash: An error of our own ended the app.
    """
    with Store(paths.database(paths.home()), place=library.index().place) as store:
        store.summary()  # a damaged log is told before the screen opens
        return run_to_its_end(
            TutorApp(
                library,
                store,
                lang=lang,
                open_section=open_section,
                open_lab=open_lab,
                lab_options=lab_options,
            )
        )


def run_to_its_end(app: TutorApp) -> int:
    """Run an app, stop what it trains, and close its log.

    Returns:
        The exit code: 1 when something could not be saved.

    Raises:
        Crash: An error of our own ended it, in any of its threads.
    """
    crash.watch()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_COLLECTION)
    threading.excepthook = app.thread_failed
    try:
        code = app.run() or 0
    finally:
        threading.excepthook = threading.__excepthook__
        app.close_sessions()
        app.store.close()
    if app.store.lost is not None:
        print(f"llm-tutor: {clean(app.store.lost[app.lang])}", file=sys.stderr)
        code = code or 1
    if app.failure is not None:
        raise crash.Crash(app.failure)
    return code


_KEYS_PROBLEM = Text("按键文件有问题", "The file of your keys has a problem")
_COPIED = Text("已复制 {count} 个字符", "Copied {count} {count:character|characters}")
_PICTURE = Text("截图存在 {file}", "The screenshot is {file}")
_NO_PICTURE = Text("截图没有存成：{reason}", "The screenshot could not be saved: {reason}")
_NO_SHELL = Text(
    "这里不能挂起：教程不是从带作业控制的 shell 启动的，停下来就没有谁能让它继续。",
    "The tutor can't be suspended here: no shell with job control started it, so nobody could continue it.",
)
