"""Which language a document is written in, and whether passages of it are in another.

Script decides wherever it can, exactly: Chinese characters without kana are Chinese (literary Chinese, Cantonese and a Japanese headline without
kana count as such), kana is Japanese, Hangul Korean, and so on. A text that quotes words of another alphabet stays what it is, and a letter alone is a sign of a formula
(``α``, ``Δx``), of no language. Among languages in Latin letters, English shows by its function words: in running
English a third of the words, in other languages a few by chance. Where neither settles it, py3langid (a maintained langid.py, Lui and Baldwin
2012; its model is in the package) decides by the first `SAMPLE` characters. A passage of a few words can't be told; it stays.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Literal

from tutor.data.cleaning.base import Document, Language, Outcome
from tutor.data.cleaning.measures import HAN, count
from tutor.text import Text

Found = Literal["zh", "en", "other"]

SAMPLE = 500
"""Characters that the classifier reads: it takes 0.2 microseconds for each (5 MB/s), so it is asked last."""

UNLIKELY = 0.12
"""Share of English function words below which the classifier is asked about a passage in Latin letters."""

CERTAIN = 0.2
"""The same, among words that are letters only: code and figures don't count."""

PASSAGE_WORDS = 8
"""A passage of fewer words stays."""

PASSAGE_CHARACTERS = 12
"""A passage with fewer letters of a script that is not Latin stays."""

CODE = 0.06
"""Share of `CODE_SIGNS` among what is not blank, from which a passage is taken for code: most code has 0.08 and more, prose 0.02 and less."""

CODE_SIGNS = b"()[]{}<>=_|\\/@&^~+$"
"""Signs of code. Quotes are none of them, for a dialogue is full of them, nor are the stars of Markdown."""

WORD = 3
"""Letters of another alphabet in a row, from which they are a word; fewer are signs of a formula (``αβ``)."""

SURE = 0.9
"""Probability that the classifier must give to another language."""

_FUNCTION_WORDS = (
    "the", "of", "and", "to", "in", "is", "that", "it", "for", "was", "on", "are", "as", "with", "be", "by", "this", "have", "from", "or", "had", "not",
    "but", "what", "all", "were", "when", "we", "there", "can", "an", "your", "which", "their", "said", "if", "do", "will", "each", "about", "how", "up",
    "out", "them", "then", "she", "he", "they", "you", "his", "her", "its", "has", "been", "who", "would", "so", "these", "no", "than", "into", "could",
    "only", "other", "some", "my", "our", "me", "him", "at", "because", "any", "must", "should", "may", "does", "where", "while", "after", "before",
    "more", "most", "such", "also", "us", "i", "a",
)  # fmt: skip
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS) | frozenset(map(str.capitalize, _FUNCTION_WORDS))
"""English words of every kind of text; a few are words of another language too, which the threshold allows for."""

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
# Alphabets from Greek to Arabic, of which a Chinese or English text quotes words and letters.
_ALPHABETS = re.compile(r"[\u0370-\u07ff\u1f00-\u1fff]+")
_ALPHABET_WORD = re.compile(rf"[\u0370-\u07ff\u1f00-\u1fff]{{{WORD}}}")
_OTHER_SCRIPTS = re.compile(
    r"[\u0800-\u1cff\u2c80-\u2dff\u3040-\u30ff\u3131-\u318e\ua4d0-\uabff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufefc\uff66-\uff9d]+"
)
_LINE_FEED = re.compile(r"(\n)")
AROUND = ".,;:!?\"'()[]“”‘’«»—–-"
_BLANK_LINES = re.compile(r"(\n[ \t]*+\n\s*+)")


