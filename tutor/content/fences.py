"""The lines of picture blocks: ``tokens``, ``bars`` and ``flow``, and what can be wrong with one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from tutor.text import Text

PICTURES = ("tokens", "bars", "flow")
"""Kinds of fenced blocks that are drawn instead of printed."""

_ARROW = re.compile(r"\s->\s")
_TIGHT_ARROW = re.compile(r"->|→|=>|—>")
_INTENSITY = re.compile(r"\^([^\s^|]*)$")

_EMPTY_TOKEN = Text("有一个词元是空的", "a token is empty")
_LABELS = Text("「::」出现了两次", "“::” stands twice")
_NOT_SHARE = Text("「^」后面应是 0 到 1 的数", "a number from 0 to 1 should follow “^”")
_PARTS = Text("应是两栏或三栏，用 | 隔开", "there should be two or three parts between |")
_NO_LABEL = Text("缺名称", "the label is missing")
_NOT_NUMBER = Text("第二栏应是数", "the second part should be a number")
_ONE_BOX = Text("至少要有两个方框", "there should be at least two boxes")
_EMPTY_BOX = Text("有一个方框是空的", "a box is empty")


def lint_picture(kind: str, line: str) -> Iterator[tuple[int, Text]]:
    """What is wrong with one line of a picture block.

    Args:
        kind: One of `PICTURES`.
        line: A line that is not blank.

    Yields:
        The 0-based column and what is wrong there.
    """
    yield from {"tokens": _tokens, "bars": _bars, "flow": _flow}[kind](line)


def _pieces(line: str, separator: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Parts of a line with the column of each one's first character that is not a space."""
    for part in line[start:].split(separator):
        yield start + len(part) - len(part.lstrip()), part.strip()
        start += len(part) + len(separator)


def _tokens(line: str) -> Iterator[tuple[int, Text]]:
    start = 0
    if "::" in line:
        start = line.index("::") + 2
        if "::" in line[start:]:
            yield line.index("::", start), _LABELS
            return
    for column, token in _pieces(line, " | ", start):
        kind = 1 if token[:1] in ("?", "~", "!") else 0
        if len(token) <= kind:
            yield min(column, len(line) - 1), _EMPTY_TOKEN
        elif (mark := _INTENSITY.search(token)) and mark.start() > kind:
            number = _number(mark[1])
            if number is None:
                if re.match(r"[-+.]?(\d|inf|nan)", mark[1], re.IGNORECASE):
                    yield column + mark.start(), _NOT_SHARE
            elif not 0 <= number <= 1:
                yield column + mark.start(), _NOT_SHARE


def _bars(line: str) -> Iterator[tuple[int, Text]]:
    parts = list(_pieces(line, "|"))
    if not 2 <= len(parts) <= 3:
        yield len(line) - len(line.lstrip()), _PARTS
        return
    if not parts[0][1]:
        yield 0, _NO_LABEL
    if _number(parts[1][1]) is None:
        yield min(parts[1][0], len(line) - 1), _NOT_NUMBER


def _flow(line: str) -> Iterator[tuple[int, Text]]:
    boxes = _ARROW.split(f" {line} ")
    if len(boxes) < 2:
        arrow = _TIGHT_ARROW.search(line)
        yield (arrow.start() if arrow else len(line) - len(line.lstrip())), _ONE_BOX
        return
    column = 0
    for box in boxes:
        if not box.strip():
            yield min(column, len(line) - 1), _EMPTY_BOX
        column += len(box) + 4


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
