"""The message filter: what a list flags by construction, what spelling undoes, and that a classifier learns."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from tutor.experiments import message_filter
from tutor.experiments.message_filter import MessageFilter, auc, normal, written
from tutor.experiments.message_filter_config import GROUPS, MessageFilterConfig
from tutor.frames import Scatter, Table
from tutor.text import LANGS

WORDS = yaml.safe_load(Path(message_filter.__file__).with_suffix(".yaml").read_text("utf-8"))


def run(steps: int, **settings: Any) -> MessageFilter:
    experiment = MessageFilter(MessageFilterConfig(**settings), 0, 40)
    for _ in range(steps):
        experiment.step()
    return experiment


@pytest.mark.parametrize("normalised", [False, True])
def test_a_list_flags_names_wherever_they_stand(normalised: bool) -> None:
    found = run(1, judge="list", normalised=normalised).finish()
    for group in ("offer", "talk", "inside"):
        assert found[f"flagged_{group}"] == 1
    assert found["flagged_across"] == float(normalised)
    assert found["flagged_ordinary"] == 0
    assert found["flagged_tricked"] == 0 if not normalised else 0.2 < found["flagged_tricked"] < 0.8


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["train", "test"])
def test_names_stand_by_chance_where_they_should(lang: str, part: str) -> None:
    words, swaps = WORDS[lang], WORDS[lang]["swaps"]["train"]

    def named(text: str) -> bool:
        return any(name in text for name in words["goods"])

    assert all(named(text.lower()) for text in words["inside"][part])
    assert all(named(normal(text.lower(), swaps)) for text in words["across"][part])
    rng = random.Random(0)
    for group, by_chance in (("ordinary", False), ("across", False), ("inside", True), ("offer", True)):
        texts = [written(group, part, words, 0, rng).lower() for _ in range(300)]
        assert all(named(text) is by_chance for text in texts), group
    for _ in range(300):
        assert not named(written("tricked", part, words, 1, rng).lower())


@pytest.mark.parametrize("lang", LANGS)
def test_no_phrasing_is_trained_and_tested_on(lang: str) -> None:
    for group in ("offer", "talk", "inside", "across", "ordinary"):
        assert not set(WORDS[lang][group]["train"]) & set(WORDS[lang][group]["test"])


def test_it_learns_what_no_list_says() -> None:
    found = run(40).finish()
    assert found["auc_offer"] > 0.75
    assert found["flagged_inside"] + found["flagged_across"] < 0.3


def test_a_tie_counts_half() -> None:
    assert auc(torch.tensor([1.0, 0.0]), torch.tensor([0.0, -1.0])) == pytest.approx(0.875)


def test_the_threshold_changes_what_is_shown_and_nothing_else() -> None:
    experiment = run(10)
    before, state = experiment.finish(), experiment.view_state()
    experiment.adjust("threshold", -6.0)
    table, plot = experiment.view("groups", state), experiment.view("roc", state)
    assert isinstance(table, Table)
    assert isinstance(plot, Scatter)
    assert [row[1] for row in table.rows] == ["100%"] * len(GROUPS)
    assert all(group.y.tolist() == [1.0] for group in plot.groups[2:])
    assert experiment.finish() == before
