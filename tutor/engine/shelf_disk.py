"""Files that are whole after a crash, and reads that are bounded."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tutor.engine.shelf_words import NOT_A_FILE, TOO_BIG, ShelfError

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Without it the open of a named pipe waits for a writer that never comes.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def write(path: Path, body: bytes) -> None:
    """Write a new file and wait until the disk has it.

    Raises:
        OSError: Also when there is such a file already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the entries of a folder; without effect where folders can't be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY | _BINARY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path, limit: int) -> bytes:
    """Read a file whole.

    Args:
        path: A plain file, or a link to one.
        limit: Bytes it may have; checked before anything is read.

    Raises:
        OSError: It can't be read.
        ShelfError: It is no plain file, or too big.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY | _NO_WAIT), "rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ShelfError(NOT_A_FILE.format(path=path))
        check_size(path.name, status.st_size, limit)
        # Not read(): a file that grows meanwhile would be read beyond the limit.
        pieces = []
        rest = status.st_size
        while rest > 0 and (piece := stream.read(rest)):
            pieces.append(piece)
            rest -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def check_size(file: str, size: int, limit: int) -> None:
    """Refuse what is too big.

    Args:
        file: How to call it.
        size: Its bytes.
        limit: Bytes it may have.

    Raises:
        ShelfError: It is too big.
    """
    if size > limit:
        unit, name = (2**20, "MB") if limit >= 2**20 else (2**10, "KB")
        # Rounded up and down, so that the two never look equal.
        numbers = {"size": f"{-(-size // unit):,}", "limit": f"{limit // unit:,}", "unit": name}
        raise ShelfError(TOO_BIG.format(file=file, **numbers))
