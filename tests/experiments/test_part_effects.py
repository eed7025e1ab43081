"""Parts of a model are measured against what is out already."""

from __future__ import annotations

import pytest

from tests.experiments.test_registry import a_model
from tutor.experiments.part_effects import PartEffects
from tutor.experiments.part_effects_config import PartEffectsConfig
from tutor.frames import Table


def test_what_is_out_already_costs_nothing_more() -> None:
    effects = PartEffects(PartEffectsConfig(), 0, 0, a_model())
    whole = effects.finish()
    effects.adjust("out", "attention_1")
    assert effects.loss == pytest.approx(whole["whole_loss"] + whole["total_attention_1"], abs=1e-6)
    assert effects.total["attention_1"] == effects.total["1.1"] == 0.0
    assert effects.finish()["direct_mlp_2"] == whole["direct_mlp_2"], "direct effects are of the whole model"


def test_a_line_goes_on_without_each_part() -> None:
    effects = PartEffects(PartEffectsConfig(line="The "), 0, 0, a_model())
    table = effects.view("sentence")
    assert isinstance(table, Table)
    line, whole, *others = table.rows
    assert line[1] == "The"
    assert len(others) == len(effects.members)
    assert whole[2] == whole[3], "with all parts the first answer is its own"
