"""Documents with words of a list. What the list holds here are placeholders, not words.

C4 removed every page with a word of the "List of Dirty, Naughty, Obscene or Otherwise Bad Words" (Raffel et al. 2020). Such lists exist for many languages; none is needed to
learn how the rule works, so this one has only stand-ins: ``<toxic-1>``, ``毒词甲``. What lists do wrong is known as well: C4's also removed texts by and about
minorities and medicine (Dodge et al. 2021).
"""

from __future__ import annotations

import re

from tutor.data.cleaning.base import Document, Outcome, unchanged
from tutor.text import Text

PLACEHOLDERS = (*(f"<toxic-{i}>" for i in range(1, 10)), *(f"毒词{stem}" for stem in "甲乙丙丁戊己庚辛壬癸"))
"""Stand-ins for the words of a real list."""


class Toxic:
    """Removes documents that hold a word of the list, in capital or small letters.

    Args:
        words: The list. Latin words match as whole words; Chinese ones anywhere.
    """

    id = "toxic"
    title = Text("有害词表", "Word list")
    reasons = {  # noqa: RUF012
        "word": Text("含有词表里的词", "holds a word of the list"),
    }

    def __init__(self, words: tuple[str, ...] = PLACEHOLDERS) -> None:
        self._pattern = re.compile("|".join(map(_whole, words)) or "(?!)", re.IGNORECASE)

    def apply(self, document: Document) -> Outcome:
        found = len(self._pattern.findall(document.text))
        return Outcome(None, {"word": found}) if found else unchanged(document.text)


def _whole(word: str) -> str:
    quoted = re.escape(word)
    return rf"\b{quoted}\b" if word.isascii() and word[:1].isalnum() and word[-1:].isalnum() else quoted
