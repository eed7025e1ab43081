"""Which documents of a batch can pass a rule unseen.

A rule says what becomes of a document; most documents pass most rules as they came. A sieve asks the same question of a whole batch at once, in a rougher
way: it may hold back a document that the rule then leaves alone, but lets none through that the rule would touch. So the rule stays the
only place that decides, and is written to be read; the sieve is written to be fast, and can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tutor.data.cleaning.base import Rule
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.c4 import C4Lines, C4Page
from tutor.data.cleaning.controls import Controls
from tutor.data.cleaning.encoding import Unicode
from tutor.data.cleaning.fineweb import FineWeb
from tutor.data.cleaning.gopher_quality import GopherQuality
from tutor.data.cleaning.gopher_repetition import GopherRepetition
from tutor.data.cleaning.html import Html
from tutor.data.cleaning.keywords import Keywords
from tutor.data.cleaning.language import LanguageRule
from tutor.data.cleaning.noise import Noise
from tutor.data.cleaning.pii import Pii
from tutor.data.cleaning.repeats import Repeats
from tutor.data.cleaning.sieved import Found, Sieved
from tutor.data.cleaning.sieves import characters, languages, lines, pages, words
from tutor.data.cleaning.spam import Spam
from tutor.data.cleaning.toxic import Toxic

Sieve = Callable[[Any, Batch], Found | Sieved]
"""From a rule and a batch to the documents that the rule must see; all others it would leave as they are."""

SIEVES: Mapping[type[Any], Sieve] = {
    LanguageRule: languages.language,
    Html: characters.html,
    Unicode: characters.unicode,
    Controls: characters.controls,
    Noise: characters.noise,
    Pii: characters.pii,
    Toxic: characters.toxic,
    Keywords: words.keywords,
    Spam: words.spam,
    Repeats: words.repeats,
    C4Lines: lines.c4_lines,
    FineWeb: lines.fineweb,
    C4Page: pages.c4_page,
    GopherQuality: pages.gopher_quality,
    GopherRepetition: pages.gopher_repetition,
}


SLOW = frozenset((Spam, Repeats, GopherQuality, GopherRepetition))
"""Rules that measure so much of a document that even a few had better be measured together."""


def sieved(rule: Rule, batch: Batch) -> Sieved:
    """Ask the sieve of a rule; without one, all documents are held back."""
    sieve = SIEVES.get(type(rule))
    if sieve is None:
        return Sieved(~batch.none())
    found = sieve(rule, batch)
    if isinstance(found, Sieved):
        return replace(found, held=found.held | batch.odd)
    return Sieved(found | batch.odd)


def of_characters(rule: Rule) -> bool:
    """Whether the sieve of a rule looks at single characters only, so that words need not be measured for it."""
    return SIEVES.get(type(rule)) in (
        characters.html,
        characters.unicode,
        characters.controls,
        characters.toxic,
        characters.pii,
    )
