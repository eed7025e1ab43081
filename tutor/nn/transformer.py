"""A small transformer: tokens in, one row of logits per position out.

The parts are those of today's large models at a size that trains in seconds: pre-norm blocks (Xiong et al. 2020, arXiv:2002.04745) with RMSNorm
(Zhang & Sennrich 2019, arXiv:1910.07467), rotary positions (Su et al. 2021, arXiv:2104.09864) and a squared-ReLU MLP (So et al. 2021,
arXiv:2109.08668). One flag, `causal`, is the whole difference between a GPT and a BERT here.

Shapes: B sequences, T positions, C = d_model channels, H heads of D = C / H channels, V vocabulary entries.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tutor.nn.attention import Attention, KeyValues, Linear, rotary_angles
from tutor.nn.ngrams import NgramTables
from tutor.nn.recorded import recorded


@dataclass(frozen=True, slots=True)
class TransformerConfig:
    """Sizes of a `Transformer`.

    Attributes:
        causal: True: a position sees itself and what stands to its left (GPT). False: it sees the whole sequence (BERT).
        token_shift: Whether each position starts with a share of its neighbours (see `TokenShift`).
        rotary: Whether queries and keys turn with their position; else each position has a learned embedding.
        ngrams: Longest run of tokens that has embeddings of its own (see `NgramTables`); 1: single tokens only.
        ngram_rows: Rows for each length of such runs.
        zero_init: Whether the head and the last matrix of each part start at zero.
    """

    vocab_size: int
    n_layer: int
    n_head: int
    d_model: int
    context: int
    causal: bool
    token_shift: bool = False
    rotary: bool = True
    ngrams: int = 1
    ngram_rows: int = 16_384
    zero_init: bool = True


class MLP(nn.Module):
    """Two matrices with a squared ReLU (So et al. 2021) between them: each position thinks by itself."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.up = Linear(config.d_model, 4 * config.d_model)
        self.down = Linear(4 * config.d_model, config.d_model)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        hidden = self.up(x)  # (B, T, 4 C)
        return self.down(F.relu(hidden) * hidden)  # type: ignore[no-any-return]


class TokenShift(nn.Module):
    """Adds to each position a learned share, channel by channel, of its neighbours: the left one, and if not causal the right one.

    After RWKV (Peng et al. 2023, arXiv:2305.13048). What stands next door matters most and would otherwise be found only
    once attention has learned where to look, which takes a large part of a training of seconds.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.left = nn.Parameter(torch.zeros(config.d_model))
        self.right = None if config.causal else nn.Parameter(torch.zeros(config.d_model))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) -> (B, T, C)."""
        shifted = x + self.left * F.pad(x, (0, 0, 1, -1))  # row t gets row t - 1; the first gets zeros
        if self.right is not None:
            shifted = shifted + self.right * F.pad(x, (0, 0, -1, 1))
        return shifted


