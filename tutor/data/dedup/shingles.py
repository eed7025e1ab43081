"""Texts as sets of shingles: overlapping runs of tokens, the grain at which near-duplicates are compared.

Two copies of a page differ in a date, a menu, a comma. Cut into every run of five words, the copies still share nearly all
runs, while two different pages on one subject share hardly any: five words in a row seldom recur by chance. So the question
"are these nearly the same text?" becomes "how much do two sets overlap?", and the measure of that is the Jaccard similarity
of Broder, *On the resemblance and containment of documents* (1997).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Fingerprints = NDArray[np.uint64]
"""64-bit numbers that stand for shingles, in the order of the text, repeats included: (shingles,)."""

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")

_ASCII_TOKEN = re.compile(r"[a-z0-9]+")  # finds the same in such a text, in half the time
_KNOWN_TOKENS = 200_000
"""Tokens whose numbers are remembered: some 40 MB at the most, and enough for nearly every word that comes twice."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
"""The odd number that the places of a shingle's tokens are told apart by: 2^64 divided by the golden ratio."""


def normalised(text: str) -> str:
    """A text without what two copies of it may differ in unseen: letter case, full-width letters, ligatures (NFKC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.lower()


def tokens(text: str) -> list[str]:
    """What a shingle is counted in: a word, or one Chinese character. Punctuation and layout carry no tokens.

    Chinese writes no spaces between its words. A run of characters does for it what a run of words does for English, and
    needs no dictionary.
    """
    plain = normalised(text)
    return (_ASCII_TOKEN if plain.isascii() else _TOKEN).findall(plain)


def shingles(text: str, size: int) -> Fingerprints:
    """The fingerprints of every run of ``size`` tokens. A text of fewer is one shingle, so that it can be compared, too."""
    found = tokens(text)
    if not found:
        return np.empty(0, np.uint64)
    words = np.fromiter(map(_token_hash, found), np.uint64, len(found))
    size = min(size, len(found))
    count = len(found) - size + 1
    # The value of the polynomial with the tokens as coefficients, modulo 2^64: the order of tokens counts.
    runs = words[:count].copy()
    for place in range(1, size):
        runs *= _BASE
        runs += words[place : place + count]
    return mixed(runs)


def mixed(values: Fingerprints) -> Fingerprints:
    """Numbers whose every bit depends on every bit of what went in: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def text_hash(text: str) -> int:
    """A 64-bit number for a text. Python's own ``hash`` gives another one in every process: two workers could not compare what they found."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


_token_hash = functools.lru_cache(_KNOWN_TOKENS)(text_hash)
