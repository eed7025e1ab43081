"""What several rules count in a text: lines (whole ones where the text is hard-wrapped), words, common and other Chinese characters, n-grams."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

from tutor.data.cleaning.base import Document, Language

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
"""Chinese characters in a row: the unified blocks and the compatibility block."""

CHINESE_FROM = 0.3
"""Share of Chinese characters among what is not ASCII blank, from which a text of unknown language is taken for Chinese."""

Units: TypeAlias = list[str] | str
"""What n-grams are made of: the words of English, the characters of Chinese."""

WORD: dict[Language, int] = {"en": 1, "zh": 2}
"""Units of a word: a Chinese word is about two characters, so an n-gram of "words" is one of 2n characters there."""

_BLANKS = re.compile("[\x00-\x20]+")


class Measures:
    """The measures of one text, each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @functools.cached_property
    def lines(self) -> list[str]:
        """Lines at line feeds only, blank lines included. C4's code also cuts at other line ends, which `controls` makes line feeds."""
        return self.text.split("\n")

    @functools.cached_property
    def whole_lines(self) -> list[str]:
        """`lines`, put together where the text is hard-wrapped."""
        return unwrapped(self.text)

    @functools.cached_property
    def full_lines(self) -> list[str]:
        """`whole_lines` with something in them, without blanks at their ends."""
        return [stripped for line in self.whole_lines if (stripped := line.strip())]

    @functools.cached_property
    def words(self) -> list[str]:
        """Words as C4 and Gopher count them: what stands between white space."""
        return self.text.split()

    @functools.cached_property
    def n_in_words(self) -> int:
        """Characters in them."""
        return sum(map(len, self.words))

    @functools.cached_property
    def lower(self) -> str:
        return self.text.lower()

    @functools.cached_property
    def n_han(self) -> int:
        """How many characters are Chinese."""
        return 0 if self.text.isascii() else count(HAN, self.text)

    @functools.cached_property
    def n_visible(self) -> int:
        """How many characters are no blank, line feed or tab."""
        text = self.text
        return len(text) - text.count(" ") - text.count("\n") - text.count("\t")

    @functools.cached_property
    def characters(self) -> str:
        """The text without blanks and controls."""
        return _BLANKS.sub("", self.text)

    @functools.cached_property
    def repeated_lines(self) -> tuple[int, int]:
        """How many of `full_lines` stood before, and their characters."""
        return repeats(self.full_lines)

    def units(self, language: Language) -> Units:
        """What n-grams of a text in a language are made of."""
        return self.characters if language == "zh" else self.words


def repeats(parts: list[str]) -> tuple[int, int]:
    """How many parts stood before, and their characters."""
    times = Counter(parts)
    return len(parts) - len(times), sum((n - 1) * len(part) for part, n in times.items())


def joined(lines: Iterable[str]) -> str:
    """Lines with at most one blank line between two, and none around them."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n")


def count(pattern: re.Pattern[str], text: str) -> int:
    """How many characters are in the matches of a pattern."""
    return sum(map(len, pattern.findall(text)))


measure = functools.lru_cache(maxsize=2)(Measures)
"""The measures of a text; those of the last texts are kept, for the next rule of a pipeline."""


def language_of(document: Document) -> Language:
    """The language whose thresholds a rule takes: the document's, or a guess by its script where that isn't known."""
    if document.language is not None:
        return document.language
    found = measure(document.text)
    return "zh" if found.n_han and found.n_han >= CHINESE_FROM * found.n_visible else "en"


BREAKS = 4
"""Lines that go on in the next one, from which a text can be told to be wrapped."""

BY_MARGIN = 0.7
"""Share of them to whose end the next word would not have fitted. Licences and manuals have more, even with their lists; verse and code have far less."""

SMALL = 0.5
"""Share of them after which the next begins with a small letter. Verse, lists and tables mostly begin with others, and Chinese, which has no words to fit, with none."""

WIDTH = 40
"""Characters of a line, at least: columns of words are narrower."""

WORDS = 5
"""Words of a line, in the mean, at least: a list of links or hashes has one."""

ALIKE = 0.8
"""Share of them with one and the same number of characters, at most: the rows of a table are all of one length."""

_SMALL_LETTER = re.compile(r"\n[^\S\n]*+[a-zß-ÿ]")


def unwrapped(text: str) -> list[str]:
    """Lines as they were before they were wrapped, with line feeds where they were broken; of other text, its lines.

    Rules that judge lines (C4's, FineWeb's, MassiveText's) mean paragraphs, as web pages have them. In a text from mail, a manual or Project Gutenberg, whose
    paragraphs were broken every 70 characters or so, most lines end in the middle of a sentence, and C4 would drop them all. Nothing is changed in the text: what a
    rule keeps stays wrapped. The margin is where nine of ten lines end at the latest, so that a long link does not count.
    """
    lines = text.split("\n")
    if len(_SMALL_LETTER.findall(text)) < SMALL * BREAKS:  # most texts are done with here
        return lines
    bare = [line.strip() for line in lines]
    broken = [i for i, (line, following) in enumerate(pairwise(bare)) if line and following]
    n = len(broken)
    if n < BREAKS or sum(bare[i + 1][0].islower() for i in broken) < SMALL * n:
        return lines
    lengths = [len(lines[i].rstrip()) for i in broken]
    margin = sorted(lengths)[9 * n // 10]
    words = n + sum(lines[i].count(" ") for i in broken)
    if margin < WIDTH or words < WORDS * n or max(Counter(lengths).values()) > ALIKE * n:
        return lines
    goes_on = {
        i
        for i, length in zip(broken, lengths, strict=True)
        if length + 1 + len(bare[i + 1].split(None, 1)[0]) > margin
    }
    if len(goes_on) < BY_MARGIN * n:
        return lines
    whole: list[str] = []
    start = 0
    for i in range(len(lines)):
        if i not in goes_on:
            whole.append("\n".join(lines[start : i + 1]))
            start = i + 1
    return whole


@functools.cache
def first_level() -> frozenset[str]:
    """The 3,755 common characters of GB 2312 (rows 16 to 55)."""
    return _decoded("gb2312", range(0xB0, 0xD8))


@functools.cache
def simplified() -> frozenset[str]:
    """All 6,763 characters of GB 2312 (rows 16 to 87): with those of names, plants, animals and chemicals."""
    return _decoded("gb2312", range(0xB0, 0xF8))


@functools.cache
def traditional() -> frozenset[str]:
    """The 5,401 common characters of Big5 (its first plane, A440 to C67E)."""
    return _decoded("big5", range(0xA4, 0xC7))


def _decoded(encoding: str, rows: range) -> frozenset[str]:
    every = (bytes((row, cell)).decode(encoding, "ignore") for row in rows for cell in range(0x40, 0xFF))
    return frozenset(c for c in every if len(c) == 1 and "\u4e00" <= c <= "\u9fff")
