"""Made-up web pages, as many as wanted: sentences of real English in random choice, some pages as edited copies of earlier ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tutor.data.corpora import load_corpus

COPIES = 0.1
"""Share of the pages that are copies, with one sentence in ten replaced."""


def sentences() -> list[str]:
    """Sentences of the reference text of Python, each on one line."""
    text = " ".join(load_corpus("python_reference").train_text().split())
    found = re.findall(r"[A-Z][^.{}\[\]|<>_=]{40,240}\. ", text)
    return sorted({sentence.strip() for sentence in found})


def pages(size: int, seed: int = 0) -> Iterator[str]:
    """Pages of 1 to 5 thousand characters, until they have ``size`` bytes together."""
    rng = random.Random(seed)
    known = sentences()
    words = sorted({word for line in known for word in re.findall("[a-z]{3,}", line)})
    recent: list[list[str]] = []
    made = 0
    while made < size:
        if recent and rng.random() < COPIES:
            page = [rng.choice(known) if rng.random() < 0.1 else line for line in rng.choice(recent)]
        else:
            # Each sentence with an end of its own, so that two pages with a sentence in common don't become alike.
            page = [
                f"{line[:-1]}, as {' '.join(rng.choices(words, k=3))} says."
                for line in rng.choices(known, k=rng.randint(8, 36))
            ]
            recent = [*recent[-200:], page]
        text = "\n".join(page)
        made += len(text.encode()) + 2
        yield text
