"""A corpus as tensors of token ids, and the windows that training and measuring cut from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from tutor.data.corpora import Corpus
from tutor.data.recipe import Prepared
from tutor.data.tokenizer import Tokenizer
from tutor.experiments.base import Shared
from tutor.nn.objectives import Objective
from tutor.nn.transformer import Transformer


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class TextData(Shared):
    """A corpus cut into tokens. Unchanging, so that forks of an experiment share it.

    Attributes:
        corpus: The text.
        tokenizer: What cut it.
        train: (n,) ids to train on.
        validation: (m,) ids to measure on.
        bytes_per_token: UTF-8 bytes that a validation token stands for, on average.
        unseen: Share of the validation tokens that are [UNK].
        spelling: Nats to say which character an [UNK] of the validation text is, on average: 8 bits for each of its UTF-8 bytes.
            [UNK] is easy to guess, but the text can't be written down again from it; as an escape code does, it pays for that on top.
        held_out: (k,) ids of text that is certainly new, where the validation text may not be; else None.
        prepared: What the corpus was made from, where a recipe was followed; else None.
    """

    corpus: Corpus
    tokenizer: Tokenizer
    train: Tensor
    validation: Tensor
    bytes_per_token: float
    unseen: float = 0.0
    spelling: float = 0.0
    held_out: Tensor | None = None
    prepared: Prepared | None = None

    @classmethod
    def cut(cls, source: Corpus | Prepared, tokenizer: Tokenizer, train_chars: int | None = None) -> TextData:
        """Cut a corpus, or what a recipe made of one, into tokens, keeping only `train_chars` characters of its training part."""
        prepared = source if isinstance(source, Prepared) else None
        corpus = source.corpus if isinstance(source, Prepared) else source
        train = torch.tensor(tokenizer.encode(corpus.train_text(train_chars)))
        validation = torch.tensor(tokenizer.encode(corpus.validation))
        size = len(corpus.validation.encode()) / max(1, len(validation))
        unseen = tokenizer.unseen(corpus.validation)
        share = len(unseen) / max(1, len(validation))
        typical = unseen or "字"  # for another text that is cut by the same tokenizer
        spelling = 8 * math.log(2) * len(typical.encode()) / len(typical)
        unknown = prepared.held_out if prepared is not None else ""
        held_out = torch.tensor(tokenizer.encode(unknown)) if unknown else None
        return cls(corpus, tokenizer, train, validation, size, share, spelling, held_out, prepared)


def random_windows(ids: Tensor, count: int, length: int, generator: torch.Generator) -> Tensor:
    """Cut windows from random places: (n,) -> (count, length)."""
    starts = torch.randint(len(ids) - length + 1, (count, 1), generator=generator)
    return ids[starts + torch.arange(length)]


def noisy(windows: Tensor, share: float, ids: int, generator: torch.Generator) -> Tensor:
    """Replace a share of the tokens of windows by random ones below `ids`; draw nothing when the share is 0.

    (B, T) -> (B, T).
    """
    if share == 0:
        return windows
    wrong = torch.rand(windows.shape, generator=generator) < share
    return torch.where(wrong, torch.randint(ids, windows.shape, generator=generator), windows)


def even_windows(ids: Tensor, count: int, length: int) -> Tensor:
    """Cut windows from evenly spread places; the same ids always give the same windows. They overlap where the text is short.

    (n,) -> (at most count, length).
    """
    last = len(ids) - length
    starts = torch.linspace(0, last, min(count, last + 1)).long()[:, None]
    return ids[starts + torch.arange(length)]


LIVE_WINDOWS = 32
"""Windows of a live measurement, and of one pass of any measurement: so few that no step feels long."""

FINAL_WINDOWS = 320
"""Most windows of a final measurement: all of the built-in validation texts at the labs' context, a fixed part of a large one."""


@torch.no_grad()
def mean_loss(ids: Tensor, count: int, length: int, loss: Callable[[Tensor], Tensor]) -> float:
    """Return the mean loss on evenly spread windows; every measurement on a text is made by this.

    Args:
        ids: (n,) the text.
        count: Windows, at most.
        length: Tokens in a window.
        loss: Mean loss of windows (B, length), called on a few of them at a time.
    """
    windows = even_windows(ids, count, length)
    losses = [loss(part) * len(part) for part in torch.split(windows, LIVE_WINDOWS)]
    return torch.stack(losses).sum().item() / len(windows)


def loss_with_spelling(
    model: Transformer,
    objective: Objective,
    data: TextData,
    ids: Tensor,
    count: int = FINAL_WINDOWS,
    without: Tensor | None = None,
) -> float:
    """Return the loss that a model is trained on, with the same hidden places every time; an [UNK] pays for its character, too.

    Args:
        model: The model.
        objective: What it is trained to do.
        data: Whose tokenizer cut the text.
        ids: (n,) the text.
        count: Windows of the model's context, at most; never so many that they only overlap.
        without: Attention heads that are taken out, (n_layer, H) bool.
    """
    masks = torch.Generator().manual_seed(0)
    context = model.config.context
    count = min(count, math.ceil(len(ids) / context))
    loss = mean_loss(
        ids, count, context + 1, lambda part: objective.loss(model, part, masks, without=without)
    )
    return loss + (ids == data.tokenizer.unknown_id).float().mean().item() * data.spelling
