"""Tables inside prose: columns fitted to the width, cells wrapped; records one under the other where it is too narrow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import longest, wrap

ROLES = ("table-head", "table-rule", "text")
"""Every role that a table uses, besides those of its cells."""

_GAP = 2
_NARROWEST = 4
_NUMBER = re.compile(r"[≈~<>≤≥+\-−]?\s?[\d.,]*\d[\d., ]*(?:[eE][+-]?\d+)?\s?[%‰×kKMGTB]?")

Cell = Sequence[Run]


def render_table(header: Sequence[Cell], body: Sequence[Sequence[Cell]], width: int) -> list[Row]:
    """Draw a table.

    Args:
        header: Runs of each head cell.
        body: Rows of cells; short rows are filled up.
        width: Columns that the table may take. Columns of numbers stand to the right.
    """
    columns = max((len(row) for row in [header, *body]), default=0)
    if not columns:
        return []
    empty: Cell = ()
    cells = [[*row, *([empty] * (columns - len(row)))] for row in [header, *body]]
    room = width - _GAP * (columns - 1)
    if room < columns * _NARROWEST:
        return _records(cells, width)
    widths = _fit(
        [max(row_width(row[i]) for row in cells) for i in range(columns)],
        [max(longest(row[i]) for row in cells) for i in range(columns)],
        room,
    )
    numeric = [len(cells) > 1 and _numbers([row[i] for row in cells[1:]]) for i in range(columns)]
    # Where cells take several lines, space must part the rows.
    airy = any(row_width(cell) > size for row in cells[1:] for cell, size in zip(row, widths, strict=True))
    rows: list[Row] = []
    for number, row in enumerate(cells):
        if airy and number > 1:
            rows.append(())
        parts = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
        rows += [_line(parts, y, widths, numeric) for y in range(max(1, *(len(part) for part in parts)))]
        if number == 0:
            rows.append((Run("⠒" * (sum(widths) + _GAP * (columns - 1)), "table-rule"),))
    return rows


def _line(parts: Sequence[Sequence[Row]], y: int, widths: Sequence[int], numeric: Sequence[bool]) -> Row:
    line: list[Run] = []
    blank = 0
    for part, size, right in zip(parts, widths, numeric, strict=True):
        piece = part[y] if y < len(part) else ()
        pad = size - row_width(piece)
        before = blank + (pad if right else 0)
        if piece:
            if before:
                line.append(Run(" " * before))
            line += piece
            blank = (0 if right else pad) + _GAP
        else:
            blank += size + _GAP
    return tuple(line)


def _fit(wanted: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """Take columns from the widest until all fit, words last.

    Args:
        wanted: Width of each column's longest cell.
        whole: Width of each column's longest word.
        room: What they may take together.
    """
    widths = [max(1, size) for size in wanted]
    for floors in ([max(_NARROWEST, size) for size in whole], [_NARROWEST] * len(widths)):
        while sum(widths) > room:
            loose = [i for i, size in enumerate(widths) if size > floors[i]]
            if not loose:
                break
            widths[max(loose, key=lambda i: widths[i])] -= 1
    return widths


def _records(cells: Sequence[Sequence[Cell]], width: int) -> list[Row]:
    """Each row as lines ``head: cell``."""
    rows: list[Row] = []
    for line in cells[1:] or cells[:1]:
        if rows:
            rows.append(())
        for head, cell in zip(cells[0], line, strict=True):
            name = [*head, Run(": ", "table-head")] if head and line is not cells[0] else []
            rows += wrap([*name, *cell], width, indent=2)
    return rows


def _numbers(column: Sequence[Cell]) -> bool:
    texts = ["".join(run.text for run in cell).strip() for cell in column]
    filled = [text for text in texts if text not in ("", "-", "–", "—")]
    return bool(filled) and all(_NUMBER.fullmatch(text) for text in filled)
