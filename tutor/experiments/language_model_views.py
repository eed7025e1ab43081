"""Frames of a language model, and of what it is fed: pure functions of weights and data, so that looking never changes a run."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tutor.data.cleaning.pipeline import EXCERPT
from tutor.data.corpora import BETWEEN
from tutor.data.recipe import Prepared
from tutor.data.tokenizer import Tokenizer
from tutor.experiments.base import Shared
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.story_judge import judged
from tutor.experiments.text_data import TextData
from tutor.frames import (
    Bars,
    EditKind,
    Frame,
    Funnel,
    FunnelStage,
    HeatMap,
    Part,
    Passage,
    Passages,
    Sample,
)
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer
from tutor.text import Lang


@dataclass(frozen=True, slots=True, eq=False)
class ViewState(Shared):
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
    lang: Lang | None = None,
) -> Sample:
    """Return the prompt and about `chars` characters that a causal model writes after it, judged as stories in `lang` if that is given."""
    tokenizer = data.tokenizer
    length = round(chars / (len(data.corpus.validation) / len(data.validation)))
    ids = continued(model, tokenizer, prompt, length, temperature, seed, without)
    given, made = ids[: len(prompt)], ids[len(prompt) :]
    texts = tokenizer.decode(given), tokenizer.decode(made)
    parts = judged(*texts, lang) if lang else (Part(texts[0], "given"), Part(texts[1], "made"))
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


OF_DATA = ("funnel", "cleaned", "bands")

SHOWN = 30
"""Texts before and after at most."""

_PIECE = re.compile(r"\s+|[A-Za-z]+|\d+|.", re.DOTALL)


def of_data(name: str, data: TextData, config: LanguageModelConfig) -> Frame:
    """Return one of `OF_DATA`: how much each cleaning rule took, and examples of what."""
    if name == "funnel":
        return funnel(data, config)
    if name == "bands":
        return bands(config)
    return Passages(() if data.prepared is None else _examples(data.prepared))


def funnel(data: TextData, config: LanguageModelConfig) -> Funnel:
    """Return the way from the documents that came to the text that is trained on."""
    prepared = data.prepared
    if prepared is None or prepared.report is None:
        count = len(prepared.came) if prepared is not None else len(data.corpus.train)
        return Funnel((FunnelStage(config.fed, count, len(data.corpus.train_text())),))
    came, characters = len(prepared.came), sum(len(document.text) for document in prepared.came)
    rules = (
        FunnelStage(
            rule.id,
            rule.documents_out,
            _running(rule.characters_out, rule.documents_out),
            rule.removed,
            rule.changed,
        )
        for rule in prepared.report.rules
    )
    return Funnel((FunnelStage("corrupted", came, _running(characters, came)), *rules))


def _running(characters: int, documents: int) -> int:
    """Count the characters of documents as they are trained on, with the blank lines between them, as the metric ``train_chars`` has it."""
    return characters + len(BETWEEN) * max(0, documents - 1)


def bands(config: LanguageModelConfig) -> Bars:
    """Return the S-curve of near-duplicate removal: the chance that two documents of a similarity are taken for copies."""
    if config.fed != "cleaned" or "dedup_near" not in config.rules:
        return Bars((), ())
    from tutor.data.dedup.minhash import PRESETS, collision_probability

    banding = PRESETS[config.near_preset]
    similarities = [step / 20 for step in range(6, 21)]
    values = tuple(collision_probability(s, banding.bands, banding.rows) for s in similarities)
    return Bars(tuple(f"{s:.2f}" for s in similarities), values)


@functools.lru_cache(maxsize=4)  # asked for again and again, and always the same
def _examples(prepared: Prepared) -> tuple[Passage, ...]:
    """Return a text for every reason that applied, in the order of the rules; then a second and a third for each."""
    found = [
        (turn, Passage(f"{rule.id}.{key}", difference(example.before, example.after or "", EXCERPT)))
        for rule in (prepared.report.rules if prepared.report is not None else ())
        for key, reason in rule.reasons.items()
        for turn, example in enumerate(reason.examples)
    ]
    return tuple(passage for _, passage in sorted(found, key=lambda one: one[0]))[:SHOWN]


def difference(before: str, after: str, excerpt: int) -> tuple[tuple[str, EditKind], ...]:
    """Return the stretches of two texts that are the same, gone or new.

    Args:
        before: The one.
        after: The other; empty: all of it is gone.
        excerpt: A text of so many characters was cut off there: what the other has beyond that is not known to be new or gone.
    """
    if not after:
        return ((before, "cut"),)
    parts: list[tuple[str, EditKind]] = []
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, a, b, c, d in codes:
        if kind == "equal":
            parts.append(("".join(old[a:b]), "kept"))
            continue
        # A few characters at the end of a full excerpt are the head of a word that goes on behind it.
        headless = len(after) >= excerpt or (len(before) >= excerpt and len("".join(old[a:b])) < 12)
        if a < b and not (b == len(old) and headless):
            parts.append(("".join(old[a:b]), "cut"))
        if c < d and not (d == len(new) and len(before) >= excerpt):
            parts.append(("".join(new[c:d]), "new"))
    return tuple(parts)
