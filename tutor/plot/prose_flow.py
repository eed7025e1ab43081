"""Block diagrams inside prose: ``flow`` blocks as boxes and arrows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Box
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap

ROLES = ("box", "chip", "chip-ink", "dim", "arrow")
"""Every role that a flow uses."""

NEXT = " ▸ "
"""Between two boxes side by side."""
_EDGES = ("⡇", "⢸")
"""Sides of a box in braille: box-drawing lines take two columns where ambiguous width is wide."""


def draw_flow(chains: Sequence[Sequence[Box]], width: int) -> list[Row]:
    """Draw chains from left to right where all fit, else from top to bottom; all in boxes, or none.

    Args:
        chains: Boxes in order.
        width: Columns, at least 1.
    """
    edge = min((_edge(boxes, width) for boxes in chains), default=0)
    rows: list[Row] = []
    for boxes in chains:
        if rows:
            rows.append(())
        rows += _across(boxes, edge) if edge else _down(boxes, width)
    return rows


def _edge(boxes: Sequence[Box], width: int) -> int:
    """Columns at either side of a box with which a chain fits from left to right; 0 when it doesn't."""
    arrows = len(NEXT) * (len(boxes) - 1)
    fitting = (edge for edge in (2, 1) if sum(box_width(box) + 2 * edge for box in boxes) + arrows <= width)
    return next(fitting, 0)


def _across(boxes: Sequence[Box], edge: int) -> list[Row]:
    texts = [[box.name for box in boxes]]
    if any(box.note for box in boxes):
        texts.append([box.note for box in boxes])
    rows: list[Row] = []
    for y, line in enumerate(texts):
        row: list[Run] = []
        for i, (box, text) in enumerate(zip(boxes, line, strict=True)):
            if i:
                row.append(Run(NEXT if y == 0 else " " * len(NEXT), "arrow", bold=True))
            row += side_by_side(
                Run(text, "dim" if y else "chip-ink", "chip", bold=not y), box_width(box), edge
            )
        rows.append(tuple(row))
    return rows


def _down(boxes: Sequence[Box], width: int) -> list[Row]:
    edge = 2 if width >= 8 else 0
    size = max(1, min(max(box_width(box) for box in boxes), width - 2 * edge))
    rows: list[Row] = []
    for i, box in enumerate(boxes):
        if i:
            rows.append((Run(" " * ((size + 2 * edge - 1) // 2)), Run("▾", "arrow", bold=True)))
        texts = [Run(box.name, "chip-ink", "chip", bold=True), Run(box.note, "dim", "chip")]
        for text in texts:
            for line in wrap([text], size):
                if row_width(line) <= size:
                    whole = "".join(run.text for run in line)
                    rows.append(tuple(side_by_side(Run(whole, text.fg, text.bg, text.bold), size, edge)))
                else:  # a wide character in one column
                    rows.append(line)
    return rows


def box_width(box: Box) -> int:
    """Columns of its texts."""
    return max(cell_len(box.name), cell_len(box.note))


def side_by_side(text: Run, size: int, edge: int) -> list[Run]:
    """A line of a box: centred text between sides of `edge` columns, 0 to 2."""
    body = Run(fit(text.text, size, "center"), text.fg, text.bg, text.bold)
    if edge == 2:
        left, right = Run(_EDGES[0], "box", "chip"), Run(_EDGES[1], "box", "chip")
        return [left, Run(" ", "", "chip"), body, Run(" ", "", "chip"), right]
    blank = Run(" ", "", "chip")
    return [blank, body, blank] if edge else [body]
