"""What rules look at first, to be done with clean text quickly, must never miss what the slow and plain definition finds."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cleaning_texts import plain
from tutor.data.cleaning import measures
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.controls import ANY
from tutor.data.cleaning.gopher_repetition import TOP_N_GRAM, _best_pair, _top_n_gram
from tutor.data.cleaning.keywords import is_keyword_list
from tutor.data.cleaning.language import _ALPHABETS, _HAN, _OTHER_SCRIPTS, scripts_of
from tutor.data.cleaning.measures import Measures
from tutor.data.cleaning.noise import _suspects, judge
from tutor.data.cleaning.repeats import LONGEST, _nearest
from tutor.data.cleaning.rolling import n_grams, repeated, stretches
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.data.cleaning.spam import PHRASES, _may_be_spam, is_spam

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
def test_words_and_their_hashes(text: str) -> None:
    found = Measures(text)
    words = text.split()
    starts, ends = found.word_bounds
    assert [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)] == words
    hashes = found.word_hashes.tolist()
    assert len(set(zip(words, hashes, strict=True))) == len(set(words)) == len(set(hashes))


@given(texts, st.integers(1, 9))
def test_a_long_text_is_looked_up_in_pieces(text: str, piece: int) -> None:
    table = np.arange(0x10000, dtype=np.uint16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measures, "_BLOCK", piece)
        found = Measures(text).look_up(table).tolist()
    assert found == [min(ord(c), 0xFFFF) for c in text]


@given(texts)
def test_the_best_pair_as_counted(text: str) -> None:
    words = text.split()
    times = Counter(pairwise(words))
    most = max((n * (len(a) + len(b)) for (a, b), n in times.items() if n > 1), default=0)
    assert _best_pair(Measures(text).units("en")) == most


@given(texts, st.integers(1, 10))
def test_n_grams_repeat_where_their_words_do(text: str, n: int) -> None:
    words = text.split()
    grams = list(zip(*(words[i:] for i in range(n)), strict=False))
    hashes = n_grams(Measures(text).word_hashes, n)
    assert len(hashes) == len(grams)
    assert repeated(hashes) == len(grams) - len(set(grams))


def test_hashes_of_a_text_longer_than_the_powers_that_are_kept() -> None:
    found = Measures("early words " * 10_000 + "late words")
    hashes = found.word_hashes
    assert len(set(hashes.tolist())) == 3
    starts, ends = found.word_bounds
    assert (stretches(found.codes[:100], starts[:5], ends[:5]) == hashes[:5]).all()


@given(texts)
def test_no_noisy_line_is_overlooked(text: str) -> None:
    """But for dumps, which are looked for where a group of hex digits begins with a figure."""
    noisy = {i for i, line in enumerate(text.split("\n")) if judge(line)[0] not in ("", "dump")}
    assert noisy <= _suspects(Measures(text))


@given(st.text("0123456789qzXkjWbcdf+/=!#$%&*()[] ", min_size=16, max_size=90), texts)
def test_no_noisy_line_among_others_is_overlooked(line: str, around: str) -> None:
    text = f"{around}\n{line}\n{around}"
    if judge(line)[0] not in ("", "dump"):
        assert around.count("\n") + 1 in _suspects(Measures(text))


@given(st.lists(st.sampled_from([*PHRASES, "words", "知道", "\n", ", "]), max_size=12), st.booleans())
def test_no_spam_is_overlooked(parts: list[str], capitals: bool) -> None:
    text = " ".join(parts)
    text = text.upper() if capitals else text
    assert _may_be_spam(text.lower()) or not is_spam(text)


@given(texts)
def test_no_keyword_list_is_overlooked(text: str) -> None:
    kept = make_rules(["keywords"])[0].apply(Document(text)).text
    lines = text.split("\n")
    assert kept == "\n".join(line for line in lines if len(line) <= 20 or not is_keyword_list(line))


@given(texts)
def test_top_n_gram_as_counted(text: str) -> None:
    words = text.split()
    total = sum(map(len, words))
    expected = False
    for n, limit in TOP_N_GRAM.items():
        times = Counter(zip(*(words[i:] for i in range(n)), strict=False))
        most = max(times.values(), default=0)
        longest = max((sum(map(len, gram)) for gram, k in times.items() if k == most), default=0)
        if len(words) <= n:
            break
        expected = expected or (most > 1 and most * longest > limit * total)
    assert (_top_n_gram(Measures(text).units("en")) is not None) == expected


@given(st.lists(st.sampled_from(["a", "b", "cc", "d"]), max_size=60))
def test_a_phrase_in_a_row_shows_by_near_n_grams(words: list[str]) -> None:
    units = Measures(" ".join(words)).units("en")
    for period in range(2, LONGEST["en"] + 1):
        for start in range(len(words) - 4 * period + 1):
            if words[start : start + 3 * period] == words[start + period : start + 4 * period]:
                assert units.five_repeated
                assert _nearest(units.five) <= period


@given(texts)
def test_scripts_as_the_patterns_have_them(text: str) -> None:
    scripts = scripts_of(text)
    assert scripts.count(b"h") == len(_HAN.findall(text))
    assert scripts.count(b"o") == len(_OTHER_SCRIPTS.findall(text))
    assert scripts.count(b"a") == len(_ALPHABETS.findall(text))
    assert len(scripts) in (0, len(text))


@given(texts)
def test_controls_are_seen_in_ascii_as_in_other_text(text: str) -> None:
    outcome = make_rules(["controls"])[0].apply(Document(text))
    if ANY.search(text) is None:
        assert outcome.text is text
    elif text.isascii():
        assert outcome.text != text


@pytest.mark.parametrize("document", [*plain("en"), *plain("zh")], ids=lambda d: d.name)
def test_rules_alone_and_in_a_row_agree(document: Document) -> None:
    """What rules share of a text must not change what they say."""
    shared = [rule.apply(document) for rule in make_rules()]
    for name, outcome in zip(RULES, shared, strict=True):
        copy = document.text.encode().decode()
        alone = make_rules([name])[0].apply(Document(copy, document.name, document.language))
        assert (alone.text, alone.reasons, alone.measured, alone.language) == (
            outcome.text,
            outcome.reasons,
            outcome.measured,
            outcome.language,
        )
