"""Process start to first full frame, against a bare Textual app: ``python -m benchmarks.first_paint``.

Both run in a real pty, in turn, and the ratio of the medians is printed. The first start after a change of the course builds an index; it is
made before the counted starts and timed on its own. Both are compiled to byte code first, as an installation leaves them.

Then the time from Enter on the map to the first page of each lesson, in an app that has shown another lesson before (so that all is imported).
"""

from __future__ import annotations

import compileall
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.terminal import Terminal
from tutor.content.library import Library

RUNS = 30
LIMIT = 1.4

OPENINGS = 5
"""Apps in which a lesson is opened once."""

OPENING_LIMIT = 120
"""Milliseconds."""


def first_paint(argv: list[str], wanted: str, env: dict[str, str]) -> float:
    """Seconds from process start until the screen shows ``wanted`` (its last painted line)."""
    with Terminal(argv, env=env) as terminal:
        return terminal.wait_for(wanted) - terminal.started


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
    for package in ("tutor", "benchmarks"):
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=1)
    bare = [sys.executable, "-m", "benchmarks.bare_app"]
    tutor = [sys.executable, "-m", "tutor", "--lang", "en"]
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}
        cold = first_paint(tutor, "Challenges", env)
        times: dict[str, list[float]] = {"bare": [], "tutor": []}
        for _ in range(RUNS):
            times["bare"].append(first_paint(bare, "bare app ready", env))
            times["tutor"].append(first_paint(tutor, "Challenges", env))
        sections = Library(Path(__file__).resolve().parents[1]).index().units[0].sections
        opened = {
            section.id: [opening(place, tutor, env) for _ in range(OPENINGS)]
            for place, section in enumerate(sections)
            if section.state == "ready"
        }
    bare_ms, tutor_ms = (statistics.median(times[name]) * 1000 for name in ("bare", "tutor"))
    print(describe())
    print(f"first start ever (builds the index)  {cold * 1000:7.0f} ms")
    print(f"bare app, median of {RUNS}              {bare_ms:7.0f} ms")
    print(f"llm-tutor, median of {RUNS}             {tutor_ms:7.0f} ms")
    print(f"ratio                                {tutor_ms / bare_ms:7.2f}    (limit {LIMIT})")
    for name, seconds in opened.items():
        print(
            f"opening {name}, median of {OPENINGS}         {statistics.median(seconds) * 1000:7.0f} ms  (limit {OPENING_LIMIT})"
        )


if __name__ == "__main__":
    main()
