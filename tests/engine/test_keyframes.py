"""Kept moments are about evenly spread, and what has to go leaves the smallest gap."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.branch import Keyframes


def run(frames: Keyframes[int], rounds: int, size: int, budget: int = 10**9) -> None:
    for round_ in range(rounds + 1):
        if frames.due(round_):
            frames.keep(round_, round_, size)
        while frames.bytes > budget and frames.can_thin:
            frames.thin()


def gaps(frames: Keyframes[int]) -> list[int]:
    return [b - a for a, b in itertools.pairwise(frames.rounds)]


@given(st.integers(0, 2000), st.integers(1, 300))
def test_every_so_many_rounds_from_the_start(rounds: int, stride: int) -> None:
    frames: Keyframes[int] = Keyframes(stride)
    run(frames, rounds, 3)
    assert frames.rounds == tuple(range(0, rounds + 1, stride))
    assert frames.bytes == 3 * len(frames.rounds)


@given(st.integers(1, 3000), st.integers(1, 200), st.integers(1, 300))
def test_a_run_that_goes_on_longer_is_thinned_evenly(rounds: int, stride: int, fit: int) -> None:
    frames: Keyframes[int] = Keyframes(stride)
    run(frames, rounds, 10, 10 * fit)
    kept = frames.rounds
    assert kept[0] == 0
    assert len(kept) <= max(2, fit)
    if fit > 3:
        between = gaps(frames)
        assert rounds - kept[-1] <= 3 * max(between, default=rounds), "what is new is kept, too"
        assert max(between, default=0) <= 4 * min(between, default=0)
        assert max(between, default=0) <= max(stride, 4 * rounds / fit)


@given(st.sets(st.integers(0, 50), min_size=1), st.integers(0, 60))
def test_nearest_is_the_last_before(rounds: set[int], asked: int) -> None:
    frames: Keyframes[str] = Keyframes()
    for round_ in sorted(rounds):
        frames.keep(round_, str(round_), 1)
    before = [r for r in rounds if r <= asked]
    assert frames.nearest(asked) == ((max(before), str(max(before))) if before else None)


@given(st.sets(st.integers(0, 60), min_size=1))
def test_the_smallest_gap_is_made_and_the_ends_stay(rounds: set[int]) -> None:
    frames: Keyframes[int] = Keyframes()
    for round_ in rounds:
        frames.keep(round_, round_, 1)
    while frames.can_thin:
        before = frames.rounds
        spans = {
            here: after - prior for prior, here, after in zip(before, before[1:], before[2:], strict=False)
        }
        frames.thin()
        (gone,) = set(before) - set(frames.rounds)
        assert spans[gone] == min(spans.values())
    assert frames.rounds == tuple(sorted({min(rounds), max(rounds)}))
    assert frames.bytes == len(frames.rounds)
    frames.thin()
    assert frames.rounds == tuple(sorted({min(rounds), max(rounds)})), "nothing is left that may go"


def test_a_passing_one_goes_when_the_next_comes_and_one_with_a_place_of_its_own_stays() -> None:
    frames: Keyframes[int] = Keyframes(10)
    run(frames, 20, 1)
    frames.keep(24, 0, 5, passing=True)
    frames.keep(24, 1, 5, passing=True)
    assert frames.nearest(25) == (24, 1)
    assert frames.bytes == 8
    frames.keep(27, 2, 5, passing=True)
    assert frames.rounds == (0, 10, 20, 27)
    assert frames.due(30), "what is passing takes nobody's place"
    frames.keep(30, 3, 1, passing=True)
    frames.keep(31, 4, 1, passing=True)
    frames.keep(40, 5, 1)
    assert list(frames.rounds) == [0, 10, 20, 30, 40]


def test_keeping_again_replaces() -> None:
    frames: Keyframes[int] = Keyframes()
    run(frames, 20, 10)
    frames.keep(20, 99, 30)
    assert frames.bytes == 20 * 10 + 30
    assert frames.nearest(50) == (20, 99)
