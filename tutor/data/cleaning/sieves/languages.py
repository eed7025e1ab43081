"""The sieve of the language rule: which documents are in one language beyond doubt.

The rule goes passage by passage. Here the words, function words and scripts of all passages are counted at once; a document is held back when any passage of
its may be in a third language, or when Chinese and English passages are about as long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Language
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.language import (
    CERTAIN,
    PASSAGE_CHARACTERS,
    PASSAGE_WORDS,
    UNLIKELY,
    LanguageRule,
    identify_passage,
)
from tutor.data.cleaning.rolling import Places
from tutor.data.cleaning.sieved import Found, Sieved, sums

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Passages:
    """The passages of a batch: ``(passages,)`` each.

    Attributes:
        owner: The document that each is in.
        starts: Where it begins.
        ends: Where it ends, not included.
        first_word: Its first word, and the number of all words, ``(passages + 1,)``.
    """

    owner: Places
    starts: Places
    ends: Places
    first_word: Places


def language(rule: LanguageRule, batch: Batch) -> Sieved:
    """The documents to hold back, and the language of the others."""
    if not {"zh", "en"} <= set(rule.wanted):
        return Sieved(~batch.none())
    passages, unclear = _passages(batch)
    english, maybe, other, chinese = _judge(batch, passages)
    held = unclear | batch.odd | ~batch.here
    for i in np.flatnonzero(other).tolist():
        if held[passages.owner[i]]:  # the rule will see to all its passages itself
            continue
        found = identify_passage(batch.text[passages.starts[i] : passages.ends[i]])
        other[i], english[i], chinese[i] = found == "other", found == "en", found == "zh"
        held[passages.owner[i]] = found == "other"
    weight = _bytes(batch, passages)

    def bytes_of(flags: Flags) -> NDArray[np.float64]:
        total = np.bincount(passages.owner[flags], weight[flags], len(batch))
        return total.astype(np.float64)

    en, en_at_most, zh = bytes_of(english), bytes_of(english | maybe), bytes_of(chinese)
    is_en, is_zh = en > zh, zh > en_at_most
    held |= (bytes_of(other) > 0) | ~(is_en | is_zh)
    known: dict[int, Language] = dict.fromkeys(np.flatnonzero(is_en & ~held).tolist(), "en")
    known.update(dict.fromkeys(np.flatnonzero(is_zh & ~held).tolist(), "zh"))
    return Sieved(held, known)


def _passages(batch: Batch) -> tuple[_Passages, Found]:
    """What stands between blank lines, of a document without any its lines; and documents in which a line of other blanks leaves that open."""
    starts, ends = batch.line_bounds
    words = batch.first_word_of_line
    owner = batch.documents_at(starts)
    first = np.zeros(len(starts), np.bool_)
    first[batch.first_line[:-1]] = True
    last = np.append(first[1:], True)
    blank = (words[1:] == words[:-1]) & ~first & ~last
    unclear = batch.none()
    exotic = batch.places("exotic_blank")
    if len(exotic):
        lines = np.searchsorted(ends, exotic)
        unclear[owner[lines[blank[lines]]]] = True
    apart = batch.none()
    apart[owner[blank]] = True
    before_is_blank = np.append(False, blank[:-1])
    begins = np.flatnonzero(first | np.where(apart[owner], before_is_blank & ~blank, True))
    # A passage ends with the last of its lines that is not one of the blank ones behind it.
    full = np.flatnonzero(~blank)
    until = np.append(begins[1:], len(starts))
    last_line = full[np.searchsorted(full, until) - 1]
    first_word = np.append(words[begins], words[-1])
    place = starts[begins]
    after_blanks = before_is_blank[begins] & apart[owner[begins]]
    if after_blanks.any():  # the blanks before the first word belong to the blank lines
        word_starts = np.append(batch.word_bounds[0], len(batch.shape))
        place = np.where(after_blanks, np.minimum(word_starts[first_word[:-1]], ends[last_line]), place)
    return _Passages(owner[begins], place, ends[last_line], first_word), unclear


def _judge(batch: Batch, passages: _Passages) -> tuple[Flags, Flags, Flags, Flags]:
    """Passages that are English; that are English or too short to tell; that may be in another language; that are Chinese."""
    n = np.diff(passages.first_word)
    function = np.flatnonzero(batch.function_words)
    said = np.diff(np.searchsorted(function, passages.first_word))
    enough = n >= PASSAGE_WORDS
    english = enough & (said >= UNLIKELY * n)
    maybe, other = _undecided(batch, passages, n, said, enough & ~english)
    chinese = np.zeros(len(n), np.bool_)
    if not batch.shape.isascii():
        han, foreign, latin = (_count(batch, passages, kind) for kind in ("chinese", "foreign", "latin"))
        letters = 3 * han + foreign
        by_script = (passages.ends - passages.starts < 10 * letters) & (latin <= letters)
        told = by_script & (han + foreign >= PASSAGE_CHARACTERS)
        in_other = by_script & (foreign > 0)  # the rule is asked
        chinese = told & ~in_other
        english, maybe, other = english & ~by_script, maybe & ~by_script, (other & ~by_script) | in_other
    return english, maybe, other, chinese


def _undecided(
    batch: Batch, passages: _Passages, n: Places, said: Places, open_: Flags
) -> tuple[Flags, Flags]:
    """Of passages with few function words those that can only be English or no words at all; and those that may be in another language."""
    maybe, other = np.zeros(len(n), np.bool_), np.zeros(len(n), np.bool_)
    some = np.flatnonzero(open_)
    if not len(some):
        return maybe, other
    # Words of nothing but letters and the signs that stand around words: at least all that the rule takes for words.
    first, last = passages.first_word[some], passages.first_word[some + 1]
    ends_at = np.cumsum(last - first)
    words = np.arange(ends_at[-1]) + np.repeat(first - (ends_at - (last - first)), last - first)
    strange = np.flatnonzero(batch.flags("letter", "around", "blank") == 0)
    starts, ends = batch.word_bounds
    plain = np.searchsorted(strange, starts[words]) == np.searchsorted(strange, ends[words])
    letters = sums(plain, np.append(0, ends_at))
    none = (letters < PASSAGE_WORDS) | (2 * letters < n[some])
    english = said[some] >= CERTAIN * letters
    maybe[some] = english & ~none
    other[some] = ~english & ~none
    return maybe, other


def _count(batch: Batch, passages: _Passages, kind: str) -> Places:
    counted = np.zeros(len(batch.shape) + 1, np.int32)
    np.cumsum(batch.flags(kind), dtype=np.int32, out=counted[1:])
    found: Places = counted[passages.ends] - counted[passages.starts]
    return found


def _bytes(batch: Batch, passages: _Passages) -> Places:
    """Bytes of each passage in UTF-8."""
    lengths = passages.ends - passages.starts
    if batch.shape.isascii():
        return lengths
    return (
        3 * lengths
        - 2 * _count(batch, passages, "ascii")
        - (_count(batch, passages, "two_bytes") - _count(batch, passages, "ascii"))
    )
