"""Hiding tokens for masked language modelling (Devlin et al. 2018, arXiv:1810.04805)."""

from __future__ import annotations

import torch
from torch import Tensor


def mask_tokens(
    ids: Tensor, mask_id: int, vocab_size: int, generator: torch.Generator, share: float = 0.15
) -> tuple[Tensor, Tensor]:
    """Choose 15% of the tokens as targets, and hide 80% of those behind [MASK].

    Of the rest, half become a random token and half stay as they are, so that the model can never be sure that a token it
    sees is the right one, and learns something about all of them.

    Args:
        ids: (B, T) token ids.
        mask_id: Id of [MASK].
        vocab_size: Random tokens are drawn from all ids below this.
        generator: Source of the choices.
        share: Share of the tokens that become targets.

    Returns:
        What the model sees, (B, T), and which positions are targets, (B, T) bool. Each row has at least one target.
    """
    chance = torch.rand(ids.shape, generator=generator)
    target = chance < share
    target |= chance == chance.min(dim=1, keepdim=True).values
    fate = torch.rand(ids.shape, generator=generator)
    noise = torch.randint(vocab_size, ids.shape, generator=generator)
    seen = torch.where(target & (fate < 0.8), mask_id, ids)
    seen = torch.where(target & (fate >= 0.8) & (fate < 0.9), noise, seen)
    return seen, target
