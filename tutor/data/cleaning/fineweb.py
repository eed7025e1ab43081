"""The rules that FineWeb adds to those of C4 and MassiveText (Penedo et al. 2024, section 3.6): the shape of a page's lines.

The paper's numbers: removed are documents where at most 12% of lines end in punctuation, where repeated lines hold 10% of characters or
more, or where 67% of lines or more are shorter than 30 characters. Lines are those with something in them; of repeated ones the first does not count; all
characters are those of the document, line ends included.

The paper's appendix and the published code have 1% for repeated lines where its text has 10; the code also takes 30 characters for short and removes documents with more than 0.3 line ends a word. The
rules and figures of the paper's text are taken. Which punctuation ends a line, the paper does not say; beside ``. ! ? ' "`` as in the code that made FineWeb, curly quotes and ``…`` count.

The same for Chinese, with its punctuation, and 15 characters for a short line: a Chinese character carries about what two letters do.
"""

from __future__ import annotations

from tutor.data.cleaning.base import Document, Language, Outcome
from tutor.data.cleaning.measures import language_of, measure
from tutor.text import Text

PUNCTUATED_LINES = 0.12
DUPLICATE_CHARACTERS = 0.10
SHORT_LINES = 0.67
SHORT: dict[Language, int] = {"en": 30, "zh": 15}
"""Characters below which a line is short."""

ENDS = frozenset(".!?\"'”’…。！？；：」』）")


class FineWeb:
    """Removes documents whose lines are unpunctuated, repeated or short: lists, menus, tables."""

    id = "fineweb"
    title = Text("FineWeb：行的形状", "FineWeb: line shape")
    reasons = {  # noqa: RUF012
        "punctuation": Text("以标点结尾的行不超过 12%", "12% of lines or fewer end in punctuation"),
        "duplicates": Text("重复行的字符占 10% 以上", "repeated lines hold 10% of characters or more"),
        "short_lines": Text(
            "67% 以上的行短于 30 个字符（中文 15 个）",
            "67% of lines or more are shorter than 30 characters (Chinese: 15)",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        found = measure(document.text)
        lines = found.full_lines
        n = max(1, len(lines))
        limit = SHORT[language_of(document)]
        if sum(line[-1] in ENDS for line in lines) / n <= PUNCTUATED_LINES:
            return Outcome(None, {"punctuation": 1})
        if sum(len(line) < limit for line in lines) / n >= SHORT_LINES:
            return Outcome(None, {"short_lines": 1})
        if found.repeated_lines[1] / len(document.text) >= DUPLICATE_CHARACTERS:
            return Outcome(None, {"duplicates": 1})
        return Outcome(document.text)
