"""Multi-head self-attention with rotary positions: the only place in a transformer where positions exchange anything.

Shapes: B sequences, T positions, S positions that are looked at, C = d_model channels, H heads of D = C / H channels.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class KeyValues:
    """Keys and values of one layer's earlier positions, (B, H, S, D) each, so that a text that grows needs no second look at them."""

    def __init__(self) -> None:
        self.key: Tensor | None = None
        self.value: Tensor | None = None

    def extend(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keep the keys and values of new positions, (B, H, T, D) each, and return those of all."""
        if self.key is not None and self.value is not None:
            key = torch.cat((self.key, key), dim=2)
            value = torch.cat((self.value, value), dim=2)
        self.key, self.value = key, value
        return key, value


class Linear(nn.Linear):
    """A matrix without bias that computes in the type of what it is given.

    Its weights stay 32-bit floats: the steps of an optimizer are too small for bf16, most would be rounded away.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return F.linear(x, self.weight.to(x.dtype))


class Attention(nn.Module):
    """Multi-head self-attention (Vaswani et al. 2017, arXiv:1706.03762)."""

    def __init__(self, d_model: int, n_head: int, causal: bool) -> None:
        super().__init__()
        self.n_head = n_head
        self.causal = causal
        # Three matrices rather than one of three times the height: Muon makes each of them orthogonal by itself.
        self.query = Linear(d_model, d_model)
        self.key = Linear(d_model, d_model)
        self.value = Linear(d_model, d_model)
        self.out = Linear(d_model, d_model)

    def forward(
        self,
        x: Tensor,
        angles: tuple[Tensor, Tensor] | None,
        *,
        keep: list[Tensor] | None = None,
        without: Tensor | None = None,
        past: KeyValues | None = None,
    ) -> Tensor:
        """Mix positions.

        Args:
            x: (B, T, C).
            angles: Cosine and sine of each position's angles, (T, D / 2) each, see `rotary_angles`; None: nothing is turned.
            keep: Where to leave the attention weights (B, H, T, S); None uses the fused kernel, which never forms them.
            without: (H,) bool, heads that are taken out: the output matrix gets zeros in their place.
            past: Keys and values of the positions before these; those of these are added to it.

        Returns:
            (B, T, C).
        """
        B, T, C = x.shape
        q, k, v = (self._heads(part(x)) for part in (self.query, self.key, self.value))  # (B, H, T, D) each
        if angles is not None:
            q, k = rotate(q, *angles), rotate(k, *angles)
        if past is not None:
            k, v = past.extend(k, v)  # (B, H, S, D)
        # torch's fused kernel is slow with bf16 on a CPU, and knows no past.
        if keep is None and k.size(2) == T and x.dtype == torch.float32:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        else:
            scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))  # (B, H, T, S): row asks, column answers
            if self.causal:
                S = k.size(2)
                future = torch.ones(T, S, dtype=torch.bool).triu(S - T + 1)
                scores = scores.masked_fill(future, -math.inf)
            weights = scores.softmax(dim=-1)
            if keep is not None:
                keep.append(weights.float())
            y = weights @ v
        if without is not None:
            y = y.masked_fill(without[:, None, None], 0.0)
        return self.out(y.transpose(1, 2).reshape(B, T, C))  # type: ignore[no-any-return]

    def _heads(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        return x.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)  # (B, T, C) -> (B, H, T, D)


def rotary_angles(context: int, head_dim: int) -> tuple[Tensor, Tensor]:
    """Return cosine and sine of the angle by which each pair of channels turns at each position: two of (context, head_dim / 2).

    Rotary positions are of Su et al. (2021, arXiv:2104.09864). The first pair turns one radian a position, the last about
    1 / 1,000: short contexts need no slower hand than that.
    """
    speed = (1 / 1000) ** torch.linspace(0, 1, head_dim // 2)  # (D / 2,)
    angle = torch.arange(context)[:, None] * speed  # (T, D / 2)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of channels by its position's angle, so that q·k depends on the distance of two positions only.

    (B, H, T, D) -> (B, H, T, D).
    """
    a, b = x.chunk(2, dim=-1)  # two of (B, H, T, D / 2)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)
