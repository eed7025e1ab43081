"""Sieves that look for words and phrases."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.keywords import FUNCTION, ITEMS, Keywords, is_keyword_list
from tutor.data.cleaning.repeats import LONGEST, SHORTEST, TIMES, Repeats
from tutor.data.cleaning.rolling import Places
from tutor.data.cleaning.sieved import Found
from tutor.data.cleaning.spam import CHARACTERS_A_PHRASE, IN_A_PASSAGE, PHRASES, Spam
from tutor.data.cleaning.tokens import Table, fours

SPREAD = 4 * CHARACTERS_A_PHRASE
"""Characters in which three phrases of an English passage of spam begin, at most: see `spam`."""


def keywords(_: Keywords, batch: Batch) -> Found:
    """Lines with separators enough, none of the signs of code, and too few function words for prose."""
    found = batch.none()
    starts, ends = batch.line_bounds
    separators = batch.per_line(batch.places("separator"))
    listed = np.flatnonzero((separators >= ITEMS - 1) & (ends - starts > 20))
    code = batch.flags("code").tobytes()
    bounds = zip(starts[listed].tolist(), ends[listed].tolist(), strict=True)
    listed = listed[np.fromiter((code.find(b"\1", a, b) < 0 for a, b in bounds), np.bool_, len(listed))]
    if not len(listed):
        return found
    starts, ends = starts[listed], ends[listed]
    # A word between blanks that is a function word is one of the rule's words too; of these there are as many as runs of letters and figures.
    words = batch.first_word_of_line
    function = np.flatnonzero(batch.function_words)
    said = np.searchsorted(function, words[listed + 1]) - np.searchsorted(function, words[listed])
    letters = batch.flags("word")
    begins = np.flatnonzero(letters[1:] > letters[:-1]) + 1
    runs = np.searchsorted(begins, ends) - np.searchsorted(begins, starts) + 1
    prose = said > FUNCTION * runs
    if not batch.shape.isascii():
        ideographs, particles = (batch.flags(kind).view(np.bool_) for kind in ("ideograph", "particle"))
        for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            han = np.count_nonzero(ideographs[start:end])
            if han > (end - start) / 3:
                prose[i] = np.count_nonzero(particles[start:end]) > FUNCTION * han / 2
    for start, end in zip(starts[~prose].tolist(), ends[~prose].tolist(), strict=True):
        if is_keyword_list(batch.text[start:end]):
            found[batch.document_at(start)] = True
    return found | batch.that_lower_to_ascii


def spam(_: Spam, batch: Batch) -> Found:
    """Three phrases close together, each known by a few of its letters.

    A passage of L characters needs k phrases, at least 3 and at least one for each 200 characters (`CHARACTERS_A_PHRASE`). Of k places in L characters some
    three in a row lie within L / ⌊(k - 1) / 2⌋, which is 800 at the most (k = 4). What is not ASCII weighs at least two thirds of a character.
    """
    spread = SPREAD if batch.shape.isascii() else SPREAD * 3 // 2
    hits = _phrases(batch.lower, spread)
    if not batch.shape.isascii():
        codes = batch.code_points.astype(np.uint32, copy=False)
        chinese = _characters().find((codes[:-1] << np.uint32(16)) | (codes[1:] & np.uint32(0xFFFF)))
        hits = sorted([*hits, *chinese.tolist()])
    n = IN_A_PASSAGE - 1
    close = [first for first, last in zip(hits, hits[n:], strict=False) if last - first <= spread]
    found = batch.none()
    found[batch.documents_at(np.array(close, np.intp))] = True
    return found | batch.that_lower_to_ascii


def _phrases(lower: bytes, spread: int) -> list[int]:
    """Where English phrases stand, in order; of one with a character that is not ASCII, four letters of it.

    Places that have no other two near may be left out.
    """
    by_four = _by_four()
    places = _letters().find(fours(lower))
    if lower.isascii():
        close = places[IN_A_PASSAGE - 1 :] - places[: -IN_A_PASSAGE + 1] <= spread
        near = np.zeros(len(places), np.bool_)
        for i in range(IN_A_PASSAGE):
            near[i : i + len(close)] |= close
        places = places[near]
    return [
        place
        for place in places.tolist()
        if any(
            lower.startswith(phrase, place - before) for before, phrase in by_four[lower[place : place + 4]]
        )
    ]


@functools.cache
def _by_four() -> dict[bytes, list[tuple[int, bytes]]]:
    """The English phrases by four letters of theirs that are seldom neighbours, with how many stand before these."""
    phrases: dict[bytes, list[tuple[int, bytes]]] = {}
    for phrase in PHRASES:
        runs = [phrase[i : i + 4] for i in range(len(phrase) - 3) if phrase[i : i + 4].isascii()]
        if runs:
            four = next((four for four in _FOURS if four in runs), runs[0])
            known = (phrase.find(four), phrase.encode()) if phrase.isascii() else (0, four.encode())
            phrases.setdefault(four.encode(), []).append(known)
    return phrases


@functools.cache
def _letters() -> Table:
    """The keys of `_by_four` as numbers."""
    return Table(np.array(sorted(int.from_bytes(four, "little") for four in _by_four()), np.uint32), 16)


@functools.cache
def _characters() -> Table:
    """The first two characters of each Chinese phrase, as one number."""
    pairs = {
        ord(p[0]) << 16 | ord(p[1])
        for p in PHRASES
        if not any(p[i : i + 4].isascii() for i in range(len(p) - 3))
    }
    return Table(np.array(sorted(pairs), np.uint32), 16)


_FOURS = (
    "ap p", "appy", "ar y", "cart", "ck h", "clai", "cred", "ct n", "d ti", "eals", "ee q", "eliv", "gn u", "hipp", "hurr", "ibe ", "in y", "isco", "isfa", "isk-",
    "k be", "ll n", "ll u", "ney-", "nsul", "obli", "offe", "ok n", "onli", "op r", "op-r", "pply", "pric", "r no", "risk", "rk f", "shop", "st q", "stoc", "t mi", "'t m",
    "teed", "toda", "tria", "trus", "unbe", "uppl", "usiv", "uy n", "ve u", "winn", "y ba", "% of",
)  # fmt: skip
"""Four letters in a row of every English phrase, which prose has seldom (counted in the reference of Python and the course)."""


def repeats(_: Repeats, batch: Batch) -> Found:
    """Of every so many units the first: a phrase of that many, four times in a row, shows as four equal ones."""
    chinese = batch.chinese
    found = batch.none()
    if not chinese.all():
        places = _fours(batch.word_hashes, SHORTEST["en"], LONGEST["en"])
        starts, _ends = batch.word_bounds
        found[batch.documents_at(starts[places])] = True
        found &= ~chinese
    if chinese.any():
        places = batch.visible[_fours(batch.code_points[batch.visible], SHORTEST["zh"], LONGEST["zh"])]
        here = batch.none()
        here[batch.documents_at(places)] = True
        found |= here & chinese
    return found


def _fours(units: NDArray[np.unsignedinteger], shortest: int, longest: int) -> Places:
    """Places of units that are equal to those one, two and three periods later, looked for at each period's multiples."""
    found = [np.empty(0, np.intp)]
    for period in range(shortest, longest + 1):
        some = units[::period]
        same = some[1:] == some[:-1]
        row = same[: 1 - TIMES + 1].copy() if len(same) >= TIMES - 1 else same[:0].copy()
        for later in range(1, TIMES - 1):
            row &= same[later : len(row) + later]
        found.append(np.flatnonzero(row) * period)
    return np.concatenate(found)
