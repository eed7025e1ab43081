"""What machines leave in text: base64, hex dumps, random characters. A rule of our own.

MassiveText's word lengths and letter shares see a page that is nothing else. Here lines are judged one by one, and long runs inside a line are cut out. Each test asks
for what running text does not have: a run of 60 characters of base64 with capitals, small letters and figures, a line of hex pairs, words whose neighbouring letters
English does not put together, rare Chinese characters side by side.
"""

from __future__ import annotations

import functools
import re
import string

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import measure, simplified, traditional
from tutor.text import Text

RUN = 60
"""Characters of a base64 or hex run that is cut out; hashes and identifiers (up to 40, 64 for SHA-256 in hex) are shorter or kept apart. Paths of links are as long,
but made of words."""

HEX_GROUPS = 8
"""Groups of hex digits in a line of a dump."""

ODD_PAIRS = 0.28
"""Share of odd pairs of neighbouring letters, from which a line is noise: those that English hardly has, and a small letter before a capital. In random letters
there are 41%, in random letters of both cases 56%, in running English under 1%, in French and German 2%. Lines of names and of code have up to a quarter."""

LETTERS = 0.4
"""Pairs of neighbouring letters for each character of a line, at least: else figures and signs make it up, and letters tell nothing."""

PAIRS_LOOKED_AT = 32
"""Pairs of neighbouring letters that a line must have to be judged by them: ``Jeff Garzik <jgarzik@gtk.org>`` has 18, a quarter of them odd."""

SHORTEST = 16
"""A line of fewer characters is not judged."""

RARE = 0.5
"""Share of Chinese characters that are in neither writing's list, from which a line is noise: more than so many outside GB 2312 (6,763 simplified characters), and
more than so many outside the first plane of Big5 (5,401 traditional ones). Of characters drawn at random 68% and 74% are. The list of GB 2312 is the whole of it, for
lists of birds, herbs and chemicals are full of those of its second level."""

SIGNS = 0.65
"""Share of signs that are neither letters, figures nor blanks, from which a line is noise, when they are of many kinds and no word stands among them."""

KINDS_OF_SIGNS = 10
"""Different signs that such a line has: a drawn line has few, an operator table in a manual some."""

ODD, EVEN = 1, 2
"""Kinds of pairs of neighbouring letters: those that do not go together, and all others."""

