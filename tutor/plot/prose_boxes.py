"""Boxes and arrows inside prose: ``flow``, chains of boxes; ``blocks``, rows of boxes and loops around them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Box, Level, Loop, Part
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit, fit_row, shortened
from tutor.plot.wrap import wrap

ROLES = ("box", "chip", "chip-ink", "dim", "arrow")
"""Every role that boxes use."""

_NEXT = " ▸ "
"""Between two boxes side by side."""
_SIDES = ("⡇", "⢸")
"""Sides of a box in braille: box-drawing lines take two columns where ambiguous width is wide."""


def draw_flow(chains: Sequence[Sequence[Box]], width: int) -> list[Row]:
    """Draw chains from left to right where all fit, else from top to bottom; all in boxes, or none.

    Args:
        chains: Boxes in order.
        width: Columns, at least 1.
    """
    levels = [Level(tuple(boxes), (True,) * (len(boxes) - 1)) for boxes in chains]
    edge = next((edge for edge in (2, 1) if all(_across(level, edge) <= width for level in levels)), 0)
    rows: list[Row] = []
    for level in levels:
        if rows:
            rows.append(())
        rows += _level(level, edge) if edge else _stacked(level, width, 2 if width >= 8 else 0)
    return rows


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
    across = _across(part, 2)
    return across if across <= room else min(room, max(map(_width, part.boxes)) + 4)


def _width(box: Box) -> int:
    return max(cell_len(box.name), cell_len(box.note))


def _across(level: Level, edge: int) -> int:
    """Columns of boxes side by side with so many columns at either side of each."""
    return sum(_width(box) + 2 * edge for box in level.boxes) + len(_NEXT) * len(level.arrows)


def _column(parts: Sequence[Part], size: int) -> list[Row]:
    """Rows of exactly so many columns."""
    rows: list[Row] = []
    for at, part in enumerate(parts):
        if at:
            rows.append(_centred([Run("▾", "arrow", bold=True)], size))
        if isinstance(part, Loop):
            rows += _loop(part, size)
        else:
            fits = _across(part, 2) <= size
            drawn = _level(part, 2) if fits else _stacked(part, size, 2 if size >= 10 else 0)
            wide = max(map(row_width, drawn))
            rows += [_centred(fit_row(row, wide), size) for row in drawn]
    return rows


def _loop(loop: Loop, size: int) -> list[Row]:
    """What is repeated in a frame with its label on top."""
    if size < 10:
        label = shortened(loop.label, size)
        return [_centred([Run(label, "dim")], size), *_column(loop.parts, size)]
    label = shortened(loop.label, size - 6)
    rest = size - cell_len(label) - 6
    top = [Run("⡏⠉ ", "arrow"), Run(label, "dim", bold=True), Run(" " + "⠉" * (rest + 1) + "⢹", "arrow")]
    inside = [(Run("⡇ ", "arrow"), *row, Run(" ⢸", "arrow")) for row in _column(loop.parts, size - 4)]
    return [tuple(top), *inside, (Run("⣇" + "⣀" * (size - 2) + "⣸", "arrow"),)]


def _texts(box: Box) -> list[Run]:
    return [Run(box.name, "chip-ink", "chip", bold=True), Run(box.note, "dim", "chip")]


def _level(level: Level, edge: int) -> list[Row]:
    """Boxes side by side, their notes in a second row."""
    rows: list[Row] = []
    for line in range(2 if any(box.note for box in level.boxes) else 1):
        row: list[Run] = []
        for at, box in enumerate(level.boxes):
            if at:
                arrow = level.arrows[at - 1] and not line
                row.append(Run(_NEXT if arrow else " " * len(_NEXT), "arrow", bold=True))
            row += _boxed(_texts(box)[line], _width(box), edge)
        rows.append(tuple(row))
    return rows


def _stacked(level: Level, size: int, edge: int) -> list[Row]:
    """Boxes one below the other in at most `size` columns, an arrow or a blank row between them."""
    inner = max(1, min(size - 2 * edge, max(map(_width, level.boxes))))
    rows: list[Row] = []
    for at, box in enumerate(level.boxes):
        if at:
            sign = "▾" if level.arrows[at - 1] else " "
            rows.append((Run(" " * ((inner + 2 * edge - 1) // 2)), Run(sign, "arrow", bold=True)))
        for text in _texts(box):
            for line in wrap([text], inner) if text.text else ():
                whole = Run("".join(run.text for run in line), text.fg, text.bg, text.bold)
                rows.append(tuple(_boxed(whole, inner, edge)))
    return rows


def _boxed(text: Run, size: int, edge: int) -> list[Run]:
    """A line of a box: centred text between sides of `edge` columns, 0 to 2."""
    body = Run(fit(text.text, size, "center"), text.fg, text.bg, text.bold)
    blank = Run(" ", "", "chip")
    if edge == 2:
        return [Run(_SIDES[0], "box", "chip"), blank, body, blank, Run(_SIDES[1], "box", "chip")]
    return [blank, body, blank] if edge else [body]


def _centred(row: Sequence[Run], size: int) -> Row:
    left = max(0, (size - row_width(row)) // 2)
    return (Run(" " * left), *row, Run(" " * max(0, size - left - row_width(row))))
