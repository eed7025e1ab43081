"""What a cleaning rule is: a small pure object that keeps, changes or removes one document and says why.

What needs more than the document at hand, such as de-duplication, is a `Stage`: the same account, over a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did with a document.

    Attributes:
        text: The text afterwards; the very same object when nothing was changed; None: the document is removed.
        reasons: Why, as keys of the rule's `Rule.reasons`, each with how often it applied (lines, characters, masks; 1 for a
            document that is removed).
        measured: What was measured, where the reason is a threshold, such as the share of lines that end in an ellipsis.
        examples: For reasons that apply to parts of a text: the first such part before and after ("" when it was cut out),
            for reports. May lack any reason; what removes a document need not give one.
        language: What the rule found the text to be written in; None leaves the document's as it is.
    """

    text: str | None
    reasons: dict[str, int] = field(default_factory=dict)
    measured: float | None = None
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)
    language: Language | None = None


def unchanged(text: str) -> Outcome:
    """The outcome of a rule that found nothing. One object serves all rules that a text passes: they make hardly another one."""
    global _unchanged  # noqa: PLW0603  # one assignment: two threads can at worst make two
    found = _unchanged
    if found.text is not text:
        _unchanged = found = Outcome(text)
    return found


_unchanged = Outcome("")


def changed(document: Document, outcome: Outcome) -> Document | None:
    """The document that goes on after an outcome; the same object when nothing changed; None: none does."""
    if outcome.text is None:
        return None
    language = outcome.language or document.language
    if outcome.text is document.text and language == document.language:
        return document
    if type(document) is Document:
        return Document(outcome.text, document.name, language)
    return replace(document, text=outcome.text, language=language)  # what a subclass adds goes along


class _Named(Protocol):
    id: str
    """Short id, as given to ``--rules`` and named in lab files: ``gopher_quality``."""
    title: Text
    """Its name on a screen."""
    reasons: dict[str, Text]
    """Each reason that it can give, in words, the threshold included."""


class Rule(_Named, Protocol):
    """One rule. Without state: the same document always gets the same outcome, whatever came before it."""

    def apply(self, document: Document) -> Outcome:
        """Keep, change or remove one document, in time linear in its length."""


@runtime_checkable
class Stage(_Named, Protocol):
    """A step that needs to see other documents too: de-duplication, a statistic of the whole corpus.

    Stands in a `Pipeline` between rules like one of them; its outcomes are counted in the same way.
    """

    def run(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Outcome]]:
        """Go through a stream once: each document as it came, with what became of it.

        Exactly one pair for each document, in the order in which they came. Lazily, where that can be: a stage that decides by
        what came before gives each document on before it takes the next; one that must see all first holds them.
        What is remembered belongs to the iterator, not to the stage: the same stage can be run twice, also at the same time.
        """
