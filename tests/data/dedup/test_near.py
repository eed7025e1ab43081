from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.dedup.corpus import edited, jaccard, pages
from tutor.data.cleaning.base import Document, Stage
from tutor.data.dedup import near
from tutor.data.dedup.buckets import Buckets
from tutor.data.dedup.minhash import PRESETS, Banding
from tutor.data.dedup.near import NearDuplicateIndex, NearDuplicates, UnionFind
from tutor.data.dedup.shingles import shingles

LOOSE = Banding(shingle=1, bands=60, rows=2)
"""Finds nearly every pair from a similarity of .25 on."""


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_union_find_is_the_connected_components(edges: list[tuple[int, int]]) -> None:
    sets = UnionFind()
    for _ in range(31):
        sets.add()
    component = {element: {element} for element in range(31)}
    for a, b in edges:
        joined = component[a] | component[b]
        assert sets.union(a, b) == min(joined)
        for element in joined:
            component[element] = joined
    assert [sets.find(element) for element in range(31)] == [min(component[element]) for element in range(31)]
    expected = {min(c): sorted(c) for c in component.values() if len(c) > 1}
    assert sets.groups() == expected


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 50), max_size=3000))
def test_buckets_remember_who_came_first(keys: list[int]) -> None:
    buckets = Buckets()
    firsts: dict[int, int] = {}
    for number, key in enumerate(keys):
        assert buckets.first(key, number) == firsts.setdefault(key, number)
    assert [buckets.first(key, 10**6) for key in firsts] == list(firsts.values())
    assert sum(map(bool, buckets._owners)) == len(firsts)


def test_buckets_grow_and_keep_what_they_have() -> None:
    rng = random.Random(0)
    keys = [rng.getrandbits(64) for _ in range(20_000)]
    buckets = Buckets()
    for number, key in enumerate(keys):
        assert buckets.first(key, number) == number
    assert [buckets.first(key, 10**6) for key in keys] == list(range(20_000))


def test_a_copy_names_its_original_and_how_alike_they_are() -> None:
    texts = pages(count=3, copies=0)
    copy = " ".join(edited(texts[1].split(), 2, random.Random(1)))
    index = NearDuplicateIndex(PRESETS["fineweb"])
    assert [index.add(text) for text in texts] == [None, None, None]
    found = index.add(copy)
    assert found is not None
    assert (found.document, found.original) == (3, 1)
    assert abs(found.similarity - jaccard(shingles(texts[1], 5), shingles(copy, 5))) < 0.15


def test_chinese_is_compared_by_characters() -> None:
    text = "大语言模型从海量文本中学习语言的规律，重复的网页会浪费训练预算，也会让模型把内容背下来。" * 2
    index = NearDuplicateIndex(PRESETS["fineweb"])
    assert index.add(text) is None
    assert index.add(text.replace("海量", "大量")) is not None
    assert index.add("今天天气很好，我们去公园里散步，看见湖边开满了花，还有很多人在放风筝。") is None


def test_what_has_no_words_resembles_nothing() -> None:
    index = NearDuplicateIndex(PRESETS["fineweb"])
    assert [index.add(text) for text in ("", "…—!", "", "\x00\ud800")] == [None] * 4
    assert index.clusters.groups() == {}


def test_short_texts_are_compared_as_a_whole() -> None:
    index = NearDuplicateIndex(PRESETS["fineweb"])
    assert index.add("Read more") is None
    assert index.add("read  MORE!") is not None
    assert index.add("more read") is None


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.sampled_from("abcdefghijkl"), min_size=1, max_size=12), max_size=12), st.randoms()
)
def test_clusters_do_not_depend_on_the_order(documents: list[list[str]], random: random.Random) -> None:
    def clusters(order: list[int]) -> set[frozenset[int]]:
        index = NearDuplicateIndex(LOOSE)
        for number in order:
            index.add(" ".join(documents[number]))
        return {frozenset(order[place] for place in cluster) for cluster in index.clusters.groups().values()}

    order = list(range(len(documents)))
    straight = clusters(order)
    random.shuffle(order)
    assert clusters(order) == straight


BRIDGE = ["a b c d e f", "g h i j k l", "a b c d e f g h i j k l"]
"""Two texts with nothing in common, and one that holds both."""


def test_whole_clusters_keep_their_first_only() -> None:
    documents = [Document(text, name=f"d{number}") for number, text in enumerate(BRIDGE)]
    online = NearDuplicates(LOOSE)
    assert [outcome.text is None for _, outcome in online.run(documents)] == [False, False, True]
    whole = NearDuplicates(LOOSE, whole_clusters=True)
    assert [outcome.text is None for _, outcome in whole.run(documents)] == [False, True, True]
    assert online.report.cluster_sizes == whole.report.cluster_sizes == {3: 1}
    bridged = whole.report.duplicates[0]
    assert (bridged.name, bridged.original, bridged.similarity) == ("d1", "d0", 0.0)


def test_it_is_a_stage_and_lazy() -> None:
    taken: list[int] = []

    def stream() -> object:
        for number, text in enumerate(["one two three", "four five six", "one two three"]):
            taken.append(number)
            yield Document(text, name=str(number))

    deduplicate = NearDuplicates()
    assert isinstance(deduplicate, Stage)
    steps = deduplicate.run(stream())  # type: ignore[arg-type]
    next(steps)
    assert taken == [0]
    rest = list(steps)
    document, outcome = rest[-1]
    assert document.name == "2"
    assert outcome.text is None
    assert outcome.reasons.keys() <= deduplicate.reasons.keys()
    assert deduplicate.report.documents == 3
    assert deduplicate.report.removed == 1
    assert deduplicate.report.duplicates[0].similarity == 1.0
    # A second run knows nothing of the first.
    assert next(iter(deduplicate.run([Document("one two three")])))[1].text == "one two three"


def test_only_so_many_duplicates_are_listed() -> None:
    run = NearDuplicates()
    list(run.run([Document("the same text")] * (near.LISTED + 5)))
    assert run.report.removed == near.LISTED + 4
    assert len(run.report.duplicates) == near.LISTED


def test_signatures_of_many_documents_stay_apart() -> None:
    index = NearDuplicateIndex(Banding(1, 1, 4))
    for number in range(4098):
        index.add(f"word{number}")
    assert index.similarity(0, 4096) == 0.0
    assert index.add("word0") is not None
    assert index.similarity(0, 4098) == 1.0
