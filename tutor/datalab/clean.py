"""``llm-tutor clean``: the learner's own files through the cleaning rules and the de-duplication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TextIO, cast

from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from tutor.data.cleaning.base import Described, Document, Stage
from tutor.data.cleaning.pipeline import Example, Pipeline, Report
from tutor.data.cleaning.rules import make_rules
from tutor.data.dedup.exact import ExactDuplicates
from tutor.data.dedup.minhash import PRESETS
from tutor.data.dedup.near import NearDuplicates, NearReport
from tutor.data.own_files import FileDocument, Reader, ReadReport
from tutor.data.own_files.text import SHOWN, told
from tutor.datalab.interrupts import as_exceptions, check
from tutor.datalab.output import (
    Written,
    json_text,
    new_file,
    plan,
    refuse_overwriting,
    require_writable,
    write,
)
from tutor.datalab.work import apply_rules, jobs_for
from tutor.plot.gate import clean as safe
from tutor.text import InputError, Lang, Text

Dedup = Literal["minhash", "exact", "paragraph", "line", "none"]
"""Ways to find duplicates: nearly equal documents; equal documents, paragraphs or lines."""

EXCERPT = 60
"""Characters of an example that is shown."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was asked for.

    Attributes:
        rules: Ids in the order to apply; None: all.
        preset: Key of `PRESETS`, for ``minhash``.
        output: Folder for the cleaned files; None: only tell.
        report: File for the account as JSON.
        jobs: Processes; None: one a core for large input, else one.
        force: Write over files that are there, except inputs.
        encoding: Of all files; None: each one's is found out.
    """

    paths: Sequence[Path]
    rules: Sequence[str] | None = None
    dedup: Dedup = "minhash"
    preset: str = "fineweb"
    output: Path | None = None
    report: Path | None = None
    jobs: int | None = None
    force: bool = False
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; the account of what was read is in `reader`, that of the de-duplication in `stage`."""

    reader: Reader
    report: Report
    stage: Stage | None
    written: list[Written]

    def as_json(self) -> dict[str, Any]:
        near = asdict(self.stage.report) if isinstance(self.stage, NearDuplicates) else None
        return {
            "reading": self.reader.report.as_json(),
            **self.report.as_json(),
            "near_duplicates": near,
            "written": [asdict(w) | {"source": str(w.source), "target": str(w.target)} for w in self.written],
        }


def clean_command(asked: Cleaning, *, lang: Lang, out: TextIO, err: TextIO) -> int:
    """Clean files and print what was done to `out`, with progress on `err` when that is a terminal; return 0.

    Raises:
        InputError: There is nothing to read, no such path or rule, or something would be written over.
        Stopped: By Ctrl+C, a terminal that hangs up, or a request to end; nothing unfinished is left.
    """
    reader = Reader(asked.paths, asked.encoding)
    if not reader.files:
        raise _nothing(reader.report)
    with as_exceptions():
        with _followed(reader, lang, err):
            result = clean(asked, reader)
        if not any(read.documents for read in reader.report.files):
            raise _nothing(reader.report)
        if asked.report is not None:
            with new_file(asked.report, force=asked.force) as file:
                file.write(json_text(result.as_json(), indent=1))
    _show_report(result.report, [*make_rules(asked.rules), *filter(None, [result.stage])], lang, out)
    _tell(result, asked, lang, out)
    return 0


def clean(asked: Cleaning, reader: Reader) -> Result:
    """Clean what a reader finds.

    Raises:
        InputError: Something would be written over, a process died, or there is no such rule.
    """
    rules = make_rules(asked.rules)
    html = any(rule.id == "html" for rule in rules)
    targets: list[Path] = []
    if asked.output is not None:
        targets = plan(reader.files, asked.paths, asked.output, pages_as_text=html)
    outputs = [*targets, *filter(None, [asked.report])]
    refuse_overwriting(outputs, [*reader.files, *asked.paths], force=asked.force)
    for folder in filter(None, [asked.output, asked.report and asked.report.parent]):
        require_writable(folder)
    report = Pipeline(rules).new_report()
    stage = _stage(asked)
    written: list[Written] = []
    jobs = jobs_for(sum(reader.sizes), asked.jobs)
    # Closed even when writing fails: the worker processes end with the stream.
    with closing(cast(Any, apply_rules(reader, asked.rules, report, jobs))) as cleaned:
        kept: Iterator[Document] = cleaned
        if stage is not None:
            following = Pipeline([stage])
            account = following.new_report()
            kept = following.stream(kept, account)
            report = Report([*report.rules, *account.rules])
        if targets:
            own = cast(Iterable[FileDocument], kept)  # rules change the text of a document, never its kind
            written += write(own, reader.files, targets, force=asked.force)
        else:
            for _ in kept:
                pass
    return Result(reader, report, stage, written)


def _stage(asked: Cleaning) -> Stage | None:
    if asked.dedup == "none":
        return None
    if asked.dedup == "minhash":
        return NearDuplicates(PRESETS[asked.preset], whole_clusters=True, hold_in=asked.output)
    return ExactDuplicates("document" if asked.dedup == "exact" else asked.dedup)


def _tell(result: Result, asked: Cleaning, lang: Lang, out: TextIO) -> None:
    if isinstance(result.stage, NearDuplicates):
        _show_duplicates(result.stage.report, lang, out)
    for line in told(result.reader.report):
        print(safe(line[lang]), file=out)
    if asked.output is None:
        print(_NOT_WRITTEN[lang], file=out)
    else:
        documents = sum(written.documents for written in result.written)
        text = _WRITTEN.format(files=len(result.written), documents=documents, folder=asked.output)
        print(text[lang], file=out)


