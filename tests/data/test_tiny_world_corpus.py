"""The corpora of the tiny world: clean, in blocks, validated on what training text can't have."""

from __future__ import annotations

import re

import pytest

from tutor.data.corpora import BLOCK, clean, load_corpus
from tutor.data.tiny_world import recogniser
from tutor.text import LANGS, Lang


@pytest.mark.parametrize("lang", LANGS)
def test_stories_to_train_on_and_others_to_validate_on(lang: Lang) -> None:
    corpus = load_corpus(f"tiny_world_{lang}")  # type: ignore[arg-type]
    train = corpus.train_text()
    assert 390_000 < len(train) < 410_000
    assert 0.08 < len(corpus.validation) / (len(train) + len(corpus.validation)) < 0.12
    assert clean(train) == train
    assert clean(corpus.validation) == corpus.validation
    assert max(map(len, corpus.train)) < 2 * BLOCK
    stories = set(train.split("\n\n"))
    assert len(stories) > 0.95 * len(train.split("\n\n"))  # few are told twice
    assert not stories & set(corpus.validation.split("\n\n"))
    reader = recogniser(lang)
    assert reader.valid_share(corpus.validation) == 1
    assert reader.valid_share(corpus.train[0]) == 1  # blocks begin and end between sentences
    assert reader.valid_share(corpus.train[-1]) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_validation_has_no_word_that_training_lacks(lang: Lang) -> None:
    corpus = load_corpus(f"tiny_world_{lang}")  # type: ignore[arg-type]
    assert set(corpus.validation) <= set(corpus.train_text())
    if lang == "en":
        assert set(re.findall(r"\w+", corpus.validation)) <= set(re.findall(r"\w+", corpus.train_text()))


def test_a_corpus_is_built_once() -> None:
    assert load_corpus("tiny_world_en") is load_corpus("tiny_world_en")
