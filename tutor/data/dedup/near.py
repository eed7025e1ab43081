"""Near-duplicates in a stream of documents: each is compared, through its buckets, with all that came before.

What is remembered of a document is its signature, never its text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.data.dedup.bands import Banding, band_keys
from tutor.data.dedup.buckets import Buckets
from tutor.data.dedup.clusters import UnionFind
from tutor.data.dedup.minhash import MinHash, estimate
from tutor.data.dedup.shingles import shingles

_KEPT_HASHES = 256
"""Hashes of a signature that are kept to estimate a similarity: from these it is off by 0.03 at most (standard deviation)."""

_ROWS = 4096
"""Signatures that are allocated at once."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document that resembles another.

    Attributes:
        document: Its number, in the order of the stream, from 0.
        original: The number of the earlier document that it resembles most.
        similarity: Their Jaccard similarity, estimated.
    """

    document: int
    original: int
    similarity: float


class NearDuplicateIndex:
    """All documents seen so far: their buckets, their clusters, and enough of their signatures to estimate similarities.

    A cluster is what pairs connect: if A resembles C and C resembles B, all three are in it, even if A and B alone were not found
    alike. So the clusters don't depend on the order of the documents. Only which of them is "the first" does.

    A document adds about 0.6 kB with FineWeb's parameters and 13 kB with RefinedWeb's (measured by ``benchmarks.dedup``), however long it is.
    """

    def __init__(self, banding: Banding, seed: int = 1) -> None:
        self.banding = banding
        self._minhash = MinHash(banding.hashes, seed)
        self._buckets = Buckets()
        self._clusters = UnionFind()
        self._kept = min(banding.hashes, _KEPT_HASHES)
        self._signatures: list[NDArray[np.uint16]] = []

    def __len__(self) -> int:
        return len(self._clusters)

    def add(self, text: str) -> Duplicate | None:
        """Take in one more document.

        Returns:
            Which earlier document it resembles; None when no bucket of it was taken. A text without any word or Chinese
            character resembles nothing.
        """
        document = self._clusters.add()
        if document % _ROWS == 0:
            self._signatures.append(np.zeros((_ROWS, self._kept), np.uint16))
        found = shingles(text, self.banding.shingle)
        if not len(found):
            return None
        signature = self._minhash.signature(found)
        # The low 16 bits are enough to tell whether two hashes agree: b-bit MinHash (Li and König 2010).
        self._signatures[-1][document % _ROWS] = signature[: self._kept].astype(np.uint16)
        keys = band_keys(signature, self.banding.bands, self.banding.rows)
        originals = {self._buckets.first(key, document) for key in keys.tolist()} - {document}
        for original in originals:
            self._clusters.union(original, document)
        return self._closest(document, originals)

    def first(self, document: int) -> int:
        """The first document of the cluster that a document is in, as far as is known by now."""
        return self._clusters.find(document)

    def clusters(self) -> dict[int, list[int]]:
        """The clusters of two documents or more, by their first; each in the order of the stream."""
        return self._clusters.clusters()

    def similarity(self, a: int, b: int) -> float:
        """The estimated Jaccard similarity of two documents."""
        return estimate(self._signature(a), self._signature(b))

    def _closest(self, document: int, originals: set[int]) -> Duplicate | None:
        if not originals:
            return None
        similarity, minus = max((self.similarity(original, document), -original) for original in originals)
        return Duplicate(document, -minus, similarity)

    def _signature(self, document: int) -> NDArray[np.uint16]:
        row: NDArray[np.uint16] = self._signatures[document // _ROWS][document % _ROWS]
        return row
