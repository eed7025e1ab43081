"""All arms of one run of a lab, worked on in turn. Knows no thread and no screen: the screen's thread and the
headless command both drive it, and so come to the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tutor.content.models import Lab
from tutor.engine import divergence
from tutor.engine.configs import BASE, Settings, arm_configs
from tutor.engine.history import History
from tutor.engine.snapshot import ArmStatus, Metrics, Outcome
from tutor.experiments.base import Experiment, ExperimentConfig, ExperimentSpec
from tutor.frames import Frame
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
        experiment: The thing itself; None until it is built.
        step: Steps done.
        outcome: How it stands.
        diverged: A sentence about how it diverged.
        guard: Watches its loss.
    """

    id: str
    label: Text
    total: int
    from_base: bool
    config: ExperimentConfig
    experiment: Experiment | None = None
    step: int = 0
    outcome: Outcome = "waiting"
    diverged: Text | None = None
    guard: divergence.LossGuard = field(default_factory=divergence.LossGuard)

    @property
    def over(self) -> bool:
        """Whether it trains no more."""
        return self.outcome in ("done", "diverged")


class Bench:
    """A run of a lab, done in units of work so small that whoever drives it can stop between two of them.

    The base run, when there is one, is built and trained first. Then all arms are built, and do one step each in turn: a
    *round*. At the end each is measured.

    Args:
        lab: The lab.
        spec: The card of its experiment.
        seed: Seed of every arm: the same first weights and the same batch order for all.
        settings: What the learner changed.
        steps: Budget of every arm; None is the lab's. A base is shortened in proportion, never lengthened.
        clock: Seconds, never going back; times the training steps.

    Attributes:
        history: Every metric of every step.
        seconds: Time spent in training steps.
        tokens: Training tokens read in that time.
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
    ) -> None:
        self.lab = lab
        self.spec = spec
        self.seed = seed
        self.history = History()
        self.seconds = 0.0
        self.tokens = 0
        self.work = 0
        self._clock = clock
        self._round = 0
        self._turned: dict[str, float] = {}
        self._measured: dict[str, dict[str, float]] = {}
        configs = arm_configs(lab, spec, settings)
        budget = lab.steps if steps is None else steps
        self.arms = [BenchArm(a.id, a.label, budget, a.from_base, configs[a.id]) for a in lab.arms]
        self.base: BenchArm | None = None
        if lab.base is not None:
            total = max(1, round(lab.base.steps * min(1.0, budget / lab.steps)))
            self.base = BenchArm(BASE, lab.base.label, total, False, configs[BASE])

    @property
    def all_arms(self) -> list[BenchArm]:
        """The base, if any, and the arms."""
        return [self.base, *self.arms] if self.base is not None else self.arms

    @property
    def in_base(self) -> bool:
        """Whether the base run trains, or the arms that follow it are still being built."""
        return self.base is not None and any(arm.outcome == "waiting" for arm in self.arms)

    @property
    def training(self) -> bool:
        """Whether the next unit of work is a training step."""
        group = self._group()
        return all(arm.outcome != "waiting" for arm in group) and any(arm.outcome == "going" for arm in group)

    @property
    def between_rounds(self) -> bool:
        """Whether no arm is a step behind the others."""
        return not any(arm.outcome == "going" and arm.step < self._round for arm in self._group())

    @property
    def over(self) -> bool:
        """Whether everything is trained and measured."""
        return len(self._measured) == len(self.all_arms)

    @property
    def final(self) -> Metrics | None:
        """Final metrics of every arm, once it is over."""
        return self._measured if self.over else None

    @property
    def tokens_per_s(self) -> float:
        """Training tokens a second of training."""
        return self.tokens / self.seconds if self.seconds > 0 else 0.0

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
                self._round += 1
            # In the lab's order, and never past an arm that dropped out: all have done the same when a round ends.
            arm = next(arm for arm in going if arm.step < self._round)
            self._train(arm)
            if arm is self.base and arm.over:
                self._round = 0
            return arm
        for arm in self.all_arms:
            if arm.id not in self._measured:
                self._measured[arm.id] = self._measure(arm)
                return arm
        raise ValueError("the run is over")

    def adjust(self, knob: str, value: float) -> None:
        """Turn a knob on every arm, also on those that are still to be built."""
        self._turned[knob] = value
        for arm in self.all_arms:
            if arm.experiment is not None and not arm.over:
                arm.experiment.adjust(knob, value)

    def knobs(self) -> dict[str, float]:
        """The present value of the lab's knobs; before one is turned, what the first arm's config says."""
        first = self.arms[0].config
        values = {k.id: self._turned.get(k.id, getattr(first, k.id, None)) for k in self.lab.knobs}
        return {knob: float(value) for knob, value in values.items() if isinstance(value, int | float)}

    def statuses(self) -> tuple[ArmStatus, ...]:
        """Every arm as it stands."""
        return tuple(
            ArmStatus(arm.id, arm.step, arm.total, self.history.latest(arm.id), arm.outcome)
            for arm in self.all_arms
        )

    def frame(self, view: str, arm: BenchArm) -> Frame | None:
        """A frame of one arm as it is now; None while it isn't built, or when it diverged and can't be drawn."""
        if arm.experiment is None:
            return None
        try:
            return arm.experiment.view(view)
        except Exception:
            # Not every view knows what to do with weights of NaN, and the arms that go on must not suffer from that.
            if arm.outcome == "diverged":
                return None
            raise

    def curves(self) -> Frame:
        """The lab's chart: of the base alone while that trains, since its steps are others, then of all arms."""
        return self.history.curves([arm.id for arm in self._group()], self.lab.curves)

    def divergence(self) -> Text | None:
        """Which arms diverged, why, and what to do; None when none did."""
        lost = [arm for arm in self.all_arms if arm.diverged is not None]
        rates = [
            self._turned.get("lr", getattr(a.config, "lr", None)) for a in lost if a.experiment is not None
        ]
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
        start = base.experiment if base is not None else None
        arm.experiment = self.spec.load()(arm.config, self.seed, arm.total, start)
        for knob, value in self._turned.items():
            arm.experiment.adjust(knob, value)
        arm.outcome = "going"

    def _train(self, arm: BenchArm) -> None:
        experiment = arm.experiment
        assert experiment is not None, "built before it trains"
        begin = self._clock()
        metrics = experiment.step()
        self.seconds += self._clock() - begin
        self.tokens += experiment.tokens_per_step()
        arm.step += 1
        self.history.record(arm.id, arm.step, metrics)
        wrong = arm.guard.check(arm.step, metrics)
        if wrong is not None:
            arm.outcome, arm.diverged = "diverged", divergence.arm_diverged(arm.label, arm.step, wrong)
        elif arm.step >= arm.total:
            arm.outcome = "done"

    def _measure(self, arm: BenchArm) -> dict[str, float]:
        values = self.history.latest(arm.id)
        if arm.experiment is not None and arm.outcome != "diverged":
            final = arm.experiment.finish()
            # Measured on more text than the live values were: the curve ends with the number that the reveal will name.
            self.history.record(arm.id, arm.step, {m: v for m, v in final.items() if m in self.lab.curves})
            values |= final
        values |= self.history.derived(arm.id)
        return values | {"steps": float(arm.step), "diverged": float(arm.outcome == "diverged")}