PAIRS = {
    "a": "bcdfgiklmnpqrstuvwxyz", "b": "abeijlorstuy", "c": "acehiklorstuy", "d": "adegijlmnorsuvwy", "e": "abcdefghijlkmnopqrstuvwxyz", "f": "aefilortuy",
    "g": "aegghilnorsuy", "h": "aeilmnortuyw", "i": "abcdefgklmnopqrstuvxz", "j": "aeou", "k": "aeilnosuy", "l": "abcdefgiklmnopstuvwy", "m": "abeilmnopsuy",
    "n": "abcdefghijklmnoqrstuvxyz", "o": "abcdefghijklmnopqrstuvwxyz", "p": "acehilmoprstuy", "q": "u", "r": "abcdefgiklmnopqrstuvwy", "s": "acdefghiklmnopqrstuvwy",
    "t": "abcefhilmnoprstuvwyz", "u": "abcdefgiklmnoprstvxyz", "v": "aeiouy", "w": "abdehiklnorsty", "x": "acefhioptuy", "y": "abcdegilmnoprstwz", "z": "aeilouyz",
}  # fmt: skip
"""Which letter may follow which in an English word, leaving out what is rare."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{60,}+")
_HEX_LINE = re.compile(
    r"[ \t]*+(?:[0-9a-fA-F]{4,16}[:.]?[ \t]++)?+(?:(?:0x)?[0-9a-fA-F]{2,8}(?:[ \t,:]++|$))"
    rf"{{{HEX_GROUPS},}}+"
)
_DUMP_TEXT = re.compile(r"\|?[ -~]{0,20}\|?\s*+")
_WORD = re.compile(r"[A-Za-z]{5}")
_SOME_HEX = re.compile(r"[0-9][0-9a-fA-F]{1,7}[ \t,:]++[0-9a-fA-F]{2}")
_TAIL = re.compile(r"[A-Za-z0-9+/]{2,}+={0,2}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")


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
            "一行里一半以上是生僻字（简繁两种常用字表都不收）",
            "line where half of the Chinese characters are rare ones, in either writing",
        ),
        "signs": Text("一行里三分之二是各种符号", "line that is two thirds signs of many kinds"),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        outcome = Outcome(text)
        if len(text) < SHORTEST:
            return outcome
        lines: list[str] = []
        kinds = pairs(text)
        at = 0
        block = False  # whether the line before was all base64: the last line of a block is shorter
        for line in measure(text).lines:
            reason, after = (
                judge(line, kinds[at : at + len(line) - 1]) if len(line) >= SHORTEST else ("", line)
            )
            at += len(line) + 1
            if reason:
                outcome.note(reason, line, after)
            tail = block and not reason and len(line) < RUN and _TAIL.fullmatch(line)
            gone = bool(reason) and not after.strip()
            block = gone and reason == "encoded"
            if not (gone or tail):
                lines.append(after)
        if outcome.reasons:
            outcome.text = "\n".join(lines)
        return outcome


def pairs(text: str) -> bytes:
    """What kind of pair begins at each character but the last of a text of at least two; 0: an ordinary one."""
    characters = text.encode("ascii", "replace")  # a question mark is no letter
    # Every two neighbouring bytes read as one number of 16 bits, the first its lower half.
    both = np.ndarray((len(characters) - 1,), "<u2", characters, strides=(1,))
    return _kinds_of_pairs().take(both).tobytes()


@functools.cache
def _kinds_of_pairs() -> NDArray[np.uint8]:
    """``(65536,)``: the kind of every pair of bytes, the first in the lower half of the index."""
    table = np.zeros((256, 256), np.uint8)  # second, first
    for a in string.ascii_letters:
        for b in string.ascii_letters:
            odd = b.lower() not in PAIRS[a.lower()]
            table[ord(b), ord(a)] = ODD if odd or (a.islower() and b.isupper()) else EVEN
    return table.ravel()


def judge(line: str, kinds: bytes) -> tuple[str, str]:
    """What is wrong with a line of at least `SHORTEST` characters ("" for nothing), and what is left of it.

    `kinds`: What `pairs` has for it.
    """
    if len(line) >= RUN and (cut := _BASE64.sub(_without, line)) != line:
        return "encoded", cut if len(cut.strip()) >= SHORTEST else ""
    if _is_dump(line):
        return "dump", ""
    if not line.isascii():
        han = _HAN.findall(line)
        if len(han) >= 8 and all(_rare(han, known) > RARE for known in (simplified(), traditional())):
            return "characters", ""
    if _odd_letters(kinds, max(PAIRS_LOOKED_AT, LETTERS * (len(kinds) + 1))):
        return "letters", ""
    if not _WORD.search(line):
        signs = _SIGN.findall(line)
        if len(signs) > SIGNS * len(line) and len(set(signs)) >= KINDS_OF_SIGNS:
            return "signs", ""
    return "", line


def _rare(han: list[str], known: frozenset[str]) -> float:
    return sum(c not in known for c in han) / len(han)


def _without(match: re.Match[str]) -> str:
    run = match[0]
    capitals, small, figures = (
        sum(map(run.count, kind)) for kind in (string.ascii_uppercase, string.ascii_lowercase, string.digits)
    )
    mixed = min(capitals, small) >= 0.15 * len(run) and figures >= 0.03 * len(run)
    only_hex = figures >= 0.3 * len(run) and all(c in string.hexdigits for c in run) and len(run) > 64
    # The letters of a path or a long name go together as words.
    return "" if only_hex or (mixed and _odd_letters(pairs(run), 0)) else run


def _is_dump(line: str) -> bool:
    match = _HEX_LINE.match(line)
    if match is None or not _DUMP_TEXT.fullmatch(line, match.end()) or not _SOME_HEX.search(line):
        return False
    # Words such as "dead beef" and plain numbers are made of these characters too.
    body = match[0]
    return any(c in "abcdefABCDEF" for c in body) and any(c.isdigit() for c in body)


def _odd_letters(kinds: bytes, least: float) -> bool:
    """Whether at least so many pairs of letters, told by their kinds, do not go together as words."""
    odd = kinds.count(ODD)
    n = odd + kinds.count(EVEN)
    return odd > ODD_PAIRS * n and n >= least
