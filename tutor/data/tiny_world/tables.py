"""Every template of the grammar, read once from the files of sentence forms beside this one."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.data.tiny_world.entries import Entry, domain, lexicon, sections
from tutor.data.tiny_world.grammar import Slot, Template, declare, template

FormsFile = Literal["statements", "questions", "beats", "opinions", "biased"]


@dataclass(frozen=True, slots=True)
class Forms:
    """Ways to say one kind of thing, and the slots that they need."""

    slots: tuple[Slot, ...]
    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A story to be told: roles in the order in which they can be filled, and beats, each with whether it may be left out.

    A beat without templates tells facts of the hero.
    """

    roles: tuple[Slot, ...]
    beats: tuple[tuple[Forms, bool], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """Something people ask for: ways to ask, ways to answer, and whether the answer is a refusal."""

    name: str
    slots: tuple[Slot, ...]
    asked: tuple[Template, ...]
    answered: tuple[Template, ...]
    refused: bool


@functools.cache
def forms(file: FormsFile) -> Mapping[str, Forms]:
    """The sentence forms of a file, by name: of statements and questions the relation of the fact, which is about their first slot."""
    found = {}
    for name, slots, lines in _declared(file):
        about = (slots[0].name, name, slots[1].name) if file == "statements" else None
        templates = (template(f"{file}.{name}.{i}", slots, line, about) for i, line in enumerate(lines))
        found[name] = Forms(slots, tuple(templates))
    return found


@functools.cache
def scripts() -> tuple[Script, ...]:
    return tuple(_script(*section) for section in _declared("stories"))


@functools.cache
def requests() -> tuple[Request, ...]:
    found = []
    for head, slots, lines in _declared("requests"):
        name, border = head.lstrip("!"), lines.index("->")
        made = [template(f"requests.{name}.{i}", slots, line) for i, line in enumerate(lines) if i != border]
        found.append(Request(name, slots, tuple(made[:border]), tuple(made[border:]), head.startswith("!")))
    return tuple(found)


@functools.cache
def all_templates() -> tuple[Template, ...]:

    def ways(*files: FormsFile) -> list[Template]:
        return [found for file in files for ways in forms(file).values() for found in ways.templates]

    told = [found for script in scripts() for beat, _ in script.beats for found in beat.templates]
    asked = [found for request in requests() for found in (*request.asked, *request.answered)]
    everything = [*ways("statements", "questions", "beats"), *told, *asked, *ways("opinions", "biased")]
    return tuple(dict.fromkeys(everything))


def _declared(file: str) -> Iterator[tuple[str, tuple[Slot, ...], list[str]]]:
    """The sections of a file: name, slots, lines."""
    for head, lines in sections(file):
        name, _, declarations = head.partition(" ")
        yield name, declare(declarations), lines


def _script(name: str, roles: tuple[Slot, ...], lines: list[str]) -> Script:
    told: list[tuple[Forms, bool]] = []
    group: list[Template] = []
    optional = False
    for i, line in enumerate([*lines, "-"]):
        if line[0] not in "-@":
            group.append(template(f"stories.{name}.{i}", roles, line))
            continue
        if group:
            told.append((Forms((), tuple(group)), optional))
        group, optional = [], line == "-?"
        if line.startswith("@"):
            told.append((Forms((), ()) if line == "@intro" else forms("beats")[line[1:]], False))
    return Script(_in_order(roles), tuple(told))


def _in_order(roles: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Roles so that what the world says of another comes after it."""
    ready: dict[str, Slot] = {}
    while len(ready) < len(roles):
        needs = {role: role.taken_by or (role.of and role.of[0]) for role in roles if role.name not in ready}
        found = next(role for role, other in needs.items() if other is None or other in ready)
        ready[found.name] = found
    return tuple(ready.values())


@functools.cache
def vocabulary() -> tuple[Entry, ...]:
    """The entries that some sentence can contain."""
    domains = {slot.domain for found in all_templates() for slot in found.slots}
    reached = {entry for name in domains for entry in domain(name)}
    return tuple(entry for entry in lexicon().values() if entry in reached)
