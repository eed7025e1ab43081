"""Block diagrams inside prose: ``blocks``, rows of boxes with arrows down and across, and loops around them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Level, Loop, Part
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.prose_flow import NEXT, box_width, side_by_side
from tutor.plot.wrap import wrap

ROLES = ("box", "chip", "chip-ink", "dim", "arrow")
"""Every role that a block diagram uses."""

_LEAST = 10
"""Columns below which boxes and loops have no sides."""


def draw_blocks(parts: Sequence[Part], width: int) -> list[Row]:
    """Draw parts from top to bottom, arrows between them, all on one axis.

    Args:
        parts: Levels and loops.
        width: Columns, at least 1. Boxes that don't fit side by side stand one below the other, and their texts are wrapped.
    """
    return _column(parts, min(width, max((_size(part, width) for part in parts), default=0)))


def _size(part: Part, room: int) -> int:
    """Columns that a part takes of the room."""
    if isinstance(part, Loop):
        inner = max(_size(one, room - 4) for one in part.parts) + 4
        return min(room, max(inner, cell_len(part.label) + 6))
    across = _across(part)
    return across if across <= room else min(room, max(box_width(box) for box in part.boxes) + 4)


def _across(level: Level) -> int:
    return sum(box_width(box) + 4 for box in level.boxes) + len(NEXT) * len(level.arrows)


def _column(parts: Sequence[Part], size: int) -> list[Row]:
    """Rows of exactly so many columns."""
    rows: list[Row] = []
    for at, part in enumerate(parts):
        if at:
            rows.append(_centred([Run("▾", "arrow", bold=True)], size))
        if isinstance(part, Loop):
            rows += _loop(part, size)
        else:
            rows += _level(part, size) if _across(part) <= size else _stacked(part, size)
    return rows


def _loop(loop: Loop, size: int) -> list[Row]:
    """What is repeated in a frame with its label on top."""
    if size < _LEAST:
        return [
            _centred([Run(fit(loop.label, min(size, cell_len(loop.label))), "dim")], size),
            *_column(loop.parts, size),
        ]
    label = fit(loop.label, min(cell_len(loop.label), size - 6))
    rest = size - cell_len(label) - 6
    top = [Run("⡏⠉ ", "arrow"), Run(label, "dim", bold=True), Run(" " + "⠉" * (rest + 1) + "⢹", "arrow")]
    inside = [(Run("⡇ ", "arrow"), *row, Run(" ⢸", "arrow")) for row in _column(loop.parts, size - 4)]
    return [tuple(top), *inside, (Run("⣇" + "⣀" * (size - 2) + "⣸", "arrow"),)]


def _level(level: Level, size: int) -> list[Row]:
    """Boxes side by side, their notes in a second row."""
    rows: list[Row] = []
    for noted in range(2 if any(box.note for box in level.boxes) else 1):
        row: list[Run] = []
        for at, box in enumerate(level.boxes):
            if at:
                arrow = level.arrows[at - 1] and not noted
                row.append(Run(NEXT if arrow else " " * len(NEXT), "arrow", bold=arrow))
            text = Run(box.note, "dim", "chip") if noted else Run(box.name, "chip-ink", "chip", bold=True)
            row += side_by_side(text, box_width(box), 2)
        rows.append(_centred(row, size))
    return rows


def _stacked(level: Level, size: int) -> list[Row]:
    """Boxes one below the other, an arrow or a blank row between them."""
    edge = 2 if size >= _LEAST else 0
    inner = max(1, min(size - 2 * edge, max(box_width(box) for box in level.boxes)))
    rows: list[Row] = []
    for at, box in enumerate(level.boxes):
        if at:
            rows.append(_centred([Run("▾" if level.arrows[at - 1] else " ", "arrow", bold=True)], size))
        for text in (Run(box.name, "chip-ink", "chip", bold=True), Run(box.note, "dim", "chip")):
            for line in wrap([text], inner) if text.text else ():
                whole = Run("".join(run.text for run in line), text.fg, text.bg, text.bold)
                rows.append(_centred(side_by_side(whole, inner, edge), size))
    return rows


def _centred(row: Sequence[Run], size: int) -> Row:
    left = max(0, (size - row_width(row)) // 2)
    return (Run(" " * left), *row, Run(" " * max(0, size - left - row_width(row))))
