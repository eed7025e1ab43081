"""A connection to the log's file that keeps what it is told, whatever happens to its processes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

BUSY_SECONDS = 1.0
"""How long a write waits for another process that is writing, and the screen with it."""

_WAL_RETRY_SECONDS = 0.02


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made when it isn't there, in autocommit mode. Nothing is written yet.

    Raises:
        sqlite3.Error: It can't be opened.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to the write-ahead log, so that readers never wait; only the first process ever has to.

    Raises:
        sqlite3.Error: It can't be written.
    """
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
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read everything within as of one moment, whatever other processes write meanwhile."""
    connection.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Have all within on the disk afterwards, or, when an error leaves the block, nothing of it."""
    # IMMEDIATE: a deferred transaction that turns into a writing one fails at once when another writes.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself has rolled back already when the disk was full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def stored_setting(path: Path, key: str) -> str | None:
    """Return a setting of a log that may not be there, None when it can't be told.

    For commands that only want to know in which language to speak: they neither make the log nor fail for it.
    """
    try:
        with closing(connect_to_read(path)) as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    except (sqlite3.Error, OSError):
        return None
    return str(row[0]) if row else None


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a log to read it, also where the files that SQLite wants beside it can't be made.

    Raises:
        sqlite3.Error: It can't be read.
    """
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
