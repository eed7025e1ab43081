"""Every character as one byte that says what the rules need to know of it: ASCII as it is, each other character as its class.

The rules ask some twenty questions of a character: is it a blank, a letter, Chinese, a combining mark, an end of a sentence? Characters of which all the
answers are the same make a class; there are a few dozen. A text written in classes is plain bytes, which Python searches, counts and translates at a
gigabyte a second, and every question becomes a table of 256 places.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning import (
    c4,
    controls,
    encoding,
    fineweb,
    gopher_quality,
    keywords,
    language,
    measures,
    noise,
)
from tutor.data.cleaning.measures import HAN

SIZE = 0x10000
"""Code points that are told apart: the basic plane."""

Flags = NDArray[np.bool_]


@functools.cache
def kinds() -> dict[str, Flags]:
    """The questions, and for every code point the answer, ``(65536,)``."""
    every = "".join(map(chr, range(SIZE)))
    scripts = language.script_table()
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
        "foreign": np.isin(scripts, (ord("o"), ord("a"))),
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
        "around": _flags(language.AROUND),
        "ascii": np.arange(SIZE) < 0x80,
        "latin_lead": _flags(map(chr, range(0xC2, 0xF5))),
        "latin_tail": _flags(c for c in every if encoding.LATIN_PAIR.match("\xc2" + c)),
        "gbk_lead": encoding.gbk_lead_table(),
        "mark": encoding.mark_table(),
        "composes": _composes(),
        "lost": _flags("\ufffd"),
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


def _composes() -> Flags:
    """Characters of which any may keep a text from being in NFC: it has another form, joins with what stands before, or has a place in an order of marks."""
    later = {
        chr(int(code, 16))
        for c in map(chr, range(2 * SIZE))
        if (parts := unicodedata.decomposition(c)) and not parts.startswith("<")
        for code in parts.split()[1:]
    }
    later.update(map(chr, range(0x1161, 0x11C3)))  # vowels and final consonants of Hangul
    return _flags(
        c
        for c in map(chr, range(SIZE))
        if c in later or unicodedata.combining(c) or not unicodedata.is_normalized("NFC", c)
    )


def _flags(characters: Iterable[str]) -> Flags:
    flags = np.zeros(SIZE, np.bool_)
    flags[[ord(c) for c in characters if ord(c) < SIZE]] = True
    return flags
