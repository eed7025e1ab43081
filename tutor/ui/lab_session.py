"""A lab as the learner holds it: the run, the prediction, and the newest of everything the run has shown.

Lives in the app, not in a widget, so that a run goes on while the learner reads on, opens the full screen or changes the language.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.content.models import Lab
from tutor.engine import LabRun, Snapshot
from tutor.experiments.base import ExperimentSpec
from tutor.frames import Curves, Frame, HeatMap, Sample, Samples
from tutor.progress.store import Store
from tutor.text import Lang

WATCH_SECONDS: Mapping[str, float] = {"curves": 0.16, "attention": 0.32, "samples": 2.5}
"""Shortest time between two frames of a view: curves more than four times a second, attention more than twice, samples now and then."""

LIVE_PHASES = ("preparing", "base", "running")
"""Phases in which the run's thread is working."""

ENDED = ("finished", "stopped", "failed")
"""Phases after which only a new run goes on."""

_SAMPLES_KEPT = 24


@dataclass
class LabSession:
    """One lab of one section.

    Attributes:
        unit: Unit that the lab belongs to.
        section: Section in which the learner met it.
        lab: The lab's definition.
        spec: The card of its experiment, for labels.
        store: Where predictions and reveals are committed.
        settings: Config values that the learner changed.
        seed: Seed of the next run.
        steps: Budget of the next run; None is the lab's own.
        presets: Config values that the lesson step on the screen asks for; the learner's own settings win.
        predicted: Id of the chosen prediction; None when not asked yet or skipped.
        gate_passed: Whether the learner has predicted or chosen not to.
    """

    unit: str
    section: str
    lab: Lab
    spec: ExperimentSpec
    store: Store
    settings: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    steps: int | None = None
    presets: dict[str, str] = field(default_factory=dict)
    predicted: str | None = None
    gate_passed: bool = False
    run: LabRun | None = None
    snapshot: Snapshot | None = None
    frames: dict[tuple[str, str], Frame] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    _revealed_run: int | None = None
    _watched: tuple[str, ...] = ()

    @property
    def phase(self) -> str:
        """The run's phase, ``idle`` before there is a run."""
        return self.snapshot.phase if self.snapshot and self.run else ("preparing" if self.run else "idle")

    @property
    def changed(self) -> bool:
        """Whether this run differs from the lab as its author made it, so that its texts may not fit."""
        return bool(self.settings) or self.steps is not None

    @property
    def diverged(self) -> bool:
        """Whether an arm of this run diverged."""
        return self.snapshot is not None and any(arm.outcome == "diverged" for arm in self.snapshot.arms)

    @property
    def live(self) -> bool:
        """Whether the run's thread is working now."""
        return self.run is not None and self.phase in LIVE_PHASES

    @property
    def arm_ids(self) -> tuple[str, ...]:
        """Arms in the order of the lab file, the base first when there is one."""
        arms = tuple(arm.id for arm in self.lab.arms)
        return ("base", *arms) if self.lab.base else arms

    def predict(self, option: str | None, lang: Lang) -> None:
        """Commit the prediction (None: skipped) and open the gate."""
        self.store.record_prediction(self.unit, self.section, self.lab.id, option, lang=lang)
        self.predicted = option
        self.gate_passed = True

    def toggle(self) -> None:
        """Run, pause, or go on; after the end, run again."""
        if self.run is None:
            self._start(paused=False)
        elif self.phase == "paused":
            self.run.play()
        elif self.phase in ENDED:
            self.reset(run=True)
        else:
            self.run.pause()

    def single_step(self) -> None:
        """One step of every arm, then pause."""
        if self.run is None:
            self._start(paused=True)
        if self.run is not None:
            self.run.step(1)

    def reset(self, *, run: bool = False, seed: int | None = None) -> None:
        """Throw the run away; with ``run``, start anew at once."""
        if seed is not None:
            self.seed = seed
        self.close()
        if run:
            self._start(paused=False)

    def knobs(self) -> dict[str, float]:
        """The present value of every knob: of the run while it goes on, else what the next run will start with."""
        if (
            self.run is not None
            and self.snapshot is not None
            and self.phase not in ENDED
            and self.snapshot.knobs
        ):
            return dict(self.snapshot.knobs)
        values: dict[str, float] = {}
        config = {**self.lab.shared, **self.lab.arms[0].set, **self.presets, **self.settings}
        for knob in self.lab.knobs:
            field = self.spec.config.model_fields.get(knob.id)
            with contextlib.suppress(TypeError, ValueError):
                values[knob.id] = float(str(config.get(knob.id, field.default if field else None)))
        return values

    def last_time(self) -> tuple[str | None, str | None] | None:
        """What was predicted and what came true when the learner last ran the lab to its end."""
        return self.store.last_reveal(self.unit, self.lab.id)

    def turn(self, knob: str, value: float) -> None:
        """Turn a knob now, and for the runs that come."""
        self.settings[knob] = f"{value:g}"
        if self.run is not None:
            self.run.adjust(knob, value)

    def watch(self, views: tuple[str, ...]) -> None:
        """Say which views are on the screen."""
        self._watched = views
        if self.run is not None:
            self.run.watch({view: WATCH_SECONDS.get(view, 1.0) for view in views})

    def close(self, timeout: float = 2.0) -> None:
        """Stop the run, wait for its thread, forget its frames."""
        if self.run is not None:
            self.run.stop()
            self.run.join(timeout)
        self.run = None
        self.snapshot = None
        self.frames.clear()
        self.samples.clear()
        self._revealed_run = None

    def poll(self, lang: Lang) -> bool:
        """Take the newest snapshot; True when there was one."""
        snapshot = self.run.take() if self.run is not None else None
        if snapshot is None:
            return False
        if self.snapshot is not None and snapshot.run_id != self.snapshot.run_id:
            self.frames.clear()
            self.samples.clear()
        self.snapshot = snapshot
        for key, frame in snapshot.frames.items():
            self.frames[key] = frame
            if isinstance(frame, Samples):
                self._collect(key[1], frame)
        if snapshot.phase == "finished" and self._revealed_run != snapshot.run_id:
            self._revealed_run = snapshot.run_id
            self._record_reveal(snapshot, lang)
        return True

    def curves(self) -> Curves:
        """The newest curves, empty before the first."""
        frame = self.frames.get(("curves", ""))
        return frame if isinstance(frame, Curves) else Curves(())

    def attention(self, arm: str) -> HeatMap | None:
        """The newest attention map of an arm."""
        frame = self.frames.get(("attention", arm))
        return frame if isinstance(frame, HeatMap) else None

    def _start(self, *, paused: bool) -> None:
        self.run = LabRun(
            self.lab,
            seed=self.seed,
            settings={**self.presets, **self.settings},
            steps=self.steps,
            spec=self.spec,
        )
        self.watch(self._watched)
        self.run.start(paused=paused)

    def _collect(self, arm: str, frame: Samples) -> None:
        kept = self.samples.setdefault(arm, [])
        known = {sample.step for sample in kept}
        fresh = {sample.step for sample in frame.items} - known
        kept.extend(sample for sample in frame.items if sample.step in fresh)
        if len({sample.step for sample in kept}) > _SAMPLES_KEPT:
            # Thin the middle: the first shows where it came from, the newest where it is.
            steps = sorted({sample.step for sample in kept})
            keep = {steps[0], *steps[2::2], *steps[-4:]}
            kept[:] = [sample for sample in kept if sample.step in keep]

    def _record_reveal(self, snapshot: Snapshot, lang: Lang) -> None:
        metrics = {arm: dict(values) for arm, values in (snapshot.final or {}).items()}
        changes = dict(self.settings) | ({"steps": str(self.steps)} if self.steps is not None else {})
        outcome = None if self.diverged else snapshot.outcome
        self.store.record_reveal(
            self.unit,
            self.section,
            self.lab.id,
            self.predicted,
            outcome,
            metrics,
            self.seed,
            lang=lang,
            settings=changes,
        )
