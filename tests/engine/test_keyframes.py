"""Kept moments stay within their budget and evenly spread."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.keyframes import Keyframes


def run(frames: Keyframes[int], rounds: int, size: int) -> None:
    for round_ in range(rounds + 1):
        if frames.due(round_):
            frames.keep(round_, round_, size)


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 500), st.integers(200, 5000))
def test_within_budget_evenly_and_from_the_start(rounds: int, expected: int, size: int, budget: int) -> None:
    frames: Keyframes[int] = Keyframes(budget, expected)
    run(frames, rounds, size)
    kept = frames.rounds
    assert kept[0] == 0
    assert frames.bytes == size * len(kept)
    assert frames.bytes <= budget or len(kept) <= 2
    gaps = [b - a for a, b in itertools.pairwise(kept)]
    assert len(set(gaps[:-1])) <= 1, "all but the newest are the same way apart"
    if budget >= size * (rounds + 1) and expected <= rounds:
        assert len(kept) == rounds + 1


def test_as_many_as_fit_when_the_length_is_known() -> None:
    frames: Keyframes[int] = Keyframes(1000, 300)
    run(frames, 300, 10)
    assert 75 <= len(frames.rounds) <= 100


@given(st.sets(st.integers(0, 50), min_size=1), st.integers(0, 60))
def test_nearest_is_the_last_before(rounds: set[int], asked: int) -> None:
    frames: Keyframes[str] = Keyframes(10**6, 50)
    for round_ in sorted(rounds):
        frames.keep(round_, str(round_), 1)
    before = [r for r in rounds if r <= asked]
    assert frames.nearest(asked) == ((max(before), str(max(before))) if before else None)


def test_a_smaller_budget_thins_and_keeping_again_replaces() -> None:
    frames: Keyframes[int] = Keyframes(1000, 20)
    run(frames, 20, 10)
    frames.keep(20, 99, 30)
    assert frames.bytes == 20 * 10 + 30
    frames.resize(100)
    assert frames.bytes <= 100
    assert frames.rounds[0] == 0
    assert frames.nearest(50) == (20, 99)
    frames.clear()
    assert frames.nearest(50) is None
    assert frames.due(7)
