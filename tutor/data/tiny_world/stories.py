"""Telling stories: a script, its roles filled, and a sentence for every beat."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from tutor.data.tiny_world.entries import Entry, is_held_out_pair
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import Script, Slot, Split, Template, candidates, forms, scripts
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
        return self.template.render(self.filling, language)

    @property
    def is_new(self) -> bool:
        return self.template.is_new(self.filling)


def join(sentences: Sequence[Sentence], language: Lang) -> str:
    return ("" if language == "zh" else " ").join([sentence.text(language) for sentence in sentences])


def tell(facts: Facts, rng: random.Random, split: Split, novelty: Novelty | None = None) -> list[Sentence]:
    """A story, told for training or held out.

    A story that training text has no words for, as two of its roles never meet there, is given up for another; so is a held-out
    one in which chance put nothing new.

    `novelty`: What is new in a held-out story; None: one of the three by chance.
    """
    if split == "held_out" and novelty is None:
        novelty = _pick(rng, NOVELTIES)
    teller = _Teller(facts, rng, novelty if split == "held_out" else None)
    while True:
        if rng.random() < DESCRIPTIONS:
            story: list[Sentence] | None = teller.description()
        else:
            story = teller.story(_pick(rng, scripts()))
        if story and (split == "train" or any(sentence.is_new for sentence in story)):
            return story


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of a world what training text may have (`new` is None), or what it hasn't."""

    facts: Facts
    rng: random.Random
    new: Novelty | None

    def story(self, script: Script) -> list[Sentence] | None:
        """One script told; None when a beat of it can't be."""
        filling = self._cast(script)
        story: list[Sentence] = []
        for beat, optional in script.beats:
            if optional and self.rng.random() < 0.5:
                continue
            if not beat.templates:  # facts of the hero
                relations = self.rng.sample(INTRO, 2 if self.rng.random() < 0.5 else 1)
                story += [sentence for one in relations for sentence in self._fact(filling["p"], one)]
                continue
            for role in beat.slots:
                if role.name not in filling:
                    self._fill(role, filling)
            sentence = self._say(beat.templates, filling)
            if sentence is None:
                return None
            story.append(sentence)
        return story

    def description(self) -> list[Sentence]:
        """What there is to say of some things and places."""
        subjects = {
            _pick(self.rng, tuple(self.facts.values[_pick(self.rng, _DESCRIBED)])): None for _ in range(3)
        }
        # each subject once, in the order in which they came up
        return [found for one in subjects for relation in _DESCRIBED for found in self._fact(one, relation)]

    def _cast(self, script: Script) -> dict[str, Entry]:
        """Who and what the story is about. Where pairs are to be new, some are tried until two of the first three roles are one."""
        for _ in range(_CASTS if self.new == "pair" else 1):
            filling: dict[str, Entry] = {}
            for role in script.roles:
                self._fill(role, filling)
            first = list(filling.values())[:3]
            if any(is_held_out_pair(a, b) for a, b in itertools.combinations(first, 2)):
                break
        return filling

    def _fill(self, role: Slot, filling: dict[str, Entry]) -> None:
        """Put an entry into a role that no other role has."""
        if role.of and (known := self.facts.of(filling[role.of[0]], role.of[1])):
            filling[role.name] = known
            return
        unseen = self.new == "word" and self.rng.random() < 0.5
        if role.domain == "person":
            choices: Sequence[Entry] = self.facts.held_out_people if unseen else self.facts.people
        else:
            choices = candidates(role, filling)
        taken = filling.values()
        entry = _pick(self.rng, choices)
        for _ in range(_TRIES):
            if entry not in taken and (self.new == "word" or not entry.held_out):
                break
            entry = _pick(self.rng, choices)
        filling[role.name] = entry

    def _fact(self, subject: Entry, relation: str) -> list[Sentence]:
        """A fact as a sentence; none when the world leaves it open, or training text may not have it."""
        value, ways = self.facts.of(subject, relation), forms("statements")[relation]
        if value is None:
            return []
        about, what = ways.slots
        sentence = self._say(ways.templates, {about.name: subject, what.name: value})
        return [sentence] if sentence else []

    def _say(self, templates: Sequence[Template], filling: dict[str, Entry]) -> Sentence | None:
        """One of the ways to say it; None when training text has none for these words."""
        start = int(self.rng.random() * len(templates))
        ways = [*templates[start:], *templates[:start]]
        for found in ways:
            if found.held_out == (self.new == "form") and (self.new or not found.is_new(filling)):
                return Sentence(found, filling)
        return Sentence(ways[-1], filling) if self.new else None


def _pick(rng: random.Random, choices: Sequence[T]) -> T:
    return choices[int(rng.random() * len(choices))]


def cast(slots: Sequence[Slot], rng: random.Random, split: Split) -> dict[str, Entry]:
    """An entry for every slot, no two the same; none that is held out for training text."""
    filling: dict[str, Entry] = {}
    taken, unseen = filling.values(), split == "held_out"
    for slot in slots:
        choices = [
            entry
            for entry in candidates(slot, filling)
            if (unseen or not entry.held_out) and entry not in taken
        ]
        filling[slot.name] = rng.choice(choices)
    return filling
