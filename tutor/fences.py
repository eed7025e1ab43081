"""The fences of prose that are not code: what the lines of pictures mean, and what is wrong with them.

A leaf: `tutor.content` tells an author the faults, `tutor.plot` draws what has none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Axis
from tutor.text import Text


class Fault(NamedTuple):
    """What is wrong at a place of a fence, whose rows and columns count from 0."""

    row: int
    column: int
    what: Text


@dataclass(frozen=True, slots=True)
class Chip:
    """A token of a strip.

    Attributes:
        text: What it says.
        kind: ``""`` plain, ``"?"`` hidden or to be predicted, ``"~"`` out of the model's sight, ``"!"`` wrong.
        intensity: A number in 0..1 as written, which stands under it; ``""`` for none.
    """

    text: str
    kind: str = ""
    intensity: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of a ``tokens`` fence: its label (``""`` for none) and its tokens."""

    label: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a ``bars`` fence.

    Attributes:
        label: What is measured.
        value: The number; finite.
        text: What stands after the bar: the author's text, or else the number as written.
    """

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a ``flow`` or ``blocks`` fence, and a note under its name (``""`` for none)."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """Boxes side by side, and whether an arrow leads to each but the first."""

    boxes: tuple[Box, ...]
    arrows: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What is repeated, and how often: ``12 ×``."""

    label: str
    parts: list[Part] = field(default_factory=list)


