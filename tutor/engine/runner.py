"""One branch of a run of a lab: its stages one after another, the arms of each in turn. Knows no thread and no screen: the screen's
thread and the headless command both drive it, and so come to the same numbers.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from tutor.content.budget import arm_steps
from tutor.content.models import Lab
from tutor.engine import divergence
from tutor.engine.configs import Settings, arm_configs, specs_of
from tutor.engine.divergence import LossGuard
from tutor.engine.history import History
from tutor.engine.model_store import Models
from tutor.engine.snapshot import ArmStatus, Event, Metrics, Moment, Outcome
from tutor.engine.stage import Arm, Stage, State, copy_of, size_of
from tutor.experiments.base import (
    Ablatable,
    Ablation,
    Asks,
    Experiment,
    ExperimentConfig,
    ExperimentSpec,
    GivesModel,
    Origin,
    Question,
    Remarking,
    TrainedModel,
    Value,
)
from tutor.experiments.seeds import sub_seed
from tutor.frames import Curves, Frame, HeatMap
from tutor.plot.gate import clean
from tutor.text import Text


class Runner:
    """A branch of a run, done in units of work so small that whoever drives it can stop between two of them.

    A stage builds its arms, lets them do one step each in turn (a *round*), measures each at the end, and is followed by the next,
    whose arms may start from its model. Between two rounds the stage can be kept (`keep`) and put back (`restore`), and the whole copied
    (`fork`); what the learner did at which moment is remembered, so that a replay does it again. A knob that only decides how things are
    shown belongs to whoever looks, not to a moment: it is no event, and holds at every moment and on every branch.

    Args:
        lab: The lab.
        spec: The card of its experiment.
        seed: Seed of every arm: the same first weights and the same batch order for all.
        settings: What the learner changed.
        steps: Budget of every arm; None is the lab's. A base is shortened in proportion, never lengthened.
        clock: Seconds, never going back; times the training steps.
        models: Where a base that is already trained may be found; None: it is always trained here.

    Attributes:
        stages: All of them, in order.
        history: Every metric of every step.
        events: All that the learner did on the way, in order.
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
        models: Models | None = None,
    ) -> None:
        self.lab = lab
        self.spec = spec
        self.seed = seed
        self.history = History()
        self.events: tuple[Event, ...] = ()
        self.work = 0
        self._now = 0
        self._clock = clock
        self._models = models
        self._shown: dict[str, Value] = {}  # knobs that only decide how things are shown; shared by all forks
        self._finals: dict[str, dict[str, float]] = {}
        self.stages = _stages(lab, spec, settings, steps)

    @property
    def stage(self) -> Stage:
        """The one that trains now, or the last."""
        return self.stages[self._now]

    @property
    def arms(self) -> list[Arm]:
        """The arms of the last stage: those that the lab compares."""
        return self.stages[-1].arms

    @property
    def all_arms(self) -> list[Arm]:
        """Those of all stages, in order."""
        return [arm for stage in self.stages for arm in stage.arms]

    @property
    def now(self) -> int:
        """Which stage trains now, counted from 0."""
        return self._now

    @property
    def last(self) -> bool:
        """Whether that is the last one."""
        return self._now == len(self.stages) - 1

    @property
    def round(self) -> int:
        """Rounds begun by the arms that train now."""
        return self.stage.round

    @property
    def head(self) -> int:
        """The furthest round they have come to."""
        return self.stage.head

    @property
    def group(self) -> tuple[str, ...]:
        """Ids of the arms that train now."""
        return tuple(arm.id for arm in self.stage.arms)

    @property
    def total(self) -> int:
        """Rounds that they are going to have."""
        return self.stage.total

    @property
    def built(self) -> bool:
        """Whether the arms that train now are there."""
        return self.stage.built

    @property
    def between_rounds(self) -> bool:
        """Whether no arm is a step behind the others."""
        return self.stage.between_rounds

    @property
    def turned_now(self) -> bool:
        """Whether a knob was turned at this very moment, and the experiments know of it already."""
        return self.stage.turned_now

    @property
    def configs(self) -> dict[str, ExperimentConfig]:
        """What each arm is built from."""
        return {arm.id: arm.config for arm in self.all_arms}

    def spec_of(self, arm_id: str) -> ExperimentSpec:
        """The card of an arm's experiment."""
        return next(arm.spec for arm in self.all_arms if arm.id == arm_id)

    @property
    def totals(self) -> dict[str, int]:
        """The budget of each arm in steps."""
        return {arm.id: arm.total for arm in self.all_arms}

    @property
    def training(self) -> bool:
        """Whether the next unit of work is a training step."""
        return self.built and bool(self.stage.going)

    @property
    def measuring(self) -> bool:
        """Whether all is trained, and the next unit of work is a final measurement of the last stage."""
        return self.last and self.built and self.stage.trained and not self.over

    @property
    def ended(self) -> bool:
        """Whether there was nothing left to train at its head, wherever it stands now: no knob can change how it went."""
        return self.last and all(
            arm.over or arm.lost_at is not None or self.furthest(arm.id) >= arm.total for arm in self.arms
        )

    @property
    def over(self) -> bool:
        """Whether everything is trained and measured."""
        return self.last and self.stage.trained and all(arm.id in self._finals for arm in self.arms)

    @property
    def measured(self) -> int:
        """How many arms are measured."""
        return len(self._finals)

    @property
    def final(self) -> Metrics | None:
        """Final metrics of every arm, once it is over."""
        return {arm.id: self._finals[arm.id] for arm in self.all_arms} if self.over else None

    @property
    def seconds(self) -> float:
        """Time spent in training steps."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def per_second(self) -> float:
        """How many of what the spec counts go through in a second of the present stage."""
        return self.stage.counted / self.stage.seconds if self.stage.seconds > 0 else 0.0

    def advance(self) -> Arm:
        """Do one unit of work: build an arm, train an arm for one step, or measure one at the end of its stage.

        Returns:
            The arm that was worked on.

        Raises:
            InputError: A text that an arm needs can't be used.
            ValueError: It is over.
        """
        self.work += 1
        stage = self.stage
        waiting = next((arm for arm in stage.arms if arm.outcome == "waiting"), None)
        if waiting is not None:
            self._build(waiting)
            arm = waiting
        elif (asked := self.asked) is not None:
            answer = self.answer_to(asked)
            if answer is None:
                raise ValueError(f"{asked.id} has to be answered first")
            stage.turned_now = True  # kept moments are those before an answer
            arm = stage.going[0]
            for one in stage.going:
                if isinstance(one.experiment, Asks) and _id(one.experiment.question()) == asked.id:
                    one.experiment.answer(str(answer))
                    arm = one
        elif stage.going:
            if stage.between_rounds:
                for event in self.events:
                    if event.kind == "knob" and event.at == self._moment(stage.round):
                        self._apply(event)
                stage.turned_now = False
                stage.round += 1
                stage.head = max(stage.head, stage.round)
            # In the lab's order, and never past an arm that dropped out: all have done the same when a round ends.
            arm = next(arm for arm in stage.going if arm.step < stage.round)
            self._train(arm)
        else:
            found = next((arm for arm in stage.arms if arm.id not in self._finals), None)
            if found is None:
                raise ValueError("the run is over")
            arm = found
            self._finals[arm.id] = self._measure(arm)  # a replay to the end comes to the same numbers
        if not self.last and stage.trained and all(arm.id in self._finals for arm in stage.arms):
            self._now += 1
        return arm

    @property
    def asked(self) -> Question | None:
        """What an arm asks at the present moment, answered or not."""
        if self.built and self.between_rounds:
            for arm in self.stage.going:
                if isinstance(arm.experiment, Asks) and (question := arm.experiment.question()) is not None:
                    return question
        return None

    @property
    def question(self) -> Question | None:
        """What has to be answered before it can go on."""
        asked = self.asked
        return asked if asked is not None and self.answer_to(asked) is None else None

    def answer_to(self, question: Question) -> Value | None:
        """What was answered on this branch; None when nothing was yet."""
        return next((e.value for e in self.events if e.kind == "answer" and e.key == question.id), None)

    def answer(self, question: Question, value: str) -> None:
        """Answer the question of the present moment: arms are told once, when they go on."""
        self.events += (Event(self._moment(self.round), "answer", question.id, value),)

    def simulated(self, question: Question) -> str:
        """What a learner might answer; the same for the same seed."""
        rng = random.Random(sub_seed(self.seed, question.id))
        for arm in self.stage.going:
            asks = arm.experiment
            if isinstance(asks, Asks) and _id(asks.question()) == question.id:
                return asks.simulated(question, rng)
        raise KeyError(question.id)

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a knob on every arm from the next round on, also on those that are still to be built; at once where it only decides
        how things are shown.
        """
        if knob in self.spec.display:
            self._shown[knob] = value
            return
        event = Event(self._moment(self.round), "knob", knob, value)
        self.events += (event,)
        if self.built and self.between_rounds:
            self._apply(event)  # so that pictures of the moment obey it, too
            self.stage.turned_now = True

    def recompute(self, knob: str, value: Value) -> None:
        """Turn a knob of an instant experiment: everything is measured anew, and what was before is forgotten.

        Raises:
            InputError: An arm can't have this value; then nothing has changed.
        """
        turned = {
            arm.id: copy_of(arm.experiment)[0] for arm in self.arms if arm.experiment and arm.takes(knob)
        }
        for experiment in turned.values():
            experiment.adjust(knob, value)
        for arm in self.arms:
            arm.experiment = turned.get(arm.id, arm.experiment)
        kept = tuple(event for event in self.events if event.key != knob)
        self.events = (*kept, Event(self._moment(self.round), "knob", knob, value))
        self._finals |= {arm.id: self._measure(arm) for arm in self.arms}

    def adjust_at_head(self, knob: str, value: Value) -> None:
        """Turn a knob at the furthest round, on the way back to it: the arms are told when they go on from there."""
        self.events += (Event(self._moment(self.head), "knob", knob, value),)

    def knobs(self, at: int | None = None) -> dict[str, Value]:
        """The value of the lab's knobs, now or as it was after a round; before one is turned, what the first arm's config says."""
        first, turned = self.arms[0].config, self._turned(at) | self._shown
        values = {k.id: turned.get(k.id, getattr(first, k.id, None)) for k in self.lab.knobs}
        return {knob: value for knob, value in values.items() if value is not None}

    def keep(self) -> State:
        """All arms that train now, by copy; only between two rounds."""
        return self.stage.keep()

    def restore(self, state: State) -> None:
        """Be as at an earlier moment of the present stage; stages that are over have no past any more."""
        self.stage.restore(state)

    def fork(self, state: State) -> Runner:
        """Another branch that goes on from a moment of the present stage, with all that was done and measured until then."""
        twin = copy.copy(self)
        twin.stages = [stage.twin() for stage in self.stages]
        twin._finals = {a: finals for a, finals in self._finals.items() if a not in state.arms}
        at, head = self._moment(state.round), self._moment(self.head)
        twin.events = tuple(event for event in self.events if _counts(event, at, head))
        steps = {arm.id: arm.step for arm in self.all_arms} | {a: then.step for a, then in state.arms.items()}
        twin.history = self.history.until(steps)
        twin.restore(state)
        for arm in twin.stage.arms:
            if arm.outcome != "diverged":
                arm.lost_at = None  # that lay ahead, on the branch that is left
        twin.stage.head = twin.round
        return twin

    def view_states(self, state: State | None = None) -> tuple[dict[str, Any], int] | None:
        """What the views of every arm that trains now need to show this moment later, or that of a state, and the bytes it takes.

        Of a state, the whole experiment stands in where its kind has no view state; of the present, None says that there is an arm whose
        moments have to be kept whole.
        """
        experiments = {arm.id: arm.experiment for arm in self.stage.arms}
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
        for place, stage in enumerate(self.stages):
            for arm in stage.arms:
                step, outcome, metrics = arm.step, arm.outcome, self.history.latest(arm.id)
                if moment is not None and place == self._now:
                    step = min(moment, self.furthest(arm.id))
                    lost = arm.lost_at is not None and step >= arm.lost_at
                    going: Outcome = "going" if step == moment < arm.total else arm.outcome
                    outcome = "diverged" if lost else going
                    metrics = self.history.at(arm.id, step)
                found.append(ArmStatus(arm.id, step, arm.total, metrics, outcome, place))
        return tuple(found)

    def furthest(self, arm_id: str) -> int:
        """The last step that an arm has ever done."""
        return self.history.last_step(arm_id)

    def frame(
        self, view: str, arm: Arm, view_state: Any = None, without: Collection[str] = ()
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
            if arm.takes(knob):
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
        """The lab's chart of the arms that train now: stages have steps of their own.

        Args:
            branch: Which line of the timeline this is.
            since: The round from which on it is drawn.
        """
        return self.history.curves(self.group, self.stage.curves, branch, dict.fromkeys(self.group, since))

    def remarks(self) -> list[Text]:
        """What the arms' experiments say about their data, each sentence once."""
        remarks: dict[Text, None] = {}
        for arm in self.all_arms:
            if isinstance(arm.experiment, Remarking):
                remarks |= dict.fromkeys(arm.experiment.remarks())
        return [Text(clean(remark.zh), clean(remark.en)) for remark in remarks]

    def divergence(self) -> Text | None:
        """Which arms diverged, why, and what to do; None when none did."""
        lost = [arm for arm in self.all_arms if arm.diverged is not None]
        turned = self._turned()
        rates = [
            turned.get(arm.spec.rate_knob or "", getattr(arm.config, arm.spec.rate_knob or "", None))
            for arm in lost
            if arm.experiment is not None
        ]
        return divergence.explain(
            [arm.diverged for arm in lost if arm.diverged is not None],
            [float(rate) for rate in rates if isinstance(rate, int | float)],
        )

    def _moment(self, round_: int) -> Moment:
        return Moment(self._now, round_)

    def _turned(self, at: int | None = None) -> dict[str, Value]:
        """What the knobs that were turned are at, now or after a round."""
        moment, head = self._moment(self.round if at is None else at), self._moment(self.head)
        return {e.key: e.value for e in self.events if e.kind == "knob" and _counts(e, moment, head)}

    def _build(self, arm: Arm) -> None:
        start = None
        if arm.starts:
            before = self.stages[self._now - 1].arms[0]
            if before.outcome == "diverged":
                arm.outcome, arm.diverged = "diverged", divergence.arm_has_no_base(arm.label)
                return
            start = self._trained(before)
        arm.experiment = arm.spec.load()(arm.config, self.seed, arm.total, start)
        # What was turned since belongs to the first round: as it is kept before that, nothing was turned.
        for event in self.events:
            if event.kind == "knob" and event.at.stage < self._now and arm.takes(event.key):
                arm.experiment.adjust(event.key, event.value)
        arm.outcome = "going" if arm.total else "done"
        if (
            self.stage.stored is not None
            and self._models is not None
            and isinstance(arm.experiment, GivesModel)
        ):
            ready = self._models.take(self.stage.stored, arm.experiment)
            if ready is not None:
                arm.step, arm.outcome = arm.total, "done"
                arm.trained = arm.experiment.trained(ready)  # with the history that it came with
                self._finals[arm.id] = dict(ready)
                drawn = {m: v for m, v in ready.items() if m in self.stage.curves}
                self.history.record_end(arm.id, arm.step, {}, drawn)

    def _trained(self, arm: Arm) -> TrainedModel:
        """The model of an arm that is over; all that start from it share it."""
        if arm.trained is None:
            if not isinstance(arm.experiment, GivesModel):
                raise TypeError(f"{arm.spec.id} has no model to give away")
            made = arm.experiment.trained(self._finals.get(arm.id, {}))
            lab = next(stage.lab for stage in self.stages if arm in stage.arms)
            arm.trained = replace(made, history=(*made.history, Origin(lab, arm.id, self.seed, arm.step)))
        return arm.trained

    def _apply(self, event: Event) -> None:
        for arm in self.stage.arms:
            if arm.experiment is not None and not arm.over and arm.takes(event.key):
                arm.experiment.adjust(event.key, event.value)

    def _train(self, arm: Arm) -> None:
        experiment = arm.experiment
        assert experiment is not None, "built before it trains"
        begin = self._clock()
        metrics = experiment.step()
        self.stage.seconds += self._clock() - begin
        self.stage.counted += experiment.counted()
        arm.step += 1
        self.history.record(arm.id, arm.step, metrics)
        wrong = arm.guard.check(arm.step, metrics)
        if wrong is not None:
            arm.outcome, arm.diverged = "diverged", divergence.arm_diverged(arm.label, arm.step, wrong)
            arm.lost_at = arm.step
        elif arm.step >= arm.total:
            arm.outcome = "done"

    def _measure(self, arm: Arm) -> dict[str, float]:
        values = self.history.latest(arm.id)
        if arm.experiment is not None and arm.outcome != "diverged":
            live, final = arm.experiment.live(), arm.experiment.finish()
            kept = {*self.history.tracked(arm.id), *live, *self.stage.curves}
            self.history.record_end(arm.id, arm.step, live, {m: v for m, v in final.items() if m in kept})
            values |= final
            saves = self.lab.saves
            as_made = saves is not None and saves.arm == arm.id and not self.events
            if saves is not None and as_made and self._models and isinstance(arm.experiment, GivesModel):
                self._models.put(saves.name, replace(self._trained(arm), metrics=final))
        values |= self.history.derived(arm.id, [m.id for m in arm.spec.metrics if m.better == "high"])
        return values | {"steps": float(arm.step), "diverged": float(arm.outcome == "diverged")}


def _stages(lab: Lab, spec: ExperimentSpec, settings: Settings, steps: int | None) -> list[Stage]:
    """What a run of a lab goes through: its bases, if any, and its arms."""
    specs, configs = specs_of(lab, spec), arm_configs(lab, spec, settings)
    totals = arm_steps(lab, configs, steps)
    stages = []
    for runs in lab.stages:
        arms = [
            Arm(
                r.id,
                r.label,
                specs[r.id],
                configs[r.id],
                totals[r.id],
                r.arm.from_base,
                LossGuard(specs[r.id].loss),
            )
            for r in runs
        ]
        made_by = runs[0].lab
        known = {metric.id for metric in arms[0].spec.metrics}
        curves = lab.curves if known & {*lab.curves} else made_by.curves
        stored = made_by.saves.name if made_by is not lab and made_by.saves is not None else None
        stages.append(Stage(arms, made_by.id, curves, stored))
    return stages


def _id(question: Question | None) -> str | None:
    return question.id if question is not None else None


def _counts(event: Event, at: Moment, head: Moment) -> bool:
    """Whether an event belongs to the past of a moment. What was done at that very moment does only at the head: behind it, that
    belongs to what came next.
    """
    return event.at < at or (event.at == at >= head)
