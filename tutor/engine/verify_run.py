"""One run of one lab from one seed, for ``llm-tutor verify``; as a program, that run in a process of its own.

``python -m tutor.engine.verify_run COURSE LAB SEED`` writes JSON lines: ``{"share": …}`` as it goes on, at last ``{"result": …}``
or ``{"failed": …}``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from tutor.content.messages import shorten
from tutor.content.models import Lab
from tutor.experiments.base import ExperimentSpec
from tutor.text import InputError, Text

_TELL_SECONDS = 0.5
"""Shortest time between two lines about how far the run is."""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a lab gave from one seed.

    Attributes:
        seed: The seed.
        arms: Final metrics by arm; NaN and infinity are kept.
        curves: Steps and values by arm and metric of the lab's chart.
        seconds: Processor time spent in training steps: what else the machine did meanwhile doesn't count.
    """

    seed: int
    arms: dict[str, dict[str, float]]
    curves: dict[str, dict[str, tuple[list[float], list[float]]]]
    seconds: float

    @staticmethod
    def from_dict(fields: dict[str, Any]) -> SeedResult:
        """The inverse of `dataclasses.asdict`."""
        return SeedResult(**fields)


def run_seed(
    lab: Lab,
    seed: int,
    *,
    spec: ExperimentSpec | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> SeedResult:
    """Run a lab from one seed.

    Args:
        lab: The lab.
        seed: Seed of all arms.
        spec: Card of the experiment; None looks it up.
        threads: Threads of torch; None leaves the choice to the engine.
        progress: Told which share of all training steps is done.

    Raises:
        InputError: It can't be run.
    """
    from tutor.content.budget import arm_steps
    from tutor.engine.configs import arm_configs, find_spec
    from tutor.engine.headless import finished_run

    spec = spec or find_spec(lab)
    totals = arm_steps(lab, arm_configs(lab, spec, {}))
    done = dict.fromkeys(totals, 0)

    def note(arm: str, step: int, total: int) -> None:
        done[arm] = step
        progress(sum(done.values()) / sum(totals.values()))

    runner = finished_run(
        lab,
        seed=seed,
        spec=spec,
        threads=threads,
        progress=note,
        clock=time.process_time,
        long=True,
    )
    curves: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for series in runner.history.curves(totals, lab.curves).series:
        curves.setdefault(series.arm, {})[series.metric] = (series.x.tolist(), series.y.tolist())
    final = {arm: dict(metrics) for arm, metrics in (runner.final or {}).items()}
    return SeedResult(seed, final, curves, runner.seconds)


def describe_failure(error: Exception) -> Text:
    """What went wrong in a run, in words."""
    if isinstance(error, InputError):
        return error.text
    what = f"{type(error).__name__}: {shorten(str(error)) or '?'}"
    return Text(f"实验出错（{what}）", f"the experiment failed ({what})")


def main(arguments: list[str], out: TextIO) -> int:
    """Run one seed and write what came of it.

    Args:
        arguments: Course folder, lab, seed.
        out: Where the lines go.
    """
    from tutor.content.library import Library

    course, lab_id, seed = arguments
    last = -_TELL_SECONDS

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_SECONDS:
            last = time.monotonic()
            print(json.dumps({"share": share}), file=out, flush=True)

    try:
        _, lab = Library(Path(course)).find_lab(lab_id)
        result = run_seed(lab, int(seed), threads=1, progress=tell)
    except Exception as error:
        text = describe_failure(error)
        print(json.dumps({"failed": {"zh": text.zh, "en": text.en}}), file=out, flush=True)
        return 1
    print(json.dumps({"result": asdict(result)}), file=out, flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], sys.stdout))
    except (KeyboardInterrupt, BrokenPipeError):  # who asked for it has gone
        sys.exit(1)
