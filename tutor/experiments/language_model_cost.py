"""Estimates what a language model run takes, from its config; without torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tutor.experiments.base import Cost

if TYPE_CHECKING:
    from tutor.experiments.language_model_config import LanguageModelConfig

CHARACTERS = {
    "python_reference": 500_000,
    "python_source": 250_000,
    "python_docstrings": 500_000,
    "tiny_world_en": 440_000,
    "tiny_world_zh": 440_000,
    "course_zh": 100_000,
}
"""About how long the built-in texts are."""

ALPHABET = 100
"""Tokens of a character vocabulary, about; Chinese has more, and its runs cost more than is said here."""

CHARACTERS_PER_TOKEN = {"char": 1.0, "bpe": 2.2}


def cost(config: LanguageModelConfig) -> Cost:
    """Count operations, calls and bytes of one arm."""
    vocabulary = config.vocab_size if config.tokenizer == "bpe" else ALPHABET
    C, T, L = config.d_model, config.context, config.n_layer
    tokens = config.batch * T

    matrices = L * 12 * C * C + C * vocabulary  # weights that every token is multiplied by
    attention = L * 2 * T * C  # multiplications of a token with the T others, twice
    forward = 2 * (matrices + attention)  # operations a token: a multiplication and an addition
    flops = 3.0 * tokens * forward  # the backward pass takes two forward passes
    flops += _measuring(config) * forward
    if config.optimizer == "muon":
        # Newton-Schulz: three products of square matrices, or one square and two oblong ones of four squares each.
        flops += 5 * L * (4 * 6 + 2 * 18) * C**3

    parameters = L * 12 * C * C + 2 * C * vocabulary
    state = (
        4 * parameters * (3 if config.optimizer == "muon" else 4)
    )  # weights, gradients, one or two running means
    if config.ngrams > 1:
        state += 4 * (config.ngrams - 1) * (config.ngram_rows * (C + 1) + 2 * tokens * C)
    activations = 4 * tokens * (L * (30 * C + config.n_head) + 6 * C + 4 * vocabulary)
    return Cost(flops, _calls(config), state + activations + _data_bytes(config))


def _calls(config: LanguageModelConfig) -> float:
    """Count the tensor operations of a step: forward, backward, optimizer."""
    calls = 130 + 200 * config.n_layer  # as counted by torch's dispatcher, changes of shape included
    if config.token_shift:
        calls += 15
    if config.ngrams > 1:
        calls += 50 + 7 * config.ngrams
    if config.optimizer == "muon":
        calls += 3 * 120  # for each shape of matrix, whatever their number
    return calls


def _measuring(config: LanguageModelConfig) -> float:
    """Return the tokens a step, on average, that are only measured on: 32 windows each time."""
    return 32 * config.context * 2 / config.eval_every


def _data_bytes(config: LanguageModelConfig) -> float:
    """Return the bytes of the text, and of its tokens at eight each."""
    characters = CHARACTERS.get(config.corpus, 1_000_000)
    if config.corpus == "own" and config.text_file:
        files = [Path(one) for one in config.text_file.split("\0")]
        if all(file.is_file() for file in files):
            characters = sum(file.stat().st_size for file in files)
    return characters * (2 + 8 / CHARACTERS_PER_TOKEN[config.tokenizer])
