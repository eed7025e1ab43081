from __future__ import annotations

import numpy as np
import pytest

from tutor.frames import Scale
from tutor.plot import heat


def test_levels_grow_with_the_value_and_holes_stay_holes() -> None:
    values = np.array([0, 0.01, 0.04, 0.25, 0.5, 1.0, 7.0, -1.0, np.nan, np.inf], dtype=np.float16)
    assert heat.levels(values, 1.0).tolist() == [0, 2, 3, 8, 11, 15, 15, 0, heat.HOLE, 15]


@pytest.mark.parametrize(
    ("values", "top"),
    [
        ([0.03, 0.2], 0.2),
        ([0.21], 0.5),
        ([1.0], 1.0),
        ([np.nan], 0.1),
        ([], 0.1),
        ([2.5], 5.0),
        ([1234], 2000),
    ],
)
def test_the_scale_ends_on_a_round_number(values: list[float], top: float) -> None:
    assert heat.scale_top(np.array(values, dtype=np.float16)) == top


@pytest.mark.parametrize(
    ("values", "scale", "top"),
    [
        ([0.003], "linear", 0.005),
        ([-7.0, 3.0], "signed", 10.0),
        ([0.0], "linear", 1.0),
        ([-2.0], "linear", 1.0),
    ],
)
def test_the_top_of_other_scales(values: list[float], scale: Scale, top: float) -> None:
    assert heat.scale_top(np.array(values, dtype=np.float16), scale) == top


def test_a_linear_scale_is_in_proportion_and_a_signed_one_has_two_sides() -> None:
    values = np.array([0, 0.25, 0.5, 1.0, -1.0, np.nan, -np.inf], dtype=np.float16)
    assert heat.levels(values, 1.0, "linear").tolist() == [0, 4, 8, 15, 0, heat.HOLE, 0]
    signed = heat.levels(values, 1.0, "signed")
    sides = [heat.ZERO + side for side in (0, 2, 4, heat.SIDE, -heat.SIDE)]
    assert signed.tolist() == [*sides, heat.HOLE, heat.ZERO - heat.SIDE]


def test_the_sign_shows_without_colour() -> None:
    below = {heat.density(heat.ZERO - side, 8) for side in range(1, heat.SIDE + 1)}
    above = {heat.density(heat.ZERO + side, 8) for side in range(1, heat.SIDE + 1)}
    assert below == set(heat.BELOW)
    assert all(0x2800 < ord(glyph) <= 0x28FF for glyph in above)
    assert heat.density(heat.ZERO, 8) == " "
    assert heat.solid(heat.ZERO - 1, 4, 2).text.count("-") == 2
    assert not heat.solid(heat.ZERO + 1, 4, 2).text.strip()


def test_denser_means_stronger() -> None:
    for dots in (8, 16):
        counts = [
            sum((ord(glyph) - 0x2800).bit_count() for glyph in heat.density(level, dots) if glyph != " ")
            for level in range(heat.LEVELS)
        ]
        assert counts == sorted(counts)
        assert (counts[0], counts[-1]) == (0, dots)
        assert len(set(counts)) >= 9
