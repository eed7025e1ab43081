"""The experiments there are; without torch. A kind stands here when its spec is `SPEC` of a file ``<id>_config.py`` beside this one."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from tutor import experiments
from tutor.experiments.base import ExperimentConfig, ExperimentSpec

FORMER = {"labelling": "text_classifier"}
"""Names that experiments had once; a lab may still use them."""

_END = "_config"


@functools.cache
def ids() -> tuple[str, ...]:
    """Ids of all experiments; none is imported for it."""
    names = sorted(module.name for module in pkgutil.iter_modules(experiments.__path__))
    return tuple(name.removesuffix(_END) for name in names if name.endswith(_END))


def get(id: str) -> ExperimentSpec:
    """Return the spec of an experiment, by its present or a former name.

    Raises:
        KeyError: There is none of that name.
    """
    name = FORMER.get(id, id)
    if name not in ids():
        raise KeyError(id)
    spec: ExperimentSpec = importlib.import_module(f"{experiments.__name__}.{name}{_END}").SPEC
    return spec


def of(config: ExperimentConfig) -> ExperimentSpec:
    """Return the spec of the experiment that a config is for.

    Raises:
        StopIteration: There is none.
    """
    return next(spec for spec in map(get, ids()) if type(config) is spec.config)
