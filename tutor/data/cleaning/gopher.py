"""The rules of MassiveText: is this prose at all, and does it say the same again and again? (Rae et al. 2021, appendix A.1.1, "Quality Filtering" and table A1.)

English, the paper's numbers: 50 to 100,000 words; mean length of a word 3 to 10 characters; at most 0.1 hash signs or ellipses a word;
at most 90% of lines begin with a bullet; at most 30% of lines end in an ellipsis; at least 80% of words hold a letter; at least two of
eight stop words. Words are what stands between white space (the paper does not say). Its "bullet point" is read as any of `BULLETS`, ``-`` and ``*`` among them; of stop
words two different ones are needed, in small letters.

Chinese has no spaces between words, so the same questions are asked of characters. Numbers of our own: 100 to 200,000 Chinese
characters (a word is about two); instead of the length of words, the mean run of Chinese characters between any others is 2 to 40; Chinese characters are at
least 30% of what is no blank; signs as for English, a word being two characters; two of eight function characters.

A line, paragraph or n-gram is a duplicate when the same stood before it: the first one doesn't count (the paper leaves that open; the
widely used datatrove reads it so). Characters of overlapping n-grams are counted once, characters of a word without the blanks around it. The most frequent n-gram must
stand there twice: of a text of eight words, any four hold more than 16%.

Chinese: a word is about two characters, so the n-grams are of 2n characters, blanks left out, with the same thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from tutor.data.cleaning.base import Document, Language, Outcome
from tutor.data.cleaning.measures import HAN, WORD, Measures, Units, language_of, measure, repeats
from tutor.text import Text

WORDS = (50, 100_000)
MEAN_WORD_LENGTH = (3.0, 10.0)
SYMBOLS_PER_WORD = 0.1
BULLET_LINES = 0.9
ELLIPSIS_LINES = 0.3
LETTER_WORDS = 0.8
STOP_WORDS = frozenset(("the", "of", "and", "to", "be", "that", "have", "with"))
MIN_STOP_WORDS = 2

CHARACTERS = (100, 200_000)
MEAN_RUN = (2.0, 40.0)
HAN_SHARE = 0.3
STOP_CHARACTERS = "的是在了和有不这"

BULLETS = frozenset("•‣▶◀◦■□▪▫●○-–*·")


class GopherQuality:
    """Removes documents whose words, signs or lines are not those of prose."""

    id = "gopher_quality"
    title = Text("Gopher：质量", "Gopher: quality")
    reasons = {  # noqa: RUF012
        "length": Text(
            "词数不在 50 到 100 000 之间（中文：100 到 200 000 个汉字）",
            "not 50 to 100,000 words (Chinese: 100 to 200,000 characters)",
        ),
        "word_length": Text(
            "平均词长不在 3 到 10 之间（中文：两处非汉字之间平均不是 2 到 40 个汉字）",
            "mean word length not 3 to 10 (Chinese: mean run of characters not 2 to 40)",
        ),
        "symbols": Text("# 或省略号多于每词 0.1 个", "more than 0.1 hash signs or ellipses a word"),
        "bullets": Text("超过九成的行以项目符号开头", "more than 90% of lines begin with a bullet"),
        "ellipses": Text("超过三成的行以省略号结尾", "more than 30% of lines end in an ellipsis"),
        "letters": Text(
            "含字母的词不足八成（中文：汉字不足三成）",
            "fewer than 80% of words hold a letter (Chinese: 30% of characters)",
        ),
        "stop_words": Text(
            "常用虚词（the、of、and…；的、是、在…）不到两个",
            "fewer than two stop words (the, of, and, …; 的、是、在…)",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        found = measure(document.text)
        reason = _chinese(found) if language_of(document) == "zh" else _english(found)
        reason = reason or _marks_of_lines(found)
        return Outcome(None, {reason: 1}) if reason else Outcome(document.text)


def _english(found: Measures) -> str | None:
    words = found.words
    n = len(words)
    if not WORDS[0] <= n <= WORDS[1]:
        return "length"
    if not MEAN_WORD_LENGTH[0] <= found.n_in_words / n <= MEAN_WORD_LENGTH[1]:
        return "word_length"
    if _symbols(found.text) / n > SYMBOLS_PER_WORD:
        return "symbols"
    bare = [word for word in words if not (word[0].isalpha() or any(map(str.isalpha, word)))]
    if (n - len(bare)) / n < LETTER_WORDS:
        return "letters"
    return "stop_words" if len(STOP_WORDS.intersection(words)) < MIN_STOP_WORDS else None


def _chinese(found: Measures) -> str | None:
    n = found.n_han
    if not CHARACTERS[0] <= n <= CHARACTERS[1]:
        return "length"
    if not MEAN_RUN[0] <= n / len(HAN.findall(found.text)) <= MEAN_RUN[1]:
        return "word_length"
    if _symbols(found.text) / (found.n_visible / 2) > SYMBOLS_PER_WORD:
        return "symbols"
    if n / found.n_visible < HAN_SHARE:
        return "letters"
    return "stop_words" if sum(c in found.text for c in STOP_CHARACTERS) < MIN_STOP_WORDS else None


def _symbols(text: str) -> int:
    """The more frequent of the two signs: the paper's limit is on either."""
    return max(text.count("#"), text.count("...") + text.count("…"))


