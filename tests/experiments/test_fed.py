"""What a language model is fed, as its frames and metrics tell it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import SPEC, LanguageModelConfig
from tutor.experiments.language_model_views import difference
from tutor.frames import Bars, Funnel, Passages

SMALL = {
    "corpus": "tiny_world_en", "documents": 60, "d_model": 16, "n_head": 2, "n_layer": 1, "batch": 4, "context": 16, "vocab_size": 256,
}  # fmt: skip


def made(**more: object) -> LanguageModel:
    return LanguageModel(LanguageModelConfig.model_validate({**SMALL, **more}), 0, 10)


def test_arms_have_one_vocabulary_and_one_validation_text() -> None:
    arms = [
        made(corruption=0.6, fed=fed, rules="html, unicode, spam")
        for fed in ("original", "corrupted", "cleaned")
    ]
    assert len({arm.data.tokenizer.pieces for arm in arms}) == 1
    assert len({arm.data.corpus.validation for arm in arms}) == 1
    assert len({arm.data.corpus.train for arm in arms}) == 3


def test_frames_tell_what_the_rules_did() -> None:
    arm = made(corruption=0.9, fed="cleaned", rules="html, unicode, spam")
    funnel = arm.view("funnel")
    assert isinstance(funnel, Funnel)
    assert [stage.label for stage in funnel.stages] == ["corrupted", "html", "unicode", "spam"]
    assert funnel.stages[0].documents == 60
    for before, after in zip(funnel.stages, funnel.stages[1:], strict=False):
        assert after.documents == before.documents - after.removed
    passages = arm.view("cleaned")
    assert isinstance(passages, Passages)
    assert passages.items
    for passage in passages.items:
        assert passage.label in SPEC.words
        assert {kind for _, kind in passage.parts} & {"cut", "new"}
    for fed in ("original", "corrupted"):
        other = made(corruption=0.9, fed=fed)
        one = other.view("funnel")
        assert isinstance(one, Funnel)
        assert len(one.stages) == 1
        assert other.view("cleaned") == Passages(())


def test_a_funnel_and_the_metric_count_the_same_characters() -> None:
    rules = "html, unicode, spam, dedup_exact"
    arms = {
        fed: made(documents=300, corruption=0.9, fed=fed, rules=rules)
        for fed in ("original", "corrupted", "cleaned")
    }
    assert len(arms["corrupted"].data.corpus.train) > 1, "also where blocks end"
    funnels = {fed: arm.view("funnel") for fed, arm in arms.items()}
    counted = {fed: arm.finish()["train_chars"] for fed, arm in arms.items()}
    stages = {fed: funnel.stages for fed, funnel in funnels.items() if isinstance(funnel, Funnel)}
    assert stages["cleaned"][0].characters == counted["corrupted"]
    assert {fed: these[-1].characters for fed, these in stages.items()} == counted


def test_a_model_that_read_one_document_for_long_recites_it() -> None:
    arm = made(copied=0.05, copies=60, documents=20, batch=12, context=32, d_model=64, lr=0.05)
    arm.total_steps = 50
    for _ in range(50):
        arm.step()
    final = arm.finish()
    assert final["verbatim"] > 0.9
    assert final["verbatim"] > final["verbatim_once"] + 0.2


def test_held_out_loss_is_measured_only_where_validation_may_leak() -> None:
    arm = made(copied=1.0, copies=4, split="at_random")
    seen: set[str] = set()
    for _ in range(20):
        seen |= arm.step().keys()
    assert "held_out_loss" in seen
    assert math.isfinite(arm.finish()["held_out_loss"])
    assert "held_out_loss" not in made().finish()


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="rules"):
        LanguageModelConfig.model_validate({"rules": ["html", "nonsense"]})


def test_the_words_of_every_rule_are_there_in_both_languages() -> None:
    assert "html" in SPEC.words
    assert all(words.zh and words.en for words in SPEC.words.values())


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    parts = difference(before, after, 160)
    assert "".join(text for text, kind in parts if kind != "new") == before
    assert "".join(text for text, kind in parts if kind != "cut") == after


def test_the_s_curve_is_that_of_the_preset() -> None:
    fine = made(copied=0.5, copies=2, fed="cleaned", rules=["dedup_near"]).view("bands")
    coarse = made(
        copied=0.5, copies=2, fed="cleaned", rules=["dedup_near"], near_preset="redpajama-1.0"
    ).view("bands")
    assert isinstance(fine, Bars)
    assert isinstance(coarse, Bars)
    at = fine.labels.index("0.75")
    assert fine.values[at] == pytest.approx(1 - (1 - 0.75**8) ** 14)
    assert list(fine.values) == sorted(fine.values)
    assert coarse.values[at] < 0.001
    assert coarse.values[-1] > 0.999
    assert made(fed="cleaned", rules=["html"]).view("bands") == Bars((), ())
