"""All arms of one run of a lab, worked on in turn. Knows no thread and no screen: the screen's thread and the
headless command both drive it, and so come to the same numbers.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from tutor.content.budget import arm_steps
from tutor.content.models import BASE, Lab
from tutor.engine import divergence
from tutor.engine.arm import ArmState, BenchArm, State, copy_of, size_of
from tutor.engine.bases import Bases
from tutor.engine.configs import Settings, arm_configs
from tutor.engine.history import History
from tutor.engine.snapshot import ArmStatus, Metrics, Outcome, Turn
from tutor.engine.turns import Turns
from tutor.experiments.base import (
    Ablatable,
    Ablation,
    Experiment,
    ExperimentConfig,
    ExperimentSpec,
    GivesModel,
    Origin,
    TrainedModel,
)
from tutor.frames import Curves, Frame, HeatMap
from tutor.text import Text


class Bench:
    """A run of a lab, done in units of work so small that whoever drives it can stop between two of them.

    The base run, when there is one, is built and trained first. Then all arms are built, and do one step each in turn: a
    *round*. At the end each is measured. Between two rounds the whole can be kept (`keep`), put back (`restore`) and copied
    (`fork`); what was turned in which round is remembered, so that a replay turns it again. A knob that only decides how things are
    shown belongs to whoever looks, not to a round: it is no turn, and holds at every moment and on every line.

    Args:
        lab: The lab.
        spec: The card of its experiment.
        seed: Seed of every arm: the same first weights and the same batch order for all.
        settings: What the learner changed.
        steps: Budget of every arm; None is the lab's. A base is shortened in proportion, never lengthened.
        clock: Seconds, never going back; times the training steps.
        bases: Where a base that is already trained may be found; None: it is always trained here.

    Attributes:
        history: Every metric of every step.
        round: Rounds begun by the arms that train now.
        head: The furthest round they have come to.
        seconds: Time spent in training steps.
        counted: How many of what the spec counts went through in that time.
        work: Units of work done: rises with every `advance`.

    Raises:
        InputError: The settings can't be used.
    """

    def __init__(
        self,
        lab: Lab,
        spec: ExperimentSpec,
        *,
        seed: int,
        settings: Settings,
        steps: int | None,
        clock: Callable[[], float],
        bases: Bases | None = None,
    ) -> None:
        self.lab = lab
        self.spec = spec
        self.seed = seed
        self.history = History()
        self.seconds = 0.0
        self.counted = 0
        self.work = 0
        self.round = 0
        self.head = 0
        self._clock = clock
        self._bases = bases
        self._turns = Turns()
        self._turned_now = False
        self._shown: dict[str, float] = {}  # knobs that only decide how things are shown; shared by all forks
        self._finals: dict[str, dict[str, float]] = {}
        configs = arm_configs(lab, spec, settings)
        totals = arm_steps(lab, configs, steps)

        def arm(id: str, label: Text, from_base: bool) -> BenchArm:
            return BenchArm(id, label, totals[id], from_base, configs[id], divergence.LossGuard(spec.loss))

        self.arms = [arm(a.id, a.label, a.from_base) for a in lab.arms]
        self.base = arm(BASE, lab.base.label, False) if lab.base is not None else None

    @property
    def all_arms(self) -> list[BenchArm]:
        """The base, if any, and the arms."""
        return [self.base, *self.arms] if self.base is not None else self.arms

    @property
    def in_base(self) -> bool:
        """Whether the base run trains, or the arms that follow it are still being built."""
        return self.base is not None and any(arm.outcome == "waiting" for arm in self.arms)

    @property
    def configs(self) -> dict[str, ExperimentConfig]:
        """What each arm is built from, the base included."""
        return {arm.id: arm.config for arm in self.all_arms}

    @property
    def totals(self) -> dict[str, int]:
        """The budget of each arm in steps, the base included."""
        return {arm.id: arm.total for arm in self.all_arms}

    @property
    def training(self) -> bool:
        """Whether the next unit of work is a training step."""
        group = self._group()
        return all(arm.outcome != "waiting" for arm in group) and any(arm.outcome == "going" for arm in group)

    @property
    def measuring(self) -> bool:
        """Whether all is trained, and the next unit of work is a final measurement."""
        return self.trained and not self.over

    @property
    def trained(self) -> bool:
        """Whether there is nothing left to train."""
        return all(arm.over for arm in self.all_arms)

    @property
    def ended(self) -> bool:
        """Whether there was nothing left to train at its head, wherever it stands now: no knob can change how it went."""
        return all(
            arm.over or arm.lost_at is not None or self.furthest(arm.id) >= arm.total for arm in self.all_arms
        )

    @property
    def between_rounds(self) -> bool:
        """Whether no arm is a step behind the others."""
        return not any(arm.outcome == "going" and arm.step < self.round for arm in self._group())

    @property
    def built(self) -> bool:
        """Whether the arms that train now are there."""
        return all(arm.outcome != "waiting" for arm in self._group())

    @property
    def group(self) -> tuple[str, ...]:
        """Ids of the arms that train now: the base alone, then all others."""
        return tuple(arm.id for arm in self._group())

    @property
    def total(self) -> int:
        """Rounds that they are going to have."""
        return max(arm.total for arm in self._group())

    @property
    def over(self) -> bool:
        """Whether everything is trained and measured."""
        return all(arm.over and arm.id in self._finals for arm in self.all_arms)

    @property
    def turned(self) -> bool:
        """Whether a knob was turned on the way: then this isn't the run that its author made."""
        return bool(self._turns)

    @property
    def turned_now(self) -> bool:
        """Whether one was turned at this very moment, and the experiments know of it already."""
        return self._turned_now

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every turn of a knob, in order; those while the base trained come first, with rounds below 0."""
        return self._turns.all

    @property
    def measured(self) -> int:
        """How many arms are measured."""
        return len(self._finals)

    @property
    def final(self) -> Metrics | None:
        """Final metrics of every arm, once it is over."""
        return self._finals if self.over else None

    @property
    def per_second(self) -> float:
        """The same a second."""
        return self.counted / self.seconds if self.seconds > 0 else 0.0

    def advance(self) -> BenchArm:
        """Do one unit of work: build an arm, train an arm for one step, or measure one at the end.

        Returns:
            The arm that was worked on.

        Raises:
            InputError: A text that an arm needs can't be used.
            ValueError: It is over.
        """
        self.work += 1
        group = self._group()
        for arm in group:
            if arm.outcome == "waiting":
                self._build(arm)
                return arm
        going = [arm for arm in group if arm.outcome == "going"]
        if going:
            if self.between_rounds:
                for turn in self._turns.at(self.round):
                    self._apply(turn.knob, turn.value)
                self._turned_now = False
                self.round += 1
                self.head = max(self.head, self.round)
            # In the lab's order, and never past an arm that dropped out: all have done the same when a round ends.
            arm = next(arm for arm in going if arm.step < self.round)
            self._train(arm)
            if arm is self.base and arm.over:
                self._turns.end_base()
                self.round = self.head = 0
            return arm
        for arm in self.all_arms:
            if arm.id not in self._finals:  # a replay to the end comes to the same numbers
                self._finals[arm.id] = self._measure(arm)
                return arm
        raise ValueError("the run is over")

    def adjust(self, knob: str, value: float) -> None:
        """Turn a knob on every arm from the next round on, also on those that are still to be built; at once where it only decides
        how things are shown.
        """
        if knob in self.spec.display:
            self._shown[knob] = value
            return
        self._turns.add(Turn(self.round, knob, value))
        if self.built and self.between_rounds:
            self._apply(knob, value)  # so that pictures of the moment obey it, too
            self._turned_now = True

    def adjust_at_head(self, knob: str, value: float) -> None:
        """Turn a knob at the furthest round, on the way back to it: the arms are told when they go on from there."""
        self._turns.add(Turn(self.head, knob, value))

    def knobs(self, at: int | None = None) -> dict[str, float]:
        """The value of the lab's knobs, now or as it was after a round; before one is turned, what the first arm's config says."""
        first, turned = self.arms[0].config, self._turned(at) | self._shown
        values = {k.id: turned.get(k.id, getattr(first, k.id, None)) for k in self.lab.knobs}
        return {knob: float(value) for knob, value in values.items() if isinstance(value, int | float)}

    def keep(self) -> State:
        """All arms that train now, by copy; only between two rounds."""
        arms: dict[str, ArmState] = {}
        size = 0
        for arm in self._group():
            experiment = arm.experiment
            if experiment is not None and not arm.over:  # one that is over changes no more
                experiment, taken = copy_of(experiment)
                size += taken
            arms[arm.id] = ArmState(experiment, arm.step, arm.outcome, arm.diverged, copy.copy(arm.guard))
        return State(self.round, arms, size, self._turned_now)

    def restore(self, state: State) -> None:
        """Be as at an earlier moment of this very line.

        Args:
            state: From `keep`, of the arms that train now; it can be used again.
        """
        for arm in self._group():
            then = state.arms[arm.id]
            arm.experiment = then.experiment
            if then.experiment is not None and then.outcome == "going":
                arm.experiment, _ = copy_of(then.experiment)
            arm.trained = None
            arm.step, arm.outcome, arm.diverged = then.step, then.outcome, then.diverged
            arm.guard = copy.copy(then.guard)
        self.round = state.round
        self._turned_now = state.turned

    def fork(self, state: State) -> Bench:
        """Another bench that goes on from a moment of this one, with all that was turned and measured until then."""
        twin = copy.copy(self)
        twin.arms = [replace(arm) for arm in self.arms]
        twin.base = None if self.base is None else replace(self.base)
        twin._finals = {a: finals for a, finals in self._finals.items() if a not in state.arms}
        twin._turns = self._turns.until(state.round, self.head)
        steps = {arm.id: arm.step for arm in self.all_arms} | {a: then.step for a, then in state.arms.items()}
        twin.history = self.history.until(steps)
        twin.restore(state)
        for arm in twin._group():
            if arm.outcome != "diverged":
                arm.lost_at = None  # that lay ahead, on the line that is left
        twin.head = twin.round
        return twin

    def view_states(self, state: State | None = None) -> tuple[dict[str, Any], int] | None:
        """What the views of every arm that trains now need to show this moment later, or that of a state, and the bytes it takes.

        Of a state, the whole experiment stands in where its kind has no view state; of the present, None says that there is an arm whose
        moments have to be kept whole.
        """
        experiments = {arm.id: arm.experiment for arm in self._group()}
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

    def ablate(self, arm_id: str, parts: Collection[str]) -> Ablation | None:
        """What the loss of an arm is without some parts; None when it can't be said."""
        arm = next((arm for arm in self.all_arms if arm.id == arm_id), None)
        if arm is None or arm.outcome == "diverged" or not isinstance(arm.experiment, Ablatable):
            return None
        return arm.experiment.ablate(parts)

    def close(self) -> None:
        """Let the experiments go; nothing more is asked of them."""
        for arm in self.all_arms:
            if arm.experiment is not None:
                arm.experiment.close()

    def statuses(self, moment: int | None = None) -> tuple[ArmStatus, ...]:
        """Every arm as it stands, or as those that train now stood after a round."""
        found: list[ArmStatus] = []
        for arm in self.all_arms:
            if moment is None or arm.id not in self.group:
                metrics = self.history.latest(arm.id)
                found.append(ArmStatus(arm.id, arm.step, arm.total, metrics, arm.outcome))
            else:
                step = min(moment, self.furthest(arm.id))
                lost = arm.lost_at is not None and step >= arm.lost_at
                outcome: Outcome = (
                    "diverged" if lost else "going" if step == moment < arm.total else arm.outcome
                )
                found.append(ArmStatus(arm.id, step, arm.total, self.history.at(arm.id, step), outcome))
        return tuple(found)

    def furthest(self, arm_id: str) -> int:
        """The last step that an arm has ever done."""
        return self.history.last_step(arm_id)

    def frame(
        self, view: str, arm: BenchArm, view_state: Any = None, without: Collection[str] = ()
    ) -> Frame | None:
        """A frame of one arm as it is now, or at the moment of a view_state.

        Args:
            view: Which.
            arm: Of whom.
            view_state: One of `view_states`; None is now.
            without: Parts that are taken out.

        Returns:
            None while the arm isn't built, or when it diverged and can't be drawn.
        """
        if arm.experiment is None:
            return None
        whole = isinstance(view_state, Experiment)
        shown: Experiment = view_state if whole else arm.experiment
        for knob, value in self._shown.items():  # not before: a state that is put back knows what it was then
            shown.adjust(knob, value)
        seen = None if whole else view_state
        try:
            if without and isinstance(shown, Ablatable):
                frame = shown.view(view, seen, without)
            else:
                frame = shown.view(view, seen)
        except Exception:
            # Not every view knows what to do with weights of NaN, and the arms that go on must not suffer from that.
            if arm.outcome == "diverged":
                return None
            raise
        # A map that is nothing but holes would say that all is masked.
        empty = isinstance(frame, HeatMap) and bool(np.isnan(frame.values).all())
        return None if empty and arm.outcome == "diverged" else frame

    def curves(self, branch: int = 0, since: int = 0) -> Curves:
        """The lab's chart: of the base alone while that trains, since its steps are others, then of all arms.

        Args:
            branch: Which line of the timeline this bench is.
            since: The round from which on it is drawn.
        """
        return self.history.curves(self.group, self.lab.curves, branch, dict.fromkeys(self.group, since))

    def divergence(self) -> Text | None:
        """Which arms diverged, why, and what to do; None when none did."""
        lost = [arm for arm in self.all_arms if arm.diverged is not None]
        turned = self._turned()
        knob = self.spec.rate_knob or ""
        rates = [turned.get(knob, getattr(a.config, knob, None)) for a in lost if a.experiment is not None]
        return divergence.explain(
            [arm.diverged for arm in lost if arm.diverged is not None],
            [float(rate) for rate in rates if isinstance(rate, int | float)],
        )

    def _group(self) -> list[BenchArm]:
        """The arms that train now: the base alone, then all others."""
        return [self.base] if self.base is not None and not self.base.over else self.arms

    def _build(self, arm: BenchArm) -> None:
        base = self.base if arm.from_base else None
        if base is not None and base.outcome == "diverged":
            arm.outcome, arm.diverged = "diverged", divergence.arm_has_no_base(arm.label)
            return
        start = self._trained(base) if base is not None else None
        arm.experiment = self.spec.load()(arm.config, self.seed, arm.total, start)
        # What was turned since belongs to the first round: as it is kept before that, nothing was turned.
        for knob, value in self._turns.while_base.items():
            arm.experiment.adjust(knob, value)
        arm.outcome = "going"
        if arm is self.base and self._bases is not None:
            ready = self._bases.take(self.lab, arm.experiment)
            if ready is not None:
                arm.step, arm.outcome = arm.total, "done"
                if isinstance(arm.experiment, GivesModel):
                    arm.trained = arm.experiment.trained(ready)  # with the history that it came with
                self._finals[arm.id] = dict(ready)
                drawn = {m: v for m, v in ready.items() if m in self.lab.curves}
                self.history.record_end(arm.id, arm.step, {}, drawn)
                self._turns.end_base()

    def _trained(self, arm: BenchArm) -> TrainedModel:
        """The model of an arm that is over; all that start from it share it."""
        if arm.trained is None:
            if not isinstance(arm.experiment, GivesModel):
                raise TypeError(f"{self.spec.id} has no model to give away")
            made = arm.experiment.trained({})
            origin = Origin(self.lab.id, arm.id, self.seed, arm.step)
            arm.trained = replace(made, history=(*made.history, origin))
        return arm.trained

    def _turned(self, at: int | None = None) -> dict[str, float]:
        """What the knobs that were turned are at, now or after a round."""
        return self._turns.values(self.round if at is None else at, self.head)

    def _apply(self, knob: str, value: float) -> None:
        for arm in self.all_arms:
            if arm.experiment is not None and not arm.over:
                arm.experiment.adjust(knob, value)

    def _train(self, arm: BenchArm) -> None:
        experiment = arm.experiment
        assert experiment is not None, "built before it trains"
        begin = self._clock()
        metrics = experiment.step()
        self.seconds += self._clock() - begin
        self.counted += experiment.counted()
        arm.step += 1
        self.history.record(arm.id, arm.step, metrics)
        wrong = arm.guard.check(arm.step, metrics)
        if wrong is not None:
            arm.outcome, arm.diverged = "diverged", divergence.arm_diverged(arm.label, arm.step, wrong)
            arm.lost_at = arm.step
        elif arm.step >= arm.total:
            arm.outcome = "done"

    def _measure(self, arm: BenchArm) -> dict[str, float]:
        values = self.history.latest(arm.id)
        if arm.experiment is not None and arm.outcome != "diverged":
            live, final = arm.experiment.live(), arm.experiment.finish()
            kept = {*self.history.tracked(arm.id), *live, *self.lab.curves}
            self.history.record_end(arm.id, arm.step, live, {m: v for m, v in final.items() if m in kept})
            values |= final
            if self._bases is not None and not self.turned and isinstance(arm.experiment, GivesModel):
                self._bases.put(self.lab, arm.id, replace(self._trained(arm), metrics=final))
        values |= self.history.derived(arm.id, [m.id for m in self.spec.metrics if m.better == "high"])
        return values | {"steps": float(arm.step), "diverged": float(arm.outcome == "diverged")}
