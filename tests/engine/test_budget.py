"""What a run will take, and when it is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fake import FakeConfig, fake_lab, fake_spec
from tutor.content.budget import Speed, arm_steps, estimate
from tutor.content.models import Lab
from tutor.engine import budget
from tutor.engine.budget import available_memory, refuse
from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Knob
from tutor.text import LANGS, Text

ONE = Speed(flops=1e9, call_seconds=1e-3)
NAME = Text("名", "name")


class Config(FakeConfig):
    width: int = 8
    depth: int = 4
    batch: int = 10

    @property
    def tokens_per_step(self) -> int:
        return self.batch * 10


def cost(config: Config) -> Cost:
    """A second a step and a GB with the standard width and depth, mostly of the width."""
    return Cost(flops=0.9e9 * config.width / 8, calls=100 * config.depth / 4, bytes=2**30 * config.width / 8)


def spec(**more: Any) -> ExperimentSpec:
    knobs = (
        Knob("lr", NAME, 0, 1),
        Knob("depth", NAME, 1, 8, live=False, whole=True),
        Knob("width", NAME, 4, 64, live=False, whole=True),
    )
    card: dict[str, Any] = {"config": Config, "knobs": knobs, "estimate": cost} | more
    return ExperimentSpec(
        id="fake",
        metrics=fake_spec().metrics,
        views=(),
        implementation="nowhere:Nothing",
        **card,
    )


def configs(**more: Config) -> dict[str, ExperimentConfig]:
    return {"slow": Config(), "fast": Config(), **more}


def in_tokens(lab: Lab, tokens: int) -> Lab:
    return lab.model_copy(update={"steps": None, "tokens": tokens})


def test_steps_are_the_same_for_all_arms() -> None:
    assert arm_steps(fake_lab(steps=20), configs()) == {"slow": 20, "fast": 20}
    assert arm_steps(fake_lab(steps=20), configs(), 7) == {"slow": 7, "fast": 7}


def test_a_budget_in_tokens_lets_all_arms_read_as_much() -> None:
    lab = in_tokens(fake_lab(), 1001)
    arms = configs(fast=Config(batch=50))
    assert arm_steps(lab, arms) == {"slow": 11, "fast": 3}
    assert arm_steps(lab, arms, 5) == {"slow": 5, "fast": 5}
    with pytest.raises(ValueError, match="tokens"):
        arm_steps(lab, {"slow": FakeConfig(), "fast": FakeConfig()})


@pytest.mark.parametrize(("steps", "base"), [(None, 8), (10, 4), (1, 1), (40, 8)])
def test_the_base_is_shortened_in_proportion_and_never_lengthened(steps: int | None, base: int) -> None:
    lab = fake_lab(base={}, base_steps=8, steps=20)
    assert arm_steps(lab, configs(base=Config()), steps)["base"] == base


def test_an_estimate_adds_up_the_arms() -> None:
    found = estimate(
        lambda arm: spec(), configs(base=Config(width=16)), {"slow": 10, "fast": 5, "base": 2}, ONE
    )
    assert found is not None
    assert found.seconds == pytest.approx(10 + 5 + 2 * 1.9)
    assert found.bytes == 4 * 2**30
    there = estimate(lambda arm: spec(), configs(base=Config()), {"slow": 10, "fast": 5}, ONE)
    assert there is not None
    assert there.seconds == pytest.approx(15)
    assert there.bytes == 3 * 2**30
    assert estimate(lambda arm: spec(estimate=None), configs(), {}, ONE) is None


def test_a_run_within_its_means_starts() -> None:
    assert (
        refuse(fake_lab(), lambda arm: spec(), configs(), {"slow": 90, "fast": 89}, speed=ONE, memory=2**31)
        is None
    )


def test_too_long_a_run_is_refused_unless_it_is_asked_for() -> None:
    arguments: Any = (fake_lab(), lambda arm: spec(), configs(), {"slow": 300, "fast": 300})
    said = refuse(*arguments, speed=ONE, memory=2**40)
    assert said is not None
    for lang in LANGS:
        assert "slow 300, fast 300" in said[lang]
        assert "width=8" in said[lang]
        assert "depth" not in said[lang], "it would hardly help"
        assert "--long" in said[lang]
    assert "10 minutes" in said.en
    assert "10 分钟" in said.zh
    assert refuse(*arguments, long=True, speed=ONE, memory=2**40) is None


def test_what_does_not_fit_into_memory_is_refused_however_much_time_there_is() -> None:
    said = refuse(
        fake_lab(),
        lambda arm: spec(),
        configs(),
        {"slow": 1, "fast": 1},
        long=True,
        speed=ONE,
        memory=300 * 2**20,
    )
    assert said is not None
    for lang in LANGS:
        assert "2.0 GB" in said[lang]
        assert "300 MB" in said[lang]
        assert "width=8" in said[lang]


def test_an_experiment_that_cannot_tell_is_never_refused_and_nothing_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measure() -> Speed:
        raise AssertionError("measured")

    monkeypatch.setattr(budget, "measure_speed", measure)
    assert refuse(fake_lab(), lambda arm: spec(estimate=None), configs(), {"slow": 10**9}) is None


def test_the_machine_has_some_memory() -> None:
    found = available_memory()
    assert found is not None
    assert 2**20 < found < 2**50


def test_without_proc_the_physical_memory_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_meminfo", lambda: None)
    monkeypatch.setattr(budget, "_container_room", lambda: None)
    assert (available_memory() or 0) > 2**28
    monkeypatch.setattr(budget, "_container_room", lambda: 5.0)
    assert available_memory() == 5.0


@pytest.mark.parametrize(("limit", "room"), [("1000", 700.0), ("max", None), ("", None)])
def test_the_limit_of_a_container_counts_what_files_hold_as_free(
    tmp_path: Path, limit: str, room: float | None
) -> None:
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("500\n")
    (tmp_path / "memory.stat").write_text("anon 250\ninactive_file 200\nactive_file 50\n")
    assert budget._container_room(tmp_path) == room
    assert budget._container_room(tmp_path / "none") is None


def test_the_module_is_imported_without_torch() -> None:
    code = "import sys, tutor.engine.budget; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_speed_is_measured_once_and_plausible() -> None:
    from tutor.engine.budget import measure_speed

    found = measure_speed()
    assert measure_speed() is found
    assert 1e8 < found.flops < 1e13
    assert 1e-8 < found.call_seconds < 1e-3
