"""What every picture must keep, and random frames to draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tutor.frames import HeatMap, Scale
from tutor.plot.cells import Row, row_text, row_width
from tutor.ui.themes import themes

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", " ", "\n", "\t", "真", "今天", " the", "\x1b[31m", "a\rb", "e\u0301", "👨‍👩‍👧", "\u202e", "def"]
    ),
)
"""Names and tokens as files, models and learners make them."""

widths = st.integers(1, 90)
heights = st.integers(1, 40)


ROLES = {"", *(variable.removeprefix("role-") for variable in themes("truecolor")[0].variables)}
"""What can be drawn in; all themes have the same."""


def assert_box(rows: Sequence[Row], width: int, height: int | None) -> None:
    """Each row is exactly as wide as asked for, all characters are visible, all roles have colours."""
    if height is not None:
        assert len(rows) == height
    for row in rows:
        assert row_width(row) == width, repr(row_text(row))
        for run in row:
            assert {run.fg, run.bg} <= ROLES
            assert not any(unicodedata.category(character) == "Cc" for character in run.text), repr(run.text)


def picture(rows: Sequence[Row]) -> str:
    """The characters of a picture without blanks at line ends."""
    return "\n".join(row_text(row).rstrip() for row in rows)


def causal(size: int, planes: int = 1, seed: int = 0) -> HeatMap:
    """Attention-like weights: rows sum to 1, nothing after the diagonal."""
    generator = np.random.default_rng(seed)
    weights = np.exp(generator.normal(0, 1.5, (planes, size, size)))
    seen = np.tril(np.ones((size, size)))
    weights = weights * seen
    weights = np.where(seen > 0, weights / weights.sum(-1, keepdims=True), np.nan)
    labels = tuple(f"t{place}" for place in range(size))
    names = tuple(f"{plane // 4 + 1}.{plane % 4 + 1}" for plane in range(planes))
    return HeatMap(weights.astype(np.float16), names, labels, labels)


@st.composite
def heat_maps(draw: st.DrawFn) -> HeatMap:
    """Any heat map, also empty ones, with labels missing or too many and values out of range."""
    planes, rows, cols = draw(st.integers(0, 5)), draw(st.integers(0, 40)), draw(st.integers(0, 40))
    generator = np.random.default_rng(draw(st.integers(0, 99)))
    values: NDArray[np.float16] = generator.random((planes, rows, cols)).astype(np.float16)
    values *= np.float16(draw(st.sampled_from([0.0, 0.01, 1.0, 3.0])))
    values[generator.random(values.shape) < draw(st.sampled_from([0.0, 0.5, 1.0]))] = draw(
        st.sampled_from([np.nan, np.inf, -np.inf, -1.0])
    )
    names = tuple(draw(st.lists(texts, min_size=planes, max_size=planes)))
    labels = [tuple(draw(st.lists(texts, max_size=45))) for _ in range(2)]
    scale: Scale = draw(st.sampled_from(["linear", "sqrt", "signed"]))
    limit = draw(st.none() | st.sampled_from([0.5, 40.0]))
    return HeatMap(values, names, labels[0], labels[1], scale=scale, limit=limit)
