"""What a checkpoint has to hold, and that nothing of a run is left on the disk, however it ends."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import pytest

from tests.disks import SmallDisk
from tutor import paths
from tutor.engine.model_store import ModelStore
from tutor.experiments.disk import Disk
from tutor.experiments.disk_config import MEMORY, MODELS, DiskConfig
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.frames import Table
from tutor.scratch import Scratch
from tutor.text import InputError


@pytest.fixture(autouse=True)
def _short_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trained is as large as ever, on fewer tokens."""
    short = functools.partial(LanguageModelConfig, batch=2, context=16)
    monkeypatch.setattr("tutor.experiments.disk.LanguageModelConfig", short)


TURN = 12
"""Steps in which each thing is measured once."""


def run(steps: int, **settings: Any) -> Disk:
    experiment = Disk(DiskConfig(**{"piece": 1, **settings}), 0, steps)
    for _ in range(steps):
        experiment.step()
    return experiment


def left(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("settings", "ratio", "each"),
    [
        ({"optimizer": "sgd"}, 1, 4),
        ({"optimizer": "momentum"}, 2, 8),
        ({"optimizer": "adamw"}, 3, 12),
        ({"optimizer": "sgd", "numbers": "mixed"}, 3, 6),
        ({"optimizer": "adamw", "numbers": "mixed"}, 7, 14),
    ],
)
def test_the_file_holds_weights_and_what_the_optimizer_remembers(
    settings: dict[str, str], ratio: float, each: float
) -> None:
    found = run(1, **settings).finish()
    assert ratio < found["ratio"] < ratio + 0.02
    assert each < found["per_parameter"] < each + 0.02
    assert found["large_tb"] == pytest.approx(0.175 * found["per_parameter"])


@pytest.mark.parametrize("numbers", ["fp32", "mixed"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "muon", "adamw"])
def test_all_of_the_file_is_needed_to_go_on_to_the_bit(optimizer: str, numbers: str) -> None:
    files = Disk(DiskConfig.model_validate({"optimizer": optimizer, "numbers": numbers}), 0, 1).files
    files.save(durable=False)
    assert files.differ() == 0
    assert files.differ(place=False) > 0.3
    assert (files.differ(moments=False) > 0.3) == (optimizer != "sgd" or numbers == "mixed")
    assert files.differ() == 0
    files.scratch.close()


def test_a_turn_measures_everything_and_removes_its_files(home: Path) -> None:
    experiment = run(TURN)
    found = experiment.finish()
    assert {*experiment.files.measures} <= {*found}
    assert all(number > 0 for id, number in found.items() if id != "differ_whole")
    assert experiment.files.written <= experiment.files.total
    assert found["large_minutes"] == pytest.approx(found["large_tb"] * 1e6 / found["write_row"] / 60)
    assert not left(home)
    speeds, file, large = (experiment.view(view) for view in ("speeds", "file", "large"))
    assert isinstance(speeds, Table) and isinstance(file, Table) and isinstance(large, Table)
    assert all(row[2] for row in speeds.rows)
    assert [row[2] for row in file.rows] == ["4", "4", "4", "0.0159", "12"]
    assert [row[1] for row in large.rows[1:]] == ["0.15", "5", "57.5", "2,000"]


def test_a_copy_reads_what_was_measured(home: Path) -> None:
    experiment = Disk(DiskConfig(piece=1), 0, TURN)
    begun = copy.deepcopy(experiment)
    first = [experiment.step() for _ in range(TURN)]
    assert [begun.step() for _ in range(TURN)] == first
    begun.close()
    assert not left(home)


def test_the_median_of_the_measurements_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = Disk(DiskConfig(piece=1), 0, 100)
    rates = iter([5.0, 1.0, 3.0])
    monkeypatch.setattr(experiment.files, "measures", {"write_row": lambda: next(rates)})
    assert [experiment.step()["write_row"] for _ in range(3)] == [5, 3, 3]


def test_it_says_what_it_will_write_before_it_writes(home: Path) -> None:
    experiment = Disk(DiskConfig(piece=1), 0, TURN)
    [said] = experiment.remarks()
    for text in (said.zh, said.en):
        assert str(paths.cache() / "storage") in text
        assert f"{experiment.files.total / 1e6:,.0f} MB" in text
    assert not left(home)


def test_where_room_is_short_nothing_is_begun(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scratch, "free", lambda self: 150_000_000)
    with pytest.raises(InputError) as refused:
        Disk(DiskConfig(), 0, 96)
    assert "150 MB are free" in refused.value.text.en
    assert "只空着 150 MB" in refused.value.text.zh
    assert not left(home)


def test_a_disk_that_fills_ends_it_in_words_and_nothing_is_left(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(disk.root / "home"))
    with pytest.raises(InputError) as refused:
        Disk(DiskConfig(), 0, 96)
    assert "too little room" in refused.value.text.en
    monkeypatch.setattr(Scratch, "free", lambda self: 10**12)
    experiment = Disk(DiskConfig(), 0, 96)
    with pytest.raises(InputError) as failed:
        experiment.step()
    assert "磁盘已满" in failed.value.text.zh
    assert not left(disk.root)


def test_in_memory_nothing_is_said_to_come_from_a_disk(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(disk.root / "home"))
    monkeypatch.setattr("tutor.experiments.disk.SPARE", -(10**12))
    experiment = Disk(DiskConfig(), 0, 96)
    of_a_disk = {"load_disk", "read_row", "read_random", "save_synced", "write_each"}
    assert not of_a_disk & {*experiment.files.measures}
    speeds = experiment.view("speeds")
    assert isinstance(speeds, Table)
    assert {row[-1] for row in speeds.rows} == {MEMORY}
    assert "lies in memory" in experiment.remarks()[0].en


def test_the_next_run_removes_what_a_killed_one_left(home: Path) -> None:
    folder = paths.cache() / "storage" / "of a run that was killed"
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "tokens").write_bytes(bytes(1000))
    Disk(DiskConfig(piece=1), 0, TURN)
    assert not left(home)


def test_a_checkpoint_is_as_large_as_that_of_the_stored_model(home: Path) -> None:
    assert f"no stored {MODELS[0]}" in Disk(DiskConfig(), 0, 1).remarks()[0].en
    config = LanguageModelConfig(corpus="tiny_world_en", train_chars=4_000, n_layer=1, d_model=32, n_head=2)
    trained = LanguageModel(config, 0, 1).trained({})
    ModelStore(paths.models()).put(MODELS[1], trained)
    experiment = Disk(DiskConfig(), 0, 1)
    assert experiment.files.parts["weights"] == sum(weight.nbytes for weight in trained.tensors.values())
    assert f"stored {MODELS[1]}" in experiment.remarks()[0].en
