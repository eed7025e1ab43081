"""Dirt as passages: paragraphs put between others, phrases and numbers put into a sentence, whole documents of another kind."""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Sequence
from dataclasses import replace

from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.toxic import PLACEHOLDERS
from tutor.data.dirt.base import Injection, Kind, Soiled
from tutor.data.dirt.samples import SAMPLES

THINGS, PLACES, ADJECTIVES = SAMPLES["things"], SAMPLES["places"], SAMPLES["adjectives"]

WHOLE = 0.3
"""Share of documents that become spam or another language altogether; into the others a passage goes."""

_PARAGRAPH_END = re.compile(r"\n[ \t]*+\n\s*+")
_GAP = re.compile(r"(?<=[A-Za-z\u3400-\u9fff,，]) (?=[A-Za-z])|(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])|(?<=[。！？])(?=[\u3400-\u9fff])")


def keywords(document: Document, language: Language, rng: random.Random) -> Soiled:
    """A list of keywords for search engines, as a paragraph."""
    thing, place = rng.choice(THINGS[language]), rng.choice(PLACES[language])
    separator = rng.choice((", ", " | ", "; ") if language == "en" else ("，", "、", " | ", ","))
    space = " " if language == "en" else ""
    items: list[str] = []
    for _ in range(rng.randint(10, 25)):
        parts = [
            rng.choice((thing, thing, f"{thing}{space}{place}", f"{place}{space}{thing}")),
            rng.choice(ADJECTIVES[language]),
        ]
        rng.shuffle(parts)
        items.append(space.join(parts))
    return _between(document, "keywords", separator.join(items), rng)


def machine_noise(document: Document, language: Language, rng: random.Random) -> Soiled:
    """Base64, a hex dump, random letters or, in Chinese, random characters, as a paragraph."""
    kinds = [_base64, _hex_dump, _random_letters, _random_signs]
    if language == "zh":
        kinds.append(_random_characters)
    return _between(document, "machine_noise", rng.choice(kinds)(rng), rng)


def template_spam(document: Document, language: Language, rng: random.Random) -> Soiled:
    """Advertising by formula: a paragraph of it, or nothing else."""

    def paragraph() -> str:
        return rng.choice(SAMPLES["spam"][language]).format(
            thing=rng.choice(THINGS[language]), place=rng.choice(PLACES[language]), n=rng.randint(10, 99)
        )

    if rng.random() < WHOLE:
        return _instead(document, "template_spam", "\n\n".join(paragraph() for _ in range(rng.randint(3, 6))))
    return _between(document, "template_spam", paragraph(), rng)


def wrong_language(document: Document, _language: Language, rng: random.Random) -> Soiled:
    """A language that is neither Chinese nor English: a paragraph of it, or nothing else."""
    languages = SAMPLES["other_languages"]
    sentences = list(languages[rng.choice(sorted(languages))])
    rng.shuffle(sentences)
    space = "" if "。" in sentences[0] else " "
    if rng.random() < WHOLE:
        text = "\n\n".join(space.join(sentences[i % 4 :] + sentences[: i % 4]) for i in range(3))
        return _instead(document, "wrong_language", text)
    return _between(document, "wrong_language", space.join(sentences[: rng.randint(2, 4)]), rng)


def repeated_ngrams(document: Document, language: Language, rng: random.Random) -> Soiled:
    """A phrase of the text, said again and again right after it."""
    text = document.text
    pattern = (
        r"[\u3400-\u9fff]{3,8}" if language == "zh" else r"(?<![^\s])[A-Za-z]+(?: [A-Za-z]+){1,5}(?![^\s])"
    )
    places = list(re.finditer(pattern, text)) or list(re.finditer(r"\S+", text))
    phrase = rng.choice(places)
    said = ("" if language == "zh" else " ") + phrase[0]
    return _insert(document, "repeated_ngrams", [(phrase.end(), said * rng.randint(6, 20), "")])


def toxic(document: Document, _language: Language, rng: random.Random) -> Soiled:
    """A placeholder of the word list, between two words. The document should go."""
    place = _gap(document.text, rng)
    soiled = _insert(document, "toxic", [(place, f" {rng.choice(PLACEHOLDERS)} ", "")])
    return replace(soiled, expected=None)


