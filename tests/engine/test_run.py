"""A run from outside: commands in, snapshots out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.engine.fake import LONG, TOKENS_PER_STEP, Control, Viewer, fake_lab, fake_spec, losses, steps_of
from tutor.engine import LabRun
from tutor.engine.configs import Plan
from tutor.engine.headless import run_headless
from tutor.frames import HeatMap, Samples

ALL = {"curves": 0.0, "attention": 0.0, "samples": 0.0}
Make = Callable[..., Viewer]


def test_it_runs_to_its_end_and_judges_itself(view: Make) -> None:
    seen = view()
    seen.run.start()
    end = seen.phase("finished")
    assert steps_of(end) == {"slow": 20, "fast": 20}
    assert [arm.outcome for arm in end.arms] == ["done", "done"]
    assert end.final is not None
    final = end.final["fast"]
    assert final["val_loss"] < end.final["slow"]["val_loss"]
    assert final["steps"] == 20
    assert final["diverged"] == 0
    assert final["parameters"] == 12
    assert final["first_train_loss"] > final["train_loss"] == final["best_train_loss"]
    assert end.outcome == "last"
    assert [claim.holds for claim in end.claims] == [True, False, None]
    assert end.message is None


def test_before_the_end_nothing_is_judged(view: Make) -> None:
    seen = view()
    seen.run.start(paused=True)
    now = seen.phase("paused")
    assert (now.final, now.claims, now.outcome) == (None, (), None)


def test_a_screen_sees_the_numbers_of_a_headless_run(view: Make) -> None:
    lab = fake_lab(base={"lr": "0.3"})
    seen = view(lab, seed=5)
    seen.run.watch(ALL)
    seen.run.start()
    end = seen.phase("finished")
    assert end.final == run_headless(Plan(lab, seed=5, spec=fake_spec())).metrics


def test_phases_come_in_order_and_are_told_before_what_they_announce(view: Make, control: Control) -> None:
    for place in ("load", "step"):
        control.gates[place].hold()
    seen = view(fake_lab(base={}, base_steps=2, steps=2))
    seen.run.start()
    seen.phase("preparing")
    control.gates["load"].open()
    assert steps_of(seen.phase("base")) == {"base": 0, "slow": 0, "fast": 0}
    control.gates["step"].let(2)
    assert steps_of(seen.phase("running")) == {"base": 2, "slow": 0, "fast": 0}
    control.gates["step"].open()
    seen.phase("finished")


def test_the_base_trains_first_and_the_arms_start_from_it(view: Make, control: Control) -> None:
    seen = view(fake_lab(base={}, base_steps=3, steps=2))
    seen.run.start()
    end = seen.phase("finished")
    assert [entry for entry in control.log if entry[0] in ("build", "step", "finish")] == [
        ("build", "base"),
        *[("step", "base")] * 3,
        ("finish", "base"),
        ("build", "slow"),
        ("build", "fast"),
        *[("step", "slow"), ("step", "fast")] * 2,
        ("finish", "slow"),
        ("finish", "fast"),
    ]
    assert end.final is not None
    assert end.final["slow"]["first_train_loss"] < end.final["base"]["train_loss"]
    assert [arm.id for arm in end.arms] == ["base", "slow", "fast"]


def test_arms_wait_while_the_base_trains(view: Make, control: Control) -> None:
    control.gates["step"].hold(after=2)
    seen = view(fake_lab(base={}, base_steps=3))
    seen.run.start()
    control.gates["step"].wait_for_arrival(3)
    seen.run.set_speed(None)
    control.gates["step"].let(1)
    seen.phase("base")
    seen.until(lambda s: s.arms[0].step == 3)
    control.gates["step"].open()
    seen.phase("finished")


def test_play_after_a_paused_start(view: Make, control: Control) -> None:
    seen = view()
    seen.run.start(paused=True)
    paused = seen.phase("paused")
    assert steps_of(paused) == {"slow": 0, "fast": 0}
    assert control.count("build") == 2, "built, so that the untrained model can be seen"
    assert control.count("step") == 0
    seen.run.play()
    seen.phase("finished")


def test_no_step_after_pause_is_acknowledged(view: Make, control: Control) -> None:
    seen = view(fake_lab(steps=100_000))
    seen.run.start()
    control.gates["step"].wait_for_arrival(10)
    seen.run.pause()
    paused = seen.phase("paused")
    done = control.count("step")
    seen.run.adjust("lr", 0.25)
    seen.until(lambda s: s.knobs["lr"] == 0.25)
    assert control.count("step") == done
    assert steps_of(seen.last) == steps_of(paused)


def test_a_pause_shows_a_whole_round(view: Make, control: Control) -> None:
    control.gates["step"].hold(after=4)
    seen = view()
    seen.run.start()
    control.gates["step"].wait_for_arrival(5)  # the first arm is in its third step
    seen.run.pause()
    control.gates["step"].open()
    assert steps_of(seen.phase("paused")) == {"slow": 3, "fast": 3}


@pytest.mark.parametrize("n", [1, 3])
def test_a_single_step_does_exactly_that(view: Make, control: Control, n: int) -> None:
    seen = view()
    seen.run.start(paused=True)
    seen.phase("paused")
    seen.run.step(n)
    stepped = seen.until(lambda s: s.phase == "paused" and s.arms[0].step == n)
    assert steps_of(stepped) == {"slow": n, "fast": n}
    assert control.count("step") == 2 * n


def test_single_steps_lead_to_the_end(view: Make) -> None:
    seen = view(fake_lab(steps=3))
    seen.run.start(paused=True)
    for step in (1, 2):
        seen.run.step()
        seen.until(lambda s, step=step: s.phase == "paused" and s.arms[0].step == step)  # type: ignore[misc]
    seen.run.step(5)
    assert steps_of(seen.phase("finished")) == {"slow": 3, "fast": 3}


def test_a_step_with_an_arm_less_is_still_a_whole_round(view: Make) -> None:
    arms = {"a": {}, "b": {"nan_at": "2"}, "c": {}}
    seen = view(fake_lab(arms=arms))
    seen.run.start(paused=True)
    for step in (1, 2, 3):
        seen.run.step()
        seen.until(lambda s, step=step: s.phase == "paused" and s.arms[0].step == step)  # type: ignore[misc]
        assert steps_of(seen.last) == {"a": step, "b": min(step, 2), "c": step}


def test_commands_before_start_are_kept(view: Make, control: Control) -> None:
    seen = view()
    seen.run.pause()
    seen.run.adjust("lr", 0.4)
    seen.run.step(2)
    seen.run.start()
    seen.until(lambda s: s.phase == "paused" and s.arms[0].step == 2)
    assert {value for _, _, value in control.adjusted} == {0.4}


def test_reset_begins_again_to_the_bit(view: Make) -> None:
    seen = view(seed=3)
    seen.run.watch({"curves": 0.0})
    seen.run.start()
    first = seen.phase("finished")
    old = losses(seen.frame("curves", "", lambda f: len(losses(f, "fast")) == 20), "fast")
    seen.run.adjust("lr", 0.7)
    seen.run.reset()
    second = seen.until(lambda s: s.run_id != first.run_id and s.phase == "finished")
    new = losses(seen.frame("curves", "", lambda f: len(losses(f, "fast")) == 20), "fast")
    assert new == old
    assert second.final == first.final


def test_reset_in_the_middle_starts_at_step_0(view: Make) -> None:
    seen = view(fake_lab(steps=100_000))
    seen.run.start()
    seen.until(lambda s: s.phase == "running" and s.arms[0].step > 3)
    seen.run.reset()
    again = seen.until(lambda s: s.run_id == 1)
    assert again.phase in ("preparing", "running")
    seen.until(lambda s: s.run_id == 1 and s.phase == "running" and s.arms[0].step > 3)


def test_reset_takes_another_seed_and_other_settings(view: Make, control: Control) -> None:
    seen = view()
    seen.run.start()
    first = seen.phase("finished")
    seen.run.reset(seed=9, settings={"fast.lr": 0.2})
    second = seen.until(lambda s: s.run_id == 1 and s.phase == "finished")
    assert first.final is not None
    assert second.final is not None
    assert second.final["slow"]["train_loss"] != first.final["slow"]["train_loss"]
    assert second.final["fast"]["lr"] == 0.2
    assert second.final["slow"]["lr"] == 0.1


def test_reset_after_a_failure_runs(view: Make) -> None:
    seen = view(settings={"fail": "step"})
    seen.run.start()
    seen.phase("failed")
    seen.run.reset(settings={})
    end = seen.phase("finished")
    assert end.message is None


@pytest.mark.parametrize("place", ["load", "build", "step", "finish"])
def test_stop_while_something_is_under_way(view: Make, control: Control, place: str) -> None:
    control.gates[place].hold()
    seen = view()
    seen.run.start()
    control.gates[place].wait_for_arrival()
    seen.run.stop()
    control.gates[place].let(1)  # what is under way may end; nothing else may begin
    assert seen.run.join(LONG)
    assert seen.phase("stopped").final is None
    assert control.gates[place].arrived == 1


def test_stop_while_paused(view: Make) -> None:
    seen = view()
    seen.run.start(paused=True)
    seen.phase("paused")
    seen.run.stop()
    assert seen.run.join(LONG)
    assert seen.phase("stopped")


def test_stop_while_waiting_for_the_speed_limit(view: Make) -> None:
    seen = view(clock=lambda: 0.0)  # time stands still, so the second round never comes
    seen.run.set_speed(1.0)
    seen.run.start()
    seen.until(lambda s: s.arms != () and s.arms[1].step == 1)
    seen.run.stop()
    assert seen.run.join(LONG)


def test_stop_after_the_end_keeps_the_result(view: Make) -> None:
    seen = view()
    seen.run.start()
    seen.phase("finished")
    seen.run.stop()
    assert seen.run.join(LONG)
    assert seen.take() is None or seen.last.phase == "finished"


def test_stop_before_start(view: Make, control: Control) -> None:
    seen = view()
    assert seen.run.join(LONG)
    seen.run.stop()
    assert seen.phase("stopped").arms == ()
    seen.run.start()
    assert seen.run.join(LONG)
    assert control.log == []


def test_everything_may_be_said_after_the_end(view: Make) -> None:
    seen = view()
    seen.run.start()
    seen.run.start()
    seen.run.stop()
    seen.run.stop()
    assert seen.run.join(LONG)
    for say in (seen.run.play, seen.run.pause, seen.run.step, seen.run.reset, seen.run.start):
        say()
    assert seen.run.join(LONG)


def test_the_thread_is_named_and_no_daemon(view: Make) -> None:
    seen = view()
    seen.run.start(paused=True)
    seen.phase("paused")
    thread = next(thread for thread in threading.enumerate() if thread.name == "lab-fake")
    assert not thread.daemon


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_speed_limit_counts_rounds(view: Make, control: Control) -> None:
    clock = HandClock()
    seen = view(clock=clock)
    seen.run.set_speed(2.0)
    seen.run.start()
    seen.until(lambda s: s.arms != () and s.arms[1].step == 1)
    clock.now = 0.49
    seen.run.adjust("lr", 0.3)  # wakes it up: too early for a round
    seen.until(lambda s: s.knobs.get("lr") == 0.3)
    clock.now = 0.5
    seen.run.adjust("lr", 0.4)
    seen.until(lambda s: s.arms[1].step == 2)
    assert seen.last.speed == 2.0
    assert control.count("step") == 4
    seen.run.set_speed(None)
    end = seen.phase("finished")
    assert end.speed is None


@pytest.mark.parametrize("by", ["play", "step"])
def test_what_is_measured_at_the_end_is_no_training(view: Make, control: Control, by: str) -> None:
    control.gates["finish"].hold(1)  # the second of three measurements takes its time
    seen = view(fake_lab(base={}, steps=3))
    seen.run.start(paused=by == "step")
    if by == "step":
        seen.phase("paused")
        seen.run.step(4)  # of the base
        seen.until(lambda s: s.phase == "paused" and s.timeline is not None and s.timeline.stage == 1)
        seen.run.step(3)
    told = seen.phase("measuring")
    assert steps_of(told) == {"base": 4, "slow": 3, "fast": 3}
    assert told.final is None
    control.gates["finish"].wait_for_arrival(2)
    assert seen.last.phase == "measuring", "not training, and not finished"
    control.gates["finish"].open()
    assert seen.phase("finished").final is not None
    phases = [snapshot.phase for snapshot in seen.seen]
    assert "running" not in phases[phases.index("measuring") :]


def test_a_turned_knob_reaches_every_arm_from_then_on(view: Make, control: Control) -> None:
    seen = view(fake_lab(base={}))
    seen.run.start(paused=True)
    assert seen.phase("paused").knobs["lr"] == 0.1
    seen.run.adjust("lr", 0.6)
    seen.until(lambda s: s.knobs["lr"] == 0.6)
    seen.run.play()
    end = seen.phase("finished")
    assert set(control.adjusted) == {(arm, "lr", 0.6) for arm in ("base", "slow", "fast")}
    assert all(arm.metrics["lr"] == 0.6 for arm in end.arms)


@pytest.mark.parametrize(
    ("value", "reached"), [(5.0, 0.8), (-1.0, 0.0), (float("inf"), 0.8), (float("nan"), None)]
)
def test_a_knob_stays_within_the_labs_bounds(
    view: Make, control: Control, value: float, reached: float | None
) -> None:
    seen = view()
    seen.run.adjust("momentum", 1.0)  # not offered
    seen.run.adjust("lr", value)
    seen.run.start()
    seen.phase("finished")
    assert {v for _, _, v in control.adjusted} == ({reached} if reached is not None else set())


def test_training_time_and_rate_come_from_the_clock() -> None:
    ticks = iter(range(1_000_000))
    result = run_headless(Plan(fake_lab(steps=10), spec=fake_spec()), clock=lambda: float(next(ticks)))
    assert result.seconds == 20  # a tick for each of 2 × 10 steps
    assert result.per_second == TOKENS_PER_STEP


def test_two_runs_at_a_time_do_not_touch(view: Make) -> None:
    one, two = view(seed=1), view(seed=1)
    one.run.start()
    two.run.start()
    assert one.phase("finished").final == two.phase("finished").final


def test_steps_shorten_arms_and_base_alike(view: Make) -> None:
    seen = view(fake_lab(base={}, base_steps=10, steps=20), steps=4)
    seen.run.start()
    assert {arm.id: arm.total for arm in seen.phase("finished").arms} == {"base": 2, "slow": 4, "fast": 4}


def watch_paused(view: Make, views: dict[str, float]) -> Viewer:
    seen = view()
    seen.run.watch(views)
    seen.run.start(paused=True)
    seen.phase("paused")
    return seen


def test_views_looked_at_while_paused_are_drawn_at_once(view: Make, control: Control) -> None:
    seen = watch_paused(view, {})
    assert seen.frames == {}
    seen.run.watch({"attention": 1e9})
    assert isinstance(seen.frame("attention", "slow"), HeatMap)
    assert isinstance(seen.frame("attention", "fast"), HeatMap)
    assert control.count("view") == 2
    seen.run.watch({"attention": 1e9, "samples": 1e9})
    assert isinstance(seen.frame("samples", "fast"), Samples)
    assert ("curves", "") not in seen.frames


def samples_step(frame: object) -> int:
    assert isinstance(frame, Samples)
    return frame.items[-1].step


def test_a_single_step_is_drawn_at_once_whatever_the_interval(view: Make) -> None:
    seen = watch_paused(view, {"samples": 1e9, "curves": 1e9})
    seen.frame("samples", "fast")
    seen.run.step()
    seen.frame("samples", "fast", lambda frame: samples_step(frame) == 1)
    seen.frame("curves", "", lambda frame: len(losses(frame, "fast")) == 1)


def test_the_last_frames_show_the_end(view: Make) -> None:
    seen = view()
    seen.run.watch({"samples": 1e9, "curves": 1e9})
    seen.run.start()
    seen.phase("finished")
    for arm in ("slow", "fast"):
        seen.frame("samples", arm, lambda frame: samples_step(frame) == 20)
    frame = seen.frame("curves", "", lambda frame: len(losses(frame, "fast")) == 20)
    assert len(losses(frame, "fast", "val_loss")) == 11, "every second step, and at the end on everything"


def test_a_view_nobody_looks_at_is_never_computed(view: Make, control: Control) -> None:
    seen = view()
    seen.run.watch({"curves": 0.0})
    seen.run.start()
    seen.phase("finished")
    assert control.count("view") == 0


def test_a_view_that_the_experiment_lacks_is_left_out(view: Make) -> None:
    seen = view()
    seen.run.watch({"embedding": 0.0, "curves": 0.0})
    seen.run.start()
    assert seen.phase("finished").message is None


def test_while_nobody_takes_no_frame_is_made(view: Make, control: Control) -> None:
    control.gates["step"].hold()
    seen = view()
    seen.run.watch(ALL)
    seen.run.start()
    control.gates["step"].wait_for_arrival()  # the slot holds "preparing", and stays full
    control.gates["step"].let(30)
    control.gates["step"].wait_for_arrival(31)
    assert control.count("view") == 0
    seen.take()
    control.gates["step"].let(1)
    control.gates["step"].wait_for_arrival(32)
    assert control.count("view") == 2, "one frame of each view"


def test_watching_changes_no_number(view: Make) -> None:
    finals: list[object] = []
    for views in ({}, ALL):
        seen = view()
        seen.run.watch(views)
        seen.run.start()
        finals.append(seen.phase("finished").final)
    assert finals[0] == finals[1]


def test_an_untaken_snapshot_leaves_its_frames_to_the_next(view: Make, control: Control) -> None:
    seen = watch_paused(view, {"attention": 0.0})
    control.gates["view"].wait_for_arrival(2)
    seen.run.stop()
    assert seen.run.join(LONG)
    while seen.take() is not None:
        pass
    assert seen.last.phase == "stopped"
    assert ("attention", "slow") in seen.frames


def test_labrun_needs_nothing_but_a_lab() -> None:
    run = LabRun(Plan(fake_lab()))
    assert run.take() is None
    assert run.failure is None
