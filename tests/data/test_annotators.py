"""Simulated annotators: how often they err, and on which sentences; majorities and kappa against worked examples."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.data.annotators import Annotator, cohen_kappa, majority
from tutor.data.tiny_world import Labelled

GOOD = Labelled("It was good.", "positive", ambiguous=False, positive_share=1.0)
BAD = Labelled("It was bad.", "negative", ambiguous=False, positive_share=0.0)
BOTH = Labelled("Good, but bad.", "negative", ambiguous=True, positive_share=0.7)

labels = st.lists(st.booleans(), min_size=1, max_size=60)


def share_positive(annotator: Annotator, sentence: Labelled, times: int = 4_000) -> float:
    rng = random.Random(0)
    return sum(annotator.is_positive(sentence, rng) for _ in range(times)) / times


def test_random_errors_fall_on_both_kinds_alike() -> None:
    annotator = Annotator(0.3)
    assert share_positive(annotator, GOOD) == pytest.approx(0.7, abs=0.03)
    assert share_positive(annotator, BAD) == pytest.approx(0.3, abs=0.03)


def test_one_sided_errors_are_as_many_and_fall_on_the_bad_alone() -> None:
    annotator = Annotator(0.3, "one_sided")
    assert share_positive(annotator, GOOD) == 1
    assert share_positive(annotator, BAD) == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(("errors", "rate"), [("random", 0.0), ("one_sided", 0.0), ("none", 0.4)])
def test_who_never_errs_only_tosses_where_a_sentence_says_both(errors: str, rate: float) -> None:
    annotator = Annotator(rate, errors)  # type: ignore[arg-type]
    assert share_positive(annotator, GOOD) == 1
    assert share_positive(annotator, BAD) == 0
    assert share_positive(annotator, BOTH) == pytest.approx(0.7, abs=0.03)


@given(st.sampled_from([GOOD, BAD, BOTH]), st.sampled_from(["none", "random", "one_sided"]), st.integers())
def test_every_sentence_takes_as_many_draws(sentence: Labelled, errors: str, seed: int) -> None:
    """So that one setting never shifts what is said of the sentences after it."""
    rng, other = random.Random(seed), random.Random(seed)
    Annotator(0.3, errors).is_positive(sentence, rng)  # type: ignore[arg-type]
    other.random(), other.random()
    assert rng.getstate() == other.getstate()


@given(labels)
def test_a_majority_is_what_most_say(votes: list[bool]) -> None:
    decided = majority(votes)
    assert 2 * votes.count(decided) >= len(votes)
    if 2 * votes.count(decided) == len(votes):
        assert decided == votes[0]


def from_counts(both: int, first: int, second: int, none: int) -> float:
    pairs = (
        [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * none
    )
    return cohen_kappa([a for a, _ in pairs], [b for _, b in pairs])


def test_kappa_of_worked_examples() -> None:
    assert from_counts(20, 5, 10, 15) == pytest.approx(0.4)
    assert from_counts(45, 15, 25, 15) == pytest.approx(0.1304, abs=5e-5)
    assert from_counts(25, 35, 5, 35) == pytest.approx(0.2593, abs=5e-5)


@given(labels)
def test_kappa_of_somebody_with_themselves_is_one(votes: list[bool]) -> None:
    kappa = cohen_kappa(votes, votes)
    assert math.isnan(kappa) if len(set(votes)) == 1 else kappa == pytest.approx(1)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_kappa_knows_no_order_of_the_two_and_is_at_most_one(pairs: list[tuple[bool, bool]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    kappa = cohen_kappa(one, other)
    assert cohen_kappa(other, one) == pytest.approx(kappa, nan_ok=True)
    assert math.isnan(kappa) or -1 - 1e-9 <= kappa <= 1 + 1e-9
