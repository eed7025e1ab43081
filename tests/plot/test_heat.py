from __future__ import annotations

import numpy as np
import pytest

from tutor.plot import heat


def test_levels_grow_with_the_value_and_holes_stay_holes() -> None:
    values = np.array([0, 0.01, 0.04, 0.25, 0.5, 1.0, 7.0, -1.0, np.nan, np.inf], dtype=np.float16)
    assert heat.levels(values, 1.0).tolist() == [0, 2, 3, 8, 11, 15, 15, 0, heat.HOLE, 15]


@pytest.mark.parametrize(
    ("values", "top"),
    [([0.03, 0.2], 0.2), ([0.21], 0.5), ([1.0], 1.0), ([np.nan], 0.1), ([], 0.1), ([2.5], 2.5)],
)
def test_the_scale_ends_on_a_round_number(values: list[float], top: float) -> None:
    assert heat.scale_top(np.array(values, dtype=np.float16)) == top


def test_denser_means_stronger() -> None:
    for dots in (8, 16):
        counts = [
            sum((ord(glyph) - 0x2800).bit_count() for glyph in heat.density(level, dots) if glyph != " ")
            for level in range(heat.LEVELS)
        ]
        assert counts == sorted(counts)
        assert (counts[0], counts[-1]) == (0, dots)
        assert len(set(counts)) >= 9
