"""What several rules count in a text: lines, words, Chinese characters, n-grams.

`measure` remembers its last texts by identity, so that the rules of one pipeline, which hand an unchanged string on as the same object, share the work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.wrapping import unwrapped

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
"""Chinese characters in a row: the unified blocks and the compatibility block."""

CHINESE_FROM = 0.3
"""Share of Chinese characters among what is not ASCII blank, from which a text of unknown language is taken for Chinese."""

Units: TypeAlias = list[str] | str
"""What n-grams are made of: the words of English, the characters of Chinese."""

Gram: TypeAlias = str | tuple[str, ...]
"""An n-gram of units."""

WORD: dict[Language, int] = {"en": 1, "zh": 2}
"""Units of a word: a Chinese word is about two characters, so an n-gram of "words" is one of 2n characters there."""

_BLANKS = re.compile("[\x00-\x20]+")


class Measures:
    """The measures of one text, any characters in it, lone surrogates too; each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """Lines at line feeds only, blank lines included. C4's code also cuts at other line ends, which `controls` makes line feeds."""
        return self.text.split("\n")

    @cached_property
    def whole_lines(self) -> list[str]:
        """`lines`, put together where the text is hard-wrapped."""
        return unwrapped(self.text)

    @cached_property
    def full_lines(self) -> list[str]:
        """`whole_lines` with something in them, without blanks at their ends."""
        return [stripped for line in self.whole_lines if (stripped := line.strip())]

    @cached_property
    def words(self) -> list[str]:
        """Words as C4 and Gopher count them: what stands between white space."""
        return self.text.split()

    @cached_property
    def n_in_words(self) -> int:
        """How many characters stand in words."""
        return sum(map(len, self.words))

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def n_han(self) -> int:
        """How many characters are Chinese."""
        return 0 if self.text.isascii() else count(HAN, self.text)

    @cached_property
    def n_visible(self) -> int:
        """How many characters are no blank, line feed or tab."""
        text = self.text
        return len(text) - text.count(" ") - text.count("\n") - text.count("\t")

    @cached_property
    def characters(self) -> str:
        """The text without blanks and controls."""
        return _BLANKS.sub("", self.text)

    @cached_property
    def repeated_lines(self) -> tuple[int, int]:
        """How many of `full_lines` stood before, and their characters."""
        return repeats(self.full_lines)

    def units(self, language: Language) -> Units:
        """What n-grams of a text in a language are made of."""
        return self.characters if language == "zh" else self.words


def n_grams(units: Units, n: int) -> Iterable[Gram]:
    """All n-grams, in the order of the text."""
    if isinstance(units, str):
        return (units[i : i + n] for i in range(len(units) - n + 1))
    return zip(*(units[i:] for i in range(n)), strict=False)


def repeats(parts: list[str]) -> tuple[int, int]:
    """How many parts stood before, and their characters."""
    times = Counter(parts)
    return len(parts) - len(times), sum((n - 1) * len(part) for part, n in times.items())


def count(pattern: re.Pattern[str], text: str) -> int:
    """How many characters are in the matches of a pattern."""
    return sum(map(len, pattern.findall(text)))


def measure(text: str) -> Measures:
    """The measures of a text; those of the last texts are kept.

    Only the very same object is recognised. The memory holds the texts themselves, so that no other can take an identity.
    """
    global _recent  # noqa: PLW0603  # one assignment of a tuple: two threads can at worst measure twice
    for known in _recent:
        if known.text is text:
            return known
    fresh = Measures(text)
    _recent = (fresh, *_recent[:1])
    return fresh


_recent: tuple[Measures, ...] = ()


def language_of(document: Document) -> Language:
    """The language whose thresholds a rule takes: the document's, or a guess by its script where that isn't known."""
    if document.language is not None:
        return document.language
    found = measure(document.text)
    return "zh" if found.n_han and found.n_han >= CHINESE_FROM * found.n_visible else "en"
