"""What the web does to a text: wrong tables and characters that show nothing, the page around it, passages put between others."""

from __future__ import annotations

import base64
import html
import random
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal, get_args

from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.phrases import PLACEHOLDERS
from tutor.files import load_yaml

Kind = Literal[
    "html", "exact_duplicate", "near_duplicate", "mojibake_latin1", "mojibake_gbk", "controls",
    "repeated_ngrams", "keywords", "machine_noise", "template_spam", "pii", "wrong_language", "toxic",
]  # fmt: skip

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Injection:
    """One thing that was put in.

    Attributes:
        kind: Which.
        start: Where it begins in the corrupted text, in characters; None: the whole document is it.
        end: Where it ends, not included; None with start.
        of: For copies, the name of the original; for ``pii``, the tag that masks it.
    """

    kind: Kind
    start: int | None = None
    end: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A document after corruption.

    Attributes:
        document: As a crawler would bring it.
        clean: As it was; of a copy, what it was copied from.
        injections: All that was put in, in order of place; empty for a document that stayed clean. All of one kind.
        expected: What a perfect cleaner would leave of it; None: nothing, the document should go.
    """

    document: Document
    clean: Document
    injections: tuple[Injection, ...] = ()
    expected: str | None = None

    @property
    def kind(self) -> Kind | None:
        """What was done to it; None for nothing."""
        return self.injections[0].kind if self.injections else None


SAMPLES: dict[str, dict[str, list[str]]] = load_yaml(
    (resources.files(__package__) / "samples.yaml").read_text("utf-8")
)

INVISIBLE = (
    "\x00", "\x07", "\x08", "\x1b[31m", "\x1b[0m", "\x7f", "\x9d", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202c", "\u2060",
    "\u2066", "\u2069", "\ufeff", "\ufffd",
)  # fmt: skip
"""What is put between two characters. Between Latin or Chinese letters none of them means anything."""

EVERY = 150
"""Characters of text for each of these, about."""

_SENTENCE = re.compile(r"(?<=[.!?] )([A-Z]\w+(?: \w+)?)")


def controls(document: Document, _language: Language, rng: random.Random) -> Corrupted:
    """Characters that show nothing, at random places."""
    length = len(document.text)
    places = sorted(rng.sample(range(length + 1), max(1, length // EVERY)))
    return _insert(document, "controls", [(place, rng.choice(INVISIBLE), "") for place in places])


def mojibake_latin1(document: Document, _language: Language, rng: random.Random) -> Corrupted:
    """UTF-8 read as Windows-1252, as browsers read what calls itself Latin-1; bytes without a sign there become controls."""
    right = typographic(document.text, rng)
    wrong = "".join(_WINDOWS_1252[byte] for byte in right.encode("utf-8", "replace"))
    return _changed(document, "mojibake_latin1", wrong, right)


def mojibake_gbk(document: Document, _language: Language, rng: random.Random) -> Corrupted:
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
    return _changed(document, "mojibake_gbk", "\n".join(wrong), "\n".join(expected))


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


_WINDOWS_1252 = [
    bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in range(256)
]


def html_page(document: Document, language: Language, rng: random.Random) -> Corrupted:
    """The text as an article of a page with head, scripts, navigation, side bar and footer; some words marked up."""
    styles, scripts = SAMPLES["page"]["styles"], SAMPLES["page"]["scripts"]
    footers = SAMPLES["footers"][language]
    links = rng.sample(SAMPLES["navigation"][language], 6)
    menu = "".join(f'<li><a href="/{i}" class="item">{link}</a></li>' for i, link in enumerate(links))
    article = "\n".join(
        _block(part, rng) for part in _PARAGRAPH_END.split(document.text.strip("\n")) if part.strip()
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{links[0]} - {links[1]}</title>\n'
        f"<style>{rng.choice(styles)}</style>\n<script>{rng.choice(scripts)}</script></head>\n<body>\n"
        f'<nav class="top"><ul>{menu}</ul></nav>\n'
        f'<!-- content -->\n<main><article class="post">\n{article}\n</article></main>\n'
        f'<aside><p>{rng.choice(footers)}</p><form action="/s"><input name="q"><button>{links[2]}</button></form></aside>\n'
        f"<script async>{rng.choice(scripts)}</script>\n"
        f"<footer><p>&copy; 2024 {rng.choice(footers)}</p></footer>\n</body>\n</html>\n"
    )
    return _changed(document, "html", page, document.text)


def _block(paragraph: str, rng: random.Random) -> str:
    """One paragraph; what has lines or indents of its own stands as preformatted text."""
    if "\n" in paragraph or paragraph[:1] == " " or "  " in paragraph:
        return f"<pre>{html.escape(paragraph)}</pre>"
    words = [html.escape(word) for word in paragraph.split(" ")]
    for i in rng.sample(range(len(words)), len(words) // 12):
        if words[i]:
            words[i] = rng.choice(
                ("<b>{}</b>", '<a href="#n">{}</a>', "<em>{}</em>", "<span class=x>{}</span>")
            ).format(words[i])
    return f"<p>{' '.join(words)}</p>"


THINGS, PLACES, ADJECTIVES = SAMPLES["things"], SAMPLES["places"], SAMPLES["adjectives"]

WHOLE = 0.3
"""Share of documents that become spam or another language altogether; into the others a passage goes."""

_PARAGRAPH_END = re.compile(r"\n[ \t]*+\n\s*+")
_GAP = re.compile(r"(?<=[A-Za-z\u3400-\u9fff,，]) (?=[A-Za-z])|(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])|(?<=[。！？])(?=[\u3400-\u9fff])")


def keywords(document: Document, language: Language, rng: random.Random) -> Corrupted:
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


def machine_noise(document: Document, language: Language, rng: random.Random) -> Corrupted:
    """Base64, a hex dump, random letters or, in Chinese, random characters, as a paragraph."""
    kinds = [_base64, _hex_dump, _random_letters, _random_signs]
    if language == "zh":
        kinds.append(_random_characters)
    return _between(document, "machine_noise", rng.choice(kinds)(rng), rng)


def template_spam(document: Document, language: Language, rng: random.Random) -> Corrupted:
    """Advertising by formula: a paragraph of it, or nothing else."""

    def paragraph() -> str:
        return rng.choice(SAMPLES["spam"][language]).format(
            thing=rng.choice(THINGS[language]), place=rng.choice(PLACES[language]), n=rng.randint(10, 99)
        )

    if rng.random() < WHOLE:
        return _changed(document, "template_spam", "\n\n".join(paragraph() for _ in range(rng.randint(3, 6))))
    return _between(document, "template_spam", paragraph(), rng)


def wrong_language(document: Document, _language: Language, rng: random.Random) -> Corrupted:
    """A language that is neither Chinese nor English: a paragraph of it, or nothing else."""
    languages = SAMPLES["other_languages"]
    sentences = list(languages[rng.choice(sorted(languages))])
    rng.shuffle(sentences)
    space = "" if "。" in sentences[0] else " "
    if rng.random() < WHOLE:
        text = "\n\n".join(space.join(sentences[i % 4 :] + sentences[: i % 4]) for i in range(3))
        return _changed(document, "wrong_language", text)
    return _between(document, "wrong_language", space.join(sentences[: rng.randint(2, 4)]), rng)


def repeated_ngrams(document: Document, language: Language, rng: random.Random) -> Corrupted:
    """A phrase of the text, said again and again right after it."""
    text = document.text
    pattern = (
        r"[\u3400-\u9fff]{3,8}" if language == "zh" else r"(?<![^\s])[A-Za-z]+(?: [A-Za-z]+){1,5}(?![^\s])"
    )
    places = list(re.finditer(pattern, text)) or list(re.finditer(r"\S+", text))
    phrase = rng.choice(places)
    said = ("" if language == "zh" else " ") + phrase[0]
    return _insert(document, "repeated_ngrams", [(phrase.end(), said * rng.randint(6, 20), "")])


def toxic(document: Document, _language: Language, rng: random.Random) -> Corrupted:
    """A placeholder of the word list, between two words. The document should go."""
    place = _gap(document.text, rng)
    corrupted = _insert(document, "toxic", [(place, f" {rng.choice(PLACEHOLDERS)} ", "")])
    return replace(corrupted, expected=None)


def pii(document: Document, language: Language, rng: random.Random) -> Corrupted:
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


def _insert(document: Document, kind: Kind, pieces: Sequence[tuple[int, str, str]]) -> Corrupted:
    """Put pieces into a text.

    Args:
        document: Where.
        kind: Of what counts as injected.
        pieces: (place in the clean text, characters, tag), by place. For ``pii`` only pieces with a tag are dirt: a perfect cleaner leaves
            ``<TAG>`` for them and the others as they are.
    """
    text = document.text
    corrupted: list[str] = []
    expected: list[str] = []
    injections: list[Injection] = []
    at = length = 0
    for place, piece, tag in pieces:
        corrupted += [text[at:place], piece]
        expected.append(text[at:place])
        length += place - at
        if tag or kind != "pii":
            injections.append(Injection(kind, length, length + len(piece), tag))
            expected.append(f"<{tag}>" if tag else "")
        else:
            expected.append(piece)
        length += len(piece)
        at = place
    result = replace(document, text="".join([*corrupted, text[at:]]))
    return Corrupted(result, document, tuple(injections), "".join([*expected, text[at:]]))


def _between(document: Document, kind: Kind, paragraph: str, rng: random.Random) -> Corrupted:
    """A paragraph put between two others, or after the last; its blank lines belong to it."""
    text = document.text
    places = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    place = rng.choice([*places, len(text)])
    return _insert(document, kind, [(place, f"\n\n{paragraph}", "")])


def _changed(document: Document, kind: Kind, text: str, expected: str | None = None) -> Corrupted:
    """Another text for the whole document, and what a perfect cleaner would leave of it."""
    return Corrupted(replace(document, text=text), document, (Injection(kind),), expected)


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
