"""A lab as the learner holds it: the run, the prediction, and the newest of everything the run has shown.

Lives in the app, not in a widget, so that a run goes on while the learner reads on, opens the full screen or changes the language.
"""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tutor.content.budget import arm_steps
from tutor.content.claims_file import Spread
from tutor.content.models import BASE, Lab
from tutor.engine import LabRun, Snapshot
from tutor.engine.config_diff import STEPS, Difference, RunSetup, differences, listed
from tutor.engine.configs import arm_configs, as_setting
from tutor.engine.model_store import ModelStore
from tutor.engine.snapshot import ENDED, LOST
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Question, Value
from tutor.frames import Band, Bars, Curves, Frame, HeatMap, Samples
from tutor.plot.gate import clean
from tutor.progress.store import Store
from tutor.text import InputError, Lang, Text
from tutor.ui.twin import Pinned, setup_of
from tutor.ui.written_samples import WrittenSamples

WATCH_SECONDS: Mapping[type[Frame], float] = {HeatMap: 0.45, Samples: 2.5}
"""Shortest time between two frames of a type: maps more than twice a second, samples now and then."""

OTHER_SECONDS = 0.225
"""The same for all other types: more than four times a second."""

LIVE_PHASES = ("preparing", "base", "running", "asking", "measuring")
"""Phases in which the run's thread is working."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked for, and where: the attributes of the session when it began."""

    settings: Mapping[str, str]
    presets: Mapping[str, str]
    seed: int
    steps: int | None
    section: str
    step: str
    may_diverge: bool
    place: str


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
        long: Whether even a run of many minutes may start.
        models: Where trained models are kept between runs; None: nowhere.
        spread: How the lab's numbers scatter over seeds; None when it isn't verified.
        presets: Config values that the lesson step on the screen asks for; the learner's own settings win.
        step: Id of the lesson step that a run begun now counts for; empty for none.
        may_diverge: Whether a run that diverges counts for that step, too: it is one to try things with.
        place: The lesson step on the screen; empty outside of lessons.
        predicted: Id of the chosen prediction; None when not asked yet or skipped.
        gate_passed: Whether the learner has predicted or chosen not to.
        begun: What the last run was asked for.
        knob: Id of the knob that the keys turn; empty when the lab offers none.
        pinned: An earlier run that lies under the present one.
        spoken: The lab in the language that the learner chose meanwhile, with its spread, for the next run; a run keeps the language
            it began in.
        ended: The learner's own settings that ended when this step was come to; None when there were none, or once it is told.
        judged: The option of the prediction that came true when the lab last ran to its end with its own settings, today or before.
        in_flight: The knob that was turned last, its value, and the command's number, until a snapshot has heard of it: the engine owns
            the value of every knob of a run, and this is all that the screen adds.
        last_time: What was predicted and what came true in the run of the lab before the one that is revealed; None when there was
            none.
    """

    unit: str
    section: str
    lab: Lab
    spec: ExperimentSpec
    store: Store
    settings: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    steps: int | None = None
    long: bool = False
    models: ModelStore | None = None
    spread: Spread | None = None
    presets: dict[str, str] = field(default_factory=dict)
    step: str = ""
    may_diverge: bool = False
    place: str = ""
    predicted: str | None = None
    gate_passed: bool = False
    begun: Asked = field(init=False)
    run: LabRun | None = None
    snapshot: Snapshot | None = None
    frames: dict[tuple[str, str], Frame] = field(default_factory=dict)
    samples: WrittenSamples = field(default_factory=WrittenSamples)
    knob: str = ""
    pinned: Pinned | None = None
    spoken: tuple[Lab, Spread | None] | None = None
    ended: Text | None = None
    judged: str | None = None
    last_time: tuple[str | None, str | None] | None = None
    _turned: dict[str, Value] = field(default_factory=dict)
    _events_seen: int = 0
    _moved: int = 0
    in_flight: tuple[str, Value, int] | None = None
    _revealed_run: int | None = None
    _watched: tuple[dict[str, float], dict[str, str]] = field(default_factory=lambda: ({}, {}))

    def __post_init__(self) -> None:
        if not self.knob and self.lab.knobs:
            self.knob = self.lab.knobs[0].id
        self.begun = self._asked()

    def _asked(self) -> Asked:
        where = self.section, self.step, self.may_diverge, self.place
        return Asked(dict(self.settings), dict(self.presets), self.seed, self.steps, *where)

    def enter(self, place: str) -> None:
        """Come to a lesson step: what the learner set or pinned in another one ends, what ran stays to be seen."""
        if place == self.place:
            return
        self.place = place
        self.pinned = None
        self.ended = self.in_words(self.own) if self.own else None
        self._forget_own()
        if self.spec.instant:
            self.close()  # the new step has settings of its own, and what comes of them costs nothing
        if self.moment is not None and self.phase == "paused":
            self.rewind(None)  # else the keys of the new step would fork the run of the old one

    def restore(self) -> None:
        """Go back to what the lab and its step ask for: with what can be turned in a run at once, with the rest from the next."""
        if self.spec.instant:  # one by one, some values might not go with the others
            self._forget_own()
            self.reset(run=True)
            return
        for knob, value in self.knobs().items():
            if self.is_own(knob, value):
                self.turn(knob, self.knobs_with({})[knob])
        self._forget_own()

    def _forget_own(self) -> None:
        self.seed, self.steps = 0, None
        self.settings.clear()
        self._turned.clear()

    @property
    def phase(self) -> str:
        """The run's phase, ``idle`` before there is a run."""
        return self.snapshot.phase if self.snapshot and self.run else ("preparing" if self.run else "idle")

    @property
    def shown(self) -> Asked:
        """What the run that is shown was asked for; without a run, what the next one is."""
        return self._asked() if self.run is None else self.begun

    @property
    def deviations(self) -> tuple[Difference, ...]:
        """What the run that is shown, or else the next one, has otherwise than its author made it, seed and budget left out."""
        authored = RunSetup.of(arm_configs(self.lab, self.spec, {}), 0, 0)
        own = replace(self.setup(), seed=0, steps=0, base="")
        return differences(authored, own, self.spec)

    @property
    def changed(self) -> bool:
        """Whether this run differs from the lab as its author made it, so that its texts may not fit."""
        return bool(self.line) or self.shown.steps is not None or bool(self.deviations)

    @property
    def own(self) -> tuple[Difference, ...]:
        """What the learner has set for the next run, otherwise than the lab and its step."""
        return self._beyond(self._next(self.settings, self.seed, self.steps), self.steps)

    @property
    def ran(self) -> tuple[Difference, ...]:
        """What the run that is shown has otherwise than the lab and the present step ask for."""
        return () if self.run is None else self._beyond(self.setup(), self.begun.steps)

    def _beyond(self, made: RunSetup, steps: int | None) -> tuple[Difference, ...]:
        asked = self._next({}, 0, None)
        found = differences(asked, replace(made, base=""), self.spec, shown=True)
        # Settings decide how long a budget lasts; only one that was set is a difference of its own.
        known = bool(asked.configs and made.configs)
        return tuple(one for one in found if known and (one.key != STEPS or steps is not None))

    def in_words(self, found: Iterable[Difference]) -> Text:
        """Differences in a few words each; a path or a sentence of the learner may be among them."""
        said = listed(found, self.spec, self.lab.labels)
        return Text(clean(said.zh), clean(said.en))

    @property
    def of_another_step(self) -> bool:
        """Whether what is shown is the run of another step, with other settings than this one asks for."""
        return self.run is not None and self.begun.place != self.place and bool(self.ran)

    @property
    def moment(self) -> int | None:
        """The round of the past that is shown; None at the head."""
        timeline = self.snapshot.timeline if self.snapshot else None
        return timeline.at if timeline is not None and timeline.behind else None

    @property
    def line(self) -> int:
        """The line of the timeline that is shown; 0 is the run itself."""
        return self.snapshot.timeline.branch if self.snapshot and self.snapshot.timeline else 0

    @property
    def diverged(self) -> bool:
        """Whether an arm of this run diverged."""
        return self.snapshot is not None and any(arm.outcome == "diverged" for arm in self.snapshot.arms)

    def lost_at(self, arm: str) -> int | None:
        """The step in which an arm diverged, if it had by the moment that is shown."""
        arms = self.snapshot.arms if self.snapshot is not None else ()
        return next((a.step for a in arms if a.id == arm and a.outcome == "diverged"), None)

    @property
    def live(self) -> bool:
        """Whether the run's thread is working now."""
        return self.run is not None and self.phase in LIVE_PHASES

    @property
    def arm_ids(self) -> tuple[str, ...]:
        """Arms in the order of the lab file, the base first when there is one."""
        return tuple(self.lab.labels)

    def predict(self, option: str | None, lang: Lang) -> None:
        """Commit the prediction (None: skipped), unless it stands already, and open the gate."""
        if not self.gate_passed or option != self.predicted:
            self.store.record_prediction(self.unit, self.section, self.lab.id, option, lang=lang)
        self.predicted = option
        self.gate_passed = True

    @property
    def _moving(self) -> bool:
        """Whether a move through the past is on its way: then the run stands elsewhere than the last news said."""
        heard = self.snapshot.heard if self.snapshot is not None else 0
        return self.run is not None and self._moved > heard and self.phase not in LOST

    @property
    def _ended(self) -> bool:
        """Whether the run stands at an end."""
        return self.phase in ENDED and not self._moving

    def rewind(self, round_: int | None) -> None:
        """Show the moment after a round; None is the newest."""
        if self.run is not None:
            # By now the run may be further than it said; beyond its newest moment it doesn't go.
            self.run.rewind(sys.maxsize if round_ is None else round_)
            self._moved = self.run.sent

    def scrub(self, by: int) -> None:
        """Show a kept moment so many further on, or back if negative."""
        if self.run is not None:
            self.run.scrub(by)
            self._moved = self.run.sent

    def switch(self, line: int) -> None:
        """Show the head of another line."""
        if self.run is not None:
            self.run.switch(line)
            self._moved = self.run.sent

    @property
    def over(self) -> bool:
        """Whether there is nothing left to run: the run has ended, and so has the one that it left, if it is a fork."""
        timeline = self.snapshot.timeline if self.snapshot else None
        waits = timeline is not None and timeline.branch and timeline.branches[0].head < timeline.total
        return self._ended and not (waits and self.phase == "finished")

    @property
    def starts_anew(self) -> bool:
        """Whether a new run throws no result of this step away."""
        return self.run is None or self.phase == "failed" or (self._ended and self.of_another_step)

    def toggle(self) -> None:
        """Run, pause, or go on; after the end of a fork, go on with the run that it left. A result of this step stays as it is."""
        if self.run is None or self.starts_anew:
            self.reset(run=True)
        elif self._moving or self.phase == "paused":
            self.run.play()
        elif self.phase not in ENDED:
            self.run.pause()
        elif not self.over:
            self.switch(0)
            self.run.play()

    @property
    def question(self) -> Question | None:
        """What is asked at the moment that is shown, answered or not."""
        return self.snapshot.question if self.snapshot is not None and self.run is not None else None

    def answer(self, question: str, value: str) -> None:
        """Answer a question by its id, and go on; at an earlier moment, another answer than the one given there begins a fork."""
        if self.run is not None:
            self.run.answer(question, value)
            self.run.play()

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

    def knobs(self) -> dict[str, Value]:
        """The value of every knob: what can be turned while the run goes on is as it is there, the rest as the next run begins."""
        values = self.knobs_with(self.settings)
        if self.run is not None and self.snapshot is not None and (not self._ended or self.spec.instant):
            values |= {knob: value for knob, value in self.snapshot.knobs.items() if self.is_live(knob)}
        if self.in_flight is not None:
            knob, value, _ = self.in_flight
            values[knob] = value
        return values

    def knobs_with(self, settings: Mapping[str, str]) -> dict[str, Value]:
        """The value of every knob as a run begins that has these settings; those of the lab and its step where there are none."""
        first = self.next_configs({}).get(self.lab.arms[0].id)
        cards = {knob.id: knob for knob in self.spec.knobs}
        offered = [knob.id for knob in self.lab.knobs if knob.id in cards]
        read = {id: cards[id].read(settings.get(id, getattr(first, id, None))) for id in offered}
        return {id: value for id, value in read.items() if value is not None}

    def is_own(self, knob: str, value: Value) -> bool:
        """Whether the lab and its step have another value of a knob."""
        theirs = self.knobs_with({}).get(knob, value)
        if isinstance(value, str) or isinstance(theirs, str):
            return theirs != value
        return not math.isclose(theirs, value)

    def configs(self) -> Mapping[str, ExperimentConfig]:
        """What each arm was built from, or will be; empty when the settings can't be used."""
        if self.run is not None and self.snapshot is not None and self.snapshot.configs:
            return self.snapshot.configs
        return self.next_configs(self.settings)

    def next_configs(self, settings: Mapping[str, str]) -> Mapping[str, ExperimentConfig]:
        """The configs of a run that begins with these settings over those of the step; empty when they can't be used."""
        with contextlib.suppress(InputError):
            return arm_configs(self.lab, self.spec, {**self.presets, **settings})
        return {}

    def setup(self) -> RunSetup:
        """All that decides how the run that is shown went, or how the next one will."""
        if self.run is not None and self.snapshot is not None and self.snapshot.configs:
            return setup_of(self.snapshot, self.begun.seed)
        return self._next(self.settings, self.seed, self.steps)

    def _next(self, settings: Mapping[str, str], seed: int, steps: int | None) -> RunSetup:
        configs = self.next_configs(settings)
        budget = arm_steps(self.lab, configs, steps) if configs else {}
        return RunSetup.of(configs, seed, max(budget.values(), default=0))

    def is_live(self, knob: str) -> bool:
        """Whether a knob can be turned while a run goes on."""
        return any(k.id == knob and k.live for k in self.spec.knobs)

    def turn(self, knob: str, value: Value) -> None:
        """Turn a knob: now, or where that can't be, for the runs that come.

        Whether that changes the run or begins a fork is the engine's to say, which knows at what moment the turn reaches it. A knob
        that only decides how things are shown does neither: it changes what the run shows, also after its end, and the runs to come.
        """
        shows = knob in self.spec.display
        reachable = (not self._ended or self.spec.instant) and self.phase != "measuring"
        reachable = reachable or (shows and self.phase in ("measuring", "finished"))
        turns = self.run is not None and self.is_live(knob) and reachable
        self._turned[knob] = value
        if self.run is not None and turns:
            self.run.adjust(knob, value)
            self.in_flight = knob, value, self.run.sent
        if shows or not turns:
            self.settings[knob] = as_setting(value)

    @property
    def lets_go(self) -> bool:
        """Whether `pin` would let go of what is pinned, and not pin the present run."""
        return self.pinned is not None and (self.run is None or self.pinned.is_of(self.run, self.line))

    def pin(self) -> bool:
        """Keep the line that is shown for comparison, or let go of it if it is kept already.

        Returns:
            Whether something is kept now.
        """
        if self.lets_go:
            self.pinned = None
        elif self.run is not None and self.snapshot is not None:
            self.pinned = Pinned.of(self.run, self.snapshot, self.own_curves(), self.setup())
        return self.pinned is not None

    def watch(self, views: Iterable[str], only: Mapping[str, str]) -> None:
        """Say which views are on the screen, and of those that show one arm at a time which."""
        types = {view: type(frame) for (view, _), frame in self.frames.items()}
        seconds = {view: WATCH_SECONDS.get(types.get(view, Curves), OTHER_SECONDS) for view in views}
        if (wanted := (seconds, dict(only))) != self._watched:
            self._watched = wanted
            if self.run is not None:
                self.run.watch(*wanted)

    def close(self, timeout: float = 2.0) -> None:
        """Stop the run, wait for its thread, forget its frames."""
        if self.run is not None:
            self.run.stop()
            self.run.join(timeout)
        self.run = None
        self.snapshot = None
        self.frames.clear()
        self.samples.clear()
        self.in_flight = None
        self._moved = 0
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
            if frame is None:
                self.frames.pop(key, None)
                continue
            self.frames[key] = frame
            if isinstance(frame, Samples):
                self.samples.collect(self.line, key, frame)
        if self.in_flight is not None:
            knob, value, sent = self.in_flight
            if snapshot.phase in LOST:  # turned too late for this run, so it is for those that come
                self._keep([(knob, value)])
            if snapshot.phase in LOST or sent <= snapshot.heard:
                self.in_flight = None
        if snapshot.timeline is not None:
            events = snapshot.timeline.branches[0].events
            # Knobs of the run itself stay turned for the runs that come; those of a fork stay with the fork, those of an instant
            # experiment with what it shows.
            new = [e for e in events[self._events_seen :] if e.kind == "knob" and not self.spec.instant]
            self._keep((event.key, event.value) for event in new)
            self._events_seen = len(events)
        finished = snapshot.phase == "finished"
        if finished and self.run is not None and self.lets_go and self.pinned and self.pinned.final is None:
            self.pinned = Pinned.of(self.run, snapshot, self.own_curves(), self.setup())  # now with its end
        if finished and self._revealed_run != snapshot.run_id and self.line == 0:
            self._revealed_run = snapshot.run_id
            self._record_reveal(snapshot, lang)
        return True

    def _keep(self, turns: Iterable[tuple[str, Value]]) -> None:
        """Begin the next run with what was turned, if that was in this step: the run may have heard of it later."""
        self.settings |= {knob: as_setting(value) for knob, value in turns if self._turned.get(knob) == value}

    def own_curves(self) -> Curves:
        """The newest curves of the run, empty before the first."""
        frame = self.frames.get(("curves", ""))
        return frame if isinstance(frame, Curves) else Curves(())

    def curves(self, view: str = "curves") -> Curves:
        """The newest curves of the run, over those of the pinned run and the spread over seeds; or those of all arms in another view."""
        if view != "curves":
            frames = {arm: self.frames.get((view, arm)) for arm in self.arm_ids}
            found = {arm: frame for arm, frame in frames.items() if isinstance(frame, Curves)}
            first = next(iter(found.values()), Curves(()))
            alone = len(self.arm_ids) == 1
            own = [
                replace(s, arm=s.arm if alone else arm) for arm, frame in found.items() for s in frame.series
            ]
            return replace(first, series=tuple(own), bands=())
        own_curves = self.own_curves()
        # A line of this very run is drawn anyway.
        under = self.pinned.series if self.pinned is not None and self.pinned.run is not self.run else ()
        return Curves((*under, *own_curves.series), self._bands(own_curves))

    def _bands(self, own: Curves) -> tuple[Band, ...]:
        """The spread over seeds of the lines drawn, as far as they have come: what lies ahead is still to be seen. Only where the
        run is the one that was verified.
        """
        begun = {*self.shown.settings, *self.shown.presets} - self.spec.display
        if self.spread is None or begun or self._events_seen or self.shown.steps is not None:
            return ()
        found: list[Band] = []
        reached = {(s.arm, s.metric): s.x[-1] for s in own.series if s.branch == 0 and len(s.x)}
        for (arm, metric), last in reached.items():
            band = self.spread.band(arm, metric)
            if band is not None:
                seen = band[0] <= last
                found.append(Band(arm, metric, *(part[seen] for part in band)))
        return tuple(found)

    @property
    def part_view(self) -> str | None:
        """The view whose planes are parts of the model that can be taken out; None: there is none."""
        return next((view for view in self.lab.views if f"{view}.part" in self.spec.words), None)

    @property
    def part_words(self) -> Text | None:
        """What such parts are called, with ``{parts}`` in it."""
        return self.spec.words.get(f"{self.part_view}.part")

    def word(self, id: str) -> Text:
        """What an id in a frame is called; one that nobody has words for is shown as it is."""
        metrics = {metric.id: metric.short or metric.label for metric in self.spec.metrics}
        return self.spec.words.get(id) or metrics.get(id) or Text(id, id)

    def compared(self) -> dict[str, Bars]:
        """Each metric of the chart with its value in every arm that has one, at the moment that is shown. Labels are arms' ids."""
        arms = [arm for arm in self.snapshot.arms if arm.id != BASE] if self.snapshot is not None else []
        found: dict[str, Bars] = {}
        for metric in self.lab.curves:
            values = {arm.id: arm.metrics[metric] for arm in arms if metric in arm.metrics}
            if values:
                found[metric] = Bars(tuple(values), tuple(values.values()))
        return found

    def _start(self, *, paused: bool) -> None:
        if self.spoken is not None:
            (self.lab, self.spread), self.spoken = self.spoken, None
        self.begun = self._asked()
        self._events_seen = 0
        self.run = LabRun(
            self.lab,
            seed=self.seed,
            settings={**self.presets, **self.settings},
            steps=self.steps,
            spec=self.spec,
            models=self.models,
            long=self.long,
            spread=self.spread,
        )
        self.run.watch(*self._watched)
        if self.lab.speed is not None:
            self.run.set_speed(self.lab.speed)
        self.run.start(paused=paused)

    def _record_reveal(self, snapshot: Snapshot, lang: Lang) -> None:
        metrics = {arm: dict(values) for arm, values in (snapshot.final or {}).items()}
        of = self.begun
        events = snapshot.timeline.current.events if snapshot.timeline else ()
        turned = {event.key: as_setting(event.value) for event in events if event.kind == "knob"}
        made = {**of.presets, **of.settings, **turned}
        changes = {k: v for k, v in made.items() if self.deviations and k not in self.spec.display}
        if of.steps is not None:
            changes["steps"] = str(of.steps)
        outcome = None if self.diverged else snapshot.outcome
        if not self.changed:
            self.judged = outcome
        self.last_time = self.store.last_reveal(self.unit, self.lab.id)
        self.store.record_reveal(
            self.unit,
            of.section,
            self.lab.id,
            self.predicted,
            outcome,
            metrics,
            of.seed,
            lang=lang,
            settings=changes,
        )
        if of.step and (of.may_diverge or not self.diverged):
            self.store.mark_step(self.unit, of.section, of.step)
