"""What an experiment is: a deterministic state machine, and the torch-free card that describes it.

The *spec* is read by the content checks and the screens; the *implementation* imports torch and is loaded only when a run starts.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol, cast

from pydantic import BaseModel, ConfigDict

from tutor.frames import Frame
from tutor.text import Text


class InputError(Exception):
    """The learner's input (a file, a setting) can't be used; carries the reason in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class ExperimentConfig(BaseModel):
    """Base of all configs: unknown keys are errors, values are fixed once built."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Experiment(Protocol):
    """One arm of a lab. It owns its random generators and knows no thread, clock or screen.

    Its whole state is plain attributes, so that ``copy.deepcopy`` forks it and a rerun from the same config and seed
    repeats it to the bit on one machine at one thread count.
    """

    steps: int
    """Units of work done."""

    def __init__(self, config: Any, seed: int, total_steps: int, base: Experiment | None = None) -> None:
        """Build from a config and a seed.

        Args:
            config: An instance of the spec's config type.
            seed: Decides initial weights and batch order.
            total_steps: The lab's budget, which learning-rate schedules stretch over.
            base: A finished run of the same experiment to start from (its model and tokenizer are copied), or None.

        Raises:
            InputError: A file named by the config can't be used.
        """

    def step(self) -> dict[str, float]:
        """Do one unit of work (about 50 ms at most) and return the metrics that it measured."""

    def view(self, name: str) -> Frame:
        """Make a frame of the present state, by copy, without changing the state (nor any generator)."""

    def adjust(self, knob: str, value: float) -> None:
        """Change what may change while it runs."""

    def finish(self) -> dict[str, float]:
        """Final metrics, measured on the full validation set after the last step."""

    def tokens_per_step(self) -> int:
        """Training tokens that one step reads."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an experiment reports."""

    id: str
    label: Text
    unit: Text
    """For example nats per token; empty for a share."""
    short: Text | None = None
    """A word for a crowded legend; None: the label."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that may change while a run goes on."""

    id: str
    label: Text
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """The torch-free card of an experiment.

    Attributes:
        id: The name that a lab file uses.
        config: Its config type.
        metrics: Every metric that `Experiment.step` or `Experiment.finish` may report.
        views: Names that `Experiment.view` takes (``curves`` is drawn by the engine and always there).
        knobs: What `Experiment.adjust` takes.
        implementation: ``module:Class``, imported only by `load`.
    """

    id: str
    config: type[ExperimentConfig]
    metrics: tuple[Metric, ...]
    views: tuple[str, ...]
    knobs: tuple[Knob, ...]
    implementation: str

    def load(self) -> type[Experiment]:
        """Import the implementation, and with it torch."""
        module, name = self.implementation.split(":")
        return cast("type[Experiment]", getattr(importlib.import_module(module), name))
