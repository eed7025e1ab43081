"""The series of a chart made ready to draw: cleaned, named, and each with a look of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.frames import DRAWN, PINNED, Curves, Series
from tutor.plot.axis import LARGEST, short
from tutor.plot.fit import one_line
from tutor.plot.trace import PATTERNS, SPARSE

INKS = 8
"""How many inks series have."""

SERIES = tuple(f"series-{ink}" for ink in range(INKS))
"""The role of each."""

Key: TypeAlias = tuple[str, str] | tuple[str, str, int]
"""Arm id and metric of a series, and its branch if it isn't 0. What is said of a pair goes for its branches, too, unless they have a word
of their own.
"""

FINAL = "◆"
"""Marks a final value that was measured on more data than its line."""

_DOTTED = 2
"""The pattern of a line that was drawn by hand."""

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
        letter: What stands at its end and in the legend: ``a``; its forks are ``a1``, ``a2``, and what is kept of an earlier
            run is ``a*``, what was drawn before it ``a?``.
        branch: 0 for the run itself, 1, 2, … for forks, `PINNED` for an earlier run, `DRAWN` for what was expected.
        final: The value at its end that was measured on more data than the others; else None.
        faint: Whether others are to be singled out.
        stepped: Whether x are steps, so that its last value tells where it has come to.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    metric: str
    name: str
    ink: int
    pattern: int
    letter: str
    branch: int
    final: float | None = None
    faint: bool = False
    stepped: bool = True

    @property
    def pinned(self) -> bool:
        """Return whether it is no line of the present run."""
        return self.branch < 0

    @property
    def under(self) -> bool:
        return self.pinned or self.faint

    @property
    def role(self) -> str:
        return f"{'pinned' if self.under else 'series'}-{self.ink}"

    def value(self, moment: float | None = None) -> str:
        """Write the last value that isn't a gap, at a moment or before it; nothing when there is none, or when x aren't steps."""
        if not self.stepped:
            return ""
        size = self.x.size if moment is None else int(np.searchsorted(self.x, moment, side="right"))
        known = (float(value) for value in self.y[:size][::-1] if value == value)  # noqa: PLR0124 (NaN is not itself)
        found = next((short(value) for value in known), "")
        return found if self.final is None or moment is not None else f"{found} {FINAL} {short(self.final)}"


@dataclass(frozen=True, slots=True)
class Shade:
    """A band as a chart draws it.

    Attributes:
        x: ``(n,)`` finite, rising.
        low: ``(n,)`` lower edge; NaN is a gap.
        high: ``(n,)`` upper edge, not below `low`.
        ink: Number of the ink of the line that it belongs to.
    """

    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    metric: str
    ink: int


def read_lines(
    frame: Curves, names: Mapping[Key, str], styles: Mapping[Key, int], only: Collection[str] | None = None
) -> list[Line]:
    """Make the series of a frame ready to draw; for `names`, `styles` and `only` see `tutor.plot.curves.render`."""
    places = _places(frame)
    shown = [pair for pair in places if only is None or pair[1] in only]
    letters = {pair: place for place, pair in enumerate(shown)}
    if only is not None and len(only) == 1:  # an arm has one letter, whichever of its metrics is seen
        arms = list(dict.fromkeys(arm for arm, _ in places))
        letters = {pair: arms.index(pair[0]) for pair in shown}
    patterns: dict[Key, int] = {}
    for pair, place in places.items():
        style = max(0, styles.get(pair, place))
        patterns[pair] = (style % INKS + style // INKS) % PATTERNS
    taken = [patterns[one.arm, one.metric] for one in frame.series if one.branch == 0]
    lines = []
    for series in frame.series:
        pair = (series.arm, series.metric)
        if pair not in letters:
            continue
        key = (*pair, series.branch)
        place = places[pair]
        style = max(0, styles.get(key, styles.get(pair, place)))
        pattern = (style % INKS + style // INKS) % PATTERNS
        if series.branch == PINNED:
            pattern = SPARSE
        elif series.branch == DRAWN:
            pattern = _DOTTED
        elif series.branch and key not in styles:
            pattern = _free(patterns[pair] + series.branch, taken)
            taken.append(pattern)
        lines.append(
            Line(
                *_sorted_points(series.x, series.y),
                metric=series.metric,
                name=_name(series, names),
                ink=style % INKS,
                pattern=pattern,
                letter=_LETTERS[letters[pair] % len(_LETTERS)] + _suffix(series.branch),
                branch=series.branch,
                final=series.final,
                stepped=not frame.x_axis.label,
            )
        )
    return lines


def read_bands(frame: Curves, styles: Mapping[Key, int]) -> list[Shade]:
    """Make the bands of a frame ready to draw, each in the ink of its line."""
    places = _places(frame)
    shades = []
    for at, band in enumerate(frame.bands):
        pair = (band.arm, band.metric)
        size = min(band.low.size, band.high.size)
        low = np.minimum(band.low[:size], band.high[:size])
        high = np.maximum(band.low[:size], band.high[:size])
        x, low = _sorted_points(band.x, low)
        _, high = _sorted_points(band.x, high)
        style = max(0, styles.get(pair, places.get(pair, at)))
        shades.append(Shade(x, low, high, band.metric, style % INKS))
    return shades


def _places(frame: Curves) -> dict[tuple[str, str], int]:
    """The number of each arm and metric: by the runs themselves, so that a fork or an earlier run shifts no ink."""
    ordered = sorted(frame.series, key=lambda one: one.branch != 0)
    pairs = dict.fromkeys((one.arm, one.metric) for one in ordered)
    return {pair: place for place, pair in enumerate(pairs)}


def _free(wanted: int, taken: Collection[int]) -> int:
    """The first pattern from the wanted one on that no other line has; the wanted one when all are taken."""
    candidates = [(wanted + step) % PATTERNS for step in range(PATTERNS)]
    return next((pattern for pattern in candidates if pattern not in taken), candidates[0])


def _name(series: Series, names: Mapping[Key, str]) -> str:
    pair = (series.arm, series.metric)
    found = names.get((*pair, series.branch)) if series.branch else None
    if found is None:
        found = names.get(pair, f"{series.arm} {series.metric}") + (
            f" {_suffix(series.branch)}" if series.branch else ""
        )
    return one_line(found)


def _suffix(branch: int) -> str:
    return {0: "", PINNED: "*", DRAWN: "?"}.get(branch, str(branch))


def _sorted_points(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = min(x.size, y.size)
    x, y = x[:size].astype(np.float64, copy=False), y[:size].astype(np.float64, copy=False)
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
