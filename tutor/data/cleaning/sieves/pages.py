"""Sieves of rules that judge a page as a whole, by counts of its words and n-grams."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Outcome
from tutor.data.cleaning.batch import Batch
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
    repeated_paragraphs,
)
from tutor.data.cleaning.rolling import Hashes, Places, n_grams, n_grams_at, twins, values
from tutor.data.cleaning.sieved import Found, Sieved
from tutor.data.cleaning.sieves.lines import bullets
from tutor.data.cleaning.tokens import WORD_NUMBER


def c4_page(_: C4Page, batch: Batch) -> Found:
    """Marks before a blank are counted; those with quotes or brackets between, the rule counts."""
    marks = batch.places("stop")
    after = np.minimum(marks + 1, len(batch.shape) - 1)
    few = batch.count(marks[batch.are(after, "blank") | (after == marks)])
    if not batch.shape.isascii():
        few = few + batch.count(batch.places("full_stop"))
    return (few < MIN_SENTENCES) | batch.that_hold(b"{") | batch.that_hold(b"lorem ipsum", within=batch.lower)


def gopher_quality(_: GopherQuality, batch: Batch) -> Sieved:
    """The counts of both languages, those of signs roughly."""
    chinese = batch.chinese
    found = batch.none()
    n = batch.n_words
    wrong = ~chinese & ((n < WORDS[0]) | (n > WORDS[1])) & ~batch.odd
    outcomes = {i: Outcome(None, {"length": 1}, float(n[i])) for i in np.flatnonzero(wrong).tolist()}
    if not chinese.all():
        found |= _english(batch) & ~chinese
    if chinese.any():
        found |= _chinese(batch) & chinese
    lines = np.maximum(np.diff(batch.first_full), 1)
    found |= bullets(batch) / lines > BULLET_LINES
    return Sieved(found, outcomes=outcomes)


def _english(batch: Batch) -> Found:
    n = np.maximum(batch.n_words, 1)
    starts, _ = batch.word_bounds
    mean = batch.per_document(batch.word_lengths) / n
    letters = batch.per_document(batch.are(starts, "letter")) / n
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
    seen = np.zeros(len(batch), np.intp)
    some = np.flatnonzero(batch.n_words)
    if len(some):
        bits = _stop_word_bits().take(batch.function_words)
        together = np.bitwise_or.reduceat(bits, batch.first_word[some])
        seen[some] = np.unpackbits(together[:, None], axis=1).sum(axis=1)
    return seen


@functools.cache
def _stop_word_bits() -> NDArray[np.uint8]:
    """``(256,)``: by the number of a function word, a bit of its own for each stop word."""
    bits = np.zeros(256, np.uint8)
    bits[[WORD_NUMBER[word] for word in STOP_WORDS]] = 1 << np.arange(len(STOP_WORDS))
    return bits


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
        found[i] = repeated_paragraphs(batch.documents[i].text) is not None
    chinese = batch.chinese
    if not chinese.all():
        found |= _words_repeat(batch) & ~chinese
    if chinese.any():
        found |= _characters_repeat(batch) & chinese
    return found


def _words_repeat(batch: Batch) -> Found:
    still = np.repeat(batch.here, batch.n_words)  # many have been removed by now
    lengths = batch.word_lengths[still]
    n = batch.n_words * batch.here
    return _repeats(batch.word_hashes[still], 1, n, lengths, batch.per_document(batch.word_lengths))


def _characters_repeat(batch: Batch) -> Found:
    visible = batch.visible
    n = batch.count(visible)
    units = values(batch.code_points[visible[np.repeat(batch.here, n)]])
    return _repeats(units, 2, n * batch.here, None, n)


def _repeats(units: Hashes, size: int, n: Places, lengths: Places | None, total: Places) -> Found:
    """Documents of which n-grams may hold too many characters: some documents at a time, so that `twins` has slots enough."""
    ends = np.cumsum(n)
    found: list[Found] = []
    first = start = 0
    while first < len(n):
        last = max(first + 1, int(np.searchsorted(ends, start + _UNITS, "right")))
        end = int(ends[last - 1])
        here = None if lengths is None else lengths[start:end]
        found.append(_some_repeat(units[start:end], size, n[first:last], here, total[first:last]))
        first, start = last, end
    return np.concatenate(found)


def _some_repeat(units: Hashes, size: int, n: Places, lengths: Places | None, total: Places) -> Found:
    """Documents of which n-grams may hold too many characters.

    Args:
        units: As `tutor.data.cleaning.measures.Units` has them, of all documents.
        size: Units of a word.
        n: Units of each document.
        lengths: Characters of each unit; None: one.
        total: Characters of all units of each document.
    """
    found = np.zeros(len(n), np.bool_)
    if len(units) < 2 * size:
        return found
    owner = np.repeat(np.arange(len(n)), n)
    apart = owner.view(np.uint64) * _APART
    pairs = n_grams(units, 2 * size)
    # A multiple of the document's number, so that only pairs of one document can be equal.
    pairs += apart[: len(pairs)]
    shared = twins(pairs)
    characters = np.arange(len(units) + 1) if lengths is None else np.append(0, np.cumsum(lengths))
    longest = 1 if lengths is None else _most(lengths, np.append(0, np.cumsum(n)))
    may, most = np.ones(len(n), np.bool_), np.zeros(len(n), np.intp)
    for words, limit in TOP_N_GRAM.items():
        places = _in_a_row(shared, words, size)
        places = places[may[owner[places]]]
        hashes = pairs[places] if words == 2 else n_grams_at(units, words * size, places) + apart[places]
        slots = (hashes >> np.uint64(48)).view(np.intp)
        # How often an n-gram stands there is at most how often its slot is named.
        times = np.bincount(slots, minlength=1)[slots]
        held = times * (characters[places + words * size] - characters[places])
        here = owner[places]
        found[here[(times > 1) & (held > limit * total[here])]] = True
        # With one word more none stands there more often.
        most = np.where(may, _most(times, np.searchsorted(here, np.arange(len(n) + 1))), most)
        may = most * longest * ((words + 1) * size) > TOP_N_GRAM.get(words + 1, 1) * total
    places = _in_a_row(shared, 5, size)
    fives = n_grams_at(units, 5 * size, places) + apart[places]
    order = np.argsort(fives, kind="stable")
    again = places[order[1:][fives[order[1:]] == fives[order[:-1]]]]
    covered = np.bincount(again, minlength=len(units) + 1) - np.bincount(
        again + 5 * size, minlength=len(units) + 1
    )
    under = np.flatnonzero(np.cumsum(covered[:-1]))
    held = np.bincount(owner[under], None if lengths is None else lengths[under], len(n))
    found |= held > min(DUPLICATE_N_GRAMS.values()) * total
    return found


def _most(numbers: Places, bounds: Places) -> Places:
    """The largest number of each stretch, 0 for an empty one."""
    found = np.zeros(len(bounds) - 1, np.intp)
    some = np.flatnonzero(np.diff(bounds))
    if len(some):
        found[some] = np.maximum.reduceat(numbers, bounds[some])
    return found


def _in_a_row(shared: NDArray[np.bool_], words: int, size: int) -> Places:
    """Where n-grams of some words begin of which all pairs may stand there twice: so do those of n-grams that stand there twice."""
    last = max(0, len(shared) - (words - 2) * size)
    found = shared[:last]
    for after in range(size, (words - 2) * size + 1, size):
        found = found & shared[after : last + after]
    return np.flatnonzero(found)


_APART = np.uint64(0xD6E8FEB86659FD93)
"""Odd, with well-mixed bits."""

_UNITS = 1 << 15
"""Units that are compared at once, about."""
