"""What an experiment is: a deterministic state machine, and the torch-free card that describes it.

The *spec* is read by the content checks and the screens; the *implementation* imports torch and is loaded only when a run starts.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, cast, runtime_checkable

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

    @property
    def tokens_per_step(self) -> int | None:
        """Training tokens that one step reads; None: not known before the experiment is built."""
        return None


class Experiment(Protocol):
    """One arm of a lab. It owns its random generators and knows no thread, clock or screen.

    Its whole state is plain attributes, so that ``copy.deepcopy`` forks it and a rerun from the same config and seed
    repeats it to the bit on one machine at one thread count. Between two steps it holds no gradients: a copy is kept as a
    keyframe, and every byte of it counts.
    """

    steps: int
    """Units of work done."""

    def __init__(self, config: Any, seed: int, total_steps: int, start: TrainedModel | None = None) -> None:
        """Build from a config and a seed.

        Args:
            config: An instance of the spec's config type.
            seed: Decides initial weights and batch order.
            total_steps: The lab's budget, which learning-rate schedules stretch over.
            start: What to start from; None: from nothing.

        Raises:
            InputError: A file named by the config can't be used, or what it starts from isn't of use here.
        """

    def step(self) -> dict[str, float]:
        """Do one unit of work (about 50 ms at most) and return the metrics that it measured."""

    def view(self, name: str, glimpse: Any = None, without: Collection[str] = ()) -> Frame:
        """Make a frame, by copy, without changing the state (nor any generator).

        Args:
            name: One of the spec's views.
            glimpse: The moment to show, from `glimpse` of this experiment or of a copy of it; None: the present state.
            without: Heads that are taken out, by the name of their plane (``"1.2"``: layer 1, head 2).
        """

    def glimpse(self) -> Any:
        """The least that `view` needs to show this moment later: a small copy (bf16 weights do), not enough to train on.

        Its size is the sum of ``nbytes`` of the values of its ``tensors`` mapping.
        """

    def adjust(self, knob: str, value: float) -> None:
        """Change what may change while it runs."""

    def live(self) -> dict[str, float]:
        """What steps measure now and then on less than `finish` does, measured now in the same way."""

    def finish(self) -> dict[str, float]:
        """Final metrics, measured on the full validation set after the last step."""

    def tokens_per_step(self) -> int:
        """Training tokens that one step reads."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """What taking heads out does to the validation loss.

    Attributes:
        heads: Names of the planes that are out, such as ``"1.2"``.
        loss: Validation loss of the whole model.
        without: Validation loss, on the same windows, of the model without them.
    """

    heads: tuple[str, ...]
    loss: float
    without: float


@runtime_checkable
class Ablatable(Protocol):
    """An experiment whose attention heads can be taken out."""

    def ablate(self, heads: Collection[str]) -> Ablation:
        """Measure the loss with and without some heads; changes nothing.

        Raises:
            KeyError: There is no head of that name.
        """


class Origin(NamedTuple):
    """One thing that was done to a model: by which arm of which lab, from which seed, in how many steps."""

    lab: str
    arm: str
    seed: int
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """A trained model, by value: what an experiment can give away, and another (of any kind) can start from.

    Unchanging, so that keyframes share it; who trains it further copies its tensors first.

    Attributes:
        tensors: Name to torch tensor.
        experiment: Id of the experiment that trained it.
        config: The config it was trained with, as plain values.
        tokenizer: The tokenizer as plain values (JSON), empty when it has none.
        metrics: Final metrics.
        steps: Steps it was trained for.
        seed: Seed it was trained from.
        history: All that was done to it, oldest first.
    """

    tensors: Mapping[str, Any]
    experiment: str
    config: Mapping[str, Any]
    tokenizer: Mapping[str, Any]
    metrics: Mapping[str, float]
    steps: int
    seed: int
    history: tuple[Origin, ...] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> TrainedModel:
        return self


@runtime_checkable
class GivesModel(Protocol):
    """An experiment whose model can be given away, and replaced by one that was trained before."""

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        """The model as it is now, by copy."""

    def adopt(self, model: TrainedModel) -> Text | None:
        """Take over a model's weights, as if it had just been trained here.

        Returns:
            None when done; else why it doesn't fit this experiment (another width, another tokenizer, another text, …), as a
            sentence for the learner, and then nothing has changed.
        """


@dataclass(frozen=True, slots=True)
class Cost:
    """What one arm will take, estimated without building it.

    Attributes:
        flops: Floating-point operations of one step.
        calls: Tensor operations of one step, each with its fixed overhead.
        bytes: Memory in all: weights, gradients, optimizer state, activations, data.
    """

    flops: float
    calls: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an experiment reports."""

    id: str
    label: Text
    unit: Text
    """For example nats per token; empty for a share."""
    short: Text | None = None
    """A word for a crowded legend; None: the label."""
    better: Literal["low", "high"] | None = None
    """Which end one would like best; None: neither, or it depends."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that a lab may offer to the learner.

    Attributes:
        id: The config key.
        label: Its name.
        minimum: Lowest value that makes sense.
        maximum: Highest value that makes sense.
        live: Whether `Experiment.adjust` takes it while a run goes on; else it needs a restart.
        whole: Whether only whole numbers make sense.
        steps: The values to go through, where only some make sense (powers of two, say); empty: any.
    """

    id: str
    label: Text
    minimum: float
    maximum: float
    live: bool = True
    whole: bool = False
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """The torch-free card of an experiment.

    Attributes:
        id: The name that a lab file uses.
        config: Its config type.
        metrics: Every metric that `Experiment.step` or `Experiment.finish` may report.
        views: Names that `Experiment.view` takes (``curves`` is drawn by the engine and always there).
        knobs: What a lab may offer to turn; `Experiment.adjust` takes the live ones.
        implementation: ``module:Class``, imported only by `load`.
        estimate: ``(config) -> Cost``; None: not known.
        display: Config keys that decide only what is shown: runs that differ in nothing else are the same run. A live knob among them
            may be turned at any moment, past ones included, and changes only the frames that are made from then on.
        words: What the ids are called that stand in its frames (labels of strips, headers of tables), and its views' tabs; also the
            parts of settings that are lists.
        settings: What settings are called that no knob names (by key), and their values (by ``key=value``).
        reading: ``(config) -> names`` of the methods and functions, as ``module:qualified.name``, that a learner should read
            to see what a step does, the step itself first.
    """

    id: str
    config: type[ExperimentConfig]
    metrics: tuple[Metric, ...]
    views: tuple[str, ...]
    knobs: tuple[Knob, ...]
    implementation: str
    estimate: Callable[[Any], Cost] | None = None
    reading: Callable[[Any], tuple[str, ...]] | None = None
    display: frozenset[str] = frozenset()
    words: Mapping[str, Text] = field(default_factory=dict)
    settings: Mapping[str, Text] = field(default_factory=dict)

    def load(self) -> type[Experiment]:
        """Import the implementation, and with it torch."""
        module, name = self.implementation.split(":")
        return cast("type[Experiment]", getattr(importlib.import_module(module), name))
