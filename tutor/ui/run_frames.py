"""What a run has drawn: the newest frame of each view, its curves, all that its arms wrote, and the lines of an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tutor.content.claims_file import Spread
from tutor.content.models import BASE, Lab
from tutor.engine import LabRun, Metrics, Snapshot
from tutor.engine.config_diff import RunSetup, conclusion, differences, plain
from tutor.experiments.base import ExperimentSpec
from tutor.frames import PINNED, Band, Bars, Curves, Frame, HeatMap, Sample, Samples, Series
from tutor.text import Text

WATCH_SECONDS: Mapping[type[Frame], float] = {HeatMap: 0.45, Samples: 2.5}
"""Shortest time between two frames of a type: maps more than twice a second, samples now and then."""

OTHER_SECONDS = 0.225
"""The same for all other types: more than four times a second."""

_NONE = Curves(())

_KEPT = 24
"""Samples that are kept of each arm on each line."""


class RunFrames(dict[tuple[str, str], Frame]):
    """The newest frame by view and arm, curves under ``("curves", "")``; and the texts written on every line of the timeline."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[int, str, str], list[Sample]] = {}

    def clear(self) -> None:
        super().clear()
        self._kept.clear()

    def take(self, snapshot: Snapshot, line: int) -> None:
        """Take what is new in a snapshot that shows a line of the timeline."""
        for key, frame in snapshot.frames.items():
            if frame is None:
                self.pop(key, None)
                continue
            self[key] = frame
            if isinstance(frame, Samples):
                self.collect(line, key, frame)

    def collect(self, line: int, key: tuple[str, str], frame: Samples) -> None:
        """Add what a view's arm wrote while a line was shown; a text of the same step takes the place of the earlier one."""
        kept = self._kept.setdefault((line, *key), [])
        steps = {sample.step for sample in frame.items}
        kept[:] = sorted([s for s in kept if s.step not in steps] + list(frame.items), key=lambda s: s.step)
        if len(kept) > _KEPT:
            # Thin the middle: the first shows where it came from, the newest where it is, and what has just come is looked at.
            kept[1:-4] = [s for at, s in enumerate(kept[1:-4]) if at % 2 or s.step in steps]

    def written(self, view: str, arm: str, snapshot: Snapshot | None) -> list[Sample]:
        """Return what a view's arm wrote on the line that is shown, up to the moment that is shown, oldest first."""
        timeline = snapshot.timeline if snapshot else None
        status = next((a for a in snapshot.arms if a.id == arm), None) if snapshot else None
        if timeline is None or status is None:
            return list(self._kept.get((0, view, arm), []))
        found: dict[int, Sample] = {}
        until = status.step
        lines = {line.id: line for line in timeline.branches}
        line: int | None = timeline.branch
        while line is not None:
            for sample in self._kept.get((line, view, arm), []):
                if sample.step <= until:
                    found.setdefault(sample.step, sample)
            shared = lines[line].shared(status.stage)
            until = until if shared is None else min(until, shared)
            line = lines[line].parent
        return [found[step] for step in sorted(found)]

    def type_of(self, view: str) -> type[Frame] | None:
        """Return the type of a view's frames; None before the first."""
        return next((type(frame) for (of, _), frame in self.items() if of == view), None)

    def seconds(self, views: Iterable[str]) -> dict[str, float]:
        """Return the shortest time between two frames of each view."""
        return {view: WATCH_SECONDS.get(self.type_of(view) or Curves, OTHER_SECONDS) for view in views}

    def curves(self) -> Curves:
        """Return the newest curves of the run, empty before the first."""
        frame = self.get(("curves", ""))
        return frame if isinstance(frame, Curves) else _NONE

    def curves_of(self, view: str, arms: tuple[str, ...]) -> Curves:
        """Return the curves that each arm has in another view, as one frame."""
        frames = {arm: self.get((view, arm)) for arm in arms}
        found = {arm: frame for arm, frame in frames.items() if isinstance(frame, Curves)}
        first = next(iter(found.values()), Curves(()))
        alone = len(arms) == 1
        own = [
            replace(s, arm=(s.arm or arm) if alone else arm)
            for arm, frame in found.items()
            for s in frame.series
        ]
        return replace(first, series=tuple(own), bands=())


def reached_bands(spread: Spread, own: Curves) -> tuple[Band, ...]:
    """Return the spread over seeds of curves, as far as they have come: what lies ahead is still to be seen."""
    found: list[Band] = []
    reached = {(s.arm, s.metric): s.x[-1] for s in own.series if s.branch == 0 and len(s.x)}
    for (arm, metric), last in reached.items():
        band = spread.band(arm, metric)
        if band is not None:
            seen = band[0] <= last
            found.append(Band(arm, metric, *(part[seen] for part in band)))
    return tuple(found)


def compared(lab: Lab, snapshot: Snapshot | None) -> dict[str, Bars]:
    """Return each metric of the chart with its value in every arm that has one, at the moment that is shown. Labels are arms' ids."""
    arms = [arm for arm in snapshot.arms if arm.id != BASE] if snapshot is not None else []
    found: dict[str, Bars] = {}
    for metric in lab.curves:
        values = {arm.id: arm.metrics[metric] for arm in arms if metric in arm.metrics}
        if values:
            found[metric] = Bars(tuple(values), tuple(values.values()))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A line of a run, as it stood when it was pinned.

    Attributes:
        run: The run.
        line: Which line of its timeline.
        series: Its curves, as lines to lie under others.
        setup: All that decided how it went.
        final: Its final metrics; None when it wasn't at its end.
    """

    run: LabRun
    line: int
    series: tuple[Series, ...]
    setup: RunSetup
    final: Metrics | None

    @classmethod
    def of(cls, run: LabRun, snapshot: Snapshot, curves: Curves, setup: RunSetup) -> Pinned:
        """Pin the line of a run that is shown, with the curves that are drawn of it."""
        lines = {line.id: line for line in snapshot.timeline.branches} if snapshot.timeline else {}
        line = snapshot.timeline.branch if snapshot.timeline else 0
        own = [series for series in curves.series if series.branch == line]
        # A fork is drawn from where it left; before that it was the line that it left.
        parent = lines[line].parent if line in lines else None
        while parent is not None:
            past = {(s.arm, s.metric): s for s in curves.series if s.branch == parent}
            own = [_joined(past.get((s.arm, s.metric)), s) for s in own]
            parent = lines[parent].parent
        return cls(run, line, tuple(replace(s, branch=PINNED) for s in own), setup, snapshot.final)

    def against(self, setup: RunSetup, spec: ExperimentSpec, lab: Lab) -> Text:
        """Return what a run with this setup and this one differ in, and what that allows to conclude."""
        return conclusion(differences(self.setup, setup, spec), spec, lab.labels)

    def is_of(self, run: LabRun | None, line: int) -> bool:
        return self.run is run and self.line == line


def _joined(past: Series | None, own: Series) -> Series:
    if past is None or not len(own.x):
        return own
    kept = past.x < own.x[0]
    x, y = np.concatenate((past.x[kept], own.x)), np.concatenate((past.y[kept], own.y))
    return replace(own, x=x, y=y)


def setup_of(snapshot: Snapshot, seed: int) -> RunSetup:
    """All that decided how the line that is shown went, knobs turned on the way included."""
    events = snapshot.timeline.current.events if snapshot.timeline is not None else ()
    stages = {arm.id: arm.stage for arm in snapshot.arms}
    steps = max((arm.total for arm in snapshot.arms), default=0)
    return RunSetup(plain(snapshot.configs), seed, steps, events, snapshot.base, stages)
