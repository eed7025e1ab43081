"""``python -m benchmarks``: every benchmark, one after another; the tables are what RESULTS.md holds."""

from __future__ import annotations

import subprocess
import sys

COMMANDS = (
    "first_paint",
    "imports",
    "lab_gpt",
    "live_screen",
    "drawing_keys",
    "timeline",
    "evening",
    "long_run",
    "random_keys",
    "quit",
    "tiny_world",
    "cleaning_rules",
    "cleaning_speed",
    "dedup",
)


def main() -> int:
    """Run each in a process of its own; the exit code of the worst."""
    worst = 0
    for name in COMMANDS:
        print(f"\n## {name}\n", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        )
    return worst


if __name__ == "__main__":
    sys.exit(main())
