"""An experiment that costs nothing: deterministic, countable, and held or broken where a test says so. No torch.

For all tests that need a lab that really runs: `fake_lab` and `fake_spec` make it, `Viewer` waits for what it tells.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from tutor.content.models import Lab, Saves
from tutor.engine import LabRun, Snapshot
from tutor.experiments.base import (
    Ablation,
    Experiment,
    ExperimentConfig,
    ExperimentSpec,
    Metric,
    Origin,
    TrainedModel,
)
from tutor.experiments.knobs import Knob, Value
from tutor.experiments.user_text import UserText
from tutor.frames import Curves, Frame, HeatMap, Part, Sample, Samples
from tutor.text import InputError, Text

LONG = 30.0
"""Seconds after which a wait fails the test; nothing ever takes that long."""

TOKENS_PER_STEP = 100

Place = Literal["load", "build", "step", "view", "finish"]


class Gate:
    """A place that the experiment passes, and that a test can hold."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._free = math.inf
        self.arrived = 0

    def hold(self, after: int = 0) -> None:
        """Let ``after`` more pass, then nobody."""
        with self._changed:
            self._free = after

    def open(self) -> None:
        """Let everybody pass."""
        with self._changed:
            self._free = math.inf
            self._changed.notify_all()

    def let(self, count: int) -> None:
        """Let ``count`` more pass."""
        with self._changed:
            self._free += count
            self._changed.notify_all()

    def wait_for_arrival(self, count: int = 1) -> None:
        """Block until that many have come, passed or not."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.arrived >= count, LONG)

    def pass_through(self) -> None:
        with self._changed:
            self.arrived += 1
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._free > 0, LONG)
            self._free -= 1


@dataclass(eq=False)
class Control:
    """What a test sees of all experiments of one spec, and does to them."""

    gates: dict[str, Gate] = field(
        default_factory=lambda: {place: Gate() for place in ("load", "build", "step", "view", "finish")}
    )
    log: list[tuple[str, str]] = field(default_factory=list)
    """``(place, name of the arm)`` of everything done, in order."""
    adjusted: list[tuple[str, str, Value]] = field(default_factory=list)

    def reach(self, place: Place, name: str) -> None:
        self.gates[place].pass_through()
        self.log.append((place, name))

    def count(self, place: Place, name: str | None = None) -> int:
        return sum(p == place and name in (None, n) for p, n in self.log)


class FakeConfig(ExperimentConfig):
    name: str = "?"
    """How the arm is called in `Control.log`."""
    lr: float = 0.1
    temperature: float = 1.0
    """Decides only what is shown: a sample tells it."""
    nan_at: int = 0
    """Step at which the loss becomes NaN."""
    blow_up_at: int = 0
    """Step from which the loss is a hundred times what it was."""
    fail: Literal["", "load", "build", "step", "view", "finish"] = ""
    refuse: bool = False
    """Say that the input can't be used."""
    corpus: str = "none"
    text_file: str | None = None


class Broken(RuntimeError):
    pass


@dataclass(frozen=True)
class FakeState:
    steps: int
    tensors: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=lambda: {"w": np.zeros(10)})


