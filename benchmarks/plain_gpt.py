"""The baseline of `benchmarks.time_to_loss`: a plain GPT with plain training, as nanoGPT has it for a small computer.

4 layers, 4 heads, width 128, context 64, batch 12; GELU, LayerNorm without bias, learned positions, embedding and output
layer shared; AdamW (betas .9 / .99, weight decay .1 on matrices), gradients clipped to length 1, learning rate 1e-3 after
100 steps of warm-up and then along a cosine to 1e-4 over 2,000 steps (https://github.com/karpathy/nanoGPT,
``train_shakespeare_char.py`` and its README on a macbook). Nothing is held back: the matrices of query, key and value are
one, attention is torch's fused kernel, and so is AdamW.

Shapes: B sequences, T positions, C = WIDTH channels, H heads of D channels, V vocabulary entries.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS, HEADS, WIDTH, CONTEXT, BATCH = 4, 4, 128, 64, 12
STEPS, WARM_UP, RATE, LOWEST_RATE = 2_000, 100, 1e-3, 1e-4


class Block(nn.Module):
    """Attention and MLP, each on a normed copy of the stream."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, bias=False)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.norm2 = nn.LayerNorm(WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        B, T, C = x.shape
        q, k, v = (
            part.view(B, T, HEADS, C // HEADS).transpose(1, 2)  # (B, H, T, D)
            for part in self.qkv(self.norm1(x)).split(C, dim=2)
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.norm2(x))))  # type: ignore[no-any-return]


class PlainGPT(nn.Module):
    """Token and position embeddings, blocks, a last norm, and the token embedding again as output layer."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab_size, WIDTH)
        self.positions = nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, bias=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / math.sqrt(2 * LAYERS) if last else 0.02)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits, (B, T) -> (B, T, V)."""
        x = self.tokens(ids) + self.positions.weight[: ids.size(1)]
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.tokens.weight.T  # type: ignore[no-any-return]


class PlainTraining:
    """A plain GPT on its way; uses torch's global generator."""

    def __init__(self, train: Tensor, vocab_size: int, seed: int) -> None:
        """Take the (n,) ids to train on."""
        torch.manual_seed(seed)
        self.train = train
        self.steps = 0
        self.model = PlainGPT(vocab_size)
        matrices = [w for w in self.model.parameters() if w.dim() == 2]
        others = [w for w in self.model.parameters() if w.dim() != 2]
        groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), fused=True)

    def step(self) -> None:
        """Train on one batch of windows from random places."""
        starts = torch.randint(len(self.train) - CONTEXT, (BATCH, 1))
        windows = self.train[starts + torch.arange(CONTEXT + 1)]  # (B, T + 1)
        logits = self.model(windows[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.steps)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.steps += 1


def rate(step: int) -> float:
    """Learning rate of a step: a rise, then a cosine."""
    if step < WARM_UP:
        return RATE * (step + 1) / (WARM_UP + 1)
    share = (step - WARM_UP) / (STEPS - WARM_UP)
    return LOWEST_RATE + 0.5 * (1 + math.cos(math.pi * share)) * (RATE - LOWEST_RATE)
