"""What other processes, and the end of this one, can do to the log."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tutor.progress import database
from tutor.progress.store import Store, utc_now

WRITER = """
import sys
from pathlib import Path
from tutor.progress.store import Store

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
store = Store(path)
for number in range(count):
    store.record_answer("unit1", "s3", f"{name}.{number}", [number], True, lang="en")
while store.waiting is not None:
    store.flush()
print("written", flush=True)
sys.stdin.readline()
"""


def start(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def wait_until_written(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_an_answer_is_there_after_kill_9_the_moment_it_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "log"
    process = start(path, "q", 3)
    go(process)
    wait_until_written(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with Store(path) as store:
        assert set(store.answers("unit1", "s3")) == {"q.0", "q.1", "q.2"}


def test_processes_that_start_on_a_new_file_together_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "log"
    processes = [start(path, f"p{number}", 40) for number in range(3)]
    for process in processes:
        go(process)
    for process in processes:
        wait_until_written(process)
        process.communicate("\n")
        assert process.returncode == 0
    with Store(path) as store:
        assert store.attempt_counts("unit1", "s3") == {f"p{p}.{n}": 1 for p in range(3) for n in range(40)}


class Overtaken(sqlite3.Connection):
    """Before each thing that it reads, another process tries to make the tables in the new file."""

    path: Path

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if "user_version" in sql or "sqlite_schema" in sql:
            other = sqlite3.connect(self.path, timeout=0, isolation_level=None)
            with suppress(sqlite3.OperationalError):  # it must wait, as it should
                database.bring_up_to_date(other, self.path, utc_now)
            other.close()
        return super().execute(sql, parameters)


def test_what_another_process_makes_while_the_file_is_looked_at_is_no_foreign_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)  # the other gives up at once: this test has one thread
    path = tmp_path / "log"
    mine = sqlite3.connect(path, factory=Overtaken, isolation_level=None)
    mine.path = path
    database.bring_up_to_date(mine, path, utc_now)
    mine.close()
    with Store(path) as store:
        store.record_prediction("unit1", "s3", "gpt", None, lang="en")
        assert store.bets("unit1", "gpt")
