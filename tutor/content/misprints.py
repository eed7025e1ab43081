"""What looks like YAML and is none: full-width punctuation, odd spaces, a space left out, a comment inside a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tutor.text import Text

Misprint = tuple[str, int, dict[str, object]]
"""Code, offset in the line, values of the message."""

_HALF = dict(zip("—–−、“”‘’【】", "---,\"\"''[]", strict=True))
_NAMES = {
    ":": Text("全角冒号", "full-width colon"),
    ",": Text("全角逗号", "full-width comma"),
    "-": Text("中文横线", "long dash"),
    " ": Text("特殊空格", "unusual space"),
}
_OTHER = Text("全角字符", "full-width character")
_QUOTE = Text("弯引号", "curly quote")

_ENTRY = r"^ *(?:- +)*"
_KEY = rf"(?:{_ENTRY}|[{{,] *)[A-Za-z_][A-Za-z0-9_.-]*"
_PLACES = {
    re.compile(rf"{_ENTRY}([\u3000\xa0＃]|[－—–−](?=[ \u3000]))"): "yaml.wide",
    re.compile(rf"{_KEY}(：)|{_KEY}: *([\u3000\xa0｛［])"): "yaml.wide",
    re.compile(r"\{[^{}]*(，) *[a-z_]+:(?: |$)|[{\[][^\]}]*([］｝])|[:-] +([“‘])[^”’]*: "): "yaml.wide",
    re.compile(r"\b(?:zh|en): +(?![\"'|>#])[^}\"]*?[ \t](#)|^ +(#)[0-9]"): "yaml.hash",
    # In braces not before what begins a format: {arm.metric:.2f}.
    re.compile(rf"{_KEY}(:)[^ \t:/.,+%0-9]|{_ENTRY}[a-z_]+(:)[0-9.]|^ *(-)[A-Za-z]"): "yaml.space",
}


def in_value(value: str) -> Misprint | None:
    """The first character of an id, a number or the like that was typed in a Chinese input mode."""
    return next((_wide(char, at) for at, char in enumerate(value) if _half(char)), None)


def in_lines(lines: list[str], numbers: Iterable[int]) -> tuple[int, Misprint] | None:
    """The 1-based number of the first of some lines that holds a misprint, and the misprint.

    Only for lines around which the YAML broke, or names that are unknown: in a sound text all of these may stand.
    """
    for number in numbers:
        line = lines[number - 1]
        for place, code in _PLACES.items():
            if found := place.search(line):
                at = found.start(found.lastindex or 0)
                return number, _wide(line[at], at) if code == "yaml.wide" else (code, at, {"char": line[at]})
    return None


def _half(char: str) -> str:
    """The ASCII character that a full-width or curly one stands for; ``""`` for any other."""
    half = _HALF.get(char) or unicodedata.normalize("NFKC", char)
    return half if half != char and len(half) == 1 and half.isascii() else ""


def _wide(char: str, at: int) -> Misprint:
    half = _half(char)
    shown = f"{half} " if half in ":,-" else half
    seen = f"U+{ord(char):04X}" if char.isspace() else char
    name = _QUOTE if char in "“”‘’" else _NAMES.get(half, _OTHER)
    return "yaml.wide", at, {"name": name, "char": seen, "half": Text(shown, shown)}
