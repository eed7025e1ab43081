"""How strong a value shows: levels of heat, one-sided or about 0, and rows of cells in them: coloured, half blocks or braille."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Scale
from tutor.plot.cells import Row, Run
from tutor.plot.trace import BRAILLE

Mode = Literal["solid", "dots"]
"""``solid``: coloured ground; ``dots``: denser braille for stronger values, for screens with few or no colours."""

LEVELS = 16
"""Levels of heat: roles ``heat-0`` (nothing) … ``heat-15``, each used both as ink and as ground."""

HOLE = LEVELS
"""The level of a value that isn't there (NaN: a masked pair)."""

SIDE = 7
"""Levels to each side of 0 on a signed scale."""

ZERO = HOLE + 1 + SIDE
"""The level of 0 on a signed scale: negative values are just below it, positive ones above."""

ROLES = (
    *(f"heat-{level}" for level in range(LEVELS)),
    "heat-hole",
    *(f"signed-{level}" for level in range(2 * SIDE + 1)),
)
"""Role of each level: `HOLE`, then those of a signed scale, last."""

DOTS, DOTS_BELOW = "heat-dots", "heat-dots-below"
"""The inks of densities, of braille and of what is below 0: the dark end of a ramp would hide them."""

HOLE_GLYPH = "⋅"

BELOW = ("-", "=", "#")
"""Glyphs of negative values, weak to strong; positive ones are braille, so that the sign shows without colour."""

_DOT_ORDER = (0x40, 0x08, 0x04, 0x20, 0x02, 0x10, 0x80, 0x01)
"""The dots of a braille cell in the order in which they light up as it gets denser: spread out, never clustered."""


def scale_top(values: NDArray[np.floating], scale: Scale = "sqrt") -> float:
    """Return the value of the strongest level: the largest there is, rounded up to 1, 2 or 5 times a power of ten.

    Rounded, so that the scale rests while a run goes on and pictures of one scale can be compared. Shares (the square root is for
    them) end at .1 at least.
    """
    sizes = np.abs(values.astype(np.float64)) if scale == "signed" else values.astype(np.float64)
    high = float(np.max(sizes, initial=0.1 if scale == "sqrt" else 0.0, where=np.isfinite(sizes)))
    if high <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(high))
    # The values are of half precision: one that is .2 there is not .2.
    return next(
        top for factor in (1, 2, 5, 10, 20) if (top := float(f"{factor * power:.6g}")) >= high * 0.999
    )


def levels(values: NDArray[np.floating], top: float, scale: Scale = "sqrt") -> NDArray[np.uint8]:
    """Return the level of each value.

    On the square root, ``round(15 * sqrt(value / top))``: attention weights sum to 1 over a row, so that with 24 tokens an even
    spread is .04 each, which on a linear scale would be the same black as zero. It gives half of the levels to the lowest quarter
    of the values.

    Args:
        values: Any shape; NaN becomes `HOLE`, values out of range the nearest level.
        top: The value of the highest level, above 0; on a signed scale its negative is that of the lowest.
        scale: How values become levels.

    Returns:
        The same shape: 0..15, or on a signed scale `ZERO` - `SIDE` .. `ZERO` + `SIDE`; or `HOLE`.
    """
    holes = np.isnan(values)
    low = -top if scale == "signed" else 0.0
    wide = np.where(holes, 0, values).clip(values.dtype.type(low), values.dtype.type(top))
    shares = np.clip(wide.astype(np.float32) / np.float32(top), -1.0, 1.0)
    if scale == "signed":
        shares = shares * SIDE + ZERO
    elif scale == "linear":
        shares = shares * (LEVELS - 1)
    else:
        shares = np.sqrt(shares) * (LEVELS - 1)
    result: NDArray[np.uint8] = np.rint(shares).astype(np.uint8)
    result[holes] = HOLE
    return result


def middle(top: float, scale: Scale) -> float:
    return {"linear": top / 2, "sqrt": top / 4, "signed": 0.0}[scale]


def ink_on(level: int) -> str:
    """Return the ink that is readable on the ground of a level: the other end of its ramp, as no one ink could be on all."""
    if level > HOLE:
        strong = abs(level - ZERO) > SIDE // 2
        return ROLES[ZERO] if strong else ROLES[ZERO - SIDE if level < ZERO else ZERO + SIDE]
    return "heat-0" if level >= LEVELS // 2 else "heat-15"


