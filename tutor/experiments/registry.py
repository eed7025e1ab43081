"""The experiments there are; without torch."""

from __future__ import annotations

from tutor.experiments import compress_config, language_model_config, text_classifier_config, tokenizer_config
from tutor.experiments.base import ExperimentConfig, ExperimentSpec

_SPECS = {
    spec.id: spec
    for spec in (
        language_model_config.SPEC,
        tokenizer_config.SPEC,
        text_classifier_config.SPEC,
        compress_config.SPEC,
    )
}

_FORMER = {"labelling": "text_classifier"}
"""Names that experiments had once."""


def ids() -> tuple[str, ...]:
    """Ids of all experiments."""
    return tuple(_SPECS)


def get(id: str) -> ExperimentSpec:
    """Return the spec of an experiment, by its present or a former name.

    Raises:
        KeyError: There is none of that name.
    """
    return _SPECS[_FORMER.get(id, id)]


def of(config: ExperimentConfig) -> ExperimentSpec:
    """Return the spec of the experiment that a config is for.

    Raises:
        StopIteration: There is none.
    """
    return next(spec for spec in _SPECS.values() if type(config) is spec.config)
