"""Asks for the learner's own text, a file or a folder (says in words when it can't be used) or a line that is typed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shlex
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tutor import paths
from tutor.experiments.user_text import UserLine
from tutor.files import in_words, saying, write_whole
from tutor.plot.gate import clean
from tutor.text import InputError, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.page import leave
from tutor.ui.screens.window import Frame, Window
from tutor.ui.widgets.rows import Words


class _Line(Input):
    """A line whose window says what becomes of a pasted text; Textual would take its first line alone."""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        assert isinstance(self.screen, OwnLineScreen)
        self.screen.paste(event.text)


class OwnLineScreen(Window[bool]):
    """A line that is typed, Enter; an empty one takes it away again. Returns whether anything changed.

    Attributes:
        keys: Settings that come of it.
        told: What is to be said of what was typed, once it is taken.
    """

    DEFAULT_CSS = "OwnLineScreen Frame { width: 80; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    def __init__(self, session: LabSession, line: UserLine, hint: str = "") -> None:
        super().__init__()
        self.settings, self.line = session.next.settings, line
        self.keys: tuple[str, ...] = (line.key,)
        self.before = clean(self.settings.get(line.key, "").replace("\0", " ")).replace("\n", " ")
        self.hint = hint
        self.told: Text | None = None

    def compose(self) -> ComposeResult:
        with Frame():
            yield Words(self.line.ask)
            yield _Line(value=self.before, max_length=self.line.most, placeholder=self.hint, id="own-line")
            yield Words(Text("", ""), "bad", id="own-error")

    def paste(self, text: str) -> None:
        """Put a pasted text in the place of the cursor, its lines in one, as far as there is room."""
        self._insert(" ".join(clean(text).split()))

    def _insert(self, text: str) -> None:
        line = self.query_one(Input)
        room = self.line.most - len(line.value) + len(line.selected_text)
        line.replace(text[:room], *line.selection)

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
    """A path, Enter; an empty line goes back to the built-in text. Tab completes, and a pasted text is kept as a file."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False, priority=True)]

    def __init__(self, session: LabSession) -> None:
        assert session.spec.user_text is not None
        self.text = session.spec.user_text
        super().__init__(session, UserLine(self.text.files, _ASK, _LONGEST), "~/notes.txt  ~/notes")
        self.keys = self.text.keys

    def paste(self, text: str) -> None:
        """Take paths as paths, also as URLs or quoted; write any other text into a file, and name that."""
        found = [path_of(line) for line in text.splitlines() if line.strip()]
        if found and all(map(_there, found)):
            self._insert(found[0] if len(found) == 1 else shlex.join(found))
        elif len(found) == 1 and max(len(part.encode()) for part in found[0].split("/")) <= _LONGEST_NAME:
            self._insert(found[0])
        elif found:
            name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
            file = paths.home() / "pasted" / f"{name}.txt"
            try:
                write_whole(file, text.encode("utf-8", "replace"))
            except OSError as error:
                self._say(in_words(saying(error)))
            else:
                self.query_one(Input).value = str(file)
                self._say(_PASTED.format(count=len(text)), "dim")

    def _say(self, text: Text, role: str = "bad") -> None:
        told = self.query_one("#own-error", Words)
        told.role = role
        told.say_this(text)

    async def action_complete(self) -> None:
        """Write on what is certain of the name, and say what it may be."""
        line = self.query_one(Input)
        value, names = await asyncio.to_thread(completed, line.value)
        line.value, line.cursor_position = value, len(value)
        some = "  ".join(map(clean, names[:_MOST_NAMES])) + ("  …" if len(names) > _MOST_NAMES else "")
        self._say(Text(some, some) if len(names) > 1 else _NO_NAME if not names else Text("", ""), "dim")

    def take(self, typed: str) -> None:
        self.run_worker(self._read(typed))

    async def _read(self, typed: str) -> None:
        line = self.query_one(Input)
        line.disabled = True
        self._say(_READING, "dim")
        try:  # a folder may hold many files
            settings, self.told = await asyncio.to_thread(self._settings_of, typed)
        except InputError as error:
            self._say(error.text)
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

        names, name, encoding = [typed], typed, None
        if not _there(typed):  # a name may end in a blank, or in what looks like an option
            name, option, encoding = typed.strip().partition(" --encoding")
            name, encoding = path_of(name), encoding.strip(" =") if option else None
            names = [name]
            if not _there(name):
                with suppress(ValueError):
                    several = [path_of(part) for part in shlex.split(name)]
                    names = several if several and all(map(_there, several)) else names
        try:
            settings = self.text.settings(map(Path, names), encoding)
            reading = load_corpus("own", settings[self.text.files], encoding).reading
        except (OSError, ValueError):  # a name that no file can have
            raise InputError(_NO_PATH.format(path=clean(name))) from None
        return settings, told(reading)[0] if reading is not None else _READING


