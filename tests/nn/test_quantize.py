"""Weights in few bits: whole multiples of a scale, and the scale that costs least."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tutor.nn.quantize import best_scale, largest_scale, round_to, top

matrices = st.builds(
    lambda seed, rows, cols, size: torch.randn(rows, cols, generator=torch.Generator().manual_seed(seed)) * size,
    st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 40), st.sampled_from([0.0, 1e-6, 0.1, 30.0]),
)  # fmt: skip
bits = st.sampled_from([8, 4, 3, 2])


def error(weight: Tensor, scale: Tensor, bits: int) -> Tensor:
    return (weight - round_to(weight, scale, bits)).square().sum(dim=1)


@settings(max_examples=150, deadline=None)
@given(matrices, bits, st.booleans())
def test_few_values_are_left_and_rounding_again_changes_nothing(
    weight: Tensor, bits: int, rows: bool
) -> None:
    scale = best_scale(weight, bits, rows=rows)
    assert scale.shape == ((len(weight), 1) if rows else (1, 1))
    rounded = round_to(weight, scale, bits)
    assert rounded.isfinite().all()
    assert all(len(row.unique()) <= 2 * top(bits) + 1 < 2**bits for row in rounded)
    torch.testing.assert_close(round_to(rounded, scale, bits), rounded)


@settings(max_examples=150, deadline=None)
@given(matrices, bits)
def test_the_best_scale_is_no_worse_than_the_largest_and_a_row_no_worse_than_the_matrix(
    weight: Tensor, bits: int
) -> None:
    own = error(weight, best_scale(weight, bits, rows=True), bits)
    assert (own <= error(weight, largest_scale(weight, bits, rows=True), bits) + 1e-6).all()
    assert own.sum() <= error(weight, largest_scale(weight, bits, rows=False), bits).sum() + 1e-6


@pytest.mark.parametrize("bits", [8, 4])
def test_the_largest_weight_is_kept_and_no_error_exceeds_half_a_scale(bits: int) -> None:
    weight = torch.tensor([[0.1, -0.7, 1.4], [0.0, 0.02, -0.01]])
    scale = largest_scale(weight, bits, rows=True)
    rounded = round_to(weight, scale, bits)
    torch.testing.assert_close(rounded.abs().amax(dim=1), weight.abs().amax(dim=1))
    assert ((weight - rounded).abs() <= scale / 2 + 1e-7).all()
