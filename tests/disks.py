"""Disks that fail: for real, in memory and small; or made up, at any call."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SmallDisk:
    """A file system of its own, that can be filled and freed, and made read-only.

    Attributes:
        root: Where it is mounted.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def fill(self, leave: int = 0) -> None:
        """Fill it up but for some bytes, in whole pages."""
        status = os.statvfs(self.root)
        with (self.root / "fill").open("ab") as file:
            file.write(bytes(max(0, status.f_bfree * status.f_frsize - leave)))

    def free(self) -> None:
        """Free what filled it."""
        (self.root / "fill").unlink(missing_ok=True)

    def remount(self, how: str) -> None:
        """Make it read-only (``ro``) or not (``rw``)."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.root)], check=True, capture_output=True)


@contextmanager
def small_disk(root: Path, kilobytes: int = 400) -> Iterator[SmallDisk | None]:
    """A small disk mounted at a new folder; None where that isn't allowed."""
    root.mkdir()
    size = f"size={kilobytes}k"
    if sys.platform != "linux" or os.geteuid() != 0:
        yield None
        return
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(root)], capture_output=True)
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield SmallDisk(root)
    finally:
        subprocess.run(["umount", "-l", str(root)], check=False)
