"""Token strips inside prose: ``tokens`` blocks, chips on grounds with numbers under them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Chip, Strip
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap

_LEVELS = 16
_BRIGHT = 9
"""From this level of the ramp on, ink in the colour of the ground is readable, in dark and light themes alike."""

ROLES = (
    "token", "token-hidden", "token-label", "chip", "select", "faint", "bad", "dim", "ground", "strong",
    *(f"heat-{level}" for level in range(_LEVELS)),
)  # fmt: skip
"""Every role that token strips use."""

_EDGES = {"": "  ", "?": "[]", "~": "()", "!": "✗ "}
"""What stands before and after a token, so that its kind is seen without colour."""
_LOOKS = {"": ("token", "chip"), "?": ("token-hidden", "select"), "~": ("faint", ""), "!": ("bad", "chip")}
_GAP = 2
_ROOM = 10
"""Columns that chips need beside a label; with fewer, the label stands above them."""


def draw_tokens(strips: Sequence[Strip], width: int) -> list[Row]:
    """Draw strips; tokens of the same place stand under each other where all strips fit.

    Args:
        strips: Labels and tokens.
        width: Columns, at least 1. Chips that don't fit go on under the first, and one wider than a row is cut up.
    """
    gutter = max((cell_len(strip.label) for strip in strips), default=0)
    gutter = min(gutter, max(4, width // 3)) + _GAP if gutter else 0
    if width - gutter < _ROOM:
        gutter = 0
    room = max(1, width - gutter)
    grid = _grid(strips, room)
    rows: list[Row] = []
    for strip in strips:
        drawn = _strip(strip.chips, room, grid)
        label = wrap([Run(strip.label, "token-label")], gutter - _GAP if gutter else width)
        if not gutter:
            rows += [*label, *drawn]
            continue
        for y in range(max(len(label), len(drawn))):
            name = label[y] if y < len(label) else ()
            chips = drawn[y] if y < len(drawn) else ()
            rows.append((*name, Run(" " * (gutter - row_width(name))), *chips))
    return rows


def _edges(chip: Chip) -> str:
    """What stands before and after a token; a hidden one that brings its brackets gets no others."""
    own = chip.kind == "?" and chip.text.startswith("[") and chip.text.endswith("]")
    return _EDGES["" if own else chip.kind]


def _size(chip: Chip, numbers: int) -> int:
    return max(cell_len(chip.text) + len(_edges(chip)), numbers if chip.intensity else 0)


def _numbers(chips: Sequence[Chip]) -> int:
    """Columns of the longest number."""
    return max((len(chip.intensity) for chip in chips), default=0)


def _grid(strips: Sequence[Strip], room: int) -> list[int]:
    """The width of each place such that all strips line up; empty where they wouldn't fit."""
    if len(strips) < 2:
        return []
    sizes = [[_size(chip, _numbers(strip.chips)) for chip in strip.chips] for strip in strips]
    places = max(len(line) for line in sizes)
    grid = [max(line[i] for line in sizes if i < len(line)) for i in range(places)]
    return grid if sum(grid) + places - 1 <= room else []


def _strip(chips: Sequence[Chip], room: int, grid: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    upper: list[Run] = []
    lower: list[Run] = []
    numbers = _numbers(chips)

    def close() -> None:
        rows.append(tuple(upper))
        if numbers:
            rows.append(tuple(lower))
        upper.clear()
        lower.clear()

    for place, chip in enumerate(chips):
        size = grid[place] if grid else min(room, _size(chip, numbers))
        edges = _edges(chip) if room >= 6 else ""
        inner = max(1, size - len(edges))
        for y, part in enumerate(wrap([Run(chip.text)], inner)):
            text = row_text(part)
            if upper and (y or row_width(upper) + 1 + size > room):
                close()
            if upper:
                upper.append(Run(" "))
                lower.append(Run(" "))
            upper.append(_look(chip, _centre(f"{edges[:1]}{text}{edges[1:]}", size)))
            lower.append(Run(_centre(chip.intensity if y == 0 else "", size), "dim"))
    if upper:
        close()
    return rows


def _look(chip: Chip, body: str) -> Run:
    ink, ground = _LOOKS[chip.kind]
    if chip.intensity and not chip.kind:
        level = round(math.sqrt(float(chip.intensity)) * (_LEVELS - 1))
        return Run(body, "ground" if level >= _BRIGHT else "strong", f"heat-{level}", bold=True)
    return Run(body, ink, ground, bold=chip.kind == "?")


def _centre(text: str, width: int) -> str:
    """The text in the middle, nearer to the right, where numbers end."""
    size = cell_len(text)
    if size > width:
        return fit(text, width)
    left = (width - size + 1) // 2
    return " " * left + text + " " * (width - size - left)
