"""Random keys, clicks, resizes, languages, pins and steps over the whole tutor: ``python -m benchmarks.random_keys``, 20 minutes.

In a real pty the keys go wherever they lead: the map, lessons, labs that train, quizzes, windows over them, in any order, at any time. Runs of
Enter come often, as a key that is held down sends them. It fails, with the last commands and the screen, when

* the app ends, shows a traceback or tells of a failed run, or no longer answers;
* an answer is in the log, though no option was chosen since the one before: none of the keys and clicks that can choose was sent;
* after Ctrl+Q the app goes on, its exit code is not 0, a process of it is left, or it left a report of a crash.

``--seconds`` and ``--seed`` make another storm; the tests run a short one.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.live_screen import settle
from benchmarks.machine import describe
from benchmarks.terminal import Terminal
from tutor import paths

KEYS = {
    "next step": ("n", 6.0), "step back": ("b", 1.0), "contents": ("o", 0.5), "quiz": ("z", 0.7), "whole window": ("f", 0.7),
    "escape": ("\x1b", 1.5), "tab": ("\t", 1.0), "continue or curves": ("c", 1.0),
    "enter": ("\r", 2.0), "enters held": ("\r\r\r\r\r", 1.0), "page down": ("\x1b[6~", 1.0), "end": ("\x1b[F", 0.3),
    "space": (" ", 5.0), "one step": (".", 0.5), "reset": ("r", 0.4), "new seed": ("R", 0.2), "stop": ("S", 0.2), "slower": ("<", 0.3), "faster": (">", 0.8),
    "rewind": ("[", 1.0), "forward": ("]", 0.6), "to start": ("{", 0.5), "to head": ("}", 0.5), "next line": ("g", 0.5),
    "next knob": ("k", 0.5), "knob down": ("-", 0.8), "knob up": ("+", 0.8), "ablate": ("x", 0.6), "head": ("h", 0.6), "arm": ("a", 0.6),
    "view": ("w", 0.8), "pin": ("t", 1.2), "predict": ("p", 0.4), "rules": ("d", 0.4), "own text": ("u", 0.3), "source": ("s", 0.3),
    "language": ("L", 1.0), "theme": ("T", 0.3), "help": ("?", 0.3), "palette": ("\x10", 0.2), "own settings back": ("U", 0.4),
    "left": ("\x1b[D", 0.4), "right": ("\x1b[C", 0.4), "up": ("\x1b[A", 0.8), "down": ("\x1b[B", 1.2),
    "one": ("1", 0.8), "two": ("2", 0.8), "three": ("3", 0.8), "four": ("4", 0.8), "skip": ("0", 0.8),
}  # fmt: skip
"""What is sent under which name, and how often. No key that quits: ``q`` and Ctrl+Q do."""

CHOOSES = frozenset(("space", "up", "down", "left", "right", "one", "two", "three", "four", "skip", "click"))
"""What can choose an option somewhere. A bet that is skipped is one, too."""

QUITS = ("quit", "Quit", "退出")
"""A row with one of these isn't clicked: it may be where the mouse quits."""

SIZES = ((140, 50), (120, 40), (80, 24), (100, 30), (60, 20), (200, 60))


@dataclass
class Storm:
    """What came of it.

    Attributes:
        sent: Name of a command to how often it was sent.
        problems: Why it failed; empty when it did not.
        answers: Entries of the log that hold something chosen.
        threads: The most that the app had.
        quit_seconds: From Ctrl+Q to its end.
    """

    sent: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    answers: int = 0
    threads: int = 0
    quit_seconds: float = float("nan")


