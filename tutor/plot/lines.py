"""The series of a chart made ready to draw: cleaned, named, and each with a look of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Curves, Series
from tutor.plot.axis import LARGEST, short
from tutor.plot.fit import one_line
from tutor.plot.trace import PATTERNS

INKS = 8
"""How many inks series have: roles ``series-0`` … ``series-7``."""

Key = tuple[str, str]
"""Arm id and metric of a series."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Line:
    """A series as a chart draws it.

    Attributes:
        x: ``(n,)`` finite, rising.
        y: ``(n,)`` values; NaN and infinity are kept.
        name: What the legend calls it, fit to be shown.
        ink: Number of its role, 0..7.
        pattern: Number of its dot pattern, see `tutor.plot.trace.dots`.
        letter: What stands at its end and in the legend.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    name: str
    ink: int
    pattern: int
    letter: str

    @property
    def role(self) -> str:
        """Role of its ink."""
        return f"series-{self.ink}"

    @property
    def last(self) -> str:
        """The last value that isn't a gap, short; empty when there is none."""
        known = (float(value) for value in self.y[::-1] if value == value)  # noqa: PLR0124 (NaN is not itself)
        return next((short(value) for value in known), "")


def read_lines(frame: Curves, names: Mapping[Key, str], styles: Mapping[Key, int]) -> list[Line]:
    """Make the series of a frame ready to draw; for `names` and `styles` see `tutor.plot.curves.render`."""
    lines = []
    for place, series in enumerate(frame.series):
        key = (series.arm, series.metric)
        style = max(0, styles.get(key, place))
        name = one_line(names.get(key, f"{series.arm} {series.metric}"))
        pattern = (style % INKS + style // INKS) % PATTERNS
        letter = _LETTERS[place % len(_LETTERS)]
        lines.append(Line(*_sorted_points(series), name, style % INKS, pattern, letter))
    return lines


def _sorted_points(series: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = min(series.x.size, series.y.size)
    x, y = series.x[:size].astype(np.float64, copy=False), series.y[:size].astype(np.float64, copy=False)
    # The usual case, at the cost of one comparison; NaN compares as out of order.
    if x.size and (x[1:] >= x[:-1]).all() and abs(x[0]) < LARGEST and abs(x[-1]) < LARGEST:
        return x, y
    placed = np.isfinite(x) & (np.abs(x) < LARGEST)
    if not placed.all():
        x, y = x[placed], y[placed]
    if x.size > 1 and (x[1:] < x[:-1]).any():
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
    return x, y
