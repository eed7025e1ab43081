"""What the training thread does: obey commands, do a unit of work, lay news in the mailbox, over and over."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from tutor.engine import claims
from tutor.engine.configs import Plan, Settings
from tutor.engine.frame_scheduler import FrameKey, FrameScheduler
from tutor.engine.mailbox import Inbox, Mailbox
from tutor.engine.model_store import StoredModels
from tutor.engine.runner import Runner
from tutor.engine.runtime import collect_now, failure, make_way
from tutor.engine.snapshot import Phase, Snapshot
from tutor.engine.timeline import Timeline
from tutor.frames import Frame
from tutor.text import InputError, Text

_STATUS_SECONDS = 0.3
"""Shortest time between two snapshots that bring nothing but new numbers. Longer than between two frames of the curves: they bring the numbers too."""


class Pace:
    """When the next round may begin, at so many rounds a second; None, or none at all, is as fast as it goes."""

    def __init__(self, clock: Callable[[], float], speed: float | None = None) -> None:
        self._clock = clock
        self.speed = speed if speed is not None and speed > 0 else None
        self._next_at = -math.inf

    def at_once(self) -> None:
        self._next_at = -math.inf

    @property
    def wait(self) -> float:
        """Return seconds until the next round may begin; not positive when it may."""
        return self._next_at - self._clock()

    def begin(self) -> None:
        """Note that a round begins: the next is due a period after this one was, so that small delays don't add up."""
        if self.speed is not None:
            now, period = self._clock(), 1 / self.speed
            due = self._next_at
            self._next_at = (due if now - due < period else now) + period


