"""Runs rules and stages, in any order, over a stream of documents, and keeps account of each: how much came in and went out, why, and a few examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tutor.data.cleaning.base import Document, Language, Outcome, Rule, Stage

EXAMPLES = 3
"""Kept for each reason."""

EXCERPT = 160
"""Characters of each side of an example."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place where a rule did something: what stood there and what stands there now; None: the document was removed."""

    name: str
    before: str
    after: str | None


@dataclass(slots=True)
class Reason:
    """To how many documents a reason applied, how often in all of them (lines, masks, characters, as the rule counts), and the first few places."""

    documents: int = 0
    applied: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class RuleReport:
    """What one rule did to a stream of documents: removed some, changed the text of others; its reasons by key, only those that applied."""

    id: str
    documents_in: int = 0
    removed: int = 0
    changed: int = 0
    characters_in: int = 0
    characters_out: int = 0
    reasons: dict[str, Reason] = field(default_factory=dict)

    @property
    def documents_out(self) -> int:
        return self.documents_in - self.removed

    def count(self, document: Document, outcome: Outcome) -> None:
        self.documents_in += 1
        self.characters_in += len(document.text)
        if outcome.text is None:
            self.removed += 1
        else:
            self.characters_out += len(outcome.text)
            self.changed += outcome.text != document.text
        for key, times in outcome.reasons.items():
            reason = self.reasons.setdefault(key, Reason())
            reason.documents += 1
            reason.applied += times
            if len(reason.examples) < EXAMPLES:
                reason.examples.append(_example(document, outcome, key))

    def merge(self, other: RuleReport) -> None:
        if other.id != self.id:
            raise ValueError(f"report of rule {other.id!r} merged into one of {self.id!r}")
        for name in ("documents_in", "removed", "changed", "characters_in", "characters_out"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for key, theirs in other.reasons.items():
            ours = self.reasons.setdefault(key, Reason())
            ours.documents += theirs.documents
            ours.applied += theirs.applied
            ours.examples += theirs.examples[: EXAMPLES - len(ours.examples)]


@dataclass(slots=True)
class Report:
    """What a pipeline did, rule by rule, in its order."""

    rules: list[RuleReport]

    @property
    def documents_in(self) -> int:
        return self.rules[0].documents_in if self.rules else 0

    @property
    def documents_out(self) -> int:
        return self.rules[-1].documents_out if self.rules else 0

    def merge(self, other: Report) -> None:
        """Add the account of another process that ran the same rules in the same order.

        Raises:
            ValueError: The rules differ.
        """
        for ours, theirs in zip(self.rules, other.rules, strict=True):
            ours.merge(theirs)

    def as_json(self) -> dict[str, Any]:
        return {"rules": [asdict(rule) | {"documents_out": rule.documents_out} for rule in self.rules]}


def _example(document: Document, outcome: Outcome, key: str) -> Example:
    """The place that the rule names; else, the first that differs; of a removed document, its beginning."""
    if key in outcome.examples:
        before, after = outcome.examples[key]
        return Example(document.name, before[:EXCERPT], after[:EXCERPT] if outcome.text is not None else None)
    if outcome.text is None:
        return Example(document.name, document.text[:EXCERPT], None)
    both = zip(document.text, outcome.text, strict=False)
    differ = next((i for i, (before, after) in enumerate(both) if before != after), len(outcome.text))
    start = max(0, differ - EXCERPT // 4)
    end = start + EXCERPT
    return Example(document.name, document.text[start:end], outcome.text[start:end])


class Pipeline:
    """Rules and stages, in the order in which documents meet them. Holds no state of a run."""

    def __init__(self, rules: Sequence[Rule | Stage]) -> None:
        self.rules = tuple(rules)

    def new_report(self) -> Report:
        return Report([RuleReport(rule.id) for rule in self.rules])

    def stream(self, documents: Iterable[Document], report: Report | None = None) -> Iterator[Document]:
        """Yield what every rule kept, cleaned and in order; documents are taken, and the report filled in, as they are asked for."""
        account = self.new_report() if report is None else report
        stream = iter(documents)
        # Neighbouring rules share one loop: a generator for each would cost a document more than most rules do.
        group: list[tuple[Rule, RuleReport]] = []
        for rule, entry in zip(self.rules, account.rules, strict=True):
            if isinstance(rule, Stage):
                if group:
                    stream = _apply(group, stream)
                    group = []
                stream = _run(rule, entry, stream)
            else:
                group.append((rule, entry))
        return _apply(group, stream) if group else stream

    def run(self, documents: Iterable[Document]) -> tuple[list[Document], Report]:
        report = self.new_report()
        return list(self.stream(documents, report)), report


def _apply(rules: list[tuple[Rule, RuleReport]], documents: Iterator[Document]) -> Iterator[Document]:
    for document in documents:
        for rule, entry in rules:
            outcome = rule.apply(document)
            entry.count(document, outcome)
            if outcome.text is None:
                break
            document = _changed(document, outcome.text, outcome.language)  # noqa: PLW2901
        else:
            yield document


def _run(stage: Stage, entry: RuleReport, documents: Iterator[Document]) -> Iterator[Document]:
    for document, outcome in stage.run(documents):
        entry.count(document, outcome)
        if outcome.text is not None:
            yield _changed(document, outcome.text, outcome.language)


def _changed(document: Document, text: str, language: Language | None) -> Document:
    language = language or document.language
    if text is document.text and language == document.language:
        return document
    return replace(document, text=text, language=language)  # what a subclass adds goes along
