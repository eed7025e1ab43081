"""Cuts a stream of text into documents of bounded size, at blank lines where there are any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST = 100_000
"""Characters that a document may have. A text of no more stays whole."""

SHORTEST = 4_000
"""Characters after which a longer text is cut at the next blank line."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def documents(
    blocks: Iterable[str], longest: int = LONGEST, shortest: int = SHORTEST
) -> Iterator[tuple[str, str]]:
    """Cut a text.

    `blocks`: The text in pieces of any size; never more than one of them and one document are held.

    Yields:
        A document, and what stood between it and the next: a blank line, a line end, or nothing where a line had to be cut inside.
        All of them one after the other are the text.
    """
    held = ""
    cut = False
    for block in blocks:
        held += block
        start = 0
        while len(held) - start > longest:
            end, after = _place(held, start, longest, shortest)
            yield held[start:end], held[end:after]
            start, cut = after, True
        held = held[start:]
    start = 0
    while cut and (blank := _BLANK_LINE.search(held, start + shortest)):
        yield held[start : blank.start()], blank[0]
        start = blank.end()
    if start < len(held):
        yield held[start:], ""


def _place(text: str, start: int, longest: int, shortest: int) -> tuple[int, int]:
    """Where the document that begins at ``start`` ends and the next begins."""
    limit = start + longest
    blank = _BLANK_LINE.search(text, start + shortest, limit)
    if blank is not None:
        return blank.start(), blank.end()
    for sign in ("\n", "。", ". ", " "):
        place = text.rfind(sign, start + shortest, limit)
        if place >= 0:
            end = place if sign == "\n" else place + len(sign)
            return end, place + len(sign)
    return limit, limit
