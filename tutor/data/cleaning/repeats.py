"""Phrases repeated back to back: ``buy now buy now buy now``. A rule of our own.

The repetition rules of MassiveText remove a page as a whole, and only when much of it repeats. What a broken template or a stuck generator leaves
in a page that is otherwise good can be cut out: one is kept of a phrase that stands `TIMES` times in a row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Document, Outcome, unchanged
from tutor.data.cleaning.measures import language_of, measure
from tutor.data.cleaning.rolling import Hashes
from tutor.text import Text

TIMES = 4
"""A phrase said three times in a row is still good style; from four on it is cut."""

LONGEST = {"en": 12, "zh": 24}
"""Words (Chinese: characters, blanks left out) of a phrase."""

SURE = {"en": 1, "zh": 3}
"""Up to here four phrases may hold no n-gram of five words (ten characters) twice."""

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
        """Cut out all but the first of each."""
        text = document.text
        found = measure(text)
        language = language_of(document)
        units = found.units(language)
        hashes = units.hashes
        # Four phrases of two words or more hold an n-gram of five words twice, one phrase apart: where none is, only single words can repeat.
        longest = LONGEST[language]
        if not units.five_repeated or _nearest(units.five) > longest:
            longest = SURE[language]
        spans: list[tuple[int, int]] = []
        for period in range(SHORTEST[language], min(longest, len(hashes) // TIMES) + 1):
            # A run of k repeats has (k - 1) · period equal neighbours: a sparse look at every such distance misses none.
            needed = (TIMES - 1) * period
            if not np.count_nonzero(
                hashes[period + needed - 1 :: needed] == hashes[needed - 1 : -period : needed]
            ):
                continue
            # Whole phrases only: what follows may happen to begin like the phrase.
            spans += [
                (start + period, start + period + (end - start) // period * period)
                for start, end in _runs(hashes[period:] == hashes[:-period], needed)
            ]
        if not spans:
            return unchanged(text)
        if language == "zh":
            visible = np.flatnonzero(found.codes > 0x20)
            return _cut(text, [(int(visible[a - 1]) + 1, int(visible[b - 1]) + 1) for a, b in spans])
        _, ends = found.word_bounds
        return _cut(text, [(int(ends[a - 1]), int(ends[b - 1])) for a, b in spans])


def _nearest(hashes: Hashes) -> int:
    """The smallest distance of two equal hashes, of which there are some."""
    order = np.argsort(hashes, kind="stable")  # equal ones in the order of the text
    in_order = hashes[order]
    return int((order[1:] - order[:-1])[in_order[1:] == in_order[:-1]].min())


def _runs(same: NDArray[np.bool_], needed: int) -> list[tuple[int, int]]:
    """Runs of True of at least the needed length, as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= needed
    return [(int(a), int(b)) for a, b in zip(starts[long], ends[long], strict=True)]


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
        return unchanged(text)
    return Outcome("".join([*kept, text[at:]]), {"phrase": times}, examples={"phrase": example})
