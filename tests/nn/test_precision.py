"""bf16: near the same answers, weights kept exact, and chosen only where it was measured to be faster."""

from __future__ import annotations

import pytest
import torch

from tests.nn.test_transformer import build, some_ids
from tutor.nn.precision import Measured, compute_dtype, measured


def test_half_precision_stays_close_and_weights_stay_exact() -> None:
    model = build()
    exact = model(some_ids())
    model.dtype = torch.bfloat16
    rough = model(some_ids())
    assert rough.dtype == torch.float32
    assert not torch.equal(exact, rough)
    assert (exact - rough).abs().max() < 0.05 * exact.abs().max()
    rough.square().mean().backward()
    for weight in model.parameters():
        assert weight.dtype == torch.float32
        assert weight.grad is not None
        assert weight.grad.dtype == torch.float32


def test_a_causal_model_in_half_precision_cannot_see_the_future() -> None:
    model = build()
    model.dtype = torch.bfloat16
    ids = some_ids()
    other = ids.clone()
    other[:, 6] = (other[:, 6] + 1) % 11
    torch.testing.assert_close(model(ids)[:, :6], model(other)[:, :6])


@pytest.mark.parametrize(
    ("fp32", "bf16", "chosen"),
    [(0.010, 0.002, torch.bfloat16), (0.010, 0.0095, torch.float32), (0.010, 0.03, torch.float32)],
)
def test_the_faster_one_is_chosen_with_a_reason(fp32: float, bf16: float, chosen: torch.dtype) -> None:
    result = Measured(fp32, bf16)
    assert result.faster == chosen
    for words in (result.reason.zh, result.reason.en):
        assert "10.0" in words
        assert "{" not in words


def test_it_is_measured_once_and_only_when_asked() -> None:
    assert compute_dtype("fp32") == torch.float32
    assert compute_dtype("bf16") == torch.bfloat16
    assert compute_dtype("auto") == measured().faster
    assert measured() is measured()
    assert measured().fp32 > 0
