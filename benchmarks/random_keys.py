"""A thousand random keys, clicks and resizes against a lab that trains: ``python -m benchmarks.random_keys``.

Run and pause, step, rewind, scrub, fork, adjust, ablate, pin, views, language, theme, window size: in any order, at any time, in a real pty.
It fails when the app ends, shows a traceback or the message of a failed run, no longer answers, or leaves a thread behind.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import random
import signal
import struct
import sys
import tempfile
import termios
from collections import Counter
from pathlib import Path

from benchmarks.live_screen import settle
from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab

KEYS = {
    "run/pause": " ", "step": ".", "rewind": "[", "forward": "]", "to start": "{", "to head": "}", "next line": "g",
    "knob": "k", "down": "-", "up": "+", "ablate": "x", "head": "h", "arm": "a", "view": "w", "metric": "c", "pin": "t",
    "slower": "<", "faster": ">", "reset": "r", "new seed": "R", "language": "L", "theme": "T", "left": "\x1b[D", "down arrow": "\x1b[B",
    "source and back": "s\x1b", "help and back": "?\x1b",
}  # fmt: skip
SELDOM = {
    "reset": 0.15,
    "new seed": 0.1,
    "slower": 0.5,
    "theme": 0.3,
    "help and back": 0.2,
    "source and back": 0.3,
}
SIZES = ((140, 50), (120, 40), (80, 24), (100, 30), (60, 20), (200, 60))


def resize(terminal: Terminal, columns: int, rows: int) -> None:
    """Change the size of the window, as a terminal does."""
    fcntl.ioctl(terminal._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    terminal.screen.resize(rows, columns)
    os.kill(terminal.process.pid, signal.SIGWINCH)


def labs_threads(pid: int) -> int:
    """Threads of the process."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def main() -> int:
    """Press and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lab", default="gpt")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    names = list(KEYS)
    weights = [SELDOM.get(name, 1.0) for name in names]
    pressed: Counter[str] = Counter()
    print(describe())
    argv = [sys.executable, "-X", "faulthandler", "-m", "tutor", "--lang", "en", "lab", given.lab]
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(argv, columns=140, rows=50, env={"LLM_TUTOR_HOME": home}) as terminal,
    ):
        start_lab(terminal)
        terminal.wait_for("tok/s", timeout=60)
        most = 0
        for n in range(given.commands):
            if rng.random() < 0.02:
                columns, rows = rng.choice(SIZES)
                resize(terminal, columns, rows)
                pressed["resize"] += 1
            else:
                name = rng.choices(names, weights)[0]
                for key in KEYS[name].split("\x1b") if name.endswith("back") else [KEYS[name]]:
                    terminal.send(key or "\x1b")
                    settle(terminal, 0.03)
                pressed[name] += 1
            settle(terminal, rng.choice((0.0, 0.0, 0.01, 0.05, 0.3)))
            most = max(most, labs_threads(terminal.process.pid))
            if (
                terminal.process.poll() is not None
                or b"Traceback" in terminal.raw
                or b"experiment failed" in terminal.raw
            ):
                print(f"failed after command {n}\n{terminal.text()}")
                return 1
        resize(terminal, 140, 50)
        terminal.send("\x1b")
        settle(terminal, 2.0)
        now = labs_threads(terminal.process.pid)
        terminal.send(b"\x11")
        seconds = terminal.wait_exit(20)
        code = terminal.process.returncode
    for name, count in pressed.most_common():
        print(f"  {name:18} {count:5d}")
    print(f"commands                  {sum(pressed.values()):8d}")
    print(f"threads, most / at end    {most:8d} / {now}")
    print(f"quit                      {seconds:8.2f} s, exit code {code}")
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main())
