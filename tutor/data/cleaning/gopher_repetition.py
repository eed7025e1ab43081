"""The repetition rules of MassiveText: does this page say the same again and again? (Rae et al. 2021, appendix A.1.1, table A1.)

A line, paragraph or n-gram is a duplicate when the same stood before it: the first one doesn't count (the paper leaves that open; the
widely used datatrove reads it so). Characters of overlapping n-grams are counted once, characters of a word without the blanks around it. The most frequent n-gram must
stand there twice: of a text of eight words, any four hold more than 16%.

Chinese: a word is about two characters, so the n-grams are of 2n characters, blanks left out, with the same thresholds.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from tutor.data.cleaning.base import Document, Language, Outcome, unchanged
from tutor.data.cleaning.measures import Measures, Units, language_of, measure
from tutor.data.cleaning.rolling import Hashes, Places
from tutor.text import Text

DUPLICATE_LINES = 0.30
DUPLICATE_PARAGRAPHS = 0.30
DUPLICATE_LINE_CHARACTERS = 0.20
DUPLICATE_PARAGRAPH_CHARACTERS = 0.20
TOP_N_GRAM = {2: 0.20, 3: 0.18, 4: 0.16}
"""Share of the characters that the most frequent n-gram may hold, by n."""

DUPLICATE_N_GRAMS = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}
"""Share of the characters that duplicate n-grams may hold, by n."""


class GopherRepetition:
    """Removes documents with too many repeated lines, paragraphs or runs of words."""

    id = "gopher_repetition"
    title = Text("Gopher：重复", "Gopher: repetition")
    reasons = {  # noqa: RUF012
        "lines": Text("重复的行超过 30%", "more than 30% of lines are repeats"),
        "paragraphs": Text("重复的段落超过 30%", "more than 30% of paragraphs are repeats"),
        "line_characters": Text("重复行的字符超过 20%", "repeated lines hold more than 20% of characters"),
        "paragraph_characters": Text(
            "重复段落的字符超过 20%", "repeated paragraphs hold more than 20% of characters"
        ),
        "top_n_gram": Text(
            "最常见的 2/3/4 元词组占字符的 20/18/16% 以上",
            "the most frequent 2-, 3- or 4-gram holds more than 20, 18 or 16% of characters",
        ),
        "n_grams": Text(
            "重复的词组占字符太多：5 元超过 15%，逐级到 10 元超过 10%",
            "repeated 5-grams hold more than 15% of characters, or longer ones too many, down to 10% for 10-grams",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        """Keep or remove."""
        found = measure(document.text)
        verdict = _lines(found) or _n_grams(found, language_of(document))
        if verdict is None:
            return unchanged(document.text)
        return Outcome(None, {verdict[0]: 1}, verdict[1])


def _lines(found: Measures) -> tuple[str, float] | None:
    text = found.text
    total = max(1, len(text))
    lines = found.full_lines
    repeats, characters = _repeats(lines)
    if repeats > DUPLICATE_LINES * len(lines):
        return "lines", repeats / len(lines)
    if characters > DUPLICATE_LINE_CHARACTERS * total:
        return "line_characters", characters / total
    if not repeats or "\n\n" not in text:  # a repeated paragraph repeats its lines
        return None
    paragraphs = [stripped for part in text.split("\n\n") if (stripped := part.strip())]
    repeats, characters = _repeats(paragraphs)
    if repeats > DUPLICATE_PARAGRAPHS * len(paragraphs):
        return "paragraphs", repeats / len(paragraphs)
    if characters > DUPLICATE_PARAGRAPH_CHARACTERS * total:
        return "paragraph_characters", characters / total
    return None


def _repeats(parts: list[str]) -> tuple[int, int]:
    """How many parts stood before, and their characters."""
    if len(set(parts)) == len(parts):
        return 0, 0
    times = Counter(parts)
    return len(parts) - len(times), sum((n - 1) * len(part) for part, n in times.items() if n > 1)


def _n_grams(found: Measures, language: Language) -> tuple[str, float] | None:
    units = found.units(language)
    return _top_n_gram(units) or _duplicate_n_grams(units)


def _top_n_gram(units: Units) -> tuple[str, float] | None:
    total, size = units.characters, units.size
    if len(units.hashes) <= 2 * size:
        return None
    # An n-gram of up to four words is covered by its first and its last pair, and stands no more often than they: most texts are done with here.
    best = _best_pair(units)
    if 2 * best <= min(TOP_N_GRAM.values()) * total:
        return None
    times = len(units.hashes)
    ends = np.concatenate(([0], np.cumsum(units.lengths)))
    for n, limit in TOP_N_GRAM.items():
        width = n * size
        if len(ends) <= width + 1:
            return None
        if min(2, n - 1) * best <= limit * total:
            continue
        # No n-gram of three words stands more often than the best of two.
        longest = int((ends[width:] - ends[:-width]).max())
        if times * longest <= limit * total:
            continue
        times, characters = _top(units.n_grams(n), ends, width, limit * total / longest)
        if times * characters > limit * total:
            return "top_n_gram", times * characters / total
    return None


def _duplicate_n_grams(units: Units) -> tuple[str, float] | None:
    # What longer n-grams cover, shorter ones cover too: the share of five words is the largest.
    total, size = units.characters, units.size
    smallest = min(DUPLICATE_N_GRAMS.values())
    if units.five_repeated * 5 * size * units.longest <= smallest * total:
        return None
    for n, limit in DUPLICATE_N_GRAMS.items():
        share = _covered(units.five if n == 5 else units.n_grams(n), n * size, units.lengths) / total
        if share > limit:
            return "n_grams", share
        if share <= smallest:
            return None
    return None


def _best_pair(units: Units) -> int:
    """Characters that the pair of neighbouring words holds which holds most, of those that stand there twice or more; overlaps count twice."""
    pairs = units.n_grams(2)
    if units.size > 1:  # all of one length
        in_order = np.sort(pairs)
        same = np.flatnonzero(in_order[1:] == in_order[:-1])
        sizes = np.full(len(same), 2 * units.size)
    else:
        order = np.argsort(pairs, kind="stable")
        in_order = pairs[order]
        same = np.flatnonzero(in_order[1:] == in_order[:-1])
        first = order[same]
        sizes = units.lengths[first] + units.lengths[first + 1]
    if not len(same):
        return 0
    # Equal ones stand in a row: the n-th place of a run is the pair for the (n + 1)-th time.
    begins = np.concatenate(([True], same[1:] != same[:-1] + 1))
    times = same - np.maximum.accumulate(np.where(begins, same, 0)) + 2
    return int((times * sizes).max())


def _top(grown: Hashes, ends: Places, width: int, needed: float) -> tuple[int, int]:
    """How often the most frequent n-gram stands there, and its characters; of several, the longest.

    Characters are only looked up when it stands often enough to matter; else, and when none stands twice, they are 0.
    """
    in_order = np.sort(grown)
    last = np.flatnonzero(np.concatenate((in_order[1:] != in_order[:-1], [True])))
    times = np.diff(np.concatenate(([-1], last)))
    most = int(times.max())
    if most < 2 or most <= needed:
        return most, 0
    values = in_order[last[times == most]]
    places = np.flatnonzero(np.isin(grown, values))
    return most, int((ends[places + width] - ends[places]).max())


def _covered(grown: Hashes, width: int, lengths: Places) -> int:
    """Characters under n-grams that stood before, each character once."""
    order = np.argsort(grown, kind="stable")  # of equal ones the first in the text comes first
    in_order = grown[order]
    places = order[1:][in_order[1:] == in_order[:-1]]
    n = len(lengths) + 1
    edges = np.bincount(places, minlength=n) - np.bincount(places + width, minlength=n)
    return int(lengths[np.cumsum(edges[:-1]) > 0].sum())
