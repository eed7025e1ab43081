"""Hard-wrapped text: lines that a margin ended, not their sense.

Rules that judge lines (C4's, FineWeb's, MassiveText's) mean paragraphs, as web pages have them. In a text from mail, a manual or Project Gutenberg, whose paragraphs were
broken every 70 characters or so, most lines end in the middle of a sentence, and C4 would drop them all. So these rules see its lines put together again. Nothing is
changed in the text: what a rule keeps stays wrapped.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

BREAKS = 4
"""Lines that go on in the next one, from which a text can be told to be wrapped."""

BY_MARGIN = 0.7
"""Share of them to whose end the next word would not have fitted. Licences and manuals have more, even with their lists; verse and code have far less."""

SMALL = 0.5
"""Share of them after which the next begins with a small letter. Verse, lists and tables mostly begin with others, and Chinese, which has no words to fit, with none."""

WIDTH = 40
"""Characters of a line, at least: columns of words are narrower."""

WORDS = 5
"""Words of a line, in the mean, at least: a list of links or hashes has one."""


ALIKE = 0.8
"""Share of them with one and the same number of characters, at most: the rows of a table are all of one length."""


_SMALL_LETTER = re.compile(r"\n[^\S\n]*+[a-zß-ÿ]")


def unwrapped(text: str) -> list[str]:
    """Lines as they were before they were wrapped, with line feeds where they were broken; of other text, its lines.

    The margin is where nine of ten lines end at the latest, so that a long link does not count.
    """
    lines = text.split("\n")
    if len(_SMALL_LETTER.findall(text)) < SMALL * BREAKS:  # most texts are done with here
        return lines
    bare = [line.strip() for line in lines]
    broken = [i for i, (line, following) in enumerate(pairwise(bare)) if line and following]
    n = len(broken)
    if n < BREAKS or sum(bare[i + 1][0].islower() for i in broken) < SMALL * n:
        return lines
    lengths = [len(lines[i].rstrip()) for i in broken]
    margin = sorted(lengths)[9 * n // 10]
    words = n + sum(lines[i].count(" ") for i in broken)
    if margin < WIDTH or words < WORDS * n or max(Counter(lengths).values()) > ALIKE * n:
        return lines
    goes_on = {
        i
        for i, length in zip(broken, lengths, strict=True)
        if length + 1 + len(bare[i + 1].split(None, 1)[0]) > margin
    }
    if len(goes_on) < BY_MARGIN * n:
        return lines
    whole: list[str] = []
    start = 0
    for i in range(len(lines)):
        if i not in goes_on:
            whole.append("\n".join(lines[start : i + 1]))
            start = i + 1
    return whole
