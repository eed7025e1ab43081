"""Asks for the learner's note on a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tutor.plot.gate import clean
from tutor.text import Text
from tutor.ui.screens.page import leave
from tutor.ui.screens.window import Frame, Window
from tutor.ui.widgets.rows import Words


class NoteArea(TextArea):
    """Some lines to type on."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = clean(event.text)


class NoteScreen(Window[None]):
    """A note that is saved whichever way it is left, by mistake or by quitting."""

    DEFAULT_CSS = """
    NoteScreen Frame { width: 72; }
    NoteScreen NoteArea { height: 9; margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+s", "close", show=False)]

    def __init__(self, title: Text, note: str, save: Callable[[str], None]) -> None:
        super().__init__()
        self.step_title, self.note, self.saved, self.save = title, note, note, save

    def compose(self) -> ComposeResult:
        with Frame():
            yield Words(_HEAD.format(title=self.step_title), "heading")
            yield NoteArea(self.note)
            yield Words(_KEYS, "dim")

    def on_mount(self) -> None:
        area = self.query_one(NoteArea)
        area.focus()
        area.move_cursor(area.document.end)

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        self.note = event.text_area.text.strip()

    def action_close(self) -> None:
        self._save()
        leave(self)

    def on_unmount(self) -> None:
        self._save()

    def _save(self) -> None:
        if self.note != self.saved:
            self.save(self.note)
            self.saved = self.note


_HEAD = Text("笔记：{title}", "Note: {title}")
_KEYS = Text("Esc 保存并关闭；清空就是删除", "Esc saves and closes; empty, the note is gone")
