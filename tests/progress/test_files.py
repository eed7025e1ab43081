"""Files that can't be used: said in words, and left as they are."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.progress.clock import Clock
from tutor.progress import database
from tutor.progress.database import stored_setting
from tutor.progress.errors import ProgressError, explain
from tutor.progress.store import Store


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """A `ProgressError` whose English text holds all the words, and which has a Chinese text as well."""
    with pytest.raises(ProgressError) as caught:
        yield
    for word in words:
        assert word in caught.value.text.en
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.text.zh)


@contextmanager
def without_root() -> Iterator[None]:
    """File permissions count for everybody but root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with one answer."""
    path = tmp_path / "log"
    with Store(path, Clock()) as store:
        store.record_answer("unit1", "s3", "s3.q01", [0], True, lang="en")
    return path


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("my notes, which have nothing to do with it\n" * 100)
    before = path.read_bytes()
    with refused("not a log of llm-tutor", "left as it is", str(path)):
        Store(path, Clock())
    assert path.read_bytes() == before


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "log"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with refused("not a log of llm-tutor"):
        Store(path, Clock())
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_log(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.touch()
    with Store(path, Clock()) as store:
        store.mark_step("unit1", "s3", "s3.arlm")
        assert store.steps_done("unit1", "s3") == ("s3.arlm",)


def test_a_newer_format(log: Path) -> None:
    connection = sqlite3.connect(log)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = log.read_bytes()
    with refused("newer llm-tutor", "99", "Upgrade"):
        Store(log, Clock())
    assert log.read_bytes() == before


def test_a_damaged_log(log: Path) -> None:
    content = bytearray(log.read_bytes())
    # The header stays whole, so that it opens; every page after the first is noise.
    content[4096:] = b"\xa5" * (len(content) - 4096)
    log.write_bytes(content)
    with refused("damaged", "left as it is"), Store(log, Clock()) as store:
        store.summary()
    assert log.read_bytes() == content


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with refused("can't be opened", "LLM_TUTOR_HOME"):
        Store(tmp_path, Clock())


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with refused("can't be made", "LLM_TUTOR_HOME"):
        Store(tmp_path / "home" / "log", Clock())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_folder_without_permission(tmp_path: Path, log: Path) -> None:
    # Somewhere that everybody may enter: the folder of the tests itself is private.
    shared = Path("/tmp") / f"llm-tutor-test-{os.getpid()}"
    shared.mkdir()
    try:
        shutil.copy(log, shared / "log")
        (shared / "log").chmod(0o444)
        shared.chmod(0o555)
        before = (shared / "log").read_bytes()
        with without_root():
            for name, known in (("new", set()), ("home/new", set()), ("log", {"s3.q01"})):
                with Store(shared / name, Clock()) as store:
                    assert store.waiting is not None
                    assert "can't be" in store.waiting.en
                    store.record_answer("unit1", "s3", "s3.q02", [0], True, lang="en")
                    assert set(store.answers("unit1", "s3")) == known | {"s3.q02"}
                assert store.lost is not None
        (shared / "log").chmod(0)
        with without_root(), refused("can't be"):
            Store(shared / "log", Clock())
        (shared / "log").chmod(0o444)
        assert (shared / "log").read_bytes() == before
    finally:
        shared.chmod(0o755)
        shutil.rmtree(shared)


def test_an_error_without_a_name_of_its_own_is_told_too() -> None:
    error = explain(sqlite3.OperationalError("something odd"), Path("log"))
    assert "something odd" in error.text.en
    assert "something odd" in error.text.zh


NEXT: database.Migration = ("ALTER TABLE attempts ADD COLUMN place TEXT",)


def test_an_older_log_is_backed_up_and_led_to_the_present_format(log: Path) -> None:
    connection = sqlite3.connect(log, isolation_level=None)
    database.bring_up_to_date(connection, log, Clock(), (*database.MIGRATIONS, NEXT))
    assert connection.execute("SELECT item, place FROM attempts").fetchall() == [("s3.q01", None)]
    assert connection.execute("PRAGMA user_version").fetchone() == (len(database.MIGRATIONS) + 1,)
    connection.close()
    [backup] = log.parent.glob("log.v2.*.bak")
    with Store(backup, Clock()) as store:
        assert set(store.answers("unit1", "s3")) == {"s3.q01"}


def test_a_log_of_format_1_is_led_over_and_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with closing(sqlite3.connect(path)) as old:
        old.executescript((Path(__file__).parent / "format1.sql").read_text())
    before = rows(path)
    with Store(path, Clock()) as store:
        found = store.answers("unit1", "s3")
        assert {id: (one.score, one.correct, one.digest) for id, one in found.items()} == {
            "s3.q01": (1.0, True, None),
            "s3.q02": (0.0, False, None),
        }
        assert found["s3.q01"].extra == {"shuffle_seed": 7}
        assert store.last_prediction("unit1", "gpt") == "falls"
        done = store.summary().section("unit1", "s3")
        standing = done.standing({"s3.q01": "any", "s3.q03": "any"})
        assert [(one.latest.score, one.best.score, one.attempts) for one in standing.values()] == [
            (1.0, 1.0, 2)
        ]
        assert [(bet.item, bet.score) for bet in done.bets] == [("gpt", 1.0)]
        assert (done.steps, done.position) == (("s3.two-stages", "s3.arlm"), "s3.arlm")
        assert store.setting("lang") == "zh"
        store.record_answer("unit1", "s3", "s3.q01", [1], 0.5, digest="new", lang="zh")
        assert store.waiting is None
    assert rows(path)[: len(before)] == before
    [backup] = tmp_path.glob("log.v1.*.bak")
    assert rows(backup) == before


def rows(log: Path) -> list[tuple[object, ...]]:
    columns = "id, at, unit, section, step, kind, item, answer, correct, confidence, lang, extra"
    with closing(sqlite3.connect(log)) as connection:
        return connection.execute(f"SELECT {columns} FROM attempts ORDER BY id").fetchall()


def test_a_migration_that_fails_leaves_the_log_as_it_was(log: Path) -> None:
    connection = sqlite3.connect(log, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        database.bring_up_to_date(connection, log, Clock(), (*database.MIGRATIONS, NEXT, ("NONSENSE",)))
    connection.close()
    with Store(log, Clock()) as store:
        assert set(store.answers("unit1", "s3")) == {"s3.q01"}


def test_a_process_that_waited_finds_the_migration_done(log: Path) -> None:
    """Both see the old format; the one that comes second to the lock must not migrate again."""
    first, second = (sqlite3.connect(log, isolation_level=None) for _ in range(2))
    migrations = (*database.MIGRATIONS, NEXT)

    class OvertakenClock(Clock):
        # Read for the name of the backup: after the format was read, before the lock is asked for.
        def __call__(self) -> datetime:
            database.bring_up_to_date(first, log, Clock(), migrations)
            # The other process has another id, and so another name for its backup.
            for backup in log.parent.glob("*.bak"):
                backup.unlink()
            return super().__call__()

    database.bring_up_to_date(second, log, OvertakenClock(), migrations)
    columns = [row[1] for row in second.execute("PRAGMA table_info(attempts)")]
    assert columns.count("place") == 1
    first.close()
    second.close()


def test_a_log_that_another_program_keeps_to_itself(log: Path) -> None:
    """What the system waits for without end is not begun."""
    with closing(sqlite3.connect(log, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("UPDATE positions SET at = at")
        other.execute("INSERT INTO settings VALUES ('theme', 'dark', 'now')")
        with refused("locked"):
            Store(log, Clock())
        assert stored_setting(log, "lang") is None
