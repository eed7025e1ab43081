"""Files: those written are complete or not there at all, whatever happens; YAML that is read without asking where things
stand; and what the system says when it refuses.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tutor.text import Text

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_CHINESE = {
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许这样做",
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ELOOP: "符号链接绕成了圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENFILE: "同时打开的文件太多",
    errno.EBUSY: "正被占用",
}

_BY_SAYING = {os.strerror(number): chinese for number, chinese in _CHINESE.items()}


@contextmanager
def new_file(path: Path, *, replace: bool = True, durable: bool = False) -> Iterator[IO[bytes]]:
    """Open a file, in a folder that is made if need be, that takes its name when the block ends without an error.

    Args:
        path: Its name. Until the end what stands there stays; on any error nothing is left of the new file.
        replace: Whether it may take the place of another file.
        durable: Wait until the disk has it, so that it survives a loss of power.

    Raises:
        OSError: It can't be written.
        FileExistsError: There is such a file, and it is not to be replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{os.urandom(8).hex()}.partial")
    try:
        with os.fdopen(os.open(partial, _NEW, 0o666), "wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if not replace:
            _link(partial, path)
        else:
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()
    if durable:
        sync_folder(path.parent)


def write_whole(path: Path, content: str | bytes, *, durable: bool = False) -> None:
    """Write a file: under its name stands the old one until the new one is complete.

    Args:
        path: Its name; its folder is made if need be.
        content: Bytes, or text to be written in UTF-8.
        durable: Wait until the disk has it.

    Raises:
        OSError: It can't be written; nothing is left of it.
    """
    with new_file(path, durable=durable) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def load_yaml(text: str) -> Any:
    """Return what a YAML document holds, by libyaml where it is built in, which is ten times faster.

    Raises:
        yaml.YAMLError: It is none, or holds tags of Python.
    """
    import yaml  # the first screen writes files, but reads no YAML

    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the entries of a folder; without effect where folders can't be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(partial: Path, path: Path) -> None:
    """Give a file its name unless that is taken."""
    try:
        os.link(partial, path)  # unlike a renaming, fails when there is such a file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        partial.replace(path)


def saying(error: OSError | ValueError) -> str:
    """What the system said; a `ValueError` is raised for a name that no file can have."""
    return getattr(error, "strerror", None) or str(error)


def in_words(said: str) -> Text:
    """What the system said, in both languages where it is known, else as it is."""
    return Text(_BY_SAYING.get(said, said), said)
