"""How memory grows while a file is cleaned: ``python -m benchmarks.clean_growth [MB] [minhash|none]``, 200 MB with MinHash unless told.

Made-up pages as JSON lines go through ``llm-tutor clean`` in one process with all rules. From outside, the resident memory is read where the command has read so much of
its input (``/proc``, so on Linux only), at `POINTS` places in even steps. The slope is the least-squares line over all but the first quarter, in which libraries are
loaded and buffers grow. Told as well: the peak of the whole run, with what follows the reading (clusters, writing).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.clean_large import write_input
from benchmarks.machine import describe

POINTS = 10

EVERY = 0.05
"""Seconds between looks."""


def position(pid: int, source: Path) -> int | None:
    """Bytes that a process has read of a file; None where it doesn't hold it open."""
    folder = Path(f"/proc/{pid}")
    try:
        for link in (folder / "fd").iterdir():
            if link.readlink() == source:
                return int((folder / "fdinfo" / link.name).read_text().split()[1])
    except OSError:  # it has ended, or has just closed the file
        pass
    return None


def memory(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at most so far, in MB; (0, 0) when it has ended."""
    try:
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        now, most = (int(fields[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    except (OSError, KeyError):  # it has ended
        return 0.0, 0.0
    return now, most


def main() -> int:
    """Measure and print."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    dedup = sys.argv[2] if len(sys.argv) > 2 else "minhash"
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder).resolve() / "large.jsonl"
        count = write_input(source, size * 1_000_000)
        total = source.stat().st_size
        print(
            f"\nall rules, --dedup {dedup}, one process: {total / 1e6:.0f} MB, {count} documents\n\n{'MB read':>8} {'documents':>10} {'MB now':>8} {'most':>8}"
        )
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor", "clean", str(source), "-o", str(Path(folder) / "out"), "--jobs", "1", "--dedup", dedup],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        seen: list[tuple[float, float]] = []  # documents, MB
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            at = position(process.pid, source)
            if at is not None and at >= (len(seen) + 1) * total / POINTS and len(seen) < POINTS:
                now, most = memory(process.pid)
                seen.append((count * at / total, now))
                print(f"{at / 1e6:8.0f} {count * at / total:10.0f} {now:8.1f} {most:8.1f}", flush=True)
            time.sleep(EVERY)
        seconds = time.perf_counter() - begin
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the command failed with {process.returncode}")
    documents, resident = np.array(seen[POINTS // 4 :]).T
    slope, base = np.polyfit(documents, resident, 1)
    print(
        f"\ngrowth {slope * 1024:.2f} kB a document over a base of {base:.0f} MB; peak of the whole run {usage.ru_maxrss / 1024:.0f} MB; "
        f"{seconds:.0f} s, {usage.ru_utime + usage.ru_stime:.0f} CPU s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
