"""Signals become an exception, at a time that leaves nothing half done."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.datalab import clean, work
from tutor.datalab.interrupts import Stopped, as_exceptions, check, held, released
from tutor.datalab.output import json_text, new_file


@pytest.fixture(autouse=True)
def heeds_ctrl_c() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with as_exceptions():
        yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_is_raised_at_once(signum: signal.Signals) -> None:
    with pytest.raises(Stopped) as stopped:
        os.kill(os.getpid(), signum)
    assert stopped.value.signum == signum


def test_it_waits_while_held_and_comes_when_released() -> None:
    done = []
    with pytest.raises(Stopped), held():
        with held():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("inner")
        done.append("outer")
        with released():
            done.append("never")
    assert done == ["inner", "outer"]


def test_it_comes_at_the_end_of_what_holds_it() -> None:
    done = []
    with pytest.raises(Stopped):
        with held():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("done")
        done.append("never")
    assert done == ["done"]


def test_one_that_was_caught_by_who_should_not_comes_again() -> None:
    with contextlib.suppress(BaseException):
        os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped) as stopped:
        check()
    assert stopped.value.signum == signal.SIGTERM


def test_a_cleaning_heeds_one_that_was_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As numpy does while it is imported."""
    (tmp_path / "a.txt").write_text("A text. " * 100)
    original = work.apply_rules

    def catches(*arguments: Any) -> object:
        with contextlib.suppress(BaseException):
            os.kill(os.getpid(), signal.SIGTERM)
        return original(*arguments)

    monkeypatch.setattr(clean, "apply_rules", catches)
    asked = clean.Cleaning([tmp_path], output=tmp_path / "out")
    with pytest.raises(Stopped):
        clean.clean_command(asked, lang="en", out=io.StringIO(), err=io.StringIO())
    assert list((tmp_path / "out").iterdir()) == []


def test_a_report_is_whole_or_gone_as_the_outputs_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("A text. " * 100)
    original = json_text

    def then_a_signal(*arguments: Any, **named: Any) -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        return original(*arguments, **named)

    def ends(*_: object) -> None:
        pytest.fail("by default, it ends the process on the spot")

    monkeypatch.setattr(clean, "json_text", then_a_signal)
    before = signal.signal(signal.SIGTERM, ends)
    asked = clean.Cleaning([tmp_path / "a.txt"], report=tmp_path / "out" / "report.json")
    try:
        with pytest.raises(Stopped):
            clean.clean_command(asked, lang="en", out=io.StringIO(), err=io.StringIO())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert list((tmp_path / "out").iterdir()) == []


STARTING = """
import io, os, signal, sys
from multiprocessing import popen_spawn_posix
from pathlib import Path

from tutor.datalab import clean
from tutor.datalab.interrupts import Stopped

if __name__ == "__main__":
    original = popen_spawn_posix.Popen._launch

    def then_a_signal(self, process):
        original(self, process)
        os.kill(os.getpid(), signal.SIGTERM)

    popen_spawn_posix.Popen._launch = then_a_signal
    asked = clean.Cleaning([Path(sys.argv[1])], dedup="none", jobs=2)
    try:
        clean.clean_command(asked, lang="en", out=io.StringIO(), err=io.StringIO())
    except Stopped:
        print("stopped")
"""


def test_a_worker_is_not_torn_down_while_it_starts(tmp_path: Path) -> None:
    """It would say so, over the learner's screen."""
    script, text = tmp_path / "starting.py", tmp_path / "a.txt"
    script.write_text(STARTING)
    text.write_text("A text of some words. " * 100)
    ended = subprocess.run(
        [sys.executable, str(script), str(text)], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("stopped\n", "")


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with as_exceptions():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("where", ["open", "link", "unlink"])
def test_a_file_is_whole_or_gone_wherever_a_signal_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Right after each call that makes, names or removes a file."""
    original = getattr(os, where)

    def then_a_signal(*arguments: object, **named: object) -> object:
        result = original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGINT)
        return result

    monkeypatch.setattr(os, where, then_a_signal)
    with pytest.raises(Stopped), new_file(tmp_path / "a.txt", force=False) as file:
        file.write("whole")
    monkeypatch.undo()
    left = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert left == ({} if where == "open" else {"a.txt": "whole"})
