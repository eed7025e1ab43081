"""The base class of experiments, deterministic state machines, and the torch-free spec that describes one.

The *spec* is read by the content checks and the screens; the *implementation* imports torch and is loaded only when a run starts.
"""

from __future__ import annotations

import importlib
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, Self, cast, runtime_checkable

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from tutor.experiments.knobs import Knob, Value
from tutor.experiments.user_text import UserLine, UserText
from tutor.frames import Frame
from tutor.text import InputError, Text


class ExperimentConfig(BaseModel):
    """Base of all configs: unknown keys are errors, values are fixed once built."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    former: ClassVar[Mapping[str, str]] = {}
    """Keys, and values as ``key=value``, that had another name once, with the present one; both are understood."""

    @classmethod
    def renamed(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings under their present names."""
        present = {cls.former.get(key, key): value for key, value in values.items()}
        return {key: cls.former.get(f"{key}={value}", value) for key, value in present.items()}

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, values: Any) -> Any:
        return cls.renamed(values) if isinstance(values, dict) else values

    @property
    def tokens_per_step(self) -> int | None:
        """Return the training tokens of one step; None: not known before the experiment is built."""
        return None


class Origin(NamedTuple):
    """One thing that was done to a model: by which arm of which lab, from which seed, in how many steps."""

    lab: str
    arm: str
    seed: int
    steps: int


@runtime_checkable
class Remarking(Protocol):
    """An experiment with something to say about the data that it was built from."""

    def remarks(self) -> list[Text]:
        """Return sentences for the learner; none when there is nothing out of the ordinary."""


class Shared:
    """Something that copies of an experiment share, such as its text or pictures: keyframes would hold it once each otherwise."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel(Shared):
    """A trained model, by value: what an experiment can give away, and another (of any kind) can start from.

    Unchanging, so that keyframes share it; who trains it further copies its tensors first.
    """

    tensors: Mapping[str, Any]
    experiment: str
    """Id of the experiment that trained it."""
    config: Mapping[str, Any]
    """What it was trained with, as plain values."""
    tokenizer: Mapping[str, Any]
    """As plain values (JSON); empty when it has none."""
    metrics: Mapping[str, float]
    """Final ones."""
    steps: int
    seed: int
    history: tuple[Origin, ...] = ()
    """All that was done to it, oldest first."""


def required(start: TrainedModel | None) -> TrainedModel:
    """Return the model to start from.

    Raises:
        InputError: There is none.
    """
    if start is None:
        raise InputError(_NEEDS_MODEL)
    return start


class Experiment(ABC):
    """One arm of a lab: a deterministic state machine that knows no thread, clock or screen.

    A subclass writes its config, `step` and `view`; the rest has a default. Its whole state is plain attributes, so that
    ``copy.deepcopy`` forks it and a rerun from the same config and seed repeats it to the bit on one machine at one thread count. Between
    two steps it holds no gradients: a copy is kept as a keyframe, and every byte of it counts.

    Attributes:
        seed: Decides initial weights and batch order.
        total_steps: The lab's budget, which schedules stretch over.
        steps: Units of work done.
    """

    def __init__(self, config: Any, seed: int, total_steps: int, start: TrainedModel | None = None) -> None:
        """Build from a config of the spec's type. A subclass that can start from a model takes it, and hands none on to here.

        Raises:
            InputError: A file named by the config can't be used, or the model to start from isn't of use here.
        """
        if start is not None:
            raise InputError(_NO_START)
        self.config = config
        self.seed = seed
        self.total_steps = total_steps
        self.steps = 0

    @property
    def left(self) -> float:
        """Share of the budget that is left: 1 at first, 0 at its end and beyond. A learning rate times this falls in a straight line."""
        return max(0.0, 1 - self.steps / self.total_steps)

    @abstractmethod
    def step(self) -> Mapping[str, float]:
        """Do one unit of work (about 50 ms at most) and return the metrics that it measured."""

    @abstractmethod
    def view(self, name: str, state: Any = None) -> Frame:
        """Make a frame, by copy, without changing the state (nor any generator).

        Args:
            name: One of the spec's views.
            state: The moment to show, from `view_state` of this experiment or of a copy of it; None: the present.
        """

    def view_state(self) -> Any:
        """The least that `view` needs to show this moment later: a small copy, not enough to go on from.

        None: there is no such thing, and only moments that are kept whole can be shown later.
        """
        return None

    def adjust(self, knob: str, value: Value) -> None:
        """Turn one of the knobs that the spec calls live: an attribute of that name, unless a subclass says otherwise."""
        if knob not in vars(self):
            raise KeyError(knob)
        setattr(self, knob, value)

    def live(self) -> Mapping[str, float]:
        """Measure now what `step` measures now and then, in the same way, on less than `finish` does."""
        return {}

    def finish(self) -> Mapping[str, float]:
        """Return the final metrics, measured once after the last step, on all that there is."""
        return {}

    def counted(self) -> int:
        """Return how many of what the spec counts go through in one step."""
        return 0

    def close(self) -> None:
        """Let go of what is not memory (processes, files); called on every line of a run when nothing more is asked of it."""
        return


class InstantExperiment(Experiment):
    """A calculator or an inspection: no steps, and every turn of a knob computes views and metrics anew.

    A subclass writes `view` and `finish`, both from its config, which the knobs change.
    """

    def step(self) -> Mapping[str, float]:
        """There is none."""
        raise NotImplementedError

    def adjust(self, knob: str, value: Value) -> None:
        """Change the config.

        Raises:
            InputError: This value doesn't go with the others.
        """
        try:
            self.config = self.config.model_validate({**self.config.model_dump(), knob: value})
        except ValidationError as error:
            raise InputError(_NOT_TOGETHER) from error


@dataclass(frozen=True, slots=True)
class Ablation:
    """What taking parts of a model out does to its validation loss on the same windows."""

    parts: tuple[str, ...]
    """Names of what is out, such as ``"1.2"``."""
    loss: float
    without: float


@runtime_checkable
class Ablatable(Protocol):
    """An experiment of which parts (attention heads, say) can be taken out of what is shown and measured."""

    def ablate(self, parts: Collection[str]) -> Ablation:
        """Measure the loss with and without some parts; changes nothing.

        Raises:
            KeyError: There is no part of that name.
        """

    def view(self, name: str, state: Any = None, without: Collection[str] = ()) -> Frame:
        """As `Experiment.view`, with parts taken out, by the name of their plane (``"1.2"``: layer 1, head 2)."""


@runtime_checkable
class GivesModel(Protocol):
    """An experiment whose model can be given away, and replaced by one that was trained before."""

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        """Return a copy of the model as it is now."""

    def adopt(self, model: TrainedModel) -> Text | None:
        """Take over a model's weights, as if it had just been trained here.

        Returns:
            None when done; else why it doesn't fit this experiment (another width, another tokenizer, another text, …), as a
            sentence for the learner, and then nothing has changed.
        """


@dataclass(frozen=True, slots=True)
class Question:
    """What a run asks the learner."""

    id: str
    """No other question of the run has it, so that a late answer can't be taken for the next one's."""
    prompt: Text
    choices: Mapping[str, Text]
    """What can be answered, with what stands on the screen for it."""


@runtime_checkable
class Asks(Protocol):
    """An experiment that waits for the learner's choice between two steps."""

    def question(self) -> Question | None:
        """Return the question to answer before the next step, or None; changes nothing."""

    def answer(self, value: str) -> None:
        """Take the answer to the present question; after that, it is another one or none."""

    def simulated(self, question: Question, rng: random.Random) -> str:
        """Return an answer that a learner might give, for runs without one; changes nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one arm will take, estimated without building it."""

    flops: float
    """Floating-point operations of one step."""
    calls: float
    """Tensor operations of one step, each with its fixed overhead."""
    bytes: float
    """Memory in all: weights, gradients, optimizer state, activations, data."""


