"""A trained language model on its way to the model store and back: what is written down, and whether it fits.

What comes from the store is a file that anyone may have changed: nothing in it is believed before it was looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import torch
from torch import Tensor

from tutor.data.tokenizer import Tokenizer
from tutor.experiments.base import TrainedModel
from tutor.experiments.build import build_transformer, prepare_text
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.text_data import TextData
from tutor.nn.transformer import Transformer
from tutor.text import InputError, Text

EXPERIMENT = "language_model"
"""Id of the experiment that trains these models."""

SIZES = ("n_layer", "n_head", "d_model", "context", "token_shift", "positions", "ngrams", "ngram_rows")
"""Config keys that decide the shape and the meaning of the weights."""


def sizes(model: Transformer) -> dict[str, Any]:
    """Return the sizes that a model has, which differ from its config's where it started from another model."""
    found = {key: getattr(model.config, key) for key in SIZES if key != "positions"}
    return found | {"positions": "rotary" if model.config.rotary else "learned"}


def restore(saved: TrainedModel) -> tuple[LanguageModelConfig, TextData, Transformer]:
    """Build a trained language model again: what it was trained with, the text that it was trained on, and a copy of its own.

    Raises:
        InputError: It is a model of another experiment, or its text can't be used any more.
    """
    if saved.experiment != EXPERIMENT:
        raise InputError(_OTHER_EXPERIMENT.format(experiment=saved.experiment))
    config = LanguageModelConfig.model_validate(saved.config)
    data = prepare_text(config, saved.seed, Tokenizer.from_plain(saved.tokenizer))
    causal = config.objective == "arlm"
    model = build_transformer(config, data.tokenizer.vocab_size, causal=causal, seed=saved.seed)
    model.load_state_dict(saved.tensors)
    return config, data, model


def misfit(
    saved: TrainedModel, model: Transformer, data: TextData, config: LanguageModelConfig
) -> Text | None:
    """Return why a saved model can't take the place of one trained here; None: it can."""
    try:
        return (
            other_kind(saved, config)
            or _other_sizes(saved.config, config)
            or _other_text(saved, data, config)
            or _bad_weights(saved.tensors, model.state_dict())
            or _bad_steps(saved)
        )
    except (AttributeError, TypeError, ValueError, RuntimeError):
        return _DAMAGED  # not what `LanguageModel.trained` writes


def fingerprint(data: TextData) -> str:
    """Return a hash of the tokens of the training text, whatever its files are called."""
    return blake2b(data.train.to(torch.int32).numpy().tobytes(), digest_size=16).hexdigest()


def other_kind(saved: TrainedModel, config: LanguageModelConfig) -> Text | None:
    """Return why a model can't be trained on as the config says; None: it can."""
    if saved.experiment != EXPERIMENT:
        return _OTHER_EXPERIMENT.format(experiment=saved.experiment)
    theirs = saved.config.get("objective")
    return (
        None if theirs == config.objective else _OTHER_OBJECTIVE.format(theirs=theirs, ours=config.objective)
    )


def _other_sizes(theirs: Mapping[str, Any], config: LanguageModelConfig) -> Text | None:
    for key in SIZES:
        ours = getattr(config, key)
        if theirs.get(key) != ours:
            return _OTHER_SIZE.format(key=key, theirs=theirs.get(key), ours=ours)
    return None


def _other_text(saved: TrainedModel, data: TextData, config: LanguageModelConfig) -> Text | None:
    if saved.config.get("corpus") != config.corpus:
        return _OTHER_CORPUS.format(theirs=saved.config.get("corpus"), ours=config.corpus)
    ours = data.tokenizer.plain()
    theirs = saved.tokenizer
    if theirs.get("kind") != ours["kind"] or list(theirs.get("pieces", ())) != ours["pieces"]:
        return _OTHER_TOKENIZER
    return None if theirs.get("text") == fingerprint(data) else _CHANGED_TEXT


def _bad_weights(theirs: Mapping[str, Any], ours: Mapping[str, Tensor]) -> Text | None:
    if missing := [name for name in ours if name not in theirs]:
        return _MISSING.format(name=missing[0])
    if extra := [name for name in theirs if name not in ours]:
        return _EXTRA.format(name=extra[0])
    for name, weight in ours.items():
        other = theirs[name]
        if not isinstance(other, Tensor) or other.dtype != weight.dtype or other.layout != weight.layout:
            return _WRONG_TYPE.format(name=name)
        if other.shape != weight.shape:
            return _WRONG_SHAPE.format(name=name, theirs=tuple(other.shape), ours=tuple(weight.shape))
        if not bool(other.isfinite().all()):
            return _NOT_FINITE.format(name=name)
    return None


def _bad_steps(saved: TrainedModel) -> Text | None:
    good = isinstance(saved.steps, int) and not isinstance(saved.steps, bool) and saved.steps >= 0
    return None if good else _DAMAGED


_DAMAGED = Text("存下的模型已损坏，无法读取。", "The saved model is damaged and can't be read.")
_OTHER_EXPERIMENT = Text(
    "存下的模型来自另一种实验（{experiment}），不是语言模型。",
    "The saved model comes from another kind of experiment ({experiment}), not from a language model.",
)
_OTHER_OBJECTIVE = Text(
    "存下的模型的训练目标是 {theirs}，这里需要 {ours}。",
    "The saved model was trained with the objective {theirs}; {ours} is needed here.",
)
_OTHER_SIZE = Text(
    "存下的模型结构不同：它的 {key} 是 {theirs}，这里是 {ours}。",
    "The saved model is built differently: its {key} is {theirs}, here it is {ours}.",
)
_OTHER_CORPUS = Text(
    "存下的模型读的是另一份文本（{theirs}），这里用的是 {ours}。",
    "The saved model was trained on another text ({theirs}); here it is {ours}.",
)
_OTHER_TOKENIZER = Text(
    "存下的模型用的是另一个分词器：同样的编号在这里代表别的 token。",
    "The saved model has another tokenizer: the same ids stand for other tokens here.",
)
_CHANGED_TEXT = Text(
    "存下的模型训练时读的文本与现在的不同。",
    "The text that the saved model was trained on is not the present one.",
)
_MISSING = Text("存下的模型缺少权重 {name}。", "The saved model lacks the weight {name}.")
_EXTRA = Text("存下的模型多出了权重 {name}。", "The saved model has a weight too many, {name}.")
_WRONG_TYPE = Text("存下的权重 {name} 的数据类型不对。", "The saved weight {name} has the wrong data type.")
_WRONG_SHAPE = Text(
    "存下的权重 {name} 的形状是 {theirs}，应为 {ours}。",
    "The saved weight {name} has the shape {theirs}, not {ours}.",
)
_NOT_FINITE = Text(
    "存下的权重 {name} 里有不是有限数的值（NaN 或无穷大），这次训练大概已经发散。",
    "The saved weight {name} holds values that are no finite numbers (NaN or infinity): that training has probably diverged.",
)
