"""Says in words what was read, and what was not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tutor.data.own_files.read import BAD_LINES, ReadReport
from tutor.text import Text

SHOWN = 8
"""Files that are named one by one; the others are counted. All of them are in the JSON report."""


def told(report: ReadReport) -> list[Text]:
    """Lines: in which encodings how much was read, what could not be decoded or used in it, and what was left out and why."""
    encodings = Counter(read.encoding for read in report.files)
    names = [name if count == 1 else f"{name} × {count}" for name, count in encodings.most_common()]
    characters = sum(read.characters for read in report.files)
    records = sum(read.documents for read in report.files if read.records)
    text = _RECORDS if any(read.records for read in report.files) else _READ
    counts = {"characters": f"{characters:,}", "records": f"{records:,}"}
    first = text.format(files=f"{len(report.files):,}", encodings=", ".join(names) or "-", **counts)
    unmarked = sum(read.unmarked > 0 for read in report.files)
    if unmarked:
        note = _UNMARKED.format(count=f"{unmarked:,}")
        first = Text(first.zh + note.zh, first.en + note.en)
    lines = [first]
    broken = [read for read in report.files if read.replaced][:SHOWN]
    lines += [_REPLACED.format(path=_name(read.path), count=f"{read.replaced:,}") for read in broken]
    for read in [read for read in report.files if read.bad_lines][:SHOWN]:
        for key, (count, place) in read.bad_lines.items():
            why = BAD_LINES[key]
            lines.append(_BAD_LINES.format(path=_name(read.path), count=f"{count:,}", first=place, why=why))
    if report.skipped:
        lines.append(_SKIPPED.format(count=len(report.skipped)))
        lines += [_LINE.format(path=_name(one.path), why=one.why) for one in report.skipped[:SHOWN]]
    if len(report.skipped) > SHOWN:
        lines.append(_MORE.format(count=len(report.skipped) - SHOWN))
    return lines


def _name(path: Path) -> str:
    return str(path).replace("\n", " ")


_READ = Text(
    "读了 {files} 个文件，编码 {encodings}；{characters} 个字符。",
    "Files read: {files}, encoding: {encodings}; {characters} characters.",
)
_RECORDS = Text(
    "读了 {files} 个文件，编码 {encodings}；{records} 条记录，共 {characters} 个字符。",
    "Files read: {files}, encoding: {encodings}; {records} records, {characters} characters in all.",
)
_UNMARKED = Text(
    "其中 {count} 个文件里的网页标记已经去掉，没有算在内。",
    " Files whose web page markup was taken out, and isn't counted: {count}.",
)
_REPLACED = Text(
    "  「{path}」里有 {count} 个无法解码的字符（U+FFFD）。",
    "  “{path}” has {count} characters that could not be decoded (U+FFFD).",
)
_BAD_LINES = Text(
    "  「{path}」跳过了 {count} 条记录，最先跳过的是第 {first} 条：{why}。",
    "  “{path}”: records passed over: {count}; the first is number {first}: {why}.",
)
_SKIPPED = Text("没有读的有 {count} 项：", "Not read: {count}.")
_LINE = Text("  「{path}」：{why}。", "  “{path}”: {why}.")
_MORE = Text("  另有 {count} 项。", "  and {count} more.")
