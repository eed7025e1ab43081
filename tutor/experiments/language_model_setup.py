"""What a language model run is built from: its text, its objective, its optimizers, its schedule."""

from __future__ import annotations

from weakref import WeakValueDictionary

import torch

from tutor.data.corpora import Corpus, CorpusName, load_corpus
from tutor.data.recipe import Prepared, prepare
from tutor.data.tokenizer import Tokenizer, train_tokenizer
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import TextData
from tutor.nn.objectives import HiddenToken, NextToken, Objective
from tutor.nn.optim import AdamW, Muon, Optimizer, RowAdagrad
from tutor.nn.transformer import Transformer, TransformerConfig
from tutor.text import InputError, Text

WARM_UP = 5
"""Steps over which the learning rate rises."""


def schedule(step: int, total_steps: int) -> float:
    """Share of the highest learning rate: a short rise, then a straight fall to 2% at the end of the budget."""
    rise = (step + 1) / WARM_UP
    left = 1 - step / max(1, total_steps)
    return min(rise, max(0.02, left), 1.0)


def text_data(config: LanguageModelConfig, tokenizer: Tokenizer | None, seed: int) -> TextData:
    """The text of a config, cut by the given tokenizer or by one made from the text that the config names.

    `seed` decides which documents are repeated and soiled, where the config asks for that.
    """
    corpus = _corpus(config.corpus, config)
    recipe = config.recipe_of_data
    prepared = prepare(corpus, recipe, sub_seed(seed, "documents")) if recipe is not None else None
    if tokenizer is None:
        source = corpus
        if config.tokenizer_corpus is not None and config.corpus not in ("own", config.tokenizer_corpus):
            source = _corpus(config.tokenizer_corpus, config)
        text = prepared.vocabulary if prepared is not None else source.train_text()
        tokenizer = train_tokenizer(config.tokenizer, text, config.vocab_size)
    return _cut(prepared or corpus, tokenizer, config.train_chars)


_in_use: WeakValueDictionary[tuple[object, ...], TextData] = WeakValueDictionary()
"""Texts that some experiment holds: arms and bases that read the same share it, already cut."""


def _cut(source: Corpus | Prepared, tokenizer: Tokenizer, train_chars: int | None = None) -> TextData:
    key = (source, tokenizer.identity, train_chars)
    found = _in_use.get(key)
    if found is None:
        if isinstance(source, Corpus):
            found = TextData.cut(source, tokenizer, train_chars)
        else:
            found = TextData.prepared_and_cut(source, tokenizer, train_chars)
        _in_use[key] = found
    return found


def require_tokens(data: TextData, context: int) -> None:
    """Refuse a text that has too few tokens to train and measure on.

    Raises:
        InputError: One of its parts has fewer than two windows.
    """
    if min(len(data.train), len(data.validation)) < 2 * context:
        raise InputError(_TOO_FEW_TOKENS.format(tokens=2 * context))


def objective(config: LanguageModelConfig, tokenizer: Tokenizer) -> Objective:
    """What the model is trained to do."""
    if config.objective == "arlm":
        return NextToken()
    return HiddenToken(tokenizer.mask_id, tokenizer.vocab_size)


def old_data(config: LanguageModelConfig, tokenizer: Tokenizer) -> TextData | None:
    """The text that the config names to measure forgetting on."""
    if config.old_corpus is None or config.old_corpus == config.corpus:
        return None
    return _cut(_corpus(config.old_corpus, config), tokenizer)


def _corpus(name: CorpusName, config: LanguageModelConfig) -> Corpus:
    return load_corpus(name, config.text_file, config.text_encoding)


def new_model(config: LanguageModelConfig, tokenizer: Tokenizer, causal: bool, seed: int) -> Transformer:
    """An untrained model."""
    sizes = TransformerConfig(
        vocab_size=tokenizer.vocab_size,
        n_layer=config.n_layer,
        n_head=config.n_head,
        d_model=config.d_model,
        context=config.context,
        causal=causal,
        token_shift=config.token_shift,
        rotary=config.positions == "rotary",
        ngrams=config.ngrams,
        ngram_rows=config.ngram_rows,
        zero_init=config.zero_init,
    )
    return Transformer(sizes, torch.Generator().manual_seed(sub_seed(seed, "weights")))


def optimizers(config: LanguageModelConfig, model: Transformer) -> list[tuple[Optimizer, float]]:
    """What changes the weights, each with its multiple of the learning rate.

    Muon for the matrices inside the blocks; AdamW for embedding and head, whose rows belong to single tokens; `RowAdagrad`
    for the tables of n-grams, of which a step uses few rows.
    """
    free = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    tables = [free.pop(name) for name in list(free) if name.startswith("ngrams")]
    inner = [weight for name, weight in free.items() if name.startswith("blocks")]
    outer = [weight for name, weight in free.items() if not name.startswith("blocks")]
    found: list[tuple[Optimizer, float]] = [
        (RowAdagrad(table, config.lr), config.table_rate) for table in tables
    ]
    if config.optimizer == "adamw":
        return [*found, (AdamW(free.values(), config.lr, weight_decay=config.weight_decay), 1.0)]
    adamw = AdamW(outer, config.lr, weight_decay=config.weight_decay)
    return [*found, (adamw, 1.0), (Muon(inner, config.lr), 1.0)]


_TOO_FEW_TOKENS = Text(
    "文本太短：训练部分和验证部分各至少要有 {tokens} 个 token（两个上下文窗口）。请换更长的文本，或把 context 调小。",
    "The text is too short: its training and its validation part each need at least {tokens} tokens (two context windows). "
    "Please take a longer text or a smaller context.",
)
