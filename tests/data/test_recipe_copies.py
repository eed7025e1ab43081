"""Copies in what a model is fed: rules find them without any corruption, and a split lets them leak or doesn't."""

from __future__ import annotations

import random

import pytest

from tutor.data.corpora import Corpus
from tutor.data.recipe import Prepared, Recipe, Split, prepare

WORDS = (
    "tree",
    "lake",
    "stone",
    "cloud",
    "river",
    "path",
    "light",
    "door",
    "sound",
    "field",
    "house",
    "rain",
)


def corpus() -> Corpus:
    """Forty documents of their own words, and a validation text."""
    rng = random.Random(0)

    def document(number: int) -> str:
        return f"number {number} " + " ".join(rng.choice(WORDS) + rng.choice(WORDS) for _ in range(60))

    return Corpus("own", ("\n\n".join(document(i) for i in range(40)),), document(99))


def documents(prepared: Prepared) -> list[str]:
    return [text for block in prepared.corpus.train for text in block.split("\n\n")]


def test_rules_run_on_copies_where_nothing_is_soiled() -> None:
    recipe = Recipe(fed="cleaned", copied=0.25, copies=5, rules=("dedup_exact",))
    prepared = prepare(corpus(), recipe, 0)
    assert len(prepared.came) == 40 + 10 * 4
    assert len(documents(prepared)) == len(set(documents(prepared))) == 40
    assert prepared.report is not None
    assert prepared.report.rules[0].removed == 40


def test_exact_matching_keeps_edited_copies_and_near_matching_finds_them() -> None:
    left = {
        rule: len(
            documents(
                prepare(corpus(), Recipe(fed="cleaned", copied=0.25, copies=5, near=1, rules=(rule,)), 0)
            )
        )
        for rule in ("dedup_exact", "dedup_near")
    }
    assert left["dedup_exact"] > 70
    assert left["dedup_near"] < 50


@pytest.mark.parametrize(("split", "leaks"), [("at_random", True), ("by_document", False)])
def test_only_a_split_by_document_keeps_copies_on_one_side(split: Split, leaks: bool) -> None:
    prepared = prepare(corpus(), Recipe(copied=1, copies=4, split=split), 0)
    learned = set(documents(prepared))
    measured = prepared.corpus.validation.split("\n\n")
    assert (sum(text in learned for text in measured) > 0.9 * len(measured)) is leaks
    assert leaks or not learned.intersection(measured)
    assert prepared.held_out == corpus().validation