class FakeExperiment(Experiment):
    """The loss falls as the learning rate says, with some noise from the seed."""

    control = Control()

    def __init__(
        self, config: FakeConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps)
        self.history: tuple[Origin, ...] = start.history if start is not None else ()
        self.lr = config.lr
        self.temperature = config.temperature
        self.loss: float = start.tensors["loss"] if start is not None else 4.0
        self.random = random.Random(seed)
        self._at("build")
        if config.refuse:
            raise InputError(Text("这个文件是空的。", "This file is empty."))

    def step(self) -> dict[str, float]:
        self._at("step")
        self.steps += 1
        self.loss *= 1 - self.lr * 0.1 + 0.001 * self.random.random()
        loss = self.loss
        if self.config.nan_at and self.steps >= self.config.nan_at:
            loss = math.nan
        if self.config.blow_up_at and self.steps >= self.config.blow_up_at:
            loss *= 100
        metrics = {"train_loss": loss, "lr": self.lr}
        if self.steps % 2:
            metrics["val_loss"] = loss + 0.1
        return metrics

    def view_state(self) -> FakeState:
        return FakeState(self.steps)

    def ablate(self, parts: Collection[str]) -> Ablation:
        if not set(parts) <= {"1.1", "1.2"}:
            raise KeyError(*parts)
        return Ablation(tuple(parts), self.loss, self.loss + 0.1 * len(parts))

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        tensors = {"loss": self.loss}
        config = {"name": self.config.name}
        return TrainedModel(tensors, "fake", config, {}, dict(metrics), self.steps, self.seed, self.history)

    def adopt(self, saved: TrainedModel) -> Text | None:
        if saved.experiment != "fake":
            return Text("不是同一种实验", "it is of another experiment")
        self.loss, self.steps = saved.metrics["val_loss"], saved.steps
        return None

    def view(self, name: str, state: FakeState | None = None, without: Collection[str] = ()) -> Frame:
        self._at("view")
        steps = self.steps if state is None else state.steps
        if name == "attention":
            values = np.tril(np.full((2, 3, 3), steps % 10 / 10, dtype=np.float16))
            for plane, head in enumerate(("1.1", "1.2")):
                if head in without:
                    values[plane] = 0
            labels = ("The", " cat", " sat")
            return HeatMap(values, ("1.1", "1.2"), labels, labels, steps)
        if name == "samples":
            parts = (Part("The ", "given"), Part(f"{self.config.name} at {steps}", "made"))
            return Samples((Sample(steps, parts, temperature=self.temperature),))
        raise KeyError(name)

    def adjust(self, knob: str, value: Value) -> None:
        self.control.adjusted.append((self.config.name, knob, value))
        setattr(self, knob, value)

    def finish(self) -> dict[str, float]:
        self._at("finish")
        return {"val_loss": self.loss + 0.05, "parameters": 12.0}

    def counted(self) -> int:
        return TOKENS_PER_STEP

    def _at(self, place: Place) -> None:
        self.control.reach(place, self.config.name)
        if self.config.fail == place:
            raise Broken(f"broken in {place}")


@dataclass(frozen=True, slots=True)
class FakeSpec(ExperimentSpec):
    """A spec whose experiments obey a `Control`."""

    control: Control = field(default_factory=Control)
    broken: bool = False

    def load(self) -> type[Experiment]:
        self.control.reach("load", "")
        if self.broken:
            raise ImportError("no such library")
        return type("Held", (FakeExperiment,), {"control": self.control})


def fake_spec(control: Control | None = None, *, broken: bool = False) -> FakeSpec:
    """The card of the fake experiment."""
    nats = Text("nat / token", "nats per token")
    return FakeSpec(
        id="fake",
        config=FakeConfig,
        metrics=(
            Metric("train_loss", Text("训练损失", "training loss"), nats),
            Metric("val_loss", Text("验证损失", "validation loss"), nats),
            Metric("lr", Text("学习率", "learning rate"), Text("", "")),
            Metric("parameters", Text("参数", "parameters"), Text("", "")),
        ),
        views=("attention", "samples"),
        knobs=(
            Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0),
            Knob("temperature", Text("采样温度", "sampling temperature"), 0.0, 2.0),
        ),
        display=frozenset(("temperature",)),
        loss="train_loss",
        quality="val_loss",
        counted=Text("token", "tokens"),
        rate_knob="lr",
        user_text=UserText(),
        implementation="tests.engine.fake:FakeExperiment",
        control=control or Control(),
        broken=broken,
    )


