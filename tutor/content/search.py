"""What a learner typed, looked for in the course: in the names of steps and chapters, in prose, in the glossary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tutor.content.index import TermEntry
from tutor.text import LANGS, Lang, Text

if TYPE_CHECKING:
    from tutor.content.models import Section, Step

Wanted: TypeAlias = tuple[re.Pattern[str], ...]
"""The words that must all be there."""


def wanted(typed: str) -> Wanted:
    """Return what to look for.

    Case, hyphens and the width of letters don't matter. A Latin word is found where a word begins, Chinese anywhere.
    """
    words = unicodedata.normalize("NFKC", typed).replace("-", "").split()
    return tuple(re.compile(_pattern(word), re.IGNORECASE) for word in words)


def _pattern(word: str) -> str:
    begins = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    letters = ("['’]" if letter in "'’" else re.escape(letter) for letter in word)
    return begins + r"[-\xa0]?".join(letters)


def fits(words: Wanted, *texts: str) -> bool:
    """Return whether each word is in one of the texts."""
    return all(any(word.search(text) for text in texts) for word in words)


def chapters(steps: Iterable[Step]) -> list[Text | None]:
    """Return the chapter of each step; None before the first."""
    found: list[Text | None] = []
    for step in steps:
        found.append(step.chapter or (found[-1] if found else None))
    return found


def find_steps(steps: Sequence[Step], typed: str) -> list[int]:
    """Return the places of the steps whose title or chapter has what was typed, in either language."""
    words, found = wanted(typed), []
    for place, (step, chapter) in enumerate(zip(steps, chapters(steps), strict=True)):
        names = [step.title, *([chapter] if chapter is not None else [])]
        if fits(words, *(name[lang] for name in names for lang in LANGS)):
            found.append(place)
    return found


def find_terms(terms: Iterable[TermEntry], typed: str) -> list[TermEntry]:
    """Return the terms whose name has what was typed, in either language."""
    words = wanted(typed)
    return [term for term in terms if fits(words, *_names(term))]


def _names(term: TermEntry) -> list[str]:
    return [name for lang in LANGS for name in (term.term[lang], *term.written[lang])]


@dataclass(frozen=True, slots=True)
class Page:
    """A step, or an entry of the glossary, to be looked through.

    Attributes:
        step: Id of the step, or of the one that teaches the term.
        title: What stands above.
        names: All that it is called.
        lines: Its paragraphs, without marks.
    """

    step: str
    title: str
    names: tuple[str, ...]
    lines: tuple[str, ...]
    term: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page with a line of context, and from where to where in it stands what was looked for; 0 and 0 where that is the title."""

    page: Page
    line: str
    start: int = 0
    end: int = 0


def pages(terms: Iterable[TermEntry], sections: Iterable[Section], lang: Lang) -> list[Page]:
    """Return the glossary and the lessons in a language; hidden answers are left out."""
    glossary = [
        Page(term.step, term.term[lang], tuple(_names(term)), (term.definition[lang],), term.id)
        for term in terms
    ]
    steps = [step for section in sections for step in section.steps]
    return glossary + [
        Page(step.id, step.title[lang], (step.title[lang],), tuple(paragraphs(step.body[lang])))
        for step in steps
    ]


def search(among: Iterable[Page], typed: str) -> list[Found]:
    """Return the pages that have all words that were typed: first terms and titles, then prose, then definitions."""
    words = wanted(typed)
    ranked = [(rank, found) for page in among if words for rank, found in _found(page, words)]
    return [found for _, found in sorted(ranked, key=lambda one: one[0])]


def _found(page: Page, words: Wanted) -> list[tuple[int, Found]]:
    named = fits(words, *page.names)
    if not (named or fits(words, *page.names, *page.lines)):
        return []
    rank = (0 if page.term else 1) if named else 3 if page.term else 2
    line = max(page.lines, key=lambda line: sum(bool(word.search(line)) for word in words), default="")
    at = next((found for word in words if (found := word.search(line))), None)
    return [(rank, Found(page, line, *(at.span() if at else ())))]


def paragraphs(markdown: str) -> list[str]:
    """Return the text of paragraphs, headings, list items and cells without marks; fences are left out."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    inline = (token.children or [] for token in tokens if token.type == "inline")
    lines = (
        "".join(child.content or (" " if "break" in child.type else "") for child in one) for one in inline
    )
    return [line for line in lines if line]