class Loop:
    """The life of one training thread: all but inbox, mailbox and `failure`, the traceback of what broke, belongs to it alone."""

    def __init__(
        self, plan: Plan, inbox: Inbox[Command], mailbox: Mailbox[Snapshot], clock: Callable[[], float]
    ) -> None:
        self.failure: str | None = None
        self._plan = plan
        self._inbox = inbox
        self._mailbox = mailbox
        self._clock = clock
        self._frames = FrameScheduler(clock)
        self._timeline: Timeline | None = None
        self._models: StoredModels | None = None
        self._run_id = 0
        self._restart = False
        self._phase: Phase = "preparing"
        self._failed: Text | None = None
        self._playing = True
        self._rounds_due = 0
        self._pace = Pace(clock)
        self._told_at = -math.inf
        self._told_work = -1
        self._eager = False
        self._heard = 0
        self._refused: Text | None = None

    def run(self, paused: bool) -> None:
        """Run, and run again after every reset, until the inbox is stopped; with `paused`, stand still before the first step."""
        make_way()
        self._playing = not paused
        while not self._inbox.stopped:
            self._guard(self._one_run)
            while not self._leaving:
                self._guard(self._after_failure)
            if self._timeline is not None:
                self._guard(self._timeline.close)
        if self._phase != "failed":
            self._phase = "stopped" if not self._over else "finished"
            curves = self._timeline.curves() if self._timeline is not None else None
            self._tell({} if curves is None else {("curves", ""): curves})

    @property
    def _leaving(self) -> bool:
        return self._restart or self._inbox.stopped

    @property
    def _over(self) -> bool:
        """Return whether the branch that is shown is trained to its end, and that end is shown."""
        timeline = self._timeline
        return timeline is not None and timeline.ready and timeline.runner.over

    def _guard(self, work: Callable[[], None]) -> None:
        """End whatever an experiment does in words on the screen, not in a traceback over it."""
        try:
            work()
        except Exception as error:
            told = [failure(error)]
            if not isinstance(error, InputError):
                self.failure = traceback.format_exc()
                told.append(_TRY_AGAIN)
            self._phase, self._failed = "failed", Text.joined(told)
            self._tell({})

    def _one_run(self) -> None:
        self._restart = False
        self._phase, self._failed, self._timeline = "preparing", None, None
        self._frames.forget()
        if self._run_id:
            collect_now()
        plan = self._plan
        if plan.models is not None:
            self._models = StoredModels(plan.models, may_save=plan.as_made, may_replace=plan.may_replace)
        # Before torch is imported: a setting that can't be used is told at once.
        self._timeline = timeline = Timeline(Runner(plan, self._clock, self._models))
        self._tell({})
        if not self._inbox.stopped:
            timeline.runner.prepare()
        while not self._leaving:
            self._turn(timeline)

    def _enter(self, phase: Phase) -> None:
        """Tell a new phase at once, whether or not the last snapshot was taken."""
        if phase != self._phase:
            self._phase = phase
            self._tell({})

    def _turn(self, timeline: Timeline) -> None:
        """Obey commands, then do a unit of work unless something holds it back."""
        self._obey()
        if self._leaving:
            return
        runner = timeline.runner
        if not timeline.ready:
            self._approach(timeline)
            return
        if runner.over:
            self._playing, self._rounds_due = False, 0
            if runner.spec.instant:
                self._whole(timeline)
                return
            self._enter("finished")
            self._stand_still(timeline)
            return
        # Building, and the measuring at the end, are not held back, so that a pause always shows a whole round.
        held = runner.training and runner.stage.between_rounds
        if held and not (self._playing or self._rounds_due):
            self._enter("paused")
            self._stand_still(timeline)
            return
        if runner.question is not None:
            if self._phase == "asking" and self._told_work != runner.work:
                self._tell({})  # the next question follows without a step between
            self._enter("asking")
            self._stand_still(timeline)
            return
        wait = self._pace.wait
        if held and self._playing and wait > 0:
            self._wait(timeline, wait)
            return
        if held and timeline.ablated.measure_due(runner, at_rest=False):
            self._tell({})
        trains = runner.training and runner.asked is None  # to take an answer is no step
        if trains:
            self._enter("base" if not runner.last else "running")
        elif runner.last and runner.stage.trained:
            self._enter("measuring")
        if held and self._playing:
            self._pace.begin()
        timeline.advance()
        if trains and runner.stage.between_rounds and self._rounds_due:
            self._rounds_due -= 1
        if self._mailbox.empty and not (runner.spec.instant and runner.last):
            frames = self._frames.next_due(timeline)
            if frames or self._eager or self._clock() - self._told_at >= _STATUS_SECONDS:
                self._eager = False
                self._tell(frames)

    def _approach(self, timeline: Timeline) -> None:
        """Show a moment of the past: first its views, from what was kept, then the work to be really there."""
        if self._playing or self._rounds_due:
            self._enter("running")
        else:
            self._enter("paused")
            # A fork is waited for: its first steps bring new frames soon enough.
            frames = {} if timeline.forking else self._frames.next_stale(timeline, sound=True)
            if frames:
                self._tell(frames)
                return
        branch = timeline.branch
        timeline.approach()
        if timeline.branch is not branch or timeline.ready:
            self._tell({})
            self._eager = True  # the first step from here is news at once

    def _wait(self, timeline: Timeline, seconds: float) -> None:
        """Spend the speed limit's pause telling what the last round did, whether or not the screen is quick to take it."""
        self._enter("base" if not timeline.runner.last else "running")
        frames = self._frames.next_due(timeline)
        if frames or self._told_work != timeline.runner.work:
            self._tell(frames)
        else:
            self._inbox.wait(seconds)

    def _stand_still(self, timeline: Timeline) -> None:
        """Make a frame that is missing, or measure an ablation, or else wait for a command."""
        frames = self._frames.next_stale(timeline, sound=True)
        if frames:
            self._tell(frames)
        elif timeline.ablated.measure_due(timeline.runner, at_rest=True):
            self._tell({})
        else:
            self._inbox.wait()

    def _whole(self, timeline: Timeline) -> None:
        """Tell everything that an instant experiment shows at once: views, numbers and what they decide belong together."""
        frames: dict[FrameKey, Frame | None] = {}
        while more := self._frames.next_stale(timeline, sound=True):
            frames |= more
        if frames or self._phase != "finished":
            self._phase = "finished"
            self._tell(frames)
        else:
            self._inbox.wait()

    def _after_failure(self) -> None:
        """Obey commands while all is lost but the curves."""
        self._obey()
        if self._leaving:
            return
        frames = self._frames.next_stale(self._timeline, sound=False) if self._timeline is not None else {}
        if frames:
            self._tell(frames)
        else:
            self._inbox.wait()

    def _obey(self) -> None:
        """Do what waits in the inbox; a reset leaves the rest to the run that follows it."""
        while not self._leaving and (command := self._inbox.take()) is not None:
            self._heard += 1
            command(self)

    def play(self) -> None:
        """Go on from the moment that is shown."""
        self._playing, self._rounds_due = True, 0
        self._pace.at_once()

    def hold(self) -> None:
        self._playing, self._rounds_due = False, 0

    def step(self, n: int) -> None:
        # By what is so now: a move through the past may have come just before.
        if self._phase != "failed" and not self._over:
            self._playing = False
            self._rounds_due += max(0, n)

    def set_speed(self, speed: float | None) -> None:
        self._pace = Pace(self._clock, speed)
        self._tell({})

    def watch(self, views: Mapping[str, float], only: Mapping[str, str]) -> None:
        self._frames.watch(views, only)

    def reset(self, seed: int | None, settings: Settings | None) -> None:
        if seed is not None:
            self._plan.seed = seed
        if settings is not None:
            self._plan.settings = settings
        self.play()
        self._run_id += 1
        self._restart = True

    def move(self, move: Callable[[Timeline], None], *, hold: bool) -> None:
        """Change the timeline, or what is shown of it; one that `hold`s ends in standing still."""
        timeline = self._timeline
        if timeline is None or self._phase == "failed":
            return
        if hold:
            self.hold()
        self._refused = None
        try:
            move(timeline)
        except InputError as error:
            self._refused = error.text
        if not timeline.runner.spec.instant:
            self._tell({})  # at once, since a key wants an answer
        elif timeline.runner.over:
            self._phase = "measuring"  # until all is there, which is told together

    def _tell(self, frames: dict[FrameKey, Frame | None]) -> None:
        timeline = self._timeline
        self._told_at = self._clock()
        self._told_work = timeline.runner.work if timeline is not None else -1
        models, base = ([], "") if self._models is None else (self._models.notices[-1:], self._models.taken)
        notices = models if self._refused is None else [self._refused]
        notices = notices if timeline is None else [*notices, *timeline.runner.remarks()]
        told = Snapshot(
            self._run_id, self._phase, frames=frames, message=self._failed, speed=self._pace.speed,
            notice=Text.joined(notices) if notices else None, heard=self._heard, base=base,
        )  # fmt: skip
        self._mailbox.put(told if timeline is None else self._of_the_run(told, timeline))

    def _of_the_run(self, told: Snapshot, timeline: Timeline) -> Snapshot:
        runner, lab = timeline.runner, self._plan.lab
        final = runner.final if told.phase == "finished" else None
        spread = self._plan.spread if self._plan.as_made and not runner.learner.events else None
        asked = runner.asked if timeline.ready else None
        return replace(
            told,
            arms=timeline.statuses(),
            message=told.message or runner.divergence(),
            seconds=runner.seconds,
            per_second=runner.per_second,
            knobs=runner.knobs(timeline.at),
            final=final,
            claims=claims.claims(lab, final, spread) if final is not None else (),
            outcome=claims.outcome(lab, final, spread) if final is not None else None,
            timeline=timeline.status() if runner.stage.built else None,
            without=timeline.ablated.without,
            ablations=dict(timeline.ablated.measured),
            configs=runner.configs,
            question=asked,
            answer=runner.learner.answer_to(asked) if asked is not None else None,
        )


Command: TypeAlias = Callable[[Loop], None]
"""What the screen wants done, on the thread of the run."""


_TRY_AGAIN = Text("换一个设置，或者重来一次。", "Try another setting, or reset and run again.")
