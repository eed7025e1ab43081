"""Files that are complete or not there, whatever fails on the way."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tutor.data.own_files.find import unreadable
from tutor.files import in_words, new_file, saying, write_whole

NUMBERS = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ENOENT, errno.EACCES)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("call", ["mkdir", "open", "replace", "unlink", "fsync"])
def test_a_fault_at_any_call_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "file"
    write_whole(path, "old")
    monkeypatch.setattr(Path if call == "mkdir" else os, call, fail)
    if call == "unlink":  # it isn't the only thing that fails
        monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        write_whole(path, "new", durable=True)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert call == "unlink" or names(tmp_path) == ["file"]
    write_whole(path, b"new")
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_of_a_file_that_was_not_completed(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), new_file(tmp_path / "below" / "file") as file:
        file.write(b"half")
        raise error
    assert names(tmp_path / "below") == []


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_is_kept_unless_it_may_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "file"
    with pytest.raises(FileExistsError), new_file(path, replace=False) as file:
        file.write(b"ours")
        path.write_text("theirs")
    assert path.read_text() == "theirs"
    with new_file(tmp_path / "other", replace=False) as file:
        file.write(b"ours")
    assert (tmp_path / "other").read_text() == "ours"
    assert names(tmp_path) == ["file", "other"]


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_process_that_is_killed_leaves_the_old_file(tmp_path: Path, moment: str) -> None:
    """The kill comes before the call, so that only `replace` returning makes the new content the file's."""
    code = f"""
import os, signal, sys
from pathlib import Path
from tutor import files
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "fsync": os.fsync = die
if {moment!r} == "replace": Path.replace = die
with files.new_file(Path(sys.argv[1]), durable=True) as file:
    file.write(b"new" * 100_000)
    if {moment!r} == "write": die()
"""
    path = tmp_path / "file"
    path.write_text("old")
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -9
    assert path.read_text() == "old"


def test_a_durable_file_is_on_the_disk_before_it_takes_its_name_and_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        there = os.fstat(handle)
        done.append("folder" if os.path.samestat(there, tmp_path.stat()) else f"{there.st_size} bytes")
        fsync(handle)

    def replaced(path: Path, target: Path) -> Path:
        done.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    write_whole(tmp_path / "quick", "12345")
    write_whole(tmp_path / "sure", "12345", durable=True)
    assert done == ["name", "5 bytes", "name", "folder"]


def test_a_new_file_may_be_read_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_whole(tmp_path / "file", "")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), "")
    assert names(tmp_path) == ["n" * 255]


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ELOOP, errno.EROFS, errno.EEXIST])
def test_what_the_system_says_is_told_in_both_languages(number: int) -> None:
    told = in_words(saying(OSError(number, os.strerror(number))))
    assert told.en == os.strerror(number)
    assert any("\u4e00" <= char <= "\u9fff" for char in told.zh)


def test_what_is_not_known_is_told_as_it_is() -> None:
    told = in_words(saying(ValueError("embedded null byte")))
    assert told.zh == told.en == "embedded null byte"
    assert saying(OSError("odd")) == "odd"


def test_a_path_that_can_not_be_read_keeps_the_system_s_words_for_the_report() -> None:
    skipped = unreadable(Path("a"), PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    assert skipped.detail == os.strerror(errno.EACCES)
    assert "没有权限" in skipped.why.zh
    assert skipped.detail in skipped.why.en
