"""A disk that fails at any moment: nothing raises, nothing acknowledged is lost, the rest waits and is written in its order."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.disks import SmallDisk
from tests.progress.clock import Clock
from tutor.progress import database, log_file
from tutor.progress.database import stored_setting
from tutor.progress.errors import ProgressError
from tutor.progress.store import Store

STEPS: tuple[Callable[[Store], None], ...] = (
    lambda store: store.set_setting("lang", "zh"),
    lambda store: store.set_position("u", "s", "one"),
    lambda store: store.record_prediction("u", "s", "lab", "falls", lang="zh"),
    lambda store: store.record_answer("u", "s", "q", [0], True, lang="zh"),
    lambda store: store.mark_step("u", "s", "one"),
    lambda store: store.set_position("u", "s", "two"),
)
"""An evening."""

TABLES = {
    "attempts": "SELECT kind, item, answer FROM attempts ORDER BY id",
    "positions": "SELECT step FROM positions",
    "steps": "SELECT step FROM steps ORDER BY rowid",
    "settings": "SELECT key, value FROM settings",
}


def contents(path: Path) -> dict[str, list[Any]]:
    """What is in the file."""
    found = sqlite3.connect(path)
    try:
        return {table: found.execute(query).fetchall() for table, query in TABLES.items()}
    finally:
        found.close()


def known(store: Store) -> dict[str, list[Any]]:
    """What the learner is shown."""
    return {table: [tuple(row) for row in store._read(query, ())] for table, query in TABLES.items()}


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[Any]]]:
    """What a log holds after so many steps."""
    path = tmp_path_factory.mktemp("whole") / "log"
    with Store(path, Clock()) as store:
        found = [contents(path)]
        for step in STEPS:
            step(store)
            found.append(contents(path))
    return found


def spend(
    store: Store,
    path: Path,
    after: list[dict[str, list[Any]]],
    start: int = 0,
    harmed: Callable[[], bool] = lambda: True,
) -> int:
    """Spend an evening: all that was done is known at once, and in the file whenever that is said.

    Into the file is looked when anything may have been `harmed`.

    Returns:
        The number of steps of which it was said last.
    """
    kept = start
    for done, step in enumerate(STEPS[start:], start + 1):
        step(store)
        assert known(store) == after[done]
        assert len(store.summary().section("u", "s").answers) == sum(
            row[0] == "answer" for row in after[done]["attempts"]
        )
        if store.waiting is None:
            assert store.lost is None
            assert not harmed() or contents(path) == after[done]
            kept = done
        else:
            whole = len(after[done]["attempts"])
            counts = whole - len(after[kept]["attempts"]), whole  # none at all when the file has gone
            assert any(f"（{count} 条）" in store.waiting.zh for count in counts)
            assert any(f": {count}. " in store.waiting.en for count in counts)
    return kept


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


ERRORS: dict[str, Callable[[], Exception]] = {
    **{
        name: lambda name=name: sqlite_error(name)  # type: ignore[misc]
        for name in ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_BUSY", "SQLITE_CANTOPEN")
    },
    **{
        errno.errorcode[number]: lambda number=number: OSError(number, os.strerror(number))  # type: ignore[misc]
        for number in (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ENOENT, errno.EACCES)
    },
}


class Faults:
    """Fails calls to the disk by their number.

    Attributes:
        calls: Calls so far.
    """

    def __init__(
        self, error: Callable[[], Exception], first: int, last: float, *, late: bool = False
    ) -> None:
        self.error, self.first, self.last, self.late = error, first, last, late
        self.calls = 0

    def on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put them before every statement, and every look at the folder."""
        faults = self
        stat, mkdir = Path.stat, Path.mkdir

        class Failing(sqlite3.Connection):
            def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
                if sql == "ROLLBACK" or not faults.due():
                    return super().execute(sql, values)
                if faults.late and sql == "COMMIT":  # it reached the disk all the same
                    super().execute(sql, values)
                raise (
                    faults.error()
                    if isinstance(faults.error(), sqlite3.Error)
                    else sqlite_error("SQLITE_IOERR")
                )

        def connect(path: Path) -> sqlite3.Connection:
            disk = sqlite3.connect(
                path, timeout=0, isolation_level=None, check_same_thread=False, factory=Failing
            )
            sqlite3.Connection.execute(disk, "PRAGMA synchronous = OFF")  # it would mostly wait for the disk
            return disk

        def looking(function: Callable[..., Any]) -> Callable[..., Any]:
            def call(path: Path, *args: Any, **more: Any) -> Any:
                if path.name in ("log", "home") and isinstance(faults.error(), OSError) and faults.due():
                    raise faults.error()
                return function(path, *args, **more)

            return call

        monkeypatch.setattr(log_file, "connect", connect)
        monkeypatch.setattr(Path, "stat", looking(stat))
        monkeypatch.setattr(Path, "mkdir", looking(mkdir))
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)

    def due(self) -> bool:
        self.calls += 1
        return self.first <= self.calls <= self.last


