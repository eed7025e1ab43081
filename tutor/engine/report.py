"""How a headless run is shown: bet, table and reveal for a person, plain values for a machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from string import ascii_lowercase
from typing import NamedTuple, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text as RichText

from tutor.content.expressions import fill
from tutor.content.models import Lab
from tutor.engine import claims as judge
from tutor.engine.history import History
from tutor.engine.snapshot import ClaimResult, Metrics
from tutor.experiments.base import ExperimentSpec
from tutor.frames import Frame
from tutor.plot.axis import short
from tutor.plot.cells import Run, row_text
from tutor.plot.prose import render
from tutor.plot.sentences import tell
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text

Report = Callable[[str, int, int], None]
"""Told ``(arm id, steps done, steps in all)``."""


class Seen(NamedTuple):
    """What a view shows at the end of a run: of one arm, or (empty) of all."""

    view: str
    arm: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class Result:
    """What a headless run found.

    Attributes:
        metrics: Final metrics of every arm, the base included.
        outcome: Id of the prediction option that came true.
        seconds: Time spent in training steps.
        per_second: How many of what the spec counts, a second of that time.
        message: Which arms diverged, in words.
        remarks: What the experiments say about their data.
        seen: What the lab's views show at the end, if it was asked for.
    """

    metrics: Metrics
    claims: tuple[ClaimResult, ...]
    outcome: str | None
    history: History
    seconds: float
    per_second: float
    message: Text | None
    remarks: Sequence[Text] = ()
    seen: Sequence[Seen] = ()


def as_dict(lab: Lab, seed: int, result: Result) -> dict[str, object]:
    """Return a result as plain values for JSON: NaN and infinity become None."""

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
        "tokens_per_s": plain(result.per_second),
    }


def show(lab: Lab, spec: ExperimentSpec, result: Result, lang: Lang, out: TextIO) -> None:
    console = Console(file=out, highlight=False)
    labels = arm_labels(lab, lang)
    table = Table(title=RichText(lab.title[lang]), title_justify="left", title_style="bold")
    table.add_column(_METRIC[lang])
    for arm in result.metrics:
        table.add_column(RichText(labels.get(arm, arm)), justify="right")
    for metric in spec.metrics:
        if any(metric.id in values for values in result.metrics.values()):
            cells = [_number(values.get(metric.id)) for values in result.metrics.values()]
            table.add_row(RichText(f"{metric.in_unit[lang]} ({metric.id})"), *cells)
    if not spec.instant:
        table.add_row(_STEPS[lang], *(_number(values.get("steps")) for values in result.metrics.values()))
    console.print(table)
    for claim in result.claims:
        said, style = _HOLDS[claim.holds]
        console.print(RichText(f"{said[lang]}{claim.text[lang]}  [{claim.expr}]", style=style))
    if result.message is not None:
        console.print(RichText(result.message[lang], style="yellow"))
    seconds, rate = f"{result.seconds:.1f}", f"{result.per_second:,.0f}"
    speed = _SPEED if result.per_second > 0 and spec.counted else _SECONDS
    if not spec.instant:
        console.print(RichText(speed.format(seconds=seconds, rate=rate, counted=spec.counted or "")[lang]))
    _show_seen(lab, spec, result.seen, lang, out)


def _show_seen(lab: Lab, spec: ExperimentSpec, seen: Sequence[Seen], lang: Lang, out: TextIO) -> None:
    words = {id: text[lang] for id, text in spec.words.items()}
    words |= {metric.id: metric.label[lang] for metric in spec.metrics}
    arms = arm_labels(lab, lang)
    if seen:
        print(f"\n{_SEEN[lang]}", file=out)
    for view, arm, frame in seen:
        head = [words.get(view, view), *([arms[arm]] if arm else [])] if view != "curves" else []
        called = words if arm else words | arms  # what shows all arms at once names them
        if head:
            print(" · ".join(head), file=out)
        for sentence in tell(frame, lang, partial(_called, called)):
            for row in wrap([Run(f"  {sentence}")], 80, indent=2):
                print(row_text(row), file=out)


def _called(words: Mapping[str, str], id: str) -> str:
    return words.get(id, id)


def show_bet(lab: Lab, lang: Lang, out: TextIO) -> None:
    said = _BET if lab.prediction.options else _THINK
    bet = [lab.prediction.question[lang], *_options(lab, lang).values(), said[lang]]
    _say([lab.title[lang], lab.summary[lang], *bet], out)


def show_reveal(lab: Lab, result: Result, lang: Lang, out: TextIO) -> None:
    """Print which option came true, and why, in the numbers of the run."""
    came = _options(lab, lang).get(result.outcome or "")
    if (value := judge.number(lab, result.metrics)) is not None and lab.prediction.kind == "number":
        came = short(value)
    _say([_OUTCOME[lang] + came if came else "", fill(lab.prediction.reveal[lang], result.metrics)], out)


def _options(lab: Lab, lang: Lang) -> dict[str, str]:
    lettered = zip(ascii_lowercase, lab.prediction.options, strict=False)
    return {option.id: f"{letter}) {option.text[lang]}" for letter, option in lettered}


def _say(paragraphs: list[str], out: TextIO) -> None:
    for row in render("\n\n".join(paragraphs), 80):
        print(row_text(row).rstrip(), file=out)
    print(file=out, flush=True)


@contextmanager
def progress_bar(lab: Lab, lang: Lang, err: TextIO, *, lines: bool = False) -> Iterator[Report]:
    """Give a bar for each arm; where there is no terminal, nothing, or a line for every tenth of it."""
    console, labels = Console(file=err), arm_labels(lab, lang)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            tasks = {arm: bars.add_task(label, total=None) for arm, label in labels.items()}
            yield lambda arm, step, total: bars.update(tasks[arm], completed=step, total=total)
        return
    tenths: dict[str, int] = {}

    def tell(arm: str, step: int, total: int) -> None:
        if lines and total and step * 10 // total > tenths.get(arm, 0):
            tenths[arm] = step * 10 // total
            print(f"{labels.get(arm, arm)}  {step}/{total}", file=err, flush=True)

    yield tell


def arm_labels(lab: Lab, lang: Lang) -> dict[str, str]:
    return {arm: label[lang] for arm, label in lab.labels.items()}


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if math.isfinite(value) and value == int(value) and abs(value) >= 10:
        return f"{int(value):,}"
    return f"{value:.4g}"


_METRIC = Text("指标", "metric")
_STEPS = Text("步数", "steps")
_HOLDS: dict[bool | None, tuple[Text, str]] = {
    True: (Text("成立：", "holds: "), "green"),
    False: (Text("不成立：", "doesn't hold: "), "red"),
    None: (Text("无法判断：", "can't be judged: "), "yellow"),
}
_SPEED = Text("训练 {seconds} 秒，每秒 {rate} 个 {counted}", "{seconds} s of training, {rate} {counted}/s")
_SEEN = Text("看到的是：", "What is seen:")
_SECONDS = Text("训练 {seconds} 秒", "{seconds} s of training")
_BET = Text(
    "先选一个，再往下看：这个实验现在就在这台电脑上训练。",
    "Choose one before you read on: the lab is trained now, on this computer.",
)
_THINK = Text(
    "先自己想好，再往下看：这个实验现在就在这台电脑上训练。",
    "Settle on an answer before you read on: the lab is trained now, on this computer.",
)
_OUTCOME = Text("实际结果：", "What came true: ")
