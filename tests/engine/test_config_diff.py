from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.config_diff import ARM, SEED, STEPS, Difference, RunSetup, conclusion, listed, plain
from tutor.engine.config_diff import differences as differences_of
from tutor.experiments.base import ExperimentSpec
from tutor.experiments.language_model_config import SPEC, LanguageModelConfig
from tutor.experiments.model_size_config import SPEC as SIZE_SPEC
from tutor.experiments.model_size_config import ModelSizeConfig
from tutor.experiments.text_classifier_config import SPEC as LABELLING_SPEC
from tutor.text import LANGS, Lang, Text

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.sampled_from(["own", "a", "", " b\x1b[31m{x}"]),
)
configs = st.dictionaries(st.sampled_from(["corpus", "text_file", "lr", "batch", "{odd}"]), values)
setups = st.builds(
    RunSetup,
    st.dictionaries(st.sampled_from(["a", "b", "c"]), configs, max_size=3),
    st.integers(0, 2),
    st.integers(1, 3),
)


def setup(seed: int = 0, steps: int = 100, /, **settings: Any) -> RunSetup:
    return RunSetup(plain({"": LanguageModelConfig(**settings)}), seed, steps)


def differences(a: RunSetup, b: RunSetup) -> tuple[Difference, ...]:
    return differences_of(a, b, SPEC)


def told(a: RunSetup, b: RunSetup, labels: Mapping[str, Text] | None = None) -> Text:
    return conclusion(differences(a, b), SPEC, labels)


@given(setups, setups)
def test_differences_are_the_same_seen_from_either_side(a: RunSetup, b: RunSetup) -> None:
    def shown(key: str, arms: tuple[str, ...], *pair: object) -> str:
        return repr((key, sorted(arms), *pair))

    there = {shown(one.key, one.arms, one.before, one.after) for one in differences(a, b)}
    back = {shown(one.key, one.arms, one.after, one.before) for one in differences(b, a)}
    assert there == back
    assert all(told(a, b)[lang] for lang in LANGS)


@given(setups)
def test_a_run_does_not_differ_from_itself(setup: RunSetup) -> None:
    assert differences(setup, RunSetup(dict(setup.configs), setup.seed, setup.steps)) == ()


def test_identical_setups() -> None:
    text = told(setup(lr=0.05), setup(lr=0.05))
    assert "Identical" in text.en
    assert "完全相同" in text.zh


def test_one_setting_is_named_in_both_languages() -> None:
    text = told(setup(lr=0.05), setup(lr=0.02))
    assert "only in one thing: learning rate: 0.05 → 0.02" in text.en
    assert "学习率：0.05 → 0.02" in text.zh
    assert "confounded" not in text.en
    assert "batch size: 16 → 8" in told(setup(), setup(batch=8)).en


def test_the_seed_alone_is_noise() -> None:
    text = told(setup(0), setup(3))
    assert "only in the seed (random seed: 0 → 3)" in text.en
    assert "noise" in text.en
    assert "噪声" in text.zh


def test_more_than_one_thing_is_confounded_and_each_is_named() -> None:
    text = told(setup(0, 100, lr=0.05), setup(1, 200, lr=0.02, batch=8))
    assert "4 things, which are confounded" in text.en
    assert "混杂" in text.zh
    for part in (
        "learning rate: 0.05 → 0.02",
        "batch size: 16 → 8",
        "random seed: 0 → 1",
        "steps: 100 → 200",
    ):
        assert part in text.en
    assert "keep the seed" in text.en
    assert "keep the seed" not in told(setup(lr=0.05), setup(lr=0.02, batch=8)).en


def test_an_own_text_is_one_thing_and_only_its_name_is_told() -> None:
    found = differences(setup(), setup(corpus="own", text_file="/home/me/notes.txt"))
    assert [one.key for one in found] == ["corpus"]
    assert "Python reference → notes.txt" in conclusion(found, SPEC).en
    assert "/home" not in conclusion(found, SPEC).en
    assert "训练文本" in conclusion(found, SPEC).zh


def test_a_text_file_that_is_not_read_is_no_difference() -> None:
    assert differences(setup(), setup(text_file="/home/me/notes.txt")) == ()


def test_two_texts_of_one_name_are_told_apart() -> None:
    a, b = (setup(corpus="own", text_file=f"/{folder}/notes.txt") for folder in ("x", "y"))
    assert "/x/notes.txt → /y/notes.txt" in told(a, b).en


def test_what_all_arms_share_is_one_difference_and_else_the_arms_are_named() -> None:
    before = RunSetup({"a": {"lr": 1.0, "batch": 4}, "b": {"lr": 1.0, "batch": 4}}, 0, 10)
    shared = RunSetup({"a": {"lr": 2.0, "batch": 4}, "b": {"lr": 2.0, "batch": 4}}, 0, 10)
    (one,) = differences(before, shared)
    assert (one.key, one.before, one.after, one.arms) == ("lr", 1.0, 2.0, ())
    single = RunSetup({"a": {"lr": 1.0, "batch": 4}, "b": {"lr": 1.0, "batch": 8}}, 0, 10)
    labels = {"b": Text("从零开始", "from scratch")}
    assert "batch size (from scratch): 4 → 8" in told(before, single, labels).en
    assert "批大小（从零开始）：4 → 8" in told(before, single, labels).zh


