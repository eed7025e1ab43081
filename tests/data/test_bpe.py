"""Byte-level BPE, merge by merge: against the library, and what must hold for any text."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.data.bpe import BYTES, Merges, WordTable, join, words

ENGLISH = (
    "low lower lowest newer newest wider the the the theme, other others 12 120 1200.\n\n  def f(x):\n" * 3
)
CHINESE = "预训练让模型先读大量文本，再用少量任务数据微调。模型学到的是下一个 token 的概率。\n" * 3
TEXTS = (ENGLISH, CHINESE, ENGLISH + CHINESE)
any_text = st.text(max_size=60) | st.text(alphabet=sorted(set(ENGLISH + CHINESE)), max_size=80)


def library_merges(text: str, count: int) -> list[tuple[bytes, bytes]]:
    """What the `tokenizers` library merges, given the same words."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    mark = "\x00"
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(mark), behavior="removed"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=256 + count, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([mark.join(words(text))], trainer)
    byte = dict(zip(alphabet, BYTES, strict=True))
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(bytes(map(byte.__getitem__, a)), bytes(map(byte.__getitem__, b))) for a, b in merges]


@pytest.mark.parametrize("text", TEXTS)
def test_the_merges_are_those_of_the_library(text: str) -> None:
    merges = Merges(text)
    merges.learn(10_000)
    ours = [(merges.pieces[a], merges.pieces[b]) for a, b in merges.pairs]
    theirs = library_merges(text, len(ours))
    assert len(ours) > 30
    assert ours == theirs[: len(ours)]


def test_the_bytes_come_in_the_order_of_gpt_2() -> None:
    assert sorted(BYTES) == list(range(256))
    assert BYTES[0] == ord("!")
    assert BYTES[220] == ord(" "), "in GPT-2's vocabulary a blank alone is token 220"
    assert BYTES[198] == 10, "a line end is 198"


def test_a_merge_by_hand() -> None:
    """Sennrich et al. 2016, figure 1: of low, lower, newest, widest the first merges are e s and es t."""
    merges = Merges("low " * 5 + "lower " * 2 + "newest " * 6 + "widest " * 3)
    merges.learn(2)
    assert [merges.pieces[i] for i in (256, 257)] == [b"es", b"est"]
    assert merges.counts[:2] == [9, 9]


@settings(max_examples=200, deadline=None)
@given(text=any_text, learned=st.integers(0, 400), source=st.sampled_from(TEXTS))
def test_any_text_comes_back(text: str, learned: int, source: str) -> None:
    merges = Merges(source)
    merges.learn(learned)
    ids = merges.encode(text, learned)
    assert merges.decode(ids) == text
    assert all(i < 256 + learned for i in ids)
    assert len(ids) <= len(text.encode()), "at least a byte to a token"


@settings(max_examples=100, deadline=None)
@given(text=any_text)
def test_words_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="abc 中文", max_size=200), count=st.integers(0, 60))
def test_tables_count_what_encoding_gives(text: str, count: int) -> None:
    merges = Merges(text, [text[::-1]])
    known = merges.learn(count)
    assert known == (len(merges.pairs) >= count)
    for learned in range(len(merges.pairs) + 1):
        of_text, of_reverse = merges.tokens[learned]
        assert of_text == len(merges.encode(text, learned))
        assert of_reverse == len(merges.encode(text[::-1], learned))


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="ab é\n", max_size=200))
def test_every_merge_makes_the_text_shorter(text: str) -> None:
    merges = Merges(text)
    merges.learn(1_000)
    lengths = [tokens[0] for tokens in merges.tokens]
    assert all(later < earlier for earlier, later in pairwise(lengths))
    assert all(count >= 2 for count in merges.counts)


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="ab c", max_size=120), count=st.integers(1, 20))
def test_pairs_are_counted_as_if_anew(text: str, count: int) -> None:
    """What is kept up to date by every merge is what counting from the beginning gives."""
    table = WordTable(text)
    for new in range(256, 256 + count):
        pair = table.most_frequent()
        if pair is None:
            assert not table.pairs
            break
        table.merge(pair, new)
        assert pair not in table.pairs
        counted: dict[tuple[int, int], int] = {}
        for ids, times in table._words:
            for a, b in pairwise(ids):
                counted[a, b] = counted.get((a, b), 0) + times
        assert counted == table.pairs
        assert table.tokens == sum(len(ids) * times for ids, times in table._words)


def test_what_was_learned_does_not_depend_on_who_asked() -> None:
    at_once, bit_by_bit = Merges(CHINESE, [ENGLISH]), Merges(CHINESE, [ENGLISH])
    at_once.learn(80)
    for count in (1, 2, 5, 30, 80):
        bit_by_bit.learn(count)
    assert (at_once.pairs, at_once.counts, at_once.tokens) == (
        bit_by_bit.pairs,
        bit_by_bit.counts,
        bit_by_bit.tokens,
    )


def test_pairs_are_joined_from_left_to_right() -> None:
    assert join([1, 1, 1, 2], (1, 1), 9) == [9, 1, 2]
