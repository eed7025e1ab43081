"""Many documents measured at once, for `tutor.data.cleaning.sieves`.

A document is too short for numpy, whose calls cost a microsecond or two each, and a loop in Python costs some fifty nanoseconds a word. So the texts
of many documents are laid end to end, and each question is asked of all their characters, words or lines in one go.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.kinds import SIZE, classes, plane_table, planes, table
from tutor.data.cleaning.measures import language_of, once
from tutor.data.cleaning.noise import pairs
from tutor.data.cleaning.rolling import Codes, Hashes, Places, between, stretches
from tutor.data.cleaning.sieved import Found, sums
from tutor.data.cleaning.tokens import function_words, hashes, heads

_LOWERED = "\u0130\u212a"
_LOWER = bytes(range(256)).lower()


class Batch:
    """Documents laid end to end, a line feed between two. What is measured is made when it is first asked for.

    The texts stay as they are; only `set_document` may put in the same text with another language.

    Attributes:
        documents: The documents; at least one.
        numbers: Which of the caller's documents each is.
        text: All texts.
        starts: Where each begins, ``(documents,)``.
        ends: Where it ends, not included, ``(documents,)``.
        here: Documents that are still in the batch; set to False for those that are removed or go on with another text.
        odd: Documents with characters beyond the basic plane, of which the tables here know nothing.
    """

    def __init__(self, documents: Sequence[Document], numbers: Sequence[int]) -> None:
        self.documents = list(documents)
        self.numbers = list(numbers)
        self.text = "\n".join([document.text for document in documents])
        lengths = np.fromiter((len(d.text) for d in documents), np.intp, len(documents))
        self.ends = np.cumsum(lengths + 1) - 1
        self.starts = self.ends - lengths
        self.here = np.ones(len(documents), np.bool_)
        self.odd = np.zeros(len(documents), np.bool_)
        codes = self.code_points
        if codes.dtype == np.uint32:
            self.odd[self.documents_at(np.flatnonzero(codes >= SIZE))] = True
            codes = np.minimum(codes, SIZE - 1)
        self.shape = codes.tobytes() if codes.dtype == np.uint8 else classes().take(codes).tobytes()
        """A byte for each character: its class, as in `tutor.data.cleaning.kinds`."""
        self._planes: dict[int, NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return len(self.documents)

    # Which documents

    def none(self) -> Found:
        """No document."""
        return np.zeros(len(self), np.bool_)

    def documents_at(self, places: Places) -> Places:
        """The document that each of some places is in."""
        return np.searchsorted(self.ends, places)

    def document_at(self, place: int) -> int:
        """The document that a place is in."""
        return bisect_left(self._end_list, place)

    def that_hold(self, *needles: bytes, within: bytes | None = None) -> Found:
        """Documents that hold one of some strings.

        Args:
            needles: Strings of bytes.
            within: As long as `shape`; by default that.
        """
        found = self.none()
        text = self.shape if within is None else within
        for needle in needles:
            for i in self._holding(needle, text):
                found[i] = True
        return found

    def _holding(self, needle: bytes, text: bytes) -> Iterator[int]:
        at = text.find(needle)
        while at >= 0:
            i = self.document_at(at)
            yield i
            at = text.find(needle, self._end_list[i])

    @once
    def _end_list(self) -> list[int]:
        ends: list[int] = self.ends.tolist()
        return ends

    # Characters

    def flags(self, *names: str) -> NDArray[np.uint8]:
        """1 for each character of one of some kinds, ``(characters,)``."""
        found: Found | None = None
        for number, bits in planes(*names):
            some = (self._plane(number) & np.uint8(bits)) != 0
            found = some if found is None else found | some
        assert found is not None
        return found.view(np.uint8)

    def _plane(self, number: int) -> NDArray[np.uint8]:
        """The answers to eight questions for every character: to look these up together costs as much as one alone."""
        if number not in self._planes:
            self._planes[number] = np.frombuffer(self.shape.translate(plane_table(number)), np.uint8)
        return self._planes[number]

    def are(self, places: Places, name: str) -> Found:
        """Which of the characters at some places are of a kind, ``(places,)``."""
        return np.frombuffer(table(name), np.bool_).take(self.codes[places])

    def places(self, *names: str) -> Places:
        """Where characters of one of some kinds stand."""
        return np.flatnonzero(self.flags(*names).view(np.bool_))

    @once
    def code_points(self) -> Codes:
        """The code point of every character: bytes, when all are ASCII, of 16 bits, when there are none beyond the basic plane."""
        if self.text.isascii():
            return np.frombuffer(self.text.encode(), np.uint8)
        units = self.text.encode("utf-16-le", "surrogatepass")
        if len(units) == 2 * len(self.text):
            return np.frombuffer(units, np.uint16)
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)

    @once
    def codes(self) -> NDArray[np.uint8]:
        """The class of every character."""
        return np.frombuffer(self.shape, np.uint8)

    @once
    def pairs(self) -> NDArray[np.uint8]:
        """What kind of pair begins at each character but the last, as in `tutor.data.cleaning.noise`."""
        return pairs(self.shape) if len(self.shape) > 1 else np.zeros(0, np.uint8)

    @once
    def lower(self) -> bytes:
        """`shape` with small letters for ASCII capitals."""
        return self.shape.translate(_LOWER)

    def total(self, flags: Found) -> Places:
        """How many characters of each document have a flag, ``(documents,)``."""
        bounds = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return np.fromiter((np.count_nonzero(flags[a:b]) for a, b in bounds), np.intp, len(self))

    @once
    def visible(self) -> Places:
        """Where the characters stand that n-grams of Chinese are made of: no blanks, no controls."""
        return np.flatnonzero(self.code_points > 0x20)

    def count(self, places: Places) -> Places:
        """How many of some places, in ascending order, are in each document."""
        return np.searchsorted(places, self.ends) - np.searchsorted(places, self.starts)

    # Words

    @property
    def measured(self) -> bool:
        """Whether its words have been looked for, on which most other measures build."""
        return "word_bounds" in self.__dict__

    @once
    def word_bounds(self) -> tuple[Places, Places]:
        """Where each word begins and ends (not included); words are what stands between white space."""
        return between(self.flags("blank"))

    @once
    def word_lengths(self) -> Places:
        """Characters of each word."""
        starts, ends = self.word_bounds
        return ends - starts

    @once
    def first_word(self) -> Places:
        """The first word of each document, and the number of all words, ``(documents + 1,)``."""
        return np.searchsorted(self.word_bounds[0], np.append(self.starts, len(self.shape)))

    @once
    def n_words(self) -> Places:
        """Words of each document."""
        return np.diff(self.first_word)

    def per_document(self, of_words: NDArray[np.generic]) -> Places:
        """A number of each word summed over each document."""
        return sums(of_words, self.first_word)

    @once
    def word_hashes(self) -> Hashes:
        """A 64-bit hash of each word."""
        if self.code_points.dtype == np.uint8:
            return hashes(self.shape, self._heads, *self.word_bounds)
        return stretches(self.code_points, *self.word_bounds)

    @once
    def function_words(self) -> NDArray[np.uint8]:
        """Which English function word each word is, by its number in `WORD_NUMBER`; 0: none."""
        return function_words(self._heads, self.word_lengths)

    @once
    def _heads(self) -> Hashes:
        """The first eight characters of each word, by class."""
        return heads(self.shape, self.word_bounds[0], self.word_lengths)

    # Lines

    @once
    def line_bounds(self) -> tuple[Places, Places]:
        """Where each line begins and ends; the documents' lines follow one another."""
        feeds = np.flatnonzero(self.codes == 10)
        return np.concatenate(([0], feeds + 1)), np.append(feeds, len(self.shape))

    @once
    def lines(self) -> list[str]:
        """The lines of `line_bounds`."""
        return self.text.split("\n")

    @once
    def first_line(self) -> Places:
        """The first line of each document, and the number of all lines, ``(documents + 1,)``."""
        starts, _ = self.line_bounds
        return np.append(np.searchsorted(starts, self.starts), len(starts))

    def per_line(self, places: Places) -> Places:
        """How many of some places, in ascending order and none of them a line feed, are in each line of `line_bounds`."""
        starts, _ = self.line_bounds
        found = np.empty(len(starts) + 1, np.intp)
        found[:-1] = np.searchsorted(places, starts)
        found[-1] = len(places)
        return np.diff(found)

    @once
    def first_word_of_line(self) -> Places:
        """The first word of each line, and the number of all words, ``(lines + 1,)``."""
        starts, _ = self.word_bounds
        return np.append(np.searchsorted(starts, self.line_bounds[0]), len(starts))

    @once
    def full(self) -> Places:
        """The lines that hold a word."""
        return np.flatnonzero(np.diff(self.first_word_of_line))

    @once
    def first_full(self) -> Places:
        """The first of each document's lines in `full`, and the number of all, ``(documents + 1,)``."""
        return np.searchsorted(self.full, self.first_line)

    @once
    def full_bounds(self) -> tuple[Places, Places]:
        """Where each line of `full` begins and ends without the blanks at its ends."""
        starts, ends = self.word_bounds
        words = self.first_word_of_line
        return starts[words[self.full]], ends[words[self.full + 1] - 1]

    @once
    def repeated_lines(self) -> tuple[Places, Places]:
        """How many of each document's full lines stood before in it, word for word, and the characters of these."""
        starts, ends = self.full_bounds
        owner = self.documents_at(starts)
        words = self.first_word_of_line
        keys = (stretches(self.word_hashes, words[self.full], words[self.full + 1]) >> np.uint64(16)) | (
            owner.astype(np.uint64) << np.uint64(48)
        )
        order = np.argsort(keys)
        in_order = keys[order]
        again = order[1:][in_order[1:] == in_order[:-1]]
        times = np.bincount(owner[again], minlength=len(self))
        return times, np.bincount(owner[again], (ends - starts)[again], len(self)).astype(np.intp)

    @once
    def that_lower_to_ascii(self) -> Found:
        """Documents with characters beyond ASCII whose small letters are ASCII, or begin with it."""
        found = self.none()
        if not self.shape.isascii() and any(c in self.text for c in _LOWERED):
            for i, document in enumerate(self.documents):
                found[i] = any(c in document.text for c in _LOWERED)
        return found

    # Languages

    @property
    def chinese(self) -> Found:
        """Documents to which the thresholds of Chinese apply; the others are taken for English."""
        if self._chinese is None:
            if self.shape.isascii():
                self._chinese = np.fromiter((d.language == "zh" for d in self.documents), np.bool_, len(self))
            else:
                self._chinese = np.fromiter(
                    (language_of(d) == "zh" for d in self.documents), np.bool_, len(self)
                )
        return self._chinese

    _chinese: Found | None = None

    def set_document(self, i: int, document: Document) -> None:
        """Put in a document of the same text that may have another language."""
        if self.documents[i].language != document.language:
            self._chinese = None
        self.documents[i] = document
