"""Sentences with a sentiment, as annotators would label them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.recogniser import recogniser
from tutor.data.tiny_world.stories import fill
from tutor.data.tiny_world.tables import opinions
from tutor.text import Lang

Label = Literal["positive", "negative"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with a label.

    Attributes:
        label: What one annotator said.
        ambiguous: Whether it speaks for both.
        positive_share: Share of annotators who would call it positive: 1 or 0, and between .3 and .7 when it is ambiguous.
    """

    text: str
    label: Label
    ambiguous: bool
    positive_share: float


def write(language: Lang, count: int, rng: random.Random, split: Split, ambiguous: float) -> list[Labelled]:
    """Labelled sentences, as many of each label by chance; `ambiguous` is the share that speaks for both.

    Raises:
        ValueError: A share outside 0 .. 1.
    """
    if not 0 <= ambiguous <= 1:
        raise ValueError("ambiguous: a share from 0 to 1")
    found = []
    for _ in range(count):
        unsure = rng.random() < ambiguous
        share = 0.3 + 0.4 * rng.random() if unsure else float(rng.random() < 0.5)
        label: Label = "positive" if rng.random() < share else "negative"
        forms = opinions()["mixed" if unsure else label]
        sentence = fill(forms.templates, forms.slots, rng, split)
        found.append(Labelled(sentence.text(language), label, unsure, share))
    return found


def sentiment_of(sentence: str, language: Lang) -> Label | Literal["mixed"] | None:
    """What a sentence says by the grammar; None when it is no opinion."""
    for parse in recogniser(language).parses(sentence):
        name = parse.template.id.split(".")[0]
        if name in ("positive", "negative", "mixed"):
            return name  # type: ignore[return-value]
    return None
