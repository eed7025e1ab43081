"""All that decides how a run goes: what two runs are told apart by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.engine.configs import own_names
from tutor.engine.snapshot import Event
from tutor.experiments.base import ExperimentConfig, Value


@dataclass(frozen=True, slots=True)
class RunSetup:
    """All that decides how a run goes.

    Attributes:
        configs: Arm id to the plain values of its config, whole, with the defaults.
        seed: Seed of the run.
        steps: Budget in steps.
        events: What the learner did on the way, as a snapshot tells it.
        base: The stored model that the base was taken from; empty when it was trained here.
        stages: Arm id to its stage; those not named are of the first.
    """

    configs: Mapping[str, Mapping[str, Any]]
    seed: int
    steps: int
    events: tuple[Event, ...] = ()
    base: str = ""
    stages: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        configs: Mapping[str, ExperimentConfig],
        seed: int,
        steps: int,
        events: tuple[Event, ...] = (),
        base: str = "",
        stages: Mapping[str, int] | None = None,
    ) -> RunSetup:
        """The setup of a run with these configs per arm."""
        plain = {arm: config.model_dump() for arm, config in configs.items()}
        return cls(plain, seed, steps, events, base, stages or {})

    def alone(self, arm: str, **more: Any) -> RunSetup:
        """The setup of one arm, under no name, with more settings: to be compared with another arm of the same lab."""
        stages = {"": self.stages.get(arm, 0)}
        return RunSetup({"": {**self.configs[arm], **more}}, self.seed, self.steps, self.events, "", stages)

    def values(self, arm: str) -> dict[str, Any]:
        """The settings of an arm, those of turned knobs as a `Schedule`, and the text it trains on as one of them."""
        values = _effective(self.configs[arm])
        stage = self.stages.get(arm, 0)
        mine = [event for event in self.events if event.kind == "knob" and event.at.stage <= stage]
        for knob in dict.fromkeys(event.key for event in mine):
            if knob in values:
                values[knob] = _schedule(values[knob], [e for e in mine if e.key == knob], stage)
        return values


@dataclass(frozen=True, slots=True)
class Schedule:
    """A setting that was turned on the way: its first value, and each later one with the step after which it holds."""

    start: Any
    later: tuple[tuple[int, Value], ...]


def _schedule(start: Any, events: list[Event], stage: int) -> Any:
    """What turns made of a value: another plain value if all came before the first step. The last turn at a step counts, and one
    that changes nothing doesn't.
    """
    steps = {event.at.round if event.at.stage == stage else 0: event.value for event in events}
    now, later = start, []
    for step, value in sorted(steps.items()):
        if value == now:
            continue
        if step <= 0:
            start = value
        else:
            later.append((step, value))
        now = value
    return Schedule(start, tuple(later)) if later else start


def _effective(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the text they train on as one of them."""
    values = dict(config)
    file, encoding = values.pop("text_file", None), values.pop("text_encoding", None)
    if values.get("corpus") == "own" and file:
        values["corpus"] = OwnText(str(file), encoding)
    return values


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text file of the learner; two of the same name in different folders, or read otherwise, are different texts."""

    path: str
    encoding: str | None = None

    def __str__(self) -> str:
        return own_names(self.path) + (f" ({self.encoding})" if self.encoding else "")
