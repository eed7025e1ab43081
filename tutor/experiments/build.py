"""What parts of a config are built into: texts, models, objectives, optimizers; and the schedule that they share."""

from __future__ import annotations

from weakref import WeakValueDictionary

import torch

from tutor.data.corpora import Corpus, load_corpus
from tutor.data.recipe import Prepared, prepare
from tutor.data.tokenizer import Tokenizer, train_tokenizer
from tutor.experiments.parts import Architecture, LearningTask, Optimization, TrainingText
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import TextData
from tutor.nn.objectives import HiddenToken, NextToken, Objective
from tutor.nn.optim import LAMB, SGD, AdamW, Muon, Optimizer, RowAdagrad
from tutor.nn.transformer import Transformer, TransformerConfig
from tutor.text import InputError, Text

WARM_UP = 5
"""Steps over which the learning rate rises."""


def schedule(step: int, total_steps: int) -> float:
    """Return the share of the highest learning rate: a short rise, then a straight fall to 2% at the end of the budget."""
    rise = (step + 1) / WARM_UP
    left = 1 - step / max(1, total_steps)
    return min(rise, max(0.02, left), 1.0)


def prepare_text(text: TrainingText, seed: int, tokenizer: Tokenizer | None = None) -> TextData:
    """Load the text, treat it, and cut it into tokens.

    Args:
        text: Which text, and what is done to it.
        seed: Decides which documents are repeated and corrupted, where the config asks for that.
        tokenizer: What cuts it; None: one made from the text that the config names.

    Raises:
        InputError: The learner's text can't be used.
    """
    corpus = _corpus(text)
    recipe = text.data_recipe
    prepared = prepare(corpus, recipe, sub_seed(seed, "documents")) if recipe is not None else None
    if tokenizer is None:
        source = corpus
        if text.tokenizer_corpus is not None and text.corpus not in ("own", text.tokenizer_corpus):
            source = _corpus(text.model_copy(update={"corpus": text.tokenizer_corpus}))
        learned_from = prepared.vocabulary if prepared is not None else source.train_text()
        tokenizer = train_tokenizer(text.tokenizer, learned_from, text.vocab_size)
    return _cut(prepared or corpus, tokenizer, text.train_chars)


_in_use: WeakValueDictionary[tuple[object, ...], TextData] = WeakValueDictionary()
"""Texts that some experiment holds: arms and bases that read the same share it, already cut."""


def _cut(source: Corpus | Prepared, tokenizer: Tokenizer, train_chars: int | None = None) -> TextData:
    key = (source, tokenizer.identity, train_chars)
    found = _in_use.get(key)
    if found is None:
        found = _in_use[key] = TextData.cut(source, tokenizer, train_chars)
    return found


def _corpus(text: TrainingText) -> Corpus:
    return load_corpus(text.corpus, text.text_file, text.text_encoding)


def require_tokens(data: TextData, context: int) -> None:
    """Refuse a text that has too few tokens to train and measure on.

    Raises:
        InputError: One of its parts has fewer than two windows.
    """
    if min(len(data.train), len(data.validation)) < 2 * context:
        raise InputError(_TOO_FEW_TOKENS.format(tokens=2 * context))


def build_objective(task: LearningTask, tokenizer: Tokenizer) -> Objective:
    """Return what the model is trained to do."""
    if task.objective == "arlm":
        return NextToken()
    return HiddenToken(tokenizer.mask_id, tokenizer.vocab_size)


def build_transformer(architecture: Architecture, vocab_size: int, *, causal: bool, seed: int) -> Transformer:
    """Return an untrained model."""
    sizes = TransformerConfig(
        vocab_size=vocab_size,
        n_layer=architecture.n_layer,
        n_head=architecture.n_head,
        d_model=architecture.d_model,
        context=architecture.context,
        causal=causal,
        token_shift=architecture.token_shift,
        rotary=architecture.positions == "rotary",
        ngrams=architecture.ngrams,
        ngram_rows=architecture.ngram_rows,
        zero_init=architecture.zero_init,
    )
    return Transformer(sizes, torch.Generator().manual_seed(sub_seed(seed, "weights")))


def build_optimizers(part: Optimization, model: Transformer) -> list[tuple[Optimizer, float]]:
    """Return what changes the weights that require a gradient, each with its multiple of the learning rate.

    Muon for the matrices inside the blocks; AdamW for embedding and head, whose rows belong to single tokens; `RowAdagrad`
    for the tables of n-grams, of which a step uses few rows.
    """
    free = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    tables = [free.pop(name) for name in list(free) if name.startswith("ngrams")]
    inner = [weight for name, weight in free.items() if name.startswith("blocks")]
    outer = [weight for name, weight in free.items() if not name.startswith("blocks")]
    found: list[tuple[Optimizer, float]] = [(RowAdagrad(table, part.lr), part.table_rate) for table in tables]
    if part.optimizer == "adamw":
        return [*found, (AdamW(free.values(), part.lr, weight_decay=part.weight_decay), 1.0)]
    if part.optimizer == "lamb":
        return [*found, (LAMB(free.values(), part.lr, weight_decay=part.weight_decay), 1.0)]
    if part.optimizer != "muon":
        momentum = 0.9 if part.optimizer == "momentum" else 0.0
        return [*found, (SGD(free.values(), part.lr, momentum), 1.0)]
    adamw = AdamW(outer, part.lr, weight_decay=part.weight_decay)
    return [*found, (adamw, 1.0), (Muon(inner, part.lr), 1.0)]


_TOO_FEW_TOKENS = Text(
    "文本太短：训练部分和验证部分各至少要有 {tokens} 个 token（两个上下文窗口）。请换更长的文本，或把 context 调小。",
    "The text is too short: its training and its validation part each need at least {tokens} tokens (two context windows). "
    "Please take a longer text or a smaller context.",
)
