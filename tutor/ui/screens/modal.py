"""Windows over another screen: language and theme change in them as everywhere."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Window(ModalScreen[Answer]):
    """A modal screen, which keeps the keys of the app from those who look at it, but for these two.

    Where a line is typed into, they are letters like all others.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L", "app.toggle_lang", show=False),
        Binding("T", "app.toggle_theme", show=False),
    ]
