"""The tutor in a real pseudo-terminal: what a learner's terminal would see."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from benchmarks.quit import log_is_whole, lose
from benchmarks.terminal import Terminal, processes, train
from tutor import cli, paths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

QUICK = ("lab", "scheduler", "--set", "jobs=60")
TORCH = ("lab", "gpt")
"""A start that trains with torch costs three times one without: what must hold whatever trains is tried with one lab, and what torch's own
threads might break with the other.
"""
LONG = ("--steps", "3000", "--long")
"""With it a lab trains until something ends it."""


def start(
    home: Path, *args: str, columns: int = 120, rows: int = 40, env: dict[str, str] | None = None
) -> Terminal:
    own = {"LLM_TUTOR_HOME": str(home), "XDG_CACHE_HOME": str(home), "LLM_TUTOR_LANG": "", "NO_COLOR": ""}
    argv = [sys.executable, "-m", "tutor", *args]
    return Terminal(argv, columns=columns, rows=rows, env=own | (env or {}))


def progress(home: Path) -> str:
    """What ``llm-tutor progress --json`` says of a learner, in this process, which is another than the learner's."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert cli.main(["progress", "--json"]) == 0
    json.loads(told.getvalue())
    return told.getvalue()


def end(terminal: Terminal) -> None:
    """Read what a tutor that is about to end says to the last."""
    terminal.wait_exit()
    while terminal.pump(0) is not None:
        pass


def begin_quiz(terminal: Terminal, how_many: str) -> None:
    """From a lesson to the first question of a round of ten."""
    terminal.send("z")
    terminal.wait_for(how_many)
    terminal.send("1")
    terminal.wait_for("1/10")


def test_an_evening_with_section_3(home: Path, tmp_path: Path) -> None:
    """Open section 3, predict, run a lab, answer a question, quit; the next day the progress is there."""
    for part in ("lessons", "quizzes"):
        others = shutil.ignore_patterns("s[12456].yaml")
        shutil.copytree(paths.course_root() / part, tmp_path / "course" / part, ignore=others)
    lab = tmp_path / "course/lessons/unit1/labs/gpt.yaml"
    text = lab.read_text("utf-8")
    # A small model and few steps, at a speed that leaves time to look.
    for old, new in (
        ("steps: 300", "steps: 12\nspeed: 4"),
        ("  d_model: 96", "  d_model: 32"),
        ("bpe", "char"),
    ):
        assert f"{old}\n" in text
        text = text.replace(f"{old}\n", f"{new}\n")
    lab.write_text(text, "utf-8")
    course = ["--lang", "en", "--course", str(tmp_path / "course")]
    with start(home, *course) as terminal:
        terminal.wait_for("Pre-training and fine-tuning")
        terminal.send("3")
        terminal.wait_for("Before you start")
        terminal.send("2\r")
        for step in ("[1]", "[2]", "[3]", "[4?]", "[5]", "[6]", "[7▸]"):
            terminal.send("n")
            terminal.wait_for(step)
        terminal.wait_for("Skip the prediction")
        terminal.send("\r")
        terminal.wait_for("Draw all 8 points first")
        terminal.send("95544444\r")
        terminal.wait_for("How sure?")
        terminal.send("2")
        terminal.wait_for("Your bet")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for("training", timeout=60)
        terminal.wait_for(lambda text: "looks at" in text and "tokens/s" in text, timeout=60)
        terminal.send("L")
        terminal.wait_for("训练中")
        terminal.send("L")
        terminal.wait_for("finished", timeout=120)
        terminal.wait_for("of the way, your curve lies")
        begin_quiz(terminal, "How many questions")
        terminal.send("1\r")
        terminal.wait_for("How sure?")
        terminal.send("3")
        terminal.wait_for("saved")
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert terminal.process.returncode == 0
        assert b"\x1b[?1049l" in terminal.raw, "the alternate screen was left"
        assert b"Traceback" not in terminal.raw
    told = progress(home)
    assert "gpt" in told
    with start(home, *course) as terminal:
        terminal.wait_for("You were at")
        # The lab, and the two texts whose end was on the screen.
        terminal.wait_for(lambda text: re.search(r" 3/\d+ steps", text) is not None)
        terminal.send("c")
        terminal.wait_for("[7✓]")
        terminal.wait_for("Press space")  # the prediction is remembered, so the gate stands open
        terminal.send(b"\x11")
        terminal.wait_exit()


def test_kill_9_right_after_feedback_loses_nothing(home: Path) -> None:
    with start(home, "--lang", "zh", columns=80, rows=24) as terminal:
        terminal.wait_for("大模型基础知识")
        terminal.send("3")
        terminal.wait_for("学完这一节")
        begin_quiz(terminal, "这一轮答几题")
        terminal.send("2\r")
        terminal.wait_for("多大把握")
        terminal.send("3")
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
        begin_quiz(one, "How many questions")
        two.send("z")
        two.wait_for("1/10")  # of the round that the other has begun
        for terminal in (one, two):
            terminal.send("1\r")
            terminal.wait_for("How sure?")
            terminal.send("3")
        for terminal in (one, two):
            terminal.wait_for("saved")
            terminal.send(b"\x11")
            terminal.wait_exit()
            assert terminal.process.returncode == 0
    assert '"answered": 1' in json.dumps(json.loads(progress(home)))


