"""All arms of one run of a lab, stepped in turn. Knows no thread and no screen: the screen's thread and the headless command both drive it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from tutor.content.expressions import ExpressionError, evaluate
from tutor.content.models import Lab
from tutor.engine.configs import BASE, Settings, arm_configs
from tutor.engine.history import History
from tutor.engine.snapshot import ArmStatus, ClaimResult, Metrics, Outcome
from tutor.experiments.base import Experiment, ExperimentConfig, ExperimentSpec
from tutor.frames import Frame
from tutor.text import Text

_BLOW_UP = 3.0
"""A loss this many times its first value, after the first steps, has diverged."""
_GRACE_STEPS = 10


@dataclass
class _Arm:
    id: str
    label: Text
    total: int
    from_base: bool
    config: ExperimentConfig
    experiment: Experiment | None = None
    outcome: Outcome = "waiting"
    first_loss: float = math.nan
    diverged_at: int = 0
    knobs: dict[str, float] = field(default_factory=dict)

    @property
    def step(self) -> int:
        return self.experiment.steps if self.experiment is not None else 0

    @property
    def over(self) -> bool:
        return self.outcome in ("done", "diverged")


class Bench:
    """A run of a lab.

    Args:
        lab: The lab.
        spec: The card of its experiment.
        seed: Seed of every arm: the same first weights and the same batch order for all.
        settings: What the learner changed.
        steps: Budget of every arm; None is the lab's. A base is shortened in proportion.
        clock: Seconds; times the training steps.

    Raises:
        InputError: The settings can't be used.
    """

    def __init__(
        self, lab: Lab, spec: ExperimentSpec, *, seed: int, settings: Settings, steps: int | None, clock: Callable[[], float]
    ) -> None:  # fmt: skip
        self.lab = lab
        self.spec = spec
        self.seed = seed
        self.history = History()
        self.seconds = 0.0
        self.tokens = 0
        self.final: dict[str, dict[str, float]] | None = None
        self._clock = clock
        self._turn = 0
        configs = arm_configs(lab, spec, settings)
        budget = steps if steps is not None else lab.steps
        self.base: _Arm | None = None
        if lab.base is not None:
            share = min(1.0, budget / lab.steps)
            total = max(1, round(lab.base.steps * share))
            self.base = _Arm(BASE, lab.base.label, total, False, configs[BASE])
        self.arms = [_Arm(arm.id, arm.label, budget, arm.from_base, configs[arm.id]) for arm in lab.arms]

    @property
    def all_arms(self) -> list[_Arm]:
        """The base, if any, and the arms."""
        return [self.base, *self.arms] if self.base is not None else self.arms

    @property
    def in_base(self) -> bool:
        """Whether the base run still trains."""
        return self.base is not None and not self.base.over

    @property
    def done(self) -> bool:
        """Whether every arm has used up its budget or diverged."""
        return not self.in_base and all(arm.over for arm in self.arms)

    def build(self) -> None:
        """Build what trains next: the base, or all arms.

        Raises:
            InputError: A text can't be used.
        """
        for arm in [self.base] if self.base is not None and self.base.experiment is None else self.arms:
            if arm.experiment is None:
                base = self.base.experiment if arm.from_base and self.base is not None else None
                arm.experiment = self.spec.load()(arm.config, self.seed, arm.total, base)
                arm.outcome = "going"
                for knob, value in arm.knobs.items():
                    arm.experiment.adjust(knob, value)

    def advance(self) -> None:
        """One step of the arm whose turn it is."""
        going = [arm for arm in ([self.base] if self.in_base and self.base else self.arms) if not arm.over]
        if not going:
            return
        arm = going[self._turn % len(going)]
        self._turn += 1
        experiment = arm.experiment
        assert experiment is not None, "build() comes first"
        begin = self._clock()
        metrics = experiment.step()
        self.seconds += self._clock() - begin
        self.tokens += experiment.tokens_per_step()
        self.history.record(arm.id, experiment.steps, metrics)
        if self._blew_up(arm, metrics.get("train_loss")):
            arm.outcome, arm.diverged_at = "diverged", experiment.steps
        elif experiment.steps >= arm.total:
            arm.outcome = "done"
        if arm is self.base and arm.over:
            self.build()

    @property
    def at_round_start(self) -> bool:
        """Whether all arms have done the same number of steps."""
        return len({arm.step for arm in self.arms if not arm.over}) <= 1

    def adjust(self, knob: str, value: float) -> None:
        """Turn a knob on every arm, also on those that are still to be built."""
        for arm in self.all_arms:
            arm.knobs[knob] = value
            if arm.experiment is not None:
                arm.experiment.adjust(knob, value)

    def knobs(self) -> dict[str, float]:
        """The present value of the lab's knobs, as the first arm that has one says."""
        values: dict[str, float] = {}
        for knob in self.lab.knobs:
            for arm in self.all_arms:
                value = arm.knobs.get(knob.id, getattr(arm.config, knob.id, None))
                if isinstance(value, int | float):
                    values[knob.id] = float(value)
                    break
        return values

    def finish(self) -> Metrics:
        """Measure what is measured at the end; once."""
        if self.final is None:
            final: dict[str, dict[str, float]] = {}
            for arm in self.all_arms:
                if arm.experiment is None:
                    continue
                values = self.history.latest(arm.id)
                if arm.outcome != "diverged":
                    values |= arm.experiment.finish()
                values |= self.history.derived(arm.id)
                values["steps"] = float(arm.step)
                values["diverged"] = float(arm.outcome == "diverged")
                final[arm.id] = values
            self.final = final
        return self.final

    def claims(self) -> tuple[ClaimResult, ...]:
        """The lab's claims on the final metrics."""
        return tuple(ClaimResult(c.expr, c.text, self._holds(c.expr)) for c in self.lab.claims)

    def outcome(self) -> str | None:
        """Id of the first prediction option whose expression holds."""
        return next((o.id for o in self.lab.prediction.options if self._holds(o.when)), None)

    def statuses(self) -> tuple[ArmStatus, ...]:
        """Every arm as it stands."""
        return tuple(
            ArmStatus(arm.id, arm.step, arm.total, self.history.latest(arm.id), arm.outcome)
            for arm in self.all_arms
        )

    def frame(self, view: str, arm_id: str) -> Frame | None:
        """A frame of one arm as it is now; None while it isn't built. ``curves`` is of all arms."""
        if view == "curves":
            return self.history.curves([arm.id for arm in self.all_arms], self.lab.curves)
        arm = next(arm for arm in self.all_arms if arm.id == arm_id)
        return arm.experiment.view(view) if arm.experiment is not None else None

    def divergence(self) -> Text | None:
        """Which arms diverged, in words."""
        lost = [arm for arm in self.all_arms if arm.outcome == "diverged"]
        if not lost:
            return None
        who = Text("、".join(f"「{a.label.zh}」" for a in lost), ", ".join(f"“{a.label.en}”" for a in lost))
        return _DIVERGED.format(who=who, step=lost[0].diverged_at)

    def _blew_up(self, arm: _Arm, loss: float | None) -> bool:
        if loss is None:
            return False
        if not math.isfinite(loss):
            return True
        if math.isnan(arm.first_loss):
            arm.first_loss = loss
        return arm.step > _GRACE_STEPS and loss > _BLOW_UP * arm.first_loss

    def _holds(self, expr: str) -> bool | None:
        try:
            return bool(evaluate(expr, self.finish()))
        except ExpressionError:
            return None


_DIVERGED = Text(
    "{who} 在第 {step} 步发散了：损失爆掉，这一组停在那里。多半是学习率太大，每一步都迈过了头。按 - 调低学习率，再按 r 重来。",
    "{who} diverged at step {step}: its loss exploded, and it stopped there. Most likely the learning rate is too high, so that every step overshoots. "
    "Turn it down with - and reset with r.",
)
