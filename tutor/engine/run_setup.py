"""All that decides how a run goes: what two runs are told apart by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.content.models import BASE
from tutor.engine.configs import own_names
from tutor.engine.snapshot import Turn
from tutor.experiments.base import ExperimentConfig


@dataclass(frozen=True, slots=True)
class RunSetup:
    """All that decides how a run goes.

    Attributes:
        configs: Arm id to the plain values of its config, whole, with the defaults. To compare two arms of one lab, give each a
            setup of its own, with the same id.
        seed: Seed of the run.
        steps: Budget in steps.
        turns: Every turn of a knob on the way, as a snapshot tells them.
        base: The model on the shelf that the base was taken from; empty when it was trained here.
    """

    configs: Mapping[str, Mapping[str, Any]]
    seed: int
    steps: int
    turns: tuple[Turn, ...] = ()
    base: str = ""

    @classmethod
    def of(
        cls,
        configs: ExperimentConfig | Mapping[str, ExperimentConfig],
        seed: int,
        steps: int,
        turns: tuple[Turn, ...] = (),
        base: str = "",
    ) -> RunSetup:
        """The setup of a run with these configs per arm, or of one arm with this config."""
        if isinstance(configs, ExperimentConfig):
            configs = {"": configs}
        plain = {arm: config.model_dump() for arm, config in configs.items()}
        return cls(plain, seed, steps, turns, base)

    def values(self, arm: str) -> dict[str, Any]:
        """The settings of an arm, those of turned knobs as a `Schedule`, and the text it trains on as one of them."""
        values = _effective(self.configs[arm])
        mine = [turn for turn in self.turns if arm != BASE or turn.round < 0]
        for knob in dict.fromkeys(turn.knob for turn in mine):
            if knob in values:
                values[knob] = _schedule(values[knob], [t for t in mine if t.knob == knob], arm == BASE)
        return values


@dataclass(frozen=True, slots=True)
class Schedule:
    """A setting that was turned on the way: its first value, and each later one with the step after which it holds."""

    start: Any
    later: tuple[tuple[int, float], ...]


def _schedule(start: Any, turns: list[Turn], base: bool) -> Any:
    """What turns made of a value: another plain value if all came before the first step. The last turn at a step counts, and one
    that changes nothing doesn't.
    """
    first = min((turn.round for turn in turns), default=0) if base else 0
    steps: dict[int, float] = {}
    for turn in turns:
        steps[max(turn.round, first)] = turn.value
    now, later = start, []
    for step, value in sorted(steps.items()):
        if value == now:
            continue
        if step <= 0 and not base:
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
