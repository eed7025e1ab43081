"""A run of a lab in a background thread: commands in, snapshots out."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping

from tutor.content.models import Lab
from tutor.engine.bench import Bench
from tutor.engine.commands import Adjust, Command, Pause, Play, Reset, SetSpeed, Step, Watch
from tutor.engine.mailbox import Mailbox
from tutor.engine.quiet import limit_torch_threads, lower_priority, quiet_import, share_interpreter
from tutor.engine.snapshot import ENDED, Phase, Snapshot, merge
from tutor.experiments import registry
from tutor.experiments.base import ExperimentSpec, InputError
from tutor.frames import Frame
from tutor.text import Text

_FRAME_SHARE = 0.03
"""Largest share of the time that the frames of one view may take."""


class LabRun:
    """One lab on one thread.

    All commands return at once and may come from any thread at any time. The thread does the rest: it imports torch, builds
    the arms, steps them, and lays a snapshot in the mailbox whenever that is empty and something new is due.

    Attributes:
        failure: Traceback of what went wrong, for a log; never for the learner.
    """

    def __init__(
        self,
        lab: Lab,
        *,
        seed: int = 0,
        settings: Mapping[str, str | float] | None = None,
        steps: int | None = None,
        spec: ExperimentSpec | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            lab: The lab.
            seed: Seed of all arms.
            settings: Config values the learner changed; ``arm.key`` addresses one arm.
            steps: Budget of every arm; None is the lab's.
            spec: Card of the experiment; None looks it up.
            clock: Seconds, never going back.
        """
        self.lab = lab
        self.failure: str | None = None
        self._spec = spec
        self._seed = seed
        self._settings: Mapping[str, str | float] = dict(settings or {})
        self._steps = steps
        self._clock = clock
        self._mailbox: Mailbox[Snapshot] = Mailbox(merge)
        self._commands: deque[Command] = deque()
        self._wake = threading.Condition()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # All below belongs to the thread.
        self._bench: Bench | None = None
        self._run_id = 0
        self._phase: Phase = "idle"
        self._message: Text | None = None
        self._playing = True
        self._due_steps = 0
        self._speed: float | None = None
        self._next_step_at = 0.0
        self._watched: Mapping[str, float] = {}
        self._made_at: dict[tuple[str, str], float] = {}
        self._cost: dict[str, float] = {}

    # -- commands --------------------------------------------------------------------------------------------------------

    def start(self, paused: bool = False) -> None:
        """Start the thread; with ``paused``, wait before the first step."""
        if self._thread is None and not self._stop.is_set():
            self._playing = not paused
            self._thread = threading.Thread(target=self._main, name=f"lab {self.lab.id}", daemon=True)
            self._thread.start()

    def play(self) -> None:
        """Go on."""
        self._tell(Play())

    def pause(self) -> None:
        """Stand still after the step that is under way."""
        self._tell(Pause())

    def step(self, n: int = 1) -> None:
        """Do ``n`` steps of every arm, then stand still."""
        self._tell(Step(n))

    def set_speed(self, steps_per_second: float | None) -> None:
        """Limit the speed; None is as fast as it goes."""
        self._tell(SetSpeed(steps_per_second))

    def adjust(self, knob: str, value: float) -> None:
        """Turn a knob, from the next step on."""
        self._tell(Adjust(knob, value))

    def reset(self, seed: int | None = None, settings: Mapping[str, str | float] | None = None) -> None:
        """Begin again from step 0 with a new run id."""
        self._tell(Reset(seed, settings))

    def watch(self, views: Mapping[str, float]) -> None:
        """Say which views are wanted, and the shortest time in seconds between two frames of each."""
        self._tell(Watch(dict(views)))

    def stop(self) -> None:
        """End for good, after the step that is under way."""
        self._stop.set()
        with self._wake:
            self._wake.notify_all()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; False when it didn't within ``timeout`` seconds."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def take(self) -> Snapshot | None:
        """The newest snapshot, once."""
        return self._mailbox.take()

    def wait(self, timeout: float) -> bool:
        """Block until there is a snapshot to take; False after ``timeout`` seconds."""
        return self._mailbox.wait(timeout)

    def _tell(self, command: Command) -> None:
        with self._wake:
            self._commands.append(command)
            self._wake.notify_all()

    # -- the thread ------------------------------------------------------------------------------------------------------

    def _main(self) -> None:
        lower_priority()
        share_interpreter()
        while not self._stop.is_set():
            try:
                self._one_run()
            except InputError as error:
                self._fail(error.text)
            except Exception as error:
                # Whatever an experiment does must end in words on the screen, not in a traceback over it.
                self.failure = traceback.format_exc()
                self._fail(_FAILED.format(kind=type(error).__name__, what=str(error) or "?"))
            self._wait_for_reset()
        if self._phase not in ENDED:
            self._phase = "stopped"
        self._publish(everything=False)

    def _one_run(self) -> None:
        """From building to a reset or the stop."""
        self._message = None
        self._made_at.clear()
        self._bench = None
        self._phase = "preparing"
        self._publish(everything=False)
        spec = self._spec or registry.get(self.lab.experiment)
        with quiet_import():
            spec.load()
        if _uses_torch():
            limit_torch_threads()
        bench = Bench(
            self.lab, spec, seed=self._seed, settings=self._settings, steps=self._steps, clock=self._clock
        )
        bench.build()
        self._bench = bench
        while not self._stop.is_set():
            if self._obey():
                return
            if bench.done:
                self._finish(bench)
                return
            if not (self._playing or self._due_steps):
                if self._phase != "paused":
                    self._phase = "paused"
                    self._publish(everything=True)
                self._sleep(None)
            elif (wait := self._next_step_at - self._clock()) > 0:
                self._phase = "base" if bench.in_base else "running"
                self._publish(everything=False, if_due=True)
                self._sleep(wait)
            else:
                self._advance(bench)

    def _advance(self, bench: Bench) -> None:
        self._phase = "base" if bench.in_base else "running"
        bench.advance()
        round_over = bench.in_base or bench.at_round_start
        if round_over:
            if self._due_steps:
                self._due_steps -= 1
            if self._speed is not None and self._playing:
                self._next_step_at = self._clock() + 1 / self._speed
        if self._mailbox.empty:
            self._publish(everything=False, if_due=True)

    def _finish(self, bench: Bench) -> None:
        bench.finish()
        self._phase = "finished"
        self._message = bench.divergence()
        self._publish(everything=True)

    def _fail(self, text: Text) -> None:
        self._phase = "failed"
        self._message = text
        self._publish(everything=False)

    def _wait_for_reset(self) -> None:
        """After the end: stay for a reset, and for views that come on the screen only now."""
        while not self._stop.is_set():
            if self._obey():
                return
            self._sleep(None)

    def _sleep(self, timeout: float | None) -> None:
        """Until a command, the stop, or the timeout."""
        with self._wake:
            self._wake.wait_for(lambda: bool(self._commands) or self._stop.is_set(), timeout)

    def _obey(self) -> bool:
        """Take all commands; True when the run begins again."""
        while self._commands:
            with self._wake:
                command = self._commands.popleft()
            match command:
                case Play():
                    self._playing, self._due_steps, self._next_step_at = True, 0, 0.0
                case Pause():
                    self._playing, self._due_steps = False, 0
                case Step(n):
                    self._playing, self._next_step_at = False, 0.0
                    self._due_steps += max(0, n)
                case SetSpeed(speed):
                    self._speed = speed if speed is not None and speed > 0 else None
                    self._next_step_at = 0.0
                    self._publish(everything=False)
                case Adjust(knob, value):
                    if self._bench is not None and any(k.id == knob for k in self.lab.knobs):
                        self._bench.adjust(knob, value)
                        self._publish(everything=False)
                case Watch(views):
                    new = set(views) - set(self._watched)
                    self._watched = views
                    if new and self._phase in ("paused", "finished"):
                        self._publish(everything=True)
                case Reset(seed, settings):
                    self._seed = self._seed if seed is None else seed
                    self._settings = self._settings if settings is None else dict(settings)
                    self._playing, self._due_steps, self._next_step_at = True, 0, 0.0
                    self._run_id += 1
                    return True
        return False

    # -- snapshots -------------------------------------------------------------------------------------------------------

    def _publish(self, *, everything: bool, if_due: bool = False) -> None:
        """Lay a snapshot in the mailbox.

        Args:
            everything: Make a frame of every watched view now, due or not.
            if_due: Do nothing unless the curves (or, without curves, any view) are due.
        """
        now = self._clock()
        bench = self._bench
        frames: dict[tuple[str, str], Frame] = {}
        if bench is not None and self._phase not in ("failed",):
            for view in self._watched:
                for arm in [""] if view == "curves" else [arm.id for arm in bench.all_arms]:
                    if everything or self._due(view, arm, now):
                        frame = self._frame(bench, view, arm)
                        if frame is not None:
                            frames[view, arm] = frame
        if if_due and not frames and now - self._made_at.get(("status", ""), 0.0) < 0.2:
            return
        self._made_at["status", ""] = now
        finished = self._phase == "finished" and bench is not None
        self._mailbox.put(
            Snapshot(
                run_id=self._run_id,
                phase=self._phase,
                arms=bench.statuses() if bench else (),
                frames=frames,
                message=self._message if self._message or not bench else bench.divergence(),
                seconds=bench.seconds if bench else 0.0,
                tokens_per_s=bench.tokens / bench.seconds if bench and bench.seconds > 0 else 0.0,
                speed=self._speed,
                knobs=bench.knobs() if bench else {},
                final=bench.finish() if finished and bench else None,
                claims=bench.claims() if finished and bench else (),
                outcome=bench.outcome() if finished and bench else None,
            )
        )

    def _due(self, view: str, arm: str, now: float) -> bool:
        """Whether the view's interval has passed; a costly view waits longer, so that it never slows training much."""
        arms = 1 if view == "curves" or self._bench is None else len(self._bench.arms)
        interval = max(self._watched[view], self._cost.get(view, 0.0) * arms / _FRAME_SHARE)
        return now - self._made_at.get((view, arm), -1e9) >= interval

    def _frame(self, bench: Bench, view: str, arm: str) -> Frame | None:
        begin = self._clock()
        # A view that the experiment doesn't have is left out; the content check names it with its position.
        with contextlib.suppress(KeyError):
            frame = bench.frame(view, arm)
            end = self._clock()
            self._cost[view] = end - begin
            self._made_at[view, arm] = end
            return frame
        return None


def _uses_torch() -> bool:
    import sys

    return "torch" in sys.modules


_FAILED = Text(
    "实验出错了（{kind}：{what}）。进度没有丢；按 r 重来，或换一个设置再试。",
    "The experiment failed ({kind}: {what}). No progress is lost; press r to reset, or try another setting.",
)
