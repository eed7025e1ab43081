"""Tables inside prose: columns aligned by display width, cells wrapped where they don't fit."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap

_GAP = 2
_NARROWEST = 4


def render_table(
    header: Sequence[Sequence[Run]], body: Sequence[Sequence[Sequence[Run]]], width: int
) -> list[Row]:
    """Draw a table.

    Args:
        header: The runs of each head cell.
        body: Rows of cells of runs.
        width: Columns there are.
    """
    columns = max([len(header), *(len(row) for row in body)], default=0)
    if not columns:
        return []
    cells = [[*row, *([[]] * (columns - len(row)))] for row in [header, *body]]
    widths = _fit(
        [max(row_width(row[i]) for row in cells) for i in range(columns)], width - _GAP * (columns - 1)
    )
    numeric = [all(_is_number(row[i]) for row in cells[1:]) and len(cells) > 1 for i in range(columns)]
    rows: list[Row] = []
    for number, row in enumerate(cells):
        lines = [wrap(cell, size) or [()] for cell, size in zip(row, widths, strict=True)]
        for y in range(max(len(cell) for cell in lines)):
            out: list[Run] = []
            for i, cell in enumerate(lines):
                piece = cell[y] if y < len(cell) else ()
                pad = Run(" " * max(0, widths[i] - row_width(piece)))
                gap = [Run(" " * _GAP)] if i else []
                out += [*gap, pad, *piece] if numeric[i] else [*gap, *piece, pad]
            rows.append(tuple(out))
        if number == 0:
            rows.append((Run("⠒" * min(width, sum(widths) + _GAP * (columns - 1)), "table-rule"),))
    return rows


def _fit(wanted: list[int], room: int) -> list[int]:
    """Take from the widest column until all fit."""
    widths = [max(1, size) for size in wanted]
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _is_number(cell: Sequence[Run]) -> bool:
    text = "".join(run.text for run in cell).strip()
    return (
        bool(text)
        and text[0] in "0123456789+-−.≈~"
        and any(char.isdigit() for char in text)
        and len(text) < 14
    )
