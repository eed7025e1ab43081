"""A framed screen over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tutor.plot.cells import Row
from tutor.text import Text
from tutor.ui.actions import GLOBAL, bindings
from tutor.ui.base import TutorBase
from tutor.ui.screens.page import leave
from tutor.ui.widgets.rows import Drawn, FitRows, MarkedRows, Words

T = TypeVar("T")
E = TypeVar("E")


class Frame(Vertical):
    """The frame of a window."""

    DEFAULT_CSS = """
    Frame { max-width: 96%; height: auto; background: $panel; border: round $border; padding: 1 2; }
    """


class Window(ModalScreen[T]):
    """What all windows share: the language and the theme change under a learner's eyes, as everywhere.

    Textual keeps the keys of the app from a modal screen, so these are bound to it again; where there is a line to type on,
    that takes them first.
    """

    app = getters.app(TutorBase)
    DEFAULT_CSS = "Window { align: center middle; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"app.{binding.action}")
        for binding in bindings(GLOBAL)
        if binding.action in ("toggle_lang", "toggle_theme", "copy", "screenshot")
    ]


class ListWindow(Window[T]):
    """A framed list, with words about it and its keys that are always in sight: the list scrolls.

    Attributes:
        WIDTH: Columns of the frame.
        TALL: Its greatest share of the screen's height.
    """

    WIDTH: ClassVar[int]
    TALL: ClassVar[float]

    def on_mount(self) -> None:
        frame = self.query_one(Frame)
        frame.styles.width, frame.styles.max_height = self.WIDTH, f"{self.TALL:.0%}"
        self.query_one(MarkedRows).focus()

    def on_resize(self, event: events.Resize) -> None:
        self.fit()

    @property
    def frame(self) -> int:
        """Rows of border, padding and blank lines."""
        return 6

    def fit(self) -> None:
        """Give the list the rows that the words leave; what is marked in it stays in sight."""
        width = min(self.WIDTH, int(self.size.width * _WIDE)) - _SIDES
        rest = sum(len(words.build(max(1, width), 0)) for words in self.query(FitRows)) + self.frame
        rows = self.query_one(MarkedRows)
        rows.styles.max_height = max(_LEAST, int(self.size.height * self.TALL) - rest)
        rows.call_after_refresh(rows.show_marked)


class FindRows(MarkedRows, Generic[E], can_focus=False):
    """Entries, narrowed to those that a function finds for what was typed; the window has the keys.

    A subclass builds its rows with `listed`.
    """

    def __init__(self, find: Callable[[str], list[E]]) -> None:
        super().__init__()
        self.find, self.typed = find, ""
        self.entries = find("")

    @property
    def entry(self) -> E | None:
        """The marked one."""
        return self.entries[self.marked] if self.entries else None

    def narrow(self, typed: str) -> None:
        """Show what is found; the entry that was marked stays so while it is there."""
        before, self.typed = self.entry, typed
        self.entries = self.find(typed)
        self.mark(self.entries.index(before) if before in self.entries else 0)

    def listed(self, entry_rows: Callable[[int, int], Sequence[Row]], width: int) -> Sequence[Row]:
        """Return the rows of all entries; `entry_rows` makes those of one from its place and the width, with the link ``entry:<place>``."""
        rows = [row for place in range(len(self.entries)) for row in entry_rows(place, width)]
        return rows or self.wrapped(_NONE, "dim", width)


class FindWindow(ListWindow[T]):
    """A list that what is typed narrows: ``/`` begins with that, Escape has the whole list again.

    A subclass has the action ``pick``, what Enter does to the marked entry.

    Attributes:
        PICKS: Kind of the links on which a click does the same; any other marks its entry.
        ASK: Stands on the line while nothing is typed.
        TYPING: Whether the line is there from the beginning to the end.
    """

    DEFAULT_CSS = "FindWindow FindRows { height: auto; margin: 1 0; }"
    WIDTH, TALL = 76, 0.9
    AUTO_FOCUS = ""
    ASK: ClassVar[Text] = Text("筛选…", "filter…")
    TYPING: ClassVar[bool] = False
    PICKS: ClassVar[str] = "entry"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-10, False)", show=False),
        Binding("pagedown", "move(10, False)", show=False),
        Binding("home", "move(-1000, False)", show=False),
        Binding("end", "move(1000, False)", show=False),
        Binding("enter", "pick", show=False),
        Binding("slash", "type", show=False),
        Binding("escape", "close", show=False),
    ]

    def __init__(self, head: Text, rows: FindRows[E], keys: Text) -> None:
        super().__init__()
        self.head, self.list, self.keys = Words(head, "heading", id="head"), rows, Words(keys, "dim")
        self.line = Input(compact=True, select_on_focus=False)

    def compose(self) -> ComposeResult:
        self.line.display = self.TYPING
        with Frame():
            yield self.head
            yield self.line
            yield self.list
            yield self.keys

    def on_mount(self) -> None:
        if self.TYPING:
            self.action_type()

    @property
    def frame(self) -> int:
        return 6 + self.line.display

    def action_move(self, by: int, around: bool = True) -> None:
        self.list.move(by, len(self.list.entries), around=around)

    def action_type(self) -> None:
        self.line.placeholder = self.list.say(self.ASK)
        self.line.display = True
        self.line.focus()
        self.fit()

    def action_close(self) -> None:
        if self.TYPING or not self.line.display:
            leave(self)
            return
        self.line.display = False
        self.line.value = ""
        self.set_focus(None)
        self.fit()

    def on_click(self, event: events.Click) -> None:
        """A click beside the window closes it."""
        if event.widget is self:
            leave(self)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.list.narrow(event.value)

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.run_action("pick")

    @on(Drawn.LinkPicked)
    async def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, place = event.link.partition(":")
        self.list.mark(int(place))
        if kind == self.PICKS:
            await self.run_action("pick")


_NONE = Text("没有找到。", "Nothing found.")
_WIDE = 0.96
"""Greatest share of the screen's width that a frame takes, as its style has it."""
_SIDES = 6
"""Columns of border and padding."""
_LEAST = 3
"""Rows of a list in any screen."""
