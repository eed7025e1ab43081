"""The tables of the learner's log, and how an older log is brought up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from tutor.progress.connection import snapshot, transaction, write_ahead
from tutor.progress.errors import FOREIGN, NEWER, ProgressError

APPLICATION_ID = 0x6C6C6D74
"""Marks a file as ours (``llmt`` in ASCII), so that nobody else's database is written into."""

Migration = Sequence[str]
"""The statements that lead from one format to the next."""

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
        _back_up(connection, path, version, now())
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
    with nullcontext() if connection.in_transaction else snapshot(connection):
        application, version, tables = (int(connection.execute(q).fetchone()[0]) for q in questions)
    if application != APPLICATION_ID and (application or version or tables):
        raise ProgressError(FOREIGN.format(path=path))
    if version > known:
        raise ProgressError(NEWER.format(path=path, found=version, known=known))
    return version


def _back_up(connection: sqlite3.Connection, path: Path, version: int, at: datetime) -> None:
    # The process id keeps two processes that start at once from writing one file.
    target = path.with_name(f"{path.stem}.v{version}.{at:%Y%m%dT%H%M%S}.{os.getpid()}.bak")
    connection.execute("VACUUM INTO ?", (str(target),))
