from __future__ import annotations

import functools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.dedup.corpus import jaccard
from tutor.data.dedup import shingles as module
from tutor.data.dedup.shingles import normalised, shingles, tokens


def test_words_of_english_and_characters_of_chinese_are_tokens() -> None:
    assert tokens("The quick, brown_fox: 42!") == ["the", "quick", "brown", "fox", "42"]
    assert tokens("去重，dedup 很重要。") == ["去", "重", "dedup", "很", "重", "要"]


def test_full_width_letters_and_capitals_make_no_difference() -> None:
    assert tokens("ＡＢＣ ﬁne") == tokens("abc FINE")


@given(st.text(st.characters(max_codepoint=127)))
def test_the_quick_way_for_ascii_finds_the_same_tokens(text: str) -> None:
    assert tokens(text) == module._TOKEN.findall(normalised(text))


@given(st.text(), st.integers(1, 8))
def test_a_text_has_a_shingle_for_every_run(text: str, size: int) -> None:
    found = tokens(text)
    runs = {tuple(found[i : i + size]) for i in range(max(1, len(found) - size + 1))} if found else set()
    assert len(set(shingles(text, size).tolist())) == len(runs)


@given(
    st.lists(st.sampled_from("abcdefg"), max_size=40),
    st.lists(st.sampled_from("abcdefg"), max_size=40),
    st.integers(1, 4),
)
def test_similarity_is_that_of_the_sets_of_runs(one: list[str], other: list[str], size: int) -> None:
    def runs(words: list[str]) -> set[tuple[str, ...]]:
        return {tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1))} if words else set()

    a, b = runs(one), runs(other)
    expected = len(a & b) / len(a | b) if a | b else 0.0
    assert jaccard(shingles(" ".join(one), size), shingles(" ".join(other), size)) == pytest.approx(expected)


def test_order_counts() -> None:
    assert shingles("a b c", 3) != shingles("c b a", 3)


def test_lone_surrogates_are_text_too() -> None:
    assert len(shingles("bad \ud800 text", 2)) == 1  # a surrogate is no letter


def test_fingerprints_are_the_same_in_every_process() -> None:
    code = "from tutor.data.dedup.shingles import shingles; print(shingles('one two three 四', 2).tolist())"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert other.stdout.strip() == str(shingles("one two three 四", 2).tolist())


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module._token_hash.cache_info().maxsize == module._KNOWN_TOKENS
    known = functools.lru_cache(10)(module.text_hash)
    monkeypatch.setattr(module, "_token_hash", known)
    first = shingles(" ".join(f"w{i}" for i in range(100)), 3)
    assert known.cache_info().currsize <= 10
    assert np.array_equal(first, shingles(" ".join(f"w{i}" for i in range(100)), 3))
