"""Kill a learner who answers: ``python -m benchmarks.kill_while_answering``, half a minute.

A process opens one and the same log, answers questions as fast as it can, and shows the feedback of each by a line into a pipe, as the screen
does: after the answer is recorded. At a random moment, from before the log is open to some dozens of answers later, it is killed with SIGKILL.
Every answer whose feedback was shown must be in the log, in its order, whole, and the log sound. The exit code is 1 when one isn't.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.machine import describe
from tutor.progress.store import Store

LONGEST = 0.15
"""Seconds after its start by which a learner is killed."""


def learn(log: Path, learner: int, feedback: int) -> None:
    """Answer until killed, and show the feedback of each answer."""
    with Store(log) as store:
        for number in range(1_000_000):
            store.record_answer(
                "unit1", "s3", f"{learner}.{number}", [number], number % 3 / 2, lang="en", variant={"n": number},
                digest="0" * 16, confidence=3, extra={"shuffle_seed": number},
            )  # fmt: skip
            os.write(feedback, f"{learner}.{number}\n".encode())


def kill_one(log: Path, learner: int, seconds: float) -> list[str]:
    """Kill a learner after so many seconds, and return the answers whose feedback was shown."""
    shown, feedback = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(shown)
        try:
            learn(log, learner, feedback)
        finally:
            os._exit(1)
    os.close(feedback)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(shown) as lines:
        found = lines.read().split("\n")[:-1]  # what came after the last newline was not shown whole
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise RuntimeError("the learner ended by itself")
    return found


def main() -> int:
    """Kill, look, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    expected: list[str] = []
    silent = 0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "progress.sqlite3"
        for learner in range(options.kills):
            shown = kill_one(log, learner, rng.uniform(0, LONGEST))
            expected += shown
            silent += not shown
        with Store(log) as store:
            kept = store.answers("unit1", "s3")
        with closing(sqlite3.connect(log)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
        lost = [answer for answer in expected if answer not in kept]
        torn = [
            id
            for id, one in kept.items()
            if one.variant["n"] != one.chosen[0] or one.score != one.chosen[0] % 3 / 2
        ]
        places = {id: place for place, id in enumerate(kept)}
        order = [places[answer] for answer in expected if answer in places]
    print(describe())
    print(f"killed {options.kills} times, {silent} of them before any feedback")
    print(f"answers with feedback shown: {len(expected)}; lost: {len(lost)}; torn: {len(torn)}")
    print(f"kept although their feedback was not shown any more: {len(kept) - len(expected) + len(lost)}")
    print(f"in their order: {order == sorted(order)}; integrity check: {sound}")
    return int(bool(lost or torn or order != sorted(order) or sound != "ok"))


if __name__ == "__main__":
    sys.exit(main())
