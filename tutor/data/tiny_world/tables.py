"""Every template of the grammar, read once from the files of sentence forms beside this one."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.data.tiny_world.entries import Entry, domain, lexicon, sections
from tutor.data.tiny_world.grammar import Slot, Template, declare, template


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
    return {
        relation: _templates(f"fact_{relation}", slots, lines, (slots[0].name, relation, slots[1].name))
        for relation, slots, lines in _declared("statements")
    }


@functools.cache
def questions() -> dict[str, tuple[Template, ...]]:
    """Ways to ask for a fact, by relation; their one slot is what the fact is about."""
    return {name: _templates(f"ask_{name}", slots, lines) for name, slots, lines in _declared("questions")}


@functools.cache
def beats() -> dict[str, Beat]:
    """Beats by name that several scripts use."""
    return {
        name: Beat(_templates(f"beat_{name}", slots, lines), slots=slots)
        for name, slots, lines in _declared("beats")
    }


@functools.cache
def scripts() -> tuple[Script, ...]:
    """All stories."""
    return tuple(_script(*section) for section in _declared("stories"))


def story_templates() -> tuple[Template, ...]:
    """Sentences that only stories use."""
    told = [*beats().values(), *(beat for script in scripts() for beat in script.beats)]
    return tuple({found.id: found for beat in told for found in beat.templates}.values())


@functools.cache
def opinions() -> dict[str, Forms]:
    """Opinions: positive, negative, mixed."""
    return {
        name: Forms(slots, _templates(name, slots, lines)) for name, slots, lines in _declared("opinions")
    }


@functools.cache
def biased_forms() -> Forms:
    """Sentences with a job and a pronoun."""
    ((name, slots, lines),) = _declared("biased")
    return Forms(slots, _templates(name, slots, lines))


@functools.cache
def requests() -> tuple[Request, ...]:
    """What is asked of an assistant."""
    found = []
    for head, slots, lines in _declared("requests"):
        name, border = head.lstrip("!"), lines.index("->")
        # Numbered with the border between, so that no sentence changes its id.
        made = [template(f"request_{name}.{i}", slots, line) for i, line in enumerate(lines) if i != border]
        found.append(Request(name, slots, tuple(made[:border]), tuple(made[border:]), head.startswith("!")))
    return tuple(found)


def all_templates() -> tuple[Template, ...]:
    """Every sentence form of the grammar."""
    facts = [found for ways in (*statements().values(), *questions().values()) for found in ways]
    asked = [found for request in requests() for found in (*request.asked, *request.answered)]
    said = [found for forms in (*opinions().values(), biased_forms()) for found in forms.templates]
    return (*facts, *story_templates(), *asked, *said)


def _declared(file: str) -> Iterator[tuple[str, tuple[Slot, ...], list[str]]]:
    """The sections of a file: name, slots, lines."""
    for head, lines in sections(file):
        name, _, declarations = head.partition(" ")
        yield name, declare(declarations), lines


def _templates(
    name: str, slots: tuple[Slot, ...], lines: list[str], about: tuple[str, str, str] | None = None
) -> tuple[Template, ...]:
    return tuple(template(f"{name}.{i}", slots, line, about) for i, line in enumerate(lines))


def _script(name: str, roles: tuple[Slot, ...], lines: list[str]) -> Script:
    told: list[Beat] = []
    group: list[Template] = []
    optional = False
    count = 0
    for line in [*lines, "-"]:
        if line[0] not in "-@":
            group.append(template(f"story_{name}.{count}", roles, line))
            count += 1
            continue
        if group:
            told.append(Beat(tuple(group), optional))
        group, optional = [], line == "-?"
        if line == "@intro":
            told.append(Beat(()))
        elif line.startswith("@"):
            told.append(beats()[line[1:]])
    return Script(name, _in_order(roles), tuple(told))


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


@functools.cache
def vocabulary() -> tuple[Entry, ...]:
    """The entries that some sentence can contain."""
    domains = {slot.domain for found in all_templates() for slot in found.slots}
    reached = {entry for name in domains for entry in domain(name)}
    return tuple(entry for entry in lexicon().values() if entry in reached)
