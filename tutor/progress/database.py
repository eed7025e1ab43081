"""The log's file as SQLite has it: connections that keep what they are told, the tables, and how an older log is brought up to date."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path

from tutor.progress.errors import FOREIGN, NEWER, ProgressError

BUSY_SECONDS = 1.0
"""How long a write waits for another process that is writing, and the screen with it."""

_WAL_RETRY_SECONDS = 0.02


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made when it isn't there, in autocommit mode. Nothing is written yet."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to the write-ahead log, so that readers never wait; only the first process ever has to."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait here, whatever the busy timeout: two processes on a new file collide.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_RETRY_SECONDS)


@contextmanager
def transaction(connection: sqlite3.Connection, *, writes: bool = True) -> Iterator[None]:
    """Read everything within as of one moment; have all that is written on the disk afterwards, or, on an error, nothing of it."""
    # A deferred transaction that turns into a writing one fails at once when another process writes.
    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself has rolled back already when the disk was full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def stored_setting(path: Path, key: str) -> str | None:
    """Return a setting of a log that may not be there, None when it can't be told; neither make the log nor fail for it."""
    try:
        with closing(connect_to_read(path)) as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    except (sqlite3.Error, OSError):
        return None
    return str(row[0]) if row else None


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a log to read it, also where the files that SQLite wants beside it can't be made."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_SECONDS, uri=True)
    with suppress(sqlite3.Error):
        connection.execute("SELECT count(*) FROM sqlite_schema")
        return connection
    connection.close()
    beside = path.with_name(f"{path.name}-wal")
    # Without entries beside it, this file is the whole log. With some, who keeps all others out needs no memory to share with them.
    way = "mode=rw" if beside.exists() and beside.stat().st_size else "immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{way}", timeout=BUSY_SECONDS, uri=True)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_schema")  # a backup would wait for ever for a lock
    except sqlite3.Error:
        connection.close()
        raise
    return connection


APPLICATION_ID = 0x6C6C6D74
"""Marks a file as ours (``llmt`` in ASCII), so that nobody else's database is written into."""

Migration = Sequence[str]

MIGRATIONS: tuple[Migration, ...] = (
    (
        # The truth. Everything that the learner did, in the order of `id`; never changed afterwards.
        """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT,
            kind TEXT NOT NULL,
            item TEXT NOT NULL,
            answer TEXT NOT NULL,
            correct INTEGER CHECK (correct IN (0, 1)),
            confidence INTEGER CHECK (confidence BETWEEN 1 AND 3),
            lang TEXT NOT NULL,
            extra TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX attempts_by_item ON attempts (kind, item, id)",
        """
        CREATE TRIGGER attempts_never_change BEFORE UPDATE ON attempts
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END
        """,
        """
        CREATE TRIGGER attempts_never_vanish BEFORE DELETE ON attempts
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END
        """,
        # INSERT OR REPLACE deletes without asking the trigger above.
        """
        CREATE TRIGGER attempts_never_replaced BEFORE INSERT ON attempts
        WHEN EXISTS (SELECT 1 FROM attempts WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END
        """,
        """
        CREATE TABLE positions (
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (unit, section)
        ) STRICT
        """,
        """
        CREATE TABLE steps (
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (unit, section, step)
        ) STRICT
        """,
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) STRICT",
    ),
    (
        # Of an attempt that format 1 wrote all three stay NULL: its score is what `correct` says, its wording isn't known.
        "ALTER TABLE attempts ADD COLUMN score REAL CHECK (score BETWEEN 0 AND 1)",
        "ALTER TABLE attempts ADD COLUMN variant TEXT",
        "ALTER TABLE attempts ADD COLUMN digest TEXT",
    ),
)
"""``MIGRATIONS[i]`` leads from format ``i`` to ``i + 1``; format 0 is an empty file. Only appended to."""


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    now: Callable[[], datetime],
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Create the tables in an empty file; lead an older log to the present format, a backup of it first, named by the time.

    The connection is in autocommit mode; one in memory needs no backup.

    Raises:
        ProgressError: The file is somebody else's or of a newer llm-tutor.
        sqlite3.Error: The backup or the migration failed; the log is as it was.
    """
    version = _version(connection, path, len(migrations))
    # Only now is it known to be ours to write into.
    write_ahead(connection)
    if version == len(migrations):
        return
    if version > 0 and connection.execute("PRAGMA database_list").fetchone()[2]:
        # The process id keeps two processes that start at once from writing one file.
        backup = path.with_name(f"{path.stem}.v{version}.{now():%Y%m%dT%H%M%S}.{os.getpid()}.bak")
        connection.execute("VACUUM INTO ?", (str(backup),))
    with transaction(connection):
        # Another process may have led the way while this one waited for the lock.
        version = _version(connection, path, len(migrations))
        for migration in migrations[version:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _version(connection: sqlite3.Connection, path: Path, known: int) -> int:
    """Return the format of the file, refused unless it is ours (or empty) and known."""
    questions = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema")
    # All three of one moment: between two of them another process may make the tables in a new file.
    with nullcontext() if connection.in_transaction else transaction(connection, writes=False):
        application, version, tables = (int(connection.execute(q).fetchone()[0]) for q in questions)
    if application != APPLICATION_ID and (application or version or tables):
        raise ProgressError(FOREIGN.format(path=path))
    if version > known:
        raise ProgressError(NEWER.format(path=path, found=version, known=known))
    return version
