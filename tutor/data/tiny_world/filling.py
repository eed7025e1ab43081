"""Sentences outside of stories: slots filled by chance, for training text or the held-out part."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tutor.data.tiny_world.entries import Entry
from tutor.data.tiny_world.grammar import Slot, Split, Template, candidates
from tutor.data.tiny_world.stories import Sentence


def cast(slots: Sequence[Slot], rng: random.Random, split: Split) -> dict[str, Entry]:
    """An entry for every slot, no two the same; none that is held out for training text."""
    filling: dict[str, Entry] = {}
    for slot in slots:
        choices = [
            entry
            for entry in candidates(slot, filling)
            if entry not in filling.values() and (split == "held_out" or not entry.held_out)
        ]
        filling[slot.name] = rng.choice(choices)
    return filling


def fill(templates: Sequence[Template], slots: Sequence[Slot], rng: random.Random, split: Split) -> Sentence:
    """One of the templates with its slots filled, of this part of the data."""
    while True:
        sentence = Sentence(rng.choice(templates), cast(slots, rng, split))
        if sentence.is_new == (split == "held_out"):
            return sentence