def density(level: int, dots: int) -> str:
    """Draw a level as glyphs: the stronger, the denser.

    Args:
        level: 0..15, or one of a signed scale.
        dots: 8 for one character, 16 for two.

    Returns:
        One or two characters; blank at nothing, full at the end. Below 0 they are `BELOW`, else braille.
    """
    cells = dots // 8
    share = level / (LEVELS - 1) if level < HOLE else (level - ZERO) / SIDE
    if share < 0:
        return BELOW[math.ceil(-share * len(BELOW)) - 1] * cells
    lit = round(share * dots)
    shares = [lit // cells + (lit % cells > cell) for cell in range(cells)]
    return "".join(chr(BRAILLE + sum(_DOT_ORDER[:share])) if share else " " for share in shares)


@lru_cache(maxsize=8192)
def solid(level: int, columns: int, cell: int = 1) -> Run:
    """Draw a stretch of ground in one level, each cell below 0 with a sign on it. Shared: a picture has thousands, of few kinds."""
    if level == HOLE:
        return Run((HOLE_GLYPH + " ") * (columns // 2) + HOLE_GLYPH * (columns % 2), "heat-hole")
    if HOLE < level < ZERO:
        return Run("-".center(cell) * (columns // cell), ink_on(level), ROLES[level])
    return Run(" " * columns, bg=ROLES[level])


@lru_cache(maxsize=8192)
def dotted(level: int, columns: int, cell: int) -> Run:
    """Draw a stretch of density in one level, `columns` in all; each `cell` columns start their glyphs anew."""
    if level == HOLE:
        return Run((HOLE_GLYPH + " " * (cell - 1)) * (columns // cell), "heat-hole")
    role = DOTS_BELOW if HOLE < level < ZERO else DOTS
    if cell == 1:
        return Run(density(level, 8) * columns, role)
    return Run(density(level, 16) * (columns // 2), role)


def whole(picked: NDArray[np.uint8], cell: int, cursor: tuple[int, int] | None, mode: Mode) -> list[Row]:
    """Draw cells of one or more characters each, equal neighbours joined.

    Args:
        picked: ``(rows, cols)`` from `levels`.
        cell: Columns of a cell: 1, or an even number. It takes half as many rows, at least one.
        cursor: Row and column of the cell to mark.
        mode: By colour or by density of dots.
    """
    tall = max(1, cell // 2)
    lines = list(_plain(picked.tobytes(), picked.shape[1], cell, mode))
    if cursor is not None and 0 <= cursor[0] < len(lines):
        lines[cursor[0]] = _line(picked[cursor[0]], cell, cursor[1], mode)
    return [line for line in lines for _ in range(tall)]


@lru_cache(maxsize=16)  # a cursor moves over the same cells many times before the next frame comes
def _plain(picked: bytes, columns: int, cell: int, mode: Mode) -> tuple[Row, ...]:
    """All lines without a cursor, from the bytes of ``(rows, columns)`` levels."""
    lines = np.frombuffer(picked, dtype=np.uint8).reshape(-1, columns)
    return tuple(_line(line, cell, None, mode) for line in lines)


def _line(line: NDArray[np.uint8], cell: int, under: int | None, mode: Mode) -> Row:
    runs: list[Run] = []
    starts = np.flatnonzero(np.diff(line, prepend=255)).tolist()
    for start, stop in zip(starts, [*starts[1:], line.size], strict=True):
        level = int(line[start])
        if under is not None and start <= under < stop:
            runs += _stretch(level, under - start, cell, mode)
            runs.append(_cursor_cell(level, cell, mode))
            runs += _stretch(level, stop - under - 1, cell, mode)
        else:
            runs += _stretch(level, stop - start, cell, mode)
    return tuple(runs)


def _stretch(level: int, count: int, cell: int, mode: Mode) -> list[Run]:
    drawn = solid if mode == "solid" else dotted
    return [drawn(level, count * cell, cell)] if count else []


def _cursor_cell(level: int, cell: int, mode: Mode) -> Run:
    text = "[" + " " * (cell - 2) + "]" if cell > 1 else "+"
    if mode == "dots" or level == HOLE:
        return Run(text, "cursor", bold=True)
    return Run(text, ink_on(level), ROLES[level], bold=True)


def halves(picked: NDArray[np.uint8], cursor: tuple[int, int] | None) -> list[Row]:
    """Draw ``(rows, cols)`` levels, two cells to a character, one above the other; an odd last row has a hole below."""
    if picked.shape[0] % 2:
        picked = np.vstack([picked, np.full((1, picked.shape[1]), HOLE, dtype=np.uint8)])
    pairs = picked[0::2].astype(np.int64) * 32 + picked[1::2]
    rows: list[Row] = []
    for place, line in enumerate(pairs):
        starts = np.flatnonzero(np.diff(line, prepend=-1)).tolist()
        under = cursor[1] if cursor and cursor[0] // 2 == place else None
        if under is not None:
            starts = sorted({*starts, under, *([under + 1] if under + 1 < line.size else [])})
        runs = []
        codes = line.tolist()
        for start, stop in zip(starts, [*starts[1:], line.size], strict=True):
            upper, lower = divmod(codes[start], 32)
            if start == under and cursor:
                runs.append(_cursor_half(upper, lower, is_upper=cursor[0] % 2 == 0))
            else:
                runs.append(_half_blocks(upper, lower, stop - start))
        rows.append(tuple(runs))
    return rows


def _cursor_half(upper: int, lower: int, *, is_upper: bool) -> Run:
    other = lower if is_upper else upper
    return Run("▀" if is_upper else "▄", "cursor", "" if other == HOLE else ROLES[other], bold=True)


@lru_cache(maxsize=32768)
def _half_blocks(upper: int, lower: int, columns: int) -> Run:
    """Draw cells with one level in the upper and one in the lower half; a hole shows the plain ground."""
    if upper == lower:
        return solid(upper, columns)
    if upper == HOLE:
        return Run("▄" * columns, ROLES[lower])
    return Run("▀" * columns, ROLES[upper], "" if lower == HOLE else ROLES[lower])
