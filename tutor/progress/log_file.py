"""The log's file, written whenever that can be done, and the copy of it in memory from which all is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock

from tutor.progress.database import BUSY_SECONDS, bring_up_to_date, connect, connect_to_read, transaction
from tutor.progress.errors import ProgressError, explained
from tutor.text import Text

_COLUMNS = (
    "at, unit, section, step, kind, item, answer, correct, confidence, lang, extra, score, variant, digest"
)

# What is there already stays one entry: a disk that failed may have kept it after all.
APPEND = f"""
    INSERT INTO attempts ({_COLUMNS}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
    WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE kind = ?5 AND item = ?6 AND at = ?1 AND answer = ?7)
"""
"""Appends an attempt, its values in the order of the columns."""


class LogFile:
    """The log. What can't be written waits in its order, and is written together with the next that can be.

    Attributes:
        lock: Held by whoever reads or writes.
        waiting: Statements, with their values, that are in memory only.
        error: Why they couldn't be written, or nothing can be.
        version: Rises with each change of what is in memory.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Open the file, made with its folder when it isn't there; where it can't be written, read it.

        Raises:
            ProgressError: It can't be read either, is not a log, or was written by a newer llm-tutor.
        """
        self.lock = RLock()
        self.waiting: list[tuple[str, tuple[object, ...]]] = []
        self.error: Text | None = None
        self.version = 0
        self._path = path
        self._now = now
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._disk: sqlite3.Connection | None = None
        self._closed = False
        self._file: tuple[int, int] | None = None  # device and inode of what was opened
        self._copied: int | None = None
        try:
            with explained(path):
                self._connect()
                self._copy()
        except ProgressError as error:
            self._disconnect()
            self.error = error.text
            with explained(path):
                if not error.disk or path.is_dir():
                    raise
                if path.exists():
                    with closing(connect_to_read(path)) as disk:
                        disk.backup(self._memory)
                bring_up_to_date(self._memory, path, now)

    def read(self) -> sqlite3.Connection:
        """Return the copy in memory, with what other processes have written meanwhile."""
        with suppress(sqlite3.Error):  # then without it
            self._copy()
        return self._memory

    def write(self, statement: str, values: tuple[object, ...]) -> None:
        """Write to memory, and to the file if that can be done."""
        self._memory.execute(statement, values)
        self.version += 1
        self.waiting.append((statement, values))
        self.flush(0.0 if self.error else BUSY_SECONDS)  # while the disk fails, no answer waits for it

    def flush(self, patience: float = 0.0) -> None:
        """Write what waits, if that can be done; wait at most `patience` seconds for another process that is writing."""
        with self.lock:
            try:
                with explained(self._path):
                    disk = self._connect()
                    if self.waiting or self.error:
                        disk.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
                        with transaction(disk):
                            for statement, values in self.waiting:
                                disk.execute(statement, values)
                self.waiting, self.error = [], None
            except ProgressError as error:
                self.error = error.text
                if error.disk == "SQLITE_IOERR":  # a disk that comes back has to be opened anew
                    self._disconnect()

    def close(self) -> None:
        """Try once more to write what waits; closed again, it does nothing, for what is lost has been told by then."""
        with self.lock:
            if not self._closed and (self.waiting or self._disk is not None):
                self.flush(BUSY_SECONDS)
            self._closed = True
            self._disconnect()
            self._memory.close()

    def _connect(self) -> sqlite3.Connection:
        """Return a connection to the file that is in its place now."""
        if self._file is not None and self._file != self._identity():  # deleted, moved or replaced
            waiting, self.waiting = self.waiting, []
            memory = self.read()  # the last look at what others have written
            for statement, values in waiting:
                memory.execute(statement, values)
            self._disconnect()
            self.waiting = list(self._everything())
        if self._disk is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            disk = connect(self._path)
            try:
                bring_up_to_date(disk, self._path, self._now)
            except BaseException:
                disk.close()
                raise
            self._disk, self._file, self._copied = disk, self._identity(), None
        return self._disk

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def _disconnect(self) -> None:
        if self._disk is not None:
            self._disk.close()
            self._disk = None

    def _copy(self) -> None:
        if self._disk is None or self.waiting:
            return
        # A backup waits for ever for a lock; within a transaction that has read, it needs none.
        with transaction(self._disk, writes=False):
            self._disk.execute("SELECT count(*) FROM sqlite_schema")
            now = self._disk.execute("PRAGMA data_version").fetchone()[0]
            if now != self._copied:
                self._disk.backup(self._memory)
                self._copied = now
                self.version += 1

    def _everything(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        for table in ("positions", "steps", "settings"):
            for row in self._memory.execute(f"SELECT * FROM {table} ORDER BY rowid"):
                yield f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row
        for row in self._memory.execute(f"SELECT {_COLUMNS} FROM attempts ORDER BY id"):
            yield APPEND, row
