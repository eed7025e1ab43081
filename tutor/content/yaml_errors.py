"""What looks like YAML and is none: full-width punctuation, odd spaces, a space left out, a comment inside a text; and what the YAML
parser complained about, as a code of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeAlias

import yaml

from tutor.text import Text

Misprint: TypeAlias = tuple[str, int, dict[str, object]]
"""Code, offset in the line, values of the message."""
Place: TypeAlias = tuple[int, int]
"""1-based line and column."""
Told: TypeAlias = tuple[str, Place, dict[str, object]]
"""Code, place, values of the message."""

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


# The parser's complaint (libyaml's words or PyYAML's) → our code, and whether the place to look at is where the thing
# began rather than where the parser gave up.
_COMPLAINTS: tuple[tuple[str, str, bool], ...] = (
    ("mapping values are not allowed", "yaml.colon", False),
    ("could not find expected ':'", "yaml.no_colon", True),
    ("tab character", "yaml.tab", False),
    ("unexpected end of stream|unexpected document", "yaml.quote", True),
    ("escape character|hexa?decimal|Unicode character escape code", "yaml.escape", False),
    (r"',' or '[\]}]'", "yaml.bracket", True),
    ("sequence entries are not allowed", "yaml.dash", False),
    ("expected alphabetic or numeric|anchor|alias", "yaml.name", False),
    ("directive|incompatible YAML document", "yaml.directive", False),
    ("<document start>|did not find expected (key|'-')|expected <block end>", "yaml.indent", False),
    ("node content", "yaml.node", False),
    ("expected comment or line break|chomping or indentation|indentation indicator", "yaml.block", False),
)


def explain(error: yaml.YAMLError, lines: list[str]) -> Told:
    """What the YAML parser complained about, at the place where an author would look."""
    complaint = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    here = _place(getattr(error, "problem_mark", None), lines)
    began = _place(getattr(error, "context_mark", None), lines)
    if "cannot start any token" in complaint and here:
        line = lines[min(here[0], len(lines)) - 1]
        char = line[here[1] - 1 : here[1]]
        # libyaml names the end of the white space, PyYAML the tab itself
        if char == "\t" or ("\t" in line[: here[1] - 1] and not line[: here[1] - 1].strip()):
            return "yaml.tab", here, {}
        return "yaml.character", here, {"char": char}
    for part, code, from_start in _COMPLAINTS:
        if re.search(part, complaint):
            mark = began if from_start and began else here or began
            return _nearer(code, mark or (1, 1), here or began or (1, 1), lines)
    return "yaml.syntax", here or began or (1, 1), {"detail": complaint}


def _nearer(code: str, mark: Place, here: Place, lines: list[str]) -> Told:
    """A misprint in the lines that the parser read last, or else its complaint at the most telling place."""
    if code not in ("yaml.tab", "yaml.quote", "yaml.escape"):
        numbers = range(min(max(mark[0], here[0]), len(lines)), max(min(mark[0], here[0]) - 3, 0), -1)
        if found := in_lines(lines, numbers):
            number, (misprint, at, values) = found
            return misprint, (number, at + 1), values
    line = lines[min(here[0], len(lines)) - 1]
    if code == "yaml.bracket" and line[here[1] - 1 : here[1]] == ":":
        return "yaml.colon", here, {}
    if code == "yaml.colon" and re.fullmatch(r" *[\w.-]+", line[: here[1] - 1]):
        return "yaml.indent", (here[0], len(line) - len(line.lstrip()) + 1), {}
    return code, mark, {}


def _place(mark: Any, lines: list[str]) -> tuple[int, int] | None:
    """A parser's mark as a place in the file; past its end means the end of its last line with text."""
    if mark is None:
        return None
    line, col = mark.line + 1, mark.column + 1
    if line <= len(lines) and (lines[line - 1].strip() or line < len(lines)):
        return line, col
    last = len(lines)
    while last > 1 and not lines[last - 1].strip():
        last -= 1
    return last, len(lines[last - 1]) + 1
