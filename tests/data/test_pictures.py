"""Drawn glyphs: alike for a seed, different by hand, in the middle, and clear of the edge."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tutor.data.pictures import GLYPHS, SIDE, Script, draw


@pytest.mark.parametrize("script", get_args(Script))
def test_glyphs_are_drawn_in_the_middle_and_can_be_moved_by_a_pixel(script: Script) -> None:
    pictures, labels = draw(script, 500, 3, grain=0)
    assert pictures.shape == (500, SIDE, SIDE)
    assert pictures.min() == 0
    assert pictures.max() == 1
    assert set(labels) == set(range(len(GLYPHS[script]))) == set(range(10))
    ink = pictures.sum(axis=(1, 2))
    for axis in (1, 2):
        centre = (pictures.sum(axis=3 - axis) * np.arange(SIDE)).sum(axis=1) / ink
        assert abs(centre - (SIDE - 1) / 2).max() < 0.5
    edge = ink - pictures[:, 1:-1, 1:-1].sum(axis=(1, 2))
    assert (edge / ink).mean() < 0.02


def test_a_seed_repeats_its_pictures_and_no_two_of_a_kind_are_alike() -> None:
    (one, labels), (again, _), (other, _) = (draw("digits", 100, seed, grain=0.2) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    clean, kinds = draw("digits", 100, 1, grain=0)
    assert np.array_equal(labels, kinds)
    ones = clean[kinds == 1].reshape(-1, SIDE * SIDE)
    assert len(np.unique(ones, axis=0)) == len(ones) > 1


@pytest.mark.parametrize("script", get_args(Script))
def test_glyphs_can_be_told_apart(script: Script) -> None:
    """By the nearest of 500 pictures, which is far from what a network can do."""
    (known, kinds), (new, truth) = (draw(script, 500, seed, grain=0) for seed in (1, 2))
    distance = ((new[:, None] - known) ** 2).sum(axis=(2, 3))
    assert (kinds[distance.argmin(axis=1)] == truth).mean() > 0.9
