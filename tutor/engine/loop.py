"""What the training thread does: obey commands, do a unit of work, lay news in the mailbox, over and over."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from dataclasses import replace

from tutor.content.problems import shorten
from tutor.engine import claims
from tutor.engine.commands import Command, Pause, Play, Reset, Rewind, Scrub, SetSpeed, Step, Switch, Watch
from tutor.engine.configs import Plan, find_spec
from tutor.engine.frame_scheduler import FrameKey, FrameScheduler
from tutor.engine.mailbox import Inbox, Mailbox
from tutor.engine.model_store import StoredModels
from tutor.engine.runner import Runner
from tutor.engine.runtime import collect_now
from tutor.engine.snapshot import Phase, Snapshot
from tutor.engine.timeline import Timeline
from tutor.frames import Frame
from tutor.text import InputError, Text

_STATUS_SECONDS = 0.3
"""Shortest time between two snapshots that bring nothing but new numbers. Longer than between two frames of the curves: they bring the numbers too."""


class Pace:
    """When the next round may begin.

    Attributes:
        speed: Rounds a second; None is as fast as it goes.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.speed: float | None = None
        self._next_at = -math.inf

    def limit(self, speed: float | None) -> None:
        """Set the speed; None, or one that isn't positive, is no limit."""
        self.speed = speed if speed is not None and speed > 0 else None
        self.at_once()

    def at_once(self) -> None:
        """Let the next round begin without waiting."""
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
    """The life of one training thread: all but inbox and mailbox belongs to it alone. `on_failure` is told the traceback of what broke."""

    def __init__(
        self,
        plan: Plan,
        *,
        paused: bool,
        inbox: Inbox,
        mailbox: Mailbox[Snapshot],
        clock: Callable[[], float],
        on_failure: Callable[[str], None],
    ) -> None:
        self._plan = plan
        self._inbox = inbox
        self._mailbox = mailbox
        self._clock = clock
        self._on_failure = on_failure
        self._frames = FrameScheduler(clock)
        self._timeline: Timeline | None = None
        self._models: StoredModels | None = None
        self._run_id = 0
        self._restart = False
        self._phase: Phase = "preparing"
        self._failed: Text | None = None
        self._playing = not paused
        self._rounds_due = 0
        self._pace = Pace(clock)
        self._told_at = -math.inf
        self._told_work = -1
        self._eager = False
        self._heard = 0
        self._refused: Text | None = None

    def run(self) -> None:
        """Run, and run again after every reset, until the inbox is stopped."""
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
        except InputError as error:
            self._fail(error.text)
        except Exception as error:
            self._on_failure(traceback.format_exc())
            self._fail(_FAILED.format(kind=type(error).__name__, what=shorten(str(error)) or "?"))

    def _fail(self, text: Text) -> None:
        self._phase, self._failed = "failed", text
        self._tell({})

    def _one_run(self) -> None:
        """Run from nothing to a reset or the stop."""
        self._restart = False
        self._phase, self._failed, self._timeline = "preparing", None, None
        self._frames.forget()
        if self._run_id:
            collect_now()
        plan = self._plan
        self._models = None
        if plan.models is not None:
            self._models = StoredModels(plan.models, may_save=plan.as_made)
        # Before torch is imported: a setting that can't be used is told at once.
        runner = Runner(
            plan.lab,
            plan.spec or find_spec(plan.lab),
            seed=plan.seed,
            settings=plan.settings,
            steps=plan.steps,
            clock=self._clock,
            models=self._models,
        )
        self._timeline = timeline = Timeline(runner)
        self._tell({})
        if not self._inbox.stopped:
            runner.prepare(long=plan.long)
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
        if held and (arm := timeline.ablated.due(timeline.runner, at_rest=False)) is not None:
            timeline.ablated.measure(timeline.runner, arm)
            self._tell({})
        trains = runner.training and runner.asked is None  # to take an answer is no step
        if trains:
            self._enter("base" if not runner.last else "running")
        elif runner.measuring:
            self._enter("measuring")
        if held and self._playing:
            self._pace.begin()
        timeline.advance()
        if trains and runner.stage.between_rounds and self._rounds_due:
            self._rounds_due -= 1
        if self._mailbox.empty and not runner.spec.instant:
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
        elif (arm := timeline.ablated.due(timeline.runner, at_rest=True)) is not None:
            timeline.ablated.measure(timeline.runner, arm)
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
            self._do(command)

    def _do(self, command: Command) -> None:
        match command:
            case Play():
                self._playing, self._rounds_due = True, 0
                self._pace.at_once()
            case Pause():
                self._hold()
            case Step(n):
                # By what is so now: a move through the past may have come just before.
                if self._phase != "failed" and not self._over:
                    self._playing = False
                    self._rounds_due += max(0, n)
            case SetSpeed(speed):
                self._pace.limit(speed)
                self._tell({})
            case Watch(views, only):
                self._frames.watch(views, only)
            case Reset(seed, settings):
                if seed is not None:
                    self._plan.seed = seed
                if settings is not None:
                    self._plan.settings = settings
                self._playing, self._rounds_due = True, 0
                self._pace.at_once()
                self._run_id += 1
                self._restart = True
            case _:
                if self._timeline is not None and self._phase != "failed":
                    if isinstance(command, Rewind | Scrub | Switch):
                        self._hold()
                    self._refused = None
                    try:
                        self._timeline.do(command)
                    except InputError as error:
                        self._refused = error.text
                    if not self._timeline.runner.spec.instant:
                        self._tell({})  # at once, since a key wants an answer
                    elif self._timeline.runner.over:
                        self._phase = "measuring"  # until all is there, which is told together

    def _hold(self) -> None:
        self._playing, self._rounds_due = False, 0

    def _tell(self, frames: dict[FrameKey, Frame | None]) -> None:
        timeline = self._timeline
        self._told_at = self._clock()
        self._told_work = timeline.runner.work if timeline is not None else -1
        notices = [] if self._refused is None else [self._refused]
        if self._models is not None:
            notices = notices or self._models.notices[-1:]
        base = self._models.taken if self._models is not None else ""
        told = Snapshot(
            self._run_id, self._phase, frames=frames, message=self._failed, speed=self._pace.speed,
            notice=_in_one(notices), heard=self._heard, base=base,
        )  # fmt: skip
        self._mailbox.put(told if timeline is None else self._of_the_run(told, timeline, notices))

    def _of_the_run(self, told: Snapshot, timeline: Timeline, notices: list[Text]) -> Snapshot:
        """Return a snapshot with all that a run has to tell."""
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
            notice=_in_one([*notices, *runner.remarks()]),
            configs=runner.configs,
            question=asked,
            answer=runner.learner.answer_to(asked) if asked is not None else None,
        )


def _in_one(texts: list[Text]) -> Text | None:
    """Return sentences one after another; None without any."""
    if not texts:
        return None
    return Text(" ".join(text.zh.strip() for text in texts), " ".join(text.en.strip() for text in texts))


_FAILED = Text(
    "实验出错了（{kind}：{what}）。换一个设置，或者重来一次。",
    "The experiment failed ({kind}: {what}). Try another setting, or reset and run again.",
)
