"""Tokenizers: there and back."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.data.tokenizer import UNKNOWN, Tokenizer, TokenizerKind, train_tokenizer

ENGLISH = (
    "The assignment statement binds a name to an object, and the object may be a function.\n\n"
    "    def name(value=1, *args):\n        return value + 1  # 42\n"
) * 20
CHINESE = "预训练让模型先读大量文本，再用少量任务数据微调。模型学到的是下一个 token 的概率。\n" * 20
KINDS: tuple[TokenizerKind, ...] = ("char", "bpe")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_what_it_learned_from_comes_back(kind: TokenizerKind, text: str) -> None:
    tokenizer = train_tokenizer(kind, text, 256)
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert max(ids) < tokenizer.vocab_size - 2


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(KINDS), text=st.text(alphabet=sorted(set(ENGLISH)), max_size=80))
def test_any_text_of_known_characters_comes_back(kind: TokenizerKind, text: str) -> None:
    tokenizer = train_tokenizer(kind, ENGLISH, 256)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(KINDS), text=st.text(max_size=60))
def test_an_unknown_character_becomes_one_unknown_token(kind: TokenizerKind, text: str) -> None:
    tokenizer = train_tokenizer(kind, CHINESE, 256)
    ids = tokenizer.encode(text)
    known = set(CHINESE)
    assert tokenizer.decode(ids) == "".join(char if char in known else UNKNOWN for char in text)
    assert ids.count(tokenizer.unknown_id) == sum(char not in known for char in text)


def test_bpe_joins_what_is_frequent_and_keeps_the_size() -> None:
    tokenizer = train_tokenizer("bpe", ENGLISH, 128)
    assert tokenizer.vocab_size <= 128
    assert len(tokenizer.encode(ENGLISH)) < 0.5 * len(ENGLISH)
    assert " object" in tokenizer.pieces
    assert not [
        p for p in tokenizer.pieces if " " in p[1:] and p.strip()
    ]  # no token reaches across two words


def test_a_large_alphabet_gets_a_token_for_each_character() -> None:
    rng = random.Random(0)
    alphabet = [chr(0x4E00 + i) for i in range(900)]
    text = "".join(alphabet) + "".join(rng.choices(alphabet, k=5_000))
    tokenizer = train_tokenizer("bpe", text, 512)
    assert tokenizer.unknown_id not in tokenizer.encode(text)
    assert tokenizer.vocab_size >= 900


def test_rare_characters_of_a_huge_alphabet_are_unknown() -> None:
    text = "".join(chr(0x4E00 + i) * (1 + (i < 1500)) for i in range(2_500)) + " common words " * 50
    tokenizer = train_tokenizer("bpe", text, 512)
    assert tokenizer.encode(chr(0x4E00)) != [tokenizer.unknown_id]
    assert tokenizer.encode(chr(0x4E00 + 2_499)) == [tokenizer.unknown_id]


@pytest.mark.parametrize("kind", KINDS)
def test_training_is_repeatable(kind: TokenizerKind) -> None:
    fresh = train_tokenizer.__wrapped__
    assert fresh(kind, ENGLISH + CHINESE, 200).pieces == fresh(kind, ENGLISH + CHINESE, 200).pieces


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_and_labels(kind: TokenizerKind) -> None:
    tokenizer = train_tokenizer(kind, ENGLISH, 128)
    assert {tokenizer.mask_id, tokenizer.unknown_id} == {tokenizer.vocab_size - 1, tokenizer.vocab_size - 2}
    assert tokenizer.label(tokenizer.mask_id) == "[MASK]"
    labels = [tokenizer.label(i) for i in range(tokenizer.vocab_size)]
    assert all(labels)
    assert not any(char.isspace() for label in labels for char in label)
    assert copy.deepcopy(tokenizer) is tokenizer


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(alphabet=st.sampled_from(f"abc xyz.\n\t预训练 of the{UNKNOWN}☃"), max_size=80))
@settings(max_examples=60)
def test_plain_values_make_the_same_tokenizer(kind: TokenizerKind, text: str) -> None:
    tokenizer = train_tokenizer(kind, ENGLISH + CHINESE, 256)
    again = Tokenizer.from_plain(json.loads(json.dumps(tokenizer.plain())))
    assert again.encode(text) == tokenizer.encode(text)
    assert again.plain() == tokenizer.plain()
    assert again.identity == tokenizer.identity
