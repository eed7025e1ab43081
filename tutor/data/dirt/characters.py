"""Dirt in the characters: text decoded with the wrong table, and characters that show nothing."""

from __future__ import annotations

import random
import re

from tutor.data.cleaning.base import Document, Language
from tutor.data.dirt.base import Injection, Kind, Soiled

INVISIBLE = (
    "\x00", "\x07", "\x08", "\x1b[31m", "\x1b[0m", "\x7f", "\x9d", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202c", "\u2060",
    "\u2066", "\u2069", "\ufeff", "\ufffd",
)  # fmt: skip
"""What is put between two characters. Between Latin or Chinese letters none of them means anything."""

EVERY = 150
"""Characters of text for each of these, about."""

_SENTENCE = re.compile(r"(?<=[.!?] )([A-Z]\w+(?: \w+)?)")


def controls(document: Document, _language: Language, rng: random.Random) -> Soiled:
    """Characters that show nothing, at random places."""
    text = document.text
    places = sorted(rng.sample(range(len(text) + 1), max(1, len(text) // EVERY)))
    pieces: list[str] = []
    injections: list[Injection] = []
    at = length = 0
    for place in places:
        pieces.append(text[at:place])
        length += place - at
        extra = rng.choice(INVISIBLE)
        pieces.append(extra)
        injections.append(Injection("controls", length, length + len(extra)))
        length += len(extra)
        at = place
    pieces.append(text[at:])
    soiled = Document("".join(pieces), document.name, document.language)
    return Soiled(soiled, document, tuple(injections), text)


def mojibake_latin1(document: Document, _language: Language, rng: random.Random) -> Soiled:
    """UTF-8 read as Windows-1252, as browsers read what calls itself Latin-1; bytes without a sign there become controls."""
    right = typographic(document.text, rng)
    wrong = "".join(_WINDOWS_1252[byte] for byte in right.encode("utf-8", "replace"))
    return _wrong(document, "mojibake_latin1", right, wrong)


def mojibake_gbk(document: Document, _language: Language, rng: random.Random) -> Soiled:
    """UTF-8 read as GBK. Where a byte finds no partner, U+FFFD stands, and what it belonged to is lost: nothing better is expected there."""
    right = typographic(document.text, rng)
    wrong: list[str] = []
    expected: list[str] = []
    for line in right.split("\n"):  # a line feed is never half of a pair
        data = line.encode("utf-8", "replace")
        read, lost = _read_as_gbk(data)
        wrong.append(read)
        # To which character each byte belongs.
        owner = [i for i, c in enumerate(line) for _ in c.encode("utf-8", "replace")]
        broken = {owner[byte] for byte in lost}
        mended = "".join("\ufffd" if i in broken else c for i, c in enumerate(line))
        expected.append(re.sub("\ufffd+", "\ufffd", mended))
    return _wrong(document, "mojibake_gbk", "\n".join(expected), "\n".join(wrong))


def _read_as_gbk(data: bytes) -> tuple[str, list[int]]:
    """Bytes as GBK, and the places of those that could not be read."""
    read: list[str] = []
    lost: list[int] = []
    at = 0
    while at < len(data):
        try:
            read.append(data[at:].decode("gb18030"))
            break
        except UnicodeDecodeError as error:
            read += [data[at : at + error.start].decode("gb18030"), "\ufffd"]
            lost += range(at + error.start, at + error.end)
            at += error.end
    return "".join(read), lost


def typographic(text: str, rng: random.Random) -> str:
    """A text with signs that are not ASCII, so that a wrong table shows: curly quotes and apostrophes, where it has only ASCII.

    A text without quotes gets them around some words.
    """
    if not text.isascii():
        return text
    curly = re.sub(r'"([^"\n]{1,80})"', "“\\1”", text).replace("'", "’")
    if curly.isascii():
        places = list(_SENTENCE.finditer(curly)) or list(re.finditer(r"[A-Za-z]+", curly))
        if places:
            chosen = rng.choice(places)
            curly = f"{curly[: chosen.start()]}“{chosen[0]}”{curly[chosen.end() :]}"
    return curly


def _wrong(document: Document, kind: Kind, right: str, wrong: str) -> Soiled:
    soiled = Document(wrong, document.name, document.language)
    return Soiled(soiled, document, (Injection(kind),), right)


_WINDOWS_1252 = [
    bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in range(256)
]
