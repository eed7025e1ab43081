"""Quit while a lab trains: ``python -m benchmarks.quit``.

From the press of Ctrl+Q to the end of the process, which gives the terminal back; then whether any process of it is left, and whether the
terminal was put back (cursor shown, alternate screen left).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab

RUNS = 7


def once(env: dict[str, str]) -> tuple[float, bool, bool]:
    """Seconds to the end, whether a process is left, whether the terminal was put back."""
    with Terminal(
        [sys.executable, "-m", "tutor", "--lang", "en", "lab", "gpt", "--steps", "3000"], env=env
    ) as terminal:
        start_lab(terminal)
        terminal.wait_for("tok/s", timeout=60)
        begin = time.perf_counter()
        terminal.send(b"\x11")
        terminal.wait_exit()
        seconds = time.perf_counter() - begin
        while terminal.pump(0.05) is not None:
            pass
        return seconds, terminal.left, terminal.restored


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


if __name__ == "__main__":
    main()
