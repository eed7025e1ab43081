"""A lab as the learner holds it: the run, the prediction, and the newest of everything the run has shown.

Lives in the app, not in a widget, so that a run goes on while the learner reads on, opens the full screen or changes the language.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Mapping

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine import LabRun, Snapshot
from tutor.engine.config_diff import Difference, RunSetup
from tutor.engine.configs import Plan, as_setting
from tutor.engine.model_store import ModelStore
from tutor.engine.snapshot import ENDED, LOST, TimelineStatus
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Question
from tutor.experiments.knobs import Value
from tutor.frames import Curves
from tutor.progress.store import Store
from tutor.text import Lang, Text
from tutor.ui.lab_bet import LabBet
from tutor.ui.run_frames import Pinned, RunFrames, reached_bands, setup_of
from tutor.ui.run_request import LabOptions, RunRequest


class HeldKey:
    """How far a key goes that is pressed again and again, or held down."""

    PAUSE = 0.6
    """Seconds after which a press is a first one again; a held key begins to repeat sooner."""
    EVERY = 5
    """Presses after which each goes one place further than those before."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._last, self._way, self._count = clock, -math.inf, 0, 0

    def pressed(self, way: int) -> int:
        """Return how many places a press in this direction goes."""
        now = self._clock()
        goes_on = way == self._way and now - self._last < self.PAUSE
        self._count = self._count + 1 if goes_on else 0
        self._last, self._way = now, way
        return 1 + self._count // self.EVERY