def _nothing(report: ReadReport) -> InputError:
    lines = told(report)[1:]
    skipped = Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))
    return InputError(_NOTHING.format(skipped=skipped))


@contextmanager
def _followed(reader: Reader, lang: Lang, err: TextIO) -> Iterator[None]:
    """Heed signals while a reader reads, and show how far it is: a bar on a terminal; elsewhere nothing."""
    console = Console(file=err, highlight=False)
    size = sum(reader.sizes)
    with progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(_READING[lang], total=size)

        def tell(done: int) -> None:
            check()
            text = _READING if done < size else _WRITING
            bar.update(task, completed=done, description=text[lang])

        reader.on_progress = tell
        yield


def list_command(lang: Lang, out: TextIO) -> int:
    """Print the rules with what each looks for, and the presets of MinHash; return 0."""
    console = Console(file=out, highlight=False)
    for rule in make_rules():
        _say(console, f"{rule.id:<18} {rule.title[lang]}", "bold")
        for reason in rule.reasons.values():
            _say(console, f"{'':<18} - {reason[lang]}")
    console.print()
    for name, banding in PRESETS.items():
        text = _PRESET.format(source=banding.source, banding=banding)
        _say(console, f"{name:<18} {text[lang]}")
    return 0


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(RichText(line, style), soft_wrap=True)


def _show_report(report: Report, rules: Sequence[Described], lang: Lang, out: TextIO) -> None:
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
        for key, found in sorted(entry.reasons.items(), key=lambda item: -item[1].documents):
            text = _REASON.format(rule=rule.id, reason=rule.reasons[key], found=found)
            _say(console, text[lang])
            for example in found.examples[:1]:
                _say(console, "    " + _example(example, lang), "dim")
    if report.rules:
        _say(console, _TOTAL.format(report=report, first=report.rules[0], last=report.rules[-1])[lang])


def _example(example: Example, lang: Lang) -> str:
    text = _CHANGED_EXAMPLE if example.after else _REMOVED_EXAMPLE if example.after is None else _CUT_EXAMPLE
    before, after = _excerpt(example.before), _excerpt(example.after or "")
    return text.format(name=_name(example.name), before=before, after=after)[lang]


def _name(name: str) -> str:
    """Return a name on one line: a file's may hold line feeds."""
    return safe(name).replace("\n", " ")


def _excerpt(text: str) -> str:
    line = " ".join(safe(text).split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def _show_duplicates(report: NearReport, lang: Lang, out: TextIO) -> None:
    """Print which document was like which, and how large the clusters are."""
    for one in report.duplicates[:SHOWN]:
        text = _LIKE.format(name=_name(one.name), original=_name(one.original), similarity=one.similarity)
        print("  " + text[lang], file=out)
    if report.removed > SHOWN:
        print(_MORE.format(count=report.removed - SHOWN)[lang], file=out)
    if report.cluster_sizes:
        sizes = ", ".join(f"{size} × {count}" for size, count in [*report.cluster_sizes.items()][-SHOWN:])
        text = _CLUSTERS.format(count=sum(report.cluster_sizes.values()), sizes=sizes)
        print("  " + text[lang], file=out)


_NOTHING = Text("没有可清洗的文字。{skipped}", "There is no text to clean. {skipped}")
_NOT_WRITTEN = Text(
    "没有写文件。加上 -o 文件夹，就把清洗后的文本写进去。",
    "Nothing was written. Add -o DIR to write the cleaned text there.",
)
_WRITTEN = Text(
    "已写出 {files} 个文件，共 {documents} 篇，在「{folder}」。",
    "Written: {files} {files:file|files} with {documents} {documents:document|documents}, in “{folder}”.",
)
_READING = Text("正在清洗", "cleaning")
_WRITING = Text("正在收尾", "finishing")
_PRESET = Text(
    "{source}：每 {banding.shingle} 个词或汉字一组，{banding.bands} 段 × {banding.rows} 行，阈值约 {banding.threshold:.2f}",
    "{source}: runs of {banding.shingle} words or Chinese characters, {banding.bands} bands of {banding.rows} rows, "
    "threshold about {banding.threshold:.2f}",
)
_TITLE = Text("每条规则做了什么", "What each rule did")
_RULE = Text("规则", "rule")
_IN = Text("读入", "in")
_REMOVED = Text("删除", "removed")
_CHANGED = Text("修改", "changed")
_CHARACTERS = Text("字符", "characters")
_TOTAL = Text(
    "共 {report.documents_in:,} 篇，留下 {report.documents_out:,} 篇；{first.characters_in:,} 个字符，留下 {last.characters_out:,} 个。",
    "Documents: {report.documents_in:,} in, {report.documents_out:,} left. "
    "Characters: {first.characters_in:,} in, {last.characters_out:,} left.",
)
_REASON = Text(
    "{rule}：{reason}，{found.documents:,} 篇，{found.applied:,} 处",
    "{rule}: {reason}; documents: {found.documents:,}, times: {found.applied:,}",
)
_REMOVED_EXAMPLE = Text("如 {name} 被删除：「{before}」", "such as {name}, removed: “{before}”")
_CUT_EXAMPLE = Text("如 {name} 去掉了：「{before}」", "such as in {name}, cut out: “{before}”")
_CHANGED_EXAMPLE = Text("如 {name}：「{before}」→「{after}」", "such as in {name}: “{before}” → “{after}”")
_LIKE = Text(
    "{name} 像 {original}，相似度约 {similarity:.2f}",
    "{name} is like {original}, similarity about {similarity:.2f}",
)
_CLUSTERS = Text(
    "相似的文档共 {count:,} 组（篇数 × 组数）：{sizes}",
    "clusters of documents that are alike: {count:,} (size × how many): {sizes}",
)
_MORE = Text("  另有 {count} 项", "  and {count} more")
