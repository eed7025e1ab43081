"""The calculator of sizes: published counts, formulas that are what is counted, presets, and the learner's own model."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.course import course
from tests.experiments.reading import assert_readable
from tutor import paths
from tutor.engine.configs import Plan, arm_configs, find_spec
from tutor.engine.model_store import ModelStore
from tutor.engine.runner import Runner
from tutor.experiments import registry
from tutor.experiments.base import TrainedModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.model_size_config import (
    KNOWN,
    PARTS,
    SPEC,
    ModelSize,
    ModelSizeConfig,
    amounts,
    stored_sizes,
    worked_out,
)
from tutor.frames import Bars, Table

YOURS = {"n_layer": 2, "d_model": 64, "n_head": 4, "context": 64, "vocab_size": 1024}


def size(**settings: Any) -> ModelSize:
    return ModelSize(ModelSizeConfig(**settings), 0, 0)


@pytest.mark.parametrize(
    ("preset", "parameters"),
    [
        ("gpt2", 124_439_808),
        ("gpt2_medium", 354_823_168),
        ("gpt2_large", 774_030_080),
        ("gpt2_xl", 1_557_611_200),
        ("yours", 2 * 1024 * 64 + 2 * 12 * 64**2),
    ],
)
def test_counts_are_exact_where_they_are_known_exactly(preset: str, parameters: int) -> None:
    assert size(preset=preset).finish()["parameters"] == parameters


@pytest.mark.parametrize("preset", [id for id, known in KNOWN.items() if "published" in known])
def test_counts_are_near_the_published_ones(preset: str) -> None:
    published = 1e6 * float(KNOWN[preset]["published"].replace(",", ""))
    assert size(preset=preset).finish()["parameters"] == pytest.approx(published, rel=0.02)


def test_gpt3_takes_what_is_told_of_it() -> None:
    found = size(preset="gpt3").finish()
    assert found["attention_share"] == pytest.approx(1 / 3, abs=0.002)
    assert found["mlp_share"] == pytest.approx(2 / 3, abs=0.003)
    assert found["training_gb"] == pytest.approx(16 * 174.604, rel=1e-4)
    assert found["cache_gb"] == pytest.approx(9.66, rel=1e-3)
    # 2 N a token forward, and the scores; the paper's table D.1 has 3.14e23 for 300 billion tokens, forward and back.
    assert 3 * found["flops"] * 300e9 == pytest.approx(3.14e23, rel=0.02)


def test_the_learners_model_is_the_one_that_lab_first_trains() -> None:
    lab = course().find_lab("first")[1].in_language("en")
    assert lab.saves is not None
    config = arm_configs(lab, find_spec(lab), {})[lab.saves.arm]
    assert {key: getattr(config, key) for key in YOURS} == YOURS
    assert {key: KNOWN["yours"]["sizes"][key] for key in YOURS} == YOURS


def test_a_stored_model_stands_in_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert stored_sizes("story-model") == {}
    config = LanguageModelConfig(n_layer=3, d_model=32, vocab_size=512)
    model = TrainedModel({}, "language_model", config.model_dump(mode="json"), {}, {}, 1, 0)
    ModelStore(paths.models()).put("story-model", model)
    assert stored_sizes("story-model") == {**YOURS, "n_layer": 3, "d_model": 32, "vocab_size": 512}
    assert size(preset="yours").finish()["parameters"] == 2 * 512 * 32 + 3 * 12 * 32**2
    assert size(preset="yours").config.preset == "yours"


@pytest.mark.parametrize(
    "manifest", [b"", b"[]", b"{}", b'{"config": 3}', b'{"config": {"n_layer": 999}}', b"[" * 9999, b"\xff"]
)
def test_a_damaged_manifest_is_none(manifest: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    paths.models().mkdir(parents=True)
    path = paths.models() / "story-model.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("model.json", manifest)
    assert stored_sizes("story-model") == {}
    path.write_bytes(manifest)
    assert stored_sizes("story-model") == {}


@pytest.mark.parametrize(
    ("formula", "value", "told"),
    [
        ("4Ld²", 4 * 2 * 9, "4×2×3²"),
        ("9Ld + rLd + 2d", 9 * 6 + 4 * 6 + 6, "9×2×3 + 4×2×3 + 2×3"),
        ("Vd", 3_000, "1000×3"),
        ("12N", 0, "12×0"),
    ],
)
def test_a_formula_is_worked_out_as_it_reads(formula: str, value: int, told: str) -> None:
    assert worked_out(formula, {"L": 2, "d": 3, "r": 4, "V": 1_000, "N": 0}) == (value, told)


CONFIGS = st.builds(
    ModelSizeConfig,
    n_layer=st.integers(1, 128),
    d_model=st.integers(1, 20_000),
    n_head=st.integers(1, 128),
    context=st.integers(1, 200_000),
    vocab_size=st.integers(1, 300_000),
    mlp_ratio=st.integers(1, 8),
    tied=st.booleans(),
    lean=st.booleans(),
)


@given(CONFIGS)
def test_parts_add_up_whatever_the_sizes(config: ModelSizeConfig) -> None:
    experiment = ModelSize(config, 0, 0)
    found = experiment.finish()
    for group, total in (("parameters", found["parameters"]), ("flops", found["flops"])):
        frame = experiment.view(group)
        assert isinstance(frame, Bars)
        assert sum(frame.values) == pytest.approx(total)
    sums = experiment.view("sums")
    assert isinstance(sums, Table)
    assert len(sums.rows) == sum(map(len, amounts(config).values()))
    for _, _, told, result in sums.rows:  # what reads as the sum is the sum
        terms = str(told).replace("×", "*").replace("²", "**2")
        assert eval(terms) == int(str(result).replace(",", ""))
    assert found["training_gb"] * 1e9 == pytest.approx(16 * found["parameters"])
    assert ("output" in amounts(config)["parameters"]) is not config.tied


def test_heads_change_nothing_and_width_counts_twice() -> None:
    one, other = size(n_head=1).finish(), size(n_head=64).finish()
    assert one == other
    narrow, wide = (amounts(ModelSizeConfig(d_model=d))["parameters"]["mlp"][0] for d in (512, 1024))
    assert wide == 4 * narrow


def test_a_preset_sets_all_and_a_turned_size_makes_it_ones_own() -> None:
    experiment = size(preset="gpt3")
    experiment.adjust("n_layer", 95.0)
    assert (experiment.config.preset, experiment.config.n_layer) == ("custom", 95)
    assert experiment.config.d_model == 12_288
    experiment.adjust("preset", "gpt2")
    assert experiment.config == ModelSizeConfig(preset="gpt2")
    experiment.adjust("preset", "custom")
    assert (experiment.config.preset, experiment.config.n_layer) == ("custom", 12)
    assert ModelSizeConfig(preset="gpt3", n_layer="5").preset == "custom"  # type: ignore[arg-type]
    assert ModelSizeConfig(preset="gpt3", n_layer="96").preset == "gpt3"  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        ModelSizeConfig(preset="gpt5")


def test_the_table_of_models_begins_with_what_is_set() -> None:
    frame = size(preset="gpt2", vocab_size=100_000).view("models")
    assert isinstance(frame, Table)
    assert [row[0] for row in frame.rows] == [SPEC.knobs[0].choices[id] for id in KNOWN]
    assert frame.rows[0][1] == f"{(124_439_808 + (100_000 - 50_257) * 768) / 1e6:,.1f}"
    with pytest.raises(KeyError):
        size().view("curves")


def test_the_knobs_of_a_run_follow_the_preset() -> None:
    lab = course().find_lab("params")[1]
    run = Runner(Plan(lab, find_spec(lab)), itertools.count().__next__)
    while not run.over:
        run.advance()
    assert (run.knobs()["preset"], run.knobs()["n_layer"]) == ("gpt3", 96)
    run.recompute("preset", "gpt2")
    assert (run.knobs()["preset"], run.knobs()["n_layer"]) == ("gpt2", 12)
    run.recompute("n_layer", 24)
    assert (run.knobs()["preset"], run.knobs()["n_layer"], run.knobs()["d_model"]) == ("custom", 24, 768)


def test_all_that_is_drawn_has_a_name() -> None:
    ids = [id for group in PARTS.values() for id in group] + [*PARTS, *SPEC.views]
    assert not [id for id, name in SPEC.called(ids).items() if name.zh == name.en == id]
    for view in ("sums", "models"):
        frame = size().view(view)
        assert isinstance(frame, Table)
        assert set(frame.header) <= set(SPEC.words)
    assert registry.get("model_size") is SPEC
    assert_readable(SPEC.reading(ModelSizeConfig()) if SPEC.reading else ())
