"""Quit while a lab trains, and lose the terminal: ``python -m benchmarks.quit``.

From the press of Ctrl+Q to the end of the process, which gives the terminal back; then whether any process of it is left, and whether the
terminal was put back (cursor shown, alternate screen left). Then the terminal is taken away from a tutor that was started by ``make``, by
``sh`` or in a window of tmux, half of the times while a lab trains: from that moment until no process is left, and whether the log can be read.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.terminal import TRAINS, Terminal, processes, train
from tutor import paths
from tutor.progress.store import Store
from tutor.text import InputError

RUNS = 7

TRIES = 50
"""For each way to start the tutor."""

WAYS = ("make", "sh", "tmux")

_ROOT = Path(__file__).resolve().parents[1]


def once(env: dict[str, str]) -> tuple[float, bool, bool]:
    """Seconds to the end, whether a process is left, whether the terminal was put back."""
    with Terminal(
        [sys.executable, "-m", "tutor", "--lang", "en", "lab", "gpt", "--steps", "3000", "--long"], env=env
    ) as terminal:
        train(terminal)
        begin = time.perf_counter()
        terminal.send(b"\x11")
        terminal.wait_exit()
        seconds = time.perf_counter() - begin
        while terminal.pump(0.05) is not None:
            pass
        return seconds, terminal.left, terminal.restored


def lose(way: str, home: Path, command: str, *, training: bool) -> float:
    """Take the terminal away from a tutor.

    Args:
        way: What starts it: ``make``, with the project's own Makefile, ``sh`` or ``tmux``.
        home: The learner's folder, made here.
        command: What opens a lab.
        training: Whether it trains at that moment.

    Returns:
        Seconds until none of its processes was left.

    Raises:
        TimeoutError: Some are there still.
    """
    home.mkdir()
    tutor = home / "llm-tutor"
    env = {"LLM_TUTOR_HOME": str(home), "LLM_TUTOR_LANG": "en"}
    tutor.write_text(
        "#!/bin/sh\n"
        + "".join(f"export {name}={value}\n" for name, value in env.items())
        + f"exec {sys.executable} -m tutor {command} --steps 3000 --long\n"
    )
    tutor.chmod(0o755)
    stamp = home / "stamp"
    stamp.touch()
    if way == "tmux":
        return _lose_tmux(tutor, home, training)
    argv = {
        "make": ["make", "-C", str(_ROOT), "run", f"BIN={home}", f"STAMP={stamp}"],
        "sh": ["sh", "-c", f"{tutor}; true"],
    }
    with Terminal(argv[way], cwd=_ROOT, env=env) as terminal:
        if training:
            train(terminal)
        else:
            terminal.wait_for("Skip the prediction")
        begin = time.perf_counter()
        terminal.hang_up()
        return _wait(home, begin)


def _lose_tmux(tutor: Path, home: Path, training: bool) -> float:
    # The server must not bear the name that its processes are found by.
    env = {name: value for name, value in os.environ.items() if name not in ("TMUX", "LLM_TUTOR_HOME")}

    def tmux(*command: str) -> str:
        argv = ["tmux", "-L", f"tutor-{os.getpid()}", "-f", "/dev/null", *command]
        return subprocess.run(argv, env=env, cwd=_ROOT, check=True, capture_output=True, text=True).stdout

    def wait_for(wanted: str) -> None:
        deadline = time.perf_counter() + 60
        while re.search(wanted, tmux("capture-pane", "-p")) is None:
            if time.perf_counter() > deadline:
                raise TimeoutError(tmux("capture-pane", "-p"))
            time.sleep(0.05)

    tmux(
        "new-session", "-d", "-x", "120", "-y", "40", "sleep 1000"
    )  # holds the server when the window is gone
    try:
        tmux("new-window", f"sh -c '{tutor}; true'")
        wait_for("Skip the prediction")
        if training:
            tmux("send-keys", "0")
            wait_for("Press space")
            tmux("send-keys", "Space")
            wait_for(TRAINS)
        begin = time.perf_counter()
        tmux("kill-window")
        return _wait(home, begin)
    finally:
        tmux("kill-session")


def _wait(home: Path, begin: float) -> float:
    while left := processes(home):
        if time.perf_counter() - begin > 10:
            raise TimeoutError(f"still there: {left}")
        time.sleep(0.005)
    return time.perf_counter() - begin


def log_is_whole(home: Path) -> bool:
    """Whether the log can be read by another process, which is this one."""
    try:
        with Store(paths.database(home)) as store:
            store.summary()
    except InputError:
        return False
    return True


def main() -> None:
    """Measure and print."""
    results = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as home:
            results.append(once({"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}))
    seconds = [result[0] for result in results]
    print(describe())
    print(f"quit while training, median of {RUNS}   {statistics.median(seconds):5.2f} s")
    print(f"quit while training, slowest       {max(seconds):5.2f} s   (limit 1)")
    print(f"processes left                     {sum(result[1] for result in results):5d}")
    print(f"terminals not put back             {sum(not result[2] for result in results):5d}")
    print()
    print(
        f"the terminal is gone, {TRIES // 2} tries each median   slowest   over 1 s   left   logs unreadable"
    )
    for way in filter(shutil.which, WAYS):
        for training in (False, True):
            took: list[float] = []
            left = unreadable = 0
            for _ in range(TRIES // 2):
                with tempfile.TemporaryDirectory() as folder:
                    place = Path(folder) / "home"
                    try:
                        took.append(lose(way, place, "lab gpt", training=training))
                    except TimeoutError as error:
                        left += "still there" in str(error)
                        took.append(float("inf"))
                    unreadable += not log_is_whole(place)
            name = f"{way}, {'training' if training else 'before the run'}"
            over = sum(s > 1 for s in took)
            print(
                f"{name:<32} {statistics.median(took):8.2f} s {max(took):7.2f} s {over:10d} {left:6d} {unreadable:17d}",
                flush=True,
            )


if __name__ == "__main__":
    main()
