"""Code inside prose, on a ground of its own; Python with its syntax coloured."""

from __future__ import annotations

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap

ROLES = ("code-block", "code-ground", "dim", "accent", "good", "warn", "emphasis")
"""Every role that code uses."""

_GROUND = "code-ground"


def code_block(source: str, language: str, width: int) -> list[Row]:
    """Draw lines of code on a ground as wide as the prose.

    Args:
        source: The code, clean of control characters.
        language: ``"python"`` is coloured, all else is plain.
        width: Columns of the prose, at least 1. A line too long goes on in the next row, moved in further.
    """
    edge = 1 if width > 4 else 0
    room = width - 2 * edge
    rows: list[Row] = []
    for line in highlighted(source.strip("\n"), language):
        text = "".join(run.text for run in line)
        indent = min(len(text) - len(text.lstrip(" ")) + 4, room // 2)
        for part in wrap(line, room, indent=indent) or [()]:
            grounded = [Run(run.text, run.fg, _GROUND) for run in part]
            pad = max(0, room - row_width(part)) + edge
            rows.append(
                (
                    *([Run(" ", "", _GROUND)] * edge),
                    *grounded,
                    *([Run(" " * pad, "", _GROUND)] if pad else []),
                )
            )
    return rows


def highlighted(source: str, language: str) -> list[list[Run]]:
    """Lines of code, cut where the colour changes.

    Args:
        source: The code, clean of control characters.
        language: ``"python"`` is coloured, all else is plain.
    """
    if language not in ("python", "py"):
        return [[Run(line, "code-block")] for line in source.split("\n")]
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

    families = (
        (Comment, "dim"),
        (Keyword, "accent"),
        (Operator.Word, "accent"),
        (String, "good"),
        (Number, "warn"),
        (Name.Builtin, "emphasis"),
    )

    def role(kind: _TokenType) -> str:
        return next((name for family, name in families if kind in family), "code-block")

    lines: list[list[Run]] = [[]]
    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(Run(part, role(kind)))
    return lines
