"""A band on a window: which cells it tints, or its dots where there are no tints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.plot.axis import LARGEST
from tutor.plot.lines import Shade
from tutor.plot.trace import Window, braille

_APART = 4
"""Dot columns from one dot of an edge to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """A band on a window.

    Attributes:
        top: ``(columns,)`` dot row of the upper edge in each dot column, not rounded; NaN where there is no band.
        bottom: ``(columns,)`` dot row of the lower edge.
    """

    top: NDArray[np.float64]
    bottom: NDArray[np.float64]


def extent(shade: Shade, window: Window) -> Extent:
    """Where a band lies: its edges, joined by straight lines, at each dot column."""
    if not shade.x.size:
        nothing = np.full(window.columns, np.nan)
        return Extent(nothing, nothing)
    x = np.linspace(window.x0, window.x1, window.columns)
    high, low = (
        window.row(np.interp(x, shade.x, np.clip(edge, -LARGEST, LARGEST), left=np.nan, right=np.nan))
        for edge in (shade.high, shade.low)
    )
    return Extent(high, low)


def tinted(band: Extent, window: Window) -> NDArray[np.bool_]:
    """The cells that a band covers to half at least; a band thinner than that keeps the cell it lies in.

    Args:
        band: From `extent` on the same window.
        window: Its `Window.columns` must be even and its `Window.rows` a multiple of 4.

    Returns:
        ``(rows / 4, columns / 2)``.
    """
    # Cell r reaches from dot row 4r - 0.5 to 4r + 3.5.
    upper = np.arange(window.rows // 4)[:, None] * 4 - 0.5
    covered = np.minimum(band.bottom, upper + 4) - np.maximum(band.top, upper)
    middle = (band.top + band.bottom) / 2
    inside = (middle >= upper) & (middle < upper + 4)
    half = (covered >= 2) | inside  # NaN compares as False
    return np.asarray(half.reshape(window.rows // 4, window.columns // 2, 2).any(axis=2))


def edges(band: Extent, window: Window, offset: int) -> NDArray[np.uint8]:
    """The two edges of a band, dotted.

    Args:
        band: From `extent` on the same window.
        window: Its `Window.columns` must be even and its `Window.rows` a multiple of 4.
        offset: Shifts the dots, so that those of several bands stand side by side.

    Returns:
        ``(rows / 4, columns / 2)`` low bytes of braille characters.
    """
    y = np.arange(window.rows)[:, None]
    lit = np.zeros((window.rows, window.columns), dtype=bool)
    for edge in (band.top, band.bottom):
        lit |= y == np.rint(edge)  # NaN is equal to nothing
    return braille(lit & (np.arange(window.columns) % _APART == offset % _APART))
