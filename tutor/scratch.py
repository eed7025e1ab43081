"""A folder for files that go with the run that wrote them, even where the run is killed; and what kind of disk it lies on."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

IN_MEMORY = ("tmpfs", "ramfs")
"""File systems that no disk lies under."""


class Scratch:
    """A folder for one run within `root`, made when it is first asked for and removed by `close`.

    A run that lives holds a lock in its folder, so that `sweep` knows those of runs that were killed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None

    def folder(self) -> Path:
        """Return the folder.

        Raises:
            OSError: It can't be made.
        """
        if self._folder is None:
            self.root.mkdir(parents=True, exist_ok=True)
            self._folder = Path(mkdtemp(dir=self.root))
            self._lock = (self._folder / "lock").open("wb")
            _hold(self._lock)
        return self._folder

    def close(self) -> None:
        """Remove the folder and all that is in it; without effect where there is none."""
        if self._lock is not None:
            self._lock.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            with suppress(OSError):
                self.root.rmdir()  # unless others are at work
        self._folder = self._lock = None

    def sweep(self) -> None:
        """Remove what runs that were killed have left."""
        for lock in self.root.glob("*/lock"):
            with suppress(OSError):
                if any(one != lock for one in lock.parent.iterdir()):  # else it may not hold its lock yet
                    _claim(lock)
                    shutil.rmtree(lock.parent)

    def free(self) -> int:
        """Return the bytes that are free there."""
        return shutil.disk_usage(_existing(self.root)).free

    def file_system(self) -> str:
        """Return the name of the file system that it lies on; empty where the system doesn't say (it does on Linux)."""
        with suppress(OSError, ValueError, IndexError):
            number = _existing(self.root).stat().st_dev
            device = f"{os.major(number)}:{os.minor(number)}"
            for line in Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines():
                fields = line.split()
                if fields[2] == device:
                    return fields[fields.index("-") + 1]
        return ""


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _hold(lock: IO[bytes]) -> None:
    """Lock a file as long as it is open. On Windows there is nothing to do: a file that is open can't be removed."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _claim(lock: Path) -> None:
    """Take a lock that nobody holds.

    Raises:
        OSError: Somebody does, or that can't be known.
    """
    if sys.platform == "win32":
        lock.unlink()
    else:
        with lock.open("rb") as file:
            _hold(file)
