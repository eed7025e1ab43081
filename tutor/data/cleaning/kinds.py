"""Every character as one byte that says what the rules need to know of it: ASCII as it is, each other character as its class.

The rules ask some twenty questions of a character: is it a blank, a letter, Chinese, a combining mark, an end of a sentence? Characters of which all the
answers are the same make a class; there are a few dozen. A text written in classes is plain bytes, which Python searches, counts and translates at a
gigabyte a second, and every question becomes a table of 256 places.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning import c4, controls, fineweb, gopher_quality, keywords, language, measures, noise
from tutor.data.cleaning.measures import HAN

SIZE = 0x10000
"""Code points that are told apart: the basic plane."""

Flags = NDArray[np.bool_]


@functools.cache
def kinds() -> dict[str, Flags]:
    """The questions, and for every code point the answer, ``(65536,)``."""
    every = "".join(map(chr, range(SIZE)))
    scripts = language._scripts()
    han = np.zeros(SIZE, np.bool_)
    for first, last in HAN:
        han[first : last + 1] = True
    return {
        "blank": measures.blank_table(),
        "letter": gopher_quality.letter_table(),
        "word": np.fromiter(map(str.isalnum, every), np.bool_, SIZE),
        "han": han,
        "rare": noise.rare_table(),
        "latin": scripts == ord("l"),
        "foreign": scripts == ord("o"),
        "chinese": scripts == ord("h"),
        "invisible": _flags(controls.ANY.findall(every)),
        "separator": keywords.separator_table() == ord(","),
        "end_en": _flags(c4.ENDS["en"]),
        "end_zh": _flags(c4.ENDS["zh"]),
        "end": _flags(fineweb.ENDS),
        "bullet": _flags(gopher_quality.BULLETS),
        "ideograph": _flags(map(chr, range(0x3400, 0xA000))),
        "particle": _flags(keywords.PARTICLES),
        "code": _flags(keywords.CODE),
        "full_stop": _flags("。！？"),
        "space": _flags(" \n\t"),
        "ellipsis": _flags("…"),
        "exotic_blank": measures.blank_table() & ~_flags(" \n\t"),
        "around": _flags(language._AROUND),
        "ascii": np.arange(SIZE) < 0x80,
        "two_bytes": np.arange(SIZE) < 0x800,
    }


@functools.cache
def classes() -> NDArray[np.uint8]:
    """``(65536,)``: the byte of each code point, below 128 for ASCII only."""
    answers = np.zeros(SIZE, np.uint32)
    for bit, flags in enumerate(kinds().values()):
        answers |= flags.astype(np.uint32) << np.uint32(bit)
    _, number = np.unique(answers[128:], return_inverse=True)
    if number.max() > 127:
        raise AssertionError(f"{number.max() + 1} classes of characters, more than a byte has room for")
    return np.concatenate((np.arange(128), 128 + number)).astype(np.uint8)


@functools.cache
def table(*names: str) -> bytes:
    """256 places: 1 for each class of characters that is of one of some kinds."""
    found = np.zeros(256, np.uint8)
    for name in names:
        found[classes()[kinds()[name]]] = 1
    return found.tobytes()


def _flags(characters: Iterable[str]) -> Flags:
    flags = np.zeros(SIZE, np.bool_)
    flags[[ord(c) for c in characters if ord(c) < SIZE]] = True
    return flags
