"""Words and runs of four letters found among all of a batch by table.

Eight bytes read as one number are a word of up to eight letters, exactly; a hash of the number names a place in a table, where the number itself stands
if it is one of those that are looked for.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.language import FUNCTION_WORDS
from tutor.data.cleaning.rolling import Hashes, Places, mix, stretches

_WORDS = sorted(FUNCTION_WORDS)
WORD_NUMBER = {word: i + 1 for i, word in enumerate(_WORDS)}
"""The number of each function word, from 1."""


Numbers = NDArray[np.unsignedinteger[Any]]


class Table:
    """Numbers that are looked for among many.

    A multiplication mixes the bits of a number, and the highest of them name its slot. The multiplier is one under which no two of the numbers looked for
    share a slot, so that one comparison tells.

    Attributes:
        bits: Of the number of slots.
        keys: In its slot each number that is looked for; in all others one that belongs elsewhere, ``(slots,)``.
        places: In the slot of each the place that it has among them, from 1; 0 in all others, ``(slots,)``.
    """

    def __init__(self, wanted: Numbers, bits: int) -> None:
        self.bits = bits
        kind: Any = wanted.dtype.type
        self._shift: Any = kind(8 * wanted.dtype.itemsize - bits)
        random = np.random.default_rng(0)
        while True:
            self._multiplier: Any = random.integers(0, np.iinfo(kind).max, dtype=kind, endpoint=True) | kind(
                1
            )
            slots = self.slots(wanted)
            if len(np.unique(slots)) == len(slots):
                break
        free = next(n for n in range(len(wanted) + 1) if n not in wanted)
        self.keys: Numbers = np.full(1 << bits, free, kind)
        self.places = np.zeros(1 << bits, np.uint8)
        self.keys[slots] = wanted
        self.places[slots] = np.arange(1, len(wanted) + 1)

    def slots(self, numbers: Numbers) -> Numbers:
        """The slot of each number."""
        slots: Numbers = (numbers * self._multiplier) >> self._shift
        return slots

    def look_up(self, numbers: Numbers) -> NDArray[np.uint8]:
        """For each of some numbers its place among those that are looked for, from 1; 0: it is none of them."""
        slots = self.slots(numbers)
        found: NDArray[np.uint8] = self.places.take(slots) * (self.keys.take(slots) == numbers)
        return found

    def find(self, numbers: Numbers) -> Places:
        """Where in a sequence the numbers stand that are looked for; most are not."""
        places = np.flatnonzero(self.places.view(np.bool_).take(self.slots(numbers)))
        found = numbers[places]
        sure: Places = places[self.keys.take(self.slots(found)) == found]
        return sure


def heads(shape: bytes, starts: Places, lengths: Places) -> Hashes:
    """The first eight bytes of each word as one number, the first the lowest; of a shorter word all, and zeros.

    Args:
        shape: The text, a byte a character.
        starts: Where each word begins, ``(words,)``.
        lengths: Characters of each, ``(words,)``.

    Returns:
        ``(words,)``.
    """
    found = _eights(shape)[starts]
    found &= _MASKS.take(lengths, mode="clip")
    return found


def _eights(shape: bytes) -> Hashes:
    """Eight bytes from every place on as one number; the zeros let the last place have eight, too."""
    return np.ndarray((len(shape),), "<u8", shape + bytes(8), strides=(1,))


def function_words(heads: Hashes, lengths: Places) -> NDArray[np.uint8]:
    """Which function word each word of a text is: its number in `WORD_NUMBER`, 0 for none.

    Args:
        heads: As `heads` has them, ``(words,)``.
        lengths: Characters of each, ``(words,)``.

    Returns:
        ``(words,)``.
    """
    return _word_table().look_up(heads) * (lengths <= 8)


def hashes(shape: bytes, heads: Hashes, starts: Places, ends: Places) -> Hashes:
    """A hash of 64 mixed bits of each word of an ASCII text: of a short one its head, mixed; of others eight bytes after eight.

    Args:
        shape: The text, a byte a character.
        heads: As `heads` has them, ``(words,)``.
        starts: Where each word begins, ``(words,)``.
        ends: Where it ends, not included.

    Returns:
        ``(words,)``; two that read alike have the same.
    """
    found = mix(heads)
    lengths = ends - starts
    eights = _eights(shape)
    for done in range(8, _LONG, 8):
        longer = np.flatnonzero(lengths > done)
        if not len(longer):
            return found
        more = eights[starts[longer] + done] & _MASKS.take(lengths[longer] - done, mode="clip")
        found[longer] = mix(found[longer] + more)
    long = np.flatnonzero(lengths > _LONG)
    found[long] = stretches(np.frombuffer(shape, np.uint8), starts[long], ends[long])
    return found


_LONG = 64
"""Characters of a word that are taken eight by eight: one pass over the words for each eight."""

_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
"""The lowest n bytes."""


@functools.cache
def _word_table() -> Table:
    return Table(np.array([int.from_bytes(word.encode(), "little") for word in _WORDS], np.uint64), 13)


def fours(text: bytes) -> NDArray[np.uint32]:
    """Every four neighbouring bytes as one number, the first the lowest, ``(characters - 3,)``."""
    found: NDArray[np.uint32] = np.ndarray((max(0, len(text) - 3),), "<u4", text, strides=(1,))
    return found
