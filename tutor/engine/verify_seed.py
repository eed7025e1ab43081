"""Runs of labs for ``llm-tutor verify``, each from one seed in a process of its own, so many side by side.

Such a process, ``python -m tutor.engine.verify_seed COURSE LAB SEED``, writes JSON lines: ``{"share": …}`` as it goes on, at last
``{"result": …}`` or ``{"failed": …}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

from tutor.content.models import Lab
from tutor.content.problems import shorten
from tutor.engine.runtime import failure
from tutor.experiments.base import ExperimentSpec
from tutor.text import Text

_TELL_SECONDS = 0.5
"""Shortest time between two lines about how far the run is."""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a lab gave from one seed.

    Attributes:
        arms: Final metrics by arm; NaN and infinity are kept.
        curves: Steps and values by arm and metric of the lab's chart.
        seconds: Processor time spent in training steps: what else the machine did meanwhile doesn't count.
    """

    seed: int
    arms: dict[str, dict[str, float]]
    curves: dict[str, dict[str, tuple[list[float], list[float]]]]
    seconds: float


def run_seed(
    lab: Lab,
    seed: int,
    *,
    spec: ExperimentSpec | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> SeedResult:
    """Run a lab from one seed; `progress` is told which share of all training steps is done.

    Raises:
        InputError: It can't be run.
    """
    from tutor.content.budget import arm_steps
    from tutor.engine.configs import Plan, arm_configs, find_spec
    from tutor.engine.headless import run_headless

    spec = spec or find_spec(lab)
    totals = arm_steps(lab, arm_configs(lab, spec, {}))
    done = dict.fromkeys(totals, 0)

    def note(arm: str, step: int, total: int) -> None:
        done[arm] = step
        progress(sum(done.values()) / max(1, sum(totals.values())))  # an instant lab has no steps

    plan = Plan(lab, spec, seed, long=True)
    result = run_headless(plan, progress=note, clock=time.process_time, threads=threads)
    curves: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for series in result.history.curves(totals, lab.curves).series:
        curves.setdefault(series.arm, {})[series.metric] = (series.x.tolist(), series.y.tolist())
    final = {arm: dict(metrics) for arm, metrics in result.metrics.items()}
    return SeedResult(seed, final, curves, result.seconds)


class Task(NamedTuple):
    """A lab to be run from a seed."""

    lab: str
    seed: int


class Event(NamedTuple):
    """A run has done a share of its training steps (0 to 1), or is over: with its result, or in words why there is none."""

    task: Task
    news: float | SeedResult | Text


class SeedRunner(Protocol):
    """Runs one task at a time on the calling thread, several threads at once."""

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        """Run a task; a text says why it failed."""

    def stop(self) -> None:
        """End all runs that are under way, at once, and start no more."""


def side_by_side(
    tasks: Sequence[Task], runner: SeedRunner, jobs: int, events: queue.SimpleQueue[Event | None]
) -> Iterator[Event]:
    """Run tasks in order, `jobs` at a time, and yield what happens; however that ends, every run has ended with it.

    None in `events` ends it early, after what has already happened: such a queue may be put to by a signal's handler, whatever the thread
    that it interrupts is doing.
    """

    def run(task: Task) -> None:
        try:
            news: SeedResult | Text = runner.run(task, lambda share: events.put(Event(task, share)))
        except Exception as error:  # told as any failure: whoever waits for this task would wait for ever
            why = f"{type(error).__name__}: {error}"
            news = Text(why, why)
        events.put(Event(task, news))

    pool = ThreadPoolExecutor(jobs, "verify")
    try:
        for task in tasks:
            pool.submit(run, task)
        left = len(tasks)
        while left and (event := events.get()) is not None:
            left -= not isinstance(event.news, float)
            yield event
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        runner.stop()
        pool.shutdown()


class Processes:
    """A `SeedRunner` that gives each run a fresh process with one thread of torch."""

    def __init__(self, course: Path) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._live: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        command = [
            sys.executable,
            "-m",
            "tutor.engine.verify_seed",
            str(self._course),
            task.lab,
            str(task.seed),
        ]
        # So many threads would each of these libraries start by itself, on top of torch's own.
        alone = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        result: SeedResult | Text | None = None
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            with self._lock:
                if self._stopped:
                    return _STOPPED
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    env={**os.environ, **alone},
                    text=True,
                    encoding="utf-8",
                    start_new_session=True,  # Ctrl+C is for the command, which then ends its runs itself
                )
                self._live.add(process)
            with process:
                for line in process.stdout or ():
                    result = _read(line, progress) or result
            with self._lock:
                self._live.discard(process)
                if self._stopped:
                    return result or _STOPPED
            if result is not None:
                return result
            complaints.seek(0)
            said = [line for line in complaints.read().splitlines() if line.strip()]
            return _DIED.format(code=process.returncode, said=shorten(said[-1]) if said else "?")

    def stop(self) -> None:
        """Kill every process: they have nothing to put in order."""
        with self._lock:
            self._stopped = True
            for process in self._live:
                with contextlib.suppress(OSError):
                    process.kill()


def _read(line: str, progress: Callable[[float], None]) -> SeedResult | Text | None:
    """Return what a line of a process tells; lines that others print into its output are passed over."""
    try:
        told = json.loads(line)
        if "share" in told:
            progress(float(told["share"]))
        elif "failed" in told:
            return Text(**told["failed"])
        elif "result" in told:
            return SeedResult(**told["result"])
    except (ValueError, TypeError, KeyError):
        pass
    return None


def main(arguments: list[str], out: TextIO) -> int:
    """Run one seed and write what came of it; the arguments are course folder, lab (``id``, or ``id:lang``), seed."""
    from tutor.content.library import Library

    course, lab_id, seed = arguments
    last = -_TELL_SECONDS

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_SECONDS:
            last = time.monotonic()
            print(json.dumps({"share": share}), file=out, flush=True)

    try:
        _, lab = Library(Path(course)).find_lab(lab_id.partition(":")[0])
        lab = next(variant for variant in lab.variants if variant.verified_as == lab_id)
        result = run_seed(lab, int(seed), threads=1, progress=tell)
    except Exception as error:
        text = failure(error)
        print(json.dumps({"failed": {"zh": text.zh, "en": text.en}}), file=out, flush=True)
        return 1
    print(json.dumps({"result": asdict(result)}), file=out, flush=True)
    return 0


_STOPPED = Text("已中断", "interrupted")
_DIED = Text(
    "进程意外结束（退出码 {code}：{said}）", "the process ended unexpectedly (exit code {code}: {said})"
)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], sys.stdout))
    except (KeyboardInterrupt, BrokenPipeError):  # who asked for it has gone
        sys.exit(1)
