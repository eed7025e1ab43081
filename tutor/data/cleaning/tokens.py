"""Words and runs of four letters found among all of a batch by table.

Eight bytes read as one number are a word of up to eight letters, exactly; a hash of the number names a place in a table, where the number itself stands
if it is one of those that are looked for.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.language import FUNCTION_WORDS
from tutor.data.cleaning.measures import Places

_BITS = 13

_WORDS = sorted(FUNCTION_WORDS)
WORD_NUMBER = {word: i + 1 for i, word in enumerate(_WORDS)}
"""The number of each function word, from 1."""


def function_words(shape: bytes, starts: Places, lengths: Places) -> NDArray[np.uint8]:
    """Which function word each word of a text is: its number in `WORD_NUMBER`, 0 for none.

    Args:
        shape: The text, a byte a character.
        starts: Where each word begins, ``(words,)``.
        lengths: Characters of each, ``(words,)``.

    Returns:
        ``(words,)``.
    """
    multiplier, numbers, keys = _word_table()
    # Eight bytes from every place on, the first the lowest; the zeros let the last word have eight too.
    eight = np.ndarray((len(shape),), "<u8", shape + bytes(8), strides=(1,))[starts]
    eight &= _MASKS.take(lengths, mode="clip")
    slot = ((eight * multiplier) >> np.uint64(64 - _BITS)).astype(np.intp)
    return np.where(keys[slot] == eight, numbers[slot], 0).astype(np.uint8)


_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)] + [0], np.uint64)
"""The lowest n bytes; none for a word of more than eight."""


@functools.cache
def _word_table() -> tuple[np.uint64, NDArray[np.uint8], NDArray[np.uint64]]:
    """A multiplier under which no two words share a slot, and for each slot a word's number and its letters, ``(slots,)``."""
    letters = np.array([int.from_bytes(word.encode(), "little") for word in _WORDS], np.uint64)
    random = np.random.default_rng(0)
    while True:
        multiplier = random.integers(0, 2**64, dtype=np.uint64) | np.uint64(1)
        slots = (letters * multiplier) >> np.uint64(64 - _BITS)
        if len(np.unique(slots)) == len(slots):
            break
    keys = np.full(1 << _BITS, 2**64 - 1, np.uint64)
    numbers = np.zeros(1 << _BITS, np.uint8)
    keys[slots] = letters
    numbers[slots] = np.arange(1, len(letters) + 1)
    return multiplier, numbers, keys


def places_of_four(text: bytes, table: NDArray[np.bool_], wanted: NDArray[np.uint32]) -> Places:
    """Where some runs of four bytes begin.

    Args:
        text: The bytes.
        table: From `four_table`.
        wanted: The runs as numbers, the first byte the lowest.
    """
    if len(text) < 4:
        return np.empty(0, np.intp)
    four = np.ndarray((len(text) - 3,), "<u4", text, strides=(1,))
    places = np.flatnonzero(table.take((four * _MIX) >> np.uint32(16)))
    return places[np.isin(four[places], wanted)]


_MIX = np.uint32(0x9E3779B1)


def four_table(wanted: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """``(65536,)``: the slots that some numbers fall into."""
    table = np.zeros(1 << 16, np.bool_)
    table[(wanted * _MIX) >> np.uint32(16)] = True
    return table
