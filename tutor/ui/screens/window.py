"""A framed screen over another."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen

from tutor.ui.actions import GLOBAL, bindings
from tutor.ui.widgets.rows import FitRows, MarkedRows

T = TypeVar("T")


class Window(ModalScreen[T]):
    """What all windows share: the language and the theme change under a learner's eyes, as everywhere.

    Textual keeps the keys of the app from a modal screen, so these are bound to it again; where there is a line to type on,
    that takes them first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"app.{binding.action}")
        for binding in bindings(GLOBAL)
        if binding.action in ("toggle_lang", "toggle_theme", "copy", "screenshot")
    ]


class ListWindow(Window[T]):
    """A framed list, with words about it and its keys that are always in sight: the list scrolls.

    Attributes:
        WIDTH: Columns of the frame, as in the style sheet.
        WIDE: Its greatest share of the screen's width, as there.
        TALL: Its greatest share of the height, as there.
    """

    WIDTH: ClassVar[int]
    WIDE: ClassVar[float]
    TALL: ClassVar[float]

    def on_mount(self) -> None:
        self.query_one(MarkedRows).focus()

    def on_resize(self, event: events.Resize) -> None:
        self.fit()

    @property
    def frame(self) -> int:
        """Rows of border, padding and blank lines."""
        return 6

    def fit(self) -> None:
        """Give the list the rows that the words leave; what is marked in it stays in sight."""
        width = min(self.WIDTH, int(self.size.width * self.WIDE)) - _SIDES
        rest = sum(len(words.build(max(1, width), 0)) for words in self.query(FitRows)) + self.frame
        rows = self.query_one(MarkedRows)
        rows.styles.max_height = max(_LEAST, int(self.size.height * self.TALL) - rest)
        rows.call_after_refresh(rows.show_marked)


_SIDES = 6
"""Columns of border and padding."""
_LEAST = 3
"""Rows of a list in any screen."""


def leave(screen: Screen[T], result: T | None = None) -> None:
    """Dismiss a screen, unless it is gone or covered: two quick keys or clicks may ask for it twice."""
    if screen.is_current:
        screen.dismiss(result)
