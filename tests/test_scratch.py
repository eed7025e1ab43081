"""Folders of runs that end, are killed, or live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.disks import SmallDisk
from tutor.scratch import Scratch

WRITES = """
import sys, time
from pathlib import Path
from tutor.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
(scratch.folder() / "data").write_bytes(bytes(1000))
print("written", flush=True)
time.sleep(600)
"""


def left(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_a_folder_is_made_when_it_is_asked_for_and_removed_at_the_end(tmp_path: Path) -> None:
    root = tmp_path / "a" / "b"
    one, other = Scratch(root), Scratch(root)
    one.close()
    assert not root.exists()
    assert one.folder() == one.folder() != other.folder()
    (one.folder() / "data").touch()
    other.close()
    assert one.folder().is_dir(), "the others' folders stay"
    one.close()
    one.close()
    assert not root.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_what_a_killed_run_left_is_swept_and_what_a_living_one_uses_is_not(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        theirs = left(tmp_path)
        assert [path.name for path in theirs] == ["data", "lock"]
        Scratch(tmp_path).sweep()
        assert left(tmp_path) == theirs
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert left(tmp_path) == theirs
        Scratch(tmp_path).sweep()
        assert not left(tmp_path)


def test_a_folder_without_files_yet_is_not_swept(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "lock").touch()
    Scratch(tmp_path).sweep()
    assert (tmp_path / "new" / "lock").exists()


def test_a_small_disk_in_memory_is_known_as_such(disk: SmallDisk) -> None:
    scratch = Scratch(disk.root / "not" / "yet")
    assert scratch.file_system() == "tmpfs"
    assert 0 < scratch.free() <= 400 * 1024
