"""Memory over an evening of labs in one process: ``python -m benchmarks.evening``.

Each lab is run to its end on a screen of its own, one after another. Then a line tells the memory of the process, how much of it the kept
moments of that run take, and of how many labs the runs are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe, resident
from tutor import paths
from tutor.content.library import Library
from tutor.engine.snapshot import ENDED
from tutor.progress.store import Store
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import LabScreen

LABS = ["perceptron", "rbm", "word2vec", "first", "seq2seq", "clip", "optimizers", "cnn", "moe", "logit_lens"]


async def evening(labs: list[str], home: Path) -> None:
    """Run labs one after another, and print a line for each."""
    app = TutorApp(Library(paths.course_root()), Store(paths.database(home)), lang="en")
    async with app.run_test(size=(120, 40)) as pilot:
        print(f"{'':14}   process   kept moments   runs kept")
        print(f"{'start':14}{resident() / 1e6:7.0f} MB")
        for lab in labs:
            session = app.session(lab)
            session.bet.gate_passed = True
            await app.push_screen(LabScreen(session))
            await pilot.press("space")
            begin = time.monotonic()
            while session.phase not in ENDED and time.monotonic() - begin < 300:
                await asyncio.sleep(0.2)
            await app.pop_screen()
            kept = session.timeline.bytes / 1e6 if session.timeline is not None else 0
            runs = sum(one.run is not None for one in app.sessions.values())
            print(f"{lab:14}{resident() / 1e6:7.0f} MB{kept:12.0f} MB{runs:12d}", flush=True)
        app.close_sessions()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labs", nargs="*", default=LABS)
    given = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as home:
        os.environ["LLM_TUTOR_HOME"] = home
        asyncio.run(evening(given.labs, Path(home)))


if __name__ == "__main__":
    main()
