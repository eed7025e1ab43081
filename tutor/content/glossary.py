"""Where the terms of the glossary stand in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias


class Place(NamedTuple):
    """A term in a text: from which character to which, and its id."""

    start: int
    end: int
    term: str


Finder: TypeAlias = Callable[[str], list[Place]]


def term_finder(written: Mapping[str, Iterable[str]]) -> Finder:
    """Return a function that finds terms in a text, in the order of the text.

    Of terms that overlap the longest is found. Case doesn't matter; a Latin word is found whole, also in its plural, Chinese anywhere.

    Args:
        written: For the id of each term the ways in which it may be written.
    """
    patterns = [
        (form.split()[0].lower(), re.compile(_pattern(form), re.IGNORECASE), term)
        for term, forms in written.items()
        for form in forms
    ]

    def find(text: str) -> list[Place]:
        lower = text.lower()  # most terms aren't there, which is quickly seen
        found = [
            Place(*match.span(), term)
            for word, pattern, term in patterns
            if word in lower
            for match in pattern.finditer(text)
        ]
        places: list[Place] = []
        for place in sorted(found, key=lambda place: (place.start, -place.end)):
            if not places or place.start >= places[-1].end:
                places.append(place)
        return places

    return find


def _pattern(form: str) -> str:
    escaped = r"\s".join(map(re.escape, form.split()))
    before = r"(?<![A-Za-z0-9])" if _latin(form[0]) else ""
    after = r"(?:e?s)?(?![A-Za-z0-9])" if _latin(form[-1]) else ""
    return f"{before}{escaped}{after}"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
