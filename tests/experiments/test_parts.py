"""Config parts: flat keys, former names, and functions that need no more than their part."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course import course
from tutor.engine.configs import arm_configs, find_spec
from tutor.experiments.base import ExperimentConfig
from tutor.experiments.build import build_optimizers, build_transformer, prepare_text
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.parts import Architecture, LearningTask, Optimization, TrainingText, Watched
from tutor.nn.optim import AdamW


def test_the_config_of_a_language_model_is_its_parts_and_a_recipe() -> None:
    parts: list[type[ExperimentConfig]] = [TrainingText, Architecture, Optimization, LearningTask, Watched]
    keys = [key for part in parts for key in part.model_fields]
    assert len(keys) == len(set(keys))
    assert set(LanguageModelConfig.model_fields) == {*keys, "recipe", "judged", "one_rate"}


def test_a_part_alone_is_enough_to_build_from() -> None:
    data = prepare_text(TrainingText(tokenizer="char", train_chars=2_000), seed=0)
    model = build_transformer(
        Architecture(d_model=16, n_head=2, n_layer=1), data.tokenizer.vocab_size, causal=True, seed=0
    )
    ((optimizer, multiple),) = build_optimizers(Optimization(optimizer="adamw", lr=0.1), model)
    assert isinstance(optimizer, AdamW)
    assert (optimizer.lr, multiple) == (0.1, 1.0)


@pytest.mark.parametrize(
    ("old", "present", "value"),
    [("division", "split", "at_random"), ("mix_old", "replay_ratio", 0.5), ("dirt", "corruption", 0.6)],
)
def test_a_former_key_is_understood_everywhere(old: str, present: str, value: str | float) -> None:
    assert getattr(LanguageModelConfig.model_validate({old: value}), present) == value
    _, lab = course().find_lab("gpt")
    spec = find_spec(lab)
    assert getattr(arm_configs(lab, spec, {f"gpt.{old}": value})["gpt"], present) == value
    # A lab in the old words and a learner in the new ones, and the other way round: the learner wins.
    for in_lab, given in ((old, present), (present, old)):
        other = lab.model_copy(update={"shared": {**lab.shared, in_lab: value}})
        default = LanguageModelConfig.model_fields[present].default
        assert getattr(arm_configs(other, spec, {given: default})["gpt"], present) == default


def test_a_former_value_is_understood() -> None:
    for old in ({"fed": "soiled"}, {"fed": "corrupted"}):
        assert LanguageModelConfig.model_validate(old).fed == "corrupted"


def test_what_a_lab_quotes_from_its_own_text_does_not_hold_for_the_learners(text_file: Path) -> None:
    """Found by a newcomer: a run on their text began with words of the built-in one."""
    _, lab = course().find_lab("gpt")
    spec = find_spec(lab)
    assert spec.user_text is not None
    own = spec.user_text.settings([text_file])
    config = arm_configs(lab, spec, own)["gpt"]
    assert isinstance(config, LanguageModelConfig)
    assert lab.shared["prompt"]
    assert (config.prompt, config.probe) == ("", "")
    run = LanguageModel(config, 0, 10)
    text = run.data.corpus.validation
    for ids in (run.prompt, run.probe):
        assert run.data.tokenizer.decode(ids.tolist()) in text
    chosen = arm_configs(lab, spec, {**own, "prompt": "the river"})["gpt"]
    assert isinstance(chosen, LanguageModelConfig)
    assert chosen.prompt == "the river", "what the learner sets holds"
