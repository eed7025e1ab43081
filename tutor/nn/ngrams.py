"""Embeddings for the last two, three, four tokens together: what a model of seconds has no time to work out from single ones.

Shapes: B sequences, T positions, C = d_model channels, N lengths of n-grams (2 .. longest).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PRIME, MULTIPLIER = 2_147_483_647, 1_000_003
"""Of the hash: a Mersenne prime, and a multiplier far from small ratios of it."""


class NgramTables(nn.Module):
    """Adds up one embedding for each n-gram that ends at a position, from a table of rows that are shared by chance.

    There are too many n-grams for a row each; a hash spreads them over the rows, and those that collide share one (Svenstrup
    et al. 2017, arXiv:1709.03933). A position sees itself and what stands to its left, so that a causal model stays one.
    """

    def __init__(self, longest: int, rows: int, d_model: int) -> None:
        """Make tables for n-grams of 2 to `longest` tokens, of `rows` rows each, one under the other; all zero at first."""
        super().__init__()
        self.longest = longest
        self.rows = rows
        self.weight = nn.Parameter(torch.zeros((longest - 1) * rows, d_model))

    def forward(self, ids: Tensor) -> Tensor:
        """(B, T) token ids -> (B, T, C)."""
        B, T = ids.shape
        rows = self.places(ids).view(B * T, -1)
        # Sparse: the gradient holds only the rows that were looked up, a few thousand of many.
        summed = F.embedding_bag(rows, self.weight, mode="sum", sparse=True)  # (B T, C)
        return summed.view(B, T, -1)

    def places(self, ids: Tensor) -> Tensor:
        """Return the row of each n-gram: (B, T) token ids -> (B, T, N)."""
        T = ids.size(1)
        places = []
        mixed = ids
        for n in range(2, self.longest + 1):
            before = F.pad(ids, (n - 1, 0), value=-1)[:, :T] + 1  # n - 1 to the left; 0 before the beginning
            mixed = (mixed * MULTIPLIER + before) % PRIME
            places.append(mixed % self.rows + (n - 2) * self.rows)
        return torch.stack(places, dim=-1)
