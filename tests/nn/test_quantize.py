"""Weights in few bits: whole multiples of a scale, and the scale that costs least."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tutor.nn.optim import AdamW
from tutor.nn.quantize import SCALES, RoundedWeights, largest_scale, round_to, squared_error_scale, top

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
    scale = squared_error_scale(weight, bits, rows=rows)
    assert scale.shape == ((len(weight), 1) if rows else (1, 1))
    rounded = round_to(weight, scale, bits)
    assert rounded.isfinite().all()
    assert all(len(row.unique()) <= 2 * top(bits) + 1 < 2**bits for row in rounded)
    torch.testing.assert_close(round_to(rounded, scale, bits), rounded)


@settings(max_examples=150, deadline=None)
@given(matrices, bits)
def test_no_row_and_no_matrix_is_worse_off_than_with_the_largest_scale(weight: Tensor, bits: int) -> None:
    own, largest = (error(weight, choose(weight, bits, rows=True), bits) for choose in SCALES.values())
    assert (own <= largest + 1e-6).all()
    own, largest = (error(weight, choose(weight, bits, rows=False), bits) for choose in SCALES.values())
    assert own.sum() <= largest.sum() + 1e-6


@pytest.mark.parametrize("bits", [8, 4])
def test_the_largest_weight_is_kept_and_no_error_exceeds_half_a_scale(bits: int) -> None:
    weight = torch.tensor([[0.1, -0.7, 1.4], [0.0, 0.02, -0.01]])
    scale = largest_scale(weight, bits, rows=True)
    rounded = round_to(weight, scale, bits)
    torch.testing.assert_close(rounded.abs().amax(dim=1), weight.abs().amax(dim=1))
    assert ((weight - rounded).abs() <= scale / 2 + 1e-7).all()


def network() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(6, 4)


@pytest.mark.parametrize("scale", SCALES)
def test_only_a_share_of_the_rows_and_no_vector_is_rounded(scale: str) -> None:
    model = network()
    weight, bias = model.weight.detach().clone(), model.bias.detach().clone()
    RoundedWeights(model, 2, scale, rows=True).change(0.5)
    assert not torch.equal(model.weight[:2], weight[:2])
    assert torch.equal(model.weight[2:], weight[2:])
    assert torch.equal(model.bias, bias)


def test_sizes_count_bits_scales_and_vectors() -> None:
    assert RoundedWeights(network(), 2, "largest", rows=True).sizes() == {"size": 24 * 2 / 8 + 4 * (4 + 4)}
    assert RoundedWeights(network(), 8, "largest", rows=False).sizes() == {"size": 24 + 4 * (1 + 4)}


def test_the_exact_weights_learn_by_the_gradient_of_the_rounded_ones() -> None:
    model = network()
    x, y = torch.randn(64, 6), torch.randn(64, 4)
    rounded = RoundedWeights(model, 3, "squared_error", rows=True)
    rounded.change()
    optimizer = AdamW(rounded.exact, 0.02)
    losses = []
    for _ in range(60):
        loss = (model(x) - y).square().mean()
        loss.backward()
        rounded.learn(optimizer)
        model.zero_grad()
        losses.append(loss.item())
        assert torch.equal(model.weight, round_to(rounded.exact[0], rounded.scales[0], 3))
        assert all(weight.grad is None for weight in (*rounded.exact, *model.parameters()))
    assert min(losses[-10:]) < 0.9 * losses[0]
