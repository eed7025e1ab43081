"""The title bar at the top and the key bar at the bottom of every screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.actions import GLOBAL, IN_ANY_FIELD, Action
from tutor.ui.widgets.rows import Drawn, FitRows

_LANG_LABEL = Text("EN", "中文")
LEAST = (60, 20)
"""Columns and rows of a window in which all can be seen as it is meant."""
MOST_ROWS = 3
"""Rows of what is said about saving; the rest is told on the terminal at the end."""
_TOO_SMALL = Text(f"窗口至少要 {LEAST[0]}×{LEAST[1]}", f"window under {LEAST[0]}×{LEAST[1]}")


class TitleBar(FitRows):
    """Where the learner is, at the left; language, theme and help, at the right, for the mouse.

    Below it, while something isn't saved, that and why.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "TitleBar { dock: top; height: auto; width: 1fr; }"
    GROUND = "panel"

    def __init__(self, *path: Text) -> None:
        super().__init__()
        self._path = path

    def build(self, width: int, height: int) -> Sequence[Row]:
        """When it is narrow the path gives way, from its beginning."""
        right = [
            Run(f" {_LANG_LABEL[self.lang]} ", "accent", link="app.toggle_lang"),
            Run(self.say(Text(" 明暗 ", " theme ")), "dim", link="app.toggle_theme"),
            Run(" ? ", "key", bold=True, link="app.help"),
        ]
        left = [Run(" llm-tutor", "accent", bold=True, link="app.home")]
        room = width - row_width(right) - row_width(left)
        path = self._path
        if self.app.size.width < LEAST[0] or self.app.size.height < LEAST[1]:
            said = f" {fit(self.say(_TOO_SMALL), max(0, room - 1))}"
            left.append(Run(said, "warn"))
            path, room = (), width - row_width(right) - row_width(left)
        at = len(left)
        for text in reversed(path):  # where one is matters more than where that belongs
            piece = [Run(" › ", "faint"), Run(self.say(text), "text")]
            if row_width(piece) > room:
                break
            room -= row_width(piece)
            left[at:at] = piece
        waiting = self.app.store.waiting
        told = [Run(f"! {clean(self.say(waiting))}", "warn", bold=True)] if waiting else []
        banner = [(Run(" "), *row) for row in wrap(told, max(1, width - 2))]
        return [(*left, Run(" " * max(0, room)), *right), *banner[:MOST_ROWS]]

    async def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        await self.app.run_action(event.link)


class KeyBar(Drawn):
    """The keys that matter here, each a mouse target."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "KeyBar { dock: bottom; height: 1; width: 1fr; }"
    GROUND = "panel"

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = tuple(actions)
        self._global = GLOBAL

    def show(self, actions: Iterable[Action]) -> None:
        """Show what works now; what has the focus may take the letters, or ask something: then it says what works there."""
        field: tuple[Action, ...] = getattr(self.screen.focused, "typing", ())
        asked: tuple[Action, ...] = getattr(self.screen.focused, "asking", ())
        new, self._global = field or asked or tuple(actions), IN_ANY_FIELD if field else GLOBAL
        if new != self._actions:
            self._actions = new
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """One row: the screen's keys from the left, the global ones at the right end."""
        tail = [run for action in self._global if action.bar for run in self._key(action, "app")]
        row: list[Run] = []
        for action in self._actions:
            key = self._key(action, "screen") if action.bar else []
            if row_width(row) + row_width(key) + row_width(tail) > width:
                break
            row += key
        gap = width - row_width(row) - row_width(tail)
        return [(*row, Run(" " * max(0, gap)), *tail)]

    def _key(self, action: Action, owner: str) -> list[Run]:
        link = f"{owner}.{action.call}"
        return [
            Run(f" {action.key_name(self.lang, self.app.keys)}", "key", bold=True, link=link),
            Run(f" {self.say(action.label)} ", "text", link=link),
        ]

    async def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        owner, _, name = event.link.partition(".")
        await self.app.run_action(name, self.app if owner == "app" else self.screen)
