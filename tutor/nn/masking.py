"""Hiding tokens for masked language modelling (Devlin et al. 2018, arXiv:1810.04805)."""

from __future__ import annotations

import torch
from torch import Tensor


def mask_tokens(
    ids: Tensor, mask_id: int, vocab_size: int, generator: torch.Generator, share: float = 0.15
) -> tuple[Tensor, Tensor]:
    """Choose a `share` of the tokens as targets, and hide 80% of those behind [MASK].

    Of the rest, half become a random token below `vocab_size` and half stay as they are, so that the model can never be sure that a token it
    sees is the right one, and learns something about all of them.

    Returns:
        What the model sees of the ids (B, T), and which positions are targets, (B, T) bool, at least one in each row.
    """
    chance = torch.rand(ids.shape, generator=generator)
    target = chance < share
    target |= chance == chance.min(dim=1, keepdim=True).values
    fate = torch.rand(ids.shape, generator=generator)
    random_ids = torch.randint(vocab_size, ids.shape, generator=generator)
    seen = torch.where(target & (fate < 0.8), mask_id, ids)
    seen = torch.where(target & (fate >= 0.8) & (fate < 0.9), random_ids, seen)
    return seen, target
