"""Cleans one large file: ``python -m benchmarks.clean_large [MB]``, 1000 unless told.

Made-up pages are written into one file, then cleaned by the command itself with all rules: as plain text (cut at blank lines), without de-duplication, in
one process and in two; and as JSON lines, a document each, with MinHash. What is told is the largest resident memory of any one process
(``ru_maxrss``), the time, and the speed. Limit: 500 MB without de-duplication. With a second argument, only the rows whose name holds it are run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.pages import pages

LIMIT_MB = 500


def write_input(path: Path, size: int) -> int:
    """Write pages, as JSON lines or with blank lines between them; returns their number."""
    records = path.suffix == ".jsonl"
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for page in pages(size):
            file.write((json.dumps({"text": page}) if records else page + "\n") + "\n")
            count += 1
    return count


def measured(arguments: list[str]) -> tuple[float, float, float]:
    """Run the command: seconds, seconds of all cores, and MB of memory of its largest process."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "clean", *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the command failed with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    """Measure and print; 1 when the limit is passed."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(describe())
    passed = True
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    print(
        f"{'':<24} {'MB':>6} {'pages':>8} {'peak MB':>8} {'seconds':>8} {'MB/s':>6} {'CPU s':>7} {'MB/CPU s':>9}"
    )
    for name, kind, options in (
        ("1 process, no dedup", "txt", ["--jobs", "1", "--dedup", "none"]),
        ("2 processes, no dedup", "txt", ["--jobs", "2", "--dedup", "none"]),
        ("1 process, MinHash", "jsonl", ["--jobs", "1", "--dedup", "minhash"]),
        ("2 processes, MinHash", "jsonl", ["--jobs", "2", "--dedup", "minhash"]),
    ):
        if wanted not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"large.{kind}"
            count = write_input(source, size * 1_000_000)
            real = source.stat().st_size / 1e6
            seconds, cpu, peak = measured([str(source), "-o", str(Path(folder) / "out"), *options])
        print(
            f"{name:<24} {real:6.0f} {count:8} {peak:8.0f} {seconds:8.1f} {real / seconds:6.2f} {cpu:7.1f} {real / cpu:9.2f}",
            flush=True,
        )
        if "no dedup" in name:
            passed = passed and peak <= LIMIT_MB
    print(f"\nlimit without dedup {LIMIT_MB} MB: {'kept' if passed else 'PASSED OVER'}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
