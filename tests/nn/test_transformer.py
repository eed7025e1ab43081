"""The transformer: what it may see, what it starts from, what learns."""

from __future__ import annotations

import copy
import dataclasses
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.nn.attention import rotary_angles, rotate
from tutor.nn.transformer import Transformer, TransformerConfig

SMALL = TransformerConfig(vocab_size=11, n_layer=2, n_head=2, d_model=16, context=12, causal=True)


def build(seed: int = 0, *, stir: bool = True, causal: bool = True, token_shift: bool = False) -> Transformer:
    """A model whose zero weights are stirred, so that every path through it carries something."""
    config = dataclasses.replace(SMALL, causal=causal, token_shift=token_shift)
    model = Transformer(config, torch.Generator().manual_seed(seed))
    if stir:
        generator = torch.Generator().manual_seed(99)
        with torch.no_grad():
            for weight in model.parameters():
                weight.add_(torch.randn(weight.shape, generator=generator), alpha=0.3)
    return model


def some_ids(count: int = 3, length: int = 12) -> torch.Tensor:
    return torch.randint(11, (count, length), generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("token_shift", [False, True])
@pytest.mark.parametrize("change", range(1, 12))
def test_a_causal_model_cannot_see_the_future(change: int, token_shift: bool) -> None:
    model = build(token_shift=token_shift)
    ids = some_ids()
    other = ids.clone()
    other[:, change] = (other[:, change] + 1) % 11
    before, after = model(ids), model(other)
    assert torch.equal(before[:, :change], after[:, :change])
    assert not torch.equal(before[:, change:], after[:, change:])


@pytest.mark.parametrize("token_shift", [False, True])
@pytest.mark.parametrize("change", [0, 5, 11])
def test_a_model_without_the_mask_sees_both_sides(change: int, token_shift: bool) -> None:
    model = build(causal=False, token_shift=token_shift)
    ids = some_ids()
    other = ids.clone()
    other[:, change] = (other[:, change] + 1) % 11
    difference = (model(ids) - model(other)).abs().amax(dim=(0, 2))
    assert (difference > 0).all()  # every position, left and right of the change


@pytest.mark.parametrize("causal", [True, False])
def test_asking_for_attention_does_not_change_the_answer(causal: bool) -> None:
    model = build(causal=causal)
    keep: list[torch.Tensor] = []
    torch.testing.assert_close(model(some_ids()), model.head(model.features(some_ids(), keep=keep)))
    assert [w.shape for w in keep] == [(3, 2, 12, 12)] * 2


@pytest.mark.parametrize("causal", [True, False])
def test_attention_rows_sum_to_one_over_what_is_seen(causal: bool) -> None:
    weights = build(causal=causal).attention(some_ids()[0])
    assert weights.shape == (2, 2, 12, 12)
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(2, 2, 12))
    future = weights.triu(1)
    assert bool((future == 0).all()) == causal


def test_an_untrained_model_finds_all_tokens_equally_likely() -> None:
    model = build(stir=False)
    loss = F.cross_entropy(model(some_ids()).flatten(0, 1), some_ids().flatten())
    assert loss.item() == pytest.approx(math.log(11), abs=1e-6)


@pytest.mark.parametrize(("causal", "token_shift"), [(True, False), (True, True), (False, True)])
def test_gradients_reach_every_parameter(causal: bool, token_shift: bool) -> None:
    model = build(causal=causal, token_shift=token_shift)
    loss = F.cross_entropy(model(some_ids()).flatten(0, 1), some_ids(4)[:3].flatten())
    loss.backward()  # type: ignore[no-untyped-call]
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


def test_the_seed_decides_the_weights_and_the_global_generator_stays() -> None:
    state = torch.random.get_rng_state()
    a, b, c = build(1, stir=False), build(1, stir=False), build(2, stir=False)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))
    assert not torch.equal(a.embedding.weight, c.embedding.weight)


def test_a_copy_answers_the_same() -> None:
    model = build()
    assert torch.equal(model(some_ids()), copy.deepcopy(model)(some_ids()))


def test_rotation_leaves_only_the_distance() -> None:
    cos, sin = rotary_angles(12, 8)
    generator = torch.Generator().manual_seed(1)
    q = torch.randn(8, generator=generator).expand(1, 1, 12, 8)
    k = torch.randn(8, generator=generator).expand(1, 1, 12, 8)
    scores = (rotate(q, cos, sin) @ rotate(k, cos, sin).transpose(-2, -1))[0, 0]
    for distance in range(-11, 12):
        diagonal = scores.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal), atol=1e-5, rtol=1e-5)
    assert scores[0, 0] != scores[0, 5]
