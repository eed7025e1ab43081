"""A run of a lab in a background thread: commands in, snapshots out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine import commands
from tutor.engine.configs import Plan, Settings
from tutor.engine.loop import Loop
from tutor.engine.mailbox import Inbox, Mailbox
from tutor.engine.model_store import ModelStore
from tutor.engine.runtime import lower_priority, share_interpreter
from tutor.engine.snapshot import Snapshot, merge
from tutor.experiments.base import ExperimentSpec
from tutor.experiments.knobs import Value


class LabRun:
    """One lab on one thread.

    All commands return at once and may come from any thread at any time, also before `start` and after `stop`. The thread imports torch,
    builds the arms, steps them, and lays a snapshot in the mailbox whenever that is empty and something new is due.

    Attributes:
        failure: Traceback of what went wrong, for a log; never for the learner.
    """

    def __init__(
        self,
        lab: Lab,
        *,
        seed: int = 0,
        settings: Settings | None = None,
        steps: int | None = None,
        spec: ExperimentSpec | None = None,
        models: ModelStore | None = None,
        long: bool = False,
        spread: Spread | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing runs before `start`. The arguments are those of `Plan`; the clock gives seconds, never going back."""
        self.lab = lab
        self.failure: str | None = None
        self._plan = Plan(lab, spec, seed, dict(settings or {}), steps, models, long, spread)
        self._clock = clock
        self._inbox = Inbox()
        self._mailbox: Mailbox[Snapshot] = Mailbox(merge)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._ended = False

    def start(self, paused: bool = False) -> None:
        """Start the thread, once; with `paused`, stand still before the first step, with everything built."""
        with self._starting:
            if self._thread is None and not self._ended:
                loop = Loop(
                    self._plan,
                    paused=paused,
                    inbox=self._inbox,
                    mailbox=self._mailbox,
                    clock=self._clock,
                    on_failure=self._note_failure,
                )
                # No daemon: a thread that dies inside torch while the interpreter is taken down can crash it.
                self._thread = threading.Thread(
                    target=_train, args=(loop,), name=f"lab-{self.lab.id}", daemon=False
                )
                self._thread.start()

    def play(self) -> None:
        self._inbox.put(commands.Play())

    def pause(self) -> None:
        """Stand still as soon as every arm has done the step that the first of them has begun."""
        self._inbox.put(commands.Pause())

    def step(self, n: int = 1) -> None:
        self._inbox.put(commands.Step(n))

    def set_speed(self, steps_per_second: float | None) -> None:
        self._inbox.put(commands.SetSpeed(steps_per_second))

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a live knob of the lab on all arms, from the next step on; a value beyond the lab's bounds is moved to them.

        At an earlier moment this begins a fork there, unless the knob only decides how things are shown.
        """
        self._inbox.put(commands.Adjust(knob, value))

    def rewind(self, round_: int) -> None:
        self._inbox.put(commands.Rewind(round_))

    def scrub(self, by: int) -> None:
        self._inbox.put(commands.Scrub(by))

    def fork(self, changes: Mapping[str, Value]) -> None:
        self._inbox.put(commands.Fork(dict(changes)))

    def switch(self, branch: int) -> None:
        self._inbox.put(commands.Switch(branch))

    def answer(self, question: str, value: str) -> None:
        self._inbox.put(commands.Answer(question, value))

    def ablate(self, arm: str, part: str | None) -> None:
        self._inbox.put(commands.Ablate(arm, part))

    def reset(self, seed: int | None = None, settings: Mapping[str, str | float] | None = None) -> None:
        """Go back to step 0, and run again under a new run id; None keeps the seed or the settings, others replace all there were."""
        self._inbox.put(commands.Reset(seed, None if settings is None else dict(settings)))

    def watch(self, views: Mapping[str, float], only: Mapping[str, str] | None = None) -> None:
        """Say which views are looked at; others are not computed.

        Args:
            views: Name to the shortest seconds between two frames of it.
            only: Of a view that shows one arm at a time, which: the other arms have a first frame only until training stands still.
        """
        self._inbox.put(commands.Watch(dict(views), dict(only or {})))

    def stop(self) -> None:
        """End for good, after the unit of work that is under way."""
        with self._starting:
            first, self._ended = not self._ended, True
            self._inbox.stop()
            if first and self._thread is None:
                self._mailbox.put(_NEVER_STARTED)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; return False when it didn't within `timeout` seconds."""
        thread = self._thread
        if thread is None:
            return True
        thread.join(timeout)
        return not thread.is_alive()

    @property
    def sent(self) -> int:
        """Return how many commands were given so far; a snapshot says how many of them it has heard."""
        return self._inbox.count

    def take(self) -> Snapshot | None:
        """Return the newest snapshot, once."""
        return self._mailbox.take()

    def wait(self, timeout: float) -> bool:
        """Block until there is a snapshot to take; return False after `timeout` seconds."""
        return self._mailbox.wait(timeout)

    def _note_failure(self, trace: str) -> None:
        self.failure = trace


def _train(loop: Loop) -> None:
    lower_priority()
    share_interpreter()
    loop.run()


_NEVER_STARTED = Snapshot(0, "stopped")
