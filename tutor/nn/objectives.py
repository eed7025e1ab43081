"""The objectives of the two kinds of language model; everything else about them is the same.

A loss is the mean of -ln p(right token), in nats.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.nn.transformer import Transformer


class NextToken:
    """Autoregressive: every position predicts the token to its right (Radford et al. 2018, "Improving language understanding")."""

    causal = True  # positions see only what stands to their left

    def loss(
        self,
        model: Transformer,
        windows: Tensor,
        generator: torch.Generator,
        *,
        read: Tensor | None = None,
        without: Tensor | None = None,
    ) -> Tensor:
        """Return the mean loss of T predictions from one forward pass, a scalar.

        Args:
            model: The model.
            windows: (B, T + 1) ids of the text.
            generator: Of random choices; there are none here.
            read: (B, T + 1) ids that the model reads in place of the text, some of them wrong; None: the text itself.
            without: (n_layer, H) bool, attention heads that are taken out.
        """
        read = windows if read is None else read
        logits = model(read[:, :-1], without)  # (B, T, V)
        return F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())

    def hidden_loss(self, model: Transformer, windows: Tensor, place: int) -> Tensor:
        """Return the loss on the token at one place of (B, T) ids from the tokens to its left; a scalar."""
        features = model.features(windows[:, :place])[:, -1]  # (B, C)
        return F.cross_entropy(model.head(features).float(), windows[:, place])


class HiddenToken:
    """Masked: predict the tokens that were chosen and mostly hidden, from both sides (Devlin et al. 2018, arXiv:1810.04805)."""

    causal = False

    def __init__(self, mask_id: int, vocab_size: int) -> None:
        self.mask_id = mask_id
        self.vocab_size = vocab_size

    def loss(
        self,
        model: Transformer,
        windows: Tensor,
        generator: torch.Generator,
        *,
        read: Tensor | None = None,
        without: Tensor | None = None,
    ) -> Tensor:
        """Return the mean loss of 0.15 T predictions from one forward pass. The last id of each window is left out, so that both kinds read T."""
        read = windows if read is None else read
        seen, target = mask_tokens(read[:, :-1], self.mask_id, self.vocab_size, generator)
        logits = model.head(model.features(seen, without=without)[target]).float()  # (targets, V)
        return F.cross_entropy(logits, windows[:, :-1][target])

    def hidden_loss(self, model: Transformer, windows: Tensor, place: int) -> Tensor:
        """Return the loss with the place hidden and the rest seen."""
        seen = windows.clone()
        seen[:, place] = self.mask_id
        features = model.features(seen)[:, place]  # (B, C)
        return F.cross_entropy(model.head(features).float(), windows[:, place])


Objective = NextToken | HiddenToken
"""The task of a model, and its score; both are asked in the same way."""


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
