"""The functions that a learner reads to see what a step does; without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.experiments.language_model_config import LanguageModelConfig


def reading(config: LanguageModelConfig) -> tuple[str, ...]:
    """Return names as ``module:qualified.name``, from the step inwards: objective, model, optimizer."""
    names = ["tutor.experiments.language_model:LanguageModel.step"]
    if config.objective == "arlm":
        names += ["tutor.nn.objectives:NextToken.loss"]
    else:
        names += ["tutor.nn.objectives:HiddenToken.loss", "tutor.nn.masking:mask_tokens"]
    # `Transformer.features` only decides whether to run this from a recording.
    names += ["tutor.nn.transformer:Transformer._features", "tutor.nn.transformer:Transformer._embed"]
    if config.ngrams > 1:
        names += ["tutor.nn.ngrams:NgramTables"]
    if config.token_shift:
        names += ["tutor.nn.transformer:TokenShift"]
    names += ["tutor.nn.transformer:Block.forward", "tutor.nn.transformer:norm"]
    names += ["tutor.nn.attention:Attention.forward"]
    if config.positions == "rotary":
        names += ["tutor.nn.attention:rotate", "tutor.nn.attention:rotary_angles"]
    names += ["tutor.nn.transformer:MLP", "tutor.nn.transformer:Transformer._initialize"]
    names += ["tutor.experiments.build:build_optimizers"]
    if config.optimizer == "muon":
        names += ["tutor.nn.optim:Muon.step", "tutor.nn.optim:orthogonalize"]
    if config.ngrams > 1:
        names += ["tutor.nn.optim:RowAdagrad.step"]
    if config.precision == "auto":
        names += ["tutor.nn.precision:measured"]
    names += ["tutor.nn.optim:AdamW.step", "tutor.experiments.build:schedule"]
    return tuple(names)
