"""A text classifier that fits on a page: the mean of its tokens' embeddings, and one weighing of it (Joulin et al. 2016, arXiv:1607.01759).

Shapes: B texts, T places, C = d_model channels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

PAD = 0
"""Id of a place that holds no token."""


class BagOfTokens(nn.Module):
    """Says how much a text speaks for one of two classes, whatever the order of its tokens."""

    def __init__(self, vocab_size: int, d_model: int, generator: torch.Generator) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, d_model)
        self.head = nn.Linear(d_model, 1)
        with torch.no_grad():
            self.embedding.weight.normal_(0, 0.1, generator=generator)
            self.head.weight.normal_(0, d_model**-0.5, generator=generator)
            self.head.bias.zero_()

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (B,), above 0 for the second class, of token ids (B, T), `PAD` where a text has ended."""
        there = (tokens != PAD).float().unsqueeze(-1)  # (B, T, 1)
        total = (self.embedding(tokens) * there).sum(dim=1)  # (B, C)
        mean = total / there.sum(dim=1).clamp(min=1)
        return self.head(mean).squeeze(-1)  # type: ignore[no-any-return]
