"""A problem in a course file: what is wrong, where, and what to do, in both languages.

What can be wrong stands in ``problems.yaml``, by code. Imports little, since the cached index of a course hands problems to the
first screen.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tutor.files import load_yaml
from tutor.text import LANGS, UNSEEN, InputError, Lang, Text

Severity = Literal["error", "warning"]
"""An error stops the file from being used and ``check`` from passing; a warning does neither."""

_UNSAFE = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that a terminal may obey, or draw at a width that nobody knows."""
_SNIPPET_COLUMNS = 100
"""Terminal columns of source shown under a problem."""
_LEAD_COLUMNS = 40
"""Columns kept left of the caret when the source line is longer than that."""


@dataclass(frozen=True, slots=True)
class Message:
    """Entry of the dictionary of problems; ``{name}`` places are filled by whoever reports the problem."""

    message: Text
    hint: Text
    severity: Severity


@functools.cache
def messages() -> dict[str, Message]:
    """All problems that can be reported, by code."""
    entries = load_yaml(Path(__file__).with_name("problems.yaml").read_text("utf-8"))
    return {
        code: Message(
            Text(entry["zh"], entry["en"]),
            Text(entry["hint_zh"], entry["hint_en"]),
            entry.get("severity", "error"),
        )
        for code, entry in entries.items()
    }


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one place of one file."""

    file: str
    """Path as shown to the author."""
    line: int
    col: int
    """1-based, counted in characters."""
    code: str
    """A key of `messages`."""
    message: Text
    hint: Text
    severity: Severity = "error"
    source: str = ""
    """The line of the file that is meant; empty when there is none."""

    def head(self, lang: Lang) -> str:
        """``file:line:col: message``, the form that editors and terminals make clickable."""
        mark = ""
        if self.severity == "warning":
            mark = "警告：" if lang == "zh" else "warning: "
        return f"{self.file}:{self.line}:{self.col}: {mark}{self.message[lang]}"

    def render(self, lang: Lang) -> str:
        """The head, the source line with a caret under the place, and what to do."""
        lines = [self.head(lang)]
        if self.source.strip():
            text, pad = _window(self.source, self.col - 1)
            number = str(self.line)
            lines += [f"  {number} | {text}", f"  {' ' * len(number)} | {' ' * pad}^"]
        lines.append(f"  {'怎么改：' if lang == 'zh' else 'fix: '}{self.hint[lang]}")
        return "\n".join(lines)

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """A dict for machines, its sentences in one language."""
        told = {**asdict(self), "message": self.message[lang], "hint": self.hint[lang]}
        del told["source"]
        return told


def problem(
    code: str, file: str, line: int = 1, col: int = 1, *, source: str = "", **values: object
) -> Problem:
    """Build a problem from its code.

    `values`: What the message's and the hint's places are filled with; long values are shortened.
    """
    entry = messages()[code]
    shown = {name: v if isinstance(v, Text) else shorten(str(v)) for name, v in values.items()}
    message, hint = entry.message.format(**shown), entry.hint.format(**shown)
    return Problem(file, line, col, code, message, hint, entry.severity, source[:4000])


class ContentError(InputError):
    """A piece of the course can't be used; carries every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        zh, en = ("\n".join(problem.render(lang) for problem in self.problems) for lang in LANGS)
        super().__init__(Text(zh, en))


def shorten(text: str, limit: int = 120) -> str:
    """One safe line of a value that goes into a message."""
    line = printable(" ".join(text[: limit * 2].split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def printable(text: str) -> str:
    """The text with every control, hidden and separator character replaced, so that no terminal obeys it."""
    text = text.replace("\t", " ")
    while (left := UNSEEN.sub(lambda hidden: "\N{REPLACEMENT CHARACTER}" * len(hidden[0]), text)) != text:
        text = left
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSAFE else c for c in text)


def _window(line: str, at: int) -> tuple[str, int]:
    """The part of a line around character ``at`` and the columns before that character in it."""
    from rich.cells import cell_len  # the first screen has problems, but shows none

    start = max(0, at - 400)  # a line may be megabytes long
    text = printable(line[start : at + 400])
    at -= start
    cut = 0
    while cell_len(text[cut:at]) > _LEAD_COLUMNS:
        cut += 1
    end = len(text)
    while cell_len(text[cut:end]) > _SNIPPET_COLUMNS:
        end -= 1
    left = "…" if cut or start else ""
    return left + text[cut:end], cell_len(text[cut:at]) + len(left)
