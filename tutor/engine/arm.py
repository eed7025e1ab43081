"""One arm of a run, and its state between two rounds, whole."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.engine import divergence
from tutor.engine.snapshot import Outcome
from tutor.experiments.base import Experiment, ExperimentConfig, TrainedModel
from tutor.text import Text


@dataclass(slots=True, eq=False)
class BenchArm:
    """One arm on the bench.

    Attributes:
        id: Its id; ``base`` is the base run.
        label: Its name.
        total: Its budget in steps.
        from_base: Whether it starts from the base run.
        config: What it is built from.
        guard: Watches its loss.
        experiment: The thing itself; None until it is built.
        step: Steps done.
        outcome: How it stands.
        diverged: A sentence about how it diverged.
        lost_at: The step in which it diverged, known also while a moment before that is shown.
        trained: Its model, once another arm has asked for it.
    """

    id: str
    label: Text
    total: int
    from_base: bool
    config: ExperimentConfig
    guard: divergence.LossGuard
    experiment: Experiment | None = None
    step: int = 0
    outcome: Outcome = "waiting"
    diverged: Text | None = None
    lost_at: int | None = None
    trained: TrainedModel | None = None

    @property
    def over(self) -> bool:
        """Whether it trains no more."""
        return self.outcome in ("done", "diverged")


@dataclass(frozen=True, slots=True)
class ArmState:
    """An arm between two rounds, whole: what it takes to go on from there to the bit."""

    experiment: Experiment | None
    step: int
    outcome: Outcome
    diverged: Text | None
    guard: divergence.LossGuard


@dataclass(frozen=True, slots=True)
class State:
    """All arms that train now, between two rounds.

    Attributes:
        round: Rounds done.
        arms: Their states by id.
        bytes: Memory that it takes.
        turned: Whether they know of a knob that was turned at this very moment, which belongs to what comes next.
    """

    round: int
    arms: Mapping[str, ArmState]
    bytes: int
    turned: bool = False


def copy_of(experiment: Experiment) -> tuple[Experiment, int]:
    """A copy of an experiment, and the bytes of the tensors that were copied for it."""
    memo: dict[int, Any] = {}
    twin = copy.deepcopy(experiment, memo)
    sizes = (getattr(part, "nbytes", 0) for part in memo.values())
    return twin, sum(size for size in sizes if isinstance(size, int))


def size_of(value: Any) -> int:
    """Bytes of the arrays and tensors in plain values: mappings, sequences and dataclasses of them."""
    if isinstance(size := getattr(value, "nbytes", None), int):
        return size
    if isinstance(value, Mapping):
        return sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    if dataclasses.is_dataclass(value):
        return sum(size_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    return 0