@pytest.mark.parametrize(
    ("name", "lasting", "late", "stride"),
    [
        ("SQLITE_FULL", 0, False, 1),
        ("SQLITE_IOERR_WRITE", 0, True, 1),
        ("ENOSPC", 0, False, 1),
        ("SQLITE_FULL", float("inf"), False, 2),
        ("ENOENT", float("inf"), False, 2),
        ("SQLITE_BUSY", 9, False, 3),
        ("ENOENT", 9, False, 3),
    ],
)
def test_a_fault_at_any_call(
    tmp_path: Path,
    after: list[dict[str, list[Any]]],
    name: str,
    lasting: float,
    late: bool,
    stride: int,
) -> None:
    assert faulty(tmp_path, after, name, lasting, late=late, stride=stride) > 100, "every call had its turn"


@pytest.mark.parametrize(
    ("name", "lasting"),
    [
        ("SQLITE_READONLY", 9),
        ("SQLITE_IOERR_WRITE", 0),
        ("SQLITE_CANTOPEN", 0),
        ("ENOSPC", 9),
        ("EROFS", 0),
        ("EIO", 9),
        ("EDQUOT", 0),
        ("EACCES", 0),
    ],
)
def test_any_fault_at_some_calls(
    tmp_path: Path, after: list[dict[str, list[Any]]], name: str, lasting: int
) -> None:
    faulty(tmp_path, after, name, lasting, stride=7)


def faulty(
    folder: Path,
    after: list[dict[str, list[Any]]],
    name: str,
    lasting: float,
    *,
    late: bool = False,
    stride: int = 1,
) -> int:
    """Spend an evening with a fault that begins at a call, for each call or for one in `stride`.

    Returns:
        The first number that no call has.
    """
    first, reached = 1, True
    while reached:
        with pytest.MonkeyPatch.context() as monkeypatch:
            path = folder / str(first) / "home" / "log"
            faults = Faults(ERRORS[name], first, first + lasting, late=late)
            faults.on(monkeypatch)
            try:
                store = Store(path, Clock())
            except ProgressError as error:  # the disk can't be looked at either
                assert error.text.zh
                first += stride
                continue
            kept = spend(store, path, after, harmed=lambda: faults.calls >= faults.first)  # noqa: B023
            reached = faults.calls >= first
            if lasting != float("inf"):
                faults.first = faults.calls + 1_000_000
                store.flush()
                assert (store.waiting, store.lost) == (None, None)
            store.close()
            assert (store.lost is None) or lasting == float("inf")
        if store.lost is None:
            assert contents(path) == after[-1]
        elif kept:
            assert contents(path) == after[kept]
        first += stride
    return first


