"""Tables in aligned columns, cells wrapped; records one under the other where it is too narrow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tutor.frames import Table
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.fit import Called, as_written, fit_row, one_line
from tutor.plot.wrap import longest, wrap

Cell: TypeAlias = Sequence[Run]

_GAP = 2
_NARROWEST = 4
_NUMBER = re.compile(r"[≈~<>≤≥+\-−±]?\s?[\d.,]*\d[\d., ]*(?:[eE][+-]?\d+)?\s?[%‰×kKMGTB]?")
_NO_NUMBERS = ("", "-", "–", "—", "nan", "inf", "-inf")
"""What stands among numbers."""


def render(frame: Table, width: int, name: Called = as_written) -> list[Row]:
    """Draw a frame; its header and its texts are called by `name`, the strings in its cells are no ids."""
    return [fit_row(row, width) for row in render_table(*_told(frame, name), width)]


def natural_width(frame: Table, name: Called = as_written) -> int:
    """Return the columns in which nothing has to be wrapped."""
    header, body = _told(frame, name)
    sizes = [max(1, *map(row_width, column)) for column in zip(*_filled(header, body), strict=True)]
    return sum(sizes) + _GAP * max(0, len(sizes) - 1)


def _told(frame: Table, name: Called) -> tuple[list[Cell], list[list[Cell]]]:
    def cell(text: str, role: str) -> Cell:
        return [Run(one_line(text), role, bold=role == "table-head")] if text.strip() else []

    body = [
        [
            cell(one if isinstance(one, str) else name(one), "value" if at else "label")
            for at, one in enumerate(row)
        ]
        for row in frame.rows
    ]
    return [cell(name(one), "table-head") for one in frame.header], body


def render_table(header: Sequence[Cell], body: Sequence[Sequence[Cell]], width: int) -> list[Row]:
    """Draw a table in at most so many columns; short rows are filled up, and columns of numbers stand to the right.

    A row of a single cell goes across all columns: it heads those below it.
    """
    cells = _filled(header, body)
    columns = len(cells[0])
    heads = {number: row[0] for number, row in enumerate(body, 1) if len(row) == 1 < columns}
    for number in heads:
        cells[number] = [()] * columns
    if not columns:
        return []
    room = width - _GAP * (columns - 1)
    if room < columns * _NARROWEST:
        return _records(cells, heads, width)
    widths = _fit(
        [max(map(row_width, column)) for column in zip(*cells, strict=True)],
        [max(map(longest, column)) for column in zip(*cells, strict=True)],
        room,
    )
    numeric = [_numbers(column) for column in zip(*cells[1:], strict=True)] or [False] * columns
    # Where cells take several lines, space must part the rows.
    airy = any(row_width(cell) > size for row in cells[1:] for cell, size in zip(row, widths, strict=True))
    rows: list[Row] = []
    for number, row in enumerate(cells):
        if airy and number > 1:
            rows.append(())
        if number in heads:
            rows += wrap(heads[number], width) or [()]
            continue
        parts = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
        rows += [_line(parts, y, widths, numeric) for y in range(max(1, *(len(part) for part in parts)))]
        if number == 0:
            # Of braille dots: box-drawing lines take two columns where ambiguous width is wide.
            rows.append((Run("⠒" * (sum(widths) + _GAP * (columns - 1)), "table-rule"),))
    return rows


def _filled(header: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """All rows, equally long."""
    columns = max(len(row) for row in (header, *body))
    return [[*row, *[()] * (columns - len(row))] for row in (header, *body)]


def _line(parts: Sequence[Sequence[Row]], y: int, widths: Sequence[int], numeric: Sequence[bool]) -> Row:
    line: list[Run] = []
    for part, size, right in zip(parts, widths, numeric, strict=True):
        piece = part[y] if y < len(part) else ()
        pad = Run(" " * (size - row_width(piece)))
        line += [Run(" " * _GAP), *((pad, *piece) if right else (*piece, pad))]
    while line and not line[-1].text.strip():
        line.pop()
    return tuple(line[1:])


def _fit(wanted: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """Take columns from the widest until all fit in a room, words last. `whole` are the widths of their longest words."""
    widths = [max(1, size) for size in wanted]
    for floors in ([max(_NARROWEST, size) for size in whole], [_NARROWEST] * len(widths)):
        while sum(widths) > room:
            loose = [i for i, size in enumerate(widths) if size > floors[i]]
            if not loose:
                break
            widths[max(loose, key=lambda i: widths[i])] -= 1
    return widths


def _records(cells: Sequence[Sequence[Cell]], heads: Mapping[int, Cell], width: int) -> list[Row]:
    """Each row as lines ``head: cell``; one that goes across as it is."""
    rows: list[Row] = []
    for number, line in enumerate(cells[1:] or cells[:1], 1):
        if rows:
            rows.append(())
        if number in heads:
            rows += wrap(heads[number], width) or [()]
            continue
        for head, cell in zip(cells[0], line, strict=True):
            name = [*head, Run(": ", "table-head")] if head and line is not cells[0] else []
            rows += wrap([*name, *cell], width, indent=2)
    return rows


def _numbers(column: Sequence[Cell]) -> bool:
    filled = [text for cell in column if (text := row_text(cell).strip()) not in _NO_NUMBERS]
    return bool(filled) and all(_NUMBER.fullmatch(text) for text in filled)
