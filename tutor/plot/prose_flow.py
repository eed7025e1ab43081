"""Block diagrams inside prose: ``flow`` blocks as boxes and arrows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap

ROLES = ("box", "chip", "chip-ink", "dim", "arrow")
"""Every role that a flow uses."""

_ARROW = re.compile(r"\s->\s")
NEXT = " ▸ "
"""Between two boxes side by side."""
_EDGES = ("⡇", "⢸")
"""Sides of a box in braille: box-drawing lines take two columns where ambiguous width is wide."""


@dataclass(frozen=True, slots=True)
class Box:
    """A step of a flow, and a note under its name (``""`` for none)."""

    name: str
    note: str = ""

    @property
    def size(self) -> int:
        """Columns of its texts."""
        return max(cell_len(self.name), cell_len(self.note))


def parse_flow(source: str) -> list[list[Box]]:
    """The chains of a ``flow`` block: ``box -> box (note) -> box`` a line.

    Raises:
        ValueError: With a message key: ``flow.one_box``, ``flow.empty``.
    """
    chains = []
    for line in source.splitlines():
        if not line.strip():
            continue
        pieces = _ARROW.split(f" {line} ")
        if len(pieces) < 2:
            raise ValueError("flow.one_box")
        if not all(piece.strip() for piece in pieces):
            raise ValueError("flow.empty")
        chains.append([parse_box(piece.strip()) for piece in pieces])
    return chains


def parse_box(piece: str) -> Box:
    """A box from ``name`` or ``name (note)``."""
    for opening, closing in ("()", "（）"):
        name, bracket, note = piece.partition(opening)
        if bracket and note.endswith(closing) and name.strip():
            return Box(name.strip(), note[: -len(closing)].strip())
    return Box(piece)


def draw_flow(chains: Sequence[Sequence[Box]], width: int) -> list[Row]:
    """Draw chains from left to right where all fit, else from top to bottom; all in boxes, or none.

    Args:
        chains: What `parse_flow` made.
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
    fitting = (edge for edge in (2, 1) if sum(box.size + 2 * edge for box in boxes) + arrows <= width)
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
            row += side_by_side(Run(text, "dim" if y else "chip-ink", "chip", bold=not y), box.size, edge)
        rows.append(tuple(row))
    return rows


def _down(boxes: Sequence[Box], width: int) -> list[Row]:
    edge = 2 if width >= 8 else 0
    size = max(1, min(max(box.size for box in boxes), width - 2 * edge))
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


def side_by_side(text: Run, size: int, edge: int) -> list[Run]:
    """A line of a box: centred text between sides of `edge` columns, 0 to 2."""
    body = Run(fit(text.text, size, "center"), text.fg, text.bg, text.bold)
    if edge == 2:
        left, right = Run(_EDGES[0], "box", "chip"), Run(_EDGES[1], "box", "chip")
        return [left, Run(" ", "", "chip"), body, Run(" ", "", "chip"), right]
    blank = Run(" ", "", "chip")
    return [blank, body, blank] if edge else [body]
