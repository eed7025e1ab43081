"""The lines of picture blocks, and what can be wrong with them; `tutor.plot.prose` says how they are drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from tutor.text import Text

PICTURES = ("tokens", "bars", "flow", "blocks", "curve")
"""Kinds of fenced blocks that are drawn instead of printed."""

_ARROW = re.compile(r"\s->\s")
_TIGHT_ARROW = re.compile(r"->|→|=>|—>")
_BETWEEN = re.compile(r"\s(?:->|\|)(?=\s)")
_AXIS = re.compile(r"\s*([xy])(\s+log)?\s*[:：](?!:)(.*)")
_POINT = re.compile(r"(\S+)\s+([^\s±]+)(?:\s*±\s*(\S+))?")
_INTENSITY = re.compile(r"\^([^\s^|]*)$")

_EMPTY_TOKEN = Text("有一个词元是空的", "a token is empty")
_LABELS = Text("「::」出现了两次", "“::” stands twice")
_NOT_SHARE = Text("「^」后面应是 0 到 1 的数", "a number from 0 to 1 should follow “^”")
_PARTS = Text("应是两栏或三栏，用 | 隔开", "there should be two or three parts between |")
_NO_LABEL = Text("缺名称", "the label is missing")
_NOT_NUMBER = Text("第二栏应是数", "the second part should be a number")
_ONE_BOX = Text("至少要有两个方框", "there should be at least two boxes")
_EMPTY_BOX = Text("有一个方框是空的", "a box is empty")
_NO_TIMES = Text("循环没有写次数或名称", "the loop doesn’t say how often or what it is")
_NOT_CLOSED = Text("这个循环没有用 } 结束", "this loop is never closed with }")
_NOT_OPEN = Text("这里没有要结束的循环", "there is no loop to close here")
_HOLLOW = Text("循环里什么也没有", "there is nothing in the loop")
_NOT_POINT = Text(
    "点应写成两个数，如 10 2.9，误差写在后面，如 10 2.9 ± 0.05",
    "a point is two numbers, as in 10 2.9, and an error: 10 2.9 ± 0.05",
)
_NOT_LOG = Text("对数轴上只能有大于 0 的数", "on a logarithmic axis all numbers are above 0")
_NO_CURVE = Text("没有一条曲线", "there is no curve")


def lint_picture(kind: str, lines: Sequence[str]) -> Iterator[tuple[int, int, Text]]:
    """What is wrong with a picture block.

    Args:
        kind: One of `PICTURES`.
        lines: Its lines, one of which at least is not blank.

    Yields:
        The 0-based line and column, and what is wrong there.
    """
    if kind == "blocks":
        yield from _blocks(lines)
    elif kind == "curve":
        yield from _curve(lines)
    else:
        lint = {"tokens": _tokens, "bars": _bars, "flow": _flow}[kind]
        for row, line in enumerate(lines):
            yield from ((row, column, what) for column, what in (lint(line) if line.strip() else ()))


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


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int, Text]]:
    loops: list[tuple[int, int]] = []  # where each open one began, and how many lines stood in it
    for row, line in enumerate(lines):
        text, start = line.strip(), len(line) - len(line.lstrip())
        if not text:
            continue
        if text == "}":
            if not loops:
                yield row, start, _NOT_OPEN
                continue
            began, filled = loops.pop()
            if not filled:
                yield began, lines[began].index("{"), _HOLLOW
            continue
        if loops:
            loops[-1] = loops[-1][0], loops[-1][1] + 1
        if text.endswith("{"):
            loops.append((row, 0))
            if text == "{":
                yield row, start, _NO_TIMES
            continue
        padded = f" {line} "
        signs = list(_BETWEEN.finditer(padded))
        ends = [*(sign.start() for sign in signs), len(padded)]
        for begin, end in zip((0, *(sign.end() for sign in signs)), ends, strict=True):
            if not padded[begin:end].strip():
                yield row, min(max(begin - 1, 0), len(line) - 1), _EMPTY_BOX
    for row, _ in loops:
        yield row, lines[row].rindex("{"), _NOT_CLOSED


def _curve(lines: Sequence[str]) -> Iterator[tuple[int, int, Text]]:
    log = {found[1] for found in map(_AXIS.fullmatch, lines) if found and found[2]}
    curves = False
    for row, line in enumerate(lines):
        if not line.strip():
            continue
        if axis := _AXIS.fullmatch(line):
            if not axis[3].strip():
                yield row, len(line) - len(line.lstrip()), _NO_LABEL
            continue
        curves = True
        start = line.rindex("::") + 2 if "::" in line else 0
        if "::" in line[: max(0, start - 2)]:
            yield row, start - 2, _LABELS
            continue
        if start and not line[: start - 2].strip():
            yield row, start - 2, _NO_LABEL
        for column, written in _pieces(line, "|", start):
            point = _POINT.fullmatch(written)
            numbers = [_number(part or "0") for part in point.groups()] if point else [None]
            if None in numbers or (numbers[2] or 0) < 0:
                yield row, min(column, len(line) - 1), _NOT_POINT
            elif any(axis in log and (number or 0) <= 0 for axis, number in zip("xy", numbers, strict=False)):
                yield row, column, _NOT_LOG
    if not curves:
        yield 0, 0, _NO_CURVE


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
