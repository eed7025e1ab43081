"""What is so in a world: drawn once from its seed, for everyone and everything in it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.data.tiny_world.entries import Entry, domain
from tutor.data.tiny_world.grammar import FACT_DOMAINS, Template

HELD_OUT_PEOPLE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The facts of a world.

    Attributes:
        people: Who lives there and is met in training text.
        held_out_people: Who lives there, too, and is never met in it.
        values: For each relation, the value for each subject.
    """

    people: tuple[Entry, ...]
    held_out_people: tuple[Entry, ...]
    values: Mapping[str, Mapping[Entry, Entry]]

    def __deepcopy__(self, memo: object) -> Facts:
        return self

    def of(self, subject: Entry, relation: str) -> Entry | None:
        """The value of a relation for a subject; None when the world leaves it open."""
        return self.values[relation].get(subject)

    def statements(self) -> list[tuple[str, Entry, Entry]]:
        return [(r, s, v) for r, values in self.values.items() for s, v in values.items()]


def draw(rng: random.Random, people: int, things: int) -> Facts:
    """Facts by chance.

    `people`: Who is met in training text; an even number, as everyone has a best friend.
    `things`: Of each kind that has facts: with a price, with a place.
    """
    met = _even(rng, people, held_out=False)
    unmet = _even(rng, HELD_OUT_PEOPLE, held_out=True)
    values: dict[str, dict[Entry, Entry]] = {}
    for relation in ("job", "home", "dish", "pet", "colour", "age"):
        # Those met in training text have nothing that isn't.
        values[relation] = _each(rng, met, _usual(FACT_DOMAINS[relation])) | _each(
            rng, unmet, domain(FACT_DOMAINS[relation])
        )
    values["friend"] = _pairs(met) | _pairs(unmet)
    goods = _some(rng, domain("gift+food"), things)
    values["price"] = _each(rng, goods, domain("price"))
    kept = _some(rng, domain("portable"), things)
    for relation in ("place", "tint", "size"):
        values[relation] = _each(rng, kept, _usual(FACT_DOMAINS[relation]))
    values["hour"] = _each(rng, domain("open"), domain("hour"))
    values["beside"] = _pairs(_some(rng, domain("public"), 2 * (len(domain("public")) // 2)))
    return Facts(met, unmet, values)


def judge(facts: Facts, template: Template, filling: Mapping[str, frozenset[Entry]]) -> bool | None:
    """Whether a statement is true; None when it states no fact, leaves open of whom, or the world leaves it open."""
    if template.relation is None:
        return None
    subject, relation, value = template.relation
    if len(filling[subject]) != 1:
        return None
    [about] = filling[subject]
    known = facts.of(about, relation)
    return None if known is None else known in filling[value]


def false_value(facts: Facts, rng: random.Random, relation: str, subject: Entry) -> Entry:
    """A value of the right kind that is not the true one."""
    true = facts.of(subject, relation)
    others: Sequence[Entry]
    match relation:
        case "friend":
            others = facts.people
        case "beside":
            others = domain("public")
        case _:
            others = _usual(FACT_DOMAINS[relation])
    while True:
        value = rng.choice(others)
        if value not in (true, subject):
            return value


def _usual(name: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in domain(name) if not entry.held_out)


def _each(rng: random.Random, subjects: Sequence[Entry], values: Sequence[Entry]) -> dict[Entry, Entry]:
    return {subject: rng.choice(values) for subject in subjects}


def _pairs(entries: Sequence[Entry]) -> dict[Entry, Entry]:
    """Neighbours in a list, each the other's."""
    return {entry: entries[i ^ 1] for i, entry in enumerate(entries)}


def _some(rng: random.Random, entries: Sequence[Entry], count: int) -> tuple[Entry, ...]:
    usual = [entry for entry in entries if not entry.held_out]
    return tuple(rng.sample(usual, min(count, len(usual))))


def _even(rng: random.Random, count: int, held_out: bool) -> tuple[Entry, ...]:
    """As many women as men, in mixed order."""
    found: list[Entry] = []
    for gender in ("f", "m"):
        people = domain(f"person&{gender}")
        found += rng.sample([entry for entry in people if entry.held_out == held_out], count // 2)
    rng.shuffle(found)
    return tuple(found)
