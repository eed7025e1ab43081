"""Reads files as documents, one after the other, and keeps account."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tutor.data.cleaning.base import Document
from tutor.data.own_files.cut import documents
from tutor.data.own_files.encoding import SAMPLE, NotText, detect
from tutor.data.own_files.find import RECORD_SUFFIXES, Skipped, find, unreadable
from tutor.text import Text

LONGEST_LINE = 4 << 20
"""Bytes that a line of a JSONL file may have: cleaning takes up to fifty bytes of memory for each byte of a document."""

LONGEST_PAGE = 2 << 20
"""Characters of a web page that stay together: its markup makes sense as a whole only."""

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class FileDocument(Document):
    """A document, and where it stands in which file. What rules make of it stays one.

    Attributes:
        file: Number of its file, in the order of `Reader.files`.
        place: Its number among the documents of its file, or its line in a JSONL file, from 1.
        ending: What stood between it and the next document of its file: it was cut from there.
        fields: The other fields of its JSON record; None in a file of running text.
    """

    file: int = 0
    place: int = 0
    ending: str = ""
    fields: dict[str, Any] | None = None


@dataclass(slots=True)
class FileRead:
    """What was read of one file.

    Attributes:
        path: As found.
        encoding: By the name that Python knows it by.
        bytes: Read so far.
        documents: Found so far.
        replaced: Characters U+FFFD, which stand for bytes that are not in the encoding.
        bad_lines: Lines of a JSONL file that hold no document: key of `BAD_LINES` to how many, and the number of the first.
    """

    path: Path
    encoding: str
    bytes: int = 0
    documents: int = 0
    replaced: int = 0
    bad_lines: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class ReadReport:
    """What was read, and what was not."""

    files: list[FileRead] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Numbers, strings, lists and dicts only."""
        return {
            "files": [
                {
                    "path": str(read.path),
                    "encoding": read.encoding,
                    "bytes": read.bytes,
                    "documents": read.documents,
                    "replaced": read.replaced,
                    "bad_lines": {
                        key: {"lines": count, "first": first}
                        for key, (count, first) in read.bad_lines.items()
                    },
                }
                for read in self.files
            ],
            "skipped": [
                {"path": str(skipped.path), "reason": skipped.reason, "detail": skipped.detail}
                for skipped in self.skipped
            ],
        }


class Reader:
    """The documents of files and folders. Iterating reads them, once.

    Attributes:
        files: What will be read, in order; found at once, without opening any.
        sizes: Their sizes in bytes.
        report: What has been read so far.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """Find the files.

        Raises:
            CorpusError: A path that was named does not exist.
        """
        self.report = ReadReport()
        self.files = find(paths, self.report.skipped)
        self.sizes = [_size(path) for path in self.files]
        self.on_progress: Callable[[int], None] = lambda done: None
        """Called now and then with the bytes of all files that are done."""

    def __iter__(self) -> Iterator[FileDocument]:
        """Read one file after the other; what can't be read is entered in the report."""
        done = 0
        for number, path in enumerate(self.files):
            self._done = done
            try:
                with _open(path) as file:
                    yield from self._documents(file, number, path)
            except NotText as error:
                self.report.skipped.append(Skipped(path, error.reason))
            except OSError as error:
                self.report.skipped.append(unreadable(path, error))
            done += self.sizes[number]
            self.on_progress(done)

    def _documents(self, file: BinaryIO, number: int, path: Path) -> Iterator[FileDocument]:
        sample = file.read(SAMPLE)
        if not sample:
            raise NotText("empty")
        read = FileRead(path, detect(sample))
        self.report.files.append(read)
        file.seek(0)
        records = path.suffix.lower() in RECORD_SUFFIXES
        for document in (self._records if records else self._text)(file, number, read):
            read.documents += 1
            yield document
        if not read.documents:
            self.report.skipped.append(Skipped(path, "blank"))

    def _text(self, file: BinaryIO, number: int, read: FileRead) -> Iterator[FileDocument]:
        page = read.path.suffix.lower() in (".html", ".htm")
        cut = (
            documents(self._blocks(file, read), LONGEST_PAGE) if page else documents(self._blocks(file, read))
        )
        for place, (text, ending) in enumerate(cut, 1):
            if text.strip():
                yield FileDocument(text, f"{read.path}#{place}", file=number, place=place, ending=ending)

    def _blocks(self, file: BinaryIO, read: FileRead) -> Iterator[str]:
        # One with a decoder that ends lines with "\n", whatever ends them in the file.
        text = io.TextIOWrapper(file, encoding=read.encoding, errors="replace")
        try:
            while block := text.read(_BLOCK):
                read.replaced += block.count("\ufffd")
                self._advance(read, file.tell())
                yield block
        finally:
            if not file.closed:  # by who opened it, when what read these blocks was stopped
                text.detach()

    def _records(self, file: BinaryIO, number: int, read: FileRead) -> Iterator[FileDocument]:
        if read.encoding.startswith("utf-16") or read.encoding.startswith("utf-32"):
            raise NotText(
                "encoding"
            )  # a line end is not one byte there; JSON lines are UTF-8 by their definition
        line_number = 0
        while line := file.readline(LONGEST_LINE + 1):
            line_number += 1
            self._advance(read, file.tell())
            if len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_LINE)
                _bad_line(read, "long_line", line_number)
                continue
            if not line.strip():
                continue
            decoded = line.decode(
                read.encoding if line_number == 1 else read.encoding.removesuffix("-sig"), "replace"
            )
            read.replaced += decoded.count("\ufffd")
            record = _record(decoded)
            if isinstance(record, str):
                _bad_line(read, record, line_number)
                continue
            text, language = record.pop("text"), record.get("language")
            yield FileDocument(
                text,
                f"{read.path}#{line_number}",
                language if language in ("zh", "en") else None,
                file=number,
                place=line_number,
                fields=record,
            )

    def _advance(self, read: FileRead, place: int) -> None:
        read.bytes = place
        self.on_progress(self._done + place)


def between(before: FileDocument | None, document: FileDocument) -> str:
    """What stands between two documents of a text: what stood there, when they were neighbours in a file, else a blank line."""
    if before is None:
        return ""
    neighbours = (
        before.file == document.file and before.place + 1 == document.place and document.fields is None
    )
    return before.ending if neighbours else "\n\n"


def _record(line: str) -> dict[str, Any] | str:
    """The record of a line with a text in it, or the key of `BAD_LINES` that says why it is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):  # ValueError also for an integer of too many digits
        return "bad_json"
    text = record.get("text") if isinstance(record, dict) else None
    return record if isinstance(text, str) and text.strip() else "no_text"


def _bad_line(read: FileRead, reason: str, line: int) -> None:
    count, first = read.bad_lines.get(reason, (0, line))
    read.bad_lines[reason] = (count + 1, first)


def _open(path: Path) -> BinaryIO:
    # Without waiting: a pipe may have taken the file's place since it was found.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotText("not_a_file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


BAD_LINES: dict[str, Text] = {
    "bad_json": Text("不是合法的 JSON", "not valid JSON"),
    "no_text": Text("没有非空的字符串字段 text", "no field “text” with a string in it"),
    "long_line": Text(f"超过 {LONGEST_LINE >> 20} MiB", f"longer than {LONGEST_LINE >> 20} MiB"),
}
"""Why a line of a JSONL file is no document."""