def storm(seconds: float, seed: int, *arguments: str) -> Storm:
    """Type and judge.

    Args:
        seconds: For so long.
        seed: Of every choice; when a key arrives is the machine's.
        arguments: For ``llm-tutor``, such as a lab to begin in.
    """
    rng = random.Random(seed)
    found = Storm()
    names = list(KEYS)
    weights = [KEYS[name][1] for name in names]
    last: deque[str] = deque(maxlen=40)
    argv = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "tutor",
        "--lang",
        rng.choice(("zh", "en")),
        *arguments,
    ]
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": str(Path(home, "cache"))}
        with Terminal(argv, columns=120, rows=40, env=env) as terminal:
            terminal.wait_for(lambda text: "quit" in text or "退出" in text)
            end = time.monotonic() + seconds
            chosen = 0
            while time.monotonic() < end and not found.problems:
                name = _resize(terminal, rng) or _click(terminal, rng) or rng.choices(names, weights)[0]
                if name in KEYS:
                    terminal.send(KEYS[name][0])
                last.append(name)
                found.sent[name] += 1
                chosen += name in CHOOSES
                settle(terminal, rng.choice((0.0, 0.01, 0.05, 0.05, 0.3)))
                if name.startswith("enter") or rng.random() < 0.05:
                    settle(terminal, 0.2)
                    new = _answers(Path(home)) - found.answers
                    if new > chosen:
                        found.problems.append(
                            f"{new} answers in the log, of which {chosen} can have been chosen"
                        )
                    if new:
                        found.answers, chosen = found.answers + new, 0
                found.problems += _broken(terminal)
                found.threads = max(found.threads, _threads(terminal.process.pid))
            if not found.problems:
                _quit(terminal, found)
            found.problems += [path.read_text("utf-8") for path in Path(home).glob("crashes/crash-*")]
            if found.problems:
                found.problems.append(f"last: {', '.join(last)}\n{terminal.text()}")
    return found


def _resize(terminal: Terminal, rng: random.Random) -> str:
    """Now and then change the size of the window, as a terminal does."""
    if rng.random() > 0.02:
        return ""
    columns, rows = rng.choice(SIZES)
    terminal.resize(columns, rows)
    return "resize"


def _click(terminal: Terminal, rng: random.Random) -> str:
    """Now and then click or turn the wheel somewhere."""
    if rng.random() > 0.06:
        return ""
    x, y = rng.randrange(terminal.screen.columns), rng.randrange(terminal.screen.lines)
    # Below the title and above the keys what is on the screen may just change, so the whole neighbourhood is looked at.
    near = "".join(terminal.text().splitlines()[max(0, y - 1) : y + 2])
    if any(word in near for word in QUITS):
        return ""
    if rng.random() < 0.3:
        terminal.send(f"\x1b[<{rng.choice((64, 65))};{x + 1};{y + 1}M")
        return "wheel"
    terminal.send(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")
    return "click"


def _answers(home: Path) -> int:
    """Entries of the log that hold something chosen."""
    log = sqlite3.connect(f"file:{paths.database(home)}?mode=ro", uri=True, timeout=10)
    try:
        rows = log.execute(
            "SELECT count(*) FROM attempts WHERE kind IN ('answer', 'opening', 'prediction')"
        ).fetchone()
        return int(rows[0])
    finally:
        log.close()


def _broken(terminal: Terminal) -> list[str]:
    problems = []
    if terminal.process.poll() is not None:
        problems.append(f"ended with {terminal.process.returncode}")
    if b"Traceback" in terminal.raw:
        problems.append("a traceback")
    if b"experiment failed" in terminal.raw or "实验出错".encode() in terminal.raw:
        problems.append("a run failed")
    del terminal.raw[:-100_000]
    return problems


def _threads(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:  # it has just ended
        return 0


def _quit(terminal: Terminal, found: Storm) -> None:
    """Leave from wherever it is."""
    terminal.resize(120, 40)
    try:
        terminal.send("\x1b")
        settle(terminal, 0.5)
        terminal.send(b"\x11")
        found.quit_seconds = terminal.wait_exit(20)
    except TimeoutError:
        found.problems.append("doesn't end after Ctrl+Q")
        return
    if terminal.process.returncode != 0:
        found.problems.append(f"exit code {terminal.process.returncode}")
    if terminal.left:
        found.problems.append("a process is left")


def main() -> int:
    """Type, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lab", help="begin in this lab; default: on the map")
    given = parser.parse_args()
    print(describe())
    found = storm(given.seconds, given.seed, *(("lab", given.lab) if given.lab else ()))
    for name, count in found.sent.most_common():
        print(f"  {name:18} {count:5d}")
    print(f"commands                  {sum(found.sent.values()):8d}")
    print(f"answers, bets in the log  {found.answers:8d}")
    print(f"threads at the most       {found.threads:8d}")
    print(f"quit                      {found.quit_seconds:8.2f} s")
    print("\n".join(found.problems) or "no problems")
    return int(bool(found.problems))


if __name__ == "__main__":
    sys.exit(main())
