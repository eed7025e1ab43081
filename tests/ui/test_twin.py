"""What may be concluded from two runs rests on what each really did, and in which order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.ui.fake import FAKE_SPEC, FakeConfig
from tutor.engine import LabRun, Snapshot
from tutor.engine.config_diff import RunSetup, conclusion, differences, plain
from tutor.engine.knob_history import Event, Moment
from tutor.engine.snapshot import ArmStatus, BranchStatus, TimelineStatus, merge
from tutor.frames import PINNED, Curves, Series
from tutor.ui.run_frames import Pinned, setup_of


def turn(round_: int, value: float, stage: int = 0) -> Event:
    return Event(Moment(stage, round_), "knob", "lr", value)


def setup(
    lr: float = 0.2, events: tuple[Event, ...] = (), base: str = "", arms: tuple[str, ...] = ("a",)
) -> RunSetup:
    stages = {arm: place for place, arm in enumerate(arms)}
    return RunSetup(plain({arm: FakeConfig(lr=lr) for arm in arms}), 0, 20, events, base, stages)


def told(a: RunSetup, b: RunSetup) -> str:
    return conclusion(differences(a, b, FAKE_SPEC), FAKE_SPEC).en


def test_when_a_knob_was_turned_is_a_difference() -> None:
    late, early = setup(events=(turn(19, 0.5),)), setup(lr=0.5)
    assert "from step 19" in told(late, early)
    assert "only in one thing" in told(late, early)
    assert "Identical" in told(late, setup(events=(turn(19, 0.3), turn(19, 0.5))))


def test_a_turn_before_the_first_step_is_a_setting_and_one_back_is_none() -> None:
    assert "Identical" in told(setup(events=(turn(0, 0.5),)), setup(lr=0.5))
    assert "Identical" in told(setup(events=(turn(7, 0.2),)), setup())


def test_a_turn_while_the_base_trained_is_another_run_than_one_after_it() -> None:
    arms = ("base", "a")
    during = setup(events=(turn(5, 0.5, stage=0),), arms=arms)
    after = setup(events=(turn(0, 0.5, stage=1),), arms=arms)
    assert "Identical" not in told(during, after)
    assert "base" in told(during, after)


def test_where_the_base_comes_from_is_a_difference() -> None:
    said = conclusion(differences(setup(), setup(base="my-model #0"), FAKE_SPEC), FAKE_SPEC)
    assert "trained here → my-model #0" in said.en
    assert "当场训练" in said.zh


def test_what_is_only_shown_makes_no_difference() -> None:
    a, b = setup(), RunSetup(plain({"a": FakeConfig(temperature=1.5)}), 0, 20)
    assert not differences(a, b, FAKE_SPEC)
    assert [one.key for one in differences(a, b, FAKE_SPEC, shown=True)] == ["temperature"]


def snapshot(line: int, *, knobs: dict[str, float] | None = None) -> Snapshot:
    lines = (
        BranchStatus(0, None, Moment(0, 0), 20, {}, ()),
        BranchStatus(1, 0, Moment(0, 5), 20, {}, ()),
        BranchStatus(2, 1, Moment(0, 10), 20, {}, ()),
    )
    status = TimelineStatus(line, 20, 20, (0, 20), True, lines, 0)
    arms = tuple(ArmStatus(arm, 20, 20, {}, "done") for arm in ("a", "b"))
    configs = {"a": FakeConfig(lr=0.1), "b": FakeConfig(lr=0.5)}
    return Snapshot(
        run_id=0, phase="paused", arms=arms, frames={}, message=None, seconds=0, per_second=0, speed=None,
        knobs=knobs or {}, timeline=status, configs=configs,
    )  # fmt: skip


def test_arms_keep_their_own_settings() -> None:
    found = setup_of(snapshot(0, knobs={"lr": 0.1}), 0)
    assert (found.configs["a"]["lr"], found.configs["b"]["lr"]) == (0.1, 0.5)


def test_the_past_of_a_pinned_fork_is_that_of_each_line_that_it_left() -> None:
    def series(branch: int, since: int) -> Series:
        x = np.arange(since, 21, dtype=np.float64)
        return Series("a", "loss", x, np.full(len(x), float(branch)), branch)

    curves = Curves((series(0, 0), series(1, 5), series(2, 10)))
    pinned = Pinned.of(object(), snapshot(2), curves, setup())  # type: ignore[arg-type]
    (joined,) = pinned.series
    assert joined.branch == PINNED
    assert joined.x.tolist() == [float(i) for i in range(21)]
    assert joined.y.tolist() == [0.0] * 5 + [1.0] * 5 + [2.0] * 11
    assert not pinned.is_of(LabRun.__new__(LabRun), 2)


def test_frames_of_one_line_are_not_handed_on_to_another() -> None:
    frame = Curves(())
    older, newer = snapshot(0), snapshot(1)
    older = merge(older, replace(older, frames={("samples", "a"): frame}))
    assert older.frames
    assert not merge(older, newer).frames
    assert merge(older, snapshot(0)).frames == older.frames
