"""Asks for the learner's own text, a file or a folder (says in words when it can't be used) or a line that is typed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tutor.experiments.user_text import UserLine, UserText
from tutor.plot.gate import clean
from tutor.text import InputError, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.window import Window, leave
from tutor.ui.widgets.rows import Words


class OwnLineScreen(Window[bool]):
    """A line that is typed, Enter; an empty one takes it away again. Returns whether anything changed.

    Attributes:
        keys: Settings that come of it.
        told: What is to be said of what was typed, once it is taken.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    def __init__(self, session: LabSession, line: UserLine, hint: str = "") -> None:
        super().__init__()
        self.settings, self.line = session.next.settings, line
        self.keys: tuple[str, ...] = (line.key,)
        self.before = clean(self.settings.get(line.key, "").replace("\0", " ")).replace("\n", " ")
        self.hint = hint
        self.told: Text | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="own-text"):
            yield Words(self.line.ask)
            yield Input(value=self.before, max_length=self.line.most, placeholder=self.hint, id="own-line")
            yield Words(Text("", ""), "bad", id="own-error")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            gone = [self.settings.pop(key, None) for key in self.keys]
            leave(self, any(value is not None for value in gone))
        elif event.value == self.before:
            leave(self, False)
        else:
            self.take(event.value)

    def take(self, typed: str) -> None:
        before, self.settings[self.line.key] = self.settings.get(self.line.key), typed.strip()
        leave(self, typed.strip() != before)


class OwnTextScreen(OwnLineScreen):
    """A path, Enter; an empty line goes back to the built-in text."""

    def __init__(self, session: LabSession) -> None:
        self.text = session.spec.user_text or UserText()
        super().__init__(session, UserLine(self.text.files, _ASK, _LONGEST), "~/notes.txt  ~/notes")
        self.keys = self.text.keys

    def take(self, typed: str) -> None:
        self.run_worker(self._read(typed))

    async def _read(self, typed: str) -> None:
        line, told = self.query_one(Input), self.query_one("#own-error", Words)
        line.disabled = True
        told.say_this(_READING)
        try:  # a folder may hold many files
            settings, self.told = await asyncio.to_thread(self._settings_of, typed)
        except InputError as error:
            told.say_this(error.text)
            line.disabled = False
            line.focus()
        else:
            self.settings.pop(self.text.encoding, None)
            self.settings |= settings
            leave(self, True)

    def _settings_of(self, typed: str) -> tuple[dict[str, str], Text]:
        """Read a text, and return the settings that train on it and how it was read.

        Raises:
            InputError: It can't be used.
        """
        from tutor.data.corpora import load_corpus
        from tutor.data.own_files.text import told

        name, encoding = typed, None
        if not os.path.lexists(typed):  # a name may end in a blank, or in what looks like an option
            name, option, encoding = typed.strip().partition(" --encoding")
            name, encoding = name.strip().strip("'\""), encoding.strip(" =") if option else None
        try:
            settings = self.text.settings([Path(name)], encoding)
            reading = load_corpus("own", settings[self.text.files], encoding).reading
        except (OSError, ValueError):  # a name that no file can have
            raise InputError(_NO_PATH.format(path=clean(name))) from None
        return settings, told(reading)[0] if reading is not None else _READING


_LONGEST = 100_000
"""Characters of a path, or of several."""
_ASK = Text(
    "用自己的哪份文本来训练？写一个文件，或一个文件夹（读其中的纯文本、网页、JSONL 和 JSON 记录，也可以是 .gz）。编码会自动认出；认不出时在后面加上 --encoding gb18030 之类。（回车确认，留空恢复内置文本，Esc 取消）",
    "Which text of yours to train on? Name a file, or a folder, of which plain text, HTML, JSONL and JSON records are read, also as .gz. "
    "The encoding is found out; where it can’t be, add it, as in --encoding gb18030. (Enter to use it, empty for the built-in text, Esc to cancel)",
)
_READING = Text("读取中…", "reading…")
_NO_PATH = Text("没有「{path}」这个文件或文件夹。", "There is no file or folder “{path}”.")
