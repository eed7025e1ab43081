"""Text cut into tokens, each on the ground of its intensity or kind, intensity also as density of dots below."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.frames import TokenKind, Tokens
from tutor.plot import heat
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit_row, shortened, visible

INKS: dict[TokenKind, tuple[str, str]] = {
    "text": ("token", "chip"),
    "byte": ("token-byte", "chip"),
    "new": ("token-new", "token-new-ground"),
    "mark": ("token-mark", "chip"),
    "pad": ("token-pad", ""),
}
"""Ink and ground of a token without intensity, by its kind."""

ROLES = (*heat.ROLES, heat.DOTS, *{role for pair in INKS.values() for role in pair if role})
"""Every role that tokens use."""


def render(frame: Tokens, width: int) -> list[Row]:
    """Draw tokens side by side; after a token that ends a line the next opens a new row.

    Args:
        frame: Tokens, their intensities (NaN for none) and kinds.
        width: Columns of the box, at least 1. A token wider than that is shortened.

    Returns:
        Two rows for each line of tokens, `width` wide: the tokens, and their intensity in braille; only the first if no token has any.
    """
    if width < 1:
        return []
    count = len(frame.tokens)
    shares = np.array(
        [*frame.intensity[:count], *[math.nan] * (count - len(frame.intensity))], dtype=np.float64
    )
    measured = bool((~np.isnan(shares)).any())
    picked = heat.levels(shares, 1.0).tolist()

    rows: list[Row] = []
    above: list[Run] = []
    below: list[Run] = []
    used = 0

    def flush() -> None:
        nonlocal used
        rows.append(fit_row(above, width))
        if measured:
            rows.append(fit_row(below, width))
        above.clear()
        below.clear()
        used = 0

    kinds = kinds_of(frame)
    for token, level, kind in zip(frame.tokens, picked, kinds, strict=True):
        text = visible(token) or "∅"
        text = shortened(text, width)
        size = cell_len(text)
        gap = 1 if used else 0
        if used and used + gap + size > width:
            flush()
            gap = 0
        if gap:
            above.append(Run(" "))
            below.append(Run(" "))
        above.append(_chip(text, level, kind))
        below.append(_meter(size, level))
        used += gap + size
        if "\n" in token:
            flush()
    if used:
        flush()
    return rows


def kinds_of(frame: Tokens) -> list[TokenKind]:
    missing: list[TokenKind] = ["text"] * (len(frame.tokens) - len(frame.kinds))
    return [*frame.kinds[: len(frame.tokens)], *missing]


def _chip(text: str, level: int, kind: TokenKind) -> Run:
    if level == heat.HOLE:
        ink, ground = INKS[kind]
        return Run(text, ink, ground, bold=kind in ("new", "mark"))
    return Run(text, heat.ink_on(level), heat.ROLES[level])


def _meter(size: int, level: int) -> Run:
    return Run(" " * size) if level == heat.HOLE else heat.dotted(level, size, 1)
