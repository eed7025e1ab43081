"""Telling stories: a script, its roles filled, and a sentence for every beat."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tutor.data.tiny_world.entries import Entry
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import Slot, Split, Template, candidates
from tutor.data.tiny_world.tables import Script, scripts, statements
from tutor.text import Lang

INTRO = ("job", "home", "dish", "pet", "colour", "age", "friend")
"""What is told of a hero at the beginning."""

_TRIES = 40

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A template with its slots filled: a meaning, to be said in either language."""

    template: Template
    filling: dict[str, Entry]

    def text(self, language: Lang) -> str:
        """The sentence in one language."""
        return self.template.render(self.filling, language)

    @property
    def is_new(self) -> bool:
        """Whether it is of the held-out part."""
        return self.template.is_new(self.filling)


def join(sentences: Sequence[Sentence], language: Lang) -> str:
    """Sentences as a paragraph."""
    return ("" if language == "zh" else " ").join([sentence.text(language) for sentence in sentences])


def tell(facts: Facts, rng: random.Random, split: Split) -> list[Sentence]:
    """A story. One of the held-out part has something new in every sentence that can have it.

    A story that training text has no words for, as two of its roles never meet there, is given up for another.
    """
    while True:
        story = _told(_pick(rng, scripts()), facts, rng, split)
        if story:
            return story


def _told(script: Script, facts: Facts, rng: random.Random, split: Split) -> list[Sentence] | None:
    """One script told; None when a beat of it can't be."""
    filling = _cast(script, facts, rng, split)
    story: list[Sentence] = []
    for beat in script.beats:
        if beat.optional and rng.random() < 0.5:
            continue
        if not beat.templates:
            story += _introduction(facts, rng, filling["p"], split)
            continue
        for role in beat.slots:
            if role.name not in filling:
                _fill(role, filling, facts, rng, split)
        sentence = _say(beat.templates, filling, rng, split)
        if sentence is None:
            return None
        story.append(sentence)
    return story


def _cast(script: Script, facts: Facts, rng: random.Random, split: Split) -> dict[str, Entry]:
    """Who and what the story is about."""
    filling: dict[str, Entry] = {}
    for role in script.roles:
        _fill(role, filling, facts, rng, split)
    return filling


def _fill(role: Slot, filling: dict[str, Entry], facts: Facts, rng: random.Random, split: Split) -> None:
    """Put an entry into a role that no other role has."""
    if role.of and (known := facts.of(filling[role.of[0]], role.of[1])):
        filling[role.name] = known
        return
    if role.domain == "person":
        unmet = split == "held_out" and rng.random() < 0.3
        choices: Sequence[Entry] = facts.held_out_people if unmet else facts.people
    else:
        choices = candidates(role, filling)
    taken = filling.values()
    entry = _pick(rng, choices)
    for _ in range(_TRIES):
        if entry not in taken and (split == "held_out" or not entry.held_out):
            break
        entry = _pick(rng, choices)
    filling[role.name] = entry


def _introduction(facts: Facts, rng: random.Random, hero: Entry, split: Split) -> list[Sentence]:
    """One or two facts about the hero."""
    told: list[Sentence] = []
    for relation in rng.sample(INTRO, 2 if rng.random() < 0.5 else 1):
        value = facts.of(hero, relation)
        if value is None:
            continue
        templates = statements()[relation]
        subject, _, name = templates[0].relation or ("", "", "")
        sentence = _say(templates, {subject: hero, name: value}, rng, split)
        if sentence:
            told.append(sentence)
    return told


def _say(
    templates: Sequence[Template], filling: dict[str, Entry], rng: random.Random, split: Split
) -> Sentence | None:
    """One of the ways to say it that belong to this part of the data; None when training text has none."""
    count = len(templates)
    start = int(rng.random() * count)
    fallback = None
    for i in range(count):
        found = templates[(start + i) % count]
        if found.is_new(filling) == (split == "held_out"):
            return Sentence(found, filling)
        fallback = found
    return Sentence(fallback, filling) if fallback and split == "held_out" else None


def _pick(rng: random.Random, choices: Sequence[T]) -> T:
    return choices[int(rng.random() * len(choices))]
