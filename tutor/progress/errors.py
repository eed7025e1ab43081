"""What can go wrong with the learner's log, in words: what happened, that nothing is lost, what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tutor.files import in_words, saying
from tutor.text import InputError, Text

FOREIGN = Text(
    "{path} 不是 llm-tutor 的学习记录，没有改动它。请把它移到别处，"
    "或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "{path} is not a log of llm-tutor and was left as it is. Move it away, or choose another folder with "
    "LLM_TUTOR_HOME.",
)
NEWER = Text(
    "学习记录 {path} 由更新版本的 llm-tutor 写成（格式 {found}，这里只认识到 {known}），没有改动它。"
    "请升级 llm-tutor。",
    "The log {path} was written by a newer llm-tutor (format {found}; this one knows up to {known}) and was "
    "left as it is. Upgrade llm-tutor.",
)
OLD_SQLITE = Text(
    "这个 Python 自带的 SQLite 是 {found}，llm-tutor 需要 {needed} 或更新。请换用更新的 Python。",
    "The SQLite of this Python is {found}; llm-tutor needs {needed} or newer. Use a newer Python.",
)
NO_FOLDER = Text(
    "不能建立学习记录的文件夹 {path}：{reason}。请检查权限，或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "The folder of the log, {path}, can't be made: {reason}. Check its permissions, or choose another folder "
    "with LLM_TUTOR_HOME.",
)
_CORRUPT = Text(
    "学习记录 {path} 已损坏，没有改动它。把它移到别处就可以重新开始；旁边若有 .bak 备份，改名后可以接着用。",
    "The log {path} is damaged and was left as it is. Move it away to start afresh; a .bak file beside it can "
    "take its place.",
)
_UNWRITABLE = Text(
    "不能写入学习记录 {path}：没有写权限，或者磁盘是只读的。请检查权限，"
    "或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "The log {path} can't be written: no permission, or a read-only disk. Check its permissions, or choose "
    "another folder with LLM_TUTOR_HOME.",
)
_UNREADABLE = Text(
    "不能打开学习记录 {path}：它是一个文件夹，或者没有权限。请检查它，"
    "或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "The log {path} can't be opened: it is a folder, or there is no permission. Check it, or choose another "
    "folder with LLM_TUTOR_HOME.",
)
_FULL = Text("磁盘满了，请腾出空间。", "The disk is full: free some space.")
_BUSY = Text(
    "另一个 llm-tutor 一直占用着学习记录，请关掉它。",
    "Another llm-tutor keeps the log locked: close it.",
)
_BROKEN = Text("读写 {path} 时磁盘出错。", "The disk fails at {path}.")
_OTHER = Text(
    "学习记录 {path} 出错：{reason}。之前的记录没有改动。",
    "The log {path} failed: {reason}. Earlier entries were left as they are.",
)
WAITING = Text(
    "现在存不了，回答先记在内存里（{count} 条），能写了就补上。{why}",
    "Can't save now. Answers waiting in memory until that works: {count}. {why}",
)
LOST = Text(
    "有些学习记录没能存下，其中回答和结果 {count} 条。{why}",
    "Some of your progress could not be saved. Answers and results lost: {count}. {why}",
)

_BY_NAME = {
    "SQLITE_NOTADB": FOREIGN,
    "SQLITE_CORRUPT": _CORRUPT,
    "SQLITE_READONLY": _UNWRITABLE,
    "SQLITE_PERM": _UNWRITABLE,
    "SQLITE_CANTOPEN": _UNREADABLE,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _BROKEN,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
}


class ProgressError(InputError):
    """The learner's log can't be used.

    Attributes:
        disk: The name of the error when it is the disk that fails, which may work again; empty when it is the log.
    """

    def __init__(self, text: Text, disk: str = "") -> None:
        super().__init__(text, exit_code=1)
        self.disk = disk


def explain(error: sqlite3.Error | OSError, path: Path) -> ProgressError:
    """Return the `ProgressError` for an error of SQLite or of the system on the log at `path`."""
    if isinstance(error, OSError):
        in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
        text = NO_FOLDER.format(path=path.parent, reason=in_words(saying(error)))
        return ProgressError(text, "" if in_the_way else "OSError")
    # Extended codes add a part to the name of the plain code: SQLITE_READONLY_DIRECTORY.
    name = "_".join((getattr(error, "sqlite_errorname", None) or "").split("_")[:2])
    found = _BY_NAME.get(name, _OTHER)
    # When the files beside the log can't be made, SQLite names neither a full disk nor a read-only one.
    with suppress(OSError):
        if found in (_BROKEN, _UNREADABLE) and shutil.disk_usage(path.parent).free < 2**16:
            found = _FULL
        elif found is _UNREADABLE and not path.is_dir():
            found = _UNWRITABLE
    return ProgressError(found.format(path=path, reason=error), "" if found in (FOREIGN, _CORRUPT) else name)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn every error of SQLite and of the system within into a `ProgressError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise explain(error, path) from error
