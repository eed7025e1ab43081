"""The account that a pipeline keeps of a rule: how much came in and went out, why, and a few examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from tutor.data.cleaning.base import Document, Outcome

EXAMPLES = 3
"""Kept for each reason."""

EXCERPT = 160
"""Characters of each side of an example."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place where a rule did something: what stood there, at most `EXCERPT` characters, and what stands there now; None: the
    document was removed.
    """

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
        """Enter what became of one document."""
        text = outcome.text
        self.documents_in += 1
        if text is document.text and not outcome.reasons:  # most documents, with most rules
            self.characters_in += len(text)
            self.characters_out += len(text)
            return
        self.characters_in += len(document.text)
        if text is None:
            self.removed += 1
        else:
            self.characters_out += len(text)
            self.changed += text is not document.text and text != document.text
        for key, times in outcome.reasons.items():
            reason = self.reasons.get(key)
            if reason is None:
                reason = self.reasons[key] = Reason()
            reason.documents += 1
            reason.applied += times
            if len(reason.examples) < EXAMPLES:
                reason.examples.append(_example(document, outcome, key))

    def merge(self, other: RuleReport) -> None:
        """Add the account of another process for the same rule.

        Raises:
            ValueError: It is of another rule.
        """
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

    @property
    def reasons(self) -> Counter[str]:
        """Documents by ``rule.reason``."""
        return Counter(
            {f"{rule.id}.{key}": r.documents for rule in self.rules for key, r in rule.reasons.items()}
        )

    def merge(self, other: Report) -> Report:
        """Add the account of another process that ran the same rules in the same order; returns itself.

        Raises:
            ValueError: The rules differ.
        """
        for ours, theirs in zip(self.rules, other.rules, strict=True):
            ours.merge(theirs)
        return self

    def as_json(self) -> dict[str, Any]:
        """Numbers, strings, lists and dicts only."""
        return {"rules": [asdict(rule) | {"documents_out": rule.documents_out} for rule in self.rules]}


def _example(document: Document, outcome: Outcome, key: str) -> Example:
    """The place that the rule names; else, the first that differs; of a removed document, its beginning."""
    if key in outcome.examples:
        before, after = outcome.examples[key]
        return Example(document.name, before[:EXCERPT], after[:EXCERPT] if outcome.text is not None else None)
    if outcome.text is None:
        return Example(document.name, document.text[:EXCERPT], None)
    start = max(0, _common_prefix(document.text, outcome.text) - EXCERPT // 4)
    return Example(
        document.name, document.text[start : start + EXCERPT], outcome.text[start : start + EXCERPT]
    )


def _common_prefix(a: str, b: str) -> int:
    """Characters that two texts begin with alike, found by halving."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
