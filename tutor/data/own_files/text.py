"""The text of the learner's files and folders, to train on, and in words what was read of them and what not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tutor.data.own_files.read import BAD_LINES, Reader, ReadReport, between
from tutor.text import InputError, Text

LARGEST = 20_000_000
"""Bytes that an own text may have: what a lab of seconds can never read is not worth loading."""

NAMED = 3
"""Files that an error names with the reason why they were not read."""

SHOWN = 8
"""Files that are named one by one; the others are counted. All of them are in the JSON report."""


def read_text(paths: Sequence[Path], encoding: str | None = None) -> tuple[str, ReadReport]:
    """All texts of files and folders, a blank line between two files; web pages and JSON records without the markup in them.

    Raises:
        InputError: A file that was named can't be used, there is no text in them, or more than `LARGEST` bytes of it.
    """
    from tutor.data.cleaning.html import Html  # loads the cleaning rule for web pages

    reader = Reader(paths, encoding)
    named = ", ".join(map(str, paths))
    _limit(sum(reader.sizes), named)
    parts: list[str] = []
    size = 0
    before = None
    html = Html()
    for document in reader:
        read = reader.report.files[-1]
        kept = document.text
        if read.page or read.records:  # in a program or in Markdown, tags are part of what is written
            kept = html.apply(document).text or ""
            read.unmarked += kept != document.text
            read.characters += len(kept) - len(document.text)
        parts += [between(before, document), kept]
        before = document
        size += len(document.text.encode(read.encoding, "replace"))
        _limit(size, named)
    skipped = reader.report.skipped
    for one in skipped:
        if one.path in paths and one.reason not in ("again", "hidden"):
            raise InputError(_REFUSED.format(path=one.path, why=one.why))
    text = "".join(parts)
    if not text.strip():
        why = [_LEFT_OUT.format(name=one.path.name, why=one.why) for one in skipped[:NAMED]]
        reasons = Text("；".join(one.zh for one in why), "; ".join(one.en for one in why))
        raise InputError(_NOTHING.format(path=named, why=reasons))
    return text, reader.report


def _limit(size: int, named: str) -> None:
    if size > LARGEST:
        raise InputError(_TOO_BIG.format(path=named, size=f"{size / 1e6:.0f}", limit=LARGEST // 1_000_000))


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


_LEFT_OUT = Text("{name}：{why}", "{name}: {why}")
_REFUSED = Text("「{path}」用不了：{why}。", "“{path}” can't be used: {why}.")
_NOTHING = Text(
    "「{path}」里没有可读的文本（{why}）。可以读的是纯文本、网页，以及带 text 字段的 JSONL 或 JSON 记录，也可以用 gzip 压缩。",
    "There is no text to read in “{path}” ({why}). What can be read: plain text, HTML, and JSONL or JSON records with a field "
    "“text”, also as .gz.",
)
_TOO_BIG = Text(
    "「{path}」里有 {size} MB 文本，上限是 {limit} MB。几十秒的训练读不了这么多，请只留一部分。",
    "“{path}” holds {size} MB of text; the limit is {limit} MB. Training of some seconds can't read that much: "
    "please choose a part.",
)
_READ = Text(
    "读了 {files} 个文件，编码 {encodings}；{characters} 个字符。",
    "Files read: {files}, encoding: {encodings}; {characters} {characters:character|characters}.",
)
_RECORDS = Text(
    "读了 {files} 个文件，编码 {encodings}；{records} 条记录，共 {characters} 个字符。",
    "Files read: {files}, encoding: {encodings}; {records} {records:record|records}, {characters} {characters:character|characters} in all.",
)
_UNMARKED = Text(
    "其中 {count} 个文件里的网页标记已经去掉，没有算在内。",
    " Files whose web page markup was taken out, and isn't counted: {count}.",
)
_REPLACED = Text(
    "  「{path}」里有 {count} 个无法解码的字符（U+FFFD）。",
    "  “{path}” has {count} {count:character|characters} that could not be decoded (U+FFFD).",
)
_BAD_LINES = Text(
    "  「{path}」跳过了 {count} 条记录，最先跳过的是第 {first} 条：{why}。",
    "  “{path}”: records passed over: {count}; the first is number {first}: {why}.",
)
_SKIPPED = Text("没有读的有 {count} 项：", "Not read: {count}.")
_LINE = Text("  「{path}」：{why}。", "  “{path}”: {why}.")
_MORE = Text("  另有 {count} 项。", "  and {count} more.")
