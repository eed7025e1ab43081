"""Near-duplicates in a stream of documents, and the step of a cleaning pipeline that removes them.

Each document is compared, through its buckets, with all that came before. What is remembered of it is its signature, never its text.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.dedup.buckets import Buckets
from tutor.data.dedup.minhash import PRESETS, Banding, MinHash, band_keys, estimate
from tutor.data.dedup.shingles import shingles
from tutor.text import Text


class UnionFind:
    """Sets that only ever grow together. Every element is a number, and a set is known by its smallest element: the first, which is kept.

    Each search halves the path that it walked: m operations on n elements take O(m log n) (Tarjan and van Leeuwen 1984). 4 bytes an element.
    """

    def __init__(self) -> None:
        self._parents = array("I")

    def add(self) -> int:
        self._parents.append(len(self._parents))
        return len(self._parents) - 1

    def find(self, element: int) -> int:
        parents = self._parents
        while (parent := parents[element]) != element:
            parents[element] = element = parents[parent]
        return element

    def union(self, a: int, b: int) -> int:
        """Make one set of the sets of two elements; return its smallest element."""
        a, b = self.find(a), self.find(b)
        if a > b:
            a, b = b, a
        self._parents[b] = a
        return a

    def groups(self) -> dict[int, list[int]]:
        """The sets of two elements or more, by their first; each in ascending order."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for element in range(len(self._parents)):
            root = self.find(element)
            if root != element:
                found[root].append(element)
        return {root: [root, *others] for root, others in sorted(found.items())}


_KEPT_HASHES = 256
"""Hashes of a signature that are kept to estimate a similarity: from these it is off by 0.03 at most (standard deviation)."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document, by number, and the earlier one that it resembles most."""

    document: int
    original: int
    similarity: float


class NearDuplicateIndex:
    """All documents seen so far: their buckets, their clusters by number, and enough of their signatures to estimate similarities.

    A cluster is what pairs connect: if A resembles C and C resembles B, all three are in it, even if A and B alone were not found
    alike. So the clusters don't depend on the order of the documents. Only which of them is "the first" does.

    A document adds about 0.6 kB with FineWeb's parameters and 13 kB with RefinedWeb's (measured by ``benchmarks.dedup``), however long it is.
    """

    def __init__(self, banding: Banding, seed: int = 1) -> None:
        self.banding = banding
        self._minhash = MinHash(banding.hashes, seed)
        self._buckets = Buckets()
        self.clusters = UnionFind()
        self._signatures: list[bytes] = []

    def __len__(self) -> int:
        return len(self._signatures)

    def add(self, text: str) -> Duplicate | None:
        """Take in one more document; None when no bucket of it was taken, or it has neither words nor Chinese characters."""
        document = self.clusters.add()
        found = shingles(text, self.banding.shingle)
        if not len(found):
            self._signatures.append(b"")
            return None
        signature = self._minhash.signature(found)
        # The low 16 bits are enough to tell whether two hashes agree: b-bit MinHash (Li and König 2010).
        self._signatures.append(signature[:_KEPT_HASHES].astype(np.uint16).tobytes())
        keys = band_keys(signature, self.banding.bands, self.banding.rows)
        originals = {self._buckets.first(key, document) for key in keys.tolist()} - {document}
        if not originals:
            return None
        for original in originals:
            self.clusters.union(original, document)
        similarity, minus = max((self.similarity(original, document), -original) for original in originals)
        return Duplicate(document, -minus, similarity)

    def similarity(self, a: int, b: int) -> float:
        """The estimated Jaccard similarity of two documents that hold words."""
        return estimate(*(np.frombuffer(self._signatures[document], np.uint16) for document in (a, b)))


LISTED = 1000
"""Duplicates that a report names one by one; the others are only counted."""


@dataclass(frozen=True, slots=True)
class NamedDuplicate:
    """A removed document and the one that it is a copy of, by name."""

    name: str
    original: str
    similarity: float


@dataclass(slots=True)
class NearReport:
    """What a run found: the first `LISTED` duplicates, and how many clusters there are of each size, from two documents on."""

    documents: int = 0
    removed: int = 0
    duplicates: list[NamedDuplicate] = field(default_factory=list)
    cluster_sizes: dict[int, int] = field(default_factory=dict)


class NearDuplicates:
    """Removes what is nearly the same as an earlier document. A `tutor.data.cleaning.base.Stage`.

    In one pass, a document goes when it shares a bucket with an earlier one. That leaves one case: A and B, not found alike, are both
    through when C comes and resembles both. All three are one cluster, of which two stay. With ``whole_clusters`` the documents are
    held back, on disk, until all have been seen, and each cluster keeps its first only, as FineWeb did.
    """

    id = "dedup_near"
    title = Text("近似去重：MinHash", "Near-duplicates")

    def __init__(
        self,
        banding: Banding = PRESETS["fineweb"],
        *,
        whole_clusters: bool = False,
        hold_in: Path | None = None,
        seed: int = 1,
    ) -> None:
        """With `whole_clusters`, documents are held in the folder `hold_in` (None: that for temporary files), in a file without a name."""
        self.banding = banding
        self.report = NearReport()
        """Of the run that was begun last."""
        self._whole_clusters = whole_clusters
        self._hold_in = hold_in
        self._seed = seed
        self.reasons = {
            "near_duplicate": Text(
                f"与前面的一篇几乎相同（连续 {banding.shingle} 个词或汉字一组，相似度约 {banding.threshold:.2f} 以上）",
                f"nearly the same as an earlier document (runs of {banding.shingle} words or Chinese characters, similarity above about "
                f"{banding.threshold:.2f})",
            )
        }

    def run(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Outcome]]:
        self.report = report = NearReport()
        index = NearDuplicateIndex(self.banding, self._seed)
        names: list[str] = []

        def compared() -> Iterator[tuple[Document, Duplicate | None]]:
            for document in documents:
                names.append(document.name)
                yield document, index.add(document.text)

        for document, found in self._held(compared(), index) if self._whole_clusters else compared():
            if found is None:
                yield document, Outcome(document.text)
                continue
            report.removed += 1
            if len(report.duplicates) < LISTED:
                named = NamedDuplicate(document.name, names[found.original], found.similarity)
                report.duplicates.append(named)
            yield document, Outcome(None, {"near_duplicate": 1})
        report.documents = len(index)
        report.cluster_sizes = dict(sorted(Counter(map(len, index.clusters.groups().values())).items()))

    def _held(
        self, compared: Iterator[tuple[Document, Duplicate | None]], index: NearDuplicateIndex
    ) -> Iterator[tuple[Document, Duplicate | None]]:
        with tempfile.TemporaryFile(dir=self._hold_in) as held:
            for pair in compared:
                pickle.dump(pair, held, pickle.HIGHEST_PROTOCOL)
            held.seek(0)
            for number in range(len(index)):
                document, found = pickle.load(held)
                first = index.clusters.find(number)
                if found is None and first != number:  # connected by one that came later
                    found = Duplicate(number, first, index.similarity(number, first))
                yield document, found
