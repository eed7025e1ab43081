"""Strips of tokens under their names: sentences that flow, and batches as grids of places."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len

from tutor.frames import Strip, Strips
from tutor.plot import tokens
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit, fit_row, head, one_line, visible
from tutor.plot.wrap import wrap

OTHER_GROUND = "select"
"""Ground of every other text in a batch, so that one sees where each ends."""

ROLES = (*tokens.ROLES, "heading", "fact", "strong", "axis", OTHER_GROUND)
"""Every role that strips use."""

WIDEST_CELL = 6
"""Columns that a place of a batch takes at most."""

FULL = "⣿"
"""Stands in a place that is too narrow for any of its token."""


def render(frame: Strips, width: int, name: Callable[[str], str] = str) -> list[Row]:
    """Draw every strip under its name and its facts.

    Args:
        frame: The strips.
        width: Columns of the box, at least 1.
        name: What an id is called.

    Returns:
        As many rows as it takes, each `width` wide.
    """
    if width < 1:
        return []
    rows: list[Row] = []
    for strip in frame.items:
        rows += _heading(strip, width, name)
        rows += _grid(strip, width) if strip.columns > 0 else _flow(strip, width)
    return rows


def _heading(strip: Strip, width: int, name: Callable[[str], str]) -> list[Row]:
    """What the strip is, and the numbers about it, in one row where they fit."""
    title = Run(f" {one_line(name(strip.label))}", "heading")
    facts: list[Run] = []
    for label, value in strip.facts:
        facts += [
            Run("   " if facts else "  "),
            Run(one_line(value), "strong"),
            Run(f" {one_line(name(label))}", "fact"),
        ]
    if row_width([title, *facts]) <= width or not facts:
        return [fit_row([title, *facts], width)]
    return [fit_row([title], width), *(fit_row(row, width) for row in wrap(facts, width, indent=2))]


def _flow(strip: Strip, width: int) -> list[Row]:
    """Tokens side by side, moved in a little."""
    indent = 1 if width > 8 else 0
    return [fit_row((Run(" " * indent), *row), width) for row in tokens.render(strip.tokens, width - indent)]


def _grid(strip: Strip, width: int) -> list[Row]:
    """The places of a batch, row by row, all equally wide; each shows how its token begins."""
    count = -(-len(strip.tokens.tokens) // strip.columns)
    gutter = len(str(count)) + 2
    cell = max(1, min(WIDEST_CELL, (width - gutter) // strip.columns))
    places = list(zip(strip.tokens.tokens, tokens.kinds_of(strip.tokens), strict=True))
    rows: list[Row] = []
    ended = 0
    for number in range(count):
        row = [Run(f"{number + 1:>{gutter - 1}} ", "axis")]
        for token, kind in places[number * strip.columns : (number + 1) * strip.columns]:
            ink, ground = tokens.INKS[kind]
            if ground and ended % 2:
                ground = OTHER_GROUND
            shown = FULL * cell if kind == "byte" and cell_len(token) > cell else _beginning(token, cell)
            row.append(Run(shown, ink, ground, bold=kind == "mark"))
            ended += kind == "mark"
        rows.append(fit_row(row, width))
    return rows


def _beginning(token: str, cell: int) -> str:
    """As much of a token as a place has room for."""
    text = visible(token)
    room = cell - (cell > 2)
    if cell_len(text) > room and len(text) > 1:
        text = text.removeprefix("␣")  # the letters tell more
    shown = head(text, room)
    return fit(shown or (FULL if text else ""), cell)