Part: TypeAlias = Level | Loop


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a ``curve`` fence: its label (empty for none) and ``(n, 3)`` points of x, y and half an error bar."""

    label: str
    points: NDArray[np.float64]


_ARROW = re.compile(r"\s->\s")
_TIGHT_ARROW = re.compile(r"->|→|=>|—>")
_BETWEEN = re.compile(r"\s(->|\|)(?=\s)")
_AXIS = re.compile(r"\s*([xy])(\s+log)?\s*[:：](?!:)(.*)")
_POINT = re.compile(r"(\S+)\s+([^\s±]+)(?:\s*±\s*(\S+))?")
_INTENSITY = re.compile(r"\^([^\s^|]*)$")
_MEANT_NUMBER = re.compile(r"[-+.]?(\d|inf$|nan$)", re.IGNORECASE)

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


def parse_tokens(lines: Sequence[str]) -> tuple[list[Strip], list[Fault]]:
    """Parse strips, ``label :: token | ?token | token^0.5`` a line."""
    strips, faults = [], []
    for row, line in _written(lines):
        label, mark, rest = line.partition("::") if "::" in line else ("", "", line)
        if "::" in rest:
            faults.append(Fault(row, len(label + mark) + rest.index("::"), _LABELS))
            continue
        chips = []
        for column, token in _pieces(rest, " | ", len(label + mark)):
            kind = token[:1] if token[:1] in ("?", "~", "!") else ""
            text, intensity = token[len(kind) :], ""
            if not text:
                faults.append(Fault(row, min(column, len(line) - 1), _EMPTY_TOKEN))
            elif (caret := _INTENSITY.search(text)) and caret.start():
                share = _number(caret[1])
                if share is not None and 0 <= share <= 1:
                    text, intensity = text[: caret.start()], caret[1]
                elif _MEANT_NUMBER.match(caret[1]):  # "2^n" is a text, "x^0.5.1" a slip
                    faults.append(Fault(row, column + len(kind) + caret.start(), _NOT_SHARE))
            chips.append(Chip(text, kind, intensity))
        strips.append(Strip(label.strip(), tuple(chips)))
    return strips, faults


def parse_bars(lines: Sequence[str]) -> tuple[list[Bar], list[Fault]]:
    """Parse bars, ``label | number | optional text`` a line."""
    bars, faults = [], []
    for row, line in _written(lines):
        parts = list(_pieces(line, "|"))
        if not 2 <= len(parts) <= 3:
            faults.append(Fault(row, _indent(line), _PARTS))
            continue
        (_, label), (column, written) = parts[:2]
        value = _number(written)
        if not label:
            faults.append(Fault(row, 0, _NO_LABEL))
        if value is None:
            faults.append(Fault(row, min(column, len(line) - 1), _NOT_NUMBER))
        else:
            bars.append(Bar(label, value, parts[-1][1] or written))
    return bars, faults


def parse_flow(lines: Sequence[str]) -> tuple[list[list[Box]], list[Fault]]:
    """Parse chains of boxes, ``box -> box (note) -> box`` a line."""
    chains, faults = [], []
    for row, line in _written(lines):
        boxes = _ARROW.split(f" {line} ")
        if len(boxes) < 2:
            arrow = _TIGHT_ARROW.search(line)
            faults.append(Fault(row, arrow.start() if arrow else _indent(line), _ONE_BOX))
            continue
        column = 0
        for box in boxes:
            if not box.strip():
                faults.append(Fault(row, min(column, len(line) - 1), _EMPTY_BOX))
            column += len(box) + 4
        chains.append(list(map(_box, boxes)))
    return chains, faults


def parse_blocks(lines: Sequence[str]) -> tuple[list[Part], list[Fault]]:
    """Parse a block diagram from top to bottom.

    A line holds boxes, ``box | box (note) -> box``; ``12 × {`` begins a loop and ``}`` ends it.
    """
    parts: list[Part] = []
    faults: list[Fault] = []
    loops: list[tuple[Loop, int]] = []  # those that are open, and where each began
    for row, line in _written(lines):
        text, inner = line.strip(), loops[-1][0].parts if loops else parts
        if text == "}":
            if not loops:
                faults.append(Fault(row, _indent(line), _NOT_OPEN))
                continue
            loop, began = loops.pop()
            if not loop.parts:
                faults.append(Fault(began, lines[began].index("{"), _HOLLOW))
        elif text.endswith("{"):
            if text == "{":
                faults.append(Fault(row, _indent(line), _NO_TIMES))
            loops.append((Loop(text[:-1].strip()), row))
            inner.append(loops[-1][0])
        else:
            pieces = _BETWEEN.split(f" {line} ")
            column = -1
            for piece, sign in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
                if not piece.strip():
                    faults.append(Fault(row, min(max(column, 0), len(line) - 1), _EMPTY_BOX))
                column += len(piece) + 1 + len(sign)
            inner.append(Level(tuple(map(_box, pieces[::2])), tuple(sign == "->" for sign in pieces[1::2])))
    faults += [Fault(row, lines[row].rindex("{"), _NOT_CLOSED) for _, row in loops]
    return parts, faults


def parse_curve(lines: Sequence[str]) -> tuple[tuple[Axis, Axis, list[Curve]], list[Fault]]:
    """Parse the axis across, the axis up and the curves.

    Lines are ``x: label``, ``y log: label`` (a logarithmic axis) and ``label :: 1 3.2 ± 0.1 | 10 2.9``: x, y, and what y is uncertain by.
    """
    axes = {"x": Axis(), "y": Axis()}
    curves, faults = [], []
    lined = []
    for row, line in _written(lines):
        if axis := _AXIS.fullmatch(line):
            axes[axis[1]] = Axis(axis[3].strip(), log=bool(axis[2]))
            if not axis[3].strip():
                faults.append(Fault(row, _indent(line), _NO_LABEL))
        else:
            lined.append((row, line))
    for row, line in lined:
        label, mark, rest = line.rpartition("::")
        if "::" in label:
            faults.append(Fault(row, len(label), _LABELS))
            continue
        if mark and not label.strip():
            faults.append(Fault(row, len(label), _NO_LABEL))
        points = []
        for column, written in _pieces(rest, "|", len(label + mark)):
            found = _POINT.fullmatch(written)
            x, y, error = (_number(part or "0") for part in (found.groups() if found else ["-"] * 3))
            if x is None or y is None or error is None or error < 0:
                faults.append(Fault(row, min(column, len(line) - 1), _NOT_POINT))
            elif (axes["x"].log and x <= 0) or (axes["y"].log and y <= 0):
                faults.append(Fault(row, column, _NOT_LOG))
            else:
                points.append((x, y, error))
        curves.append(Curve(label.strip(), np.array(points)))
    if not lined:
        faults.append(Fault(0, 0, _NO_CURVE))
    return (axes["x"], axes["y"], curves), faults


PARSERS: Mapping[str, Callable[[Sequence[str]], tuple[Any, list[Fault]]]] = {
    "tokens": parse_tokens,
    "bars": parse_bars,
    "flow": parse_flow,
    "blocks": parse_blocks,
    "curve": parse_curve,
}
"""Kinds of fences that are drawn instead of printed, and what makes pictures of their lines; one with faults is not to be drawn."""

ANSWER = "answer"
"""The kind whose lines are prose again, hidden from the learner until asked for."""


def _written(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, numbered."""
    return ((row, line) for row, line in enumerate(lines) if line.strip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _pieces(text: str, separator: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Parts of a text that begins at a column, each with the column of its first character that is not a space."""
    for part in text.split(separator):
        yield start + _indent(part), part.strip()
        start += len(part) + len(separator)


def _box(written: str) -> Box:
    """A box from ``name`` or ``name (note)``."""
    for opening, closing in ("()", "（）"):
        name, bracket, note = written.strip().partition(opening)
        if bracket and note.endswith(closing) and name.strip():
            return Box(name.strip(), note[: -len(closing)].strip())
    return Box(written.strip())


def _number(written: str) -> float | None:
    """The finite number that is written; None if there is none."""
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
