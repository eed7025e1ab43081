"""Code inside prose, on a ground of its own; Python with its syntax coloured."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.plot.cells import Row, Run, row_width

_GROUND = "code-ground"


def code_block(source: str, language: str, width: int) -> list[Row]:
    """Each line of code as rows as wide as the prose; a line too long goes on in the next, moved in."""
    rows: list[Row] = []
    for line in _highlighted(source.rstrip("\n"), language):
        for part in _cut(line, max(1, width - 2)):
            pad = max(0, width - 2 - row_width(part))
            rows.append((Run(" ", "", _GROUND), *part, Run(" " * (pad + 1), "", _GROUND)))
    return rows


def _highlighted(source: str, language: str) -> list[list[Run]]:
    if language not in ("python", "py"):
        return [[Run(line, "code-block", _GROUND)] if line else [] for line in source.split("\n")]
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

    def role(kind: _TokenType) -> str:
        for family, name in (
            (Comment, "dim"),
            (Keyword, "accent"),
            (String, "good"),
            (Number, "warn"),
            (Name.Builtin, "emphasis"),
        ):
            if kind in family:
                return name
        return "code-block"

    lines: list[list[Run]] = [[]]
    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(Run(part, role(kind), _GROUND))
    return lines


def _cut(line: Iterable[Run], width: int) -> list[list[Run]]:
    from rich.cells import cell_len

    parts: list[list[Run]] = [[]]
    used = 0
    for run in line:
        text = ""
        for char in run.text:
            if used + cell_len(char) > width and used:
                parts[-1].append(Run(text, run.fg, run.bg))
                parts.append([Run("  ", "", _GROUND)])
                text, used = "", 2
            text += char
            used += cell_len(char)
        if text:
            parts[-1].append(Run(text, run.fg, run.bg))
    return parts
