"""Text cut into tokens, each on the ground of its intensity, with the same as density of dots below."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.frames import Tokens
from tutor.plot import heat
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, visible

ROLES = (*heat.ROLES, heat.DOTS, "token")
"""Every role that tokens use: ``token`` for one without intensity."""


def render(frame: Tokens, width: int) -> list[Row]:
    """Draw tokens side by side; after a token that ends a line the next opens a new row.

    Args:
        frame: Tokens and their intensities (NaN for none).
        width: Columns of the box, at least 1. A token wider than that is shortened.

    Returns:
        Two rows for each line of tokens, `width` wide: the tokens, and their intensity in braille; only the
        first if no token has any.
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

    for token, level in zip(frame.tokens, picked, strict=True):
        text = visible(token) or "∅"
        text = fit(text, min(width, cell_len(text)))
        size = cell_len(text)
        gap = 1 if used else 0
        if used and used + gap + size > width:
            flush()
            gap = 0
        if gap:
            above.append(Run(" "))
            below.append(Run(" "))
        above.append(_chip(text, level))
        below.append(_meter(size, level))
        used += gap + size
        if "\n" in token:
            flush()
    if used:
        flush()
    return rows


def _chip(text: str, level: int) -> Run:
    if level == heat.HOLE:
        return Run(text, "token")
    # The far end of the ramp can be read on any of its grounds.
    return Run(text, "heat-0" if level >= heat.LEVELS // 2 else "heat-15", heat.ROLES[level])


def _meter(size: int, level: int) -> Run:
    return Run(" " * size) if level == heat.HOLE else heat.dotted(level, size, 1)
