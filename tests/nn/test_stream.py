"""The stream taken apart: the parts add up to the model, and a head that writes nothing is a head that is out."""

from __future__ import annotations

import torch
from torch import Tensor

from tutor.nn.stream import after_layers, direct_effects, read_off, written
from tutor.nn.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(
    vocab_size=11, n_layer=2, n_head=2, d_model=16, context=12, causal=True, zero_init=False
)


def a_model() -> tuple[Transformer, Tensor]:
    chance = torch.Generator().manual_seed(0)
    return Transformer(CONFIG, chance), torch.randint(11, (3, 12), generator=chance)


def test_the_parts_add_up_to_the_model() -> None:
    model, ids = a_model()
    logits = model(ids).detach()
    parts = written(model, ids)
    assert list(parts) == ["embedding", "1.1", "1.2", "mlp_1", "2.1", "2.2", "mlp_2"]
    torch.testing.assert_close(read_off(model, after_layers(model, ids)[-1]), logits)
    effects = torch.stack(list(direct_effects(model, parts, ids).values())).sum(0)
    own = (logits - logits.mean(2, keepdim=True)).gather(2, ids[..., None])[..., 0]
    torch.testing.assert_close(effects, own)


def test_a_head_that_writes_nothing_is_out() -> None:
    model, ids = a_model()
    parts = written(model, ids, lambda part, own: torch.zeros_like(own) if part == "1.2" else own)
    out = torch.tensor([[False, True], [False, False]])
    logits = read_off(model, torch.stack(list(parts.values())).sum(0))
    torch.testing.assert_close(logits, model(ids, without=out).detach())
