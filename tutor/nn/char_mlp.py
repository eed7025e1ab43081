"""A model of text from before transformers: a window of characters into fully connected layers (Bengio et al. 2003, JMLR 3:1137).

Shapes: B windows, C characters seen, V in the alphabet, E numbers for each, W the width.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def first_weights(V: int, C: int, E: int, W: int, random: torch.Generator) -> list[Tensor]:
    """Return a table of characters, two hidden layers and one score a character, with their biases (He et al. 2015)."""
    inputs = C * E
    table = torch.randn(V, E, generator=random)
    first = torch.randn(inputs, W, generator=random) * (2 / inputs) ** 0.5
    second = torch.randn(W, W, generator=random) * (2 / W) ** 0.5
    return [table, first, torch.zeros(W), second, torch.zeros(W), torch.zeros(W, V), torch.zeros(V)]


def scores(weights: Sequence[Tensor], seen: Tensor) -> Tensor:
    """How likely each character is to follow the C seen, as logits: (B, C) -> (B, V)."""
    table, first, bias1, second, bias2, last, bias3 = weights
    hidden = F.gelu(table[seen].flatten(1) @ first + bias1)
    hidden = F.gelu(hidden @ second + bias2)
    return hidden @ last + bias3
