"""One stage of a run: the arms that train side by side, and their state between two rounds."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.content.budget import arm_steps
from tutor.content.models import Lab
from tutor.engine.configs import Settings, arm_configs, specs_of
from tutor.engine.history import History
from tutor.engine.snapshot import Outcome
from tutor.experiments.base import (
    Ablatable,
    Ablation,
    Experiment,
    ExperimentConfig,
    ExperimentSpec,
    TrainedModel,
)
from tutor.experiments.knobs import Value
from tutor.frames import Frame, HeatMap
from tutor.text import Text

BLOW_UP = 3.0
"""A loss this many times its first value has diverged."""
WARM_UP = 10
"""Steps in which a high loss is still forgiven; NaN and infinity never are."""


class LossGuard:
    """Watches the loss of one arm; no other metric: those may be NaN (not measured) or rise for good reasons (forgetting)."""

    def __init__(self, metric: str | None) -> None:
        self._metric = metric
        self._first = math.nan

    def check(self, step: int, metrics: Mapping[str, float]) -> Text | None:
        """Return what went wrong with the loss once so many steps are done, as the middle of a sentence; None when nothing did."""
        loss = metrics.get(self._metric) if self._metric else None
        if loss is None:
            return None
        if math.isnan(loss):
            return _NAN
        if math.isinf(loss):
            return _INFINITE
        if math.isnan(self._first):
            self._first = loss
        if step > WARM_UP and loss > BLOW_UP * self._first:
            return _ROSE.format(first=f"{self._first:.3g}", loss=f"{loss:.3g}")
        return None


@dataclass(slots=True, eq=False)
class Arm:
    """One arm of a stage.

    Attributes:
        total: Its budget in steps.
        starts: Whether it starts from the model of the stage before.
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
        return self.outcome in ("done", "diverged")

    def frame(
        self, view: str, view_state: Any, without: Collection[str], display: Mapping[str, Value]
    ) -> Frame | None:
        """Return a frame, or None while the arm isn't built, or when it diverged and can't be drawn.

        The moment `view_state` is from `Stage.view_states`, None is now; the parts of `without` are taken out, the settings of `display`
        only decide how things are shown.
        """
        if self.experiment is None:
            return None
        whole = isinstance(view_state, Experiment)
        shown: Experiment = view_state if whole else self.experiment
        for knob, value in display.items():  # not before: a state that is put back knows what it was then
            if self.spec.is_live(knob):
                shown.adjust(knob, value)
        seen = None if whole else view_state
        try:
            if without and isinstance(shown, Ablatable):
                frame = shown.view(view, seen, without)
            else:
                frame = shown.view(view, seen)
        except Exception:
            # Not every view knows what to do with weights of NaN, and the arms that go on must not suffer from that.
            if self.outcome == "diverged":
                return None
            raise
        # A map that is nothing but holes would say that all is masked.
        empty = isinstance(frame, HeatMap) and bool(np.isnan(frame.values).all())
        return None if empty and self.outcome == "diverged" else frame

    def ablate(self, parts: Collection[str]) -> Ablation | None:
        """Measure the loss without some parts; None when it can't be said, or there are no such parts."""
        if self.outcome == "diverged" or not isinstance(self.experiment, Ablatable):
            return None
        try:
            return self.experiment.ablate(parts)
        except KeyError:
            return None


@dataclass(frozen=True, slots=True)
class State:
    """All arms of a stage between two rounds, whole: what it takes to go on from there to the bit.

    Attributes:
        turned: Whether they know of a knob that was turned at this very moment, which belongs to what comes next.
    """

    round: int
    arms: Mapping[str, Arm]
    bytes: int
    turned: bool = False


