"""Reads one YAML file into plain data, remembering where everything stands.

Stricter than YAML on purpose. Every scalar stays the string that was written (so ``NO`` is not False and
``3.10`` is not 3.1), duplicate keys are errors, and anchors, aliases, tags, several documents and deep
nesting are refused while the parser's events go by, before anything is built from them. Whatever bytes come
in, the result is data or problems, never an exception.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from tutor.content.problems import Problem, problem
from tutor.content.yaml_errors import explain
from tutor.text import UNSEEN, Text

MAX_BYTES = 2_000_000
"""A section in two languages has about a tenth of this."""
MAX_DEPTH = 40

Key: TypeAlias = tuple[str | int, ...]
"""Path to a node: mapping keys and list indices from the top."""
Mark: TypeAlias = tuple[int, int]
"""1-based line and column, the column in characters."""

_NO_FILE = Text("文件不存在", "no such file")
_NOT_REGULAR = Text("不是普通文件", "not a regular file")

# libyaml is ten times faster where it is built in
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """How a scalar stands in the file, for places inside of it."""

    style: str
    start: Mark
    end: Mark


@dataclass(slots=True)
class Source:
    """A file as read."""

    file: str
    """Path as shown to the author."""
    lines: list[str] = field(default_factory=lambda: [""])
    data: Any = None
    """dicts, lists and strings; None when the file couldn't be read to its end."""
    keys: dict[Key, Mark] = field(default_factory=dict)
    """Where the key of a mapping entry stands."""
    values: dict[Key, Mark] = field(default_factory=dict)
    """Where a value starts."""
    scalars: dict[Key, Scalar] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def report(self, code: str, mark: Mark, **values: object) -> None:
        self._counts[code] += 1
        if self._counts[code] <= MAX_SAME:
            self.problems.append(self.problem(code, mark, **values))

    def problem(self, code: str, mark: Mark, **values: object) -> Problem:
        """A problem at a place, which is moved into the file when it lies beyond its end."""
        line = min(max(mark[0], 1), len(self.lines))
        text = self.lines[line - 1]
        col = min(max(mark[1], 1), len(text) + 1) if line == mark[0] else len(text) + 1
        return problem(code, self.file, line, col, source=text, **values)

    def value_mark(self, key: Key) -> Mark:
        """Where the value at a path starts, or else the nearest thing around it that has a place."""
        for end in range(len(key), -1, -1):
            if mark := self.values.get(key[:end]):
                return mark
        return (1, 1)

    def key_mark(self, key: Key) -> Mark:
        """Where the key of an entry stands; for a list item where it starts."""
        for end in range(len(key), -1, -1):
            if mark := self.keys.get(key[:end]) or self.values.get(key[:end]):
                return mark
        return (1, 1)

    def inner_mark(self, key: Key, offset: int) -> Mark:
        """Where the character at ``offset`` of a scalar's text stands in the file.

        Exact for ``|`` blocks and for one-line scalars without escapes; otherwise the start of the scalar.
        """
        scalar = self.scalars.get(key)
        text = self._at(key)
        if scalar is None or not isinstance(text, str):
            return self.value_mark(key)
        line, col = scalar.start
        if scalar.style == "|":
            rows = text[:offset].split("\n")
            line += len(rows)
            row = text.split("\n")[len(rows) - 1]
            if line > len(self.lines) or not self.lines[line - 1].endswith(row):
                return scalar.start
            return line, len(self.lines[line - 1]) - len(row) + len(rows[-1]) + 1
        start = col - 1 + (scalar.style in ("'", '"'))
        if self.lines[line - 1].startswith(text, start) and scalar.end[0] == line:
            return line, start + offset + 1
        return scalar.start

    def _at(self, key: Key) -> Any:
        node = self.data
        for part in key:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node


MAX_SAME = 20
"""Problems of one kind reported from one file: a binary file would have millions."""

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_NO_UTF_8 = re.compile("[\udc80-\udcff]+")
"""What becomes of bytes that are not UTF-8."""


def read_source(path: Path, file: str) -> Source:
    """Read a file; one that can't be read is a problem of the result."""
    source = Source(file)
    try:
        if not path.is_file():  # a folder, a FIFO that would block for ever
            source.report("file.unreadable", (1, 1), reason=_NOT_REGULAR if path.exists() else _NO_FILE)
            return source
        with path.open("rb") as stream:
            return parse_bytes(stream.read(MAX_BYTES + 1), file, path.stat().st_size)
    except OSError as error:
        source.report("file.unreadable", (1, 1), reason=_reason(error))
        return source