def test_stopped_and_continued_while_a_lab_trains(home: Path) -> None:
    """As job control does it, or somebody from outside, which leaves a program no time to give its terminal back."""
    with start(home, "--lang", "en", *QUICK, *LONG) as terminal:
        before = terminal.modes()
        train(terminal)
        # From outside first and last: nothing that job control did before or after makes up for what that leaves.
        for how, key in (
            (signal.SIGSTOP, "?"),
            (signal.SIGTSTP, "\x1b"),
            (signal.SIGTSTP, "?"),
            (signal.SIGSTOP, "\x1b"),
        ):
            os.kill(terminal.process.pid, how)
            terminal.wait_stop()
            while terminal.pump(0) is not None:
                pass
            terminal.text()
            terminal.screen.reset()  # whatever stood there is gone: the shell wrote over it
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_for(lambda text: "Who pays?" in text and "q quit" in text)
            terminal.send(key)
            terminal.wait_for(lambda text, key=key: ("How it works" in text) == (key == "?"))  # type: ignore[misc]
        terminal.send(b"\x11")
        end(terminal)
        assert terminal.process.returncode == 0
        assert terminal.restored
        assert terminal.modes() == before, "what is typed in the shell is seen again"
        assert not terminal.left
        assert b"Traceback" not in terminal.raw


def test_neither_a_signal_to_go_on_nor_a_terminal_that_hangs_ends_it(home: Path) -> None:
    """It goes on already; and nobody reads what it paints until it can paint no more, then somebody does."""
    with start(home, "--lang", "en") as terminal:
        before = terminal.modes()
        terminal.wait_for("Pre-training and fine-tuning")
        for _ in range(3):
            os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.send("?")
        terminal.wait_for("How it works")
        terminal.send("\x1b")
        terminal.wait_for(lambda text: "How it works" not in text)
        for _ in range(20):
            terminal.send("T")
        assert terminal.process.poll() is None
        terminal.send("?")
        terminal.wait_for("How it works")
        terminal.send(b"\x11")
        end(terminal)
        assert terminal.process.returncode == 0
        assert terminal.modes() == before
        assert terminal.restored


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
@pytest.mark.parametrize(
    ("way", "lab", "training"),
    [
        ("sh", QUICK, False),
        ("sh", QUICK, True),
        ("make", QUICK, True),
        ("tmux", TORCH, True),
    ],
)
def test_the_tutor_ends_with_its_terminal(way: str, lab: tuple[str, ...], training: bool, home: Path) -> None:
    if shutil.which(way) is None:
        pytest.skip(f"needs {way}")
    lose(way, home, " ".join(lab), training=training)
    assert processes(home) == []
    assert log_is_whole(home)


@pytest.mark.parametrize(
    ("arguments", "key", "there", "ignoring"),
    [
        ((), "?", "How it works", False),
        ((), "\x10", "Search for", True),
        (TORCH, "u", "Which text of yours", True),
        (TORCH, "s", "def step", False),
    ],
    ids=str,
)
def test_it_ends_with_its_terminal_whatever_is_open(
    arguments: tuple[str, ...], key: str, there: str, ignoring: bool, home: Path
) -> None:
    """Under nohup, too, which has the signal ignored, and with a window over the map or a lab."""
    argv = [sys.executable, "-m", "tutor", "--lang", "en", *arguments]
    if ignoring:
        argv = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *argv]
    with Terminal(argv, env={"LLM_TUTOR_HOME": str(home)}) as terminal:
        terminal.wait_for("Skip the prediction" if arguments else "Pre-training and fine-tuning")
        terminal.send(key)
        terminal.wait_for(there)
        terminal.hang_up()
        assert terminal.process.wait(30) == 129
    assert log_is_whole(home)


def test_stopped_without_a_terminal_it_ends_when_continued(home: Path) -> None:
    with start(home, "--lang", "en") as terminal:
        terminal.wait_for("Pre-training and fine-tuning")
        os.kill(terminal.process.pid, signal.SIGTSTP)
        terminal.wait_stop()
        terminal.hang_up()  # the system continues what it tells of this
        assert terminal.process.wait(30) == 129


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_asks_for_an_end(how: signal.Signals, home: Path) -> None:
    with start(home, "--lang", "en") as terminal:
        before = terminal.modes()
        terminal.wait_for("Pre-training and fine-tuning")
        ends_by(how, terminal, before)
    assert log_is_whole(home)


