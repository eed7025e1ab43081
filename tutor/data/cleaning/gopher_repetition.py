"""The repetition rules of MassiveText: does this page say the same again and again? (Rae et al. 2021, appendix A.1.1, table A1.)

A line, paragraph or n-gram is a duplicate when the same stood before it: the first one doesn't count (the paper leaves that open; the
widely used datatrove reads it so). Characters of overlapping n-grams are counted once, characters of a word without the blanks around it. The most frequent n-gram must
stand there twice: of a text of eight words, any four hold more than 16%.

Chinese: a word is about two characters, so the n-grams are of 2n characters, blanks left out, with the same thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tutor.data.cleaning.base import Document, Language, Outcome, unchanged
from tutor.data.cleaning.measures import WORD, Gram, Measures, Units, language_of, measure, n_grams, repeats
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
        found = measure(document.text)
        verdict = _lines(found) or _n_grams(found, language_of(document))
        if verdict is None:
            return unchanged(document.text)
        return Outcome(None, {verdict[0]: 1}, verdict[1])


def _lines(found: Measures) -> tuple[str, float] | None:
    text = found.text
    total = max(1, len(text))
    lines = found.full_lines
    times, characters = found.repeated_lines
    if times > DUPLICATE_LINES * len(lines):
        return "lines", times / len(lines)
    if characters > DUPLICATE_LINE_CHARACTERS * total:
        return "line_characters", characters / total
    paragraphs = [stripped for part in text.split("\n\n") if (stripped := part.strip())]
    times, characters = repeats(paragraphs)
    if times > DUPLICATE_PARAGRAPHS * len(paragraphs):
        return "paragraphs", times / len(paragraphs)
    if characters > DUPLICATE_PARAGRAPH_CHARACTERS * total:
        return "paragraph_characters", characters / total
    return None


def _n_grams(found: Measures, language: Language) -> tuple[str, float] | None:
    units, size = found.units(language), WORD[language]
    if not units:
        return None
    total = found.n_in_words if language == "en" else len(units)
    # An n-gram of up to four words is covered by its first and its last pair, and stands no more often than they.
    pairs = Counter(n_grams(units, 2 * size))
    best = max((n * _length(pair) for pair, n in pairs.items() if n > 1), default=0)
    if 2 * best > min(TOP_N_GRAM.values()) * total:
        for n, limit in TOP_N_GRAM.items():
            share = _top_characters(n_grams(units, n * size)) / total
            if share > limit:
                return "top_n_gram", share
    for n, limit in DUPLICATE_N_GRAMS.items():
        share = _duplicate_characters(units, n * size) / total
        if share > limit:
            return "n_grams", share
        if share <= min(DUPLICATE_N_GRAMS.values()):  # what longer n-grams cover, shorter ones cover too
            break
    return None


def _top_characters(grams: Iterable[Gram]) -> int:
    """Characters of the most frequent n-gram, all times together; of several, of the longest. 0 when none stands twice."""
    times = Counter(grams)
    most = max(times.values(), default=0)
    return most * max(_length(gram) for gram, n in times.items() if n == most) if most > 1 else 0


def _duplicate_characters(units: Units, n: int) -> int:
    """Characters under n-grams that stood before, each character once."""
    first: dict[Gram, int] = {}  # where each stood first
    covered = end = 0
    for i, gram in enumerate(n_grams(units, n)):
        if first.setdefault(gram, i) != i:
            covered += _length(units[max(i, end) : i + n])
            end = i + n
    return covered


def _length(units: Units | Gram) -> int:
    return len("".join(units))
