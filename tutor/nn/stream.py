"""What each part of a transformer writes into the stream, and what becomes of it when some of them write something else.

The stream is a sum: the embedding, then what every attention head and every MLP adds, in that order. So it can be cut after any layer
(logit lens, nostalgebraist 2020) and taken apart by writers (direct effects, Elhage et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import torch
from torch import Tensor

from tutor.nn.attention import Attention
from tutor.nn.transformer import Block, Transformer, norm

Changed = Callable[[str, Tensor], Tensor]
"""``(part, what it would write) -> what it writes``; (B, T, C) each."""


@torch.no_grad()
def written(model: Transformer, ids: Tensor, changed: Changed = lambda _, own: own) -> dict[str, Tensor]:
    """Return what each part writes, (B, T, C), when each reads what those before it have written: (B, T) ids.

    Parts are called ``embedding``, ``1.2`` (layer 1, head 2) and ``mlp_1``; their sum is the stream at its end.
    """
    T = ids.size(1)
    angles = (model.cos[:T], model.sin[:T]) if model.config.rotary else None
    found = {"embedding": changed("embedding", model.embed(ids))}
    stream = found["embedding"]
    for layer, block in enumerate(cast("Iterable[Block]", model.blocks), 1):
        for head, own in enumerate(by_head(block.attention, norm(stream), angles), 1):
            found[f"{layer}.{head}"] = changed(f"{layer}.{head}", own)
        stream = stream + torch.stack([found[f"{layer}.{head}"] for head in heads(model)]).sum(0)
        found[f"mlp_{layer}"] = changed(f"mlp_{layer}", block.mlp(norm(stream)))
        stream = stream + found[f"mlp_{layer}"]
    return found


def by_head(attention: Attention, x: Tensor, angles: tuple[Tensor, Tensor] | None) -> Tensor:
    """Return what each head adds: (B, T, C) -> (H, B, T, C). The output matrix has columns of its own for each head."""
    mixed: list[Tensor] = []
    listener = attention.out.register_forward_pre_hook(lambda _, read: mixed.append(read[0]))
    try:
        attention(x, angles)
    finally:
        listener.remove()
    B, T, C = x.shape
    values = mixed[0].view(B, T, attention.n_head, -1)  # (B, T, H, D)
    matrix = attention.out.weight.view(C, attention.n_head, -1)  # (C, H, D)
    return torch.einsum("bthd,chd->hbtc", values, matrix)


def heads(model: Transformer) -> range:
    return range(1, model.config.n_head + 1)


def after_layers(model: Transformer, ids: Tensor) -> list[Tensor]:
    """Return the stream after the embedding and after each layer: (B, T) ids -> n_layer + 1 of (B, T, C)."""
    found = written(model, ids)
    streams = [found["embedding"]]
    for layer in range(1, model.config.n_layer + 1):
        added = [found[f"{layer}.{head}"] for head in heads(model)]
        streams.append(streams[-1] + sum(added) + found[f"mlp_{layer}"])
    return streams


@torch.no_grad()
def read_off(model: Transformer, stream: Tensor) -> Tensor:
    """Return the logits that the model's own last step makes of a stream of any depth: (B, T, C) -> (B, T, V)."""
    return model.head(norm(stream))  # type: ignore[no-any-return]


@torch.no_grad()
def direct_effects(
    model: Transformer, parts: dict[str, Tensor], tokens: Tensor, whole: Tensor | None = None
) -> dict[str, Tensor]:
    """Return by how much each part, of itself, raises the logits of (B, T) tokens above the mean of the vocabulary: (B, T) each.

    The scale of the last norm is kept as it is for the `whole` stream, by default the sum of the parts; their effects then add up to
    the logit.
    """
    stream = torch.stack(list(parts.values())).sum(0) if whole is None else whole
    scale = norm(stream).norm(dim=-1) / stream.norm(dim=-1)  # (B, T)
    rows = model.head.weight - model.head.weight.mean(0)  # (V, C)
    return {name: (part * rows[tokens]).sum(-1) * scale for name, part in parts.items()}
