"""A vet's handbook: the text of one trade, in the words of the stories, with facts of its own."""

from __future__ import annotations

import functools
import random

from tutor.data.tiny_world.entries import Entry, domain
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import forms
from tutor.text import Lang

TREATED = ("cure", "rest", "paper", "fee")
"""What there is to know of a sick animal."""

PATIENTS = 24
TOLD = 3
"""Facts in a paragraph."""


@functools.cache
def treatments() -> Facts:
    """Return what is so of each animal of the handbook: drawn once, always the same. All of it is made up."""
    rng = random.Random("tiny_world/handbook")

    def usual(name: str) -> list[Entry]:
        return [entry for entry in domain(name) if not entry.held_out]

    animals = rng.sample(usual("animal"), PATIENTS)
    ways = forms("handbook")
    values = {
        what: {animal: rng.choice(usual(ways[what].slots[1].domain)) for animal in animals}
        for what in TREATED
    }
    return Facts((), (), values)


def handbook(language: Lang, chars: int, seed: int) -> str:
    """Return paragraphs, each on one animal, with blank lines between, until there are `chars` characters; the last one is whole."""
    rng = random.Random(f"tiny_world/handbook/{seed}")
    known, ways = treatments().values, forms("handbook")
    animals = list(known[TREATED[0]])
    found: list[str] = []
    length = 0
    while length < chars:
        animal = rng.choice(animals)
        told = []
        for what in rng.sample(TREATED, TOLD):
            about, value = (slot.name for slot in ways[what].slots)
            form = rng.choice([way for way in ways[what].templates if not way.held_out])
            told.append(form.render({about: animal, value: known[what][animal]}, language))
        advice = rng.choice(ways["care"].templates).render({"a": animal}, language)
        told.insert(rng.randrange(TOLD + 1), advice)
        found.append(("" if language == "zh" else " ").join(told))
        length += len(found[-1]) + 2
    return "\n\n".join(found)
