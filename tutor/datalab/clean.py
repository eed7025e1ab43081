"""``llm-tutor clean``: the learner's own files through the cleaning rules and the de-duplication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TextIO, cast

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.base import Stage as CleaningStage
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.report import Report
from tutor.data.cleaning.rules import make_rules
from tutor.data.dedup.exact import ExactDuplicates
from tutor.data.dedup.minhash import PRESETS
from tutor.data.dedup.near import NearDuplicates
from tutor.data.own_files import FileDocument, Reader, ReadReport
from tutor.data.own_files.text import told
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
from tutor.datalab.show import progress_bar, show_duplicates, show_list, show_result
from tutor.datalab.work import apply_rules, jobs_for
from tutor.plot.gate import clean as safe
from tutor.text import InputError, Lang, Text

Dedup = Literal["minhash", "exact", "paragraph", "line", "none"]
"""Ways to find duplicates: nearly equal documents; equal documents, paragraphs or lines."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was asked for.

    Attributes:
        rules: Ids in the order to apply; None: all.
        dedup: How duplicates are found, after the rules.
        preset: Key of `PRESETS`, for ``minhash``.
        output: Folder for the cleaned files; None: only tell.
        report: File for the whole account as JSON.
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
    stage: CleaningStage | None
    written: list[Written]

    def as_json(self) -> dict[str, Any]:
        """Return numbers, strings, lists and dicts only."""
        near = asdict(self.stage.report) if isinstance(self.stage, NearDuplicates) else None
        return {
            "reading": self.reader.report.as_json(),
            **self.report.as_json(),
            "near_duplicates": near,
            "written": [
                {"source": str(w.source), "target": str(w.target), "documents": w.documents}
                for w in self.written
            ],
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
        with progress_bar(sum(reader.sizes), lang, err) as tell:

            def at(done: int) -> None:
                check()
                tell(done)

            reader.on_progress = at
            result = clean(asked, reader)
        if not any(read.documents for read in reader.report.files):
            raise _nothing(reader.report)
        if asked.report is not None:
            with new_file(asked.report, force=asked.force) as file:
                file.write(json_text(result.as_json(), indent=1))
    show_result(result.report, [*make_rules(asked.rules), *filter(None, [result.stage])], lang, out)
    _tell(result, asked, lang, out)
    return 0


def list_command(lang: Lang, out: TextIO) -> int:
    """Print the rules with their names, and the presets of the de-duplication; return 0."""
    show_list(make_rules(), PRESETS, lang, out)
    return 0


def clean(asked: Cleaning, reader: Reader) -> Result:
    """Clean what a reader finds.

    Raises:
        InputError: Something would be written over, a process died, or there is no such rule.
    """
    rules = make_rules(asked.rules)
    html = any(rule.id == "html" for rule in rules)
    targets = (
        [] if asked.output is None else plan(reader.files, asked.paths, asked.output, pages_as_text=html)
    )
    refuse_overwriting(
        [*targets, *filter(None, [asked.report])], [*reader.files, *asked.paths], force=asked.force
    )
    for folder in (asked.output, asked.report and asked.report.parent):
        if folder is not None:
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


def _stage(asked: Cleaning) -> CleaningStage | None:
    match asked.dedup:
        case "none":
            return None
        case "minhash":
            return NearDuplicates(PRESETS[asked.preset], whole_clusters=True, hold_in=asked.output)
        case "exact":
            return ExactDuplicates("document")
        case level:
            return ExactDuplicates(level)


def _tell(result: Result, asked: Cleaning, lang: Lang, out: TextIO) -> None:
    if isinstance(result.stage, NearDuplicates):
        show_duplicates(result.stage.report, lang, out)
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


_NOTHING = Text("没有可清洗的文字。{skipped}", "There is no text to clean. {skipped}")
_NOT_WRITTEN = Text(
    "没有写文件。加上 -o 文件夹，就把清洗后的文本写进去。",
    "Nothing was written. Add -o DIR to write the cleaned text there.",
)
_WRITTEN = Text(
    "已写出 {files} 个文件，共 {documents} 篇，在「{folder}」。",
    "Written: {files} files with {documents} documents, in “{folder}”.",
)
