"""Every metric of every step, in arrays that grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tutor.frames import Curves, Series


class Track:
    """One metric of one arm: steps and values."""

    def __init__(self) -> None:
        self._x: NDArray[np.float64] = np.empty(64)
        self._y: NDArray[np.float64] = np.empty(64)
        self._size = 0

    def append(self, step: int, value: float) -> None:
        """Add a point; space doubles when it is used up."""
        if self._size == len(self._x):
            self._x = np.concatenate((self._x, np.empty(self._size)))
            self._y = np.concatenate((self._y, np.empty(self._size)))
        self._x[self._size], self._y[self._size] = step, value
        self._size += 1

    @property
    def values(self) -> NDArray[np.float64]:
        """A view of the values so far, ``(n,)``."""
        return self._y[: self._size]

    def series(self, arm: str, metric: str) -> Series:
        """A copy for a chart."""
        return Series(arm, metric, self._x[: self._size].copy(), self.values.copy())


class History:
    """The tracks of a run."""

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], Track] = {}

    def record(self, arm: str, step: int, metrics: Mapping[str, float]) -> None:
        """Add what one step measured; NaN and infinity are kept."""
        for metric, value in metrics.items():
            self._tracks.setdefault((arm, metric), Track()).append(step, value)

    def latest(self, arm: str) -> dict[str, float]:
        """The last value of each metric of an arm."""
        return {m: float(t.values[-1]) for (a, m), t in self._tracks.items() if a == arm}

    def derived(self, arm: str) -> dict[str, float]:
        """``first_<metric>`` and ``best_<metric>`` (the lowest; NaN only when all are) of an arm."""
        found: dict[str, float] = {}
        for (a, metric), track in self._tracks.items():
            if a == arm:
                known = track.values[~np.isnan(track.values)]
                found[f"first_{metric}"] = float(track.values[0])
                found[f"best_{metric}"] = float(known.min()) if known.size else float("nan")
        return found

    def curves(self, arms: Iterable[str], metrics: Iterable[str]) -> Curves:
        """The chart of some metrics, arms in order."""
        metrics = tuple(metrics)
        return Curves(
            tuple(
                self._tracks[arm, metric].series(arm, metric)
                for arm in arms
                for metric in metrics
                if (arm, metric) in self._tracks
            )
        )
