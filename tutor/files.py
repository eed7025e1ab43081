"""Files: those written are complete or not there at all, whatever happens; and YAML that is read without asking where things stand."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
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
