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
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TextIO, TypeAlias

from tutor.content.models import Lab
from tutor.content.problems import shorten
from tutor.experiments.base import ExperimentSpec
from tutor.text import InputError, Text

_JOIN_SECONDS = 5.0
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
    from tutor.engine.configs import arm_configs, find_spec
    from tutor.engine.headless import finished_run

    spec = spec or find_spec(lab)
    totals = arm_steps(lab, arm_configs(lab, spec, {}))
    done = dict.fromkeys(totals, 0)

    def note(arm: str, step: int, total: int) -> None:
        done[arm] = step
        progress(sum(done.values()) / max(1, sum(totals.values())))  # an instant lab has no steps

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


@dataclass(frozen=True, slots=True)
class Task:
    """A lab to be run from a seed."""

    lab: str
    seed: int


@dataclass(frozen=True, slots=True)
class Going:
    """A run has done this share of its training steps, 0 to 1."""

    task: Task
    share: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over, with its result, or in words why there is none."""

    task: Task
    result: SeedResult | Text


Event: TypeAlias = Going | Ended


class SeedRunner(Protocol):
    """Runs one task at a time on the calling thread, several threads at once."""

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        """Run a task; a text says why it failed."""

    def stop(self) -> None:
        """End all runs that are under way, at once, and start no more."""


class SideBySide:
    """Tasks that are run in order, `jobs` at a time; iterating starts them and tells what happens.

    However the iteration ends, every run has ended with it.

    Attributes:
        interrupted: Whether it was ended by `interrupt`.
    """

    def __init__(self, tasks: Sequence[Task], runner: SeedRunner, jobs: int) -> None:
        self._tasks = tasks
        self._waiting = iter(tasks)
        self._runner = runner
        self._jobs = jobs
        self.interrupted = False
        # This kind may be put to by a signal's handler, whatever the thread that it interrupts is doing.
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        threads = [
            threading.Thread(target=self._work, name=f"verify-{i}", daemon=True)
            for i in range(min(self._jobs, len(self._tasks)))
        ]
        ended = 0
        try:
            for thread in threads:
                thread.start()
            while ended < len(self._tasks):
                event = self._events.get()
                if event is None:
                    self.interrupted = True
                    return
                ended += isinstance(event, Ended)
                yield event
        finally:
            self._stopping.set()
            self._runner.stop()
            for thread in threads:
                thread.join(_JOIN_SECONDS)

    def interrupt(self) -> None:
        """End all runs, after what has already happened has been told."""
        self._events.put(None)

    def _work(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                task = next(self._waiting, None)
            if task is None:
                return
            result = self._runner.run(task, partial(self._tell, task))
            self._events.put(Ended(task, result))

    def _tell(self, task: Task, share: float) -> None:
        self._events.put(Going(task, share))


class Processes:
    """A `SeedRunner` that gives each run a fresh process with one thread of torch."""

    def __init__(self, course: Path) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._live: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            process = self._start(task, complaints.fileno())
            if process is None:
                return _STOPPED
            result: SeedResult | Text | None = None
            assert process.stdout is not None
            with process.stdout:
                for line in process.stdout:
                    result = _read(line, progress) or result
            code = process.wait()
            with self._lock:
                self._live.discard(process)
                if self._stopped:
                    return result or _STOPPED
            if result is not None:
                return result
            complaints.seek(0)
            said = [line for line in complaints.read().splitlines() if line.strip()]
            return _DIED.format(code=code, said=shorten(said[-1]) if said else "?")

    def stop(self) -> None:
        """Kill every process: they have nothing to put in order."""
        with self._lock:
            self._stopped = True
            for process in self._live:
                with contextlib.suppress(OSError):
                    process.kill()

    def _start(self, task: Task, complaints: int) -> subprocess.Popen[str] | None:
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
        with self._lock:
            if self._stopped:
                return None
            # A session of its own: Ctrl+C is for the command, which then ends its runs itself.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **alone},
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self._live.add(process)
            return process


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


def describe_failure(error: Exception) -> Text:
    if isinstance(error, InputError):
        return error.text
    what = f"{type(error).__name__}: {shorten(str(error)) or '?'}"
    return Text(f"实验出错（{what}）", f"the experiment failed ({what})")


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
        text = describe_failure(error)
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
