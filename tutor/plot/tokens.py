"""Text cut into tokens, each on the ground of its intensity or kind, and strips of them: sentences that flow, batches as grids."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.frames import Strip, Strips, TokenKind, Tokens
from tutor.plot import heat
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import Called, as_written, fit, fit_row, head, one_line, shortened, visible
from tutor.plot.wrap import wrap

_INKS: dict[TokenKind, tuple[str, str]] = {
    "text": ("token", "chip"),
    "byte": ("token-byte", "chip"),
    "new": ("token-new", "token-new-ground"),
    "mark": ("token-mark", "chip"),
    "pad": ("token-pad", ""),
}
"""Ink and ground of a token without intensity, by its kind."""
_OTHER_GROUND = "select"
"""Ground of every other text in a batch, so that one sees where each ends."""
_WIDEST_CELL = 6
"""Columns that a place of a batch takes at most."""
_FULL = "⣿"
"""Stands in a place that is too narrow for any of its token."""


def render(frame: Tokens, width: int) -> list[Row]:
    """Draw tokens side by side; after a token that ends a line the next opens a new row.

    Below each row of tokens stand their intensities as density of dots, unless none has any.
    """
    count = len(frame.tokens)
    shares = np.array([*frame.intensity, *[math.nan] * count][:count], dtype=np.float64)
    measured = not np.isnan(shares).all()
    lines: list[list[tuple[Run, Run]]] = [[]]
    used = 0
    for token, level, kind in zip(
        frame.tokens, heat.levels(shares, 1.0).tolist(), _kinds(frame), strict=True
    ):
        text = shortened(visible(token) or "∅", width)
        size = cell_len(text)
        if lines[-1] and used + size > width:
            lines.append([])
            used = 0
        if level == heat.HOLE:
            chip = Run(text, *_INKS[kind], bold=kind in ("new", "mark"))
            lines[-1].append((chip, Run(" " * size)))
        else:
            chip = Run(text, heat.ink_on(level), heat.ROLES[level])
            lines[-1].append((chip, heat.dotted(level, size, 1)))
        used += size + 1
        if "\n" in token:
            lines.append([])
            used = 0
    return [
        fit_row([part for run in row for part in (Run(" "), run)][1:], width)
        for line in lines
        for row in list(zip(*line, strict=True))[: 1 + measured]
    ]


def _kinds(frame: Tokens) -> list[TokenKind]:
    missing: list[TokenKind] = ["text"] * len(frame.tokens)
    return [*frame.kinds, *missing][: len(frame.tokens)]


def render_strips(frame: Strips, width: int, name: Called = as_written) -> list[Row]:
    """Draw every strip under its name and its facts."""
    rows: list[Row] = []
    for strip in frame.items:
        rows += _heading(strip, width, name)
        indent = 1 if width > 8 else 0
        rows += (
            _grid(strip, width)
            if strip.columns > 0
            else [(Run(" " * indent), *row) for row in render(strip.tokens, width - indent)]
        )
    return [fit_row(row, width) for row in rows]


def _heading(strip: Strip, width: int, name: Called) -> list[Row]:
    """What the strip is, and the numbers about it, in one row where they fit."""
    title = Run(f" {one_line(name(strip.label))}", "heading")
    facts: list[Run] = []
    for label, value in strip.facts:
        facts += [
            Run("   " if facts else "  "),
            Run(one_line(value), "strong"),
            Run(f" {one_line(name(label))}", "fact"),
        ]
    if row_width([title, *facts]) <= width:
        return [(title, *facts)]
    return [(title,), *wrap(facts, width, indent=2)]


def _grid(strip: Strip, width: int) -> list[Row]:
    """The places of a batch, row by row, all equally wide; each shows how its token begins."""
    count = -(-len(strip.tokens.tokens) // strip.columns)
    gutter = len(str(count)) + 2
    cell = max(1, min(_WIDEST_CELL, (width - gutter) // strip.columns))
    places = list(zip(strip.tokens.tokens, _kinds(strip.tokens), strict=True))
    rows: list[Row] = []
    ended = 0
    for number in range(count):
        row = [Run(f"{number + 1:>{gutter - 1}} ", "axis")]
        for token, kind in places[number * strip.columns : (number + 1) * strip.columns]:
            ink, ground = _INKS[kind]
            if ground and ended % 2:
                ground = _OTHER_GROUND
            shown = _FULL * cell if kind == "byte" and cell_len(token) > cell else _beginning(token, cell)
            row.append(Run(shown, ink, ground, bold=kind == "mark"))
            ended += kind == "mark"
        rows.append(tuple(row))
    return rows


def _beginning(token: str, cell: int) -> str:
    """As much of a token as a place has room for."""
    text = visible(token)
    room = cell - (cell > 2)
    if cell_len(text) > room and len(text) > 1:
        text = text.removeprefix("␣")  # the letters tell more
    return fit(head(text, room) or (_FULL if text else ""), cell)