class LanguageRule:
    """Removes documents that are not in a wanted language, and from the others passages that are not.

    A passage is what stands between blank lines; in a text without them, a line. Both wanted languages may stand in one document. The
    document's language is set for the rules after it. A document without letters enough to tell stays.

    Args:
        wanted: The languages to keep.
    """

    id = "language"
    title = Text("语种识别", "Language")
    reasons = {  # noqa: RUF012
        "document": Text("整篇或一半以上不是所要的语言", "not in a wanted language, or more than half of it"),
        "passage": Text("有段落不是所要的语言", "passage that is not in a wanted language"),
    }

    def __init__(self, wanted: tuple[Language, ...] = ("zh", "en")) -> None:
        self.wanted = wanted

    def apply(self, document: Document) -> Outcome:
        text = document.text
        parts = _BLANK_LINES.split(text)
        if len(parts) == 1:
            parts = _LINE_FEED.split(text)
        kept: list[str] = []
        weight: dict[Found, int] = {}  # bytes of passages that can be told: alike for all scripts
        outcome = Outcome(text)
        for i in range(0, len(parts), 2):
            passage = parts[i]
            found = identify_passage(passage)
            if found is not None:
                weight[found] = weight.get(found, 0) + len(passage.encode("utf-8", "surrogatepass"))
                if found not in self.wanted:
                    outcome.note("passage", passage)
                    continue
            if kept:
                kept.append(parts[i - 1])
            kept.append(passage)
        if not weight:  # nothing but short lines: look at them together
            whole = identify_passage(text)
            if whole is not None and whole not in self.wanted:
                return Outcome(None, {"document": 1})
            outcome.language = _known(whole)
            return outcome
        unwanted = sum(n for found, n in weight.items() if found not in self.wanted)
        if 2 * unwanted > sum(weight.values()):
            return Outcome(None, {"document": 1})
        main = max((found for found in weight if found in self.wanted), key=lambda found: weight[found])
        outcome.language = _known(main)
        if outcome.reasons:
            outcome.text = "".join(kept)
        return outcome


def identify_passage(passage: str) -> Found | None:
    """The language of a passage; None where there is too little to tell by."""
    by_script = "latin" if passage.isascii() else _by_script(passage)
    return _by_words(passage) if by_script == "latin" else by_script


def _by_script(passage: str) -> Found | Literal["latin"] | None:
    """By script, where there is more of another than of Latin letters (a Chinese character counts as three); None: too little."""
    han, other, letters = count(HAN, passage), count(_OTHER_SCRIPTS, passage), _letters(passage)
    weight = 3 * han + other + letters
    if len(passage) >= 10 * weight or count(_LATIN, passage) > weight:
        return "latin"
    if han + other + letters < PASSAGE_CHARACTERS:
        return None
    # Kana among Chinese characters: Japanese; a Chinese text may quote some. Alphabets do not mix so.
    return "other" if other > 0.1 * (han + other) or letters > 3 * han + other else "zh"


def _letters(passage: str) -> int:
    """Letters of alphabets beside Latin: all where most are in words, else those in words."""
    runs = list(map(len, _ALPHABETS.findall(passage)))
    words = sum(length for length in runs if length >= WORD)
    return sum(runs) if 2 * words > sum(runs) else words


def _by_words(passage: str) -> Found | None:
    """By function words, for a passage in Latin letters."""
    if len(passage) < 2 * PASSAGE_WORDS - 1:
        return None
    words = passage.split()
    n = len(words)
    if n < PASSAGE_WORDS:
        return None
    english = sum(map(FUNCTION_WORDS.__contains__, words))
    if english >= UNLIKELY * n:
        return "en"
    # Tables, code and formulas have few words that are words: those can't be told.
    letters = [word for word in words if word.strip(AROUND).isalpha()]
    if len(letters) < PASSAGE_WORDS or 2 * len(letters) < n:
        return None
    if english >= CERTAIN * len(letters):
        return "en"
    # The classifier has seen no code: it takes that for any language, as its names are spelled.
    visible = "".join(words).encode("ascii", "replace")
    if len(visible) - len(visible.translate(None, CODE_SIGNS)) >= CODE * len(visible):
        return None
    # So have formulas, whose words are single letters or signs such as Δx. Chinese words that are quoted would lead the classifier astray.
    letters = [
        word
        for word in letters
        if word.isascii()
        or not (HAN.search(word) or (_ALPHABETS.search(word) and not _ALPHABET_WORD.search(word)))
    ]
    if len(letters) < PASSAGE_WORDS or 2 * sum(len(word) > 1 for word in letters) < len(letters):
        return None
    return _classify(" ".join(letters)[:SAMPLE])


def _classify(sample: str) -> Found | None:
    """What the classifier says of a text in Latin letters; None where it is not sure."""
    language, probability = _classifier().classify(sample.lower())
    if language == "en":
        return "en"
    return "other" if probability >= SURE and language not in ("zh", "la") else None


@functools.cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _known(found: Found | None) -> Language | None:
    return None if found == "other" else found
