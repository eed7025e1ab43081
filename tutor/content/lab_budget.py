"""Checks that a lab is bearable on a slow machine, as far as its experiment can tell what it will cost."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from tutor.content.budget import arm_steps, estimate
from tutor.content.load import Document
from tutor.content.models import BASE, Lab
from tutor.content.problems import Problem
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, InputError

SECONDS = 120
"""Training time on the reference core that a learner will still sit through, having been asked to watch."""
BYTES = 4 * 2**30
"""Memory that a machine with 8 GB can spare beside its system and a browser."""


def arm_configs(lab: Lab, spec: ExperimentSpec) -> dict[str, ExperimentConfig] | None:
    """The config of every arm as the lab's author made it, and of ``base``; None when one isn't sound."""
    sets = {arm.id: arm.set for arm in lab.arms}
    if lab.base is not None:
        sets = {BASE: lab.base.set, **sets}
    try:
        return {arm: spec.config.model_validate({**lab.shared, **own}) for arm, own in sets.items()}
    except (ValidationError, InputError):
        return None


def check_budget(
    document: Document, lab: Lab, spec: ExperimentSpec, configs: dict[str, ExperimentConfig]
) -> Iterator[Problem]:
    """What is wrong with the budget of a lab.

    Args:
        document: The lab's file.
        lab: What it says.
        spec: Card of its experiment.
        configs: Config of every arm.
    """
    place = "steps" if lab.steps is not None else "tokens"
    try:
        steps = arm_steps(lab, configs)
    except ValueError:
        yield document.problem("budget.no_tokens", place, at_key=True, experiment=spec.id)
        return
    cost = estimate(spec, configs, steps)
    if cost is None:
        return
    if cost.seconds > SECONDS:
        yield document.problem("budget.long", place, seconds=f"{cost.seconds:.0f}", limit=SECONDS)
    if cost.bytes > BYTES:
        found, limit = f"{cost.bytes / 2**30:.1f}", f"{BYTES / 2**30:.0f}"
        yield document.problem("budget.memory", "arms", at_key=True, size=found, limit=limit)
