"""From bytes to text: UTF-8 only, and where it is not."""

from __future__ import annotations

import re
from bisect import bisect_right

MAX_SAME = 20
"""Problems of one kind reported from one file: a binary file would have millions."""

LINE_BREAK = re.compile(r"\r\n|\n|\r")


def decode(raw: bytes) -> tuple[str, list[tuple[int, int]]]:
    """The text, and for each stretch that is not UTF-8 its character offset and first byte."""
    text = raw.decode("utf-8", "surrogateescape")  # what is no UTF-8 becomes U+DC80 and on
    bad = [(found.start(), ord(found[0][0]) - 0xDC00) for found in re.finditer("[\udc80-\udcff]+", text)]
    return re.sub("[\udc80-\udcff]", "\N{REPLACEMENT CHARACTER}", text), bad[:MAX_SAME]


def line_starts(text: str) -> list[int]:
    """Offsets at which lines start."""
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


def mark_at(starts: list[int], offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
