"""The message filter: what a list flags by construction, what spelling undoes, and that a classifier learns."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from tutor.experiments.message_filter import BAD, TEST, TRAIN, WORDS, MessageFilter, normal, written
from tutor.experiments.message_filter_config import GROUPS, MessageFilterConfig
from tutor.frames import Scatter, Table
from tutor.text import LANGS, Lang

PHRASINGS = ("offer", "talk", "chance", "ordinary")


def run(steps: int, seed: int = 0, **settings: Any) -> MessageFilter:
    experiment = MessageFilter(MessageFilterConfig(**settings), seed, 40)
    for _ in range(steps):
        experiment.step()
    return experiment


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("normalised", [False, True])
def test_a_list_flags_names_wherever_they_stand(lang: Lang, normalised: bool) -> None:
    found = run(1, language=lang, learned=False, normalised=normalised).finish()
    assert found["offer"] == 1
    assert found["ordinary"] == 0
    if normalised:
        assert found["chance"] == 1
        assert 0.5 < found["tricked"] < 1
    else:
        assert 0.1 < found["chance"] < 0.9
        assert found["tricked"] == 0


@pytest.mark.parametrize("lang", LANGS)
def test_names_stand_where_they_should(lang: Lang) -> None:
    words = {**WORDS, **WORDS[lang]}
    rng = random.Random(0)

    def named(text: str) -> bool:
        return any(name in text for name in words["goods"])

    for group in GROUPS:
        texts = [written(group, words, group == "tricked", rng).lower() for _ in range(300)]
        if group != "chance":
            assert {named(text) for text in texts} == {group in ("offer", "talk")}, group
        spelled = {named(normal(text, words["swaps"])) for text in texts}
        assert spelled == {group != "ordinary"}, group
    inside = [named(text.lower()) for text in words["chance"]]
    assert inside == [True, True, False, False] * len(words["goods"])


@pytest.mark.parametrize("lang", LANGS)
def test_tests_have_phrasings_of_their_own_and_are_the_same_for_all_arms(lang: Lang) -> None:
    experiment = run(0, language=lang)
    assert not set(experiment.train.sentences) & set(experiment.test.sentences)
    for other in (run(0, language=lang, tricks=True, normalised=True), run(0, language=lang, learned=False)):
        assert other.test.sentences == experiment.test.sentences
    assert run(0, 1, language=lang).test.sentences != experiment.test.sentences


def test_a_name_is_hidden_by_one_swap_or_by_signs_and_uniform_spelling_undoes_what_it_knows() -> None:
    words = {**WORDS, **WORDS["en"], "offer": ["{goods}"], "goods": ["nim"]}
    forms = {written("tricked", words, True, random.Random(seed)) for seed in range(300)}
    assert {"n!m", "n1m", "n*i*m", "n i m"} < forms
    assert "nim" not in forms
    assert {normal(form, words["swaps"]) for form in forms} == {"nim"}
    assert normal("N!m ｎｉｍ", []) == "nmnim"


def test_it_learns_what_no_list_says() -> None:
    before, after = run(0).finish(), run(40).finish()
    assert before["auc_offer"] == 0.5
    assert after["auc_offer"] > 0.65
    assert after["chance"] < 0.2


def test_auc_is_how_often_an_offer_scores_higher() -> None:
    experiment = run(5)
    scores = experiment.scores(experiment.test).detach()
    harmless = scores[torch.tensor([group not in BAD for group in TEST])]
    for group in BAD:
        ahead = scores[torch.tensor([own == group for own in TEST])][:, None] - harmless
        expected = (ahead > 0).double().mean() + (ahead == 0).double().mean() / 2
        assert experiment.finish()[f"auc_{group}"] == pytest.approx(expected.item())
    assert len(TRAIN) == 2 * len(TEST)


def test_the_threshold_changes_what_is_shown_and_nothing_else() -> None:
    experiment = run(10)
    before = experiment.finish()
    experiment.adjust("threshold", -100.0)
    table, plot = experiment.view("groups"), experiment.view("roc")
    assert isinstance(table, Table)
    assert isinstance(plot, Scatter)
    assert [row[1] for row in table.rows] == ["100%"] * len(GROUPS)
    assert (plot.groups[-1].x.tolist(), plot.groups[-1].y.tolist()) == ([1.0], [1.0])
    assert experiment.finish() == before
