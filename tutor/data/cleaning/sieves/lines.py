"""Sieves of rules that judge lines by their ends and lengths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning import c4
from tutor.data.cleaning.base import Outcome
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.c4 import LONGEST_WORD, MIN_CHARACTERS, MIN_WORDS, C4Lines
from tutor.data.cleaning.fineweb import DUPLICATE_CHARACTERS, PUNCTUATED_LINES, SHORT, SHORT_LINES, FineWeb
from tutor.data.cleaning.rolling import Places
from tutor.data.cleaning.sieved import Found, Sieved, sums

Flags = NDArray[np.bool_]


def c4_lines(_: C4Lines, batch: Batch) -> Sieved:
    """Every line ends as it should and has words enough and none too long, and nothing is cited or said of cookies.

    Most documents lose some lines for nothing else than their ends and lengths: those are put together here.
    """
    starts, ends = batch.full_bounds
    if not len(starts):
        return Sieved(batch.none())
    owner = batch.documents_at(starts)
    chinese = batch.chinese[owner]
    last = ends - 1
    codes = batch.codes
    ends_well = batch.are(last, "end_en")
    if chinese.any():
        ends_well = np.where(chinese, batch.are(last, "end_zh"), ends_well)
    if not batch.shape.isascii():  # Chinese: a full ellipsis
        full = batch.are(last, "ellipsis") & batch.are(last - 1, "ellipsis")
        ends_well |= chinese & full & (last > starts)
    dots = (codes[last] == ord(".")) & (codes[last - 1] == ord(".")) & (codes[last - 2] == ord("."))
    ends_well &= ~(dots & (last >= starts + 2))  # those before a shorter line are another one's
    words = batch.first_word_of_line
    enough = words[batch.full + 1] - words[batch.full] >= MIN_WORDS
    if chinese.any():
        blanks = np.flatnonzero(codes == ord(" "))
        visible = ends - starts - (np.searchsorted(blanks, ends) - np.searchsorted(blanks, starts))
        enough = np.where(chinese, visible >= MIN_CHARACTERS, enough)
    special = _cites_or_warns(batch)
    long_words = batch.word_lengths > LONGEST_WORD
    if long_words.any():  # in Chinese, a paragraph is one between blanks
        in_documents = batch.none()
        in_documents[batch.documents_at(batch.word_bounds[0][long_words])] = True
        special |= in_documents & ~batch.chinese
    held = special.copy()
    held[owner[~(ends_well & enough)]] = True
    return Sieved(
        held, outcomes=_without_lines(batch, held & ~special & ~batch.odd & batch.here, ends_well, enough)
    )


def _cites_or_warns(batch: Batch) -> Found:
    found = batch.that_hold(*(sign.encode() for sign in c4.SIGNS), within=batch.lower)
    for i in np.flatnonzero(batch.that_hold(b"[") & ~found).tolist():
        found[i] = c4.CITATION.search(batch.documents[i].text) is not None
    if not batch.shape.isascii():
        # Chinese has no small letters, and phrases with "cookie" hold one of the other signs.
        signs = [sign for sign in c4.ALL_SIGNS if sign.lower() == sign.upper() and sign in batch.text]
        for i in np.flatnonzero(~found).tolist() if signs else []:
            found[i] = any(sign in batch.documents[i].text for sign in signs)
        found |= batch.that_lower_to_ascii
    return found


_DROPPED, _KEPT, _BLANK = 0, 1, 2


def _without_lines(batch: Batch, wanted: Found, ends_well: Flags, enough: Flags) -> dict[int, Outcome]:
    """What is left of some documents without the lines that end badly or have too few words; of several blank lines in a row one stays."""
    state = np.full(len(batch.lines), _BLANK, np.uint8)
    state[batch.full] = np.where(ends_well & enough, _KEPT, _DROPPED)
    owner = batch.documents_at(batch.line_bounds[0])
    stays = np.flatnonzero(state)
    before = np.append(_BLANK, state[stays[:-1]])
    before[np.flatnonzero(np.diff(owner[stays])) + 1] = _BLANK  # another document's
    stays = stays[(state[stays] == _KEPT) | (before == _KEPT)]
    bounds = np.searchsorted(stays, batch.first_line).tolist()
    n_kept = sums(state == _KEPT, batch.first_line).tolist()
    text = np.where(state[stays] == _KEPT, stays, -1).tolist()
    outcomes = {}
    bad_end, short = np.flatnonzero(~ends_well), np.flatnonzero(ends_well & ~enough)
    reasons = [
        (reason, batch.full[lines].tolist(), np.searchsorted(lines, batch.first_full).tolist())
        for reason, lines in (("no_end", bad_end), ("short", short))
    ]
    lines = [*batch.lines, ""]  # the last for -1: a blank line
    for i in np.flatnonzero(wanted).tolist():
        found = [(of[at[i]], reason, at[i + 1] - at[i]) for reason, of, at in reasons if at[i + 1] > at[i]]
        found.sort()  # the reason that comes first in the text
        counts = {reason: times for _, reason, times in found}
        examples = {reason: (lines[line].strip(), "") for line, reason, _ in found}
        if n_kept[i]:
            kept = "\n".join([lines[j] for j in text[bounds[i] : bounds[i + 1]]]).rstrip("\n")
            outcomes[i] = Outcome(kept, counts, examples=examples)
        else:
            outcomes[i] = Outcome(None, counts | {"nothing_left": 1}, examples=examples)
    return outcomes


def fineweb(_rule: FineWeb, batch: Batch) -> Found:
    """Counts of all lines at once."""
    starts, ends = batch.full_bounds
    n = np.diff(batch.first_full)
    lines = np.maximum(n, 1)
    punctuated = sums(batch.are(ends - 1, "end"), batch.first_full) / lines
    limit = np.where(batch.chinese, SHORT["zh"], SHORT["en"])
    short = sums(ends - starts < limit[batch.documents_at(starts)], batch.first_full) / lines
    _, characters = batch.repeated_lines
    again = characters / np.maximum(batch.ends - batch.starts, 1)
    found: Found = (n == 0) | (punctuated <= PUNCTUATED_LINES) | (short >= SHORT_LINES)
    found |= again >= DUPLICATE_CHARACTERS
    return found


def bullets(batch: Batch) -> Places:
    """How many of each document's lines begin with a bullet."""
    starts, _ = batch.full_bounds
    return sums(batch.are(starts, "bullet"), batch.first_full)
