"""Sieves of rules that judge a page as a whole, by counts of its words and n-grams."""

from __future__ import annotations

import numpy as np

from tutor.data.cleaning.batch import Batch, Found
from tutor.data.cleaning.c4 import MIN_SENTENCES, C4Page
from tutor.data.cleaning.gopher_quality import (
    BULLET_LINES,
    CHARACTERS,
    ELLIPSIS_LINES,
    HAN_SHARE,
    LETTER_WORDS,
    MEAN_RUN,
    MEAN_WORD_LENGTH,
    MIN_STOP_WORDS,
    STOP_CHARACTERS,
    STOP_WORDS,
    SYMBOLS_PER_WORD,
    WORDS,
    GopherQuality,
)
from tutor.data.cleaning.gopher_repetition import (
    DUPLICATE_LINE_CHARACTERS,
    DUPLICATE_LINES,
    DUPLICATE_N_GRAMS,
    TOP_N_GRAM,
    GopherRepetition,
)
from tutor.data.cleaning.measures import Places
from tutor.data.cleaning.rolling import Hashes, n_grams, values
from tutor.data.cleaning.sieves.lines import bullets
from tutor.data.cleaning.tokens import WORD_NUMBER

_WIDEST = 120
"""Characters of a word, up to which the length of two fits into a byte."""


def c4_page(_: C4Page, batch: Batch) -> Found:
    """Full stops before a blank are counted; what other ends of sentences there are, the rule counts."""
    codes = batch.codes
    stops = np.flatnonzero((codes[:-1] == ord(".")) & (codes[1:] == ord(" ")))
    few = batch.count(stops)
    if not batch.shape.isascii():
        few = few + batch.count(batch.places("full_stop"))
    return (few < MIN_SENTENCES) | batch.that_hold(b"{") | batch.that_hold(b"lorem ipsum", within=batch.lower)


def gopher_quality(_: GopherQuality, batch: Batch) -> Found:
    """The counts of both languages, those of signs roughly."""
    chinese = batch.chinese
    found = batch.none()
    if not chinese.all():
        found |= _english(batch) & ~chinese
    if chinese.any():
        found |= _chinese(batch) & chinese
    lines = np.maximum(np.diff(batch.first_full), 1)
    found |= bullets(batch) / lines > BULLET_LINES
    return found


def _english(batch: Batch) -> Found:
    n = np.maximum(batch.n_words, 1)
    starts, _ = batch.word_bounds
    mean = batch.per_document(batch.word_lengths) / n
    letters = batch.per_document(batch.flags("letter")[starts]) / n
    return (
        (batch.n_words < WORDS[0])
        | (n > WORDS[1])
        | (mean < MEAN_WORD_LENGTH[0])
        | (mean > MEAN_WORD_LENGTH[1])
        | (letters < LETTER_WORDS)
        | (_stop_words(batch) < MIN_STOP_WORDS)
        | _signs(batch, n)
    )


def _stop_words(batch: Batch) -> Places:
    """How many different stop words each document has."""
    number = batch.function_words
    seen = np.zeros(len(batch), np.intp)
    for word in STOP_WORDS:
        seen += batch.per_document(number == WORD_NUMBER[word]) > 0
    return seen


def _signs(batch: Batch, n: Places) -> Found:
    """Documents with too many hash signs or ellipses for n words, or with lines that may end in too many ellipses."""
    hashes = batch.count(np.flatnonzero(batch.codes == ord("#")))
    ellipses = np.zeros(len(batch), np.intp)
    holding = batch.that_hold(b"...")
    if not batch.shape.isascii():
        holding = holding | batch.that_hold(b"\1", within=batch.flags("ellipsis").tobytes())
    for i in np.flatnonzero(holding).tolist():
        text = batch.documents[i].text
        ellipses[i] = text.count("...") + text.count("…")
    lines = np.maximum(np.diff(batch.first_full), 1)
    return (np.maximum(hashes, ellipses) / n > SYMBOLS_PER_WORD) | (ellipses / lines > ELLIPSIS_LINES)


