from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.dedup.corpus import jaccard, pages
from tutor.data.dedup.minhash import PRESETS, Banding, MinHash, band_keys, collision_probability, estimate
from tutor.data.dedup.near import NearDuplicateIndex
from tutor.data.dedup.shingles import Fingerprints, mixed, shingles

HASHES = 1024
MANY = MinHash(HASHES)


def a_set(start: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return mixed(np.arange(start, end, dtype=np.uint64))


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 2**40))
def test_the_estimate_is_near_the_exact_similarity(both: int, left: int, right: int, base: int) -> None:
    a = a_set(base, base + left + both)
    b = a_set(base + left, base + left + both + right)
    exact = jaccard(a, b)
    assert exact == pytest.approx(both / (left + both + right))
    # Six standard deviations of a share of HASHES draws, and half a draw for exact 0 and 1.
    allowed = 6 * (exact * (1 - exact) / HASHES) ** 0.5 + 0.5 / HASHES
    assert abs(estimate(MANY.signature(a), MANY.signature(b)) - exact) <= allowed


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50), st.randoms())
def test_order_and_repeats_change_no_signature(values: list[int], random: object) -> None:
    again = values + values[: len(values) // 2]
    random.shuffle(again)  # type: ignore[attr-defined]
    few = MinHash(16)
    one = few.signature(np.array(values, np.uint64))
    assert np.array_equal(one, few.signature(np.array(again, np.uint64)))


def test_a_long_text_is_hashed_in_blocks_to_the_same_signature() -> None:
    values = a_set(0, 5000)
    parts = [MANY.signature(values[i : i + 700]) for i in range(0, 5000, 700)]
    assert np.array_equal(MANY.signature(values), np.minimum.reduce(parts))


def test_the_curve_is_the_published_one() -> None:
    # The paper of FineWeb: 56, 77, 92 and 98.8 % at similarities of .7, .75, .8 and .85.
    for similarity, percent in ((0.7, 56), (0.75, 77), (0.8, 92), (0.85, 98.8)):
        assert 100 * collision_probability(similarity, 14, 8) == pytest.approx(percent, abs=0.6)


@given(st.floats(0, 1), st.integers(1, 450), st.integers(1, 128))
def test_the_curve_rises_from_0_to_1_and_falls_with_rows(s: float, bands: int, rows: int) -> None:
    p = collision_probability(s, bands, rows)
    assert 0 <= p <= 1
    assert collision_probability(0, bands, rows) == 0
    assert collision_probability(1, bands, rows) == 1
    assert collision_probability(s, bands + 1, rows) >= p >= collision_probability(s, bands, rows + 1)


@pytest.mark.parametrize(
    ("s", "bands", "rows"), [(-0.1, 1, 1), (1.1, 1, 1), (0.5, 0, 1), (0.5, 1, 0), (float("nan"), 1, 1)]
)
def test_no_such_curve(s: float, bands: int, rows: int) -> None:
    with pytest.raises(ValueError, match="banding"):
        collision_probability(s, bands, rows)


def test_the_presets_are_the_published_numbers() -> None:
    assert {name: (p.shingle, p.hashes, p.bands, p.rows) for name, p in PRESETS.items()} == {
        "fineweb": (5, 112, 14, 8),
        "refinedweb": (5, 9000, 450, 20),
        "redpajama-0.7": (13, 126, 14, 9),
        "redpajama-0.8": (13, 117, 9, 13),
        "redpajama-0.9": (13, 125, 5, 25),
        "redpajama-1.0": (13, 128, 1, 128),
    }


def test_a_key_depends_on_its_own_rows_and_its_place() -> None:
    signature = np.arange(12, dtype=np.uint32)
    keys = band_keys(signature, 3, 4)
    signature[5] += 1
    changed = band_keys(signature, 3, 4)
    assert (keys == changed).tolist() == [True, False, True]
    assert len(set(band_keys(np.zeros(12, np.uint32), 3, 4).tolist())) == 3
    swapped = band_keys(np.array([1, 0, 2, 3], np.uint32), 1, 4)
    assert swapped[0] != keys[0]


Pairs = set[tuple[int, int]]


def _library_pairs(sets: list[Fingerprints], banding: Banding, seed: int) -> Pairs:
    """The pairs that datasketch finds with the same shingles, bands and rows."""
    from datasketch import MinHash as LibraryMinHash
    from datasketch import MinHashLSH

    lsh = MinHashLSH(num_perm=banding.hashes, params=(banding.bands, banding.rows))
    empty = LibraryMinHash(num_perm=banding.hashes, seed=seed, hashfunc=_low_half)
    pairs: Pairs = set()
    for number, found in enumerate(sets):
        sketch = empty.copy()
        sketch.update_batch(found.tolist())
        pairs |= {(other, number) for other in lsh.query(sketch)}
        lsh.insert(number, sketch)
    return pairs


def _low_half(fingerprint: int) -> int:
    return fingerprint & 0xFFFFFFFF  # the library hashes numbers of 32 bits


def _our_pairs(sets: list[Fingerprints], banding: Banding, seed: int) -> Pairs:
    """All pairs that share a bucket, by the same keys that the index uses."""
    family = MinHash(banding.hashes, seed)
    buckets: dict[int, list[int]] = {}
    for number, found in enumerate(sets):
        for key in band_keys(family.signature(found), banding.bands, banding.rows).tolist():
            buckets.setdefault(key, []).append(number)
    return {pair for bucket in buckets.values() for pair in itertools.combinations(bucket, 2)}


def _quality(found: list[Pairs], true: Pairs) -> tuple[float, float]:
    """Precision and recall, averaged over several seeds: with few bands, one seed's differ by some points from another's."""
    precision = sum(len(pairs & true) / len(pairs) for pairs in found) / len(found)
    return precision, sum(len(pairs & true) / len(true) for pairs in found) / len(found)


@pytest.mark.parametrize("name", ["fineweb", "redpajama-0.8"])
def test_precision_and_recall_are_those_of_datasketch_and_of_the_curve(name: str) -> None:
    banding = PRESETS[name]
    texts = pages(count=100, copies=7, most_changes=80 // banding.shingle)
    sets = [shingles(text, banding.shingle) for text in texts]
    alike = {
        pair: jaccard(sets[pair[0]], sets[pair[1]])
        for page in range(0, len(texts), 8)
        for pair in itertools.combinations(range(page, page + 8), 2)
    }
    true = {pair for pair, similarity in alike.items() if similarity >= banding.threshold}
    chance = {pair: collision_probability(s, banding.bands, banding.rows) for pair, s in alike.items()}
    expected = sum(chance[pair] for pair in true)
    by_curve = expected / sum(chance.values()), expected / len(true)

    seeds = range(1, 5)
    ours = _quality([_our_pairs(sets, banding, seed) for seed in seeds], true)
    library = _quality([_library_pairs(sets, banding, seed) for seed in seeds], true)
    assert ours == pytest.approx(library, abs=0.02)
    assert ours == pytest.approx(by_curve, abs=0.02)

    index = NearDuplicateIndex(banding, seed=1)
    removed = {number for number, text in enumerate(texts) if index.add(text)}
    assert removed == {later for _, later in _our_pairs(sets, banding, seed=1)}


def test_pairs_are_found_as_often_as_the_curve_says() -> None:
    banding = PRESETS["fineweb"]
    rng = np.random.default_rng(3)
    for similarity in (0.6, 0.7, 0.8):
        both = 300
        only = round(both * (1 - similarity) / similarity / 2)
        exact = both / (both + 2 * only)
        met = 0
        trials = 400
        family = MinHash(banding.hashes)
        for _ in range(trials):
            values = rng.integers(0, 2**64, both + 2 * only, dtype=np.uint64)
            a, b = family.signature(values[: both + only]), family.signature(values[only:])
            met += bool((band_keys(a, 14, 8) == band_keys(b, 14, 8)).any())
        expected = collision_probability(exact, 14, 8)
        assert abs(met / trials - expected) <= 5 * (expected * (1 - expected) / trials) ** 0.5
