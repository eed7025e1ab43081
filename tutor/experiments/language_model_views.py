"""Frames of a language model: pure functions of its weights, so that looking never changes a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tutor.data.tokenizer import Tokenizer
from tutor.experiments.text_data import TextData
from tutor.frames import HeatMap, Part, Sample
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """The weights at one moment, half as exact as they were: enough to look at, not to train on.

    Attributes:
        steps: Steps done by then.
        tensors: Name to weight, bf16.
    """

    steps: int
    tensors: Mapping[str, Tensor]

    @classmethod
    def of(cls, model: Transformer, steps: int) -> ViewState:
        """Copy the weights of a model."""
        return cls(steps, {name: w.detach().bfloat16() for name, w in model.state_dict().items()})

    def __deepcopy__(self, memo: dict[int, Any]) -> ViewState:
        return self


def heads_out(model: Transformer, heads: Collection[str]) -> Tensor | None:
    """Return which heads of a model are named: (n_layer, H) bool, or None for none of them.

    Args:
        model: The model.
        heads: Names such as ``"1.2"``: layer 1, head 2.

    Raises:
        KeyError: There is no head of that name.
    """
    if not heads:
        return None
    names = head_names(model)
    out = torch.zeros(len(names), dtype=torch.bool)
    for head in heads:
        if head not in names:
            raise KeyError(head)
        out[names.index(head)] = True
    return out.view(model.config.n_layer, model.config.n_head)


def head_names(model: Transformer) -> tuple[str, ...]:
    """Return the names of the heads, layer by layer."""
    layers, heads = model.config.n_layer, model.config.n_head
    return tuple(f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads))


HIDE_EVERY = 4
"""Of the probe's words, every so many is hidden for the model to fill in."""


def probe_ids(probe: str, data: TextData, most: int) -> Tensor:
    """Return the probe sentence as (T,) ids, T at most `most`; the first sentence of the validation text when it won't do."""
    ids = data.tokenizer.encode(probe)
    if not ids or data.tokenizer.unknown_id in ids:
        ids = data.tokenizer.encode(_first_prose(data.corpus.validation))
    return torch.tensor(ids[:most])


def prompt_ids(prompt: str, data: TextData) -> Tensor:
    """Return the prompt as (T,) ids; the first words of the validation text when it won't do."""
    ids = data.tokenizer.encode(prompt)
    if not ids or data.tokenizer.unknown_id in ids:
        ids = data.tokenizer.encode(_first_prose(data.corpus.validation))[:6]
    return torch.tensor(ids)


def attention_map(
    model: Transformer, tokenizer: Tokenizer, probe: Tensor, step: int, without: Tensor | None = None
) -> HeatMap:
    """Return the attention weights of all layers and heads on the probe; what a causal model can't see is NaN."""
    weights = model.attention(probe, without)
    layers, heads, length, _ = weights.shape
    values = weights.reshape(layers * heads, length, length).numpy().astype(np.float16)
    if model.config.causal:
        values[:, np.triu(np.ones((length, length), dtype=bool), 1)] = np.nan
    labels = tuple(tokenizer.label(token) for token in probe.tolist())
    return HeatMap(values, head_names(model), labels, labels, step)


def continued(
    model: Transformer,
    tokenizer: Tokenizer,
    prompt: Tensor,
    length: int,
    temperature: float,
    seed: int,
    without: Tensor | None = None,
) -> list[int]:
    """Return the prompt, (T,) ids, and `length` tokens that a causal model writes after it, none of them special."""
    never = (tokenizer.unknown_id, tokenizer.mask_id)
    return continue_text(model, prompt[None], length, temperature, seed, never, without)[0].tolist()


def written(
    model: Transformer,
    data: TextData,
    prompt: Tensor,
    *,
    chars: int,
    temperature: float,
    seed: int,
    step: int,
    without: Tensor | None = None,
) -> Sample:
    """Return the prompt and about `chars` characters that a causal model writes after it."""
    tokenizer = data.tokenizer
    length = round(chars / (len(data.corpus.validation) / len(data.validation)))
    ids = continued(model, tokenizer, prompt, length, temperature, seed, without)
    given, made = ids[: len(prompt)], ids[len(prompt) :]
    parts = Part(tokenizer.decode(given), "given"), Part(tokenizer.decode(made), "made")
    return Sample(step, parts, temperature=temperature)


@torch.no_grad()
def filled_in(
    model: Transformer, tokenizer: Tokenizer, probe: Tensor, step: int, without: Tensor | None = None
) -> Sample:
    """Return the probe with some tokens hidden, and what a masked model finds likeliest in their places."""
    words = [i for i, token in enumerate(probe.tolist()) if tokenizer.label(token).strip("␣↵").isalnum()]
    hidden = words[HIDE_EVERY // 2 :: HIDE_EVERY] or list(range(0, len(probe), HIDE_EVERY))
    seen = probe.clone()
    seen[hidden] = tokenizer.mask_id
    logits = model(seen[None], without)[0]  # (T, V)
    logits[:, [tokenizer.unknown_id, tokenizer.mask_id]] = -torch.inf
    guesses = logits.argmax(dim=-1).tolist()
    parts: list[Part] = []
    for i, token in enumerate(probe.tolist()):
        if i in hidden:
            parts.append(Part(tokenizer.decode([guesses[i]]), "right" if guesses[i] == token else "wrong"))
        elif parts and parts[-1].kind == "given":
            parts[-1] = Part(parts[-1].text + tokenizer.decode([token]), "given")
        else:
            parts.append(Part(tokenizer.decode([token]), "given"))
    return Sample(step, tuple(parts))


def _first_prose(text: str) -> str:
    """Return the longest of the first twenty lines of a text: it looks like a sentence."""
    return max(text.split("\n")[:20], key=len).strip()