def test_what_all_that_have_a_setting_share_names_no_arm() -> None:
    before = RunSetup(
        {"base": {"lr": 1.0}, "a": {"lr": 1.0, "batch": 4}, "b": {"lr": 1.0, "batch": 4}}, 0, 10
    )
    after = RunSetup({"base": {"lr": 1.0}, "a": {"lr": 1.0, "batch": 8}, "b": {"lr": 1.0, "batch": 8}}, 0, 10)
    (one,) = differences(before, after)
    assert (one.key, one.arms) == ("batch", ())


def test_an_arm_that_only_one_run_has() -> None:
    a, b = RunSetup({"x": {}}, 0, 1), RunSetup({"x": {}, "y": {}}, 0, 1)
    assert [one.key for one in differences(a, b)] == [ARM]
    assert "only the second has the arm “y”" in told(a, b).en
    assert "only the first has the arm “y”" in told(b, a).en


def test_seed_and_steps_stand_last() -> None:
    assert [one.key for one in differences(setup(0, 1, lr=1), setup(1, 2, lr=2))] == ["lr", SEED, STEPS]


@pytest.mark.parametrize("lang", LANGS)
def test_values_are_told_in_words(lang: Lang) -> None:
    text = told(setup(), setup(token_shift=True, train_chars=5000))[lang]
    assert ("关 → 开" if lang == "zh" else "off → on") in text
    assert ("全部 → 5000" if lang == "zh" else "all → 5000") in text


RULES = ("html", "unicode", "controls")
WORDS = {
    "html": Text("HTML 转文本", "HTML to text"),
    "gopher_quality": Text("Gopher：质量", "Gopher: quality"),
}


@pytest.mark.parametrize(
    ("after", "zh", "en"),
    [
        (
            ("unicode", "controls"),
            "清洗规则：去掉「HTML 转文本」。",
            "cleaning rules: without “HTML to text”.",
        ),
        (
            ("unicode", "gopher_quality"),
            "去掉「HTML 转文本」「controls」，加上「Gopher：质量」",
            "without “HTML to text”, “controls”, “Gopher: quality” added",
        ),
        (("controls", "unicode", "html"), "换了次序", "another order"),
        ((), "全部去掉", "none any more"),
    ],
)
def test_of_a_list_only_what_changed_is_told_by_name(after: tuple[str, ...], zh: str, en: str) -> None:
    before, now = setup(fed="cleaned", rules=RULES), setup(fed="cleaned", rules=after)
    found = differences(before, now)
    said = conclusion(found, replace(SPEC, words=WORDS))
    assert zh in said.zh
    assert en in said.en


def test_to_clean_or_not_is_one_difference_whatever_the_rules() -> None:
    found = differences(setup(fed="original"), setup(fed="cleaned", rules=("dedup_exact",)))
    assert [one.key for one in found] == ["fed"]
    assert not differences(setup(fed="corrupted", rules=RULES), setup(fed="corrupted"))


def test_values_that_have_a_name_are_called_by_it() -> None:
    found = differences(setup(fed="corrupted"), setup(fed="cleaned"))
    assert "text fed: soiled → cleaned" in conclusion(found, SPEC).en
    assert "读的文本：弄脏的 → 清洗过的" in conclusion(found, SPEC).zh


@pytest.mark.parametrize("spec", [SPEC, LABELLING_SPEC], ids=["language_model", "text_classifier"])
def test_names_are_of_settings_and_values_that_are_there(spec: ExperimentSpec) -> None:
    for name in spec.settings:
        key, given, value = name.partition("=")
        assert key in spec.config.model_fields
        if given:
            config = spec.config.model_validate({key: None if value == "None" else value})
            assert str(getattr(config, key)) == value


def test_what_a_knob_can_be_set_to_is_told_by_its_name() -> None:
    a, b = (RunSetup(plain({"": ModelSizeConfig(preset=preset)}), 0, 0) for preset in ("gpt3", "gpt3_xl"))
    found = [one for one in differences_of(a, b, SIZE_SPEC) if one.key == "preset"]
    assert listed(found, SIZE_SPEC).en == "model: GPT-3 → GPT-3 XL"
    untied = RunSetup(plain({"": ModelSizeConfig(tied=False)}), 0, 0)
    tied = RunSetup(plain({"": ModelSizeConfig()}), 0, 0)
    assert listed(differences_of(untied, tied, SIZE_SPEC), SIZE_SPEC).zh == "输入输出共用词表：关 → 开"
