"""What a cleaning rule is: a small pure object that keeps, changes or removes one document and says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from tutor.text import Text

Language = Literal["zh", "en"]
"""The languages that rules know thresholds for; anything else is None."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a rule keeps or removes as a whole: a web page, a file, a chapter.

    Attributes:
        name: A path, or the id that its maker gave it. For reports only.
        language: What its text is mostly written in; None: neither of those that rules know, or not known yet.
    """

    text: str
    name: str = ""
    language: Language | None = None


@dataclass(slots=True)
class Outcome:
    """What a rule did with a document.

    Attributes:
        text: The text afterwards; the very same object when nothing was changed; None: the document is removed.
        reasons: Why, as keys of the rule's `Rule.reasons`, each with how often it applied (lines, characters, masks; 1 for a
            document that is removed).
        examples: For reasons that apply to parts of a text: the first such part before and after ("" when it was cut out).
        language: What the rule found the text to be written in; None leaves the document's as it is.
    """

    text: str | None
    reasons: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)
    language: Language | None = None

    def note(self, reason: str, before: str, after: str = "", times: int = 1) -> None:
        """Count a reason that applies to a part of the text; the first such part is its example."""
        self.reasons[reason] = self.reasons.get(reason, 0) + times
        self.examples.setdefault(reason, (before, after))


class Described(Protocol):
    """What rules and stages have in common.

    Attributes:
        id: As given to ``--rules`` and named in lab files: ``gopher_quality``.
        reasons: Each reason that it can give, in words, the threshold included.
    """

    id: str
    title: Text
    reasons: dict[str, Text]


class Rule(Described, Protocol):
    """One rule. Without state: the same document always gets the same outcome, whatever came before it."""

    def apply(self, document: Document) -> Outcome:
        """Keep, change or remove one document, in time linear in its length."""


@runtime_checkable
class Stage(Described, Protocol):
    """A step that needs to see other documents too: de-duplication, a statistic of the whole corpus."""

    def run(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Outcome]]:
        """Go through a stream once: exactly one pair for each document as it came, in order, with what became of it.

        Lazily, where that can be: a stage that decides by what came before gives each document on before it takes the next.
        What is remembered belongs to the iterator, not to the stage: the same stage can be run twice, also at the same time.
        """
