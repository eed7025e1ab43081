"""Sieves of rules that judge lines by their ends and lengths."""

from __future__ import annotations

import numpy as np

from tutor.data.cleaning import c4
from tutor.data.cleaning.batch import Batch, Found, sums
from tutor.data.cleaning.c4 import MIN_CHARACTERS, MIN_WORDS, C4Lines
from tutor.data.cleaning.fineweb import DUPLICATE_CHARACTERS, PUNCTUATED_LINES, SHORT, SHORT_LINES, FineWeb
from tutor.data.cleaning.measures import Places


def c4_lines(_: C4Lines, batch: Batch) -> Found:
    """Every line ends as it should and has words enough, and nothing is cited or said of cookies."""
    found = batch.none()
    starts, ends = batch.full_bounds
    if not len(starts):
        return found
    owner = batch.documents_at(starts)
    chinese = batch.chinese[owner]
    last = ends - 1
    good = np.where(chinese, batch.flags("end_zh")[last], batch.flags("end_en")[last]).astype(np.bool_)
    codes = batch.codes
    good &= (codes[last] != ord(".")) | (codes[last - 1] != ord(".")) | (codes[last - 2] != ord("."))
    words = batch.first_word_of_line
    enough = words[batch.full + 1] - words[batch.full] >= MIN_WORDS
    if chinese.any():
        blanks = np.flatnonzero(codes == ord(" "))
        visible = ends - starts - (np.searchsorted(blanks, ends) - np.searchsorted(blanks, starts))
        enough = np.where(chinese, visible >= MIN_CHARACTERS, enough)
    found[owner[~(good & enough)]] = True
    for i in np.flatnonzero(batch.that_hold(b"[") & ~found).tolist():
        found[i] = c4.CITATION.search(batch.documents[i].text) is not None
    found |= batch.that_hold(*(sign.encode() for sign in c4.SIGNS), within=batch.lower)
    if not batch.shape.isascii():
        lower = batch.text.lower()
        signs = [sign for sign in c4.ALL_SIGNS if sign in lower]
        for i in np.flatnonzero(~found).tolist() if signs else []:
            lower = batch.documents[i].text.lower()
            found[i] = any(sign in lower for sign in signs)
    return found


def fineweb(_: FineWeb, batch: Batch) -> Found:
    """Counts of all lines at once."""
    starts, ends = batch.full_bounds
    n = np.diff(batch.first_full)
    lines = np.maximum(n, 1)
    punctuated = sums(batch.flags("end")[ends - 1], batch.first_full) / lines
    limit = np.where(batch.chinese, SHORT["zh"], SHORT["en"])
    short = sums(ends - starts < limit[batch.documents_at(starts)], batch.first_full) / lines
    _, characters = batch.repeated_lines
    again = characters / np.maximum(batch.ends - batch.starts, 1)
    return (
        (n == 0)
        | (punctuated <= PUNCTUATED_LINES)
        | (short >= SHORT_LINES)
        | (again >= DUPLICATE_CHARACTERS)
    )


def bullets(batch: Batch) -> Places:
    """How many of each document's lines begin with a bullet."""
    starts, _ = batch.full_bounds
    return sums(batch.flags("bullet")[starts], batch.first_full)
