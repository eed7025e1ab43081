"""Final metrics of every lab, seed by seed, to the last bit: ``python -m benchmarks.final_metrics FILE``.

A change of the code that ought to change no number is proved by it: write the file before, and after the change compare with
``--against FILE``, on the same machine with the same versions. Each lab runs headless on its own, with no stored model; labs that
measure this computer have no such numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tutor import paths
from tutor.content.library import Library
from tutor.engine.configs import find_spec

SEEDS = (0, 1, 2)

Finals = dict[str, dict[str, dict[str, float | None]]]
"""``lab/seed`` → arm → metric → value; None: not finite."""


def run(lab: str, seed: int) -> dict[str, Any]:
    """The final metrics of one run."""
    with tempfile.TemporaryDirectory() as home:
        argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", lab, "--headless", "--json"]
        done = subprocess.run(
            [*argv, "--seed", str(seed)], env=os.environ | {"LLM_TUTOR_HOME": home},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    arms: dict[str, Any] = json.loads(done.stdout)["arms"]
    return arms


def differences(before: Finals, after: Finals) -> list[str]:
    """A line for every number of ``after`` that is another than before, or is missing on one side."""
    found = []
    for name in sorted(before.keys() & after.keys()):
        for arm in sorted(before[name].keys() | after[name].keys()):
            old, new = before[name].get(arm, {}), after[name].get(arm, {})
            found += [
                f"{name} {arm}.{metric}: {old.get(metric, 'missing')} -> {new.get(metric, 'missing')}"
                for metric in sorted(old.keys() | new.keys())
                if old.get(metric, "missing") != new.get(metric, "missing")
            ]
    return found


def main() -> int:
    """Run, write, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--labs", nargs="*", help="default: all")
    given = parser.parse_args()
    course = Library(paths.course_root(None))
    labs = given.labs or [id for id in course.lab_ids() if not find_spec(course.find_lab(id)[1]).recorded]
    finals: Finals = {}
    for lab in labs:
        for seed in SEEDS:
            finals[f"{lab}/{seed}"] = run(lab, seed)
            given.file.write_text(json.dumps(finals, indent=1), encoding="utf-8")
        print(lab, flush=True)
    if given.against is None:
        return 0
    lines = differences(json.loads(given.against.read_text("utf-8")), finals)
    print("\n".join(lines) or "every number is the same to the last bit")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
