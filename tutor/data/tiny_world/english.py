"""English word forms by rule; what the rules don't cover stands in the lexicon."""

from __future__ import annotations

_VOWELS = "aeiou"
_SILENT = ("hour", "honest")
_SOUNDED = ("uni", "use", "one")
_DOUBLED = {"cut", "swim", "run", "chat", "wrap", "put", "sit", "get", "hit", "let", "dig"}
"""Verbs whose last consonant is doubled before -ing."""


def with_article(phrase: str) -> str:
    """A phrase behind its indefinite article, chosen by sound: *an hour*, *a useful thing*."""
    sounds_vowel = phrase.startswith(_SILENT) or (
        phrase[:1].lower() in _VOWELS and not phrase.startswith(_SOUNDED)
    )
    return f"{'an' if sounds_vowel else 'a'} {phrase}"


def plural(noun: str) -> str:
    """The regular plural of a noun."""
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def third_person(verb: str) -> str:
    """*goes* of *go*; only the first word of a phrase changes."""
    head, blank, rest = verb.partition(" ")
    if head == "have":
        return "has" + blank + rest
    return ("goes" if head == "go" else plural(head)) + blank + rest


def ing(verb: str) -> str:
    """*going* of *go*; only the first word of a phrase changes."""
    head, blank, rest = verb.partition(" ")
    if head in _DOUBLED:
        head += head[-1]
    elif head.endswith("e") and not head.endswith(("ee", "ye")):
        head = head[:-1]
    return head + "ing" + blank + rest


_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def number(n: int) -> str:
    """A whole number from 1 to 99 in words."""
    if n < 20:
        return _SMALL[n]
    return _TENS[n // 10 - 2] + (f"-{_SMALL[n % 10]}" if n % 10 else "")
