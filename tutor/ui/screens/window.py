"""A framed screen over another."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

T = TypeVar("T")


class Window(ModalScreen[T]):
    """What all windows share: the language and the theme change under a learner's eyes, as everywhere.

    Textual keeps the keys of the app from a modal screen, so these two are bound to it again; where there is a line to type on,
    that takes them first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L", "app.toggle_lang", show=False),
        Binding("T", "app.toggle_theme", show=False),
    ]


def leave(screen: Screen[T], result: T | None = None) -> None:
    """Dismiss a screen, unless it is gone or covered: two quick keys or clicks may ask for it twice."""
    if screen.is_current:
        screen.dismiss(result)
