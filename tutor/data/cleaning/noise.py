"""What machines leave in text: base64, hex dumps, random characters. A rule of our own.

MassiveText's word lengths and letter shares see a page that is nothing else. Here lines are judged one by one, and long runs inside a line are cut out. Each test asks
for what running text does not have: a run of 60 characters of base64 with capitals, small letters and figures, a line of hex pairs, words whose neighbouring letters
English does not put together, rare Chinese characters side by side.
"""

from __future__ import annotations

import functools
import itertools
import re

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.encoding import first_level
from tutor.data.cleaning.measures import measure
from tutor.text import Text

RUN = 60
"""Characters of a base64 or hex run that is cut out; hashes and identifiers (up to 40, 64 for SHA-256 in hex) are shorter or kept apart."""

HEX_GROUPS = 8
"""Groups of hex digits in a line of a dump."""

LETTERS_LOOKED_AT = 2_000
"""Characters of a line by which its letters are judged."""

WORDS = 4
"""Words of a line that is judged by its letters."""

ODD_PAIRS = 0.25
"""Share of pairs of neighbouring letters that English hardly has, from which a line is noise. Random letters have 40 %, English 1 to 3 %, other languages up to 15 %."""

CAPITALS = 0.2
"""Share of steps from a small letter to a capital inside words: random letters change at a quarter of their steps, names in programs at a tenth."""

RARE = 0.5
"""Share of Chinese characters outside the 3,755 common ones, from which a line is noise."""

SIGNS = 0.75
"""Share of signs that are neither letters, figures nor blanks, from which a line is noise, when they are of many kinds."""

KINDS_OF_SIGNS = 10
"""Different signs that such a line has: a drawn line has few, an operator table in a manual some."""

PAIRS = {
    "a": "bcdfgiklmnpqrstuvwxyz", "b": "abeijlorstuy", "c": "acehiklorstuy", "d": "adegijlmnorsuvwy", "e": "abcdefghijlkmnopqrstuvwxyz", "f": "aefilortuy",
    "g": "aegghilnorsuy", "h": "aeilmnortuyw", "i": "abcdefgklmnopqrstuvxz", "j": "aeou", "k": "aeilnosuy", "l": "abcdefgiklmnopstuvwy", "m": "abeilmnopsuy",
    "n": "abcdefghijklmnoqrstuvxyz", "o": "abcdefghijklmnopqrstuvwxyz", "p": "acehilmoprstuy", "q": "u", "r": "abcdefgiklmnopqrstuvwy", "s": "acdefghiklmnopqrstuvwy",
    "t": "abcefhilmnoprstuvwyz", "u": "abcdefgiklmnoprstvxyz", "v": "aeiouy", "w": "abdehiklnorsty", "x": "acefhioptuy", "y": "abcdegilmnoprstwz", "z": "aeilouyz",
}  # fmt: skip
"""Which letter may follow which in an English word, leaving out what is rare."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{60,}+")
_HEX_LINE = re.compile(
    r"[ \t]*+(?:[0-9a-fA-F]{4,16}[:.]?[ \t]++)?+(?:(?:0x)?[0-9a-fA-F]{2,8}(?:[ \t,:]++|$)){8,}+"
)
_DUMP_TEXT = re.compile(r"\|?[ -~]{0,20}\|?\s*+")
_LETTERS = re.compile(r"[A-Za-z]{5,40}+")
_TAIL = re.compile(r"[A-Za-z0-9+/]{2,}+={0,2}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SIGN = re.compile(r"[^\w\s]")


class Noise:
    """Takes out lines of machine noise, and long runs of it inside a line."""

    id = "noise"
    title = Text("机器噪声", "Machine noise")
    reasons = {  # noqa: RUF012
        "encoded": Text(
            f"{RUN} 个字符以上的 base64 或十六进制串", f"run of {RUN} characters or more of base64 or hex"
        ),
        "dump": Text("十六进制转储的一行", "line of a hex dump"),
        "letters": Text("一行里的字母组合多半拼不成词", "line of letters that don’t go together as words"),
        "characters": Text(
            "一行里一半以上是生僻字", "line where half of the Chinese characters are rare ones"
        ),
        "signs": Text("一行里四分之三以上是各种符号", "line that is three quarters signs of many kinds"),
    }

    def apply(self, document: Document) -> Outcome:
        """Drop lines, cut out runs."""
        text = document.text
        counts: dict[str, int] = {}
        examples: dict[str, tuple[str, str]] = {}
        lines = measure(text).lines
        kept: list[str] = []
        encoded = False
        for line in lines:
            reason, after = judge(line)
            if encoded and not reason and _TAIL.fullmatch(line):
                reason, after = "encoded", ""  # the last line of a block is shorter
            encoded = reason == "encoded" and not after
            if reason:
                counts[reason] = counts.get(reason, 0) + 1
                examples.setdefault(reason, (line, after))
                if not after.strip():
                    continue
            kept.append(after)
        return Outcome("\n".join(kept), counts, examples=examples) if counts else Outcome(text)


def judge(line: str) -> tuple[str, str]:
    """What is wrong with a line ("" for nothing), and what is left of it."""
    if len(line) < 16:
        return "", line
    if len(line) >= RUN and _BASE64.search(line):
        cut = _BASE64.sub(_without, line)
        if cut != line:
            return "encoded", cut if len(cut.strip()) >= 16 else ""
    if _is_dump(line):
        return "dump", ""
    if not line.isascii():
        han = _HAN.findall(line)
        if len(han) >= 8 and sum(c not in first_level() for c in han) > RARE * len(han):
            return "characters", ""
    if _odd_letters(line):
        return "letters", ""
    signs = _SIGN.findall(line)
    if (
        not _LETTERS.search(line)
        and len(signs) > SIGNS * (len(line) - line.count(" "))
        and len(set(signs)) >= KINDS_OF_SIGNS
    ):
        return "signs", ""
    return "", line


def _without(match: re.Match[str]) -> str:
    run = match[0]
    capitals = sum(map(run.count, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    figures = sum(map(run.count, "0123456789"))
    small = sum(map(run.count, "abcdefghijklmnopqrstuvwxyz"))
    mixed = min(capitals, small) >= 0.15 * len(run) and figures >= 0.03 * len(run)
    only_hex = figures >= 0.3 * len(run) and all(c in "0123456789abcdefABCDEF" for c in run) and len(run) > 64
    return "" if mixed or only_hex else run


def _is_dump(line: str) -> bool:
    match = _HEX_LINE.match(line)
    if match is None or not _DUMP_TEXT.fullmatch(line, match.end()):
        return False
    # Words such as "dead beef" and plain numbers are made of these characters too.
    body = match[0]
    return any(c in "abcdefABCDEF" for c in body) and any(c.isdigit() for c in body)


def _odd_letters(line: str) -> bool:
    words = _LETTERS.findall(line, 0, LETTERS_LOOKED_AT)
    if len(words) < WORDS:
        return False
    pairs = odd = changes = 0
    for word in words:
        word_odd, word_changes = _oddity(word)
        pairs += len(word) - 1
        odd += word_odd
        changes += word_changes
    return odd > ODD_PAIRS * pairs or changes > CAPITALS * pairs


@functools.lru_cache(maxsize=50_000)
def _oddity(word: str) -> tuple[int, int]:
    """Pairs of letters that English hardly has, and steps from a small letter to a capital."""
    lower = word.lower()
    odd = sum(b not in PAIRS[a] for a, b in itertools.pairwise(lower))
    return odd, sum(a.islower() and b.isupper() for a, b in itertools.pairwise(word))
