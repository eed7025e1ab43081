"""Writing with a causal model: one token at a time, each drawn from what the model finds likely."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor

from tutor.nn.transformer import Transformer


@torch.no_grad()
def continue_text(
    model: Transformer,
    prompt: Tensor,
    length: int,
    temperature: float,
    seed: int,
    never: Collection[int] = (),
) -> Tensor:
    """Continue prompts; a pure function of the weights and the arguments.

    Args:
        model: A causal model.
        prompt: (B, T) token ids, T at least 1.
        length: Tokens to write.
        temperature: Divides the logits: below 1 the likely becomes likelier; 0 takes the likeliest.
        seed: Of the private generator that draws.
        never: Ids that must not be written, such as [MASK].

    Returns:
        (B, T + length) ids.
    """
    generator = torch.Generator().manual_seed(seed)
    ids = prompt
    for _ in range(length):
        last = model.features(ids[:, -model.config.context :])[:, -1]  # (B, C)
        logits = model.head(last)  # (B, V)
        logits[:, list(never)] = -torch.inf
        if temperature == 0:
            chosen = logits.argmax(dim=-1, keepdim=True)
        else:
            p = (logits / temperature).softmax(dim=-1)
            # A diverged model gives NaN; the learner may still watch what it writes.
            p = p.nan_to_num(nan=1.0)
            chosen = torch.multinomial(p, 1, generator=generator)
        ids = torch.cat((ids, chosen), dim=1)
    return ids
