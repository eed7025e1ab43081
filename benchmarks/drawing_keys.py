"""Key to paint while a curve is drawn before a run: ``python -m benchmarks.drawing_keys``.

Seen from outside a real pty: the time from the write of a key to the arrival of the bytes that paint its answer, at two sizes of the window. At
most 16 ms at p99. Beside it the processor time that the tutor took for a key, which a busy machine doesn't spoil (Linux only).
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from benchmarks.terminal import Terminal

KEYS = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", *"123456789")
COUNT = 400


def worked(pid: int) -> float:
    """Return milliseconds of processor time that all threads of a process have taken."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def measure(columns: int, rows: int) -> tuple[list[float], list[float]]:
    """Draw at random; return milliseconds until its paint, and of processor time, for each key that painted something."""
    found, work, rng = [], [], random.Random(0)
    with tempfile.TemporaryDirectory() as home:
        argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", "gpt"]
        env = {"LLM_TUTOR_HOME": str(Path(home))}
        with Terminal(argv, columns=columns, rows=rows, env=env) as terminal:
            terminal.wait_for("Predict first")
            time.sleep(2)
            while terminal.pump(0.2) is not None:
                pass
            for _ in range(COUNT):
                before = worked(terminal.process.pid)
                sent = terminal.send(rng.choice(KEYS))
                if (arrived := terminal.pump(0.5)) is not None:  # a key at the border changes nothing
                    found.append((arrived - sent) * 1000)
                while terminal.pump(0.03) is not None:
                    pass
                if arrived is not None:
                    work.append(worked(terminal.process.pid) - before)
    return found, work


def main() -> int:
    print(describe())
    worst = 0.0
    print("| window | keys | median | p95 | p99 | max ms | processor: median | p95 ms |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for columns, rows in ((80, 24), (120, 40)):
        found, work = measure(columns, rows)
        work_median, work_p95 = np.percentile(work, [50, 95])
        median, p95, p99 = np.percentile(found, [50, 95, 99])
        worst = max(worst, float(p99))
        print(
            f"| {columns}×{rows} | {len(found)} | {median:.1f} | {p95:.1f} | {p99:.1f} | {max(found):.1f} |"
            f" {work_median:.1f} | {work_p95:.1f} |"
        )
    return int(worst > 16)


if __name__ == "__main__":
    sys.exit(main())
