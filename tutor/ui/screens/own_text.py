"""Asks for the learner's own text, a file or a folder, and says in words when it can't be used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tutor.engine.configs import own_texts
from tutor.plot.gate import clean
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.modal import Window
from tutor.ui.widgets.words import Words


class OwnTextScreen(Window[bool]):
    """A path, Enter; an empty line goes back to the built-in text. Returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    @dataclass
    class Read(Message):
        """The text can be trained on."""

        path: Path

    @dataclass
    class Refused(Message):
        """The text can't be used."""

        why: Text

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """A question, a line to type on, room for an error."""
        with Vertical(id="own-text"):
            yield Words(_ASK)
            yield Input(
                value=self.session.settings.get("text_file", ""),
                placeholder="~/notes.txt  ~/notes",
                id="own-path",
            )
            yield Words(Text("", ""), "bad", id="own-error")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip().strip("'\"")
        if not typed:
            changed = self.session.settings.pop("text_file", None) is not None
            self.session.settings.pop("corpus", None)
            self.dismiss(changed)
            return
        if typed == self.session.settings.get("text_file"):
            self.dismiss(False)
            return
        event.input.disabled = True
        self._say(_READING)
        # A folder may hold many files.
        self.run_worker(partial(self._try, typed), thread=True)

    def _try(self, typed: str) -> None:
        """On a thread: read the text, and tell the screen how that went."""
        from tutor.data.corpora import CorpusError, load_corpus

        try:
            path = Path(typed).expanduser().resolve()
            load_corpus("own", text_file=str(path))
        except CorpusError as error:
            self.post_message(self.Refused(error.text))
        except (OSError, RuntimeError, ValueError):  # "~nobody/x", or a name that no file can have
            self.post_message(self.Refused(_NO_PATH.format(path=clean(typed))))
        else:
            self.post_message(self.Read(path))

    @on(Read)
    def _read(self, event: Read) -> None:
        self.session.settings |= own_texts([event.path])
        self.dismiss(True)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._say(event.why)
        line = self.query_one(Input)
        line.disabled = False
        line.focus()

    def _say(self, text: Text) -> None:
        self.query_one("#own-error", Words).say_this(text)


_ASK = Text(
    "用自己的哪份文本来训练？写一个文件，或一个文件夹（读其中的 .txt、.md、.html 和 .jsonl）。编码会自动认出，不限 UTF-8。（回车确认，留空恢复内置文本，Esc 取消）",
    "Which text of yours to train on? Name a file, or a folder, of which .txt, .md, .html and .jsonl are read. The encoding is found out; "
    "it need not be UTF-8. (Enter to use it, empty for the built-in text, Esc to cancel)",
)
_READING = Text("读取中…", "reading…")
_NO_PATH = Text("没有「{path}」这个文件或文件夹。", "There is no file or folder “{path}”.")
