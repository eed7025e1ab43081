"""Documents of known similarity, for tests and benchmarks."""

from __future__ import annotations

import random

import numpy as np

from tutor.data.corpora import load_corpus
from tutor.data.dedup.shingles import Fingerprints


def jaccard(a: Fingerprints, b: Fingerprints) -> float:
    """What MinHash estimates: the share of all different shingles of two texts that both have."""
    both = len(np.intersect1d(a, b))
    either = len(np.union1d(a, b))
    return both / either if either else 0.0


def edited(words: list[str], changes: int, rng: random.Random) -> list[str]:
    """The words with some of them replaced by new ones, at random places."""
    copy = list(words)
    for place in rng.sample(range(len(copy)), min(changes, len(copy))):
        copy[place] = f"new{rng.randrange(10**9)}"
    return copy


def pages(count: int, copies: int, length: int = 200, most_changes: int = 16, seed: int = 0) -> list[str]:
    """Pages of real words, each followed by copies with fewer than `most_changes` words replaced.

    With word 5-grams and 15 of 200 words, the Jaccard similarity of a page and its copy spreads from about .5 to 1.
    """
    rng = random.Random(seed)
    vocabulary = load_corpus("python_reference").train_text(400_000).split()
    made: list[str] = []
    for _ in range(count):
        start = rng.randrange(len(vocabulary) - length)
        words = rng.sample(vocabulary[start : start + length], length)
        made.append(" ".join(words))
        made += [" ".join(edited(words, rng.randrange(most_changes), rng)) for _ in range(copies)]
    return made