_NO_UNIT = Text("", "")


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an experiment reports."""

    id: str
    label: Text
    unit: Text = _NO_UNIT
    """For example nats per token; empty for a share."""
    short: Text | None = None
    """A word for a crowded legend; None: the label."""
    better: Literal["low", "high"] | None = None
    """Which end one would like best; None: neither, or it depends."""

    @property
    def in_unit(self) -> Text:
        """The label, with the unit where its words don't have it: “bytes a token” is not in “bytes / token”."""
        parts = ((self.label.zh, self.unit.zh, "（{}）"), (self.label.en, self.unit.en, " ({})"))
        return Text(
            *(
                label if not unit or _has(label, unit) else label + form.format(unit)
                for label, unit, form in parts
            )
        )


def _has(label: str, unit: str) -> bool:
    """Return whether a label has what a unit counts, as a word of its own where it is Latin letters."""
    counted = re.escape(unit.split(maxsplit=1)[0])
    return re.search(rf"(?<![A-Za-z]){counted}(?![A-Za-z])", label) is not None


@dataclass(frozen=True, slots=True)
class RuleList:
    """A setting that is a list of named rules, which the learner may switch on and off and put in order.

    Attributes:
        key: Config key of the list.
        known: Every rule, in the usual order; the spec's words name them.
        applies: Config key and value with which the list has an effect; with another value it is idle.
        about: ``(rule, value of its option) -> (name of the value, sentences)``: what the rule looks for; the value is empty where it has
            no option.
        options: Of a rule that can be set: the config key of that, and its values.
        effects: View whose funnel tells what each rule did; empty: none does.
    """

    key: str
    known: tuple[str, ...]
    applies: tuple[str, Value]
    about: Callable[[str, str], tuple[Text, Sequence[Text]]]
    options: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    effects: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every config key that is idle with the list."""
        return (self.key, *(key for key, _ in self.options.values()))

    def in_use(self, config: Mapping[str, Any]) -> bool:
        """Return whether the list has an effect in a config."""
        key, value = self.applies
        return bool(config.get(key) == value)


_NOT_TOGETHER = Text(
    "这个值与其他设置配不上，所以没有改。",
    "This value doesn't go with the other settings, so nothing was changed.",
)
_NEEDS_MODEL = Text(
    "这种实验要从一个训练好的模型开始：在实验文件里写上 base。",
    "This kind of experiment starts from a trained model: name one as the base in the lab file.",
)
_NO_START = Text(
    "这种实验从零开始，不能以训练好的模型为起点。",
    "This kind of experiment begins from nothing and can't start from a trained model.",
)


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """What is known of an experiment without torch.

    Attributes:
        id: The name that a lab file uses.
        config: Its config type.
        metrics: Every metric that `Experiment.step` or `Experiment.finish` may report.
        views: Names that `Experiment.view` takes (``curves`` is drawn by the engine and always there).
        knobs: What a lab may offer to turn; `Experiment.adjust` takes the live ones.
        implementation: ``module:Class``, imported only by `load`.
        estimate: ``(config) -> Cost``; None: not known.
        loss: The metric that training lowers: a run diverges when it blows up; None: there is none.
        quality: The metric that tells how good a finished model is; None: none does.
        counted: What `Experiment.counted` counts, for a number a second; None: nothing.
        rate_knob: The knob that is too high when a run diverges; None: there is none.
        instant: Whether it is an `InstantExperiment`: its labs have no budget, and all its knobs are live.
        recorded: Whether its steps measure this computer. Copies of an experiment share what was measured, so that a replay reads it; another
            run measures anew, and numbers of another computer say nothing about it.
        display: Config keys that decide only what is shown: runs that differ in nothing else are the same run. A live knob or a line
            of the learner among them may be changed at any moment, past ones included, and changes only the frames that are made from then on.
        words: What the ids are called that stand in its frames (labels of strips, headers of tables), and its views' tabs; also the
            parts of settings that are lists.
        settings: What settings are called that no knob names (by key), and their values (by ``key=value``).
        user_text: The settings that take a text of the learner's own; None: it can't train on one.
        user_line: The setting that takes a line which the learner types; None: there is none.
        rule_list: The setting that is a list of rules; None: there is none.
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
    loss: str | None = None
    quality: str | None = None
    counted: Text | None = None
    rate_knob: str | None = None
    instant: bool = False
    recorded: bool = False
    display: frozenset[str] = frozenset()
    words: Mapping[str, Text] = field(default_factory=dict)
    settings: Mapping[str, Text] = field(default_factory=dict)
    user_text: UserText | None = None
    user_line: UserLine | None = None
    rule_list: RuleList | None = None

    def knob(self, id: str) -> Knob | None:
        return next((knob for knob in self.knobs if knob.id == id), None)

    def metric(self, id: str) -> Metric | None:
        return next((metric for metric in self.metrics if metric.id == id), None)

    def is_live(self, key: str) -> bool:
        """Return whether a setting can be changed while a run goes on: as a knob, or as a line that only decides what is shown."""
        knob, line = self.knob(key), self.user_line
        typed = line is not None and line.key == key and key in self.display
        return typed if knob is None else knob.live

    def word(self, id: str) -> Text:
        """Return what an id in a frame is called; one that nobody has words for is shown as it is."""
        metrics = {metric.id: metric.short or metric.label for metric in self.metrics}
        return self.words.get(id) or metrics.get(id) or Text(id, id)

    @property
    def parts(self) -> tuple[str, Text] | None:
        """Return the view whose planes are parts that can be taken out, and what those are called, with ``{parts}``; None: there is none."""
        words = ((view, self.words.get(f"{view}.part")) for view in self.views)
        return next(((view, word) for view, word in words if word is not None), None)

    @property
    def setting_names(self) -> dict[str, Text]:
        """Return the names of settings (``key``) and their values (``key=value``), where they have one."""
        values = {f"{k.id}={value}": k.told(value) for k in self.knobs for value in k.values}
        return {**values, **self.settings, **{k.id: k.label for k in self.knobs}}

    def called(self, ids: Iterable[str]) -> dict[str, Text]:
        """Return the names of settings (``key``), their values (``key=value``), metrics, views and rules; the id where there is none."""
        names = {**{m.id: m.label for m in self.metrics}, **self.setting_names}
        found = {id: names.get(id) or self.words.get(id.rpartition("=")[2]) for id in ids}
        return {id: name or Text(id, id) for id, name in found.items()}

    def load(self) -> type[Experiment]:
        """Import the implementation, and with it torch."""
        module, name = self.implementation.split(":")
        return cast("type[Experiment]", getattr(importlib.import_module(module), name))
