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
    without: Tensor | None = None,
) -> Tensor:
    """Continue prompts; a pure function of the weights and the arguments.

    The model reads each token once: its layers keep what it said (`Transformer.memory`). A text that outgrows the context
    goes on from its last half context, read anew.

    Args:
        model: A causal model.
        prompt: (B, T) token ids, T at least 1.
        length: Tokens to write.
        temperature: Divides the logits: below 1 the likely becomes likelier; 0 takes the likeliest.
        seed: Of the private generator that draws.
        never: Ids that must not be written, such as [MASK].
        without: (n_layer, H) bool, attention heads that are taken out.

    Returns:
        (B, T + length) ids.
    """
    generator = torch.Generator().manual_seed(seed)
    context = model.config.context
    ids, past = prompt, model.memory()
    start = max(0, ids.size(1) - context)  # of the window that the model sees
    for _ in range(length):
        if ids.size(1) - start > context:
            start, past = ids.size(1) - context // 2, model.memory()
        last = model.features(ids[:, start:], past=past, without=without)[:, -1]  # (B, C)
        logits = model.head(last).float()  # (B, V)
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
