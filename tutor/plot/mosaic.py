"""Levels of heat as rows of cells: coloured ground, half blocks or braille densities, with a cursor."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutor.plot import heat
from tutor.plot.cells import Row, Run

Mode = Literal["solid", "dots"]
"""``solid``: coloured ground; ``dots``: denser braille for stronger values, for screens with few or no colours."""


def whole(picked: NDArray[np.uint8], cell: int, cursor: tuple[int, int] | None, mode: Mode) -> list[Row]:
    """Draw cells of one or more characters each, equal neighbours joined.

    Args:
        picked: ``(rows, cols)`` from `heat.levels`.
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
    levels = np.frombuffer(picked, dtype=np.uint8).reshape(-1, columns)
    return tuple(_line(line, cell, None, mode) for line in levels)


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


def _stretch(level: int, count: int, cell: int, mode: Mode) -> tuple[Run, ...]:
    if not count:
        return ()
    if mode == "solid":
        return (heat.solid(level, count * cell, cell),)
    return (heat.dotted(level, count * cell, cell),)


def _cursor_cell(level: int, cell: int, mode: Mode) -> Run:
    text = "[" + " " * (cell - 2) + "]" if cell > 1 else "+"
    if mode == "dots" or level == heat.HOLE:
        return Run(text, "cursor", bold=True)
    return Run(text, heat.ink_on(level), heat.ROLES[level], bold=True)


def halves(picked: NDArray[np.uint8], cursor: tuple[int, int] | None) -> list[Row]:
    """Draw characters that hold two cells each, one above the other; an odd last row has a hole below.

    Args:
        picked: ``(rows, cols)`` from `heat.levels`.
        cursor: Row and column of the cell to mark.
    """
    if picked.shape[0] % 2:
        picked = np.vstack([picked, np.full((1, picked.shape[1]), heat.HOLE, dtype=np.uint8)])
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
                runs.append(heat.halves(upper, lower, stop - start))
        rows.append(tuple(runs))
    return rows


def _cursor_half(upper: int, lower: int, *, is_upper: bool) -> Run:
    other = lower if is_upper else upper
    return Run("▀" if is_upper else "▄", "cursor", "" if other == heat.HOLE else heat.ROLES[other], bold=True)
