"""The tutor in a real pseudo-terminal: what a learner's terminal would see."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal, start_lab

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")


def start(home: Path, *args: str, columns: int = 120, rows: int = 40) -> Terminal:
    env = {"LLM_TUTOR_HOME": str(home), "XDG_CACHE_HOME": str(home), "LLM_TUTOR_LANG": "", "NO_COLOR": ""}
    return Terminal([sys.executable, "-m", "tutor", *args], columns=columns, rows=rows, env=env)


def progress(home: Path) -> str:
    out = subprocess.run(
        [sys.executable, "-m", "tutor", "progress", "--json"],
        env=os.environ | {"LLM_TUTOR_HOME": str(home)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    json.loads(out.stdout)
    return out.stdout


def test_an_evening_with_section_3(home: Path) -> None:
    """Open section 3, predict, run a lab, answer a question, quit; the next day the progress is there."""
    with start(home, "--lang", "en") as terminal:
        terminal.wait_for("Pre-training and fine-tuning")
        terminal.send("3")
        terminal.wait_for("Before you start")
        terminal.send("2\r")
        for title in ("First the language", "sets its own questions", "guess the next token", "[4▸]"):
            terminal.send("n")
            terminal.wait_for(title)
        terminal.wait_for("Skip the prediction")
        terminal.send("\r")
        terminal.wait_for("Choose first")
        terminal.send("1\r")
        terminal.wait_for("Your bet")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for("training", timeout=60)
        terminal.wait_for(lambda text: "looks at" in text and "tok/s" in text, timeout=60)
        terminal.send("L")
        terminal.wait_for("训练中")
        terminal.send("L")
        terminal.wait_for("finished", timeout=120)
        terminal.wait_for("You said")
        terminal.send("z")
        terminal.wait_for("1/30")
        terminal.send("1\r")
        terminal.wait_for("saved")
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert terminal.process.returncode == 0
        assert b"\x1b[?1049l" in terminal.raw, "the alternate screen was left"
        assert b"Traceback" not in terminal.raw
    told = progress(home)
    assert "gpt" in told
    with start(home, "--lang", "en") as terminal:
        terminal.wait_for("You were at")
        terminal.wait_for("4/17")
        terminal.send("c")
        terminal.wait_for("[4✓]")
        terminal.wait_for("Press space")  # the prediction is remembered, so the gate stands open
        terminal.send(b"\x11")
        terminal.wait_exit()


def test_kill_9_right_after_feedback_loses_nothing(home: Path) -> None:
    with start(home, "--lang", "zh", columns=80, rows=24) as terminal:
        terminal.wait_for("大模型基础知识")
        terminal.send("3")
        terminal.wait_for("学完这一节")
        terminal.send("z")
        terminal.wait_for("1/30")
        terminal.send("2\r")
        terminal.wait_for("已保存")
        terminal.kill()
    told = json.loads(progress(home))
    assert '"answered": 1' in json.dumps(told)


def test_two_instances_share_the_log(home: Path) -> None:
    with start(home, "--lang", "en") as one, start(home, "--lang", "en") as two:
        for terminal in (one, two):
            terminal.wait_for("Pre-training and fine-tuning")
            terminal.send("3")
            terminal.wait_for("Before you start")
            terminal.send("z")
            terminal.wait_for("1/30")
        for terminal in (one, two):
            terminal.send("1\r")
        for terminal in (one, two):
            terminal.wait_for("saved")
            terminal.send(b"\x11")
            terminal.wait_exit()
            assert terminal.process.returncode == 0
    assert '"answered": 1' in json.dumps(json.loads(progress(home)))


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGTSTP])
def test_stopped_and_continued_while_a_lab_trains(home: Path, how: signal.Signals) -> None:
    """As job control does it, or somebody from outside, which leaves a program no time to give its terminal back."""
    with start(home, "--lang", "en", "lab", "gpt", "--steps", "3000", "--long") as terminal:
        before = terminal.modes()
        start_lab(terminal)
        terminal.wait_for("tok/s", timeout=60)
        for key, there in (("?", "How it works"), ("\x1b", "w: next view")):
            os.kill(terminal.process.pid, how)
            terminal.wait_stop()
            while terminal.pump(0) is not None:
                pass
            terminal.text()
            terminal.screen.reset()  # whatever stood there is gone: the shell wrote over it
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_for(lambda text: "Pre-train a GPT" in text and "q quit" in text)
            terminal.send(key)
            terminal.wait_for(there)
        terminal.send(b"\x11")
        terminal.wait_exit()
        while terminal.pump(0) is not None:
            pass
        assert terminal.process.returncode == 0
        assert terminal.restored
        assert terminal.modes() == before, "what is typed in the shell is seen again"
        assert not terminal.left
        assert b"Traceback" not in terminal.raw


def test_a_signal_to_go_on_does_nothing_to_a_program_that_goes_on(home: Path) -> None:
    with start(home, "--lang", "en") as terminal:
        before = terminal.modes()
        terminal.wait_for("Pre-training and fine-tuning")
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.send("?")
        terminal.wait_for("How it works")
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert terminal.process.returncode == 0
        assert terminal.modes() == before
        assert terminal.restored


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"COLORTERM": "", "TERM": "xterm"}])
def test_terminals_without_colours(home: Path, environment: dict[str, str]) -> None:
    env = {"LLM_TUTOR_HOME": str(home), "XDG_CACHE_HOME": str(home), **environment}
    argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", "gpt", "--steps", "3"]
    with Terminal(argv, env=env) as terminal:
        terminal.wait_for("Skip the prediction")
        terminal.send("0")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for("finished", timeout=90)
        terminal.send("w")
        terminal.wait_for("looks at")
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert b"Traceback" not in terminal.raw
