"""An earlier run that is kept under the present one, and what may be concluded from the two."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tutor.content.models import Lab
from tutor.engine import LabRun, Metrics, Snapshot
from tutor.engine.config_diff import RunSetup, conclusion, differences
from tutor.experiments.base import ExperimentSpec
from tutor.frames import PINNED, Curves, Series
from tutor.text import Text


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
    return RunSetup.of(snapshot.configs, seed, steps, events, snapshot.base, stages)