@pytest.mark.parametrize(
    ("how", "lab", "view", "environment"),
    [
        (signal.SIGTERM, TORCH, "looks at", {"NO_COLOR": "1"}),
        (signal.SIGINT, QUICK, "[Waits]", {"COLORTERM": "", "TERM": "xterm"}),
    ],
)
def test_while_a_lab_trains_in_a_terminal_without_colours(
    how: signal.Signals, lab: tuple[str, ...], view: str, environment: dict[str, str], home: Path
) -> None:
    """Each view is painted and a signal ends it, as with colours."""
    with start(home, "--lang", "en", *lab, *LONG, env=environment) as terminal:
        before = terminal.modes()
        train(terminal)
        terminal.send("w")
        terminal.wait_for(view)
        ends_by(how, terminal, before)
    assert log_is_whole(home)


def ends_by(how: signal.Signals, terminal: Terminal, before: list[object]) -> None:
    """Let a signal end the tutor in a terminal, which had some modes before it."""
    os.kill(terminal.process.pid, how)
    end(terminal)
    assert terminal.process.returncode == 128 + how
    assert terminal.restored
    assert terminal.modes() == before
    assert not terminal.left
    assert b"Traceback" not in terminal.raw


def test_a_signal_ends_it_even_when_the_app_hears_nothing_any_more(home: Path) -> None:
    """A handler that never comes back stands for whatever may hold the app up."""
    stuck = """
import threading
from tutor.cli import main
from tutor.ui.app import TutorApp
TutorApp.action_help = lambda app: (app.notify("stuck now"), app.set_timer(0.3, threading.Event().wait))
raise SystemExit(main(["--lang", "en"]))
"""
    with Terminal([sys.executable, "-c", stuck], env={"LLM_TUTOR_HOME": str(home)}) as terminal:
        before = terminal.modes()
        terminal.wait_for("Pre-training and fine-tuning")
        terminal.send("?")
        terminal.wait_for("stuck now")
        os.kill(terminal.process.pid, signal.SIGTERM)
        ends_by(signal.SIGTERM, terminal, before)


@pytest.mark.parametrize(
    "command",
    ["{tutor}", "sh -c '{tutor}; true'", "make -s -f {home}/Makefile run"],
    ids=["alone", "sh", "make"],
)
def test_ctrl_z_stops_for_the_shell(command: str, home: Path) -> None:
    """While a lab trains and a line to type on has the keys; the whole job stops, or the shell would never notice."""
    home.mkdir()
    tutor = f"{sys.executable} -m tutor --lang en {' '.join(QUICK + LONG)}"
    (home / "Makefile").write_text(f"run:\n\t@{tutor}\n")
    env = {"LLM_TUTOR_HOME": str(home), "PS1": "ready> "}
    shell = ["bash", "--norc", "--noprofile", "-i"]
    if not (shutil.which("bash") and shutil.which("make")):
        pytest.skip("needs bash and make")
    with Terminal(shell, env=env, cwd=Path(__file__).parents[1]) as terminal:

        def painted(wanted: bytes, keys: bytes) -> None:
            begin = len(terminal.raw)
            terminal.send(keys)
            terminal.wait_for(lambda _: re.search(wanted, terminal.raw[begin:], re.DOTALL) is not None)

        terminal.wait_for("ready>")
        before = terminal.modes()
        painted(b"Skip the prediction", command.format(tutor=tutor, home=home).encode() + b"\r")
        train(terminal)
        painted(b"Search for", b"\x10")
        for _ in range(2):
            painted(b"Stopped", b"\x1a")
            painted(b"<42>.*ready>", b'echo "<$((6 * 7))>"\r')  # at its prompt the shell has modes of its own
            assert terminal.modes() == before
            painted(b"Search for", b"fg\r")
        painted(b"typed here", b"typed here")
        painted(b"ready>", b"\x11")
        painted(b"<0>", b'echo "<$?>"\r')
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize(("key", "there"), [("", ""), ("?", "How it works"), ("\x10", "Search for")])
def test_ctrl_z_says_where_no_shell_would_notice(key: str, there: str, home: Path) -> None:
    with start(home, "--lang", "en") as terminal:
        terminal.wait_for("Pre-training and fine-tuning")
        terminal.send(key)
        terminal.wait_for(there)
        terminal.send(b"\x1a")
        terminal.wait_for("suspended here")
        terminal.send(b"\x11")
        end(terminal)
        assert terminal.process.returncode == 0
        assert terminal.restored


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"COLORTERM": "", "TERM": "xterm"}])
def test_terminals_without_colours(home: Path, environment: dict[str, str]) -> None:
    with start(home, "--lang", "en", *QUICK, "--steps", "3", env=environment) as terminal:
        terminal.wait_for("Skip the prediction")
        terminal.send("0")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for("finished", timeout=90)
        terminal.send("w")
        terminal.wait_for("[Cards]")
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert b"Traceback" not in terminal.raw
