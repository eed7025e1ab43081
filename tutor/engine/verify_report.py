"""How verification is shown: its progress, and its result as a table."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text as RichText

from tutor.content.claims_file import VerifiedLab, spoken_of
from tutor.content.models import Lab
from tutor.engine.report import arm_labels
from tutor.engine.verify_pool import Ended, Event, Task
from tutor.experiments.base import ExperimentSpec
from tutor.plot.cells import Run, row_text
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text


class Watcher(AbstractContextManager["Watcher"]):
    """Progress on a terminal as a bar for each lab, elsewhere as a line for each run.

    Args:
        tasks: All runs.
        lang: Language.
        err: Where to show it.
    """

    def __init__(self, tasks: Sequence[Task], lang: Lang, err: TextIO) -> None:
        self._lang: Lang = lang
        self._err = err
        self._shares: dict[Task, float] = {}
        self._done: dict[str, int] = {}
        self._seeds: dict[str, int] = {}
        for task in tasks:
            self._seeds[task.lab] = self._seeds.get(task.lab, 0) + 1
        console = Console(file=err, highlight=False)
        self._progress: Progress | None = None
        self._bars: dict[str, TaskID] = {}
        if console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[told]}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
            )
            self._progress = Progress(*columns, console=console, transient=True)
            for lab, count in self._seeds.items():
                told = f"0/{count}"
                self._bars[lab] = self._progress.add_task(lab, total=float(count), told=told, start=False)

    def __enter__(self) -> Watcher:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, event: Event) -> None:
        """Something happened."""
        task = event.task
        if not isinstance(event, Ended):
            self._shares[task] = event.share
            self._draw(task.lab)
            return
        self._shares[task] = 1.0
        done = self._done[task.lab] = self._done.get(task.lab, 0) + 1
        self._draw(task.lab)
        if isinstance(event.result, Text):
            self.say(_FAILED.format(lab=task.lab, seed=task.seed, why=event.result))
        elif self._progress is None:
            seconds, of = f"{event.result.seconds:.1f}", self._seeds[task.lab]
            self.say(_RAN.format(lab=task.lab, seed=task.seed, done=done, of=of, seconds=seconds))

    def say(self, text: Text) -> None:
        """A line of words."""
        if self._progress is not None:
            self._progress.console.print(RichText(text[self._lang]), soft_wrap=True)
        else:
            print(text[self._lang], file=self._err, flush=True)

    def _draw(self, lab: str) -> None:
        if self._progress is not None:
            bar = self._bars[lab]
            self._progress.start_task(bar)
            completed = sum(share for task, share in self._shares.items() if task.lab == lab)
            told = f"{self._done.get(lab, 0)}/{self._seeds[lab]}"
            self._progress.update(bar, completed=completed, told=told)


def show_verified(lab: Lab, spec: ExperimentSpec, found: VerifiedLab, lang: Lang, out: TextIO) -> None:
    """Means and spreads of the metrics that the lab draws or speaks of, its claims, and how long it took."""
    console = Console(file=out, highlight=False)
    labels = arm_labels(lab, lang)
    count = len(found.seeds)
    seeds = Text(f"{count} 个种子", "1 seed" if count == 1 else f"{count} seeds")
    heading = _HEADING.format(title=lab.title, lab=lab.id, seeds=seeds)
    table = Table(title=RichText(heading[lang]), title_justify="left", title_style="bold")
    table.add_column(_ARM[lang])
    arms = [arm for arm in labels if arm in found.arms]
    rows: list[list[RichText]] = [[RichText(labels[arm])] for arm in arms]
    spoken = spoken_of(lab)
    for metric in spec.metrics:
        cells = [_cell(found, arm, metric.id) for arm in arms]
        if metric.id in spoken and any(cells):
            name = RichText(f"{(metric.short or metric.label)[lang]} ({metric.id})")
            table.add_column(name, justify="right", min_width=max(map(len, cells)))
            for row, cell in zip(rows, cells, strict=True):
                row.append(RichText(cell, no_wrap=True))
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for claim, own in zip(found.claims, lab.claims, strict=True):
        mark, style = ("+", "green") if claim.stands else ("x", "red")
        lead = f"{mark} {claim.held}/{claim.of}  "
        # Rich would carry a Chinese sentence over to the next line as if it were one word.
        lines = wrap([Run(own.text[lang])], max(20, console.width - len(lead)))
        for i, line in enumerate([*map(row_text, lines), claim.expr]):
            begin = lead if i == 0 else " " * len(lead)
            console.print(RichText(begin + line, style="dim" if i == len(lines) else style), soft_wrap=True)
    mean, longest = f"{found.seconds.mean:.1f}", f"{found.seconds.max:.1f}"
    console.print(RichText(_SECONDS.format(mean=mean, max=longest)[lang]))


def _cell(found: VerifiedLab, arm: str, metric: str) -> str:
    moments = found.arms[arm].get(metric)
    if moments is None or moments.mean is None:
        return ""
    if moments.sd is None:
        return f"{moments.mean:.4g}"
    return f"{moments.mean:.4g} ± {moments.sd:.2g}"


_ARM = Text("组", "arm")
_HEADING = Text("{title}（{lab}），{seeds}", "{title} ({lab}), {seeds}")
_SECONDS = Text(
    "每次训练平均占用一个核 {mean} 秒，最长 {max} 秒",
    "{mean} s of training each on one core, on average; {max} s at most",
)
_RAN = Text(
    "{lab}：种子 {seed} 跑完，训练 {seconds} 秒（{done}/{of}）",
    "{lab}: seed {seed} done, {seconds} s of training ({done}/{of})",
)
_FAILED = Text("{lab}：种子 {seed} 失败：{why}", "{lab}: seed {seed} failed: {why}")