class Block(nn.Module):
    """Attention, then MLP; each reads a normed copy of the stream and adds its answer to it."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention = Attention(config.d_model, config.n_head, config.causal)
        self.mlp = MLP(config)

    def forward(
        self,
        x: Tensor,
        angles: tuple[Tensor, Tensor] | None,
        keep: list[Tensor] | None = None,
        without: Tensor | None = None,
        past: KeyValues | None = None,
    ) -> Tensor:
        """(B, T, C) -> (B, T, C); the other arguments are those of `Attention.forward`."""
        x = x + self.attention(norm(x), angles, keep=keep, without=without, past=past)
        return x + self.mlp(norm(x))  # type: ignore[no-any-return]


_BATCH = 256
"""Least tokens of a batch that is measured on; single texts are shorter."""


class Transformer(nn.Module):
    """Embedding, blocks, and an output layer (`head`) with one row per vocabulary entry.

    With `zero_init` the head starts at zero, so that an untrained model finds every token equally likely and its loss is
    exactly ln V. So do the last matrices of each block: at first a block adds nothing, and the stream is the embedding.

    Attributes:
        dtype: What the blocks compute in; weights, embeddings and logits are 32-bit floats whatever it is.
    """

    def __init__(self, config: TransformerConfig, generator: torch.Generator) -> None:
        """Build with initial weights drawn from `generator` (none of torch's global one is used up)."""
        super().__init__()
        self.config = config
        self.dtype = torch.float32
        with torch.random.fork_rng(devices=[]):  # nn.Linear draws weights of its own, which we overwrite
            self.embedding = nn.Embedding(config.vocab_size, config.d_model)
            self.shift = TokenShift(config) if config.token_shift else nn.Identity()
            self.ngrams = (
                NgramTables(config.ngrams, config.ngram_rows, config.d_model) if config.ngrams > 1 else None
            )
            self.positions = (
                None if config.rotary else nn.Parameter(torch.zeros(config.context, config.d_model))
            )
            self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layer))
            self.head = Linear(config.d_model, config.vocab_size)
        self.cos, self.sin = rotary_angles(config.context, config.d_model // config.n_head)
        self._initialize(generator)

    @torch.no_grad()
    def _initialize(self, generator: torch.Generator) -> None:
        """Draw the first weights; what is not named here starts at zero: learned positions, shift, n-gram tables."""
        C = self.config.d_model
        bound = 0.5 * math.sqrt(3 / C)  # of a uniform distribution with standard deviation 0.5 / sqrt(C)
        # A part that all tokens share lets a query look for a *place* whatever token stands there, from the first step on.
        self.embedding.weight.normal_(generator=generator).add_(torch.randn(C, generator=generator))
        for name, weight in self.named_parameters():
            if self.config.zero_init and name.endswith(("head.weight", "out.weight", "down.weight")):
                weight.zero_()
            elif name.startswith(("blocks", "head")):
                weight.uniform_(-bound, bound, generator=generator)

    def forward(self, ids: Tensor, without: Tensor | None = None) -> Tensor:
        """Return logits at every position: (B, T) token ids -> (B, T, V); T at most `config.context`.

        `without` is that of `features`.
        """
        return self.head(self.features(ids, without=without)).float()  # type: ignore[no-any-return]

    def features(
        self,
        ids: Tensor,
        *,
        keep: list[Tensor] | None = None,
        without: Tensor | None = None,
        past: list[KeyValues] | None = None,
    ) -> Tensor:
        """Return what the head reads.

        Args:
            ids: (B, T) token ids, T at most `config.context`.
            keep: A list to collect each layer's attention weights (B, H, T, T) in; for a probe, not for training.
            without: (n_layer, H) bool, attention heads that are taken out: they add nothing.
            past: What the layers keep of earlier calls with a beginning of the same ids, one for each, see `memory`.
                Only the positions that are new since then are computed.

        Returns:
            (B, T, C); with `past`, (B, new positions, C).
        """
        # Worth a recording where the same shape comes again and again: in training and measuring.
        again = torch.is_grad_enabled() or ids.numel() >= _BATCH
        if again and keep is None and without is None and past is None:
            whole = recorded(self, "_features", ids, (self.config, self.dtype))
            if whole is not None:
                return whole
        return self._features(ids, keep, without, past)

    def _features(
        self,
        ids: Tensor,
        keep: list[Tensor] | None = None,
        without: Tensor | None = None,
        past: list[KeyValues] | None = None,
    ) -> Tensor:
        """Compute what the head reads, operation by operation; shapes and arguments are those of `features`."""
        T = ids.size(1)
        known = 0 if past is None or past[0].key is None else past[0].key.size(2)
        x = self.embed(ids)[:, known:].to(self.dtype)
        angles = None
        if self.config.rotary:
            angles = self.cos[known:T].to(self.dtype), self.sin[known:T].to(self.dtype)
        for layer, block in enumerate(self.blocks):
            x = block(
                x,
                angles,
                keep,
                without[layer] if without is not None else None,
                past[layer] if past is not None else None,
            )
        return norm(x)

    def embed(self, ids: Tensor) -> Tensor:
        """Return what the first block reads, all that is known of a token before any attention: (B, T) -> (B, T, C)."""
        x = self.shift(norm(self.embedding(ids)))
        if self.positions is not None:
            x = x + self.positions[: ids.size(1)]
        if self.ngrams is not None:
            x = x + self.ngrams(ids)
        return x  # type: ignore[no-any-return]

    def with_weights(self, tensors: Mapping[str, Tensor]) -> Transformer:
        """Return a copy with these weights in place of its own, named as in `state_dict`."""
        twin = copy.deepcopy(self)
        twin.load_state_dict(tensors)
        return twin

    def memory(self) -> list[KeyValues]:
        """Return an empty `past` for `features`, one part for each layer."""
        return [KeyValues() for _ in self.blocks]

    def attention(self, ids: Tensor, without: Tensor | None = None) -> Tensor:
        """Return the attention weights of every layer and head on one sequence: (T,) -> (n_layer, H, T, T).

        `without` is that of `features`: later layers then look at what is left.
        """
        keep: list[Tensor] = []
        with torch.no_grad():
            self.features(ids[None], keep=keep, without=without)
        return torch.cat(keep)


def norm(x: Tensor) -> Tensor:
    """RMSNorm: scale each position's channels to a root mean square of one; no weights to learn."""
    return F.rms_norm(x, (x.size(-1),))