def _marks_of_lines(found: Measures) -> str | None:
    lines = found.full_lines
    n = max(1, len(lines))
    if sum(line[0] in BULLETS for line in lines) / n > BULLET_LINES:
        return "bullets"
    return "ellipses" if sum(line.endswith(("...", "…")) for line in lines) / n > ELLIPSIS_LINES else None


DUPLICATE_LINES = 0.30
DUPLICATE_PARAGRAPHS = 0.30
DUPLICATE_LINE_CHARACTERS = 0.20
DUPLICATE_PARAGRAPH_CHARACTERS = 0.20
TOP_N_GRAM = {2: 0.20, 3: 0.18, 4: 0.16}
"""Share of the characters that the most frequent n-gram may hold, by n."""

DUPLICATE_N_GRAMS = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}
"""Share of the characters that duplicate n-grams may hold, by n."""


Gram: TypeAlias = str | tuple[str, ...]


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
        reason = _repeated_lines(found) or _n_grams(found, language_of(document))
        return Outcome(None, {reason: 1}) if reason else Outcome(document.text)


def _repeated_lines(found: Measures) -> str | None:
    text = found.text
    lines = found.full_lines
    times, characters = found.repeated_lines
    if times > DUPLICATE_LINES * len(lines):
        return "lines"
    if characters > DUPLICATE_LINE_CHARACTERS * len(text):
        return "line_characters"
    paragraphs = [stripped for part in text.split("\n\n") if (stripped := part.strip())]
    times, characters = repeats(paragraphs)
    if times > DUPLICATE_PARAGRAPHS * len(paragraphs):
        return "paragraphs"
    return "paragraph_characters" if characters > DUPLICATE_PARAGRAPH_CHARACTERS * len(text) else None


def _n_grams(found: Measures, language: Language) -> str | None:
    units, size = found.units(language), WORD[language]
    total = (found.n_in_words if language == "en" else len(units)) or 1
    # An n-gram of up to four words is covered by its first and its last pair, and stands no more often than they.
    pairs = Counter(_grams(units, 2 * size))
    best = max((n * _length(pair) for pair, n in pairs.items() if n > 1), default=0)
    if 2 * best > min(TOP_N_GRAM.values()) * total:
        for n, limit in TOP_N_GRAM.items():
            if _top_characters(_grams(units, n * size)) / total > limit:
                return "top_n_gram"
    for n, limit in DUPLICATE_N_GRAMS.items():
        share = _duplicate_characters(units, n * size) / total
        if share > limit:
            return "n_grams"
        if share <= min(DUPLICATE_N_GRAMS.values()):  # what longer n-grams cover, shorter ones cover too
            break
    return None


def _grams(units: Units, n: int) -> Iterable[Gram]:
    if isinstance(units, str):
        return (units[i : i + n] for i in range(len(units) - n + 1))
    return zip(*(units[i:] for i in range(n)), strict=False)


def _top_characters(grams: Iterable[Gram]) -> int:
    """Characters of the most frequent n-gram, all times together; of several, of the longest. 0 when none stands twice."""
    times = Counter(grams)
    most = max(times.values(), default=0)
    return most * max(_length(gram) for gram, n in times.items() if n == most) if most > 1 else 0


def _duplicate_characters(units: Units, n: int) -> int:
    """Characters under n-grams that stood before, each character once."""
    first: dict[Gram, int] = {}  # where each stood first
    covered = end = 0
    for i, gram in enumerate(_grams(units, n)):
        if first.setdefault(gram, i) != i:
            covered += _length(units[max(i, end) : i + n])
            end = i + n
    return covered


def _length(units: Units | Gram) -> int:
    return len("".join(units))
