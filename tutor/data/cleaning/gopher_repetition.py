"""The repetition rules of MassiveText: does this page say the same again and again? (Rae et al. 2021, appendix A.1.1, table A1.)

A line, paragraph or n-gram is a duplicate when the same stood before it: the first one doesn't count (the paper leaves that open; the
widely used datatrove reads it so). Characters of overlapping n-grams are counted once, characters of a word without the blanks around it.

Chinese: a word is about two characters, so the n-grams are of 2n characters, blanks left out, with the same thresholds.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import Hashes, Measures, extend_n_grams, language_of, measure, n_gram_hashes
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
        "lines": Text("重复的行超过 30 %", "more than 30 % of lines are repeats"),
        "paragraphs": Text("重复的段落超过 30 %", "more than 30 % of paragraphs are repeats"),
        "line_characters": Text("重复行的字符超过 20 %", "repeated lines hold more than 20 % of characters"),
        "paragraph_characters": Text(
            "重复段落的字符超过 20 %", "repeated paragraphs hold more than 20 % of characters"
        ),
        "top_n_gram": Text(
            "最常见的 2/3/4 元词组占字符的 20/18/16 % 以上",
            "the most frequent 2-, 3- or 4-gram holds more than 20, 18 or 16 % of characters",
        ),
        "n_grams": Text(
            "重复的 5 到 10 元词组占字符的 15 到 10 % 以上",
            "repeated 5- to 10-grams hold more than 15 to 10 % of characters",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        """Keep or remove."""
        found = measure(document.text)
        verdict = _lines(found) or _n_grams(found, language_of(document) == "zh")
        if verdict is None:
            return Outcome(document.text)
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


def _n_grams(found: Measures, chinese: bool) -> tuple[str, float] | None:
    if chinese:
        codes = found.codes
        units: Hashes = codes[codes > np.uint32(0x20)].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        lengths = np.ones(len(units), np.int64)
        size = 2
    else:
        units, lengths, size = found.word_hashes, found.word_lengths, 1
    total = max(1, int(lengths.sum()))
    ends = np.concatenate(([0], np.cumsum(lengths)))
    grown = n_gram_hashes(units, 2 * size)
    for n in range(2, 11):
        if n > 2:
            for longer in range((n - 1) * size + 1, n * size + 1):
                grown = extend_n_grams(grown, units, longer)
        width = n * size
        if len(grown) < 2:
            return None
        order = np.argsort(grown, kind="stable")
        in_order = grown[order]
        again = in_order[1:] == in_order[:-1]  # equal to the one before, which stands earlier in the text
        if not again.any():
            return None  # no longer n-gram can repeat either
        if n in TOP_N_GRAM:
            share = _top(order, again, ends, width) / total
            if share > TOP_N_GRAM[n]:
                return "top_n_gram", share
        else:
            share = _covered(order[1:][again], width, lengths) / total
            if share > DUPLICATE_N_GRAMS[n]:
                return "n_grams", share
    return None


def _top(order: NDArray[np.intp], again: NDArray[np.bool_], ends: NDArray[np.int64], width: int) -> int:
    """Characters of the most frequent n-gram, of all its places together; of several, the longest."""
    starts = np.flatnonzero(np.concatenate(([True], ~again)))
    times = np.diff(np.concatenate((starts, [len(order)])))
    first = order[starts]
    most = times.max()
    characters = int((ends[first + width] - ends[first])[times == most].max())
    return characters * int(most)


def _covered(places: NDArray[np.intp], width: int, lengths: NDArray[np.int64]) -> int:
    """Characters under n-grams that begin at the places, each character once."""
    edges = np.zeros(len(lengths) + 1, np.int64)
    np.add.at(edges, places, 1)
    np.add.at(edges, places + width, -1)
    return int(lengths[np.cumsum(edges[:-1]) > 0].sum())