def pii(document: Document, language: Language, rng: random.Random) -> Soiled:
    """One or two sentences with personal data, between two of the text's. The sentences stay, the data is masked."""
    text = document.text
    ends = [match.start() for match in _SENTENCE_END.finditer(text)] or [len(text)]
    inserted: list[tuple[int, str, str]] = []
    for place in sorted(rng.sample(ends, min(len(ends), rng.randint(1, 2)))):
        inserted.append((place, "" if language == "zh" else " ", ""))
        for piece in re.split(r"(\{[A-Z_]+\})", rng.choice(SAMPLES["pii_sentences"][language])):
            tag = piece.strip("{}") if piece.startswith("{") else ""
            inserted.append((place, rng.choice(SAMPLES["pii"][tag]) if tag else piece, tag))
    return _insert(document, "pii", inserted)


def near_copy(text: str, language: Language, rng: random.Random) -> str:
    """The same text with about one word in forty changed, as sites do that republish each other."""
    units = list(text) if language == "zh" else re.split(r"(\s+)", text)
    letters = [i for i, unit in enumerate(units) if unit.isalpha()]
    for i in rng.sample(letters, max(1, len(letters) // 40)) if letters else []:
        units[i] = units[rng.choice(letters)] if rng.random() < 0.7 else ""
    return "".join(units)


def _insert(document: Document, kind: Kind, pieces: Sequence[tuple[int, str, str]]) -> Soiled:
    """Put pieces into a text.

    Args:
        document: Where.
        kind: Of what counts as injected.
        pieces: (place in the clean text, characters, tag), by place. For ``pii`` only pieces with a tag are dirt: a perfect cleaner leaves
            ``<TAG>`` for them and the others as they are.
    """
    text = document.text
    soiled: list[str] = []
    expected: list[str] = []
    injections: list[Injection] = []
    at = length = 0
    for place, piece, tag in pieces:
        soiled += [text[at:place], piece]
        expected.append(text[at:place])
        length += place - at
        if tag or kind != "pii":
            injections.append(Injection(kind, length, length + len(piece), tag))
            expected.append(f"<{tag}>" if tag else "")
        else:
            expected.append(piece)
        length += len(piece)
        at = place
    result = Document("".join([*soiled, text[at:]]), document.name, document.language)
    return Soiled(result, document, tuple(injections), "".join([*expected, text[at:]]))


def _between(document: Document, kind: Kind, paragraph: str, rng: random.Random) -> Soiled:
    """A paragraph put between two others, or after the last; its blank lines belong to it."""
    text = document.text
    places = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    place = rng.choice([*places, len(text)])
    return _insert(document, kind, [(place, f"\n\n{paragraph}", "")])


def _instead(document: Document, kind: Kind, text: str) -> Soiled:
    return Soiled(Document(text, document.name, document.language), document, (Injection(kind),), None)


def _gap(text: str, rng: random.Random) -> int:
    gaps = [match.start() for match in _GAP.finditer(text)]
    return rng.choice(gaps) if gaps else len(text)


def _base64(rng: random.Random) -> str:
    code = base64.b64encode(rng.randbytes(rng.randint(120, 600))).decode()
    width = rng.choice((64, 76, len(code)))
    return "\n".join(code[i : i + width] for i in range(0, len(code), width))


def _hex_dump(rng: random.Random) -> str:
    rows: list[str] = []
    for i in range(rng.randint(3, 10)):
        data = rng.randbytes(16)
        shown = "".join(chr(b) if 32 <= b < 127 else "." for b in data)
        rows.append(f"{i * 16:08x}  {data[:8].hex(' ')}  {data[8:].hex(' ')}  |{shown}|")
    return "\n".join(rows)


def _random_letters(rng: random.Random) -> str:
    alphabet = rng.choice(
        (string.ascii_lowercase, string.ascii_letters, string.ascii_letters + string.digits)
    )
    return " ".join("".join(rng.choices(alphabet, k=rng.randint(5, 14))) for _ in range(rng.randint(10, 30)))


def _random_signs(rng: random.Random) -> str:
    return "".join(rng.choices(string.punctuation + "   ", k=rng.randint(60, 200)))


def _random_characters(rng: random.Random) -> str:
    return "".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(rng.randint(30, 120)))
