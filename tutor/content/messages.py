"""The dictionary of problems, ``problems.yaml``: for each code its severity, what is wrong, and what to do, in both languages."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

from tutor.content.problems import Problem, Severity, printable
from tutor.files import load_yaml
from tutor.text import Text


@dataclass(frozen=True, slots=True)
class Message:
    """Entry of the dictionary; ``{name}`` places are filled by whoever reports the problem."""

    message: Text
    hint: Text
    severity: Severity


@functools.cache
def messages() -> dict[str, Message]:
    """All problems that can be reported, by code."""
    text = (resources.files(__package__) / "problems.yaml").read_text("utf-8")
    entries = load_yaml(text)
    return {
        code: Message(
            Text(entry["zh"], entry["en"]),
            Text(entry["hint_zh"], entry["hint_en"]),
            entry.get("severity", "error"),
        )
        for code, entry in entries.items()
    }


def problem(
    code: str, file: str, line: int = 1, col: int = 1, *, source: str = "", **values: object
) -> Problem:
    """Build a problem from its code.

    `code`: Key of `messages`.
    `col`: 1-based column in characters.
    `values`: What the message's and the hint's places are filled with; long values are shortened.
    """
    entry = messages()[code]
    shown = {name: v if isinstance(v, Text) else shorten(str(v)) for name, v in values.items()}
    return Problem(
        file=file,
        line=line,
        col=col,
        code=code,
        message=entry.message.format(**shown),
        hint=entry.hint.format(**shown),
        severity=entry.severity,
        source=source[:4000],
    )


def shorten(text: str, limit: int = 120) -> str:
    """One safe line of a value that goes into a message."""
    line = printable(" ".join(text[: limit * 2].split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"
