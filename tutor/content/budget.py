"""How long the arms of a lab train, and what that will take: known from the configs alone, without building anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tutor.content.models import Lab
from tutor.experiments.base import ExperimentConfig, ExperimentSpec


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a machine trains on the thread that training has."""

    flops: float
    """Floating-point operations a second in matrix products of the size that a small model needs."""
    call_seconds: float


REFERENCE = Speed(flops=15e9, call_seconds=8e-6)
"""A slow core, which the course must still be bearable on: a laptop of some ten years with AVX2 has a peak of about 60 GFLOP/s a
core, of which small matrices get a quarter; small tensor operations take 3 to 5 µs on a present machine and about twice that there."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What all arms of a run will take together, the base included."""

    seconds: float
    """Time in training steps."""
    bytes: float
    """Memory, over what the program itself needs: all arms are there at once."""


def arm_steps(lab: Lab, configs: Mapping[str, ExperimentConfig], steps: int | None = None) -> dict[str, int]:
    """How many steps each arm does, by id, the base included.

    With a budget in tokens an arm does as many steps as it needs to read that many, so that arms with another batch read
    equally much.

    `steps`: The learner's budget, for every arm; None is the lab's. The base is shortened in proportion, never lengthened.

    Raises:
        ValueError: The budget is in tokens and an arm can't tell how many it reads in a step.
    """
    own = {run.id: _own_steps(run.lab, configs[run.id]) for run in lab.runs}
    if steps is None or not any(own[arm.id] for arm in lab.arms):
        return own
    share = min(1.0, steps / max(own[arm.id] for arm in lab.arms))
    return {run.id: steps if run.lab is lab else max(1, round(own[run.id] * share)) for run in lab.runs}


def _own_steps(lab: Lab, config: ExperimentConfig) -> int:
    if lab.steps is not None:
        return lab.steps
    if lab.tokens is None:
        return 0  # computed at once
    tokens, each = lab.tokens, config.tokens_per_step
    if not each:
        raise ValueError(f"no budget in tokens for {type(config).__name__}")
    return math.ceil(tokens / each)


def estimate(
    spec_of: Callable[[str], ExperimentSpec],
    configs: Mapping[str, ExperimentConfig],
    steps: Mapping[str, int],
    speed: Speed = REFERENCE,
) -> Estimate | None:
    """What a run will take; None when an experiment can't tell its cost.

    `steps`: See `arm_steps`; an arm that isn't in it, such as a base that is already there, costs only memory.
    """
    seconds = memory = 0.0
    for arm, config in configs.items():
        tell = spec_of(arm).estimate
        if tell is None:
            return None
        cost = tell(config)
        seconds += steps.get(arm, 0) * (cost.flops / speed.flops + cost.calls * speed.call_seconds)
        memory += cost.bytes
    return Estimate(seconds, memory)