def path_of(typed: str) -> str:
    """Return the path that is meant: without blanks around it, quotes, ``file://``, or the backslashes of a shell."""
    typed = typed.strip()
    if typed[:1] in ("'", '"') and typed[-1:] == typed[0] and typed.count(typed[0]) == 2:
        typed = typed[1:-1]
    if typed.startswith("file:/"):
        with suppress(ValueError):
            return url2pathname(urlsplit(typed).path) or unquote(typed)
    if "\\" in typed and os.sep == "/" and not _there(typed):
        with suppress(ValueError):
            parts = shlex.split(typed)
            return parts[0] if len(parts) == 1 and _there(parts[0]) else typed
    return typed


def _there(name: str) -> bool:
    """Return whether there is such a file or folder; ``~`` is the learner's own."""
    with suppress(OSError, ValueError, RuntimeError):
        return os.path.lexists(name) or os.path.lexists(Path(name).expanduser())
    return False


def completed(typed: str) -> tuple[str, list[str]]:
    """Return a path as far as it is certain how it goes on, and the names that it may become; hidden ones when a dot asks for them."""
    if typed == "~":
        return "~/", []
    folder, slash, part = typed.rpartition("/")
    names: list[str] = []
    with (
        suppress(OSError, ValueError, RuntimeError),
        os.scandir(Path(folder + slash or ".").expanduser()) as found,
    ):
        names = sorted(
            entry.name + "/" * entry.is_dir()
            for entry in found
            if entry.name.startswith(part) and (part or not entry.name.startswith("."))
        )
    certain = os.path.commonprefix(names)  # noqa: RUF071 - letter by letter is what is meant
    return (folder + slash + certain if names else typed), names


_LONGEST_NAME = 255
"""Bytes of the name of a file; a pasted line that is longer is no path."""
_MOST_NAMES = 20
_LONGEST = 100_000
"""Characters of a path, or of several."""
_ASK = Text(
    "用自己的哪份文本来训练？写一个文件，或一个文件夹（读其中的纯文本、网页、JSONL 和 JSON 记录，也可以是 .gz）；也可以把文字直接粘贴进来。编码会自动认出；认不出时在后面加上 --encoding gb18030 之类。（Tab 补全，回车确认，留空恢复内置文本，Esc 取消）",
    "Which text of yours to train on? Name a file, or a folder, of which plain text, HTML, JSONL and JSON records are read, also as .gz; or paste the text itself. "
    "The encoding is found out; where it can’t be, add it, as in --encoding gb18030. (Tab completes, Enter uses it, empty for the built-in text, Esc cancels)",
)
_PASTED = Text(
    "粘贴了 {count} 个字符，存成了这个文件；按回车就用它训练。",
    "{count} {count:character|characters} pasted, kept in this file; Enter trains on them.",
)
_NO_NAME = Text("没有这样开头的文件或文件夹。", "No file or folder begins like that.")
_READING = Text("读取中…", "reading…")
_NO_PATH = Text("没有「{path}」这个文件或文件夹。", "There is no file or folder “{path}”.")
