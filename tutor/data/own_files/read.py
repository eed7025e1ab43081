"""Reads files as documents, one after the other, cuts what is long, and keeps account."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from tutor.data.cleaning.base import Document
from tutor.data.own_files.encoding import SAMPLE, NotText, codec, detect
from tutor.data.own_files.find import RATIO, UNPACKED, Skipped, find, suffix_of, unreadable
from tutor.text import InputError, Text

LONGEST = 100_000
"""Characters that a document may have. A text of no more stays whole."""

SHORTEST = 4_000
"""Characters after which a longer text is cut at the next blank line."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")

LONGEST_LINE = 4 << 20
"""Characters that a line of a JSONL file may have: cleaning takes some 70 bytes of memory for each one of an English document
and 130 of a Chinese one, most of them for the n-grams that are counted."""

LONGEST_JSON = 16 << 20
"""Characters of JSON that is read as a whole."""

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
        fields: The other fields of its JSON record; None for running text.
    """

    file: int = 0
    place: int = 0
    ending: str = ""
    fields: dict[str, Any] | None = None


@dataclass(slots=True)
class FileRead:
    """What was read of one file.

    Attributes:
        bytes: Read so far, packed as they are.
        characters: In those; once markup was taken out, what is left.
        unmarked: Documents that markup was taken out of.
        replaced: Characters U+FFFD, which stand for bytes that are not in the encoding.
        bad_lines: Lines of a JSONL file that hold no document: key of `BAD_LINES` to how many, and the number of the first.
    """

    path: Path
    encoding: str
    records: bool = False
    page: bool = False
    bytes: int = 0
    documents: int = 0
    characters: int = 0
    unmarked: int = 0
    replaced: int = 0
    bad_lines: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class ReadReport:
    """What was read, and what was not."""

    files: list[FileRead] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Numbers, strings, lists and dicts only."""
        files = []
        for read in self.files:
            names = ("encoding", "records", "bytes", "documents", "characters", "replaced")
            bad = {key: {"lines": count, "first": first} for key, (count, first) in read.bad_lines.items()}
            plain = {name: getattr(read, name) for name in names}
            files.append({"path": str(read.path), **plain, "bad_lines": bad})
        left_out = [{"path": str(s.path), "reason": s.reason, "detail": s.detail} for s in self.skipped]
        return {"files": files, "skipped": left_out}


class Reader:
    """The documents of files and folders. Iterating reads them, once.

    Attributes:
        files: What will be read, in order; found at once, without opening any.
        report: What has been read so far.
    """

    def __init__(self, paths: Sequence[Path], encoding: str | None = None) -> None:
        """Find the files. `encoding` is that of all of them; None: each one's is found out.

        Raises:
            InputError: A path that was named does not exist, or the encoding doesn't.
        """
        self.encoding = None if encoding is None else codec(encoding)
        if encoding is not None and self.encoding is None:
            raise InputError(_NO_ENCODING.format(encoding=encoding))
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
                self.report.skipped.append(Skipped(path, error.reason, error.detail))
            except (EOFError, gzip.BadGzipFile, zlib.error):
                self.report.skipped.append(Skipped(path, "damaged"))
            except OSError as error:
                self.report.skipped.append(unreadable(path, error))
            done += self.sizes[number]
            self.on_progress(done)

    def _documents(self, file: BinaryIO, number: int, path: Path) -> Iterator[FileDocument]:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
        sample = stream.read(SAMPLE)
        if not sample:
            raise NotText("empty")
        encoding = detect(sample, self.encoding)
        start = codecs.getincrementaldecoder(encoding)("replace").decode(sample).lstrip("\ufeff \t\r\n")
        while encoding == "utf-8" and sample.isascii() and stream.tell() < UNPACKED:
            if not (sample := stream.read(SAMPLE)):
                break
            encoding = detect(sample)  # plain English may go on for long
        stream.seek(0)
        shape = _shape(start, suffix_of(path))
        read = FileRead(path, encoding, records=shape in (_lines, _json), page=shape is _page)
        self.report.files.append(read)
        # One with a decoder that ends lines with "\n", whatever ends them in the file.
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace")
        try:
            for document in shape(self._told(text, file, stream, read), read, number):
                read.documents += 1
                read.characters += len(document.text)
                yield document
        finally:
            if not stream.closed:  # by who opened it, when what read this was stopped
                text.detach()
        if not read.documents:
            self.report.skipped.append(Skipped(path, "json" if read.records else "blank"))

    def _told(self, text: io.TextIOWrapper, file: BinaryIO, stream: BinaryIO, read: FileRead) -> Take:
        """What takes so many characters of a text, or a line of no more, and keeps account."""

        def take(most: int, *, line: bool = False) -> str:
            taken = text.readline(most) if line else text.read(most)
            read.replaced += taken.count("\ufffd")
            read.bytes = file.tell()
            self.on_progress(self._done + read.bytes)
            if stream is not file and stream.tell() > max(UNPACKED, RATIO * read.bytes):
                raise NotText("bomb")
            return taken

        return take


