"""Sentences with the truth about them, cut for a classifier: what the annotators and the model of the labelling lab read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Generic, TypeVar

import torch
from torch import Tensor

from tutor.data.tiny_world import Labelled, Split, World
from tutor.experiments.base import Shared
from tutor.nn.bag import PAD
from tutor.text import LANGS, Lang, Text

UNKNOWN = 1
"""Id of a token that no training sentence has."""

_WORLD = World(0)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An opinion.

    Attributes:
        text: It, in both languages.
        truth: What it says, as the grammar that wrote it knows; how it is read when it says both.
    """

    text: Text
    truth: Labelled

    @property
    def gold(self) -> bool | None:
        """Return whether it is good; None when it praises one thing and blames another."""
        return None if self.truth.ambiguous else self.truth.label == "positive"


T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class LabelledText(Shared, Generic[T]):
    """Sentences, and their tokens as (count, T) ids; nobody writes to them, so that copies of an experiment share them."""

    sentences: Sequence[T]
    tokens: Tensor


def distinct_sentences(count: int, seed: int, split: Split, ambiguous: float = 0.0) -> tuple[Sentence, ...]:
    """Draw sentences of which no two are alike; fewer than `count` where there are no more."""
    drawn = zip(*(_WORLD.opinions(language, seed, split, ambiguous) for language in LANGS), strict=True)
    found: dict[str, Sentence] = {}
    for zh, en in islice(drawn, 10 * count):
        if len(found) == count:
            break
        found.setdefault(zh.text, Sentence(Text(zh.text, en.text), zh))
    return tuple(found.values())


def pieces(sentence: str, language: Lang) -> list[str]:
    """Cut a sentence into characters in Chinese, words in English; and each two neighbours as one, since *never* alone says little."""
    single = list(sentence) if language == "zh" else re.findall(r"[a-z'’-]+|[^a-z\s]", sentence.lower())
    return single + [" ".join(pair) for pair in pairwise(single)]


def cut(
    train: Sequence[Sentence], validation: Sequence[Sentence], language: Lang
) -> tuple[LabelledText[Sentence], LabelledText[Sentence], int]:
    """Return both parts as ids, and how many ids there are; only the training sentences decide what is known."""
    found = [[pieces(sentence.text[language], language) for sentence in part] for part in (train, validation)]
    tokens, count = numbered(found)
    return LabelledText(train, tokens[0]), LabelledText(validation, tokens[1]), count


def numbered(parts: Sequence[Sequence[Sequence[str]]]) -> tuple[list[Tensor], int]:
    """Return the pieces of each text as ids, (texts, T) for each part, and how many ids there are; only the first part decides what is known."""
    known = sorted({piece for text in parts[0] for piece in text})
    ids = {piece: i for i, piece in enumerate(known, UNKNOWN + 1)}
    length = max(len(text) for part in parts for text in part)
    tokens = [
        torch.tensor(
            [[ids.get(piece, UNKNOWN) for piece in text] + [PAD] * (length - len(text)) for text in part]
        )
        for part in parts
    ]
    return tokens, len(known) + 2
