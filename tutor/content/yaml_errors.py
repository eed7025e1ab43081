"""What the YAML parser complained about, as a code of ours and a place where an author would look."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tutor.content.misprints import in_lines

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


class TooDeep(yaml.YAMLError):
    """Nested deeper than any course file needs."""

    def __init__(self, mark: tuple[int, int], limit: int) -> None:
        super().__init__("too deep")
        self.mark = mark
        self.limit = limit


def explain(error: yaml.YAMLError, lines: list[str]) -> tuple[str, tuple[int, int], dict[str, object]]:
    """Turn a parser error into a code, a 1-based place and the values of the code's message."""
    if isinstance(error, TooDeep):
        return "yaml.depth", error.mark, {"limit": error.limit}
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


def _nearer(
    code: str, mark: tuple[int, int], here: tuple[int, int], lines: list[str]
) -> tuple[str, tuple[int, int], dict[str, object]]:
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
