"""Asks for the learner's own text file, and says in words when it can't be used."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tutor.engine.configs import own_texts
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.words import Words


class OwnTextScreen(ModalScreen[bool]):
    """A path, Enter; an empty line goes back to the built-in text. Returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """A question, a line to type on, room for an error."""
        with Vertical(id="own-text"):
            yield Words(_ASK)
            yield Input(
                value=self.session.settings.get("text_file", ""), placeholder="~/notes.txt", id="own-path"
            )
            yield Words(Text("", ""), "bad", id="own-error")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        from tutor.data.corpora import CorpusError, load_corpus

        typed = event.value.strip().strip("'\"")
        if not typed:
            changed = self.session.settings.pop("text_file", None) is not None
            self.session.settings.pop("corpus", None)
            self.dismiss(changed)
            return
        path = Path(typed).expanduser().resolve()
        try:
            load_corpus("own", text_file=str(path))
        except CorpusError as error:
            self.query_one("#own-error", Words).say_this(error.text)
            return
        self.session.settings |= own_texts([path])
        self.dismiss(True)


_ASK = Text(
    "用哪个文本文件来训练？（UTF-8 纯文本；回车确认，留空恢复内置文本，Esc 取消）",
    "Which text file to train on? (UTF-8 plain text; Enter to use it, empty for the built-in text, Esc to cancel)",
)
