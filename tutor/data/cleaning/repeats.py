"""Phrases repeated back to back: ``buy now buy now buy now``. A rule of our own.

The repetition rules of MassiveText remove a page as a whole, and only when much of it repeats. What a broken template or a stuck generator leaves
in a page that is otherwise good can be cut out: one is kept of a phrase that stands `TIMES` times in a row.
"""

from __future__ import annotations

import re
from operator import eq

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import language_of, measure
from tutor.text import Text

TIMES = 4
"""A phrase said three times in a row is still good style; from four on it is cut."""

LONGEST = {"en": 12, "zh": 24}
"""Words (Chinese: characters, blanks left out) of a phrase."""

SHORTEST = {"en": 1, "zh": 2}
"""One Chinese character in a row is laughter or a sound, and stays."""


class Repeats:
    """Keeps one of a phrase that is repeated back to back."""

    id = "repeats"
    title = Text("连续重复的短语", "Repeated phrases")
    reasons = {  # noqa: RUF012
        "phrase": Text(
            f"同一短语连续出现 {TIMES} 次以上，只留一次",
            f"the same phrase {TIMES} times or more in a row: one is kept",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        language = language_of(document)
        units = measure(text).units(language)
        spans: list[tuple[int, int]] = []
        for period in range(SHORTEST[language], min(LONGEST[language], len(units) // TIMES) + 1):
            needed = (TIMES - 1) * period
            # A run of so many equal neighbours has one at every such distance: most periods are done with here.
            if any(map(eq, units[needed - 1 :: needed], units[needed - 1 + period :: needed])):
                same = bytes(
                    map(eq, units, units[period:])
                )  # 1 for each unit that stands one period later again
                for run in re.finditer(b"\x01{%d,}" % needed, same):
                    # Whole phrases only: what follows may happen to begin like the phrase.
                    phrases = (run.end() - run.start()) // period
                    spans.append((run.start() + period, run.start() + (phrases + 1) * period))
        if not spans:
            return Outcome(text)
        unit = r"[^\x00-\x20]" if language == "zh" else r"\S+"
        ends = [match.end() for match in re.finditer(unit, text)]
        return _cut(text, [(ends[start - 1], ends[end - 1]) for start, end in spans])


def _cut(text: str, spans: list[tuple[int, int]]) -> Outcome:
    kept: list[str] = []
    at = times = 0
    example: tuple[str, str] | None = None
    for start, end in sorted(spans):
        # Of one run there are phrases of several lengths: the first cut takes it all. Signs alone are no phrase, one character is a sound, and
        # cells between bars belong to a table.
        piece = text[max(start, at) : end]
        if end <= at or "|" in piece or not any(map(str.isalpha, piece)) or len(set(piece)) == 1 < len(piece):
            continue
        kept.append(text[at : max(start, at)])
        at = end
        times += 1
        example = example or (text[max(0, start - 60) : end], text[max(0, start - 60) : start])
    if example is None:
        return Outcome(text)
    return Outcome("".join([*kept, text[at:]]), {"phrase": times}, examples={"phrase": example})
