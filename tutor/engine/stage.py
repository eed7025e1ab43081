"""One stage of a run: the arms that train side by side, and their state between two rounds, whole."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.engine.divergence import LossGuard
from tutor.engine.snapshot import Outcome
from tutor.experiments.base import Experiment, ExperimentConfig, ExperimentSpec, TrainedModel
from tutor.text import Text


@dataclass(slots=True, eq=False)
class Arm:
    """One arm of a stage.

    Attributes:
        id: Its id; ``base`` is the one that the arms of a lab start from.
        label: Its name.
        spec: Card of its experiment.
        config: What it is built from.
        total: Its budget in steps.
        starts: Whether it starts from the model of the stage before.
        guard: Watches its loss.
        experiment: The thing itself; None until it is built.
        step: Steps done.
        outcome: How it stands.
        diverged: A sentence about how it diverged.
        lost_at: The step in which it diverged, known also while a moment before that is shown.
        trained: Its model, once somebody has asked for it.
    """

    id: str
    label: Text
    spec: ExperimentSpec
    config: ExperimentConfig
    total: int
    starts: bool
    guard: LossGuard
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

    def takes(self, knob: str) -> bool:
        """Whether a knob can be turned on it while it goes on."""
        return any(k.id == knob and k.live for k in self.spec.knobs)


@dataclass(frozen=True, slots=True)
class ArmState:
    """An arm between two rounds, whole: what it takes to go on from there to the bit."""

    experiment: Experiment | None
    step: int
    outcome: Outcome
    diverged: Text | None
    guard: LossGuard


@dataclass(frozen=True, slots=True)
class State:
    """All arms of a stage between two rounds.

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


@dataclass(slots=True, eq=False)
class Stage:
    """Arms that do one step each in turn: a *round*. Stages follow each other; each counts its rounds from 0.

    Attributes:
        arms: They, in the lab's order.
        lab: Id of the lab that they are of.
        curves: Metrics of their chart.
        stored: Name of the stored model that can stand in for its only arm; None: it is always trained.
        round: Rounds begun.
        head: The furthest round they have come to.
        turned_now: Whether a knob was turned at this very moment, and the experiments know of it already.
        seconds: Time spent in training steps.
        counted: How many of what the spec counts went through in that time.
    """

    arms: list[Arm]
    lab: str
    curves: tuple[str, ...]
    stored: str | None = None
    round: int = 0
    head: int = 0
    turned_now: bool = False
    seconds: float = 0.0
    counted: int = 0

    @property
    def built(self) -> bool:
        """Whether all arms are there."""
        return all(arm.outcome != "waiting" for arm in self.arms)

    @property
    def going(self) -> list[Arm]:
        """The arms that have steps to do."""
        return [arm for arm in self.arms if arm.outcome == "going"]

    @property
    def trained(self) -> bool:
        """Whether there is nothing left to train."""
        return all(arm.over for arm in self.arms)

    @property
    def between_rounds(self) -> bool:
        """Whether no arm is a step behind the others."""
        return not any(arm.outcome == "going" and arm.step < self.round for arm in self.arms)

    @property
    def total(self) -> int:
        """Rounds that it is going to have."""
        return max(arm.total for arm in self.arms)

    def keep(self) -> State:
        """All arms, by copy; only between two rounds."""
        arms: dict[str, ArmState] = {}
        size = 0
        for arm in self.arms:
            experiment = arm.experiment
            if experiment is not None and not arm.over:  # one that is over changes no more
                experiment, taken = copy_of(experiment)
                size += taken
            arms[arm.id] = ArmState(experiment, arm.step, arm.outcome, arm.diverged, copy.copy(arm.guard))
        return State(self.round, arms, size, self.turned_now)

    def restore(self, state: State) -> None:
        """Be as at an earlier moment of this very line.

        Args:
            state: From `keep`; it can be used again.
        """
        for arm in self.arms:
            then = state.arms[arm.id]
            arm.experiment = then.experiment
            if then.experiment is not None and then.outcome == "going":
                arm.experiment, _ = copy_of(then.experiment)
            arm.trained = None
            arm.step, arm.outcome, arm.diverged = then.step, then.outcome, then.diverged
            arm.guard = copy.copy(then.guard)
        self.round, self.turned_now = state.round, state.turned

    def twin(self) -> Stage:
        """A stage of its own at the same moment; experiments that go on are still shared."""
        return dataclasses.replace(
            self, arms=[dataclasses.replace(arm, guard=copy.copy(arm.guard)) for arm in self.arms]
        )


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
