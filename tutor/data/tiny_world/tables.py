"""Every template of the grammar, read from the tables of sentences once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.data.tiny_world.grammar import Slot, Template, declare, template
from tutor.data.tiny_world.sentences.fact_forms import QUESTIONS, STATEMENTS
from tutor.data.tiny_world.sentences.scripts import SCRIPTS, SHARED


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


@functools.cache
def statements() -> dict[str, tuple[Template, ...]]:
    """Ways to state a fact, by relation."""
    found: dict[str, tuple[Template, ...]] = {}
    for head, lines in _sections(STATEMENTS):
        relation, _, declarations = head.partition(" ")
        slots = declare(declarations)
        about = (slots[0].name, relation, slots[1].name)
        found[relation] = tuple(
            template(f"{relation}.{i}", slots, line, about) for i, line in enumerate(lines)
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
        found[name] = Beat(tuple(template(f"{name}.{i}", slots, line) for i, line in enumerate(lines)), slots=slots)
    return found


@functools.cache
def scripts() -> tuple[Script, ...]:
    """All stories."""
    return tuple(_script(head, lines) for head, lines in _sections(SCRIPTS))


def story_templates() -> tuple[Template, ...]:
    """Sentences that only stories use."""
    beats = [*shared().values(), *(beat for script in scripts() for beat in script.beats)]
    return tuple({found.id: found for beat in beats for found in beat.templates}.values())


def all_templates() -> tuple[Template, ...]:
    """Every sentence form of the grammar."""
    facts = [found for ways in (*statements().values(), *questions().values()) for found in ways]
    return (*facts, *story_templates())


def _script(head: str, lines: list[str]) -> Script:
    name, _, declarations = head.partition(" ")
    roles = declare(declarations)
    beats: list[Beat] = []
    group: list[Template] = []
    optional = False
    count = 0
    for line in [*lines, "-"]:
        if line[0] not in "-@":
            group.append(template(f"{name}.{count}", roles, line))
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
    waiting, ready = list(roles), []
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