def _chinese(batch: Batch) -> Found:
    flags = batch.flags("han").view(np.bool_)
    n = batch.total(flags)
    before = np.append(False, flags[:-1])
    runs = np.maximum(batch.count(np.flatnonzero(flags & ~before)), 1)
    visible = np.maximum(batch.total(~batch.flags("space").view(np.bool_)), 1)
    mean = n / runs
    share = n / visible
    seen = np.array([sum(character in d.text for character in STOP_CHARACTERS) for d in batch.documents])
    return (
        (n < CHARACTERS[0])
        | (n > CHARACTERS[1])
        | (mean < MEAN_RUN[0])
        | (mean > MEAN_RUN[1])
        | (share < HAN_SHARE)
        | (seen < MIN_STOP_WORDS)
        | _signs(batch, np.maximum(visible // 2, 1))
    )


def gopher_repetition(_: GopherRepetition, batch: Batch) -> Found:
    """Repeated lines, the pair of words that holds most, and repeated runs of five."""
    repeats, characters = batch.repeated_lines
    lines = np.maximum(np.diff(batch.first_full), 1)
    total = np.maximum(batch.ends - batch.starts, 1)
    found = (repeats / lines > DUPLICATE_LINES) | (characters / total > DUPLICATE_LINE_CHARACTERS)
    for i in np.flatnonzero((repeats > 0) & ~found).tolist():
        found[i] = "\n\n" in batch.documents[i].text
    chinese = batch.chinese
    if not chinese.all():
        found |= _words_repeat(batch) & ~chinese
    if chinese.any():
        found |= _characters_repeat(batch) & chinese
    return found


def _words_repeat(batch: Batch) -> Found:
    lengths = batch.word_lengths
    owner = np.repeat(np.arange(len(batch)), batch.n_words)
    total = batch.per_document(lengths)
    longest = np.zeros(len(batch), np.intp)
    some = np.flatnonzero(batch.n_words)
    if len(some):
        longest[some] = np.maximum.reduceat(lengths, batch.first_word[some])
    pairs = n_grams(batch.word_hashes, 2)
    best = _best(pairs, owner[: len(pairs)], lengths[:-1] + lengths[1:], len(batch))
    five = n_grams(batch.word_hashes, 5)
    again = _repeated(five, owner[: len(five)], len(batch))
    return (
        (2 * best > min(TOP_N_GRAM.values()) * total)
        | (again * 5 * longest > min(DUPLICATE_N_GRAMS.values()) * total)
        | (longest > _WIDEST)
    )


def _characters_repeat(batch: Batch) -> Found:
    visible = batch.visible
    owner = batch.documents_at(visible)
    total = np.bincount(owner, minlength=len(batch))
    units = values(batch.code_points[visible])
    pairs = n_grams(units, 4)
    best = _best(pairs, owner[: len(pairs)], np.full(len(pairs), 4), len(batch))
    five = n_grams(units, 10)
    again = _repeated(five, owner[: len(five)], len(batch))
    return (2 * best > min(TOP_N_GRAM.values()) * total) | (again * 10 > min(DUPLICATE_N_GRAMS.values()) * total)


def _best(hashes: Hashes, owner: Places, lengths: Places, n: int) -> Places:
    """Characters of the n-gram that holds most in each document, of those that stand there twice."""
    most = np.zeros(n, np.intp)
    keys = np.sort(_keyed(hashes, owner, lengths))
    ends = np.flatnonzero(np.append(keys[1:] != keys[:-1], True))
    times = np.diff(ends, prepend=-1)
    twice = times > 1
    found = keys[ends[twice]]
    np.maximum.at(most, (found >> np.uint64(48)).astype(np.intp), times[twice] * (found & np.uint64(0xFF)).astype(np.intp))
    return most


def _repeated(hashes: Hashes, owner: Places, n: int) -> Places:
    """How many n-grams of each document stood there before."""
    keys = np.sort(_keyed(hashes, owner, 0))
    again = keys[1:][keys[1:] == keys[:-1]]
    return np.bincount((again >> np.uint64(48)).astype(np.intp), minlength=n)


def _keyed(hashes: Hashes, owner: Places, lengths: Places | int) -> Hashes:
    """Hashes of n-grams with the document in front (16 bits), and the length behind (8 bits), so that sorting tells the documents apart."""
    middle = (hashes >> np.uint64(16)) & ~np.uint64(0xFF)
    return middle | (owner.astype(np.uint64) << np.uint64(48)) | np.asarray(lengths).astype(np.uint64)

