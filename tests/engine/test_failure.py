"""What goes wrong ends in words: failures, refusals, divergence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.engine.fake import LONG, Control, Viewer, fake_lab, fake_spec, losses
from tutor.engine.stage import WARM_UP, LossGuard

Make = Callable[..., Viewer]


@pytest.mark.parametrize("place", ["build", "step", "view", "finish"])
def test_a_failure_is_told_in_words(view: Make, place: str) -> None:
    seen = view(settings={"fast.fail": place})
    seen.run.watch({"attention": 0.0})
    seen.run.start()
    failed = seen.phase("failed")
    assert failed.message is not None
    for sentence in (failed.message.zh, failed.message.en):
        assert f"broken in {place}" in sentence
        assert "Broken" in sentence
        assert "Traceback" not in sentence
    assert seen.run.failure is not None
    assert "Traceback" in seen.run.failure
    assert failed.final is None
    seen.run.stop()
    assert seen.run.join(LONG)


def test_a_failing_import_is_told_in_words(view: Make, control: Control) -> None:
    seen = view(spec=fake_spec(control, broken=True))
    seen.run.start()
    message = seen.phase("failed").message
    assert message is not None
    assert "no such library" in message.en


def test_a_view_that_fails_after_the_end_is_told_too(view: Make) -> None:
    seen = view(settings={"fail": "view"})
    seen.run.start()
    seen.phase("finished")
    seen.run.watch({"samples": 0.0})
    assert seen.phase("failed").message is not None
    seen.run.reset(settings={})
    seen.phase("finished")


def test_the_curves_up_to_a_failure_can_be_seen(view: Make, control: Control) -> None:
    seen = view(fake_lab(arms={"one": {"nan_at": "0"}}, steps=5), settings={"fail": "finish"})
    seen.run.watch({"curves": 1e9, "attention": 1e9})
    seen.run.start()
    seen.phase("failed")
    seen.frame("curves", "", lambda frame: len(losses(frame, "one")) == 5)


def test_refused_input_speaks_for_itself(view: Make) -> None:
    seen = view(settings={"refuse": "true"})
    seen.run.start()
    message = seen.phase("failed").message
    assert message is not None
    assert (message.zh, message.en) == ("这个文件是空的。", "This file is empty.")
    assert seen.run.failure is None


@pytest.mark.parametrize(
    ("settings", "zh", "en"),
    [
        ({"lr": "quick"}, "「lr」应是数，这里却是「quick」", "“lr” should be a number, but this is “quick”"),
        ({"rl": 1.0}, "没有名为「rl」的设置", "did you mean “lr”?"),
        ({"fest.lr": 1.0}, "是不是想写「fast」", "no arm “fest”; did you mean “fast”? It has: slow, fast."),
        ({"fast.lr.x": 1.0}, "没有「fast.lr」这一组", "no arm “fast.lr”"),
        ({"fail": "always"}, "「fail」不能是「always」", "“fail” can't be “always”"),
        ({"base.lr": 1.0}, "没有「base」这一组", "no arm “base”"),
    ],
)
def test_a_bad_setting_is_named_before_anything_is_loaded(
    view: Make, control: Control, settings: dict[str, str | float], zh: str, en: str
) -> None:
    seen = view(settings=settings)
    seen.run.start()
    message = seen.phase("failed").message
    assert message is not None
    assert zh in message.zh
    assert en in message.en
    assert control.log == []


def test_an_unknown_experiment_is_named(view: Make) -> None:
    seen = view(spec=None)  # the registry has no "fake"
    seen.run.start()
    message = seen.phase("failed").message
    assert message is not None
    assert "“fake”" in message.en
    assert "language_model" in message.en


def test_a_diverged_arm_stops_and_the_others_go_on(view: Make, control: Control) -> None:
    seen = view(settings={"fast.nan_at": 3.0})
    seen.run.start()
    end = seen.phase("finished")
    assert {arm.id: (arm.step, arm.outcome) for arm in end.arms} == {
        "slow": (20, "done"),
        "fast": (3, "diverged"),
    }
    assert end.message is not None
    assert "「fast 组」在第 3 步发散了：训练损失变成了 NaN" in end.message.zh
    assert "“fast arm” diverged at step 3" in end.message.en
    assert "learning rate of 0.5" in end.message.en
    assert end.final is not None
    assert end.final["fast"]["diverged"] == 1
    assert end.final["fast"]["steps"] == 3
    assert control.count("finish", "fast") == 0
    assert end.outcome == "same", "nothing that needs the diverged arm's number is true"


def test_a_loss_that_explodes_is_told_with_its_numbers(view: Make) -> None:
    seen = view(fake_lab(arms={"one": {}}), settings={"blow_up_at": 15.0})
    seen.run.start()
    end = seen.phase("finished")
    assert end.arms[0].outcome == "diverged"
    assert end.arms[0].step == 15
    assert end.message is not None
    assert "训练损失从 3.9" in end.message.zh


def test_the_message_comes_while_the_others_still_train(view: Make) -> None:
    seen = view(fake_lab(steps=100_000), settings={"fast.nan_at": 2.0})
    seen.run.start()
    assert seen.until(lambda s: s.message is not None).phase == "running"


def test_arms_cannot_start_from_a_diverged_base(view: Make, control: Control) -> None:
    seen = view(fake_lab(base={"nan_at": "2"}))
    seen.run.start()
    end = seen.phase("finished")
    assert [arm.outcome for arm in end.arms] == ["diverged"] * 3
    assert control.count("build") == 1
    assert end.message is not None
    assert "“fast arm” can't start" in end.message.en
    assert end.final is not None
    assert end.final["fast"] == {"steps": 0.0, "diverged": 1.0}


def test_what_counts_as_diverged() -> None:
    guard = LossGuard("train_loss")
    assert guard.check(1, {"lr": 0.1}) is None
    assert guard.check(1, {"train_loss": 2.0}) is None
    assert guard.check(WARM_UP, {"train_loss": 7.0}) is None, "forgiven while warming up"
    assert guard.check(WARM_UP + 1, {"train_loss": 6.0}) is None, "three times is not yet too much"
    assert guard.check(WARM_UP + 1, {"train_loss": 6.01}) is not None
    assert guard.check(2, {"train_loss": float("nan")}) is not None
    assert guard.check(2, {"train_loss": float("-inf")}) is not None
    assert guard.check(99, {"val_loss": 1e9, "train_loss": 1.0}) is None


DYING = """
from tests.engine.fake import Viewer, fake_lab, fake_spec
from tutor.engine import LabRun
from tutor.engine.configs import Plan

run = LabRun(Plan(fake_lab(), fake_spec()))
run.start(paused=True)
Viewer(run).phase("paused")
raise SystemExit(7)
"""


def test_a_program_that_ends_without_a_stop_does_not_hang() -> None:
    done = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 7, done.stderr
    assert done.stderr == ""
