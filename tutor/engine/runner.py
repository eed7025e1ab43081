"""One branch of a run of a lab: its stages in order, the same whether a screen's thread or a headless command drives it."""

from __future__ import annotations

import copy
import functools
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from tutor.engine.budget import refuse
from tutor.engine.configs import Plan, find_spec
from tutor.engine.history import History
from tutor.engine.knob_history import KnobHistory, Moment
from tutor.engine.model_store import StoredModels
from tutor.engine.runtime import load_quietly
from tutor.engine.snapshot import ArmStatus, Metrics, Outcome
from tutor.engine.stage import Arm, Stage, State, copy_of, explained, stages_of
from tutor.experiments.base import (
    Asks,
    ExperimentConfig,
    GivesModel,
    Origin,
    Question,
    Remarking,
    TrainedModel,
)
from tutor.experiments.knobs import Value
from tutor.experiments.seeds import sub_seed
from tutor.frames import Curves
from tutor.plot.gate import clean
from tutor.text import InputError, Text


class Runner:
    """A branch of a run, done in units of work so small that whoever drives it can stop between two of them.

    A stage builds its arms, lets them do one step each in turn (a *round*), measures each at the end, and is followed by the next,
    whose arms may start from its model. Between two rounds the stage can be kept and put back (`Stage.keep`, `Stage.restore`), and the
    whole copied (`fork`); what the learner did at which moment is remembered, so that a replay does it again. A knob that only decides
    how things are shown is no event: it holds at every moment and on every branch.

    Args:
        plan: Every arm has its seed: the same first weights and the same batch order for all. Where it gives another budget than the lab,
            a base is shortened in proportion, never lengthened.
        clock: Seconds, never going back; times the training steps.
        models: Where a base that is already trained may be found; None: it is always trained here.

    Attributes:
        now: Which stage trains now, counted from 0.
        work: Units of work done: rises with every `advance`.
        display: Values of turned knobs that only decide how things are shown; shared by all forks.

    Raises:
        InputError: The settings can't be used.
    """

    def __init__(self, plan: Plan, clock: Callable[[], float], models: StoredModels | None = None) -> None:
        self.lab = plan.lab
        self.spec = plan.spec or find_spec(plan.lab)
        self.seed = plan.seed
        self.history = History()
        self.learner = KnobHistory()
        self.work = 0
        self.now = 0
        self._long = plan.long
        self._clock = clock
        self._models = models
        self.display: dict[str, Value] = {}
        self._finals: dict[str, dict[str, float]] = {}
        self.stages = stages_of(self.lab, self.spec, plan.settings, plan.steps)

    @property
    def stage(self) -> Stage:
        """Return the stage that trains now, or the last."""
        return self.stages[self.now]

    @property
    def last(self) -> bool:
        return self.stage is self.stages[-1]

    @property
    def arms(self) -> list[Arm]:
        """Return the arms of the last stage: those that the lab compares."""
        return self.stages[-1].arms

    @property
    def all_arms(self) -> list[Arm]:
        return [arm for stage in self.stages for arm in stage.arms]

    @property
    def moment(self) -> Moment:
        return Moment(self.now, self.stage.round)

    @property
    def configs(self) -> dict[str, ExperimentConfig]:
        return {arm.id: arm.config for arm in self.all_arms}

    @property
    def training(self) -> bool:
        return self.stage.built and bool(self.stage.going)

    @property
    def ended(self) -> bool:
        """Return whether every arm has trained its budget, or diverged, at the furthest round: then no knob can change how it went."""
        return self.last and all(
            arm.over or arm.lost_at is not None or self.history.last_step(arm.id) >= arm.total
            for arm in self.arms
        )

    @property
    def over(self) -> bool:
        return self.last and self.stage.trained and all(arm.id in self._finals for arm in self.arms)

    @property
    def measured(self) -> int:
        return len(self._finals)

    @property
    def final(self) -> Metrics | None:
        return {arm.id: self._finals[arm.id] for arm in self.all_arms} if self.over else None

    @property
    def seconds(self) -> float:
        return sum(stage.seconds for stage in self.stages)

    @property
    def per_second(self) -> float:
        """Return how many of what the spec counts go through in a second of the present stage."""
        return self.stage.counted / self.stage.seconds if self.stage.seconds > 0 else 0.0

    def prepare(self, threads: int | None = None) -> None:
        """Import what the experiment needs, and see whether the run may be begun; see `run_headless` for `threads`.

        Raises:
            InputError: It would take too much time, unless the plan allows that, or memory.
        """
        load_quietly(self.spec)
        if threads is not None and "torch" in sys.modules:
            import torch

            torch.set_num_threads(threads)
        specs = {arm.id: arm.spec for arm in self.all_arms}
        steps = {arm.id: arm.total for arm in self.all_arms}
        refusal = refuse(self.lab, specs.__getitem__, self.configs, steps, long=self._long)
        if refusal is not None:
            raise InputError(refusal)

    def advance(self) -> Arm:
        """Do one unit of work: build an arm, train an arm for one step, or measure one at the end of its stage.

        Returns:
            The arm that was worked on.

        Raises:
            InputError: A text that an arm needs can't be used.
            ValueError: It is over, or has to be answered first.
        """
        self.work += 1
        stage = self.stage
        if not stage.built:
            arm = next(arm for arm in stage.arms if arm.outcome == "waiting")
            self._build(arm)
        elif (asked := self.asked) is not None:
            arm = self._take_answer(asked)
        elif stage.going:
            if stage.between_rounds:
                for event in self.learner.turns_at(self.moment):
                    stage.adjust(event.key, event.value)
                stage.turned_now = False
                stage.round += 1
                stage.head = max(stage.head, stage.round)
            # In the lab's order, and never past an arm that dropped out: all have done the same when a round ends.
            arm = next(arm for arm in stage.going if arm.step < stage.round)
            stage.train(arm, self.history, self._clock)
        else:
            found = next((arm for arm in stage.arms if arm.id not in self._finals), None)
            if found is None:
                raise ValueError("the run is over")
            arm = found
            self._finals[arm.id] = self._measure(arm)  # a replay to the end comes to the same numbers
        if not self.last and stage.trained and all(arm.id in self._finals for arm in stage.arms):
            self.now += 1
        return arm

    @property
    def asked(self) -> Question | None:
        """Return what an arm asks at the present moment, answered or not."""
        return next((question for _, _, question in self._questions()), None)

    @property
    def question(self) -> Question | None:
        """Return what has to be answered before it can go on."""
        asked = self.asked
        return asked if asked is not None and self.learner.answer_to(asked) is None else None

    def answer(self, question: Question, value: str) -> None:
        """Answer the question of the present moment: arms are told once, when they go on."""
        self.learner = self.learner.answered(self.moment, question, value)

    def simulated(self, question: Question) -> str:
        """Return what a learner might answer; the same for the same seed."""
        rng = random.Random(sub_seed(self.seed, question.id))
        asks = next(asks for _, asks, asked in self._questions() if asked.id == question.id)
        return asks.simulated(question, rng)

    def adjust(self, knob: str, value: Value) -> None:
        """Turn a knob on every arm from the next round on, or at once where it only decides how things are shown."""
        if knob in self.spec.display:
            self.display[knob] = value
            return
        self.learner = self.learner.turned(self.moment, knob, value)
        if self.stage.can_be_kept:
            self.stage.adjust(knob, value)  # so that frames of the moment obey it, too
            self.stage.turned_now = True

    def adjust_at_head(self, knob: str, value: Value) -> None:
        """Turn a knob at the furthest round, on the way back to it: the arms are told when they go on from there."""
        self.learner = self.learner.turned(Moment(self.now, self.stage.head), knob, value)

    def recompute(self, knob: str, value: Value) -> None:
        """Turn a knob of an instant experiment: everything is measured anew, and what was before is forgotten.

        Raises:
            InputError: An arm can't have this value; then nothing has changed.
        """
        turned = [
            (arm, copy_of(arm.experiment)[0])
            for arm in self.arms
            if arm.experiment and arm.spec.is_live(knob)
        ]
        for _, experiment in turned:
            experiment.adjust(knob, value)
        for arm, experiment in turned:
            arm.experiment, arm.config = experiment, experiment.config
        # One knob may turn others with it: a former turn holds only where the config still says so.
        now = self.arms[0].config
        stale = (e.key for e in self.learner.events if getattr(now, e.key, e.value) != e.value)
        self.learner = self.learner.without(knob, *stale).turned(self.moment, knob, value)
        self._finals |= {arm.id: self._measure(arm) for arm in self.arms}

    def knobs(self, round_: int | None = None) -> dict[str, Value]:
        """Return the value of the lab's knobs, now or as it was after a round; before one is turned, what the first arm's config says."""
        at = self.moment if round_ is None else Moment(self.now, round_)
        turned = self.learner.knobs(at, Moment(self.now, self.stage.head)) | self.display
        first = self.arms[0].config
        values = {k.id: turned.get(k.id, getattr(first, k.id, None)) for k in self.lab.knobs}
        return {knob: value for knob, value in values.items() if value is not None}

    def fork(self, state: State) -> Runner:
        """Return another branch that goes on from a moment of the present stage, with all that was done and measured until then."""
        twin = copy.copy(self)
        twin.stages = [stage.twin() for stage in self.stages]
        twin._finals = {a: finals for a, finals in self._finals.items() if a not in state.arms}
        twin.learner = self.learner.until(Moment(self.now, state.round), Moment(self.now, self.stage.head))
        steps = {arm.id: arm.step for arm in self.all_arms} | {a: then.step for a, then in state.arms.items()}
        twin.history = self.history.until(steps)
        twin.stage.restore(state)
        for arm in twin.stage.arms:
            if arm.outcome != "diverged":
                arm.lost_at = None  # that lay ahead, on the branch that is left
        twin.stage.head = state.round
        return twin

    def close(self) -> None:
        for arm in self.all_arms:
            if arm.experiment is not None:
                arm.experiment.close()

    def statuses(self, round_: int | None = None) -> tuple[ArmStatus, ...]:
        """Return every arm as it stands, or as those that train now stood after a round."""
        return tuple(
            self._status(arm, number, round_ if number == self.now else None)
            for number, stage in enumerate(self.stages)
            for arm in stage.arms
        )

    def _status(self, arm: Arm, stage: int, round_: int | None) -> ArmStatus:
        if round_ is None:
            return ArmStatus(arm.id, arm.step, arm.total, self.history.latest(arm.id), arm.outcome, stage)
        step = min(round_, self.history.last_step(arm.id))
        going: Outcome = "going" if step == round_ < arm.total else arm.outcome
        lost = arm.lost_at is not None and step >= arm.lost_at
        metrics = self.history.at(arm.id, step)
        return ArmStatus(arm.id, step, arm.total, metrics, "diverged" if lost else going, stage)

    def curves(self, branch: int = 0, since: int = 0) -> Curves:
        """Return the lab's chart of the arms that train now, from a round on: stages have steps of their own."""
        return self.history.curves(self.stage.ids, self.stage.curves, branch, since)

    def remarks(self) -> list[Text]:
        """Return what the arms' experiments say about their data, each sentence once."""
        remarks: dict[Text, None] = {}
        for arm in self.all_arms:
            if isinstance(arm.experiment, Remarking):
                remarks |= dict.fromkeys(arm.experiment.remarks())
        return [Text(clean(remark.zh), clean(remark.en)) for remark in remarks]

    def divergence(self) -> Text | None:
        return explained(self.all_arms, self.learner.knobs(self.moment, Moment(self.now, self.stage.head)))

    def _questions(self) -> Iterator[tuple[Arm, Asks, Question]]:
        for arm in self.stage.going if self.stage.can_be_kept else []:
            if arm.experiment is not None and _asks(type(arm.experiment)):
                asks = cast("Asks", arm.experiment)
                if (question := asks.question()) is not None:
                    yield arm, asks, question

    def _take_answer(self, asked: Question) -> Arm:
        answer = self.learner.answer_to(asked)
        if answer is None:
            raise ValueError(f"{asked.id} has to be answered first")
        self.stage.turned_now = True  # kept moments are those before an answer
        worked = self.stage.going[0]
        for arm, asks, question in self._questions():
            if question.id == asked.id:
                asks.answer(str(answer))
                worked = arm
        return worked

    def _build(self, arm: Arm) -> None:
        start = None
        if arm.starts:
            before = self.stages[self.now - 1].arms[0]
            if before.outcome == "diverged":
                arm.outcome, arm.diverged = "diverged", _NO_BASE.format(label=arm.label)
                return
            start = self._trained(before)
        arm.experiment = arm.spec.load()(arm.config, self.seed, arm.total, start)
        # What was turned since belongs to the first round: as it is kept before that, nothing was turned.
        for event in self.learner.turns_before(self.now):
            if arm.spec.is_live(event.key):
                arm.experiment.adjust(event.key, event.value)
        arm.outcome = "going" if arm.total else "done"
        stored, experiment = self.stage.stored, arm.experiment
        if stored is not None and self._models is not None and isinstance(experiment, GivesModel):
            ready = self._models.take(stored, experiment)
            if ready is not None:
                arm.step, arm.outcome = arm.total, "done"
                arm.trained = experiment.trained(ready)  # with the history that it came with
                self._finals[arm.id] = dict(ready)
                drawn = {m: v for m, v in ready.items() if m in self.stage.curves}
                self.history.record_end(arm.id, arm.step, {}, drawn)

    def _trained(self, arm: Arm) -> TrainedModel:
        """Return the model of an arm that is over; all that start from it share it."""
        if arm.trained is None:
            if not isinstance(arm.experiment, GivesModel):
                raise TypeError(f"{arm.spec.id} has no model to give away")
            made = arm.experiment.trained(self._finals.get(arm.id, {}))
            lab = next(stage.lab for stage in self.stages if arm in stage.arms)
            arm.trained = replace(made, history=(*made.history, Origin(lab, arm.id, self.seed, arm.step)))
        return arm.trained

    def _kept_as(self, arm: Arm) -> str | None:
        """Return the name of a model that the lab saves, or of one that its base lacked; None where a knob was turned, or nothing is saved."""
        saves, stored = self.lab.saves, self.stage.stored
        if self.learner.events or self._models is None:
            return None
        if saves is not None and saves.arm == arm.id:
            return saves.name
        return stored if stored in self._models.missing else None

    def _measure(self, arm: Arm) -> dict[str, float]:
        values = self.history.latest(arm.id)
        if arm.experiment is not None and arm.outcome != "diverged":
            live, final = arm.experiment.live(), arm.experiment.finish()
            kept = {*self.history.tracked(arm.id), *live, *self.stage.curves}
            self.history.record_end(arm.id, arm.step, live, {m: v for m, v in final.items() if m in kept})
            values |= final
            name = self._kept_as(arm)
            if name and self._models and isinstance(arm.experiment, GivesModel):
                self._models.put(name, replace(self._trained(arm), metrics=final))
        values |= self.history.derived(arm.id, [m.id for m in arm.spec.metrics if m.better == "high"])
        return values | {"steps": float(arm.step), "diverged": float(arm.outcome == "diverged")}


@functools.cache
def _asks(kind: type) -> bool:
    """Return whether experiments of a kind may ask: looked up once, since that takes a good part of a small experiment's step."""
    return issubclass(kind, Asks)


_NO_BASE = Text(
    "它的基座模型发散了，「{label}」无从开始。", "“{label}” can't start, since its base diverged."
)
