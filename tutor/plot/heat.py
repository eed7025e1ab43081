"""How strong a value shows: levels of heat, and their glyphs where there is no colour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tutor.plot.cells import Run

LEVELS = 16
"""Levels of heat: roles ``heat-0`` (nothing) … ``heat-15``, each used both as ink and as ground."""

HOLE = LEVELS
"""The level of a value that isn't there (NaN: a masked pair)."""

ROLES = (*(f"heat-{level}" for level in range(LEVELS)), "heat-hole")
"""Role of each level, `HOLE` last."""

DOTS = "heat-dots"
"""The one ink of braille densities: the dark end of a ramp would hide them."""

HOLE_GLYPH = "⋅"

_TOPS = np.array([0.1, 0.2, 0.5, 1.0])

_DOT_ORDER = (0x40, 0x08, 0x04, 0x20, 0x02, 0x10, 0x80, 0x01)
"""The dots of a braille cell in the order in which they light up as it gets denser: spread out, never
clustered.
"""


def scale_top(values: NDArray[np.floating]) -> float:
    """What the strongest level stands for: the highest value, rounded up to .1, .2, .5 or 1.

    Rounded, so that the scale rests while a run goes on and pictures of one scale can be compared.
    """
    # Only to be less than infinite: frames hold shares, and whatever is above 1 is a mistake to be seen, not
    # hidden.
    high = float(np.max(values, initial=0.0, where=np.isfinite(values)))
    if high > 1.0:
        return high
    return float(_TOPS[np.searchsorted(_TOPS, high - 1e-4)])


def levels(values: NDArray[np.floating], top: float) -> NDArray[np.uint8]:
    """Level of each value: ``round(15 * sqrt(value / top))``.

    The square root because attention weights sum to 1 over a row: with 24 tokens an even spread is .04 each,
    which on a plain scale would be the same black as zero. It gives half of the levels to the lowest quarter
    of the values.

    Args:
        values: Any shape; NaN becomes `HOLE`, values out of range the nearest level.
        top: The value of the highest level, above 0.

    Returns:
        The same shape, 0..15 or `HOLE`.
    """
    holes = np.isnan(values)
    wide = np.clip(values, 0, np.asarray(top, dtype=values.dtype)).astype(np.float32)
    wide[holes] = 0
    shares = np.minimum(np.sqrt(wide / np.float32(top)), 1.0)
    result: NDArray[np.uint8] = np.rint(shares * (LEVELS - 1)).astype(np.uint8)
    result[holes] = HOLE
    return result


def density(level: int, dots: int) -> str:
    """A level as braille: the stronger, the more dots.

    Args:
        level: 0..15.
        dots: 8 for one character, 16 for two.

    Returns:
        One or two characters; blank at level 0, full at level 15.
    """
    lit = round(level * dots / (LEVELS - 1))
    cells = dots // 8
    shares = [lit // cells + (lit % cells > cell) for cell in range(cells)]
    return "".join(chr(0x2800 + sum(_DOT_ORDER[:share])) if share else " " for share in shares)


@lru_cache(maxsize=8192)
def solid(level: int, columns: int) -> Run:
    """A stretch of ground in one level. Shared: a picture has thousands, of few kinds."""
    if level == HOLE:
        return Run((HOLE_GLYPH + " ") * (columns // 2) + HOLE_GLYPH * (columns % 2), "heat-hole")
    return Run(" " * columns, bg=ROLES[level])


@lru_cache(maxsize=32768)
def halves(upper: int, lower: int, columns: int) -> Run:
    """A stretch of cells with one level in the upper and one in the lower half; a hole shows the plain
    ground.
    """
    if upper == lower:
        return solid(upper, columns)
    if upper == HOLE:
        return Run("▄" * columns, ROLES[lower])
    return Run("▀" * columns, ROLES[upper], "" if lower == HOLE else ROLES[lower])


@lru_cache(maxsize=8192)
def dotted(level: int, columns: int, cell: int) -> Run:
    """A stretch of braille density in one level.

    Args:
        level: 0..15 or `HOLE`.
        columns: Columns in all, a multiple of `cell`.
        cell: Columns of one cell, so that each starts its glyphs anew.
    """
    if level == HOLE:
        return Run((HOLE_GLYPH + " " * (cell - 1)) * (columns // cell), "heat-hole")
    if cell == 1:
        return Run(density(level, 8) * columns, DOTS)
    return Run(density(level, 16) * (columns // 2), DOTS)