def parse_bytes(raw: bytes, file: str, size: int = 0) -> Source:
    """Read the bytes of a file; `size`: How many it has, if there are more than `raw`."""
    source = Source(file)
    if len(raw) > MAX_BYTES:
        source.report("file.too_large", (1, 1), size=max(size, len(raw)), limit=MAX_BYTES)
        return source
    with_bom = raw.decode("utf-8", "surrogateescape")
    text = with_bom.removeprefix("\ufeff")
    source.lines = _LINE_BREAK.split(
        _NO_UTF_8.sub(lambda bad: "\N{REPLACEMENT CHARACTER}" * len(bad[0]), text)
    )
    starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def mark(found: re.Match[str]) -> Mark:
        line = bisect_right(starts, found.start())
        return line, found.start() - starts[line - 1] + 1

    if text != with_bom:
        source.report("file.bom", (1, 1))
    bad = list(islice(_NO_UTF_8.finditer(text), MAX_SAME))
    for found in bad:
        source.report("file.encoding", mark(found), byte=f"{ord(found[0][0]) - 0xDC00:02X}")
    if bad:
        return source
    hidden = list(islice(UNSEEN.finditer(text), MAX_SAME + 1))
    for found in hidden:
        source.report("file.control", mark(found), point=f"{ord(found[0][0]):04X}")
    if len(hidden) > MAX_SAME:
        return source
    if hidden:  # go on without them: what else is wrong should be told too
        text = UNSEEN.sub(lambda found: " " * len(found[0]), text)
    try:
        _build(source, text)
    except _TooDeep:
        source.data = None
    except yaml.YAMLError as error:
        source.data = None
        code, place, values = explain(error, source.lines)
        source.report(code, place, **values)
    return source


def _reason(error: OSError) -> Text:
    if isinstance(error, PermissionError):
        return Text("没有读取权限", "permission denied")
    detail = error.strerror or type(error).__name__
    return Text(f"系统报告「{detail}」", detail)


class _TooDeep(Exception):
    """Nested deeper than any course file needs, which has been told."""


def _build(source: Source, text: str) -> None:
    """Build the data while the parser's events go by; stops at the first node that is too deep."""
    events = yaml.parse(text, Loader=_Loader)
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                source.report("yaml.documents", _mark(event))
                break
            if event.version or event.tags:
                source.report("yaml.directive", (1, 1))
        elif isinstance(event, yaml.NodeEvent):
            source.data = _node(source, event, events, (), 1, keep=True)
    # data stays None for a file without any document


def _node(
    source: Source, event: Any, events: Iterator[Any], key: Key, depth: int, *, keep: bool
) -> dict[str, Any] | list[Any] | str:
    """One node with all below it.

    `keep`: Whether its places are remembered (not for the second of two duplicate keys).
    """
    mark = _mark(event)
    if keep:
        source.values[key] = mark
    if isinstance(event, yaml.AliasEvent):
        source.report("yaml.alias", mark, name=event.anchor)
        return ""
    if event.anchor:
        source.report("yaml.anchor", mark, name=event.anchor)
    if event.tag:
        source.report("yaml.tag", mark, name=event.tag)
    if isinstance(event, yaml.ScalarEvent):
        if event.style == '"' and (control := UNSEEN.search(event.value)):
            source.report("text.control", mark, point=f"{ord(control[0][0]):04X}")
        if keep:
            source.scalars[key] = Scalar(event.style or "", mark, _end(event))
        return str(event.value)
    if depth > MAX_DEPTH:
        source.report("yaml.depth", mark, limit=MAX_DEPTH)
        raise _TooDeep
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        for item in events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            items.append(_node(source, item, events, (*key, len(items)), depth + 1, keep=keep))
        return items
    return _mapping(source, events, key, depth, keep=keep)


def _mapping(source: Source, events: Iterator[Any], key: Key, depth: int, *, keep: bool) -> dict[str, Any]:
    result: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        mark = _mark(event)
        name = _node(source, event, events, (*key, ""), depth + 1, keep=False)
        quoted = getattr(event, "style", None) in ("'", '"')
        if not isinstance(name, str) or (name == "" and not quoted):
            if not isinstance(event, yaml.AliasEvent):  # that one has been told already
                source.report("yaml.key", mark)
            _node(source, next(events), events, key, depth + 1, keep=False)
        elif name in lines:
            source.report("yaml.duplicate_key", mark, name=name, first=lines[name])
            _node(source, next(events), events, key, depth + 1, keep=False)
        else:
            lines[name] = mark[0]
            path = (*key, name)
            if keep:
                source.keys[path] = mark
            result[name] = _node(source, next(events), events, path, depth + 1, keep=keep)
    return result


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end(event: Any) -> Mark:
    return event.end_mark.line + 1, event.end_mark.column + 1
