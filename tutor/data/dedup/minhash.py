"""MinHash: a short signature of a set, from which the overlap of two sets can be read.

Give every shingle a random number, and keep the smallest of a document. When do two documents keep the same one? When the
shingle with the smallest number *of both together* is one that both have, and that happens with a probability of exactly
their Jaccard similarity. One number answers yes or no; a hundred, each with random numbers of its own, answer with a share: the
estimate. A document of any length becomes a signature of fixed length, and no two documents need ever be laid side by side.

Source: Broder, *On the resemblance and containment of documents* (1997).

Signatures are compared by locality-sensitive hashing: each is cut into bands of a few rows. Documents that agree in *all* rows of *any*
band fall into one bucket and become a pair. One row agrees with probability s, the similarity; a band of r rows with s^r, so that unlike documents hardly ever
meet; and b bands give similar documents b chances. Together: 1 − (1 − s^r)^b, an S-shaped curve that is nearly 0 below a threshold and
nearly 1 above. More rows push it to the right, more bands to the left, more of both make it steeper — and cost more hashes.

Source: Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*, chapter 3.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.data.dedup.shingles import Fingerprints, mixed
from tutor.text import Text

Signature = NDArray[np.uint32]
"""The smallest hash of a document under each hash function: (hashes,)."""

_BLOCK = 1024
"""Shingles hashed at once: with the hundred hashes of common settings, a block of numbers that a core's cache holds."""


class MinHash:
    """A family of random hash functions, and the signatures they make.

    Signatures can be compared when they come from the same number of hashes and the same seed, in whatever process.
    """

    def __init__(self, hashes: int, seed: int = 1) -> None:
        """Draw the functions. The estimate from h of them is off by at most √(1 / 4h) as a standard deviation: 0.047 for 112."""
        random = np.random.default_rng(seed)
        # Multiply-shift, (a·x + b mod 2^64) >> 32: universal hashing without a division, as a 64-bit product
        # drops what is above 2^64 by itself (Dietzfelbinger 1996). An odd multiplier loses no bit of x.
        self._multipliers = random.integers(0, 2**64, hashes, dtype=np.uint64) | np.uint64(1)
        self._offsets = random.integers(0, 2**64, hashes, dtype=np.uint64)

    def signature(self, fingerprints: Fingerprints) -> Signature:
        """The smallest hash of a document's shingles (at least one) under each function.

        Of the 64 bits the upper half: the one that the order of the hashes depends on.
        """
        smallest = np.full(len(self._multipliers), 2**64 - 1, np.uint64)
        for start in range(0, len(fingerprints), _BLOCK):
            hashed = fingerprints[start : start + _BLOCK, None] * self._multipliers  # (shingles, hashes)
            hashed += self._offsets
            np.minimum(smallest, hashed.min(axis=0), out=smallest)
        return (smallest >> np.uint64(32)).astype(np.uint32)


def estimate(a: NDArray[np.unsignedinteger], b: NDArray[np.unsignedinteger]) -> float:
    """The Jaccard similarity of two documents as their signatures tell it: the share of hashes that agree."""
    return float(np.mean(a == b))


_OWN = Text("自定义参数", "parameters of your own")


@dataclass(frozen=True, slots=True)
class Banding:
    """How near-duplicates are looked for.

    Attributes:
        shingle: Tokens in a shingle.
        bands: Of a signature; called buckets in some papers.
        source: Who used these numbers.
    """

    shingle: int
    bands: int
    rows: int
    source: Text = _OWN

    @property
    def hashes(self) -> int:
        return self.bands * self.rows

    @property
    def threshold(self) -> float:
        """The similarity about which the curve is steepest, (1 / bands)^(1 / rows)."""
        return float((1 / self.bands) ** (1 / self.rows))


def collision_probability(similarity: float, bands: int, rows: int) -> float:
    """How likely two documents become a pair, 1 − (1 − s^rows)^bands.

    Raises:
        ValueError: A number is outside its range.
    """
    if not 0 <= similarity <= 1 or bands < 1 or rows < 1:
        raise ValueError(f"no such banding: similarity {similarity}, {bands} bands of {rows} rows")
    # By logarithms: with hundreds of bands, a small probability would drown in the rounding of 1 − (1 − p)^b.
    agree = similarity**rows
    return 1.0 if agree == 1 else float(-np.expm1(bands * np.log1p(-agree)))


def band_keys(signature: Signature, bands: int, rows: int) -> NDArray[np.uint64]:
    """One 64-bit key a band, the name of the bucket that the document falls into: (bands,).

    The band's number is part of the key, so that one table serves all bands. Keys of different buckets collide by chance only:
    among ten million, with a probability of about 3 in a million.
    """
    cut = mixed(signature.astype(np.uint64)).reshape(bands, rows)
    summed: NDArray[np.uint64] = (cut * _weights(rows)).sum(axis=1, dtype=np.uint64)
    return mixed(summed + np.arange(1, bands + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


@functools.cache
def _weights(rows: int) -> NDArray[np.uint64]:
    return np.random.default_rng(rows).integers(0, 2**64, rows, dtype=np.uint64) | np.uint64(1)


PRESETS: dict[str, Banding] = {
    "fineweb": Banding(5, 14, 8, Text("FineWeb（2024），112 个哈希", "FineWeb (2024), 112 hashes")),
    "refinedweb": Banding(
        5, 450, 20, Text("RefinedWeb（2023），9000 个哈希", "RefinedWeb (2023), 9,000 hashes")
    ),
    "redpajama-0.7": Banding(13, 14, 9, Text("RedPajama-V2，相似度 0.7", "RedPajama-V2, similarity 0.7")),
    "redpajama-0.8": Banding(13, 9, 13, Text("RedPajama-V2，相似度 0.8", "RedPajama-V2, similarity 0.8")),
    "redpajama-0.9": Banding(13, 5, 25, Text("RedPajama-V2，相似度 0.9", "RedPajama-V2, similarity 0.9")),
    "redpajama-1.0": Banding(13, 1, 128, Text("RedPajama-V2，相似度 1.0", "RedPajama-V2, similarity 1.0")),
}
"""The numbers of public corpora.

FineWeb: its published script (14 buckets of 8 hashes, word 5-grams). RefinedWeb: 9,000 hashes over 5-grams, as 450 buckets of 20: so has the
formula of its appendix, and so FineWeb's paper reads it; with the 20 buckets of 450 of its text the threshold would lie at 0.99. RedPajama-V2: the bands of its data card, at most 128
hashes, over the 13-grams of its published configuration. Those corpora count shingles in words; Chinese is counted in characters here.
"""
