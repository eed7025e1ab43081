"""What is measured of this computer: read again by replays, told with units and sources, and what follows from it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tutor import paths
from tutor.engine.model_store import ModelStore
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.machine import Machine, years
from tutor.experiments.machine_config import MODEL, PUBLISHED, MachineConfig
from tutor.frames import Bars, Table

ALL = 8
"""Steps in which each thing is measured once, with matrices up to 128."""


def run(steps: int, **settings: Any) -> Machine:
    machine = Machine(MachineConfig(**{"size": 128, **settings}), 0, steps)
    for _ in range(steps):
        machine.step()
    return machine


def test_a_copy_reads_what_was_measured_and_another_run_measures() -> None:
    machine = Machine(MachineConfig(size=32), 0, ALL)
    begun = copy.deepcopy(machine)
    first = [machine.step() for _ in range(ALL)]
    assert [begun.step() for _ in range(ALL)] == first
    assert begun.finish() == machine.finish()
    again = run(ALL, size=32)
    assert again.finish().keys() == machine.finish().keys()
    assert again.finish() != machine.finish()


def test_the_best_of_its_measurements_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(MachineConfig(size=16), 0, 15)
    rates = iter([3.0, 5.0, 4.0])
    monkeypatch.setitem(machine.bench.measures, "rate_16", lambda: next(rates))
    found = [machine.step() for _ in range(11)]
    assert [one["rate_16"] for one in found if "rate_16" in one] == [3.0, 5.0, 5.0]


def test_what_follows_from_what_was_measured() -> None:
    found = run(ALL).finish()
    assert found["peak"] == max(found[f"rate_{n}"] for n in (16, 32, 64, 128))
    assert found["gpt3_years"] == pytest.approx(3.14e23 / (found["peak"] * 1e9) / 31_557_600)
    assert found["bandwidth"] == pytest.approx(12 * found["add_rate"])
    assert found["model_rate"] == pytest.approx(6 * (98_304 + 65_536) * found["learns"] / 1e9)
    assert found["used"] == found["model_rate"] / found["peak"]
    assert found["reads"] > found["learns"] > found["writes"] > 0
    assert "used" not in run(ALL, dtype="bf16").finish(), "the model computes in 32 bits"


def test_a_chip_alone_takes_years() -> None:
    found = {id: round(years(1e3 * chip["tflops"])) for id, chip in PUBLISHED["chips"].items()}
    assert found == {"v100": 80, "a100": 32, "tpu_v4": 36, "h100": 10}


def test_every_published_figure_stands_beside_its_source_and_bars_have_a_unit() -> None:
    machine = run(ALL)
    chips = machine.view("chips")
    assert isinstance(chips, Table)
    assert [row[0] for row in chips.rows[1:]] == ["V100", "A100", "TPU v4", "H100"]
    assert [row[2] for row in chips.rows[1:]] == ["125", "312", "275", "989"]
    assert all(row[-1] for row in chips.rows)
    for view, unit, count in (("rates", "gflops", 6), ("model", "tokens_s", 3)):
        bars = machine.view(view)
        assert isinstance(bars, Bars)
        assert (bars.unit, len(bars.values)) == (unit, count)


def test_the_stored_model_is_the_one_that_is_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert "stands in" in Machine(MachineConfig(), 0, 1).remarks()[0].en
    config = LanguageModelConfig(corpus="tiny_world_zh", train_chars=4_000, n_layer=1, d_model=32, n_head=2)
    trained = LanguageModel(config, 0, 1).trained({})
    ModelStore(paths.models()).put(MODEL, trained)
    machine = Machine(MachineConfig(), 0, 1)
    assert machine.bench.parameters == sum(weight.numel() for weight in trained.tensors.values())
    assert machine.bench.parameters > 2 * 512 * 32 + 12 * 32**2, (
        "a Chinese vocabulary is larger than was asked for"
    )
    assert "stored story-model" in machine.remarks()[0].en