def fake_lab(
    *,
    id: str = "fake",
    arms: Mapping[str, Mapping[str, Any]] | None = None,
    base: Mapping[str, Any] | None = None,
    base_steps: int = 4,
    steps: int = 20,
    shared: Mapping[str, Any] | None = None,
) -> Lab:
    """A lab of fake experiments.

    Args:
        id: Its id.
        arms: Config of each arm by id; by default ``slow`` and ``fast``, which wins.
        base: Config of the base run, from which then all arms start; None for no base.
        base_steps: Budget of the base run.
        steps: Budget of each arm.
        shared: Config of all.
    """
    arms = arms if arms is not None else {"slow": {"lr": "0.1"}, "fast": {"lr": "0.5"}}
    first, last = next(iter(arms)), list(arms)[-1]
    data: dict[str, Any] = {
        "id": id,
        "experiment": "fake",
        "title": {"zh": "假实验", "en": "A fake lab"},
        "summary": {"zh": "两组一起跑。", "en": "Two arms run together."},
        "concepts": ["s3.pretraining"],
        "shared": dict(shared or {}),
        "arms": [
            {
                "id": arm,
                "label": {"zh": f"{arm} 组", "en": f"{arm} arm"},
                "set": {"name": arm, **config},
                "from_base": base is not None,
            }
            for arm, config in arms.items()
        ],
        "steps": steps,
        "views": ["curves", "attention", "samples"],
        "curves": ["train_loss", "val_loss"],
        "knobs": [
            {"id": "lr", "minimum": "0", "maximum": "0.8"},
            {"id": "temperature", "minimum": "0", "maximum": "2"},
        ],
        "prediction": {
            "question": {"zh": "哪一组的损失更低？", "en": "Which arm ends with the lower loss?"},
            "options": [
                {
                    "id": "first",
                    "text": {"zh": "第一组", "en": "The first"},
                    "when": f"{first}.val_loss < {last}.val_loss",
                },
                {
                    "id": "last",
                    "text": {"zh": "最后一组", "en": "The last"},
                    "when": f"{last}.val_loss < {first}.val_loss",
                },
                {"id": "same", "text": {"zh": "一样", "en": "Neither"}, "when": "1 > 0"},
            ],
            "reveal": {
                "zh": f"最后一组的损失是 {{{last}.val_loss:.2f}}。",
                "en": f"The last arm's loss is {{{last}.val_loss:.2f}}.",
            },
        },
        "claims": [
            {
                "expr": f"{last}.val_loss < {last}.first_val_loss",
                "text": {"zh": "损失会下降。", "en": "The loss falls."},
            },
            {
                "expr": f"{last}.val_loss > 100",
                "text": {"zh": "这一条不成立。", "en": "This one is wrong."},
            },
            {
                "expr": f"{last}.fill_loss < 1",
                "text": {"zh": "这一条没有测。", "en": "This one was never measured."},
            },
        ],
        "look_for": {"zh": "看损失怎样下降。", "en": "Watch the loss fall."},
    }
    if base is None:
        return Lab.model_validate(data)
    data["base"] = {"lab": "fake-base", "label": {"zh": "底座", "en": "base"}}
    made = fake_lab(id="fake-base", arms={"base": base}, steps=base_steps, shared=shared)
    made = made.model_copy(update={"saves": Saves(name="fake-model", arm="base")})
    return Lab.model_validate(data).after(made)


class Viewer:
    """Plays the screen: takes snapshots, and keeps the newest frame of each view and arm.

    Attributes:
        seen: Every snapshot taken.
        frames: The newest frames of the newest run.
    """

    def __init__(self, run: LabRun) -> None:
        self.run = run
        self.seen: list[Snapshot] = []
        self.frames: dict[tuple[str, str], Frame | None] = {}

    @property
    def last(self) -> Snapshot:
        return self.seen[-1]

    def take(self) -> Snapshot | None:
        snapshot = self.run.take()
        if snapshot is not None:
            if self.seen and self.last.run_id != snapshot.run_id:
                self.frames.clear()
            self.seen.append(snapshot)
            self.frames.update(snapshot.frames)
        return snapshot

    def until(self, wanted: Callable[[Snapshot], bool]) -> Snapshot:
        """Take snapshots until one is as wanted; the last that was taken counts too."""
        if self.seen and wanted(self.last):
            return self.last
        while True:
            assert self.run.wait(LONG), f"nothing more after {self.seen[-1:]}"
            snapshot = self.take()
            if snapshot is not None and wanted(snapshot):
                return snapshot

    def phase(self, *phases: str) -> Snapshot:
        """Wait for one of these phases."""
        return self.until(lambda snapshot: snapshot.phase in phases)

    def frame(self, view: str, arm: str, shows: Callable[[Frame], bool] = lambda frame: True) -> Frame:
        """Wait for a frame that shows something."""

        def there(_: Snapshot) -> bool:
            frame = self.frames.get((view, arm))
            return frame is not None and shows(frame)

        self.until(there)
        frame = self.frames[view, arm]
        assert frame is not None
        return frame


def wait_for(run: LabRun, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """Take a run's snapshots until one is as wanted."""
    return Viewer(run).until(wanted)


def losses(frame: Frame, arm: str, metric: str = "train_loss") -> list[float]:
    """The values of one line of a chart."""
    assert isinstance(frame, Curves)
    return next((s.y.tolist() for s in frame.series if (s.arm, s.metric) == (arm, metric)), [])


def steps_of(snapshot: Snapshot) -> dict[str, int]:
    """Steps done by each arm."""
    return {arm.id: arm.step for arm in snapshot.arms}
