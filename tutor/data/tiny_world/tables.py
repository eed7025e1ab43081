"""Every template of the grammar, read from the tables of sentences once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.data.tiny_world.entries import Entry, domain, lexicon
from tutor.data.tiny_world.grammar import Slot, Template, declare, template
from tutor.data.tiny_world.sentences.bias_forms import BIASED
from tutor.data.tiny_world.sentences.fact_forms import QUESTIONS, STATEMENTS
from tutor.data.tiny_world.sentences.instruction_forms import INSTRUCTIONS
from tutor.data.tiny_world.sentences.scripts import SCRIPTS, SHARED
from tutor.data.tiny_world.sentences.sentiment_forms import FORMS


@dataclass(frozen=True, slots=True)
class Beat:
    """A moment of a story.

    Attributes:
        templates: The ways to tell it; empty for `intro`, facts of the hero.
        optional: Whether it may be left out.
        slots: Roles that only this beat needs.
    """

    templates: tuple[Template, ...]
    optional: bool = False
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A story to be told: roles in the order in which they can be filled, and beats."""

    name: str
    roles: tuple[Slot, ...]
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """Something people ask for: ways to ask, ways to answer, and whether the answer is a refusal."""

    name: str
    slots: tuple[Slot, ...]
    asked: tuple[Template, ...]
    answered: tuple[Template, ...]
    refused: bool


@dataclass(frozen=True, slots=True)
class Forms:
    """Ways to say one kind of thing, and the slots that they need."""

    slots: tuple[Slot, ...]
    templates: tuple[Template, ...]


@functools.cache
def statements() -> dict[str, tuple[Template, ...]]:
    """Ways to state a fact, by relation."""
    found: dict[str, tuple[Template, ...]] = {}
    for head, lines in _sections(STATEMENTS):
        relation, _, declarations = head.partition(" ")
        slots = declare(declarations)
        about = (slots[0].name, relation, slots[1].name)
        found[relation] = tuple(
            template(f"fact_{relation}.{i}", slots, line, about) for i, line in enumerate(lines)
        )
    return found


@functools.cache
def questions() -> dict[str, tuple[Template, ...]]:
    """Ways to ask for a fact, by relation; their one slot is what the fact is about."""
    found: dict[str, tuple[Template, ...]] = {}
    for head, lines in _sections(QUESTIONS):
        relation, _, declarations = head.partition(" ")
        found[relation] = tuple(
            template(f"ask_{relation}.{i}", declare(declarations), line) for i, line in enumerate(lines)
        )
    return found


@functools.cache
def shared() -> dict[str, Beat]:
    """Beats by name that several scripts use."""
    found = {}
    for head, lines in _sections(SHARED):
        name, _, declarations = head.partition(" ")
        slots = declare(declarations)
        found[name] = Beat(
            tuple(template(f"beat_{name}.{i}", slots, line) for i, line in enumerate(lines)), slots=slots
        )
    return found


@functools.cache
def scripts() -> tuple[Script, ...]:
    """All stories."""
    return tuple(_script(head, lines) for head, lines in _sections(SCRIPTS))


def story_templates() -> tuple[Template, ...]:
    """Sentences that only stories use."""
    beats = [*shared().values(), *(beat for script in scripts() for beat in script.beats)]
    return tuple({found.id: found for beat in beats for found in beat.templates}.values())


@functools.cache
def opinions() -> dict[str, Forms]:
    """Opinions: positive, negative, mixed."""
    return _forms(FORMS)


@functools.cache
def biased_forms() -> Forms:
    """Sentences with a job and a pronoun."""
    return _forms(BIASED)["biased"]


@functools.cache
def requests() -> tuple[Request, ...]:
    """What is asked of an assistant."""
    found = []
    for head, lines in _sections(INSTRUCTIONS):
        name, _, declarations = head.partition(" ")
        slots, border = declare(declarations), lines.index("->")
        made = [
            template(f"request_{name.lstrip('!')}.{i}", slots, line)
            for i, line in enumerate(lines)
            if line != "->"
        ]
        found.append(
            Request(name.lstrip("!"), slots, tuple(made[:border]), tuple(made[border:]), name.startswith("!"))
        )
    return tuple(found)


def _forms(text: str) -> dict[str, Forms]:
    found = {}
    for head, lines in _sections(text):
        name, _, declarations = head.partition(" ")
        slots = declare(declarations)
        made = tuple(template(f"{name}.{i}", slots, line) for i, line in enumerate(lines))
        found[name] = Forms(slots, made)
    return found


def all_templates() -> tuple[Template, ...]:
    """Every sentence form of the grammar."""
    facts = [found for ways in (*statements().values(), *questions().values()) for found in ways]
    asked = [found for request in requests() for found in (*request.asked, *request.answered)]
    said = [found for forms in (*opinions().values(), biased_forms()) for found in forms.templates]
    return (*facts, *story_templates(), *asked, *said)


def _script(head: str, lines: list[str]) -> Script:
    name, _, declarations = head.partition(" ")
    roles = declare(declarations)
    beats: list[Beat] = []
    group: list[Template] = []
    optional = False
    count = 0
    for line in [*lines, "-"]:
        if line[0] not in "-@":
            group.append(template(f"story_{name}.{count}", roles, line))
            count += 1
            continue
        if group:
            beats.append(Beat(tuple(group), optional))
        group, optional = [], line == "-?"
        if line == "@intro":
            beats.append(Beat(()))
        elif line.startswith("@"):
            beats.append(shared()[line[1:]])
    return Script(name, _in_order(roles), tuple(beats))


def _in_order(roles: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Roles so that what decides another comes before it."""
    waiting, ready = list(roles), list[Slot]()
    while waiting:
        for role in waiting:
            needs = role.taken_by or (role.of[0] if role.of else None)
            if needs is None or any(done.name == needs for done in ready):
                ready.append(role)
                waiting.remove(role)
                break
        else:
            raise ValueError(roles)
    return tuple(ready)


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Heads (without ``##``) with the lines under them."""
    for part in text.split("## ")[1:]:
        head, *lines = part.strip().splitlines()
        yield head, [line.strip() for line in lines if line.strip()]


@functools.cache
def vocabulary() -> tuple[Entry, ...]:
    """The entries that some sentence can contain."""
    domains = {slot.domain for found in all_templates() for slot in found.slots}
    reached = {entry for name in domains for entry in domain(name)}
    return tuple(entry for entry in lexicon().values() if entry in reached)
