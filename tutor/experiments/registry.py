"""The experiments there are; without torch."""

from __future__ import annotations

from tutor.experiments import labelling_config, language_model_config, tokenizer_config, toy_classifier_config
from tutor.experiments.base import ExperimentConfig, ExperimentSpec

_SPECS = {
    spec.id: spec
    for spec in (
        language_model_config.SPEC,
        tokenizer_config.SPEC,
        labelling_config.SPEC,
        toy_classifier_config.SPEC,
    )
}


def ids() -> tuple[str, ...]:
    """Ids of all experiments."""
    return tuple(_SPECS)


def get(id: str) -> ExperimentSpec:
    """The card of an experiment.

    Raises:
        KeyError: There is none of that name.
    """
    return _SPECS[id]


def of(config: ExperimentConfig) -> ExperimentSpec:
    """The card of the experiment that a config is for.

    Raises:
        StopIteration: There is none.
    """
    return next(spec for spec in _SPECS.values() if type(config) is spec.config)
