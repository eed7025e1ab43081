"""The experiments there are; without torch. A kind stands here when its spec is `SPEC` of a file ``<id>_config.py`` beside this one."""

from __future__ import annotations

import importlib
import pkgutil

from tutor import experiments
from tutor.experiments.base import ExperimentConfig, ExperimentSpec


def _registered() -> dict[str, ExperimentSpec]:
    names = sorted(m.name for m in pkgutil.iter_modules(experiments.__path__) if m.name.endswith("_config"))
    specs = (importlib.import_module(f"{experiments.__name__}.{name}").SPEC for name in names)
    return {spec.id: spec for spec in specs}


_SPECS = _registered()

FORMER = {"labelling": "text_classifier"}
"""Names that experiments had once; a lab may still use them."""


def ids() -> tuple[str, ...]:
    """Ids of all experiments."""
    return tuple(_SPECS)


def get(id: str) -> ExperimentSpec:
    """Return the spec of an experiment, by its present or a former name.

    Raises:
        KeyError: There is none of that name.
    """
    return _SPECS[FORMER.get(id, id)]


def of(config: ExperimentConfig) -> ExperimentSpec:
    """Return the spec of the experiment that a config is for.

    Raises:
        StopIteration: There is none.
    """
    return next(spec for spec in _SPECS.values() if type(config) is spec.config)
