"""From bytes to text: UTF-8 only, and where it is not."""

from __future__ import annotations

import re
from bisect import bisect_right

MAX_SAME = 20
"""Problems of one kind reported from one file: a binary file would have millions."""

LINE_BREAK = re.compile(r"\r\n|\n|\r")
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control, format and invisible characters, and the line breaks that only YAML knows."""


def decode(raw: bytes) -> tuple[str, list[tuple[int, int]]]:
    """The text, and for each place that is not UTF-8 its character offset and first byte."""
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    parts: list[str] = []
    bad: list[tuple[int, int]] = []
    length = at = 0
    while at < len(raw):
        try:
            parts.append(raw[at:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            good = raw[at : at + error.start].decode("utf-8")
            length += len(good)
            parts += [good, "\N{REPLACEMENT CHARACTER}"]
            bad.append((length, raw[at + error.start]))
            length += 1
            at += error.end
            if len(bad) == MAX_SAME:
                parts.append(raw[at:].decode("utf-8", errors="replace"))
                break
    return "".join(parts), bad


def line_starts(text: str) -> list[int]:
    """Offsets at which lines start."""
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


def mark_at(starts: list[int], offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
