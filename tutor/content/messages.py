"""The dictionary of problems: for each code its severity, what is wrong, and what to do, in both languages.

``{name}`` places are filled by whoever reports the problem.
"""

from __future__ import annotations

from tutor.content.catalogue.fields import FIELDS
from tutor.content.catalogue.files import FILES
from tutor.content.catalogue.message import Message
from tutor.content.catalogue.prose import PROSE
from tutor.content.catalogue.references import REFERENCES
from tutor.content.catalogue.yaml_syntax import YAML_SYNTAX
from tutor.content.problems import Problem, printable
from tutor.text import Text

MESSAGES: dict[str, Message] = {**FILES, **YAML_SYNTAX, **FIELDS, **REFERENCES, **PROSE}
"""All problems that can be reported, by code."""


def problem(
    code: str, file: str, line: int = 1, col: int = 1, *, source: str = "", **values: object
) -> Problem:
    """Build a problem from its code.

    Args:
        code: Key of `MESSAGES`.
        file: Path as shown to the author.
        line: 1-based line.
        col: 1-based column in characters.
        source: The line of the file.
        values: What the message's and the hint's places are filled with; long values are shortened.
    """
    entry = MESSAGES[code]
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