def test_a_disk_that_was_pulled_out_and_comes_back_is_opened_anew(
    tmp_path: Path, after: list[dict[str, list[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[sqlite3.Connection] = []

    class Pulled(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            if opened and self is opened[0] and sql == "BEGIN IMMEDIATE":  # for ever
                raise sqlite_error("SQLITE_IOERR_WRITE")
            return super().execute(sql, values)

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Pulled)

    monkeypatch.setattr(log_file, "connect", connect)
    path = tmp_path / "log"
    with Store(path, Clock()) as store:
        disk = store._file._disk
        assert disk is not None
        opened.append(disk)
        assert spend(store, path, after) == len(STEPS)


def test_what_does_not_fit_holds_up_what_comes_later_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with Store(path, Clock()) as store:
        disk = store._file._disk
        assert disk is not None
        disk.execute(f"PRAGMA max_page_count = {disk.execute('PRAGMA page_count').fetchone()[0]}")
        store.record_answer("u", "s", "long", ["x" * 100_000], True, lang="en")
        store.record_answer("u", "s", "short", [0], True, lang="en")
        assert store.waiting is not None
        assert "full" in store.waiting.en
        assert contents(path)["attempts"] == []
        assert list(store.answers("u", "s")) == ["long", "short"]
        disk.execute("PRAGMA max_page_count = 1000000")
        store.flush()
        assert [row[1] for row in contents(path)["attempts"]] == ["long", "short"]


@pytest.mark.parametrize("pages", range(0, 40, 3))
def test_a_real_disk_with_room_for_so_many_pages(
    disk: SmallDisk, after: list[dict[str, list[Any]]], pages: int
) -> None:
    path = disk.root / "home" / "log"
    disk.fill(leave=pages * 4096)
    store = Store(path, Clock())
    spend(store, path, after)
    if pages == 0:
        assert store.waiting is not None
        assert ("满" in store.waiting.zh, "full" in store.waiting.en) == (True, True)
    store.close()
    disk.free()
    with Store(path, Clock()) as again:
        found = contents(path)
        assert found in after
        assert (found == after[-1]) or store.lost is not None
        spend(again, path, after, start=after.index(found))
        assert again.waiting is None
    assert contents(path) == after[-1]


def test_a_disk_that_fills_and_is_freed_while_the_log_is_open(
    disk: SmallDisk, after: list[dict[str, list[Any]]]
) -> None:
    path = disk.root / "log"
    with Store(path, Clock()) as store:
        disk.fill()
        spend(store, path, after)
        disk.free()
        store.flush()
        assert store.waiting is None
    assert contents(path) == after[-1]


@pytest.mark.parametrize("how", ["full", "read-only", "full, after a kill"])
def test_a_log_can_be_read_where_nothing_can_be_written(
    disk: SmallDisk, after: list[dict[str, list[Any]]], how: str
) -> None:
    """There is no room for the files that SQLite wants beside it; after a kill the entries may still be in one of those."""
    path = disk.root / "log"
    with Store(path, Clock()) as store:
        spend(store, path, after)
        if "kill" in how:
            (disk.root / "killed").mkdir()
            for end in ("", "-wal"):
                shutil.copy(f"{path}{end}", disk.root / "killed")
    if "kill" in how:
        path = disk.root / "killed" / "log"
    if how == "read-only":
        disk.remount("ro")
    else:
        disk.fill()
    assert stored_setting(path, "lang") == "zh"
    with Store(path, Clock()) as store:
        assert store.waiting is not None
        assert ("read-only" if how == "read-only" else "is full") in store.waiting.en
        assert known(store) == after[-1]
        store.record_answer("u", "s", "more", [0], True, lang="en")
        assert store.attempt_counts("u", "s") == {"q": 1, "more": 1}
        assert store.lost is not None
        if how == "read-only":
            disk.remount("rw")
        else:
            disk.free()
    assert store.lost is None
    assert len(contents(path)["attempts"]) == len(after[-1]["attempts"]) + 1


def moved(path: Path) -> Path:
    return path.parent.rename(path.parent.with_name("moved")) / path.name


def deleted(path: Path) -> None:
    shutil.rmtree(path.parent)


def begun_anew(path: Path) -> None:
    shutil.rmtree(path.parent)
    Store(path, Clock()).close()


def an_old_copy(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{end}").unlink()
    path.with_name("copy").replace(path)


@pytest.mark.parametrize("gone", [moved, deleted, begun_anew, an_old_copy])
def test_a_log_that_vanishes_is_there_again(
    tmp_path: Path, after: list[dict[str, list[Any]]], gone: Callable[[Path], Path | None]
) -> None:
    for done in range(len(STEPS) + 1):
        path = tmp_path / str(done) / "home" / "log"
        with Store(path, Clock()) as store:
            path.with_name("copy").touch()
            for step in STEPS[:done]:
                if step is STEPS[done // 2]:
                    with Store(path) as reading:
                        reading._file.read().execute("VACUUM INTO ?", (str(path.with_name("c")),))
                    path.with_name("c").replace(path.with_name("copy"))
                step(store)
            there = gone(path)
            assert known(store) == after[done]
            spend(store, path, after, start=done)
        assert store.lost is None
        assert contents(path) == after[-1]
        if there is not None:
            assert contents(there) == after[done]


def test_two_tutors_whose_log_vanishes_write_it_once(tmp_path: Path) -> None:
    path = tmp_path / "home" / "log"
    with Store(path, Clock()) as one, Store(path, Clock()) as two:
        one.record_answer("u", "s", "q1", [1], True, lang="en")
        two.record_answer("u", "s", "q2", [1], True, lang="en")
        assert list(one.attempt_counts("u", "s")) == ["q1", "q2"]
        deleted(path)
        two.record_answer("u", "s", "q3", [1], True, lang="en")
        one.record_answer("u", "s", "q4", [1], True, lang="en")
        assert list(two.attempt_counts("u", "s")) == ["q1", "q2", "q3", "q4"]
    assert [row[1] for row in contents(path)["attempts"]] == ["q1", "q2", "q3", "q4"]


def test_another_process_that_keeps_the_log_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "BUSY_SECONDS", 0)
    path = tmp_path / "log"
    with Store(path, Clock()) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with Store(path, Clock()) as late:  # it can be read all the same
            waits: list[str] = []
            disk = store._file._disk
            assert disk is not None
            disk.set_trace_callback(lambda sql: waits.append(sql) if "busy_timeout" in sql else None)
            store.record_answer("u", "s", "q0", [1], True, lang="en")
            monkeypatch.setattr(log_file, "BUSY_SECONDS", 600)
            store.record_answer(
                "u", "s", "q1", [1], True, lang="en"
            )  # knows by now that it would wait in vain
            assert waits == ["PRAGMA busy_timeout = 0"] * 2
            monkeypatch.setattr(log_file, "BUSY_SECONDS", 0)
            late.record_answer("u", "s", "q2", [1], True, lang="en")
            assert store.waiting is not None
            assert "locked" in store.waiting.en
            assert "占用" in store.waiting.zh
            other.execute("ROLLBACK")
            store.flush()
            assert store.waiting is None
            late.flush()
            assert list(store.attempt_counts("u", "s")) == ["q0", "q1", "q2"]
    other.close()


def test_a_clock_that_goes_backwards_changes_no_order(tmp_path: Path) -> None:
    clock = Clock()
    with Store(tmp_path / "log", clock) as store:
        store.record_answer("u", "s", "q", [1], False, lang="en")
        clock.time -= timedelta(days=400)
        store.record_answer("u", "s", "q", [0], True, lang="en")
        assert store.answers("u", "s")["q"].correct
        assert store.summary().section("u", "s").standing()["q"].latest.right


def test_what_others_wrote_is_copied_under_a_lock_that_is_already_held(tmp_path: Path) -> None:
    class Disk(sqlite3.Connection):
        """A connection whose copies would wait for ever for a lock that another process holds."""

        copied = 0

        def backup(self, *args: Any, **more: Any) -> None:
            assert self.in_transaction
            self.copied += 1
            super().backup(*args, **more)

    path = tmp_path / "log"
    with Store(path) as store, Store(path) as other:
        disk = sqlite3.connect(path, isolation_level=None, factory=Disk)
        assert store._file._disk is not None
        store._file._disk.close()
        store._file._disk, store._file._copied = disk, None
        other.set_setting("lang", "zh")
        assert store.setting("lang") == "zh"
        assert disk.copied
        assert not disk.in_transaction
        other.set_setting("lang", "en")
        assert store.setting("lang") == "en"
