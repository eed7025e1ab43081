"""Every character as one byte that says what the rules need to know of it: ASCII as it is, each other character as its class.

The rules ask some twenty questions of a character: is it a blank, a letter, Chinese, a combining mark, an end of a sentence? Characters of which all the
answers are the same make a class; there are a few dozen. A text written in classes is plain bytes, which Python searches, counts and translates at a
gigabyte a second, and every question becomes a table of 256 places.
"""

from __future__ import annotations

import functools
import string
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
        # What is asked of every text comes first: eight neighbours share a plane.
        "blank": measures.blank_table(),
        "letter": gopher_quality.letter_table(),
        "around": _flags(language.AROUND),
        "word": np.fromiter(map(str.isalnum, every), np.bool_, SIZE),
        "separator": keywords.separator_table() == ord(","),
        "code": _flags(keywords.CODE),
        "stop": _flags(".!?"),
        "digit": _flags(string.digits),
        "invisible": _flags(controls.ANY.findall(every)),
        "sign": _flags(string.punctuation),
        "han": han,
        "rare": noise.rare_table(),
        "latin": scripts == ord("l"),
        "foreign": np.isin(scripts, (ord("o"), ord("a"))),
        "chinese": scripts == ord("h"),
        "end_en": _flags(c4.ENDS["en"]),
        "end_zh": _flags(c4.ENDS["zh"]),
        "end": _flags(fineweb.ENDS),
        "bullet": _flags(gopher_quality.BULLETS),
        "ideograph": _flags(map(chr, range(0x3400, 0xA000))),
        "particle": _flags(keywords.PARTICLES),
        "full_stop": _flags("。！？"),
        "space": _flags(" \n\t"),
        "ellipsis": _flags("…"),
        "exotic_blank": measures.blank_table() & ~_flags(" \n\t"),
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
    answers = np.zeros(SIZE, np.uint64)
    for bit, flags in enumerate(kinds().values()):
        answers |= flags.astype(np.uint64) << np.uint64(bit)
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


@functools.cache
def planes(*names: str) -> tuple[tuple[int, int], ...]:
    """Where to look for characters that are of one of some kinds: each plane that tells some of these, and their bits in it."""
    bits: dict[int, int] = {}
    numbers = {name: number for number, name in enumerate(kinds())}
    for name in names:
        plane, bit = divmod(numbers[name], 8)
        bits[plane] = bits.get(plane, 0) | 1 << bit
    return tuple(bits.items())


@functools.cache
def plane_table(plane: int) -> bytes:
    """256 places: for each class of characters the answers to eight questions, one a bit."""
    found = np.zeros(256, np.uint8)
    for bit, flags in enumerate(list(kinds().values())[8 * plane : 8 * plane + 8]):
        found[classes()[flags]] |= np.uint8(1 << bit)
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
