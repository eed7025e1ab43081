"""De-duplication against datasketch and against the clock: ``python -m benchmarks.dedup``.

Precision and recall are over pairs of documents of exactly known similarity, at FineWeb's parameters, on the same shingles, averaged over seeds.
Speeds are of one core, by its own clock (CPU seconds), so that others on the machine disturb less; the plain pass is ``text.split()``.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from datasketch import MinHash as LibraryMinHash
from datasketch import MinHashLSH

from benchmarks.machine import describe, resident
from benchmarks.pages import pages
from tests.data.dedup.corpus import jaccard
from tests.data.dedup.corpus import pages as copies
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.rules import make_rules
from tutor.data.dedup.minhash import PRESETS, Banding, MinHash, band_keys, collision_probability
from tutor.data.dedup.near import NearDuplicateIndex, NearDuplicates
from tutor.data.dedup.shingles import Fingerprints, shingles, tokens

SEEDS = range(1, 6)
GOAL = 2.0


def ours(sets: list[Fingerprints], banding: Banding, seed: int) -> set[tuple[int, int]]:
    """Pairs by our own buckets."""
    family = MinHash(banding.hashes, seed)
    buckets: dict[int, list[int]] = {}
    for number, found in enumerate(sets):
        for key in band_keys(family.signature(found), banding.bands, banding.rows).tolist():
            buckets.setdefault(key, []).append(number)
    return {pair for bucket in buckets.values() for pair in itertools.combinations(bucket, 2)}


def library(sets: list[Fingerprints], banding: Banding, seed: int) -> set[tuple[int, int]]:
    """Pairs by datasketch."""
    lsh = MinHashLSH(num_perm=banding.hashes, params=(banding.bands, banding.rows))
    pairs: set[tuple[int, int]] = set()
    for number, found in enumerate(sets):
        sketch = LibraryMinHash(num_perm=banding.hashes, seed=seed)
        sketch.update_batch([shingle.tobytes() for shingle in found])
        pairs |= {(other, number) for other in lsh.query(sketch)}
        lsh.insert(number, sketch)
    return pairs


def quality(banding: Banding) -> None:
    """Print precision and recall of both, and what the curve promises."""
    texts = copies(count=300, copies=7, most_changes=80 // banding.shingle)
    sets = [shingles(text, banding.shingle) for text in texts]
    alike = {
        pair: jaccard(sets[pair[0]], sets[pair[1]])
        for page in range(0, len(texts), 8)
        for pair in itertools.combinations(range(page, page + 8), 2)
    }
    true = {pair for pair, similarity in alike.items() if similarity >= banding.threshold}
    print(
        f"{len(texts)} documents, {len(true)} pairs with a Jaccard similarity of {banding.threshold:.3f} or more"
    )
    for name, find in (("ours", ours), ("datasketch", library)):
        found = [find(sets, banding, seed) for seed in SEEDS]
        precision = sum(len(pairs & true) / len(pairs) for pairs in found) / len(found)
        recall = sum(len(pairs & true) / len(true) for pairs in found) / len(found)
        print(f"{name:<12} precision {precision:.3f}  recall {recall:.3f}")
    chance = {pair: collision_probability(s, banding.bands, banding.rows) for pair, s in alike.items()}
    expected = sum(chance[pair] for pair in true)
    print(
        f"{'by the curve':<12} precision {expected / sum(chance.values()):.3f}  recall {expected / len(true):.3f}"
    )


def speed(texts: list[str]) -> float:
    """Print speeds; returns that of the whole pipeline."""
    size = sum(len(text.encode()) for text in texts) / 1e6

    def minhash() -> None:
        index = NearDuplicateIndex(PRESETS["fineweb"])
        for text in texts:
            index.add(text)

    documents = [Document(text, str(number)) for number, text in enumerate(texts)]
    whole = Pipeline([*make_rules(), NearDuplicates()])
    plain = seconds(lambda: [text.split() for text in texts])
    print(f"\n{len(texts)} pages, {size:.1f} MB; one core")
    print(f"{'':<34} {'MB/s':>7} {'x plain split':>14}")
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("plain split into words", lambda: [text.split() for text in texts]),
        ("tokens", lambda: [tokens(text) for text in texts]),
        ("shingles", lambda: [shingles(text, 5) for text in texts]),
        ("MinHash with buckets and clusters", minhash),
        ("all rules and MinHash", lambda: whole.run(documents)),
    )
    took = plain
    for name, work in steps:
        took = seconds(work)
        print(f"{name:<34} {size / took:7.1f} {took / plain:14.1f}")
    return size / took


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of a call, the quickest of three."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def memory(count: int) -> None:
    """Print how much an index grows by a document; each in a new process, where no memory lies ready from before."""
    print(f"\nmemory of one more document, measured over {count} (resident set):")
    for name, number in (("fineweb", count), ("redpajama-0.8", count), ("refinedweb", count // 50)):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            print(f"{name:<14} {fresh.submit(growth, name, number).result():8.0f} bytes")


def growth(name: str, count: int) -> float:
    """Bytes that each of so many documents added to an index."""
    index = NearDuplicateIndex(PRESETS[name])
    for warm in range(count // 50):
        index.add(f"{name} warm {warm}")
    before = resident()
    for document in range(count):
        index.add(f"{name} number {document} of many {document * 7}")
    return (resident() - before) / count


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    print(describe())
    print()
    for name in ("fineweb", "redpajama-0.8"):
        print(f"[{name}]")
        quality(PRESETS[name])
    reached = speed(list(pages(8_000_000)))
    memory(200_000)
    print(
        f"\ngoal {GOAL} MB/s for the whole pipeline with MinHash: {'reached' if reached >= GOAL else 'MISSED'}"
    )
    return 0 if reached >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
