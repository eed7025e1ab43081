"""When frames are made: on a grid of time, and of the arm that is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fake import fake_lab, fake_spec
from tutor.engine.configs import Plan
from tutor.engine.frame_scheduler import FrameKey, FrameScheduler
from tutor.engine.runner import Runner
from tutor.engine.timeline import Timeline


class Watched:
    """FrameScheduler of a run under a clock of our own."""

    def __init__(self, views: Mapping[str, float], only: Mapping[str, str]) -> None:
        self.now = 0.0
        runner = Runner(Plan(fake_lab(steps=500), fake_spec()), lambda: self.now)
        self.timeline = Timeline(runner)
        while not runner.stage.built:
            self.timeline.advance()
        self.pictures = FrameScheduler(lambda: self.now)
        self.pictures.watch(views, only)
        self.made: Counter[FrameKey] = Counter()

    def train(self, rounds: int, seconds: float) -> None:
        """Train, and take what is due after each round."""
        runner = self.timeline.runner
        for _ in range(rounds):
            self.timeline.advance()
            while not runner.stage.between_rounds:
                self.timeline.advance()
            self.now += seconds
            self.made.update(self.pictures.next_due(self.timeline).keys())


@settings(max_examples=10)
@given(st.floats(0.001, 0.2))
def test_steps_that_come_late_cost_no_frames(step: float) -> None:
    run = Watched({"curves": 0.25}, {})
    run.train(200, step)
    wanted = run.now / 0.25
    assert wanted - 3 <= run.made["curves", ""] <= wanted + 3


def test_of_a_view_that_shows_one_arm_the_others_wait_until_it_stands_still() -> None:
    run = Watched({"attention": 0.5}, {"attention": "fast"})
    run.train(40, 0.1)
    assert run.made["attention", "slow"] == 1, "so that one can choose it"
    assert run.made["attention", "fast"] >= 7
    run.pictures.watch({"attention": 0.5}, {"attention": "slow"})
    run.train(1, 0.1)
    assert run.made["attention", "slow"] == 2, "chosen, it is due at once"
    run.pictures.watch({"attention": 0.5}, {"attention": "fast"})
    run.train(5, 0.01)
    left: set[FrameKey] = set()
    while frames := run.pictures.next_stale(run.timeline, sound=True):
        left |= frames.keys()
    assert ("attention", "slow") in left


def test_an_arm_that_is_not_there_yet_hides_nobody() -> None:
    run = Watched({"attention": 0.5}, {"attention": "nobody"})
    run.train(40, 0.1)
    assert min(run.made["attention", "slow"], run.made["attention", "fast"]) >= 3
