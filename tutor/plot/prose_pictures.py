"""Pictures of fences inside prose: strips of tokens, boxes and arrows, small curves.

``tokens`` are chips on grounds with numbers under them; ``flow`` are chains of boxes, ``blocks`` rows of boxes and loops around
them; a ``curve`` has points with error bars on axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len

from tutor.fences import Box, Chip, Curve, Level, Loop, Part, Strip
from tutor.frames import Axis
from tutor.plot import heat
from tutor.plot.axis import axis_range
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.fit import fit, fit_row, shortened
from tutor.plot.lines import INKS, SERIES
from tutor.plot.sheet import SIGNS, Plane, legend
from tutor.plot.wrap import wrap

_BRIGHT = 9
"""From this level of the ramp on, ink in the colour of the ground is readable, in dark and light themes alike."""
_EDGES = {"": "  ", "?": "[]", "~": "()", "!": "✗ "}
"""What stands before and after a token, so that its kind is seen without colour."""
_LOOKS = {"": ("token", "chip"), "?": ("token-hidden", "select"), "~": ("faint", ""), "!": ("bad", "chip")}
_GAP = 2
_ROOM = 10
"""Columns that chips need beside a label; with fewer, the label stands above them."""


def draw_tokens(strips: Sequence[Strip], width: int) -> list[Row]:
    """Draw strips; tokens of the same place stand under each other where all strips fit.

    Chips that don't fit go on under the first, and one wider than a row is cut up.
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
        if gutter:
            beside = zip_longest(label, drawn, fillvalue=())
            rows += [(*name, Run(" " * (gutter - row_width(name))), *chips) for name, chips in beside]
        else:
            rows += [*label, *drawn]
    return rows


def _edges(chip: Chip) -> str:
    """What stands before and after a token; a hidden one that brings its brackets gets no others."""
    own = chip.kind == "?" and chip.text.startswith("[") and chip.text.endswith("]")
    return _EDGES["" if own else chip.kind]


def _sizes(chips: Sequence[Chip]) -> list[int]:
    """Columns of each chip; the numbers of a strip take equally many."""
    numbers = max((len(chip.intensity) for chip in chips), default=0)
    return [max(cell_len(chip.text) + len(_edges(chip)), numbers if chip.intensity else 0) for chip in chips]


def _grid(strips: Sequence[Strip], room: int) -> list[int]:
    """The width of each place such that all strips line up; empty where they wouldn't fit."""
    places = zip_longest(*(_sizes(strip.chips) for strip in strips), fillvalue=0)
    grid = [max(sizes) for sizes in places]
    return grid if len(strips) > 1 and sum(grid) + len(grid) - 1 <= room else []


def _strip(chips: Sequence[Chip], room: int, grid: Sequence[int]) -> list[Row]:
    lines: list[list[tuple[Run, Run]]] = [[]]  # each chip's text, and the number under it
    for chip, size in zip(chips, grid or (min(room, size) for size in _sizes(chips)), strict=False):
        edges = _edges(chip) if room >= 6 else ""
        for y, part in enumerate(wrap([Run(chip.text)], max(1, size - len(edges)))):
            used = sum(upper.width + 1 for upper, _ in lines[-1])
            if lines[-1] and (y or used + size > room):
                lines.append([])
            upper = _look(chip, _centre(f"{edges[:1]}{row_text(part)}{edges[1:]}", size))
            lines[-1].append((upper, Run(_centre("" if y else chip.intensity, size), "dim")))
    numbered = any(chip.intensity for chip in chips)
    return [
        tuple(part for run in row for part in (Run(" "), run))[1:]
        for line in lines
        for row in list(zip(*line, strict=True))[: 1 + numbered]
    ]


def _look(chip: Chip, body: str) -> Run:
    ink, ground = _LOOKS[chip.kind]
    if chip.intensity and not chip.kind:
        level = round(math.sqrt(float(chip.intensity)) * (heat.LEVELS - 1))
        return Run(body, "ground" if level >= _BRIGHT else "strong", f"heat-{level}", bold=True)
    return Run(body, ink, ground, bold=chip.kind == "?")


def _centre(text: str, width: int) -> str:
    """The text in the middle, nearer to the right, where numbers end."""
    size = cell_len(text)
    if size > width:
        return fit(text, width)
    left = (width - size + 1) // 2
    return " " * left + text + " " * (width - size - left)


_NEXT = " ▸ "
"""Between two boxes side by side."""
_SIDES = ("⡇", "⢸")
"""Sides of a box in braille: box-drawing lines take two columns where ambiguous width is wide."""


def draw_flow(chains: Sequence[Sequence[Box]], width: int) -> list[Row]:
    """Draw chains from left to right where all fit, else from top to bottom; all in boxes, or none."""
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

    Boxes that don't fit side by side stand one below the other, and their texts are wrapped.
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


_WIDEST, _ROWS = 64, 9
"""Columns of a curve at most, and rows of its plot."""


def draw_curve(parsed: tuple[Axis, Axis, Sequence[Curve]], width: int) -> list[Row]:
    """Draw curves with their marks and error bars, a legend above and the axes around: that across and that up."""
    across, up, curves = parsed
    width = min(width, _WIDEST)
    ends = [curve.points[:, 1] + side * curve.points[:, 2] for curve in curves for side in (-1, 1)]
    x_axis = axis_range(across, [curve.points[:, 0] for curve in curves], 0.04)
    y_axis = axis_range(up, ends, 0.04)
    plane = Plane(_ROWS, width, x_axis, y_axis)
    for number, curve in enumerate(curves):
        ink = SERIES[number % INKS]
        plane.line(plane.places(curve.points[:, 0], curve.points[:, 1]), ink, number)
        for place, middle, half in curve.points:
            if half:
                bar = plane.places([place] * 3, [middle - half, middle, middle + half])
                plane.line(bar, ink)
    for number, curve in enumerate(curves):
        for row, column in plane.cells(plane.places(curve.points[:, 0], curve.points[:, 1])):
            plane.put(row, column, SIGNS[number % INKS], SERIES[number % INKS], bold=True)
    items = [[Run(shortened(up.label, width), "axis")]] if up.label else []
    items += [
        [Run(SIGNS[number % INKS], SERIES[number % INKS], bold=True), Run(f" {curve.label}", "legend")]
        for number, curve in enumerate(curves)
        if curve.label
    ]
    return [*legend(items, width, len(items)), *plane.framed(across.label)]
