"""Reading sentences back: which template wrote them, and with what in its slots.

All templates share one tree, whose branches are literal text and slots. A sentence walks down it, at each slot through every entry
whose word stands there; what contradicts itself (*Anna forgot his hat*, *ate a chair*) is turned away at the end.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor.data.tiny_world.entries import Entry, domain, is_held_out_pair, taken_by
from tutor.data.tiny_world.grammar import Form, Template, all_templates
from tutor.text import Lang

LONGEST = 400
"""Characters of a sentence; no template writes one as long."""

_END = {"en": re.compile(r'[.!?]"?(?=\s|$)'), "zh": re.compile("[。！？]”?")}

_Readings = dict[str, frozenset[Entry]]


@dataclass(frozen=True, slots=True)
class Parse:
    """One reading of a sentence.

    Attributes:
        filling: For each slot, the entries it can stand for: one when named, several behind a pronoun.
    """

    template: Template
    filling: dict[str, frozenset[Entry]]

    @property
    def is_new(self) -> bool:
        """Whether it is of the held-out part, by form, word or pair."""
        if self.template.held_out:
            return True
        if any(all(entry.held_out for entry in entries) for entries in self.filling.values()):
            return True
        if self.template.pair is None:
            return False
        first, second = (self.filling[name] for name in self.template.pair)
        return all(is_held_out_pair(a, b) for a in first for b in second)


_Table = dict[str, list[tuple[str, frozenset[Entry]]]]
"""The words of a domain in one form, by their first character, the longest first."""


@dataclass(slots=True)
class _Node:
    """A place in the tree of templates."""

    literals: dict[str, list[tuple[str, _Node]]] = field(default_factory=dict)
    slots: list[tuple[str, _Table, _Node]] = field(default_factory=list)
    ends: list[Template] = field(default_factory=list)


class Recogniser:
    """Judges text in one language by the grammar. It remembers no sentence, only the templates and the lexicon."""

    def __init__(self, language: Lang) -> None:
        self.language = language
        self._root = _Node()
        self._known: dict[tuple[int, object], _Node] = {}
        for template in all_templates():
            self._add(template)

    def __deepcopy__(self, memo: object) -> Recogniser:
        return self  # it never changes

    def is_valid(self, sentence: str) -> bool:
        return self.parse(sentence) is not None

    def parse(self, sentence: str) -> Parse | None:
        """The first reading of a sentence, one that states a fact before others; None when it has none."""
        readings = self.parses(sentence)
        return next(
            (found for found in readings if found.template.relation), readings[0] if readings else None
        )

    def parses(self, sentence: str) -> list[Parse]:
        """Every reading of a sentence. Blanks around it don't count."""
        sentence = sentence.strip()
        if not sentence or len(sentence) > LONGEST:
            return []
        return list(self._walk(self._root, sentence, 0, {}))

    def pieces(self, text: str) -> list[str]:
        """A text cut behind every sentence and every line; what follows the last is a piece, too. Joined they are the text."""
        found = []
        for line in text.splitlines(keepends=True):
            start = 0
            for end in _END[self.language].finditer(line):
                found.append(line[start : end.end()])
                start = end.end()
            found.append(line[start:])
        return [piece for piece in found if piece]

    def sentences(self, text: str) -> list[str]:
        """A text cut into sentences; what follows the last full stop is one, too."""
        return [sentence for piece in self.pieces(text) if (sentence := piece.strip())]

    def valid_share(self, text: str) -> float:
        """Share of the sentences of a text that are valid; NaN when there are none."""
        found = self.sentences(text)
        return sum(map(self.is_valid, found)) / len(found) if found else float("nan")

    def _add(self, template: Template) -> None:
        node = self._root
        domains = {slot.name: slot.domain for slot in template.slots}
        for part in template.parts[self.language]:
            key = (id(node), part if isinstance(part, str) else (part, domains[part.slot]))
            if key not in self._known:
                child = self._known[key] = _Node()
                if isinstance(part, Form):
                    table = _table(domains[part.slot], part.form, self.language)
                    node.slots.append((part.slot, table, child))
                else:
                    node.literals.setdefault(part[0], []).append((part, child))
            node = self._known[key]
        node.ends.append(template)

    def _walk(self, node: _Node, text: str, at: int, read: _Readings) -> Iterator[Parse]:
        if at == len(text):
            for template in node.ends:
                filling = _consistent(template, read)
                if filling is not None:
                    yield Parse(template, filling)
            return
        for literal, child in node.literals.get(text[at], ()):
            if text.startswith(literal, at):
                yield from self._walk(child, text, at + len(literal), read)
        for slot, table, child in node.slots:
            for word, known in table.get(text[at], ()):
                if not text.startswith(word, at):
                    continue
                entries = known & read[slot] if slot in read else known
                if entries:
                    yield from self._walk(child, text, at + len(word), {**read, slot: entries})


@functools.cache
def recogniser(language: Lang) -> Recogniser:
    """What judges sentences of the whole grammar in one language; made once."""
    return Recogniser(language)


@functools.cache
def _table(name: str, form: str, language: Lang) -> _Table:
    found: dict[str, set[Entry]] = {}
    for entry in domain(name):
        found.setdefault(entry.forms[language][form], set()).add(entry)
    table: _Table = {}
    for word in sorted(found, key=len, reverse=True):
        table.setdefault(word[0], []).append((word, frozenset(found[word])))
    return table


def _consistent(template: Template, read: _Readings) -> _Readings | None:
    """What can stand in each slot once what goes with what is respected; None when nothing can."""
    filling = {slot.name: read[slot.name] for slot in template.slots}
    for slot in template.slots:
        taker = slot.taken_by
        if taker is None or taker not in filling:
            continue
        takers = {v: filling[slot.name].intersection(taken_by(v, slot.domain)) for v in filling[taker]}
        filling[taker] = frozenset(v for v, objects in takers.items() if objects)
        filling[slot.name] = frozenset().union(*takers.values())
        if not filling[taker]:
            return None
    named = [next(iter(entries)) for entries in filling.values() if len(entries) == 1]
    return filling if len(set(named)) == len(named) else None
