"""Worker processes end with whoever gave them orders, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch.distributed as dist

from tutor.nn.exchange import Group

LONGEST = 60.0
"""Seconds; nothing ever takes that long."""


def wait_until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


def ended(process: int) -> bool:
    """Whether a process is no more, or only waits for somebody to ask how it ended."""
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat")
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_for_ever(group: Group, folder: Path) -> None:
    """Note which process this is; then the first waits for the second, which never comes."""
    (folder / str(os.getpid())).touch()
    if group.rank == 0:
        dist.barrier()
    time.sleep(2 * LONGEST)


APP = """
import pathlib, sys
from tests.experiments.test_workers import wait_for_ever
from tutor.experiments.workers import Team

Team(2).ask(wait_for_ever, [pathlib.Path(sys.argv[1])] * 2)
"""


def test_they_end_with_an_app_that_is_killed_while_they_wait_for_each_other(tmp_path: Path) -> None:
    told, temporary = tmp_path / "told", tmp_path / "temporary"
    told.mkdir()
    temporary.mkdir()
    app = subprocess.Popen([sys.executable, "-c", APP, told], env={**os.environ, "TMPDIR": str(temporary)})
    wait_until(lambda: len(list(told.iterdir())) == 2)
    workers = [int(path.name) for path in told.iterdir()]
    assert app.pid not in workers and not any(map(ended, workers))
    app.send_signal(signal.SIGKILL)
    app.wait()
    wait_until(lambda: all(map(ended, workers)))
    assert not list(temporary.iterdir())
