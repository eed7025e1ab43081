"""Exact duplicates: the same text, found by its hash.

A hash turns a text of any length into a number of 64 bits, and the same text always into the same number; a table of the numbers
is enough to know a text again. That finds every copy that is alike to the letter, at almost no cost, and misses each one that
differs in a single letter: what MinHash is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.dedup.buckets import Buckets
from tutor.data.dedup.shingles import normalised, text_hash
from tutor.text import Text

Level = Literal["document", "paragraph", "line"]
"""What is compared as a whole; paragraphs end at blank lines."""

SHORTEST = 30
"""Bytes, in UTF-8, that a paragraph or line must have to be removed as a copy: 30 Latin letters, 10 Chinese characters.

What is shorter comes up again by itself: a brace, a "Yes.", a date.
"""

_PIECES: dict[Level, re.Pattern[str]] = {
    "paragraph": re.compile(r"(\n[^\S\n]*\n\s*)"),
    "line": re.compile(r"(\n)"),
}


def text_key(text: str) -> int:
    """A 64-bit hash of a text without its letter case, its layout and its encoding variants; the same in every process.

    Two of ten million different texts share a key with a probability of about 3 in a million.
    """
    return text_hash(" ".join(normalised(text).split()))


class ExactDuplicates:
    """Keeps of equal documents, paragraphs or lines the first. Remembers 17 to 34 bytes for each different text."""

    def __init__(self, level: Level = "document") -> None:
        self.level: Level = level
        self.id = "dedup_exact" if level == "document" else f"dedup_exact_{level}"
        self.title = Text("精确去重：整篇", "Exact duplicates")
        self.reasons = {"duplicate": _SAME}
        if level != "document":
            self.title = _TITLE.format(part=_PARTS[level])
            self.reasons = {"duplicate": _CAME_BEFORE.format(part=_PARTS[level])}

    def run(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Outcome]]:
        seen = Buckets()
        for number, document in enumerate(documents):
            if self.level == "document":
                yield document, _whole(document, number, seen)
            else:
                yield document, _in_parts(document, number, seen, _PIECES[self.level])


def _whole(document: Document, number: int, seen: Buckets) -> Outcome:
    if seen.first(text_key(document.text), number) == number:
        return Outcome(document.text)
    return Outcome(None, {"duplicate": 1})


def _in_parts(document: Document, number: int, seen: Buckets, cut: re.Pattern[str]) -> Outcome:
    parts = cut.split(document.text)  # parts at even places, what separates them at odd ones
    kept: list[str] = []
    removed = 0
    example = ""
    here: set[int] = set()
    for place in range(0, len(parts), 2):
        part = parts[place]
        if len(part.strip().encode("utf-8", "surrogatepass")) >= SHORTEST:
            key = text_key(part)
            if seen.first(key, number) != number or key in here:
                removed += 1
                example = example or part
                continue
            here.add(key)
        kept += parts[place : place + 2]
    if not removed:
        return Outcome(document.text)
    text = "".join(kept)
    if len(parts) % 2 and kept and kept[-1] != parts[-1]:
        text = text.rstrip("\n")  # the separator before a last part that is gone
    reasons = {"duplicate": removed}
    return Outcome(text if text.strip() else None, reasons, examples={"duplicate": (example, "")})


_PARTS: dict[Level, Text] = {"paragraph": Text("段落", "paragraph"), "line": Text("行", "line")}
_TITLE = Text("精确去重：{part}", "Exact duplicates, {part}s")
_SAME = Text(
    "与前面的一篇完全相同（不计大小写和空白）",
    "the same as an earlier document, but for letter case and layout",
)
_CAME_BEFORE = Text(
    f"前面已出现过的{{part}}（至少 {SHORTEST} 字节）",
    f"{{part}} that came before (of {SHORTEST} bytes or more)",
)
