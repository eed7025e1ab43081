"""Templates: sentences with slots, in Chinese and English side by side, that can be written and read back; read once from files.

A slot is declared as ``name:domain``; a person when no domain is given. ``o<v`` takes what the entry in slot ``v`` goes with (eat: food),
``a:praise<s`` only what of it is praise.
``j=p.job`` is what the world says of the person in ``p``; read back it is any entry of that kind. In a pattern ``{o.a}`` asks for a form,
``{^o.a}`` for the same at the beginning of a sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.data.tiny_world.entries import Entry, domain, is_held_out_pair, lexicon, sections, taken_by
from tutor.text import Lang

Split = Literal["train", "held_out"]
"""What a model is trained on; what it has not met: unseen words, unseen sentence forms, unseen pairs of words."""

Filling = Mapping[str, Entry]
"""What stands in the slots of a template."""

PRONOUNS = frozenset({"he", "him", "his", "self", "it", "is", "was", "look", "do", "measure"})
"""Forms that don't say which entry they stand for: pronouns, and words that only agree."""

_SLOT = re.compile(r"\{(\^?)(\w+)(?:\.(\w+))?\}")
_DECLARED = re.compile(r"(\w+)(?::([^\s<]+))?(?:<(\w+)|=(\w+)\.(\w+))?$")

FACT_DOMAINS = {
    "job": "job", "home": "home", "dish": "food&eaten", "pet": "pet", "colour": "colour", "age": "age", "friend": "person",
    "price": "price", "place": "place", "tint": "colour", "size": "size", "hour": "hour", "beside": "place",
}  # fmt: skip
"""What the world knows, by relation, and the domain of each value."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence where different words can stand.

    Attributes:
        domain: The domain of what can stand there.
        taken_by: The slot whose entry chooses among them, or None.
        of: Slot and relation that decide it in a world, or None.
    """

    name: str
    domain: str
    taken_by: str | None = None
    of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A part of a pattern: a slot, in one of its forms."""

    slot: str
    form: str


Part = str | Form


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A sentence form.

    Attributes:
        id: Its place in the grammar, such as ``stories.gift.3``.
        parts: What it is made of, by language: strings and `Form`.
        held_out: Whether training text never uses it.
        relation: Subject slot, relation, value slot, when it states a fact.
        pair: The two slots whose combination can be held out; none when fewer than two are named by word in both languages.
    """

    id: str
    slots: tuple[Slot, ...]
    parts: Mapping[Lang, tuple[Part, ...]]
    held_out: bool
    relation: tuple[str, str, str] | None
    pair: tuple[str, str] | None

    def render(self, filling: Filling, language: Lang) -> str:
        return "".join(
            [
                part if part.__class__ is str else filling[part.slot].forms[language][part.form]  # type: ignore[union-attr]
                for part in self.parts[language]
            ]
        )

    def is_new(self, filling: Filling) -> bool:
        """Whether a sentence is of the held-out part: by its form, by a word, or by the pair it joins."""
        if self.held_out:
            return True
        if self.pair and is_held_out_pair(filling[self.pair[0]], filling[self.pair[1]]):
            return True
        return any(filling[slot.name].held_out for slot in self.slots)


def declare(declarations: str) -> tuple[Slot, ...]:
    """Slots from their declarations, blanks between.

    Raises:
        ValueError: A declaration that makes no sense.
    """
    slots: dict[str, Slot] = {}
    for text in declarations.split():
        found = _DECLARED.match(text)
        if not found or found[1] in slots:
            raise ValueError(text)
        name, kind, taker, owner, relation = found.groups()
        if taker:
            tags = {tag for entry in domain(slots[taker].domain) for tag in entry.takes}
            slots[name] = Slot(name, kind or "+".join(sorted(tags)), taken_by=taker)
        elif owner:
            slots[name] = Slot(name, FACT_DOMAINS[relation], of=(owner, relation))
        else:
            slots[name] = Slot(name, kind or "person")
    return tuple(slots.values())


def template(
    id: str, slots: Sequence[Slot], line: str, relation: tuple[str, str, str] | None = None
) -> Template:
    """A template from a line ``zh | en``; ``*`` before it holds it out.

    Raises:
        ValueError: A slot that is not declared, or not in both languages; a form that no entry has.
    """
    zh, _, en = line.lstrip("*").partition("|")
    parts: dict[Lang, tuple[Part, ...]] = {"zh": _parts(zh.strip()), "en": _parts(en.strip())}
    forms = {lang: [part for part in found if isinstance(part, Form)] for lang, found in parts.items()}
    used, used_en = ({part.slot for part in found} for found in forms.values())
    own = tuple(slot for slot in slots if slot.name in used)
    if used != used_en or len(own) != len(used):
        raise ValueError(line)
    domains = {slot.name: domain(slot.domain) for slot in own}
    for lang, found in forms.items():
        for part in found:
            for entry in domains[part.slot]:
                if part.form not in entry.forms[lang]:
                    raise ValueError(f"{line}: {entry.id} {part.form}")
    by_word = [
        {part.slot for part in found if part.form.rstrip("^") not in PRONOUNS} for found in forms.values()
    ]
    named = [slot.name for slot in own if all(slot.name in names for names in by_word)]
    pair = (named[0], named[1]) if len(named) > 1 else None
    return Template(id, own, parts, line.startswith("*"), relation, pair)


def candidates(slot: Slot, filling: Filling) -> Sequence[Entry]:
    """What can stand in a slot, given what stands in the others."""
    return taken_by(filling[slot.taken_by], slot.domain) if slot.taken_by else domain(slot.domain)


def _parts(pattern: str) -> tuple[Part, ...]:
    found = ((piece, _SLOT.fullmatch(piece)) for piece in re.split(r"(\{[^}]+\})", pattern) if piece)
    return tuple(Form(slot[2], (slot[3] or "") + slot[1]) if slot else piece for piece, slot in found)


FormsFile = Literal["statements", "questions", "beats", "opinions", "handbook"]


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
    def of(*files: FormsFile) -> list[Template]:
        return [found for file in files for ways in forms(file).values() for found in ways.templates]

    told = [found for script in scripts() for beat, _ in script.beats for found in beat.templates]
    asked = [found for request in requests() for found in (*request.asked, *request.answered)]
    everything = [*of("statements", "questions", "beats"), *told, *asked, *of("opinions")]
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
    """Roles so that what decides another comes before it.

    Raises:
        ValueError: Two decide each other.
    """
    ready: dict[str, Slot] = {}
    while len(ready) < len(roles):
        needs = {role: role.taken_by or (role.of and role.of[0]) for role in roles if role.name not in ready}
        found = next((role for role, other in needs.items() if other is None or other in ready), None)
        if found is None:
            raise ValueError(roles)
        ready[found.name] = found
    return tuple(ready.values())


@functools.cache
def vocabulary() -> tuple[Entry, ...]:
    """The entries that some sentence can contain."""
    domains = {slot.domain for found in all_templates() for slot in found.slots}
    reached = {entry for name in domains for entry in domain(name)}
    return tuple(entry for entry in lexicon().values() if entry in reached)
