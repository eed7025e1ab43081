"""An experiment that costs nothing, for screens: deterministic, and broken where a test says so. No torch."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from pydantic import field_validator

from tutor.content.models import Lab, Saves
from tutor.experiments.base import (
    Ablation,
    Experiment,
    ExperimentConfig,
    ExperimentSpec,
    InstantExperiment,
    Metric,
    Question,
    TrainedModel,
)
from tutor.experiments.knobs import Knob
from tutor.experiments.user_text import UserText
from tutor.frames import Bars, Frame, HeatMap, Part, Sample, Samples
from tutor.text import Text


class FakeConfig(ExperimentConfig):
    """Config of the fake; a step number of 0 means never."""

    lr: float = 0.2
    temperature: float = 0.8
    width: int = 8
    sample_chars: int = 160
    corpus: str = "made"
    text_file: str = ""
    nan_at: int = 0
    fail_in: Literal["", "build", "step", "view", "finish"] = ""


@dataclass(frozen=True)
class FakeState:
    """A moment of the fake."""

    steps: int
    tensors: Mapping[str, Any] = field(default_factory=dict)


class FakeExperiment(Experiment):
    """One whose loss falls as the learning rate says."""

    def __init__(
        self, config: FakeConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps)
        self.config: FakeConfig = config
        self.lr = config.lr
        self.temperature = config.temperature
        self.loss = 4.0
        self.random = random.Random(seed)
        self._at("build")

    def step(self) -> dict[str, float]:
        self._at("step")
        self.steps += 1
        self.loss *= 1 - self.lr * 0.1 - 0.001 * self.random.random()
        if self.config.nan_at and self.steps >= self.config.nan_at:
            self.loss = math.nan
        return {"train_loss": self.loss, "val_loss": self.loss + 0.5}

    def view_state(self) -> FakeState:
        return FakeState(self.steps)

    def ablate(self, parts: Collection[str]) -> Ablation:
        return Ablation(tuple(parts), self.loss, self.loss + 0.25 * len(parts))

    def view(self, name: str, state: FakeState | None = None, without: Collection[str] = ()) -> Frame:
        self._at("view")
        steps = self.steps if state is None else state.steps
        if name == "attention":
            values = np.tril(np.full((2, 3, 3), steps % 10 / 10, dtype=np.float16))
            values[:, 0, 1:] = np.nan
            labels = ("The", " cat", " sat")
            return HeatMap(values, ("1.1", "1.2"), labels, labels, steps)
        if name == "samples":
            parts = (Part("The ", "given"), Part(f"cat\x1b[31m sat {steps}", "made"))
            return Samples((Sample(steps, parts, temperature=self.temperature),))
        raise KeyError(name)

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        return TrainedModel({}, "fake", {}, {}, dict(metrics), self.steps, self.seed)

    def adopt(self, model: TrainedModel) -> Text | None:
        return None

    def finish(self) -> dict[str, float]:
        self._at("finish")
        return {"val_loss": self.loss + 0.25}

    def counted(self) -> int:
        return 64

    def _at(self, place: str) -> None:
        if self.config.fail_in == place:
            raise RuntimeError(f"broken in {place}")


_NATS = Text("nat / token", "nats per token")

FAKE_SPEC = ExperimentSpec(
    id="fake",
    config=FakeConfig,
    metrics=(
        Metric("train_loss", Text("训练损失", "training loss"), _NATS, better="low"),
        Metric("val_loss", Text("验证损失", "validation loss"), _NATS, better="low"),
    ),
    views=("attention", "samples"),
    knobs=(
        Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0),
        Knob("width", Text("宽度", "width"), 4, 16, live=False, whole=True, steps=(4, 8, 16)),
        Knob("temperature", Text("采样温度", "sampling temperature"), 0.0, 2.0),
    ),
    display=frozenset(("temperature", "sample_chars")),
    loss="train_loss",
    quality="val_loss",
    counted=Text("token", "tokens"),
    rate_knob="lr",
    words={
        "attention.part": Text("头 {parts}", "head {parts}"),
        "attention.reads": Text("«{row}» 看 «{col}»", "«{row}» looks at «{col}»"),
        "attention.value": Text("权重", "weight"),
        "attention.hole": Text("被掩码挡住", "masked"),
    },
    user_text=UserText(),
    implementation="tests.ui.fake:FakeExperiment",
)
"""The card of the fake experiment."""


def fake_lab(*, steps: int, base_steps: int = 0, sets: dict[str, dict[str, Any]] | None = None) -> Lab:
    """A lab of two arms, ``a`` and ``b``, over the fake."""
    sets = sets or {}

    def both(zh: str, en: str) -> dict[str, str]:
        return {"zh": zh, "en": en}

    def option(name: str, zh: str, en: str, when: str) -> dict[str, Any]:
        return {"id": name, "text": both(zh, en), "when": when}

    data: dict[str, Any] = {
        "id": "fake",
        "experiment": "fake",
        "title": both("假实验", "A fake lab"),
        "summary": both("两组一起跑。", "Two arms run together."),
        "concepts": ["s3.pretraining"],
        "arms": [
            {"id": name, "label": both(f"中文 {name}", f"English {name}"), "set": sets.get(name, {})}
            for name in ("a", "b")
        ],
        "steps": steps,
        "views": ["curves", "attention", "samples"],
        "curves": ["train_loss", "val_loss"],
        "knobs": [
            {"id": "lr", "minimum": 0, "maximum": 1},
            {"id": "width", "minimum": 4, "maximum": 16},
            {"id": "temperature", "minimum": 0, "maximum": 2},
        ],
        "prediction": {
            "question": both("损失会怎样？", "What will the loss do?"),
            "ordered": True,
            "options": [
                option("rises", "上升", "Rise", "a.train_loss > a.first_train_loss"),
                option("falls", "下降", "Fall", "a.train_loss < a.first_train_loss"),
                option("other", "别的", "Something else", "1 > 0"),
            ],
            "reveal": both("最后是 {a.train_loss:.2f}。", "It ended at {a.train_loss:.2f}."),
        },
        "claims": [
            {"expr": "a.train_loss < a.first_train_loss", "text": both("损失下降。", "The loss falls.")},
            {"expr": "a.train_loss > 100", "text": both("损失很大。", "The loss is huge.")},
        ],
        "look_for": both("看损失怎样下降。", "Watch the loss fall."),
    }
    if base_steps:
        data["base"] = {"lab": "fake-base", "label": both("中文底座", "English base")}
        for arm in data["arms"]:
            arm["from_base"] = True
        before = fake_lab(steps=base_steps)
        saves = Saves(name="fake-model", arm=before.arms[0].id)
        before = before.model_copy(update={"id": "fake-base", "saves": saves})
        return Lab.model_validate(data).after(before)
    return Lab.model_validate(data)


class BoxConfig(ExperimentConfig):
    """Config of the instant fake."""

    length: float = 3.0
    material: Literal["wood", "steel"] = "wood"
    lid: bool = False

    @field_validator("length")
    @classmethod
    def _not_thirteen(cls, value: float) -> float:
        if value == 13:
            raise ValueError("never")
        return value


class Box(InstantExperiment):
    """What a box weighs."""

    def view(self, name: str, state: Any = None) -> Frame:
        return Bars(("weight",), (self.finish()["weight"],))

    def finish(self) -> dict[str, float]:
        config: BoxConfig = self.config
        return {"weight": config.length * (8 if config.material == "steel" else 1) + config.lid}


BOX_SPEC = ExperimentSpec(
    id="box",
    config=BoxConfig,
    metrics=(Metric("weight", Text("重量", "weight"), Text("公斤", "kg")),),
    views=("weights",),
    knobs=(
        Knob("length", Text("长度", "length"), 1, 20, whole=True),
        Knob(
            "material",
            Text("材料", "material"),
            choices={"wood": Text("木头", "wood"), "steel": Text("钢", "steel")},
        ),
        Knob("lid", Text("盖子", "lid"), switch=True),
    ),
    words={"weights": Text("重量", "Weights"), "weight": Text("重量", "weight")},
    instant=True,
    implementation="tests.ui.fake:Box",
)
"""The card of the instant fake."""


def box_lab() -> Lab:
    """An instant lab of one arm."""
    plain = fake_lab(steps=1)
    option = plain.prediction.options[0]
    options = (
        option.model_copy(update={"id": "light", "text": Text("轻", "Light"), "when": "a.weight < 10"}),
        option.model_copy(update={"id": "heavy", "text": Text("重", "Heavy"), "when": "a.weight >= 10"}),
    )
    reveal = Text("它重 {a.weight:.0f} 公斤。", "It weighs {a.weight:.0f} kg.")
    prediction = plain.prediction.model_copy(update={"options": options, "reveal": reveal})
    return plain.model_copy(
        update={
            "id": "box",
            "experiment": "box",
            "arms": plain.arms[:1],
            "steps": None,
            "views": ("weights",),
            "curves": (),
            "knobs": tuple(
                plain.knobs[0].model_copy(update={"id": k.id, "minimum": None, "maximum": None})
                for k in BOX_SPEC.knobs
            ),
            "prediction": prediction,
            "claims": (plain.claims[0].model_copy(update={"expr": "a.weight < 5"}),),
        }
    )


class Asking(FakeExperiment):
    """Asks before every third step; the answer decides how the loss goes on."""

    asked = False

    def question(self) -> Question | None:
        if self.steps % 3 or self.asked:
            return None
        choices = {"left": Text("左边", "The left"), "right": Text("右边", "The right")}
        return Question(
            str(self.steps),
            Text(f"第 {self.steps} 步，哪个好？", f"Which is better at {self.steps}?"),
            choices,
        )

    def answer(self, value: str) -> None:
        self.asked = True
        self.loss *= 0.5 if value == "left" else 1.1

    def simulated(self, question: Question, rng: random.Random) -> str:
        return rng.choice(list(question.choices))

    def step(self) -> dict[str, float]:
        self.asked = False
        return super().step()


ASKING_SPEC = dataclasses.replace(FAKE_SPEC, implementation="tests.ui.fake:Asking")
"""The card of a fake that asks."""


def asking_lab() -> Lab:
    """A lab of one arm that asks twice."""
    plain = fake_lab(steps=6)
    return plain.model_copy(update={"arms": plain.arms[:1], "views": ("curves",), "curves": ("train_loss",)})
