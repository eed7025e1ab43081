"""Templates: sentences with slots, in Chinese and English side by side, that can be written and read back.

A slot is declared as ``name:domain``; a person when no domain is given. ``o<v`` takes what the entry in slot ``v`` goes with (eat: food),
``a:praise<s`` only what of it is praise.
``j=p.job`` is what the world says of the person in ``p``; read back it is any entry of that kind. In a pattern ``{o.a}`` asks for a form,
``{^o.a}`` for the same at the beginning of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.data.tiny_world.entries import Entry, domain, is_held_out_pair, taken_by
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
        id: Its place in the grammar, such as ``gift.3``.
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
    parts: dict[Lang, tuple[Part, ...]] = {"zh": tuple(_parts(zh.strip())), "en": tuple(_parts(en.strip()))}
    used = {lang: {part.slot for part in found if isinstance(part, Form)} for lang, found in parts.items()}
    own = tuple(slot for slot in slots if slot.name in used["zh"])
    if used["zh"] != used["en"] or len(own) != len(used["zh"]):
        raise ValueError(line)
    for slot in own:
        for lang, found in parts.items():
            for part in found:
                if isinstance(part, Form) and part.slot == slot.name:
                    for entry in domain(slot.domain):
                        if part.form not in entry.forms[lang]:
                            raise ValueError(f"{line}: {entry.id} {part.form}")
    named = [
        slot.name
        for slot in own
        if all(any(_names(part, slot.name) for part in found) for found in parts.values())
    ]
    # Which pronoun goes with which job is for the writer of a biased text to choose, not for chance.
    pair = (named[0], named[1]) if len(named) > 1 and "gendered" not in (s.domain for s in own) else None
    return Template(id, own, parts, line.startswith("*"), relation, pair)


def candidates(slot: Slot, filling: Filling) -> Sequence[Entry]:
    """What can stand in a slot, given what stands in the others."""
    return taken_by(filling[slot.taken_by], slot.domain) if slot.taken_by else domain(slot.domain)


def _names(part: Part, slot: str) -> bool:
    return isinstance(part, Form) and part.slot == slot and part.form.rstrip("^") not in PRONOUNS


def _parts(pattern: str) -> Iterator[Part]:
    end = 0
    for found in _SLOT.finditer(pattern):
        if found.start() > end:
            yield pattern[end : found.start()]
        capital, name, form = found.groups()
        yield Form(name, (form or "") + capital)
        end = found.end()
    if end < len(pattern):
        yield pattern[end:]
