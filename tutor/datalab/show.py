"""How a cleaning is shown: progress on a terminal, then a table, reasons with an example each, and what was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from tutor.data.cleaning.report import Example, Report, RuleReport
from tutor.data.dedup.minhash import Banding
from tutor.data.dedup.near import NearReport
from tutor.data.own_files.text import SHOWN
from tutor.plot.gate import clean as safe
from tutor.text import Lang, Text

EXCERPT = 60
"""Characters of an example."""


class Described(Protocol):
    """What rules and stages have in common."""

    id: str
    title: Text
    reasons: dict[str, Text]


@contextmanager
def progress_bar(size: int, lang: Lang, err: TextIO) -> Iterator[Callable[[int], None]]:
    """Give what is told how many of `size` bytes are read: a bar on a terminal; elsewhere nothing."""
    console = Console(file=err, highlight=False)
    if not console.is_terminal:
        yield lambda done: None
        return
    with progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(_READING[lang], total=size)

        def tell(done: int) -> None:
            text = _READING if done < size else _WRITING
            bar.update(task, completed=done, description=text[lang])

        yield tell


def show_list(rules: Sequence[Described], presets: Mapping[str, Banding], lang: Lang, out: TextIO) -> None:
    """Print the rules with what each looks for, and the presets of MinHash."""
    console = Console(file=out, highlight=False)
    for rule in rules:
        console.print(RichText(f"{rule.id:<18} {rule.title[lang]}", style="bold"), soft_wrap=True)
        for reason in rule.reasons.values():
            console.print(RichText(f"{'':<18} - {reason[lang]}"), soft_wrap=True)
    console.print()
    for name, banding in presets.items():
        text = _PRESET.format(
            source=banding.source,
            shingle=banding.shingle,
            bands=banding.bands,
            rows=banding.rows,
            threshold=f"{banding.threshold:.2f}",
        )
        console.print(RichText(f"{name:<18} {text[lang]}"), soft_wrap=True)


def show_result(report: Report, rules: Sequence[Described], lang: Lang, out: TextIO) -> None:
    """Print a row for each rule, then the reasons of those that did something."""
    console = Console(file=out, highlight=False)
    table = Table(title=RichText(_TITLE[lang]), title_justify="left", title_style="bold")
    table.add_column(_RULE[lang])
    for heading in (_IN, _REMOVED, _CHANGED, _CHARACTERS):
        table.add_column(heading[lang], justify="right", no_wrap=True)
    for entry, rule in zip(report.rules, rules, strict=True):
        cells = (entry.documents_in, entry.removed, entry.changed, entry.characters_out - entry.characters_in)
        shown = [RichText(f"{rule.title[lang]} ({rule.id})"), *(RichText(f"{cell:,}") for cell in cells)]
        table.add_row(*shown, style="" if entry.reasons else "dim")
    console.print(table)
    for entry, rule in zip(report.rules, rules, strict=True):
        _show_reasons(entry, rule, lang, console)
    before = report.rules[0].characters_in if report.rules else 0
    after = report.rules[-1].characters_out if report.rules else 0
    if report.rules:
        text = _TOTAL.format(
            documents_in=f"{report.documents_in:,}",
            documents_out=f"{report.documents_out:,}",
            before=f"{before:,}",
            after=f"{after:,}",
        )
        console.print(RichText(text[lang]), soft_wrap=True)


def _show_reasons(entry: RuleReport, rule: Described, lang: Lang, console: Console) -> None:
    for key, reason in sorted(entry.reasons.items(), key=lambda item: -item[1].documents):
        said = _REASON.format(
            rule=rule.id,
            reason=rule.reasons[key],
            documents=f"{reason.documents:,}",
            times=f"{reason.applied:,}",
        )
        console.print(RichText(said[lang]), soft_wrap=True)
        if reason.examples:
            console.print(RichText("    " + _example(reason.examples[0], lang), style="dim"), soft_wrap=True)


def _example(example: Example, lang: Lang) -> str:
    before = _excerpt(example.before)
    if example.after is None:
        return _REMOVED_EXAMPLE.format(name=_name(example.name), before=before)[lang]
    if not example.after:
        return _CUT_EXAMPLE.format(name=_name(example.name), before=before)[lang]
    return _CHANGED_EXAMPLE.format(name=_name(example.name), before=before, after=_excerpt(example.after))[
        lang
    ]


def _name(name: str | Path) -> str:
    """Return a name on one line: a file's may hold line feeds."""
    return safe(str(name)).replace("\n", " ")


def _excerpt(text: str) -> str:
    line = " ".join(safe(text).split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def show_duplicates(report: NearReport, lang: Lang, out: TextIO) -> None:
    """Print which document was like which, and how large the clusters are."""
    for one in report.duplicates[:SHOWN]:
        text = _LIKE.format(
            name=_name(one.name), original=_name(one.original), similarity=f"{one.similarity:.2f}"
        )
        print("  " + text[lang], file=out)
    if report.removed > SHOWN:
        print(_MORE.format(count=report.removed - SHOWN)[lang], file=out)
    if report.cluster_sizes:
        sizes = list(report.cluster_sizes.items())
        told = ", ".join(f"{size} × {count}" for size, count in sizes[-SHOWN:])
        text = _CLUSTERS.format(count=f"{sum(report.cluster_sizes.values()):,}", sizes=told)
        print("  " + text[lang], file=out)


_READING = Text("正在清洗", "cleaning")
_WRITING = Text("正在收尾", "finishing")
_PRESET = Text(
    "{source}：每 {shingle} 个词或汉字一组，{bands} 段 × {rows} 行，阈值约 {threshold}",
    "{source}: runs of {shingle} words or Chinese characters, {bands} bands of {rows} rows, threshold about {threshold}",
)
_TITLE = Text("每条规则做了什么", "What each rule did")
_RULE = Text("规则", "rule")
_IN = Text("读入", "in")
_REMOVED = Text("删除", "removed")
_CHANGED = Text("修改", "changed")
_CHARACTERS = Text("字符", "characters")
_TOTAL = Text(
    "共 {documents_in} 篇，留下 {documents_out} 篇；{before} 个字符，留下 {after} 个。",
    "Documents: {documents_in} in, {documents_out} left. Characters: {before} in, {after} left.",
)
_REASON = Text(
    "{rule}：{reason}，{documents} 篇，{times} 处", "{rule}: {reason}; documents: {documents}, times: {times}"
)
_REMOVED_EXAMPLE = Text("如 {name} 被删除：「{before}」", "such as {name}, removed: “{before}”")
_CUT_EXAMPLE = Text("如 {name} 去掉了：「{before}」", "such as in {name}, cut out: “{before}”")
_CHANGED_EXAMPLE = Text("如 {name}：「{before}」→「{after}」", "such as in {name}: “{before}” → “{after}”")
_LIKE = Text(
    "{name} 像 {original}，相似度约 {similarity}", "{name} is like {original}, similarity about {similarity}"
)
_CLUSTERS = Text(
    "相似的文档共 {count} 组（篇数 × 组数）：{sizes}",
    "clusters of documents that are alike: {count} (size × how many): {sizes}",
)
_MORE = Text("  另有 {count} 项", "  and {count} more")
