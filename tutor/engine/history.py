"""Every metric of every step, in arrays that stay small however long the run."""

from __future__ import annotations

import bisect
import copy
import math
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Curves, Series

LIMIT = 4096
"""Points of a track. No screen has a tenth as many columns."""


class Track:
    """One metric of one arm: steps and values.

    Every point is kept up to `LIMIT`. Beyond that the steps are cut into equal stretches, of each of which the lowest and the highest
    value stay (and one NaN, if there was any): no spike of a single step is lost, and the whole run keeps the same resolution.
    """

    def __init__(self) -> None:
        self.steps = array("d")  # rising
        self.values = array("d")
        self._stretch = 1
        self._remeasured: int | None = None

    def append(self, step: int, value: float) -> None:
        if len(self.steps) == LIMIT:
            self._thin()
        self.steps.append(step)
        self.values.append(value)

    def replace_last(self, value: float) -> None:
        """Put another measurement of the newest step in place of the first."""
        self.values[-1] = value
        self._remeasured = int(self.steps[-1])

    def at(self, step: int) -> float | None:
        """Return the value at a step or, if it wasn't measured there, the nearest before; None before the first."""
        index = bisect.bisect_right(self.steps, step) - 1
        return self.values[index] if index >= 0 else None

    def exactly_at(self, step: int) -> float | None:
        """Return the value that the step itself measured; None when it isn't there (any more)."""
        if step == self._remeasured:
            return None
        index = bisect.bisect_left(self.steps, step)
        return self.values[index] if index < len(self.steps) and self.steps[index] == step else None

    def until(self, step: int) -> Track:
        track = copy.copy(self)
        size = bisect.bisect_right(self.steps, step)
        track.steps, track.values = self.steps[:size], self.values[:size]
        if self._remeasured is not None and self._remeasured > step:
            track._remeasured = None
        return track

    def series(self, arm: str, metric: str, branch: int = 0, since: int = 0) -> Series:
        """Return the points from a step on, and one before that so that the line joins the one it left."""
        first = max(0, bisect.bisect_right(self.steps, since) - 1) if since else 0
        return Series(arm, metric, np.array(self.steps[first:]), np.array(self.values[first:]), branch)

    def _thin(self) -> None:
        """Keep of each stretch of steps the lowest value, the highest, and one NaN; also the very first and the very last point."""
        x, y = np.array(self.steps), np.array(self.values)
        kept = _extremes(x, y, self._stretch)
        while len(kept) > LIMIT // 2:
            self._stretch *= 2
            kept = _extremes(x, y, self._stretch)
        self.steps, self.values = array("d", x[kept]), array("d", y[kept])


def _extremes(x: NDArray[np.float64], y: NDArray[np.float64], stretch: int) -> NDArray[np.intp]:
    home = x // stretch
    nan = np.isnan(y)
    # Sorted by stretch, then value, NaN last: the ends of each group are its extremes.
    order = np.lexsort((y, home))
    new = np.flatnonzero(np.diff(home[order])) + 1
    starts = np.concatenate(([0], new))
    ends = np.concatenate((new, [len(order)])) - 1
    known = np.add.reduceat(~nan[order], starts)
    highest = starts + np.maximum(known, 1) - 1
    kept = np.concatenate((order[starts], order[highest], order[ends][nan[order[ends]]], [0, len(x) - 1]))
    return np.unique(kept)


class History:
    """The tracks of a run.

    Attributes:
        mismatches: How often a replayed step measured something else than the first time: 0 as long as experiments are deterministic.
    """

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], Track] = {}
        self._apart: dict[tuple[str, str], float] = {}
        self.mismatches = 0

    def record(self, arm: str, step: int, metrics: Mapping[str, float]) -> None:
        """Add what one step measured; a step that is done again, after a rewind, is only compared."""
        for metric, value in metrics.items():
            track = self._tracks.setdefault((arm, metric), Track())
            if not track.steps or step > track.steps[-1]:
                track.append(step, value)
            else:
                before = track.exactly_at(step)
                same = before is None or before == value or (math.isnan(before) and math.isnan(value))
                self.mismatches += not same

    def record_end(self, arm: str, step: int, live: Mapping[str, float], final: Mapping[str, float]) -> None:
        """Add what was measured after the last of `step` steps, in place of what that itself measured.

        The `live` values, measured as the steps measure them, are the last points of their tracks. Final values of the same metrics were measured
        on more data and stay apart from the track; one of a metric without a track makes one of a single point.
        """
        for metric, value in {**final, **live}.items():
            track = self._tracks.setdefault((arm, metric), Track())
            if track.steps and track.steps[-1] == step:
                track.replace_last(value)
            else:
                track.append(step, value)
        self._apart |= {(arm, metric): value for metric, value in final.items() if metric in live}

    def tracked(self, arm: str) -> set[str]:
        return {metric for a, metric in self._tracks if a == arm}

    def last_step(self, arm: str) -> int:
        """Return the last step of an arm that anything was measured in; 0 before."""
        return max((int(t.steps[-1]) for (a, _), t in self._tracks.items() if a == arm), default=0)

    def latest(self, arm: str) -> dict[str, float]:
        """Return the last value of each metric of an arm: the final one, once it is known."""
        found = {m: track.values[-1] for (a, m), track in self._tracks.items() if a == arm}
        return found | {m: value for (a, m), value in self._apart.items() if a == arm}

    def at(self, arm: str, step: int) -> dict[str, float]:
        """Return the value of each metric of an arm at a step, or when it was last measured before."""
        found = {m: t.at(step) for (a, m), t in self._tracks.items() if a == arm}
        return {metric: value for metric, value in found.items() if value is not None}

    def derived(self, arm: str, high: Collection[str] = ()) -> dict[str, float]:
        """Return ``first_<metric>``, ``third_<metric>`` (as a third of the steps were done) and ``best_<metric>`` (NaN only when all are) of an arm.

        The best is the lowest value, or the highest of a metric in `high`. Where the final value was measured on more data than the others, what
        the track has lost since its best point is taken off that: both ends were measured alike, and no best is worse than the final value.
        """
        early = self.at(arm, self.last_step(arm) // 3)
        found = {f"third_{metric}": value for metric, value in early.items()}
        for (a, metric), track in self._tracks.items():
            if a == arm:
                known = [value for value in track.values if not math.isnan(value)]
                found[f"first_{metric}"] = track.values[0]
                best = (max if metric in high else min)(known, default=math.nan)
                apart = self._apart.get((a, metric))
                found[f"best_{metric}"] = best if apart is None else apart + (best - track.values[-1])
        return found

    def until(self, steps: Mapping[str, int]) -> History:
        """Return a copy in which each arm ends at a step; arms that aren't named are left out."""
        history = History()
        history._tracks = {
            (arm, metric): cut
            for (arm, metric), track in self._tracks.items()
            if arm in steps and (cut := track.until(steps[arm])).steps
        }
        history._apart = {
            pair: value
            for pair, value in self._apart.items()
            if steps.get(pair[0], 0) >= self.last_step(pair[0])
        }
        return history

    def curves(
        self, arms: Iterable[str], metrics: Collection[str], branch: int = 0, since: int = 0
    ) -> Curves:
        """Return the chart of some metrics of `branch`, arms in order, from a step on."""
        return Curves(
            tuple(
                replace(track.series(arm, metric, branch, since), final=self._apart.get((arm, metric)))
                for arm in arms
                for metric in metrics
                if (track := self._tracks.get((arm, metric))) is not None
            )
        )
