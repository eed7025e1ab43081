"""Process start to first full frame, against a bare Textual app and with a course 50 times as large: ``python -m benchmarks.first_paint``.

All run in a real pty, in turn, and ratios of the medians are printed. The first start after a change of the course builds an index; it is
made before the counted starts and timed on its own. All are compiled to byte code first, as an installation leaves them. The large course has
50 units, each a copy of the course's own with ids of its own.

Then the time from Enter on the map to the first page of each lesson, in an app that has shown another lesson before (so that all is imported).
"""

from __future__ import annotations

import argparse
import compileall
import re
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.terminal import Terminal
from tutor.content.library import Library

RUNS = 30
LIMIT = 1.4

COPIES = 50
LARGE_LIMIT = 1.2
"""Start with the large course by the start with its own."""

OPENINGS = 5
"""Apps in which a lesson is opened once."""

OPENING_LIMIT = 120
"""Milliseconds."""


def first_paint(argv: list[str], wanted: str, env: dict[str, str]) -> float:
    """Seconds from process start until the screen shows ``wanted`` (its last painted line)."""
    with Terminal(argv, env=env) as terminal:
        return terminal.wait_for(wanted) - terminal.started


def large_course(root: Path, to: Path) -> int:
    """Write a course of `COPIES` units, each that of another course; return how many files it has."""
    files = [*root.glob("lessons/unit1/**/*.yaml"), *root.glob("quizzes/unit1/*.yaml")]
    for n in range(COPIES):

        def own(section: re.Match[str], first: int = 6 * n) -> str:
            return f"s{first + int(section[1])}"

        for file in files:
            name = file.relative_to(root).as_posix().replace("unit1", f"unit{n + 1}")
            copy = to / re.sub(r"\bs(\d)(?=\.yaml)", own, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = re.sub(r"\bs([1-6])\b", own, file.read_text("utf-8"))
            copy.write_text(text.replace("id: unit1\n", f"id: unit{n + 1}\n"), "utf-8")
    return COPIES * len(files)


def settle(terminal: Terminal) -> None:
    """Read until nothing has come for a while."""
    while terminal.pump(0.3) is not None:
        pass


def opening(place: int, argv: list[str], env: dict[str, str]) -> float:
    """Seconds from Enter on the map to the painted first page of a lesson, by its place in the unit, after another was open."""
    with Terminal(argv, env=env) as terminal:
        terminal.wait_for("Challenges")
        for moves in ("", "j" * place) if place else ("j", "k"):
            settle(terminal)
            terminal.send(moves)
            settle(terminal)
            asked = terminal.send("\r")
            shown = terminal.wait_for("not scored")
            settle(terminal)
            terminal.send("\x1b")
            terminal.wait_for(lambda text: "not scored" not in text)
    return shown - asked


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    for package in ("tutor", "benchmarks"):
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=1)
    bare = [sys.executable, "-m", "benchmarks.bare_app"]
    tutor = [sys.executable, "-m", "tutor", "--lang", "en"]
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}
        files = large_course(root, Path(home, "large"))
        large = [*tutor, "--course", str(Path(home, "large"))]
        cold, cold_large = (first_paint(argv, "Challenges", env) for argv in (tutor, large))
        starts = {
            "bare": (bare, "bare app ready"),
            "tutor": (tutor, "Challenges"),
            "large": (large, "Challenges"),
        }
        times: dict[str, list[float]] = {name: [] for name in starts}
        for _ in range(runs):
            for name, (argv, wanted) in starts.items():
                times[name].append(first_paint(argv, wanted, env))
        sections = Library(root).index().units[0].sections
        opened = {
            section.id: [opening(place, tutor, env) for _ in range(OPENINGS)]
            for place, section in enumerate(sections)
            if section.state == "ready"
        }
        opened |= {"s1 of the large course": [opening(0, large, env) for _ in range(OPENINGS)]}
    bare_ms, tutor_ms, large_ms = (statistics.median(times[name]) * 1000 for name in starts)
    print(describe())
    large_told = f"{COPIES} times as large ({files} files)"
    for told, value in (
        ("first start ever (builds the index)", f"{cold * 1000:7.0f} ms"),
        (f"the same, {large_told}", f"{cold_large * 1000:7.0f} ms"),
        (f"bare app, median of {runs}", f"{bare_ms:7.0f} ms"),
        (f"llm-tutor, median of {runs}", f"{tutor_ms:7.0f} ms"),
        ("ratio", f"{tutor_ms / bare_ms:7.2f}     (limit {LIMIT})"),
        (f"{large_told}, median of {runs}", f"{large_ms:7.0f} ms"),
        ("ratio of that to its own course", f"{large_ms / tutor_ms:7.2f}     (limit {LARGE_LIMIT})"),
        *(
            (f"opening {name}, median of {OPENINGS}", f"{statistics.median(seconds) * 1000:7.0f} ms  (limit {OPENING_LIMIT})")
            for name, seconds in opened.items()
        ),
    ):  # fmt: skip
        print(f"{told:50}{value}")


if __name__ == "__main__":
    main()
