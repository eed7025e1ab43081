"""What a screen must be able to rely on in awkward moments."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.fake import LONG, Control, FakeExperiment, Viewer, fake_lab, fake_spec, steps_of
from tutor.engine import loop
from tutor.engine.configs import Plan
from tutor.engine.headless import run_headless
from tutor.engine.runner import Runner
from tutor.frames import Frame

Make = Callable[..., Viewer]
ALL = {"curves": 0.0, "attention": 0.0, "samples": 0.0}


@pytest.mark.parametrize("done", [10, 11])
def test_a_pause_is_acknowledged_while_nobody_takes_snapshots(
    view: Make, control: Control, done: int
) -> None:
    seen = view(fake_lab(steps=50))
    control.gates["step"].hold(after=done)
    seen.run.watch(ALL)
    seen.run.start()
    control.gates["step"].wait_for_arrival(done + 1)
    assert seen.run.wait(LONG), "the mailbox is full"
    seen.run.pause()
    control.gates["step"].open()
    assert steps_of(seen.phase("paused")) == {"slow": 6, "fast": 6}
    # A later command is answered without any step in between.
    seen.run.set_speed(7.0)
    later = seen.until(lambda s: s.speed == 7.0)
    assert (later.phase, steps_of(later)) == ("paused", {"slow": 6, "fast": 6})
    assert control.count("step") == 12


@pytest.mark.parametrize("lost", ["a", "b", "c"])
def test_a_single_step_is_fair_whichever_arm_drops_out(view: Make, control: Control, lost: str) -> None:
    arms = {name: {"nan_at": 2 if name == lost else 0} for name in "abc"}
    seen = view(fake_lab(arms=arms))
    seen.run.start(paused=True)
    seen.phase("paused")
    for done in range(1, 6):
        seen.run.step()
        wanted = {name: min(done, 2) if name == lost else done for name in "abc"}
        seen.until(lambda s, wanted=wanted: s.phase == "paused" and steps_of(s) == wanted)  # type: ignore[misc]
        assert control.count("step") == sum(wanted.values())


def test_the_screen_is_told_something_while_arms_are_built_after_the_base(
    view: Make, control: Control
) -> None:
    seen = view(fake_lab(base={}))
    control.gates["build"].hold(after=1)
    seen.run.start()
    control.gates["build"].wait_for_arrival(2)
    snapshot = seen.phase("base", "preparing")
    assert list(steps_of(snapshot)) == ["base", "slow", "fast"]
    assert [arm.outcome for arm in snapshot.arms[1:]] == ["waiting", "waiting"]
    control.gates["build"].open()
    seen.phase("finished")


@pytest.mark.parametrize("place", ["load", "build", "step", "view", "finish"])
def test_stop_ends_what_is_under_way_and_begins_nothing(view: Make, control: Control, place: str) -> None:
    seen = view()
    control.gates[place].hold()
    seen.run.watch(ALL)
    seen.run.start(paused=place == "view")
    control.gates[place].wait_for_arrival()
    begun = len(control.log)
    seen.run.stop()
    control.gates[place].open()
    assert seen.run.join(LONG)
    assert len(control.log) == begun + 1
    assert seen.phase("stopped").final is None


def test_a_view_of_a_diverged_arm_that_fails_harms_no_other_arm(
    view: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = FakeExperiment.view

    def fails_on_nan(self: FakeExperiment, name: str, *moment: Any) -> Frame:
        if self.config.nan_at and self.steps >= self.config.nan_at:
            raise RuntimeError("probability tensor contains nan")
        return draw(self, name)

    monkeypatch.setattr(FakeExperiment, "view", fails_on_nan)
    seen = view(fake_lab(arms={"lost": {"nan_at": 3}, "well": {}}))
    seen.run.watch(ALL)
    seen.run.start()
    end = seen.phase("finished")
    assert seen.run.failure is None
    assert [arm.outcome for arm in end.arms] == ["diverged", "done"]
    # Nor does it hold up the frames of the others after the end.
    seen.run.watch({})
    seen.frames.clear()
    seen.run.watch({"attention": 0.0})
    seen.frame("attention", "well")


def test_a_broken_experiment_survives_every_later_command(view: Make) -> None:
    seen = view(fake_lab(arms={"a": {"fail": "step"}, "b": {}}))
    seen.run.start()
    seen.phase("failed")
    seen.run.watch(ALL)
    seen.run.adjust("lr", 0.5)
    seen.run.step()
    seen.run.play()
    seen.run.pause()
    seen.run.set_speed(3.0)
    assert seen.until(lambda s: s.speed == 3.0).phase == "failed"
    seen.run.reset()
    again = seen.until(lambda s: s.run_id == 1 and s.phase == "failed")
    assert again.message is not None
    assert "Broken" in again.message.zh
    assert seen.run.failure is not None
    assert "Traceback" in seen.run.failure


def test_pausing_stepping_and_speed_change_no_number(view: Make) -> None:
    lab = fake_lab(base={"lr": "0.3"})
    seen = view(lab, seed=3)
    seen.run.watch(ALL)
    seen.run.set_speed(5000.0)
    seen.run.start(paused=True)
    seen.phase("paused")
    seen.run.step(3)
    seen.until(lambda s: s.phase == "paused" and steps_of(s)["base"] == 3)
    seen.run.watch({})
    seen.run.play()
    seen.until(lambda s: steps_of(s)["fast"] >= 2)
    seen.run.pause()
    seen.phase("paused", "finished")
    seen.run.set_speed(None)
    seen.run.play()
    end = seen.phase("finished")
    assert repr(end.final) == repr(run_headless(Plan(lab, seed=3, spec=fake_spec())).metrics)


def test_the_collector_is_left_as_it_was(view: Make) -> None:
    enabled, frozen = gc.isenabled(), gc.get_freeze_count()
    seen = view()
    seen.run.start()
    seen.phase("finished")
    for run_id in (1, 2, 3):
        seen.run.reset()
        seen.until(lambda s, run_id=run_id: s.run_id == run_id and s.phase == "finished")  # type: ignore[misc]
    assert gc.isenabled() == enabled
    assert gc.get_freeze_count() == frozen, "a reset must not freeze what earlier runs left"


def test_a_full_collection_waits_for_the_next_run(monkeypatch: pytest.MonkeyPatch, view: Make) -> None:
    collected: list[str] = []
    monkeypatch.setattr("tutor.engine.loop.collect_now", lambda: collected.append("all"))
    seen = view()
    seen.run.start()
    seen.phase("finished")
    assert collected == []
    seen.run.reset()
    seen.until(lambda s: s.run_id == 1 and s.phase == "finished")
    assert collected == ["all"]


def test_an_old_run_is_let_go_by_a_reset(view: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    benches: weakref.WeakSet[Runner] = weakref.WeakSet()

    class Noted(Runner):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            benches.add(self)

    monkeypatch.setattr(loop, "Runner", Noted)
    seen = view()
    seen.run.start()
    for run_id in (1, 2, 3):
        seen.run.reset()
        seen.until(lambda s, run_id=run_id: s.run_id == run_id and s.phase == "finished")  # type: ignore[misc]
    gc.collect()
    assert len(benches) == 1
