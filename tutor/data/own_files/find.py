"""Finds the files to read in what the learner named, and says of everything else why it is left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.files import in_words, saying
from tutor.text import InputError, Text

TEXT_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm"))
"""Files of running text; others in a folder are left out."""

RECORD_SUFFIXES = frozenset((".jsonl", ".ndjson", ".json"))
"""Files of JSON records: one a line; in ``.json`` also a list of them, or a single one."""

UNPACKED, RATIO = 64 << 20, 100
"""A gzip file may hold so many bytes, or so many times its own size: text is packed to a third, seldom to a twentieth."""


def suffix_of(path: Path) -> str:
    """The suffix that tells what is in a file, packed by gzip or not: ``.jsonl`` of ``a.jsonl.gz``."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that was not read.

    Attributes:
        reason: Key of `REASONS`.
        detail: What the system said of it, or the name of its format, if anything.
    """

    path: Path
    reason: str
    detail: str = ""

    @property
    def why(self) -> Text:
        text, detail = REASONS[self.reason], in_words(self.detail)
        return Text(f"{text.zh}（{detail.zh}）", f"{text.en} ({detail.en})") if self.detail else text


def find(paths: Sequence[Path], skipped: list[Skipped]) -> list[Path]:
    """The files to read, folders with all that is in them, each file once, in the order named and in folders by name.

    Symbolic links are followed, but no folder is entered twice, so a link to a folder above ends there. What begins with a dot is left
    out in folders. Nothing is opened: a pipe would wait for its writer.

    `skipped`: What is left out is added here.

    Raises:
        InputError: A path that was named does not exist.
    """
    seen: set[tuple[int, int]] = set()
    found: list[Path] = []
    for path in paths:
        try:
            path.stat()
        except FileNotFoundError as error:
            raise InputError(MISSING.format(path=path)) from error
        except (OSError, ValueError):
            pass  # told below, like every path that can't be read
        found.extend(_below(path, seen, skipped))
    return found


def _below(path: Path, seen: set[tuple[int, int]], skipped: list[Skipped]) -> Iterator[Path]:
    waiting = [(path, True)]  # a stack of our own: folders may be nested deeper than Python's goes
    while waiting:
        path, named = waiting.pop()
        try:
            status = path.stat()
            identity = (status.st_dev, status.st_ino)
            if stat.S_ISDIR(status.st_mode):
                if identity in seen:
                    skipped.append(Skipped(path, "again"))
                    continue
                seen.add(identity)
                inside = sorted(path.iterdir(), reverse=True)
                hidden = sum(child.name.startswith(".") for child in inside)
                if hidden:
                    skipped.append(Skipped(path, "hidden", str(hidden)))
                waiting += [(child, False) for child in inside if not child.name.startswith(".")]
                if not inside:
                    skipped.append(Skipped(path, "empty_folder"))
                continue
        except (OSError, ValueError) as error:  # ValueError: a name with a null character
            skipped.append(unreadable(path, error))
            continue
        reason = _left_out(path, status, named)
        if reason is None and identity in seen:
            reason = "again"
        if reason is not None:
            skipped.append(Skipped(path, reason))
            continue
        seen.add(identity)
        yield path


def unreadable(path: Path, error: OSError | ValueError) -> Skipped:
    """What is said of a path that the system refuses to read."""
    return Skipped(path, "unreadable", saying(error))


def _left_out(path: Path, status: os.stat_result, named: bool) -> str | None:
    if not stat.S_ISREG(status.st_mode):
        return "not_a_file"
    if status.st_size == 0:
        return "empty"
    suffix = suffix_of(path)
    if suffix in (".csv", ".tsv"):
        return "table"
    return None if named or suffix in TEXT_SUFFIXES or suffix in RECORD_SUFFIXES else "other_kind"


MISSING = Text(
    "找不到「{path}」。请检查路径是否写对。", "There is no file or folder “{path}”. Please check the path."
)

REASONS: dict[str, Text] = {
    "again": Text("已经读过（链接或重复给出）", "already read, by a link or named twice"),
    "hidden": Text("以点开头的隐藏项", "hidden, beginning with a dot"),
    "empty_folder": Text("文件夹是空的", "folder with nothing in it"),
    "empty": Text("文件是空的", "file with nothing in it"),
    "blank": Text("没有可用的文字", "nothing in it that can be used as text"),
    "not_a_file": Text("不是普通文件（管道、套接字或设备）", "not a regular file: a pipe, socket or device"),
    "table": Text(
        "表格不是连续的文本，请转换成带 text 字段的 .jsonl",
        "a table, not running text: convert it to .jsonl with a field “text”",
    ),
    "other_kind": Text(
        "后缀不像文本、网页或 JSON 记录；如果其实是文本，请单独给出这个文件",
        "not a suffix of text, web pages or JSON records; if it is text all the same, name the file itself",
    ),
    "unreadable": Text("读不了", "can't be read"),
    "binary": Text("二进制文件，不是文本", "binary, not text"),
    "data": Text(
        "数据文件，不是文本，请导出成带 text 字段的 .jsonl",
        "a data file, not text: please export it as .jsonl with a field “text”",
    ),
    "document": Text(
        "排版文档，请先另存为 .txt 纯文本",
        "a formatted document: please save it as plain text, .txt, first",
    ),
    "compressed": Text("压缩文件，请先解压", "compressed: please unpack it first"),
    "damaged": Text(
        "gzip 文件不完整或已损坏，请重新下载或重新压缩",
        "a gzip file that is cut off or damaged: please get or pack it anew",
    ),
    "bomb": Text(
        f"解压后超过 {UNPACKED >> 20} MiB，而且是压缩时的 {RATIO} 倍以上，不像文本",
        f"it unpacks to more than {UNPACKED >> 20} MiB and over {RATIO} times its own size, as no text does",
    ),
    "json": Text(
        "不是可用的 JSON：应是一行一条记录，或一个记录列表，文字放在 text 字段里",
        "not JSON that can be used: one record a line or a list of records, with the text in a field “text”",
    ),
    "json_size": Text(
        "JSON 太大，不能一次读入，请改成一行一条记录（.jsonl）",
        "too much JSON to read at once: please write one record a line (.jsonl)",
    ),
    "encoding": Text(
        "认不出文字编码，请在文件名后面用 --encoding 指明，例如 --encoding gb18030",
        "its character encoding can't be told: please name it after the file, such as --encoding gb18030",
    ),
}
"""Why a file or folder is not read, or not to its end."""
