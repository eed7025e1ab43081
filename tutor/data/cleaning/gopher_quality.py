"""The quality rules of MassiveText: is this prose at all? (Rae et al. 2021, appendix A.1.1, "Quality Filtering".)

English, the paper's numbers: 50 to 100,000 words; mean length of a word 3 to 10 characters; at most 0.1 hash signs or ellipses a word;
at most 90% of lines begin with a bullet; at most 30% of lines end in an ellipsis; at least 80% of words hold a letter; at least two of
eight stop words. Words are what stands between white space (the paper does not say). Its "bullet point" is read as any of `BULLETS`, ``-`` and ``*`` among them; of stop
words two different ones are needed, in small letters.

Chinese has no spaces between words, so the same questions are asked of characters. Numbers of our own: 100 to 200,000 Chinese
characters (a word is about two); instead of the length of words, the mean run of Chinese characters between any others is 2 to 40; Chinese characters are at
least 30% of what is no blank; signs as for English, a word being two characters; two of eight function characters.
"""

from __future__ import annotations

from tutor.data.cleaning.base import Document, Outcome, unchanged
from tutor.data.cleaning.measures import HAN, Measures, language_of, measure
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
        verdict = _chinese(found) if language_of(document) == "zh" else _english(found)
        verdict = verdict or _lines(found)
        if verdict is None:
            return unchanged(document.text)
        return Outcome(None, {verdict[0]: 1}, verdict[1])


def _english(found: Measures) -> tuple[str, float] | None:
    words = found.words
    n = len(words)
    if not WORDS[0] <= n <= WORDS[1]:
        return "length", float(n)
    mean = found.n_in_words / n
    if not MEAN_WORD_LENGTH[0] <= mean <= MEAN_WORD_LENGTH[1]:
        return "word_length", mean
    symbols = _symbols(found.text) / n
    if symbols > SYMBOLS_PER_WORD:
        return "symbols", symbols
    bare = [word for word in words if not (word[0].isalpha() or any(map(str.isalpha, word)))]
    letters = (n - len(bare)) / n
    if letters < LETTER_WORDS:
        return "letters", letters
    seen = len(STOP_WORDS.intersection(words))
    return ("stop_words", float(seen)) if seen < MIN_STOP_WORDS else None


def _chinese(found: Measures) -> tuple[str, float] | None:
    n = found.n_han
    if not CHARACTERS[0] <= n <= CHARACTERS[1]:
        return "length", float(n)
    mean = n / len(HAN.findall(found.text))
    if not MEAN_RUN[0] <= mean <= MEAN_RUN[1]:
        return "word_length", mean
    symbols = _symbols(found.text) / (found.n_visible / 2)
    if symbols > SYMBOLS_PER_WORD:
        return "symbols", symbols
    share = n / found.n_visible
    if share < HAN_SHARE:
        return "letters", share
    seen = sum(character in found.text for character in STOP_CHARACTERS)
    return ("stop_words", float(seen)) if seen < MIN_STOP_WORDS else None


def _symbols(text: str) -> int:
    """The more frequent of the two signs: the paper's limit is on either."""
    return max(text.count("#"), text.count("...") + text.count("…"))


def _lines(found: Measures) -> tuple[str, float] | None:
    lines = found.full_lines
    n = len(lines)
    if not n:
        return None
    bullets = sum(line[0] in BULLETS for line in lines) / n
    if bullets > BULLET_LINES:
        return "bullets", bullets
    ellipses = sum(line.endswith(("...", "…")) for line in lines) / n
    return ("ellipses", ellipses) if ellipses > ELLIPSIS_LINES else None
