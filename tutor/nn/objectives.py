"""What the two kinds of language model are trained to do; everything else about them is the same.

A loss is the mean of -ln p(right token), in nats.
"""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.nn.masking import mask_tokens
from tutor.nn.transformer import Transformer


class Objective(Protocol):
    """What a model is asked, and how its answer is scored."""

    causal: bool
    """Whether positions may see only what stands to their left."""

    def loss(self, model: Transformer, windows: Tensor, generator: torch.Generator) -> Tensor:
        """The training loss on (B, T + 1) ids; a scalar."""

    def hidden_loss(self, model: Transformer, windows: Tensor, place: int) -> Tensor:
        """The loss on the token at one place of (B, T) ids, given all that this kind of model can see of the rest; a scalar."""


class NextToken:
    """Autoregressive: every position predicts the token to its right (Radford et al. 2018, "Improving language understanding")."""

    causal = True

    def loss(self, model: Transformer, windows: Tensor, generator: torch.Generator) -> Tensor:
        """One forward pass teaches T predictions."""
        logits = model(windows[:, :-1])  # (B, T, V)
        return F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())

    def hidden_loss(self, model: Transformer, windows: Tensor, place: int) -> Tensor:
        """What stands to the right of the place is of no use to this model."""
        features = model.features(windows[:, :place])[:, -1]  # (B, C)
        return F.cross_entropy(model.head(features), windows[:, place])


class HiddenToken:
    """Masked: predict the tokens that were chosen and mostly hidden, from both sides (Devlin et al. 2018, arXiv:1810.04805)."""

    causal = False

    def __init__(self, mask_id: int, vocab_size: int) -> None:
        self.mask_id = mask_id
        self.vocab_size = vocab_size

    def loss(self, model: Transformer, windows: Tensor, generator: torch.Generator) -> Tensor:
        """One forward pass teaches 0.15 T predictions. The last id of each window is left out, so that both kinds read T."""
        windows = windows[:, :-1]
        seen, target = mask_tokens(windows, self.mask_id, self.vocab_size, generator)
        logits = model.head(model.features(seen)[target])  # (targets, V)
        return F.cross_entropy(logits, windows[target])

    def hidden_loss(self, model: Transformer, windows: Tensor, place: int) -> Tensor:
        """The place is hidden, the rest is seen."""
        seen = windows.clone()
        seen[:, place] = self.mask_id
        features = model.features(seen)[:, place]  # (B, C)
        return F.cross_entropy(model.head(features), windows[:, place])
