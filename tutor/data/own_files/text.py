"""The text of the learner's files and folders, to train on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tutor.data.own_files.find import Skipped
from tutor.data.own_files.read import Reader, ReadReport, between
from tutor.text import InputError, Text

LARGEST = 20_000_000
"""Bytes that an own text may have: what a lab of seconds can never read is not worth loading."""

NAMED = 3
"""Files that an error names with the reason why they were not read."""


def read_text(paths: Sequence[Path], encoding: str | None = None) -> tuple[str, ReadReport]:
    """All texts of files and folders, a blank line between two files; web pages and JSON records without the markup in them.

    Raises:
        InputError: A file that was named can't be used, there is no text in them, or more than `LARGEST` bytes of it.
    """
    from tutor.data.cleaning.html import Html  # loads the cleaning rule for web pages

    reader = Reader(paths, encoding)
    told = ", ".join(map(str, paths))
    _limit(sum(reader.sizes), told)
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
        _limit(size, told)
    skipped = reader.report.skipped
    for one in skipped:
        if one.path in paths and one.reason not in ("again", "hidden"):
            raise InputError(_REFUSED.format(path=one.path, why=one.why))
    text = "".join(parts)
    if not text.strip():
        raise InputError(_NOTHING.format(path=told, why=_why(skipped)))
    return text, reader.report


def _limit(size: int, told: str) -> None:
    if size > LARGEST:
        raise InputError(_TOO_BIG.format(path=told, size=f"{size / 1e6:.0f}", limit=LARGEST // 1_000_000))


def _why(skipped: list[Skipped]) -> Text:
    """The first few things that were left out, with the reasons."""
    told = [_LEFT_OUT.format(name=one.path.name, why=one.why) for one in skipped[:NAMED]]
    return Text("；".join(text.zh for text in told), "; ".join(text.en for text in told))


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
