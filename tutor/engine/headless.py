"""``llm-tutor lab ID --headless``: a lab without a screen, for scripts and for checking."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.content.problems import ContentError
from tutor.engine.bench import Bench
from tutor.engine.quiet import limit_torch_threads, quiet_import
from tutor.engine.snapshot import ClaimResult, Metrics
from tutor.experiments import registry
from tutor.experiments.base import ExperimentSpec, InputError
from tutor.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Result:
    """What a headless run found.

    Attributes:
        metrics: Final metrics of every arm, the base included.
        claims: The lab's claims on them.
        outcome: Id of the prediction option that came true.
        seconds: Time spent in training steps.
        tokens_per_s: Training tokens a second of that time.
        message: Which arms diverged, in words; None when none did.
    """

    metrics: Metrics
    claims: tuple[ClaimResult, ...]
    outcome: str | None
    seconds: float
    tokens_per_s: float
    message: Text | None


def run_headless(
    lab: Lab,
    *,
    seed: int = 0,
    steps: int | None = None,
    settings: Mapping[str, str | float] | None = None,
    progress: Callable[[str, int, int], None] = lambda arm, step, total: None,
    spec: ExperimentSpec | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Run a lab to its end on the calling thread; the same steps, and so the same numbers, as on a screen.

    Args:
        lab: The lab.
        seed: Seed of all arms.
        steps: Budget of every arm; None is the lab's.
        settings: Config values; ``arm.key`` addresses one arm.
        progress: Told ``(arm id, step, total)`` of every arm after each round of steps.
        spec: Card of the experiment; None looks it up.
        clock: Seconds, never going back.

    Raises:
        InputError: A setting or a text can't be used.
    """
    spec = spec or registry.get(lab.experiment)
    bench = Bench(lab, spec, seed=seed, settings=settings or {}, steps=steps, clock=clock)
    with quiet_import():
        spec.load()
    limit_torch_threads()
    while not bench.done:
        if bench.unbuilt:
            bench.build()
        bench.advance()
        for arm in bench.statuses() if bench.at_round_start else ():
            progress(arm.id, arm.step, arm.total)
    final = bench.finish()
    rate = bench.tokens / bench.seconds if bench.seconds > 0 else 0.0
    return Result(final, bench.claims(), bench.outcome(), bench.seconds, rate, bench.divergence())


def lab_command(
    lab_id: str,
    *,
    seed: int,
    steps: int | None,
    settings: Sequence[str],
    text_file: Path | None,
    as_json: bool,
    lang: Lang,
    course_root: Path,
    out: TextIO,
    err: TextIO,
) -> int:
    """Run a lab for the command line.

    Args:
        lab_id: Which lab.
        seed: Seed of all arms.
        steps: Budget of every arm; None is the lab's.
        settings: ``key=value`` or ``arm.key=value``.
        text_file: The learner's own text to train on.
        as_json: One JSON object on ``out`` instead of a table.
        lang: The learner's language.
        course_root: Folder of the course.
        out: Where results go.
        err: Where progress and refusals go.

    Returns:
        0 when it ran (whatever its claims say), 2 for bad usage or input, 130 when interrupted.
    """
    console = Console(file=err)
    try:
        _, lab = Library(course_root).find_lab(lab_id)
        if steps is not None and steps < 1:
            raise InputError(_BAD_STEPS.format(steps=steps))
        chosen = _settings(settings)
        if text_file is not None:
            chosen |= {"corpus": "own", "text_file": str(text_file.expanduser().absolute())}
        with _bar(lab, lang, console) as progress:
            result = run_headless(lab, seed=seed, steps=steps, settings=chosen, progress=progress)
    except ContentError as error:
        err.write("\n".join(problem.render(lang) for problem in error.problems) + "\n")
        return 2
    except InputError as error:
        err.write(f"llm-tutor: {error.text[lang]}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    if as_json:
        out.write(json.dumps(as_dict(lab, seed, result), ensure_ascii=False) + "\n")
    else:
        _report(lab, result, lang, out)
    return 0


def _settings(settings: Sequence[str]) -> dict[str, str | float]:
    chosen: dict[str, str | float] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise InputError(_BAD_SETTING.format(setting=setting))
        chosen[key.strip()] = value.strip()
    return chosen


def as_dict(lab: Lab, seed: int, result: Result) -> dict[str, object]:
    """A result as plain values for JSON; a number that isn't finite is None."""

    def plain(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        "lab": lab.id,
        "seed": seed,
        "arms": {
            arm: {name: plain(v) for name, v in values.items()} for arm, values in result.metrics.items()
        },
        "claims": [{"expr": claim.expr, "holds": claim.holds} for claim in result.claims],
        "seconds": plain(result.seconds),
        "tokens_per_s": plain(result.tokens_per_s),
    }


def _bar(lab: Lab, lang: Lang, console: Console) -> AbstractContextManager[Callable[[str, int, int], None]]:
    """A progress bar an arm; nothing where nobody watches."""
    if not console.is_terminal:
        return nullcontext(lambda arm, step, total: None)
    return _Bars(lab, lang, console)


class _Bars(AbstractContextManager[Callable[[str, int, int], None]]):
    def __init__(self, lab: Lab, lang: Lang, console: Console) -> None:
        self._names = {arm.id: arm.label[lang] for arm in lab.arms}
        if lab.base is not None:
            self._names["base"] = lab.base.label[lang]
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._tasks = {}
        for arm, name in self._names.items():
            self._tasks[arm] = self._progress.add_task(name, total=None)

    def __enter__(self) -> Callable[[str, int, int], None]:
        self._progress.start()
        return lambda arm, step, total: self._progress.update(self._tasks[arm], completed=step, total=total)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _report(lab: Lab, result: Result, lang: Lang, out: TextIO) -> None:
    """Metrics, claims, speed, as a person reads them."""
    console = Console(file=out, soft_wrap=False)
    labels = {arm.id: arm.label[lang] for arm in lab.arms}
    if lab.base is not None:
        labels["base"] = lab.base.label[lang]
    spec = registry.get(lab.experiment)
    table = Table(title=lab.title[lang], title_justify="left", title_style="bold")
    table.add_column(Text("指标", "metric")[lang])
    for arm in result.metrics:
        table.add_column(labels.get(arm, arm), justify="right")
    for metric in spec.metrics:
        if any(metric.id in values for values in result.metrics.values()):
            cells = [_number(values.get(metric.id)) for values in result.metrics.values()]
            table.add_row(f"{metric.label[lang]} ({metric.id})", *cells)
    console.print(table)
    for claim in result.claims:
        mark, style = {True: ("+", "green"), False: ("x", "red"), None: ("?", "yellow")}[claim.holds]
        console.print(
            f"{mark} {claim.text[lang]}  ({claim.expr})", style=style, markup=False, highlight=False
        )
    if result.message is not None:
        console.print(result.message[lang], style="yellow", markup=False, highlight=False)
    speed = Text(
        f"训练 {result.seconds:.1f} 秒，每秒 {result.tokens_per_s:,.0f} 个词元",
        f"{result.seconds:.1f} s of training, {result.tokens_per_s:,.0f} tokens/s",
    )
    console.print(speed[lang], markup=False, highlight=False)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if math.isfinite(value) and value == int(value) and abs(value) >= 10:
        return f"{int(value):,}"
    return f"{value:.4g}"


_BAD_SETTING = Text("设置写成 key=value，而不是 {setting}。", "Write a setting as key=value, not {setting}.")
_BAD_STEPS = Text("步数至少是 1，而不是 {steps}。", "The number of steps must be at least 1, not {steps}.")
