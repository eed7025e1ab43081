"""Trains a lab without a screen for ever, and writes the steps done into a file: ``python -m benchmarks.headless_steps LAB FILE``.

What is written is a floating-point number: rounds of all arms, the one under way in part. A base is trained first and counts nothing.

The other side of `benchmarks.live_screen`, which stops and continues it from outside.
"""

from __future__ import annotations

import mmap
import struct
import sys
import time
from pathlib import Path

from tutor import paths
from tutor.content.library import Library
from tutor.engine.configs import Plan
from tutor.engine.runner import Runner
from tutor.engine.runtime import load_quietly
from tutor.experiments import registry

FOREVER = 1_000_000
"""Steps; nobody waits for that."""


def main() -> None:
    """Train, and count."""
    lab_id, target = sys.argv[1], Path(sys.argv[2])
    _, lab = Library(paths.course_root()).find_lab(lab_id)
    spec = registry.get(lab.experiment)
    load_quietly(spec)
    runner = Runner(Plan(lab, spec, 0, steps=FOREVER), time.monotonic)
    with target.open("r+b") as file, mmap.mmap(file.fileno(), 8) as shared:
        while True:
            runner.advance()
            if runner.last:
                shared[:8] = struct.pack("d", sum(arm.step for arm in runner.arms) / len(runner.arms))


if __name__ == "__main__":
    main()
