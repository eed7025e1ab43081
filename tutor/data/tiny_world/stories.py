"""Telling stories: a script, its roles filled, and a sentence for every beat."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from tutor.data.tiny_world.entries import Entry, is_held_out_pair
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import Slot, Split, Template, candidates
from tutor.data.tiny_world.tables import Script, forms, scripts
from tutor.text import Lang

INTRO = ("job", "home", "dish", "pet", "colour", "age", "friend")
"""What is told of a hero at the beginning."""

Novelty = Literal["word", "form", "pair"]
"""What a held-out story has that training text doesn't: words, forms of sentence, or pairs of words that are known one by one."""

NOVELTIES: tuple[Novelty, ...] = get_args(Novelty)

DESCRIPTIONS = 0.08
"""Share of the stories in which nothing happens: they tell facts of things and places."""

_DESCRIBED = ("place", "tint", "size", "hour", "beside", "price")

_TRIES = 40
_CASTS = 12

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


def tell(facts: Facts, rng: random.Random, split: Split, novelty: Novelty | None = None) -> list[Sentence]:
    """A story, told for training or held out.

    A story that training text has no words for, as two of its roles never meet there, is given up for another; so is a held-out
    one in which chance put nothing new.

    `novelty`: What is new in a held-out story; None: one of the three by chance.
    """
    if split == "held_out" and novelty is None:
        novelty = _pick(rng, NOVELTIES)
    kind = novelty if split == "held_out" else None
    while True:
        if rng.random() < DESCRIPTIONS:
            story: list[Sentence] | None = _describe(facts, rng, kind)
        else:
            story = _told(_pick(rng, scripts()), facts, rng, kind)
        if story and (kind is None or any(sentence.is_new for sentence in story)):
            return story


def _told(script: Script, facts: Facts, rng: random.Random, new: Novelty | None) -> list[Sentence] | None:
    """One script told; None when a beat of it can't be."""
    filling = _cast(script, facts, rng, new)
    story: list[Sentence] = []
    for beat, optional in script.beats:
        if optional and rng.random() < 0.5:
            continue
        if not beat.templates:
            story += _introduction(facts, rng, filling["p"], new)
            continue
        for role in beat.slots:
            if role.name not in filling:
                _fill(role, filling, facts, rng, new)
        sentence = _say(beat.templates, filling, rng, new)
        if sentence is None:
            return None
        story.append(sentence)
    return story


def _cast(script: Script, facts: Facts, rng: random.Random, new: Novelty | None) -> dict[str, Entry]:
    """Who and what the story is about. Where pairs are to be new, some are tried until two of the first three roles are one."""
    for _ in range(_CASTS if new == "pair" else 1):
        filling: dict[str, Entry] = {}
        for role in script.roles:
            _fill(role, filling, facts, rng, new)
        first = list(filling.values())[:3]
        if any(is_held_out_pair(a, b) for a, b in itertools.combinations(first, 2)):
            break
    return filling


def _fill(
    role: Slot, filling: dict[str, Entry], facts: Facts, rng: random.Random, new: Novelty | None
) -> None:
    """Put an entry into a role that no other role has."""
    if role.of and (known := facts.of(filling[role.of[0]], role.of[1])):
        filling[role.name] = known
        return
    unseen = new == "word" and rng.random() < 0.5
    if role.domain == "person":
        choices: Sequence[Entry] = facts.held_out_people if unseen else facts.people
    else:
        choices = candidates(role, filling)
    taken = filling.values()
    entry = _pick(rng, choices)
    for _ in range(_TRIES):
        if entry not in taken and (new == "word" or not entry.held_out):
            break
        entry = _pick(rng, choices)
    filling[role.name] = entry


def _describe(facts: Facts, rng: random.Random, new: Novelty | None) -> list[Sentence]:
    """What there is to say of some things and places."""
    subjects = {_pick(rng, tuple(facts.values[_pick(rng, _DESCRIBED)])): None for _ in range(3)}
    return [
        sentence
        for subject in subjects  # each once, in the order in which they came up
        for relation in _DESCRIBED
        for sentence in _fact(facts, rng, subject, relation, new)
    ]


def _introduction(facts: Facts, rng: random.Random, hero: Entry, new: Novelty | None) -> list[Sentence]:
    """One or two facts about the hero."""
    relations = rng.sample(INTRO, 2 if rng.random() < 0.5 else 1)
    return [sentence for relation in relations for sentence in _fact(facts, rng, hero, relation, new)]


def _fact(
    facts: Facts, rng: random.Random, subject: Entry, relation: str, new: Novelty | None
) -> list[Sentence]:
    """A fact as a sentence; none when the world leaves it open, or training text may not have it."""
    value, templates = facts.of(subject, relation), forms("statements")[relation].templates
    about = templates[0].relation
    if value is None or about is None:
        return []
    sentence = _say(templates, {about[0]: subject, about[2]: value}, rng, new)
    return [sentence] if sentence else []


def _say(
    templates: Sequence[Template], filling: dict[str, Entry], rng: random.Random, new: Novelty | None
) -> Sentence | None:
    """One of the ways to say it; None when training text has none for these words."""
    count = len(templates)
    start = int(rng.random() * count)
    fallback = None
    for i in range(count):
        found = templates[(start + i) % count]
        if found.held_out == (new == "form") and (new or not found.is_new(filling)):
            return Sentence(found, filling)
        fallback = found
    return Sentence(fallback, filling) if fallback and new else None


def _pick(rng: random.Random, choices: Sequence[T]) -> T:
    return choices[int(rng.random() * len(choices))]


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
