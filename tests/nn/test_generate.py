"""Sampling with what the layers keep: the same text as without."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.nn.test_transformer import build
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer


@torch.no_grad()
def continue_anew(model: Transformer, ids: Tensor, length: int, without: Tensor | None = None) -> Tensor:
    """The likeliest text, all of the window read again for each token; a full window starts over from its last half."""
    context = model.config.context
    start = max(0, ids.size(1) - context)
    for _ in range(length):
        if ids.size(1) - start > context:
            start = ids.size(1) - context // 2
        ids = torch.cat((ids, model(ids[:, start:], without)[:, -1:].argmax(dim=-1)), dim=1)
    return ids


@pytest.mark.parametrize("token_shift", [False, True])
@pytest.mark.parametrize("prompt", [1, 5, 12, 20])
def test_remembering_changes_no_text(token_shift: bool, prompt: int) -> None:
    model = build(token_shift=token_shift)
    ids = torch.randint(11, (4, prompt), generator=torch.Generator().manual_seed(prompt))
    made = continue_text(model, ids, 30, temperature=0, seed=0)
    assert made.shape == (4, prompt + 30)
    assert torch.equal(made, continue_anew(model, ids, 30))
    without = torch.tensor([[True, False], [False, True]])
    made = continue_text(model, ids, 30, temperature=0, seed=0, without=without)
    assert torch.equal(made, continue_anew(model, ids, 30, without))


@pytest.mark.parametrize("token_shift", [False, True])
def test_remembered_positions_give_the_same_features(token_shift: bool) -> None:
    model = build(token_shift=token_shift)
    ids = torch.randint(11, (3, 12), generator=torch.Generator().manual_seed(1))
    past = model.memory()
    parts = [model.features(ids[:, :end], past=past) for end in (4, 5, 6, 10, 12)]
    torch.testing.assert_close(torch.cat(parts, dim=1), model.features(ids), atol=1e-5, rtol=1e-5)


def test_the_seed_decides() -> None:
    model = build()
    ids = torch.zeros(2, 1, dtype=torch.long)
    a, b, c = (continue_text(model, ids, 40, 1.0, seed) for seed in (0, 0, 1))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_some_tokens_are_never_written() -> None:
    made = continue_text(build(), torch.zeros(4, 1, dtype=torch.long), 60, 2.0, 0, never=(3, 7))[:, 1:]
    assert not ((made == 3) | (made == 7)).any()