class LabSession:
    """One lab of one section.

    Attributes:
        spread: How the lab's numbers scatter over seeds; None when it isn't verified.
        next: What the next run is asked for.
        begun: What the last run was asked for.
        frames: What the run has drawn.
        bet: What the learner has predicted.
        knob: Id of the knob that the keys turn; empty when the lab offers none.
        pinned: An earlier run that lies under the present one.
        ended: The learner's own settings that ended when this step was come to; None when there were none, or once it is told.
        in_flight: The knob that was turned last, its value, and the command's number, until a snapshot has heard of it: the engine owns
            the value of every knob of a run, and this is all that the screen adds.
    """

    def __init__(
        self,
        unit: str,
        section: str,
        lab: Lab,
        spec: ExperimentSpec,
        store: Store,
        *,
        options: LabOptions | None = None,
        models: ModelStore | None = None,
        spread: Spread | None = None,
        gate_passed: bool = False,
    ) -> None:
        """Take up the lab as the learner left it; without options it begins as its author made it."""
        options = options or LabOptions()
        self._held = HeldKey()
        self.unit, self.lab, self.spec, self.store = unit, lab, spec, store
        self.next = RunRequest(
            lab, spec, section, dict(options.settings), seed=options.seed, steps=options.steps
        )
        self.begun = self.next.copy()
        self.spread = self._next_spread = spread
        self.bet = LabBet(unit, lab, store, gate_passed=gate_passed)
        self.run: LabRun | None = None
        self.snapshot: Snapshot | None = None
        self.frames = RunFrames()
        self.knob = lab.knobs[0].id if lab.knobs else ""
        self.pinned: Pinned | None = None
        self.ended: Text | None = None
        self.in_flight: tuple[str, Value, int] | None = None
        self._long, self._models = options.long, models
        self._events_seen = 0
        self._revealed = False
        self._charts: dict[str, tuple[tuple[object, ...], Curves]] = {}
        self._watched: tuple[dict[str, float], dict[str, str]] = ({}, {})

    def enter(self, place: str) -> None:
        """Come to a lesson step: what the learner set or pinned in another one ends, what ran stays to be seen."""
        if place == self.next.place:
            return
        self.next.place = place
        self.pinned = None
        own = self.next.own
        self.ended = self.next.in_words(own) if own else None
        self.next.forget_own()
        if self.spec.instant:
            self.close()  # the new step has settings of its own, and what comes of them costs nothing
        if self.moment is not None and self.phase == "paused":
            self.rewind(None)  # else the keys of the new step would fork the run of the old one

    def restore(self) -> None:
        """Go back to what the lab and its step ask for: with what can be turned in a run at once, with the rest from the next."""
        if self.spec.instant:  # one by one, some values might not go with the others
            self.next.forget_own()
            self.reset(run=True)
            return
        for knob, value in self.next.knobs_beyond(self.knobs()).items():
            self.turn(knob, value)
        line = self.spec.user_line
        if line is not None and line.key in self.next.settings and self.spec.is_live(line.key):
            self.turn(line.key, getattr(next(iter(self.next.without_own().configs().values())), line.key))
        self.next.forget_own()

    @property
    def phase(self) -> str:
        """The run's phase, ``idle`` before there is a run."""
        return self.snapshot.phase if self.snapshot else "preparing" if self.run else "idle"

    @property
    def shown(self) -> RunRequest:
        """What the run that is shown was asked for; without a run, what the next one is."""
        return self.next if self.run is None else self.begun

    @property
    def asks_bet(self) -> bool:
        """Whether the learner is still to bet here, or to say that they won't."""
        return not (self.bet.gate_passed or self.next.tries)

    @property
    def deviations(self) -> tuple[Difference, ...]:
        """What the run that is shown, or else the next one, has otherwise than its author made it, seed and budget left out."""
        return self.next.beyond_lab(self.setup())

    @property
    def changed(self) -> bool:
        """Whether this run differs from the lab as its author made it, so that its texts may not fit."""
        return bool(self.line) or self.shown.steps is not None or bool(self.deviations)

    @property
    def ran(self) -> tuple[Difference, ...]:
        """What the run that is shown has otherwise than the lab and the present step ask for."""
        return () if self.run is None else self.next.beyond_step(self.setup(), self.begun.steps)

    @property
    def of_another_step(self) -> bool:
        """Whether what is shown is the run of another step, with other settings than this one asks for."""
        return self.run is not None and self.begun.place != self.next.place and bool(self.ran)

    @property
    def timeline(self) -> TimelineStatus | None:
        """Where in its past the run stands; None before there is any."""
        return self.snapshot.timeline if self.snapshot is not None else None

    @property
    def moment(self) -> int | None:
        """The round of the past that is shown; None at the head."""
        timeline = self.timeline
        return timeline.at if timeline is not None and timeline.behind else None

    @property
    def line(self) -> int:
        """The line of the timeline that is shown; 0 is the run itself."""
        return self.timeline.branch if self.timeline is not None else 0

    @property
    def diverged(self) -> bool:
        return self.snapshot is not None and self.snapshot.diverged

    def lost_at(self, arm: str) -> int | None:
        """Return the step in which an arm diverged, if it had by the moment that is shown."""
        arms = self.snapshot.arms if self.snapshot is not None else ()
        return next((a.step for a in arms if a.id == arm and a.outcome == "diverged"), None)

    @property
    def live(self) -> bool:
        """Whether the run's thread is working."""
        return self.phase not in {"idle", "paused", *ENDED}

    @property
    def arm_ids(self) -> tuple[str, ...]:
        """Arms in the order of the lab file, the base first when there is one."""
        return tuple(self.lab.labels)

    @property
    def _moving(self) -> bool:
        """Whether a move through the past is on its way: then the run stands elsewhere than the last news said."""
        heard = self.snapshot.heard if self.snapshot is not None else 0
        return self.run is not None and self.run.moved > heard and self.phase not in LOST

    @property
    def _ended(self) -> bool:
        """Whether the run stands at an end."""
        return self.phase in ENDED and not self._moving

    def rewind(self, round_: int | None) -> None:
        """Show the moment after a round; None is the newest."""
        if self.run is not None:
            # By now it may be further than it said; beyond its newest moment it doesn't go.
            self.run.rewind(sys.maxsize if round_ is None else round_)

    def scrub(self, way: int) -> None:
        """Show the next kept moment, or the one before; a key that is held goes faster and faster."""
        if self.run is not None:
            self.run.scrub(way * self._held.pressed(way))

    def switch(self, line: int) -> None:
        """Show the head of another line."""
        if self.run is not None:
            self.run.switch(line)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to run: the run has ended, and so has the one that it left, if it is a fork."""
        timeline = self.timeline
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
        elif self._moving or (self.phase not in ENDED and not self.run.going_on):
            self.run.play()
        elif self.phase not in ENDED:
            self.run.pause()
        elif not self.over:
            self.switch(0)
            self.run.play()

    @property
    def question(self) -> Question | None:
        """What is asked at the moment that is shown, answered or not."""
        return self.snapshot.question if self.snapshot is not None else None

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
            self.next.seed = seed
        self.close()
        if run:
            self._start(paused=False)

    def knobs(self) -> dict[str, Value]:
        """Return the value of every knob: what can be turned while the run goes on is as it is there, the rest as the next run begins."""
        values = self.next.knobs()
        if self.snapshot is not None and (not self._ended or self.spec.instant):
            values |= {knob: value for knob, value in self.snapshot.knobs.items() if self.spec.is_live(knob)}
        if self.in_flight is not None:
            knob, value, _ = self.in_flight
            values[knob] = value
        return values

    def configs(self) -> Mapping[str, ExperimentConfig]:
        """Return what each arm was built from, or will be; empty when the settings can't be used."""
        made = self.snapshot.configs if self.snapshot is not None else {}
        return made or self.next.configs()

    def setup(self) -> RunSetup:
        """All that decides how the run that is shown went, or how the next one will."""
        if self.snapshot is not None and self.snapshot.configs:
            return setup_of(self.snapshot, self.begun.seed)
        return self.next.setup()

    def turn(self, knob: str, value: Value) -> None:
        """Turn a knob: now, or where that can't be, for the runs that come.

        Whether that changes the run or begins a fork is the engine's to say, which knows at what moment the turn reaches it. A knob
        that only decides how things are shown does neither: it changes what the run shows, also after its end, and the runs to come.
        """
        shows = knob in self.spec.display
        reachable = (not self._ended or self.spec.instant) and self.phase != "measuring"
        reachable = reachable or (shows and self.phase in ("measuring", "finished"))
        turns = self.run is not None and self.spec.is_live(knob) and reachable
        self.next.turned[knob] = value
        if self.run is not None and turns:
            self.run.adjust(knob, value)
            self.in_flight = knob, value, self.run.sent
        if shows or not turns:
            self.next.settings[knob] = as_setting(value)

    def next_knob(self, by: int) -> None:
        """Choose another knob for the keys to turn."""
        ids = [knob.id for knob in self.lab.knobs]
        if ids:
            self.knob = ids[(ids.index(self.knob) + by) % len(ids)]

    @property
    def lets_go(self) -> bool:
        """Whether `pin` would let go of what is pinned, and not pin the present run."""
        return self.pinned is not None and (self.run is None or self.pinned.is_of(self.run, self.line))

    def pin(self) -> bool:
        """Keep the line that is shown for comparison, or let go of it if it is kept; return whether something is kept now."""
        if self.lets_go:
            self.pinned = None
        else:
            self.pinned = self._shown_line() or self.pinned
        return self.pinned is not None

    def _shown_line(self) -> Pinned | None:
        if self.run is None or self.snapshot is None:
            return None
        return Pinned.of(self.run, self.snapshot, self.frames.curves(), self.setup())

    def watch(self, views: Iterable[str], only: Mapping[str, str]) -> None:
        """Say which views are on the screen, and of those that show one arm at a time which."""
        if (wanted := (self.frames.seconds(views), dict(only))) != self._watched:
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
        self._charts.clear()
        self.in_flight = None
        self._revealed = False

    def poll(self, lang: Lang) -> bool:
        """Take the newest snapshot; True when there was one."""
        snapshot = self.run.take() if self.run is not None else None
        if snapshot is None:
            return False
        self.snapshot = snapshot
        self.frames.take(snapshot, self.line)
        if self.in_flight is not None:
            knob, value, sent = self.in_flight
            if snapshot.phase in LOST:  # turned too late for this run, so it is for those that come
                self.next.keep([(knob, value)])
            if snapshot.phase in LOST or sent <= snapshot.heard:
                self.in_flight = None
        if snapshot.timeline is not None:
            events = snapshot.timeline.branches[0].events
            # Knobs of the run itself stay turned for the runs that come; those of a fork stay with the fork, those of an instant
            # experiment with what it shows.
            new = [e for e in events[self._events_seen :] if e.kind == "knob" and not self.spec.instant]
            self.next.keep((event.key, event.value) for event in new)
            self._events_seen = len(events)
        if snapshot.phase == "finished":
            if self.lets_go and self.pinned is not None and self.pinned.final is None:
                self.pinned = self._shown_line()  # now with its end
            if not self._revealed and self.line == 0:
                self._revealed = True
                self._record_reveal(snapshot, lang)
        return True

    def curves(self, view: str = "curves") -> Curves:
        """Return the newest curves of the run, over those of the pinned run and the spread over seeds; or those of all arms in another view."""
        if view != "curves":
            frames = tuple(self.frames.get((view, arm)) for arm in self.arm_ids)
            return self._chart(view, frames, lambda: self.frames.curves_of(view, self.arm_ids))
        own = self.frames.curves()
        # A line of this very run is drawn anyway.
        pinned = self.pinned.series if self.pinned is not None and self.pinned.run is not self.run else ()
        begun = {*self.shown.settings, *self.shown.presets} - self.spec.display
        verified = not (begun or self._events_seen or self.shown.steps is not None)
        spread = self.spread if verified else None
        bet = self.bet.value if verified and not self.shown.tries else None

        def made() -> Curves:
            bands = reached_bands(spread, own) if spread is not None else ()
            return Curves((*pinned, *(self.bet.drawn() if bet is not None else ()), *own.series), bands)

        return self._chart(view, (own, pinned, spread, bet), made)

    def _chart(self, view: str, parts: tuple[object, ...], made: Callable[[], Curves]) -> Curves:
        """Return the curves of a view, the same as the last time where they are made of the same parts: most news brings none."""
        known = self._charts.get(view)
        if known is None or any(old is not new for old, new in zip(known[0], parts, strict=True)):
            known = self._charts[view] = parts, made()
        return known[1]

    def speak(self, lab: Lab, spread: Spread | None) -> None:
        """Have the next run in another language, with that lab and its spread; the present one keeps the language it began in."""
        self.next.lab, self._next_spread = lab, spread

    def _start(self, *, paused: bool) -> None:
        self.begun = asked = self.next.copy()
        self.lab, self.spread = asked.lab, self._next_spread
        self._events_seen = 0
        settings = {**asked.presets, **asked.settings}
        self.run = LabRun(
            Plan(
                self.lab,
                self.spec,
                asked.seed,
                settings,
                asked.steps,
                self._models,
                self._long,
                self.spread,
                may_replace=not asked.tries,
            )
        )
        self.run.watch(*self._watched)
        if self.lab.speed is not None:
            self.run.set_speed(self.lab.speed)
        self.run.start(paused=paused)

    def _record_reveal(self, snapshot: Snapshot, lang: Lang) -> None:
        of = self.begun
        events = snapshot.timeline.current.events if snapshot.timeline else ()
        self.bet.reveal(
            of.section, snapshot, self.frames.curves(), self.spread, lang,
            seed=of.seed, settings=of.made_with(events) if self.changed else {}, as_made=not self.changed, settles=not of.tries,
        )  # fmt: skip
        if of.step and (of.tries or not self.diverged):
            self.store.mark_step(self.unit, of.section, of.step)
