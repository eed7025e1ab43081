"""A run of a lab in a background thread: commands in, snapshots out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from tutor.engine.configs import Plan
from tutor.engine.loop import Command, Loop
from tutor.engine.mailbox import Inbox, Mailbox
from tutor.engine.snapshot import Snapshot, merge
from tutor.engine.timeline import Timeline
from tutor.experiments.knobs import Value


class LabRun:
    """One lab on one thread.

    All commands return at once and may come from any thread at any time, also before `start` and after `stop`. The thread imports torch,
    builds the arms, steps them, and lays a snapshot in the mailbox whenever that is empty and something new is due.
    """

    def __init__(self, plan: Plan, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare; nothing runs before `start`. The clock gives seconds, never going back."""
        self.lab = plan.lab
        self._inbox: Inbox[Command] = Inbox()
        self._mailbox: Mailbox[Snapshot] = Mailbox(merge)
        self._loop = Loop(plan, self._inbox, self._mailbox, clock)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._ended = False
        self.moved = 0
        """The number of the last command that moved through the past."""
        self.going_on = False
        """Whether the run goes on by itself, as far as it was told to: it may not have heard so yet."""

    @property
    def failure(self) -> str | None:
        """Return the traceback of what went wrong, for a log; never for the learner."""
        return self._loop.failure

    def start(self, paused: bool = False) -> None:
        """Start the thread, once; with `paused`, stand still before the first step, with everything built."""
        with self._starting:
            if self._thread is None and not self._ended:
                self.going_on = not paused
                # No daemon: a thread that dies inside torch while the interpreter is taken down can crash it.
                self._thread = threading.Thread(
                    target=self._loop.run, args=(paused,), name=f"lab-{self.lab.id}", daemon=False
                )
                self._thread.start()

    def play(self) -> None:
        self.going_on = True
        self._inbox.put(Loop.play)

    def pause(self) -> None:
        """Stand still as soon as every arm has done the step that the first of them has begun."""
        self.going_on = False
        self._inbox.put(Loop.hold)

    def step(self, n: int = 1) -> None:
        """Do `n` steps of every arm that still trains, then stand still."""
        self.going_on = False
        self._inbox.put(lambda loop: loop.step(n))

    def set_speed(self, steps_per_second: float | None) -> None:
        """Limit the steps of every arm a second; None is as fast as it goes."""
        self._inbox.put(lambda loop: loop.set_speed(steps_per_second))

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a live knob of the lab on all arms, from the next step on; a value beyond the lab's bounds is moved to them.

        At an earlier moment this begins a fork there, unless the knob only decides how things are shown.
        """
        self._move(lambda timeline: timeline.adjust(knob, value))

    def rewind(self, round_: int) -> None:
        """Stand still at the moment after this round, as far as the branch has come."""
        self._move(lambda timeline: timeline.rewind(round_), hold=True)

    def scrub(self, by: int) -> None:
        """Stand still so many kept moments further on, or back if negative."""
        self._move(lambda timeline: timeline.scrub(by), hold=True)

    def fork(self, changes: Mapping[str, Value]) -> None:
        """Begin a branch at the moment that is shown, with knobs turned."""
        turned = dict(changes)
        self._move(lambda timeline: timeline.fork(turned))

    def switch(self, branch: int) -> None:
        """Stand still at the head of another branch."""
        self._move(lambda timeline: timeline.switch(branch), hold=True)

    def answer(self, question: str, value: str) -> None:
        """Answer a question by its id; where it was answered before, this begins a fork there. One that isn't asked now is dropped."""
        self._move(lambda timeline: timeline.answer(question, value))

    def ablate(self, arm: str, part: str | None) -> None:
        """Take a part of an arm's model out of what is shown and measured, or put it back; None puts all back. Training keeps all."""
        self._move(lambda timeline: timeline.ablated.toggle(arm, part))

    def reset(self, seed: int | None = None, settings: Mapping[str, str | float] | None = None) -> None:
        """Go back to step 0, and run again under a new run id; None keeps the seed or the settings, others replace all there were."""
        chosen = None if settings is None else dict(settings)
        self._inbox.put(lambda loop: loop.reset(seed, chosen))

    def watch(self, views: Mapping[str, float], only: Mapping[str, str] | None = None) -> None:
        """Say which views are looked at; others are not computed.

        Args:
            views: Name to the shortest seconds between two frames of it.
            only: Of a view that shows one arm at a time, which: the other arms have a first frame only until training stands still.
        """
        looked_at, alone = dict(views), dict(only or {})
        self._inbox.put(lambda loop: loop.watch(looked_at, alone))

    def stop(self) -> None:
        """End for good, after the unit of work that is under way."""
        with self._starting:
            first, self._ended = not self._ended, True
            self._inbox.stop()
            if first and self._thread is None:
                self._mailbox.put(_NEVER_STARTED)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; return False when it didn't within `timeout` seconds."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

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

    def _move(self, move: Callable[[Timeline], None], *, hold: bool = False) -> None:
        self._inbox.put(lambda loop: loop.move(move, hold=hold))
        if hold:
            self.moved, self.going_on = self.sent, False


_NEVER_STARTED = Snapshot(0, "stopped")
