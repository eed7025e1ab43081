"""Back, on, and aside: what is done again comes to the same bits, and what is done otherwise is a line of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fake import FakeExperiment, FakeSpec, fake_lab, fake_spec, losses
from tutor.content.models import Lab, Saves
from tutor.engine.branch import Keyframes
from tutor.engine.configs import Plan
from tutor.engine.frame_scheduler import FrameScheduler
from tutor.engine.history import History, Track
from tutor.engine.model_store import StoredModels
from tutor.engine.runner import Runner
from tutor.engine.stage import Arm, LossGuard, Stage, State
from tutor.engine.timeline import MOST_BRANCHES, Timeline
from tutor.experiments.base import Experiment, ExperimentSpec, TrainedModel
from tutor.frames import Bars, Frame, HeatMap, Samples
from tutor.text import InputError

LAB = fake_lab(steps=20)


def timeline(lab: Lab = LAB, *, budget: int = 10**6, seed: int = 0) -> Timeline:
    runner = Runner(Plan(lab, fake_spec(), seed), lambda: 0.0)
    return Timeline(runner, budget)


def go(line: Timeline, rounds: int | None = None) -> None:
    """On to a round, or to the end."""
    settle(line)
    while not line.runner.over and (
        rounds is None
        or not (
            line.runner.stage.built and line.runner.stage.round >= rounds and line.runner.stage.between_rounds
        )
    ):
        line.advance()


def settle(line: Timeline) -> None:
    while not line.ready:
        line.approach()


def loss(line: Timeline, arm: str = "fast") -> float:
    experiment = next(a.experiment for a in line.runner.arms if a.id == arm)
    assert isinstance(experiment, FakeExperiment)
    return experiment.loss


def test_back_and_on_again_gives_the_same_bits() -> None:
    calm, moved = timeline(), timeline()
    go(calm)
    go(moved, 15)
    for target in (3, 11, 0, 14):
        moved.rewind(target)
        settle(moved)
        assert moved.at == moved.runner.stage.round == target
        go(moved, 15)
    go(moved)
    assert moved.runner.final == calm.runner.final
    assert moved.runner.history.mismatches == 0
    assert losses(moved.curves(), "fast") == losses(calm.curves(), "fast")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 22), st.sampled_from(["go", "turn", "stay"])), max_size=8))
def test_any_way_through_the_past_leaves_the_run_itself_as_it_was(moves: list[tuple[int, str]]) -> None:
    calm, moved = timeline(), timeline()
    go(calm)
    go(moved)
    for target, then in moves:
        moved.switch(0)
        settle(moved)
        moved.rewind(target)
        settle(moved)
        if then == "turn":
            moved.adjust("lr", 0.3)
            settle(moved)
        if then != "stay":
            go(moved)
    moved.switch(0)
    settle(moved)
    assert moved.runner.over
    assert moved.runner.final == calm.runner.final
    assert all(line.runner.history.mismatches == 0 for line in moved.branches)


def test_what_was_turned_is_turned_again() -> None:
    line = timeline()
    go(line, 5)
    line.adjust("lr", 0.7)
    go(line, 9)
    line.adjust("lr", 0.2)
    go(line, 12)
    expected = loss(line)
    for target in (2, 5, 7, 9, 10):
        line.rewind(target)
        settle(line)
        assert line.runner.knobs()["lr"] == (0.1 if target <= 5 else 0.7 if target <= 9 else 0.2)
        go(line, 12)
        assert loss(line) == expected
    assert len(line.branches) == 1


def test_a_knob_turned_in_the_middle_of_a_round_counts_from_the_next() -> None:
    line = timeline()
    go(line, 5)
    line.advance()  # the first arm of two
    line.adjust("lr", 0.7)
    go(line, 10)
    expected = (loss(line, "slow"), loss(line, "fast"))
    line.rewind(3)
    go(line, 10)
    assert (loss(line, "slow"), loss(line, "fast")) == expected


def test_a_knob_turned_in_the_past_begins_a_fork() -> None:
    line = timeline()
    go(line)
    final = line.runner.final
    line.rewind(8)
    line.adjust("lr", 0.7)
    line.adjust("lr", 0.6)
    settle(line)
    status = line.status()
    assert status.branch == 1
    assert status.current.left.round == status.at == status.current.head == 8
    assert status.current.changes == {"lr": (0.1, 0.6)}
    line.adjust("lr", 0.65)  # still at its beginning: the same fork
    assert line.status().current.changes == {"lr": (0.1, 0.65)}
    go(line)
    assert line.runner.final is not None
    assert line.runner.final["slow"]["val_loss"] < (final or {})["slow"]["val_loss"]
    # Drawn beside the original: from where it left, and the original as it was.
    chart = line.curves()
    fork = [s for s in chart.series if s.branch == 1]
    assert {s.x[0] for s in fork if s.metric == "train_loss"} == {8.0}
    original = next(s for s in chart.series if (s.arm, s.metric, s.branch) == ("slow", "train_loss", 0))
    assert original.x.tolist() == [float(i) for i in range(1, 21)]
    line.switch(0)
    settle(line)
    assert line.runner.final == final


def written_at(line: Timeline, arm: str = "fast") -> tuple[int, float | None]:
    """The step and the temperature of the sample that would be shown now."""
    frame = line.frame("samples", next(a for a in line.runner.arms if a.id == arm))
    assert isinstance(frame, Samples)
    [sample] = frame.items
    return sample.step, sample.temperature


def test_what_only_decides_how_things_are_shown_begins_no_fork() -> None:
    calm, line = timeline(), timeline()
    go(calm)
    go(line)
    line.rewind(8)
    before = line.stamp(line.runner.arms[0])
    line.adjust("temperature", 0.5)  # while the moment is still a view_state
    assert line.stamp(line.runner.arms[0]) != before, "the picture is to be made anew"
    assert written_at(line) == (8, 0.5)
    settle(line)
    assert written_at(line) == (8, 0.5)
    line.adjust("temperature", 0.25)
    settle(line)
    assert (line.at, line.status().branch, len(line.branches)) == (8, 0, 1)
    assert written_at(line) == (8, 0.25)
    assert line.runner.knobs(8)["temperature"] == 0.25
    # It belongs to whoever looks: also at other moments, at the end, and in a fork and what that left.
    line.rewind(3)
    assert written_at(line) == (3, 0.25)
    go(line)
    assert written_at(line) == (20, 0.25)
    line.adjust("temperature", 2.0)
    assert written_at(line) == (20, 2.0)
    assert not line.runner.learner.events
    assert line.status().current.events == ()
    assert line.runner.final == calm.runner.final
    line.rewind(5)
    line.adjust("lr", 0.3)
    line.adjust("temperature", 0.75)  # while the fork is on its way
    settle(line)
    assert line.status().current.changes == {"lr": (0.1, 0.3)}
    assert written_at(line) == (5, 0.75)
    line.switch(0)
    settle(line)
    assert written_at(line) == (20, 0.75)
    assert line.runner.history.mismatches == 0


def test_a_knob_turned_on_the_way_to_the_head_is_turned_there() -> None:
    calm, line = timeline(), timeline()
    for one in (calm, line):
        go(one, 12)
    calm.adjust("lr", 0.7)
    line.rewind(3)
    settle(line)
    line.rewind(12)
    assert not line.ready
    line.adjust("lr", 0.7)
    assert line.runner.knobs(line.at)["lr"] == 0.7
    settle(line)
    go(calm)
    go(line)
    assert line.status().current.events == calm.status().current.events
    assert line.runner.final == calm.runner.final
    assert line.status().exact


@pytest.mark.parametrize("built", [0, 1])
def test_what_is_turned_before_the_arms_are_built_is_not_in_a_fork_of_their_beginning(built: int) -> None:
    calm, line = timeline(), timeline()
    go(calm)
    for _ in range(built):
        line.advance()
    line.adjust("lr", 0.7)
    go(line, 5)
    assert [arm.experiment.lr for arm in line.runner.arms if isinstance(arm.experiment, FakeExperiment)] == [
        0.7,
        0.7,
    ]
    line.rewind(0)
    line.fork({})
    settle(line)
    assert line.runner.learner.events == ()
    go(line)
    assert line.runner.final == calm.runner.final


def test_what_a_fork_began_with_is_not_in_another_fork_of_that_moment() -> None:
    calm, line = timeline(), timeline()
    go(calm)
    go(line, 7)
    line.adjust("lr", 0.7)
    line.fork({})
    settle(line)
    assert [event.value for event in line.runner.learner.events] == [0.7]
    go(line, 12)
    line.rewind(7)
    line.fork({})
    settle(line)
    assert line.runner.learner.events == ()
    go(line)
    assert line.runner.final == calm.runner.final


def test_on_the_way_to_the_end_no_knob_is_turned_and_no_fork_begun() -> None:
    calm, line = timeline(), timeline()
    go(calm)
    go(line)
    line.rewind(3)
    settle(line)
    line.rewind(20)
    assert not line.ready
    line.adjust("lr", 0.7)
    line.fork({"lr": 0.7})
    settle(line)
    assert not line.runner.learner.events
    assert len(line.branches) == 1
    assert line.runner.final == calm.runner.final


def test_what_is_turned_when_all_is_trained_is_no_turn() -> None:
    line = timeline()
    while not line.runner.stage.trained:
        line.advance()
    line.advance()  # one of two is measured
    assert line.runner.stage.trained
    assert not line.runner.over
    line.adjust("lr", 0.3)
    line.fork({"lr": 0.3})
    assert line.ready
    assert not line.runner.learner.events
    assert line.status().current.events == ()


def test_on_the_way_to_a_line_it_is_told_as_it_stands_at_its_head() -> None:
    line = timeline()
    go(line)
    line.rewind(5)
    settle(line)
    line.adjust("lr", 0.3)
    settle(line)
    line.switch(0)  # whose runner is still in its past
    assert not line.ready
    assert [arm.step for arm in line.statuses()] == [20, 20]
    settle(line)
    assert [arm.step for arm in line.runner.statuses()] == [20, 20]


def test_a_fork_differs_only_in_what_the_run_follows_from() -> None:
    line = timeline()
    go(line, 12)
    line.rewind(6)
    line.fork({"lr": 0.3, "temperature": 0.5})
    settle(line)
    assert line.status().current.changes == {"lr": (0.1, 0.3)}
    assert written_at(line) == (6, 0.5)


def test_a_fork_with_nothing_changed_comes_to_the_same_end() -> None:
    line = timeline()
    go(line, 13)
    line.rewind(6)
    line.fork({})
    go(line)
    twin = line.runner.final
    line.switch(0)
    go(line)
    assert line.runner.final == twin


def test_the_derived_metrics_of_a_fork_begin_where_the_run_began() -> None:
    line = timeline()
    go(line)
    first = (line.runner.final or {})["fast"]["first_train_loss"]
    line.rewind(8)
    line.fork({"lr": 0.2})
    go(line)
    assert (line.runner.final or {})["fast"]["first_train_loss"] == first


def test_a_fork_before_the_beginning_of_a_fork_leaves_the_run_itself() -> None:
    line = timeline()
    go(line)
    line.rewind(10)
    line.fork({"lr": 0.2})
    go(line)
    line.rewind(4)
    line.adjust("lr", 0.3)
    settle(line)
    assert line.status().current.parent == 0
    line.switch(1)
    settle(line)
    line.rewind(15)
    line.adjust("lr", 0.4)
    settle(line)
    assert line.status().current.parent == 1
    assert [r for r in line.status().marks if r < 10]


def test_there_is_room_for_so_many_lines() -> None:
    line = timeline(fake_lab(steps=8))
    go(line)
    for i in range(MOST_BRANCHES + 2):
        line.switch(0)
        line.rewind(i % 8)
        line.adjust("lr", 0.01 * (i + 1))
        settle(line)
    assert len(line.branches) == MOST_BRANCHES
    assert line.full
    assert line.status().full
    assert line.ready


def test_scrubbing_goes_from_mark_to_mark_and_stays_inside() -> None:
    line = timeline()
    go(line)
    line.scrub(-1)
    assert line.at == 19
    line.scrub(-100)
    assert line.at == 0
    line.scrub(2)
    assert line.at == 2
    line.scrub(100)
    settle(line)
    assert line.at == 20
    assert line.runner.over


def test_what_is_shown_of_the_past_comes_before_the_state_is_there() -> None:
    lab = fake_lab(steps=20)
    line = timeline(lab)
    line.advance()
    while not line.branch.states.rounds:
        line.advance()
    # Only the beginning is whole: everything else is a long way off.
    only = Keyframes[State](1000)
    only.keep(0, line.runner.stage.keep(), 1)
    line.branch.states = only
    go(line)
    assert 7 in line.branch.view_states.rounds
    line.rewind(7)
    assert not line.ready
    arm = line.runner.arms[0]
    frame = line.frame("attention", arm)
    assert isinstance(frame, HeatMap)
    assert float(frame.values[0, 0, 0]) == pytest.approx(0.7, abs=1e-3)
    stamp = line.stamp(arm)
    settle(line)
    assert line.stamp(arm) == stamp, "the same picture needs no second drawing"


def test_metrics_of_a_moment() -> None:
    line = timeline()
    go(line)
    line.rewind(6)
    statuses = line.runner.statuses(line.at)
    assert [s.step for s in statuses] == [6, 6]
    assert statuses[0].metrics["train_loss"] == losses(line.curves(), "slow")[5]
    assert {s.outcome for s in statuses} == {"going"}


def test_a_base_has_moments_of_its_own() -> None:
    lab = fake_lab(base={"lr": "0.2"}, base_steps=6, steps=8)
    calm, line = timeline(lab), timeline(lab)
    go(calm)
    go(line, 4)
    assert not line.runner.last
    line.rewind(1)
    go(line, 5)
    go(line)
    assert line.runner.final == calm.runner.final
    assert line.status().marks == tuple(range(9))
    line.rewind(0)
    settle(line)
    assert line.runner.stage.round == 0
    assert line.runner.last


def test_a_fork_in_the_base_goes_on_into_the_arms() -> None:
    lab = fake_lab(base={"lr": "0.2"}, base_steps=6, steps=8)
    line = timeline(lab)
    go(line)
    final = line.runner.final
    other = timeline(lab)
    go(other, 4)
    other.rewind(2)
    other.fork({})
    go(other)
    assert other.status().branch == 1
    assert other.runner.final == final
    other.switch(0)
    go(other)
    assert other.runner.final == final


def test_a_fork_in_the_base_knows_where_it_left_also_when_the_base_is_over() -> None:
    line = timeline(fake_lab(base={"lr": "0.2"}, base_steps=6, steps=8))
    go(line, 4)
    line.rewind(3)
    line.adjust("lr", 0.3)
    settle(line)
    status = line.status()
    assert (status.stage, status.stages) == (0, 2)
    assert status.current.left == (0, 3)
    assert status.forks == (3,)
    go(line)
    status = line.status()
    assert status.stage == 1
    assert status.current.left == (0, 3)
    assert status.forks == (), "none left in the rounds that the slider goes through"
    assert (status.current.shared(0), status.current.shared(1)) == (3, 0)
    line.rewind(5)
    line.adjust("lr", 0.4)
    settle(line)
    status = line.status()
    assert status.current.left == (1, 5)
    assert (status.current.shared(0), status.current.shared(1)) == (None, 5)
    assert status.forks == (5,)
    line.switch(0)  # that is still at the base
    settle(line)
    assert line.status().stage == 0
    assert line.status().forks == (3,)


def test_diverged_arms_stay_diverged_after_a_rewind_past_it() -> None:
    lab = fake_lab(steps=12, arms={"well": {}, "lost": {"nan_at": "5"}})
    line = timeline(lab)
    go(line)
    line.rewind(3)
    assert {s.id: s.outcome for s in line.runner.statuses(3)}["lost"] == "going"
    go(line)
    assert [arm.outcome for arm in line.runner.arms] == ["done", "diverged"]
    assert line.runner.history.mismatches == 0


def test_a_diverged_arm_is_drawn_as_it_last_was_sound() -> None:
    line = timeline(fake_lab(steps=12, arms={"well": {}, "lost": {"nan_at": "5"}}))
    go(line)
    well, lost = line.runner.arms

    def drawn(arm: Arm) -> int | None:
        frame = line.frame("attention", arm)
        assert isinstance(frame, HeatMap)
        return frame.step

    def told() -> tuple[int, str]:
        status = line.runner.statuses(line.at)[1]
        return status.step, status.outcome

    # The loss of step 5 was that of the weights after step 4; those after step 3 had a loss that was a number.
    for target, own, others in ((2, 2, 2), (9, 3, 9), (4, 4, 4), (5, 3, 5), (12, 3, 12)):
        line.rewind(target)
        for _ in ("as it was kept", "really there"):
            assert drawn(lost) == own
            assert drawn(well) == others
            assert told() == (min(target, 5), "diverged" if target >= 5 else "going")
            settle(line)
    line.rewind(2)
    line.adjust("lr", 0.2)
    settle(line)
    assert lost.lost_at == 5
    assert line.runner.arms[1].lost_at is None, "on the fork that lies ahead, and may come otherwise"


@pytest.mark.parametrize("why", ["a map of holes", "a view that fails"])
def test_what_can_not_be_drawn_any_more_is_taken_down(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    draw = FakeExperiment.view

    def view(self: FakeExperiment, name: str, *moment: Any) -> Frame:
        frame = draw(self, name, *moment)
        if self.steps >= 3:
            assert isinstance(frame, HeatMap)
            if why != "a map of holes":
                raise RuntimeError("probability tensor contains nan")
            return replace(frame, values=np.full_like(frame.values, np.nan))
        return frame

    monkeypatch.setattr(FakeExperiment, "view", view)
    line = timeline(fake_lab(base={"nan_at": "3"}))  # once the base is over, nothing of its past is kept
    pictures = FrameScheduler(lambda: 0.0)
    pictures.watch({"attention": 0.0}, {})
    go(line, 2)
    key = "attention", "base"
    assert pictures.next_stale(line, sound=True)[key] is not None
    go(line)
    assert pictures.next_stale(line, sound=True) == {key: None}
    assert pictures.next_stale(line, sound=True) == {}


@given(st.integers(1, 400_000))
@settings(deadline=None, max_examples=20)
def test_memory_stays_within_the_budget(budget: int) -> None:
    line = timeline(fake_lab(steps=60), budget=budget)
    go(line)
    line.rewind(20)
    line.fork({"lr": 0.2})
    go(line)
    smallest = sum(2 * 2 * 80 for _ in line.branches)  # two view_states of two arms for each line always stay
    assert line.status().bytes <= max(budget, smallest)


def heads(line: Timeline) -> Mapping[str, Any]:
    return {
        arm: status.ablation.without - status.ablation.loss for arm, status in line.ablated.measured.items()
    }


def test_heads_are_taken_out_of_what_is_shown_and_not_of_training() -> None:
    calm, line = timeline(), timeline()
    go(calm)
    go(line, 5)
    line.ablated.toggle("fast", "1.1")
    assert line.ablated.measure_due(line.runner, at_rest=False)
    assert heads(line) == {"fast": pytest.approx(0.1)}
    assert not line.ablated.measure_due(line.runner, at_rest=True)
    arm = line.runner.arms[1]
    frame = line.frame("attention", arm)
    assert isinstance(frame, HeatMap)
    assert not frame.values[0].any()
    assert frame.values[1].any()
    go(line, 7)
    assert not line.ablated.measure_due(line.runner, at_rest=False)
    assert line.ablated.measure_due(line.runner, at_rest=True), "it was of another step"
    line.ablated.toggle("fast", "1.2")
    assert line.ablated.measure_due(line.runner, at_rest=False)
    assert heads(line) == {"fast": pytest.approx(0.2)}
    line.ablated.toggle("fast", None)
    assert not line.ablated.without
    assert not line.ablated.measured
    go(line)
    assert line.runner.final == calm.runner.final


def test_a_head_that_is_not_there_is_put_back() -> None:
    line = timeline()
    go(line, 2)
    line.ablated.toggle("fast", "7.7")
    assert line.ablated.measure_due(line.runner, at_rest=False)
    assert not line.ablated.without


def test_a_fork_left_in_the_base_goes_back_no_further_than_where_it_left_once_that_past_is_gone() -> None:
    line = timeline(fake_lab(base={"lr": "0.2"}, base_steps=6, steps=8))
    go(line, 5)
    line.rewind(3)
    line.fork({"lr": 0.3})
    settle(line)
    line.rewind(1)
    settle(line)
    assert line.at == 1, "the past of both is still there"
    line.switch(0)
    go(line)
    line.switch(1)
    settle(line)
    line.rewind(1)
    settle(line)
    assert (line.at, line.status().marks[0]) == (3, 3)
    go(line)
    assert line.runner.over
    assert line.status().exact


def mutable(thing: Any) -> dict[int, str]:
    """Every list, dict, set and object with attributes that one reaches from here by plain attributes, by identity."""
    found: dict[int, str] = {}
    waiting: list[tuple[str, Any]] = [("runner", thing)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{name}[{key}]", item) for key, item in value.items()]
        elif isinstance(value, list | tuple | set):
            waiting += [(f"{name}[]", item) for item in value]
        elif isinstance(
            value, Runner | History | Track | Stage | Arm | LossGuard | FakeExperiment | np.ndarray
        ):
            names = [*getattr(value, "__dict__", ()), *getattr(value, "__slots__", ())]
            waiting += [(f"{name}.{key}", getattr(value, key)) for key in names if key != "display"]
        else:
            continue
        if not isinstance(value, tuple) and len(found) < 10_000:
            found[id(value)] = name
    return found


@pytest.mark.parametrize("base", [None, {"lr": "0.2"}])
def test_a_fork_shares_nothing_that_changes_with_what_it_left(base: dict[str, str] | None) -> None:
    line = timeline(fake_lab(base=base, base_steps=6, steps=8))
    go(line, 5)
    line.adjust("lr", 0.4)
    line.rewind(3)
    settle(line)
    fork = line.runner.fork(line.runner.stage.keep())
    shared = mutable(line.runner).keys() & mutable(fork).keys()
    told = {mutable(fork)[one] for one in shared}
    assert not {name for name in told if "spec" not in name and "lab" not in name}, told


class Small(Experiment):
    """All that a small experiment writes."""

    def __init__(self, config: Any, seed: int, total_steps: int, start: TrainedModel | None = None) -> None:
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.values = np.zeros(100)

    def step(self) -> dict[str, float]:
        self.steps += 1
        self.values += self.lr
        return {"train_loss": float(self.values[0])}

    def view(self, name: str, state: Any = None) -> Frame:
        return Bars(("x",), (float(self.values[0]),))


def test_an_experiment_that_writes_no_view_state_is_rewound_shown_and_forked() -> None:
    class SmallSpec(FakeSpec):
        def load(self) -> type[Experiment]:
            return Small

    spec = SmallSpec(**{f.name: getattr(fake_spec(), f.name) for f in dataclasses.fields(ExperimentSpec)})
    runner = Runner(Plan(LAB, spec), lambda: 0.0)
    line = Timeline(runner)
    go(line)
    final = runner.final
    assert len(line.branch.marks()) > 2
    arm = runner.arms[0]
    line.rewind(7)
    shown = line.frame("attention", arm)
    assert isinstance(shown, Bars)
    assert shown.values[0] == pytest.approx(7 * 0.1), "before the experiment is there"
    settle(line)
    assert line.frame("attention", arm) == shown
    line.fork({"lr": 0.5})
    settle(line)
    go(line)
    assert line.runner.over
    assert (line.runner.final or {})["slow"]["train_loss"] != (final or {})["slow"]["train_loss"]
    with pytest.raises(InputError):
        Small(arm.config, 0, 1, TrainedModel({}, "", {}, {}, {}, 0, 0))


class Kept(StoredModels):
    """A store that only notes whose model it is given."""

    def __init__(self) -> None:
        self.arms: list[str] = []
        self.missing: set[str] = set()

    def take(self, name: str, experiment: object) -> None:
        return None

    def put(self, name: str, model: TrainedModel) -> None:
        self.arms += [origin.arm for origin in model.history]


def test_a_run_with_a_turned_knob_and_a_fork_of_it_are_not_kept_as_models() -> None:
    kept = Kept()
    saving = LAB.model_copy(update={"saves": Saves(name="m", arm="fast")})
    runner = Runner(Plan(saving, fake_spec()), lambda: 0.0, kept)
    line = Timeline(runner)
    go(line)
    assert kept.arms == ["fast"]
    line.rewind(5)
    line.adjust("lr", 0.7)
    go(line)
    assert line.runner.over
    assert kept.arms == ["fast"]


def test_a_state_is_kept_as_it_was_before_a_knob_was_turned_there() -> None:
    line = timeline()
    go(line, 10)
    line.adjust("lr", 0.7)
    line.rewind(4)
    settle(line)
    go(line, 10)
    line.rewind(6)
    settle(line)
    line.rewind(10)
    settle(line)
    kept = line.branch.state(10)
    assert kept is not None
    experiment = kept[1].arms["slow"].experiment
    assert isinstance(experiment, FakeExperiment)
    assert experiment.lr == 0.1
    go(line, 11)
    assert losses(line.curves(), "slow")[10] < losses(line.curves(), "slow")[9] * 0.95, (
        "the turn counts from then on"
    )


def test_the_turns_of_a_line_are_told() -> None:
    line = timeline()
    go(line, 5)
    line.adjust("lr", 0.3)
    go(line)
    line.rewind(2)
    line.adjust("lr", 0.7)
    settle(line)
    go(line, 8)
    line.adjust("lr", 0.2)
    original, fork = line.status().branches
    assert [(e.at.round, e.value) for e in original.events] == [(5, 0.3)]
    assert [(e.at.round, e.value) for e in fork.events] == [(2, 0.7), (8, 0.2)]
    assert fork.changes == {"lr": (0.1, 0.2)}


def test_a_knob_turned_in_the_past_is_counted_from_its_value_then() -> None:
    line = timeline()
    go(line, 5)
    line.adjust("lr", 0.7)
    go(line, 10)
    line.rewind(3)
    assert line.runner.knobs(line.at)["lr"] == 0.1, "before anything is recomputed"


def test_a_fork_past_the_end_of_a_measured_arm_stays_exact() -> None:
    line = timeline(fake_lab(steps=12, arms={"well": {}, "lost": {"nan_at": "5"}}))
    go(line)
    line.rewind(9)
    line.fork({"lr": 0.3})
    go(line)
    assert line.status().exact
