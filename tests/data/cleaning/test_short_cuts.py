"""Rules take short cuts where a text is surely clean: they must say what the plain definition says; and what they say stays the same."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cleaning_texts import plain
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.gopher import DUPLICATE_N_GRAMS, TOP_N_GRAM, _n_grams
from tutor.data.cleaning.measures import HAN, Measures, count, measure
from tutor.data.cleaning.phrases import PHRASES, is_spam
from tutor.data.cleaning.repeats import LONGEST, Repeats
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.data.corruption.corrupt import corrupt
from tutor.data.corruption.makers import KINDS
from tutor.data.tiny_world import World
from tutor.text import LANGS

PIECES = (
    "the ", "of ", "a ", "cats and dogs ", "word ", "x", "Z", " ", "  ", "\n", "\n\n", "\t", "\x1c", "\xa0", "\u3000", ".", ", ", "…", "...", "-", " | ",
    "(", '")', "#=[", "!?", "qzXw", "kjhG", "bcdf", "Ab1+/", "0f ", "a3 ", "12", "0x", "1999", "的", "好", "，", "龘", "齉", "é", "ß", "’", "\u0301",
    "\ud800", "😀", "𠀀", "\uffff", "かな", "и", "buy now ", "free shipping ", "act now", "cheap shoes, ",
)  # fmt: skip

texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=80).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).flatmap(
        lambda few: st.lists(st.sampled_from(few or [""]), max_size=120).map("".join)
    ),
)


@given(texts)
def test_n_grams_as_counted(text: str) -> None:
    words = text.split()
    total = sum(map(len, words))
    expected = ""
    for n, limit in TOP_N_GRAM.items():
        times = Counter(zip(*(words[i:] for i in range(n)), strict=False))
        most = max(times.values(), default=0)
        longest = max((sum(map(len, gram)) for gram, k in times.items() if k == most), default=0)
        if most > 1 and most * longest > limit * total:
            expected = expected or "top_n_gram"
    for n, limit in DUPLICATE_N_GRAMS.items():
        grams = list(zip(*(words[i:] for i in range(n)), strict=False))
        covered = {j for i, gram in enumerate(grams) if gram in grams[:i] for j in range(i, i + n)}
        if sum(len(words[j]) for j in covered) > limit * total:
            expected = expected or "n_grams"
    assert (_n_grams(Measures(text), "en") or "") == expected


@given(st.lists(st.sampled_from(["a", "b", "cc", "d"]), max_size=60))
def test_no_phrase_in_a_row_is_overlooked(words: list[str]) -> None:
    repeated = any(
        words[start : start + 3 * period] == words[start + period : start + 4 * period]
        for period in range(1, LONGEST["en"] + 1)
        for start in range(len(words) - 4 * period + 1)
    )
    assert bool(Repeats().apply(Document(" ".join(words), language="en")).reasons) == repeated


@given(st.lists(st.sampled_from([*PHRASES, "words", "知道", "\n\n", ", "]), max_size=12), st.booleans())
def test_no_spam_is_overlooked(parts: list[str], capitals: bool) -> None:
    text = " ".join(parts)
    text = text.upper() if capitals else text
    left = make_rules(["spam"])[0].apply(Document(text)).text
    assert left is None or not any(map(is_spam, left.split("\n\n")))


@given(texts)
def test_chinese_characters_as_counted(text: str) -> None:
    expected = sum(
        "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or "\U00020000" <= c <= "\U000323af"
        for c in text
    )
    assert count(HAN, text) == Measures(text).n_han == expected


@functools.cache
def soiled() -> list[Document]:
    """Clean and soiled text of both languages."""
    texts = [Document(World(0).text(lang, 1_200, i), str(i), lang) for lang in LANGS for i in range(20)]
    return [
        s.document for kind in KINDS for s in corrupt([*texts, *plain("en"), *plain("zh")], {kind: 0.5}, 1)
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("html", "ccbe23ee47871bcc"),
        ("unicode", "06390df4d27fb9b8"),
        ("controls", "3e5b450a84ba8a3b"),
        ("language", "84b48271021654d8"),
        ("noise", "a78b1deb91164f6c"),
        ("keywords", "ea46f147f5057f77"),
        ("spam", "143bb7d57bc17dca"),
        ("c4_lines", "f06ef12a7287b114"),
        ("repeats", "a55f55ef0fd27032"),
        ("c4_page", "69a82caeea7c1654"),
        ("gopher_quality", "c2185b95d5c76e11"),
        ("gopher_repetition", "ecc85511755b840c"),
        ("fineweb", "a7f8b0bb977830a6"),
        ("toxic", "3d1f4138c173c140"),
        ("pii", "37697630f6dc8fc8"),
    ],
)
def test_outcomes_are_the_published_ones(rule: str, expected: str) -> None:
    """To the letter."""
    found = [make_rules([rule])[0].apply(document) for document in soiled()]
    assert hashlib.blake2b(repr(found).encode(), digest_size=8).hexdigest() == expected


@pytest.mark.parametrize("document", [*plain("en"), *plain("zh")], ids=lambda d: d.name)
def test_rules_alone_and_in_a_row_agree(document: Document) -> None:
    """What rules share of a text must not change what they say."""
    shared = [rule.apply(document) for rule in make_rules()]
    for name, outcome in zip(RULES, shared, strict=True):
        measure.cache_clear()
        alone = make_rules([name])[0].apply(document)
        assert alone == outcome
