"""Token strips inside prose: ``tokens`` blocks, chips on grounds with numbers under them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

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

_INTENSITY = re.compile(r"\^([^\s^|]*)$")
_EDGES = {"": "  ", "?": "[]", "~": "()", "!": "✗ "}
"""What stands before and after a token, so that its kind is seen without colour."""
_LOOKS = {"": ("token", "chip"), "?": ("token-hidden", "select"), "~": ("faint", ""), "!": ("bad", "chip")}
_GAP = 2
_ROOM = 10
"""Columns that chips need beside a label; with fewer, the label stands above them."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A token of a strip.

    Attributes:
        text: What it says.
        kind: ``""`` plain, ``"?"`` hidden or to be predicted, ``"~"`` out of the model's sight, ``"!"`` wrong.
        intensity: A number in 0..1 as written, which stands under it; ``""`` for none.
    """

    text: str
    kind: str = ""
    intensity: str = ""

    @property
    def edges(self) -> str:
        """What stands before and after the text; a text that brings its brackets gets no others."""
        own = self.kind == "?" and self.text.startswith("[") and self.text.endswith("]")
        return _EDGES["" if own else self.kind]


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of a ``tokens`` block: its label (``""`` for none) and its tokens."""

    label: str
    chips: tuple[Chip, ...]


def parse_tokens(source: str) -> list[Strip]:
    """The strips of a ``tokens`` block: ``label :: token | ?token | token^0.5``.

    Raises:
        ValueError: With a message key: ``tokens.empty``, ``tokens.labels``, ``tokens.intensity``.
    """
    found = []
    for line in source.splitlines():
        if not line.strip():
            continue
        label, separator, rest = line.partition("::")
        if not separator:
            label, rest = "", line
        if "::" in rest:
            raise ValueError("tokens.labels")
        found.append(Strip(label.strip(), tuple(_chip(piece.strip()) for piece in rest.split(" | "))))
    return found


def _chip(piece: str) -> Chip:
    kind = piece[:1] if piece[:1] in ("?", "~", "!") else ""
    text = piece[len(kind) :]
    if not text:
        raise ValueError("tokens.empty")
    mark = _INTENSITY.search(text)
    if mark is None or not mark.start():
        return Chip(text, kind)
    try:
        value = float(mark[1])
    except ValueError:
        if re.match(r"[-+.]?\d", mark[1]):  # "2^n" is a text, "x^0.5.1" a slip
            raise ValueError("tokens.intensity") from None
        return Chip(text, kind)
    if not 0 <= value <= 1:
        raise ValueError("tokens.intensity")
    return Chip(text[: mark.start()], kind, mark[1])


def draw_tokens(strips: Sequence[Strip], width: int) -> list[Row]:
    """Draw strips; tokens of the same place stand under each other where all strips fit.

    Args:
        strips: What `parse_tokens` made.
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


def _size(chip: Chip, numbers: int) -> int:
    return max(cell_len(chip.text) + len(chip.edges), numbers if chip.intensity else 0)


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
        edges = chip.edges if room >= 6 else ""
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
