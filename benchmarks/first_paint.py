"""Process start to first full frame, against a bare Textual app: ``python -m benchmarks.first_paint``.

Both run in a real pty, in turn, and the ratio of the medians is printed. The first start after a change of the course builds an index; it is
made before the counted starts and timed on its own. Both are compiled to byte code first, as an installation leaves them.
"""

from __future__ import annotations

import compileall
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.terminal import Terminal

RUNS = 30
LIMIT = 1.4


def first_paint(argv: list[str], wanted: str, env: dict[str, str]) -> float:
    """Seconds from process start until the screen shows ``wanted`` (its last painted line)."""
    with Terminal(argv, env=env) as terminal:
        return terminal.wait_for(wanted) - terminal.started


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
    bare_ms, tutor_ms = (statistics.median(times[name]) * 1000 for name in ("bare", "tutor"))
    print(describe())
    print(f"first start ever (builds the index)  {cold * 1000:7.0f} ms")
    print(f"bare app, median of {RUNS}              {bare_ms:7.0f} ms")
    print(f"llm-tutor, median of {RUNS}             {tutor_ms:7.0f} ms")
    print(f"ratio                                {tutor_ms / bare_ms:7.2f}    (limit {LIMIT})")


if __name__ == "__main__":
    main()