@dataclass(slots=True, eq=False)
class Stage:
    """Arms that do one step each in turn: a *round*. Stages follow each other; each counts its rounds from 0.

    Attributes:
        lab: Id of their lab.
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
    def ids(self) -> tuple[str, ...]:
        return tuple(arm.id for arm in self.arms)

    @property
    def built(self) -> bool:
        return all(arm.outcome != "waiting" for arm in self.arms)

    @property
    def going(self) -> list[Arm]:
        return [arm for arm in self.arms if arm.outcome == "going"]

    @property
    def trained(self) -> bool:
        return all(arm.over for arm in self.arms)

    @property
    def between_rounds(self) -> bool:
        return not any(arm.outcome == "going" and arm.step < self.round for arm in self.arms)

    @property
    def total(self) -> int:
        return max(arm.total for arm in self.arms)

    @property
    def can_be_kept(self) -> bool:
        return self.built and self.between_rounds

    def adjust(self, knob: str, value: Value) -> None:
        for arm in self.arms:
            if arm.experiment is not None and not arm.over and arm.spec.is_live(knob):
                arm.experiment.adjust(knob, value)

    def train(self, arm: Arm, history: History, clock: Callable[[], float]) -> None:
        """Do one step of an arm, record what it measured, and see whether it diverged or is done."""
        experiment = arm.experiment
        assert experiment is not None, "built before it trains"
        begin = clock()
        metrics = experiment.step()
        self.seconds += clock() - begin
        self.counted += experiment.counted()
        arm.step += 1
        history.record(arm.id, arm.step, metrics)
        wrong = arm.guard.check(arm.step, metrics)
        if wrong is not None:
            told = _DIVERGED.format(label=arm.label, step=arm.step, what=wrong)
            arm.outcome, arm.diverged = "diverged", told
            arm.lost_at = arm.step
        elif arm.step >= arm.total:
            arm.outcome = "done"

    def keep(self) -> State:
        """Return all arms, by copy; only between two rounds."""
        arms: dict[str, Arm] = {}
        size = 0
        for arm in self.arms:
            experiment = arm.experiment
            if experiment is not None and not arm.over:  # one that is over changes no more
                experiment, taken = copy_of(experiment)
                size += taken
            arms[arm.id] = dataclasses.replace(arm, experiment=experiment, guard=copy.copy(arm.guard))
        return State(self.round, arms, size, self.turned_now)

    def restore(self, state: State) -> None:
        """Be as at an earlier moment of this branch; the state can be used again."""
        for arm in self.arms:
            then = state.arms[arm.id]
            arm.experiment = then.experiment
            if then.experiment is not None and then.outcome == "going":
                arm.experiment, _ = copy_of(then.experiment)
            arm.trained = None
            arm.step, arm.outcome, arm.diverged = then.step, then.outcome, then.diverged
            arm.guard = copy.copy(then.guard)
        self.round, self.turned_now = state.round, state.turned

    def view_states(self, state: State | None = None) -> tuple[dict[str, Any], int] | None:
        """Return what the views of every arm need to show this moment later, or that of a state, and the bytes it takes.

        Of a state, the whole experiment stands in where its kind has no view state; of the present, None says that there is an arm
        whose moments have to be kept whole.
        """
        experiments = {arm.id: arm.experiment for arm in self.arms}
        if state is not None:
            experiments = {arm: then.experiment for arm, then in state.arms.items()}
        found: dict[str, Any] = {}
        for arm, experiment in experiments.items():
            if experiment is not None:
                seen = experiment.view_state()
                if seen is None and state is None:
                    return None
                found[arm] = experiment if seen is None else seen
        return found, size_of(found)

    def twin(self) -> Stage:
        """Return a stage of its own at the same moment; experiments that go on are still shared."""
        return dataclasses.replace(
            self, arms=[dataclasses.replace(arm, guard=copy.copy(arm.guard)) for arm in self.arms]
        )


def stages_of(lab: Lab, spec: ExperimentSpec, settings: Settings, steps: int | None) -> list[Stage]:
    """Return what a run of a lab goes through: its bases, if any, and its arms."""
    specs, configs = specs_of(lab, spec), arm_configs(lab, spec, settings)
    totals = arm_steps(lab, configs, steps)
    stages = []
    for runs in lab.stages:
        arms = [
            Arm(
                r.id, r.label, specs[r.id], configs[r.id], totals[r.id], r.arm.from_base, LossGuard(specs[r.id].loss)
            )
            for r in runs
        ]  # fmt: skip
        made_by = runs[0].lab
        known = {metric.id for metric in arms[0].spec.metrics}
        curves = lab.curves if known & {*lab.curves} else made_by.curves
        stored = made_by.saves.name if made_by is not lab and made_by.saves is not None else None
        stages.append(Stage(arms, made_by.id, curves, stored))
    return stages


def explained(arms: Collection[Arm], knobs: Mapping[str, Value]) -> Text | None:
    """Return which arms diverged, why, and what to do; None when none did. `knobs` are the values of those that were turned."""
    lost = [arm for arm in arms if arm.diverged is not None]
    if not lost:
        return None
    named = [(arm, arm.spec.rate_knob) for arm in lost if arm.experiment is not None]
    rates = [knobs.get(knob, getattr(arm.config, knob, None)) for arm, knob in named if knob]
    # A learning rate of zero moves nothing, so it can't be what went wrong.
    highest = max((float(rate) for rate in rates if isinstance(rate, int | float)), default=0)
    advice = _ADVICE_RATE.format(rate=f"{highest:.3g}") if highest > 0 else _ADVICE
    return Text.joined([*(arm.diverged for arm in lost if arm.diverged is not None), advice])


def copy_of(experiment: Experiment) -> tuple[Experiment, int]:
    """Return a copy of an experiment, and the bytes of the tensors that were copied for it."""
    memo: dict[int, Any] = {}
    twin = copy.deepcopy(experiment, memo)
    sizes = (getattr(part, "nbytes", 0) for part in memo.values())
    return twin, sum(size for size in sizes if isinstance(size, int))


def size_of(value: Any) -> int:
    """Return the bytes of the arrays and tensors in plain values: mappings, sequences and dataclasses of them."""
    if isinstance(size := getattr(value, "nbytes", None), int):
        return size
    if isinstance(value, Mapping):
        return sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    if dataclasses.is_dataclass(value):
        return sum(size_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    return 0


_NAN = Text("训练损失变成了 NaN（不是一个数）", "its training loss became NaN, not a number")
_INFINITE = Text("训练损失变成了无穷大", "its training loss became infinite")
_ROSE = Text("训练损失从 {first} 涨到 {loss}", "its training loss rose from {first} to {loss}")
_DIVERGED = Text(
    "「{label}」在第 {step} 步发散了：{what}，这一组停在这里。",
    "“{label}” diverged at step {step}: {what}; it stops there.",
)
_ADVICE_RATE = Text(
    "多半是学习率 {rate} 太大，每次更新都迈过了头：调低它，再跑一次。",
    "Most likely the learning rate of {rate} is too high and every update overshoots: lower it and run again.",
)
_ADVICE = Text(
    "多半是学习率太大，每次更新都迈过了头：调低它，再跑一次。",
    "Most likely the learning rate is too high and every update overshoots: lower it and run again.",
)
