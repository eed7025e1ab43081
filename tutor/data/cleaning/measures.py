"""What several rules measure of the same text, measured once: lines, words, code points, n-gram hashes.

Rules take strings, so that each stands alone; `measure` remembers its last texts by identity, so that the rules of one
pipeline, which hand an unchanged string on as the same object, share the work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.rolling import Hashes, Places, between, n_grams, repeated, stretches, values
from tutor.data.cleaning.wrapping import unwrapped

_BLOCK = 1 << 18
"""Characters that are looked up at once."""

_T = TypeVar("_T", bound=np.generic)
_R = TypeVar("_R")

HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Code points of Chinese characters, both ends included: the unified blocks and the compatibility block."""

CHINESE_FROM = 0.3
"""Share of Chinese characters among what is not ASCII blank, from which a text of unknown language is taken for Chinese."""


class once(Generic[_R]):  # used like property
    """A property that is made when it is first asked for, as `functools.cached_property`, which takes a lock before Python 3.12."""

    def __init__(self, make: Callable[[Any], _R]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, instance: Any, owner: type) -> _R:
        made = instance.__dict__[self._name] = self._make(instance)
        return made


class Measures:
    """The measures of one text, each made when it is first asked for.

    Attributes:
        text: The text; any characters, lone surrogates too.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._units: dict[Language, Units] = {}

    @once
    def lines(self) -> list[str]:
        """Lines at line feeds only, blank lines included. C4's code also cuts at other line ends, which `controls` makes line feeds."""
        return self.text.split("\n")

    @once
    def whole_lines(self) -> list[str]:
        """`lines`, put together where the text is hard-wrapped."""
        return unwrapped(self.text)

    @once
    def full_lines(self) -> list[str]:
        """`whole_lines` with something in them, without blanks at their ends."""
        return [stripped for line in self.whole_lines if (stripped := line.strip())]

    @once
    def words(self) -> list[str]:
        """Words as C4 and Gopher count them: what stands between white space."""
        return self.text.split()

    @once
    def codes(self) -> NDArray[np.uint8] | NDArray[np.uint32]:
        """The code point of every character; bytes, when all are ASCII."""
        if self.text.isascii():
            return np.frombuffer(self.text.encode("ascii"), np.uint8)
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)

    def look_up(self, table: NDArray[_T], places: Places | None = None) -> NDArray[_T]:
        """What a table has for every character, or for those at some places.

        Args:
            table: ``(65536,)``; characters beyond share the last entry.
            places: ``(n,)``.

        Returns:
            ``(characters,)`` or ``(n,)``.
        """
        codes = self.codes if places is None else self.codes[places]
        found = np.empty(len(codes), table.dtype)
        for start in range(
            0, len(codes), _BLOCK
        ):  # to look up all of a long text at once would need many times its memory
            block = codes[start : start + _BLOCK]
            table.take(
                block if block.dtype == np.uint8 else np.minimum(block, 0xFFFF),
                out=found[start : start + _BLOCK],
                mode="clip",
            )
        return found

    @once
    def word_bounds(self) -> tuple[Places, Places]:
        """Where each of `words` begins and ends (not included)."""
        return between(self.look_up(blank_table()))

    @once
    def word_lengths(self) -> Places:
        """Characters of each word."""
        starts, ends = self.word_bounds
        return ends - starts

    @once
    def word_hashes(self) -> Hashes:
        """A 64-bit hash of each word."""
        return stretches(self.codes, *self.word_bounds)

    @once
    def han(self) -> NDArray[np.bool_]:
        """Which characters are Chinese."""
        codes = self.codes
        found = np.zeros(len(codes), np.bool_)
        if not self.text.isascii():
            for first, last in HAN:
                # One comparison for both ends: what lies below wraps around to a large number.
                found |= (codes - np.uint32(first)) <= np.uint32(last - first)
        return found

    @once
    def n_han(self) -> int:
        """How many characters are Chinese."""
        return 0 if self.text.isascii() else int(np.count_nonzero(self.han))

    @once
    def ascii(self) -> NDArray[np.uint8]:
        """The code point of every character, 127 for all that are not ASCII."""
        return np.minimum(self.codes, 127).astype(np.uint8, copy=False)

    @once
    def line_feeds(self) -> NDArray[np.intp]:
        """Where the line feeds stand: the ends of all `lines` but the last."""
        return np.flatnonzero(self.ascii == np.uint8(10))

    def per_line(self, flags: NDArray[np.bool_]) -> NDArray[np.intp]:
        """How many characters of each line have a flag.

        Args:
            flags: One for every character, ``(characters,)``.

        Returns:
            ``(lines,)``.
        """
        places = np.flatnonzero(flags)
        return np.bincount(np.searchsorted(self.line_feeds, places), minlength=len(self.line_feeds) + 1)

    def units(self, language: Language) -> Units:
        """What n-grams of a text in a language are made of."""
        if language not in self._units:
            self._units[language] = (
                self._characters() if language == "zh" else Units(self.word_hashes, self.word_lengths, 1)
            )
        return self._units[language]

    def _characters(self) -> Units:
        visible = values(self.codes[self.codes > 0x20])
        return Units(visible, np.ones(len(visible), np.intp), 2)

    @once
    def n_visible(self) -> int:
        """How many characters are no blank, line feed or tab."""
        text = self.text
        return len(text) - text.count(" ") - text.count("\n") - text.count("\t")


class Units:
    """Words of English or characters of Chinese, as the n-grams of a text are made of them.

    A Chinese word is about two characters, so an n-gram of "words" is one of 2n characters there.

    Attributes:
        hashes: Of each unit, ``(units,)``.
        lengths: Characters of each, ``(units,)``.
        size: Units of a word: 1 or 2.
    """

    def __init__(self, hashes: Hashes, lengths: Places, size: int) -> None:
        self.hashes = hashes
        self.lengths = lengths
        self.size = size

    def n_grams(self, n: int) -> Hashes:
        """Hashes of the n-grams of n words."""
        return n_grams(self.hashes, n * self.size)

    @once
    def five(self) -> Hashes:
        """Hashes of n-grams of five words."""
        return self.n_grams(5)

    @once
    def five_repeated(self) -> int:
        """How many n-grams of five words stood before in the text."""
        return repeated(self.five)

    @once
    def characters(self) -> int:
        """Characters of all units."""
        return int(self.lengths.sum()) if self.size == 1 else len(self.lengths)

    @once
    def longest(self) -> int:
        """Characters of the longest unit, 0 where there is none."""
        return int(self.lengths.max(initial=0)) if self.size == 1 else 1


def measure(text: str) -> Measures:
    """The measures of a text; those of the last texts are kept.

    Only the very same object is recognised. The memory holds the texts themselves, so that no other can take an identity.
    """
    global _recent  # noqa: PLW0603  # one assignment of a tuple: two threads can at worst measure twice
    for known in _recent:
        if known.text is text:
            return known
    fresh = Measures(text)
    _recent = (fresh, _recent[0]) if _recent else (fresh,)
    return fresh


_recent: tuple[Measures, ...] = ()


def language_of(document: Document) -> Language:
    """The language whose thresholds a rule takes: the document's, or a guess by its script where that isn't known."""
    if document.language is not None:
        return document.language
    if document.text.isascii():
        return "en"
    found = measure(document.text)
    return "zh" if found.n_han >= CHINESE_FROM * found.n_visible and found.n_han else "en"


@cache
def blank_table() -> NDArray[np.bool_]:
    """``(65536,)``: what separates words."""
    return np.array([chr(code).isspace() for code in range(0x10000)])