Take = Callable[..., str]
"""Takes no more than so many characters of a text, with ``line=True`` to the end of the line; "" at the end. See `Reader._told`."""

Shape = Callable[[Take, FileRead, int], Iterator[FileDocument]]
"""Reads the documents of one file, which has a number."""


def _shape(start: str, suffix: str) -> Shape:
    """How a file is to be read that begins so: JSON lines are known by their first line, whatever the file is called."""
    try:
        first = json.loads(start.partition("\n")[0]) if start.startswith("{") else None
    except (ValueError, RecursionError):
        first = None
    if suffix in (".jsonl", ".ndjson") or (
        isinstance(first, dict) and ("text" in first or suffix == ".json")
    ):
        return _lines
    if suffix == ".json":
        return _json
    if suffix in (".html", ".htm") or start[:20].lower().startswith(("<!doctype html", "<html")):
        return _page
    return _text


def _text(take: Take, read: FileRead, number: int, longest: int = LONGEST) -> Iterator[FileDocument]:
    for place, (text, ending) in enumerate(documents(iter(lambda: take(_BLOCK), ""), longest), 1):
        if text.strip():
            yield FileDocument(text, f"{read.path}#{place}", file=number, place=place, ending=ending)


def _page(take: Take, read: FileRead, number: int) -> Iterator[FileDocument]:
    return _text(take, read, number, LONGEST_PAGE)


def _lines(take: Take, read: FileRead, number: int) -> Iterator[FileDocument]:
    place = 0
    while line := take(LONGEST_LINE + 1, line=True):
        place += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith("\n"):
                line = take(LONGEST_LINE, line=True)
            _bad_line(read, "long_line", place)
        elif line.strip():
            try:
                record = json.loads(line.lstrip("\ufeff"))
            except (ValueError, RecursionError):  # ValueError also for an integer of too many digits
                _bad_line(read, "bad_json", place)
            else:
                yield from _record(record, read, number, place)


def _json(take: Take, read: FileRead, number: int) -> Iterator[FileDocument]:
    whole = take(LONGEST_JSON + 1)
    if len(whole) > LONGEST_JSON:
        raise NotText("json_size")
    try:
        found = json.loads(whole.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotText("json") from error
    for place, record in enumerate(found if isinstance(found, list) else [found], 1):
        yield from _record(record, read, number, place)


def _record(record: Any, read: FileRead, number: int, place: int) -> Iterator[FileDocument]:
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str) or not text.strip():
        _bad_line(read, "no_text", place)
        return
    fields = {key: value for key, value in record.items() if key != "text"}
    language = fields.get("language")
    known = language if language in ("zh", "en") else None
    yield FileDocument(text, f"{read.path}#{place}", known, file=number, place=place, fields=fields)


def documents(
    blocks: Iterable[str], longest: int = LONGEST, shortest: int = SHORTEST
) -> Iterator[tuple[str, str]]:
    """Cut a text.

    `blocks`: The text in pieces of any size; never more than one of them and one document are held.

    Yields:
        A document, and what stood between it and the next: a blank line, a line end, or nothing where a line had to be cut inside.
        All of them one after the other are the text.
    """
    held = ""
    cut = False
    for block in blocks:
        held += block
        start = 0
        while len(held) - start > longest:
            end, after = _place(held, start, longest, shortest)
            yield held[start:end], held[end:after]
            start, cut = after, True
        held = held[start:]
    start = 0
    while cut and (blank := _BLANK_LINE.search(held, start + shortest)):
        yield held[start : blank.start()], blank[0]
        start = blank.end()
    if start < len(held):
        yield held[start:], ""


def _place(text: str, start: int, longest: int, shortest: int) -> tuple[int, int]:
    """Where the document that begins at ``start`` ends and the next begins."""
    limit = start + longest
    blank = _BLANK_LINE.search(text, start + shortest, limit)
    if blank is not None:
        return blank.start(), blank.end()
    for sign in ("\n", "。", ". ", " "):
        place = text.rfind(sign, start + shortest, limit)
        if place >= 0:
            end = place if sign == "\n" else place + len(sign)
            return end, place + len(sign)
    return limit, limit


def between(before: FileDocument | None, document: FileDocument) -> str:
    """What stands between two documents of a text: what stood there, when they were neighbours in a file, else a blank line."""
    if before is None:
        return ""
    neighbours = (
        before.file == document.file and before.place + 1 == document.place and document.fields is None
    )
    return before.ending if neighbours else "\n\n"


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


_NO_ENCODING = Text(
    "没有名为「{encoding}」的文字编码。常见的有 utf-8、gb18030、big5、utf-16。",
    "There is no character encoding “{encoding}”. Common ones are utf-8, gb18030, big5 and utf-16.",
)

BAD_LINES: dict[str, Text] = {
    "bad_json": Text("不是合法的 JSON", "not valid JSON"),
    "no_text": Text("没有非空的字符串字段 text", "no field “text” with a string in it"),
    "long_line": Text(f"超过 {LONGEST_LINE >> 20} MiB", f"longer than {LONGEST_LINE >> 20} MiB"),
}
"""Why a line of a JSONL file is no document."""
