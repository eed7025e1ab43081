"""Keyword lists for search engines: ``cheap shoes, buy cheap shoes, cheap shoes online, …``. A rule of our own.

C4 drops such a line for its missing full stop, and MassiveText's n-grams see a page that is nothing else; this one tells them from honest lists (ingredients,
names of functions), which have no full stop either: a keyword list says the same few words over and over, and hardly a function word. An honest list may
say one word in every item (``brown sugar, white sugar``; 清华大学、北京大学), so that one is left out of the count. The row of a table is no list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.language import FUNCTION_WORDS
from tutor.data.cleaning.measures import measure
from tutor.text import Text

ITEMS = 6
"""Items that a list must have."""

ITEM_WORDS = 5.0
"""Words of an item, at most, in the mean; of Chinese, two characters are a word."""

DISTINCT = 0.68
"""Share of distinct words among all but the most frequent one (Chinese: of pairs of neighbouring characters), at most: an honest list names things once."""

FUNCTION = 0.12
"""Share of function words, at most."""

SHORT = 20
"""A line of no more characters stays."""

SEPARATORS = ",，、;；|•·-/–"
"""What may stand between two items; the last three with blanks around them."""

_MARK = re.compile(f"[{re.escape(SEPARATORS)}]")
_SEPARATOR = re.compile(r"[,，、;；|•·]|\s[-/–]\s")
CODE = '"=()[]{}<>'
"""Signs of grammars, programs and formulas, which list the same names over and over too."""

PARTICLES = "的了是在和"
"""Function words of one character."""

# A name, a path or a file is one word: ``SLIST_EMPTY, SLIST_FIRST`` names two things.
_WORD = re.compile(r"[^\W_]+(?:[_./][^\W_]+)*+")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Keywords:
    """Takes out lines that are keyword lists."""

    id = "keywords"
    title = Text("关键词堆砌", "Keyword lists")
    reasons = {  # noqa: RUF012
        "list": Text(
            f"一行有 {ITEMS} 项以上，翻来覆去是同样几个词",
            f"line of {ITEMS} items or more that are the same few words over and over",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        lines = measure(text).lines
        dropped = [line for line in lines if len(line) > SHORT and is_keyword_list(line)]
        if not dropped:
            return Outcome(text)
        gone = set(dropped)
        kept = "\n".join(line for line in lines if line not in gone)
        return Outcome(kept, {"list": len(dropped)}, examples={"list": (dropped[0], "")})


def is_keyword_list(line: str) -> bool:
    """Whether a line is one: enough short items, of few distinct words, without function words."""
    if len(_MARK.findall(line)) < ITEMS - 1 or any(sign in line for sign in CODE):
        return False
    bare = line.strip()
    if bare[:1] == "|" == bare[-1:]:  # a row of a table
        return False
    han = 0 if line.isascii() else len(_HAN.findall(line))
    return _is_chinese_list(line, han) if han > len(line) / 3 else _is_list(line)


def _is_chinese_list(line: str, han: int) -> bool:
    if sum(map(line.count, PARTICLES)) > FUNCTION * han / 2 or line.count("。") > 1:  # prose, nearly always
        return False
    items = _items(line)
    n = sum(len(item) - 1 for item in items)
    if not (len(items) >= ITEMS and ITEMS <= n <= 2 * ITEM_WORDS * len(items)):
        return False
    return _few([item[i : i + 2] for item in items for i in range(len(item) - 1)])


def _is_list(line: str) -> bool:
    words = _WORD.findall(line.lower())
    if sum(map(FUNCTION_WORDS.__contains__, words)) > FUNCTION * len(words):  # prose, nearly always
        return False
    items = _items(line)
    return (
        len(items) >= ITEMS
        and ITEMS <= len(words) <= ITEM_WORDS * len(items)
        and _few(words)
        and sum(map(str.isalpha, words)) >= 0.7 * len(words)
        and sum(map(len, words)) >= 3 * len(words)  # single letters are variables, coordinates, notes
    )


def _few(words: Sequence[str]) -> bool:
    """Whether the words, without the most frequent one, are few different ones."""
    times = Counter(words)
    return len(times) - 1 <= DISTINCT * (len(words) - max(times.values()))


def _items(line: str) -> list[str]:
    return [item for part in _SEPARATOR.split(line) if (item := part.strip(" .。:："))]
