"""Commands in any order, at any time, from any thread: nothing breaks, and the numbers stay what they were."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine.fake import LONG, Control, Viewer, fake_lab, fake_spec, steps_of
from tutor.engine import LabRun, Phase, Snapshot
from tutor.engine.configs import Plan
from tutor.engine.headless import run_headless
from tutor.engine.snapshot import TimelineStatus
from tutor.engine.timeline import MOST_BRANCHES

PHASES = get_args(Phase)
VIEWS = st.dictionaries(
    st.sampled_from(["curves", "attention", "samples", "no_such_view"]), st.floats(0, 0.01)
)
LAB = fake_lab(base={"lr": "0.2"}, base_steps=2, steps=5, arms={"a": {}, "b": {"nan_at": "4"}, "c": {}})
TOTALS = {"base": 2, "a": 5, "b": 5, "c": 5}


class Storm(RuleBasedStateMachine):
    """A screen that presses everything; the lab is so short that it ends, or stands, at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.run_: LabRun | None = None
        self.seen: list[Snapshot] = []
        self.turned = False
        self.stopped = False
        self.pressed = 0

    @property
    def run(self) -> LabRun:
        assert self.run_ is not None
        return self.run_

    @initialize(seed=st.integers(0, 2))
    def make(self, seed: int) -> None:
        self.run_ = LabRun(Plan(LAB, fake_spec(), seed))
        self.seed = seed

    @rule(paused=st.booleans())
    def start(self, paused: bool) -> None:
        self.run.start(paused)

    @rule()
    def play(self) -> None:
        self.run.play()

    @rule()
    def pause(self) -> None:
        self.run.pause()

    @rule(n=st.integers(-1, 3))
    def step(self, n: int) -> None:
        self.run.step(n)

    @rule(speed=st.sampled_from([None, 0.0, -1.0, 1000.0, 1e9, float("nan"), float("inf")]))
    def set_speed(self, speed: float | None) -> None:
        self.run.set_speed(speed)

    @rule(knob=st.sampled_from(["lr", "no_such_knob"]), value=st.floats())
    def adjust(self, knob: str, value: float) -> None:
        self.run.adjust(knob, value)
        self.turned |= knob == "lr"

    @rule(by=st.integers(-3, 3))
    def scrub(self, by: int) -> None:
        self.run.scrub(by)

    @rule(round_=st.integers(-1, 7))
    def rewind(self, round_: int) -> None:
        self.run.rewind(round_)

    @rule(changes=st.dictionaries(st.sampled_from(["lr", "no_such_knob"]), st.floats()))
    def fork(self, changes: Mapping[str, float]) -> None:
        self.run.fork(changes)

    @rule(line=st.integers(-1, 7))
    def switch(self, line: int) -> None:
        self.run.switch(line)

    @rule(arm=st.sampled_from(["a", "b", "base", "no_such_arm"]), head=st.sampled_from(["1.1", "9.9", None]))
    def ablate(self, arm: str, head: str | None) -> None:
        self.run.ablate(arm, head)

    @rule(seed=st.none() | st.integers(0, 2))
    def reset(self, seed: int | None) -> None:
        self.run.reset(seed)
        self.seed = self.seed if seed is None else seed
        self.turned = False

    @rule(views=VIEWS)
    def watch(self, views: Mapping[str, float]) -> None:
        self.run.watch(views)

    @rule()
    def take(self) -> None:
        if (snapshot := self.run.take()) is not None:
            self.check(snapshot)

    @rule()
    def wait_and_take(self) -> None:
        if self.run.wait(0.002):
            self.take()

    @precondition(lambda self: self.pressed > 15)
    @rule()
    def stop(self) -> None:
        self.run.stop()
        self.stopped = True

    def check(self, snapshot: Snapshot) -> None:
        assert snapshot.phase in PHASES
        assert snapshot.phase != "failed", snapshot.message
        done = steps_of(snapshot)
        assert all(0 <= done[arm] <= TOTALS[arm] for arm in done)
        assert (snapshot.final is not None) == (snapshot.phase == "finished") == bool(snapshot.claims)
        going = [arm.step for arm in snapshot.arms if arm.outcome == "going"]
        assert not going or max(going) - min(going) <= 1
        if snapshot.phase == "paused":
            assert len(set(going)) <= 1, "what stands still stands at a whole round"
        if snapshot.timeline is not None:
            self.check_timeline(snapshot.timeline)
        assert not self.seen or snapshot.run_id >= self.seen[-1].run_id
        self.seen.append(snapshot)

    def check_timeline(self, timeline: TimelineStatus) -> None:
        assert timeline.exact, "what is done again comes to the same bits"
        assert 0 <= timeline.at <= timeline.current.head <= timeline.total
        assert list(timeline.marks) == sorted(set(timeline.marks))
        assert timeline.marks[0] == 0
        assert timeline.marks[-1] == timeline.current.head
        assert 1 <= len(timeline.branches) <= MOST_BRANCHES
        assert [line.id for line in timeline.branches] == list(range(len(timeline.branches)))
        assert all(line.left.round <= line.head for line in timeline.branches)
        assert all(line.parent is None or line.parent < line.id for line in timeline.branches)

    @invariant()
    def count(self) -> None:
        self.pressed += 1

    @invariant()
    def nothing_failed(self) -> None:
        assert self.run_ is None or self.run_.failure is None

    def teardown(self) -> None:
        if self.run_ is None:
            return
        try:
            if not self.stopped:
                # However wild it was: begun again with another seed, it comes to the numbers of a calm run.
                self.run.set_speed(None)
                self.run.start()
                self.run.reset(seed=self.seed)
                ids = self.seen[-1].run_id if self.seen else -1
                viewer = Viewer(self.run)
                end = viewer.until(lambda s: s.phase == "finished" and s.run_id > ids and not self._more())
                assert repr(end.final) == repr(expected(self.seed))
        finally:
            self.run.stop()
            assert self.run.join(LONG)
            assert self.run.failure is None

    def _more(self) -> bool:
        """Whether commands wait, so that what is finished may begin again."""
        return bool(self.run._inbox._commands)


_EXPECTED: dict[int, object] = {}


def expected(seed: int) -> object:
    if seed not in _EXPECTED:
        _EXPECTED[seed] = run_headless(Plan(LAB, seed=seed, spec=fake_spec())).metrics
    return _EXPECTED[seed]


TestStorm = Storm.TestCase
TestStorm.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_commands_from_many_threads(view: Callable[..., Viewer], control: Control) -> None:
    seen = view(fake_lab(steps=60))
    ready = threading.Barrier(4)

    def talk(number: int) -> None:
        ready.wait(LONG)
        for i in range(25):
            seen.run.start()
            seen.run.step(1)
            seen.run.watch({"curves": 0.0, "samples": 0.0} if i % 2 else {})
            seen.run.adjust("lr", number / 10)
            seen.run.set_speed(None)
            seen.run.play()

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()
    seen.run.reset()
    end = seen.until(lambda s: s.run_id == 1 and s.phase == "finished")
    assert steps_of(end) == {"slow": 60, "fast": 60}
    assert repr(end.final) == repr(run_headless(Plan(fake_lab(steps=60), spec=fake_spec())).metrics)
    assert control.count("load") >= 1
