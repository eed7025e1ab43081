"""MinHash de-duplication as a stage of a cleaning pipeline."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.dedup.bands import PRESETS, Banding
from tutor.data.dedup.near import Duplicate, NearDuplicateIndex
from tutor.text import Text

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
    """What a run found; complete once its stream is used up.

    Attributes:
        documents: How many were looked at.
        removed: How many were removed.
        duplicates: The first of these, at most `LISTED`.
        cluster_sizes: How many clusters there are of each size, from two documents on.
    """

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
        """Choose how to look.

        Args:
            banding: Shingles, bands and rows.
            whole_clusters: See all documents before deciding on the first.
            hold_in: The folder to hold them in meanwhile, in a file without a name; by default that for temporary files.
            seed: Of the hash functions.
        """
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
        """Each document with what became of it."""
        self.report = report = NearReport()
        index = NearDuplicateIndex(self.banding, self._seed)
        names: list[str] = []
        steps = (
            self._held(documents, index, names) if self._whole_clusters else _at_once(documents, index, names)
        )
        for document, found in steps:
            if found is None:
                yield document, Outcome(document.text)
                continue
            report.removed += 1
            if len(report.duplicates) < LISTED:
                report.duplicates.append(
                    NamedDuplicate(document.name, names[found.original], found.similarity)
                )
            yield document, Outcome(None, {"near_duplicate": 1}, measured=found.similarity)
        report.documents = len(index)
        report.cluster_sizes = dict(sorted(Counter(map(len, index.clusters().values())).items()))

    def _held(
        self, documents: Iterable[Document], index: NearDuplicateIndex, names: list[str]
    ) -> Iterator[tuple[Document, Duplicate | None]]:
        with tempfile.TemporaryFile(dir=self._hold_in) as held:
            for document, found in _at_once(documents, index, names):
                pickle.dump((document, found), held, pickle.HIGHEST_PROTOCOL)
            held.seek(0)
            for number in range(len(index)):
                document, found = pickle.load(held)
                first = index.first(number)
                if found is None and first != number:  # connected by one that came later
                    found = Duplicate(number, first, index.similarity(number, first))
                yield document, found


def _at_once(
    documents: Iterable[Document], index: NearDuplicateIndex, names: list[str]
) -> Iterator[tuple[Document, Duplicate | None]]:
    for document in documents:
        names.append(document.name)
        yield document, index.add(document.text)
