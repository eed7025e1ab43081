"""Checks that a lab is bearable on a slow machine, as far as its experiment can tell what it will cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from tutor.content.budget import arm_steps, estimate
from tutor.content.load import Document
from tutor.content.models import Lab
from tutor.content.problems import Problem
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.text import InputError

SECONDS = 120
"""Training time on the reference core that a learner will still sit through, having been asked to watch."""
BYTES = 4 * 2**30
"""Memory that a machine with 8 GB can spare beside its system and a browser."""


def arm_configs(lab: Lab, table: Mapping[str, ExperimentSpec]) -> dict[str, ExperimentConfig] | None:
    """The config of every arm as the lab's author made it, and of its bases; None when one isn't sound."""
    try:
        return {
            run.id: table[run.lab.experiment].config.model_validate({**run.lab.shared, **run.arm.set})
            for run in lab.runs
        }
    except (KeyError, ValidationError, InputError):
        return None


def check_budget(
    document: Document, lab: Lab, table: Mapping[str, ExperimentSpec], configs: dict[str, ExperimentConfig]
) -> Iterator[Problem]:
    """What is wrong with the budget of a lab.

    Args:
        document: The lab's file.
        lab: What it says.
        table: Cards of the experiments there are.
        configs: Config of every arm.
    """
    place = "steps" if lab.steps is not None else "tokens"
    try:
        steps = arm_steps(lab, configs)
    except ValueError:
        yield document.problem("budget.no_tokens", place, at_key=True, experiment=lab.experiment)
        return
    specs = {run.id: table[run.lab.experiment] for run in lab.runs}
    cost = estimate(specs.__getitem__, configs, steps)
    if cost is None:
        return
    if cost.seconds > SECONDS:
        yield document.problem("budget.long", place, seconds=f"{cost.seconds:.0f}", limit=SECONDS)
    if cost.bytes > BYTES:
        found, limit = f"{cost.bytes / 2**30:.1f}", f"{BYTES / 2**30:.0f}"
        yield document.problem("budget.memory", "arms", at_key=True, size=found, limit=limit)
