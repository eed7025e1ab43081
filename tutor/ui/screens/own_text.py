"""Asks for the learner's own text, a file or a folder (says in words when it can't be used) or a line that is typed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tutor.engine.snapshot import ENDED
from tutor.experiments.user_text import UserLine, UserText
from tutor.plot.gate import clean
from tutor.text import InputError, Text
from tutor.ui import lab_keys
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.window import Window, leave
from tutor.ui.widgets.rows import Words

if TYPE_CHECKING:
    from tutor.ui.widgets.lab_pane import LabPane


class OwnTextScreen(Window[bool]):
    """A path, Enter; an empty line goes back to the built-in text. Returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    @dataclass
    class Read(Message):
        """The text can be trained on."""

        settings: dict[str, str]
        told: Text

    @dataclass
    class Refused(Message):
        """The text can't be used."""

        why: Text

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.keys = session.spec.user_text or UserText()
        self.told: Text | None = None
        """How the text was read, once it was."""

    def compose(self) -> ComposeResult:
        with Vertical(id="own-text"):
            yield Words(_ASK)
            yield Input(
                value=self._shown,
                placeholder="~/notes.txt  ~/notes",
                id="own-path",
            )
            yield Words(Text("", ""), "bad", id="own-error")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value
        if not typed.strip():
            gone = [self.session.next.settings.pop(key, None) for key in self.keys.keys]
            leave(self, any(value is not None for value in gone))
            return
        if typed == self._shown:
            leave(self, False)
            return
        event.input.disabled = True
        self._say(_READING)
        # A folder may hold many files.
        self.run_worker(partial(self._try, typed), thread=True)

    def _try(self, typed: str) -> None:
        """On a thread: read the text, and tell the screen how that went."""
        from tutor.data.corpora import load_corpus
        from tutor.data.own_files.told import told

        name, encoding = typed, None
        if not os.path.lexists(typed):  # a name may end in a blank, or in what looks like an option
            name, option, encoding = typed.strip().partition(" --encoding")
            name, encoding = name.strip().strip("'\""), encoding.strip(" =") if option else None
        try:
            settings = self.keys.settings([Path(name)], encoding)
            reading = load_corpus("own", settings[self.keys.files], encoding).reading
        except InputError as error:
            self.post_message(self.Refused(error.text))
        except (OSError, ValueError):  # a name that no file can have
            self.post_message(self.Refused(_NO_PATH.format(path=clean(name))))
        else:
            self.post_message(self.Read(settings, told(reading)[0] if reading is not None else _READING))

    @on(Read)
    def _read(self, event: Read) -> None:
        self.session.next.settings.pop(self.keys.encoding, None)
        self.session.next.settings |= event.settings
        self.told = event.told
        leave(self, True)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._say(event.why)
        line = self.query_one(Input)
        line.disabled = False
        line.focus()

    @property
    def _shown(self) -> str:
        return clean(self.session.next.settings.get(self.keys.files, "").replace("\0", " ")).replace(
            "\n", " "
        )

    def _say(self, text: Text) -> None:
        self.query_one("#own-error", Words).say_this(text)


class OwnLineScreen(Window[bool]):
    """A line that is typed, Enter; an empty one takes it away again. Returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    def __init__(self, session: LabSession, line: UserLine) -> None:
        super().__init__()
        self.session, self.line = session, line

    def compose(self) -> ComposeResult:
        with Vertical(id="own-text"):
            yield Words(self.line.ask)
            yield Input(
                value=self.session.next.settings.get(self.line.key, ""),
                max_length=self.line.most,
                id="own-line",
            )

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        before = self.session.next.settings.pop(self.line.key, "")
        if typed:
            self.session.next.settings[self.line.key] = typed
        leave(self, typed != before)


def ask(pane: LabPane) -> None:
    session = pane.session

    def closed(changed: bool | None) -> None:
        going = session.run is not None and session.phase not in ENDED
        if changed and not going:
            lab_keys.reset(pane)
        elif changed:
            pane.tell(_NEW_TEXT)
        pane.focus_gate()

    if (refused := lab_keys.no_text(session)) is not None:
        pane.tell(refused)
        return
    line = session.spec.user_line
    if line is not None:
        pane.app.push_screen(OwnLineScreen(session, line), closed)
        return
    screen = OwnTextScreen(session)

    def read(changed: bool | None) -> None:
        closed(changed)
        if screen.told is not None and not (session.run is not None and session.phase not in ENDED):
            pane.tell(screen.told)

    pane.app.push_screen(screen, read)


_ASK = Text(
    "用自己的哪份文本来训练？写一个文件，或一个文件夹（读其中的纯文本、网页、JSONL 和 JSON 记录，也可以是 .gz）。编码会自动认出；认不出时在后面加上 --encoding gb18030 之类。（回车确认，留空恢复内置文本，Esc 取消）",
    "Which text of yours to train on? Name a file, or a folder, of which plain text, HTML, JSONL and JSON records are read, also as .gz. "
    "The encoding is found out; where it can’t be, add it, as in --encoding gb18030. (Enter to use it, empty for the built-in text, Esc to cancel)",
)
_READING = Text("读取中…", "reading…")
_NO_PATH = Text("没有「{path}」这个文件或文件夹。", "There is no file or folder “{path}”.")
_NEW_TEXT = Text(
    "这次运行还在，用的是原来的文本；按 r 重来，就用新的文本",
    "This run stays, on the text it began with; r begins anew with the new one",
)
