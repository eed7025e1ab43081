"""Settings of the `toy_classifier` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

LAMPS = {"xor": (0.0, 1.0, 1.0, 0.0), "and": (0.0, 0.0, 0.0, 1.0)}
"""Whether the lamp is on, by its two switches: both down, only the second up, only the first up, both up."""
SIDE = 2.0
"""The plane is shown from minus this to this; a switch is at -1 (down) or 1 (up)."""


class ToyClassifierConfig(ExperimentConfig):
    """Small networks that tell where in the plane a lamp is on, many random starts of them."""

    points: Literal["xor", "and"] = "xor"
    """xor: on when exactly one of two switches is up. and: when both are."""
    hidden: Annotated[int, Field(ge=1, le=16)] = 2
    """Units of the hidden layer, before `widen`."""
    widen: Annotated[int, Field(ge=0, le=4)] = 1
    """Times as many units; 0: there is no hidden layer."""
    activation: Literal["relu", "tanh"] = "relu"
    """What a hidden unit makes of its sum."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.1
    """Learning rate."""
    starts: Annotated[int, Field(ge=1, le=1_000)] = 100
    """Networks that differ only in their first weights."""
    start: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Which of them is shown, counted from 1."""

    @property
    def units(self) -> int:
        """Hidden units; 0: there is no hidden layer."""
        return self.hidden * self.widen


_ACTIVATIONS = {"relu": Text("ReLU", "ReLU"), "tanh": Text("tanh", "tanh")}
_LAMPS = {"xor": Text("一个朝上（XOR）", "one up (XOR)"), "and": Text("都朝上（AND）", "both up (AND)")}

SPEC = ExperimentSpec(
    id="toy_classifier",
    config=ToyClassifierConfig,
    metrics=(
        Metric("solved", Text("解出的起点", "starts solved"), better="high"),
        Metric("right", Text("判对的点", "points right"), better="high"),
        Metric("loss", Text("损失", "loss"), Text("nat / 点", "nats per point"), better="low"),
    ),
    views=("field", "starts"),
    knobs=(
        Knob("hidden", Text("隐藏单元数", "hidden units"), 1, 8, live=False, whole=True),
        Knob("activation", Text("激活函数", "activation"), live=False, choices=_ACTIVATIONS),
        Knob("points", Text("开关怎样时灯亮", "switches that light it"), live=False, choices=_LAMPS),
        Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0, log=True),
        Knob("start", Text("看第几个起点", "start that is shown"), 1, 100, whole=True),
    ),
    implementation="tutor.experiments.toy_classifier:ToyClassifier",
    reading=lambda config: tuple(
        f"tutor.experiments.toy_classifier:ToyClassifier.{name}" for name in ("step", "hidden", "slope")
    ),
    loss="loss",
    rate_knob="lr",
    display=frozenset(("start",)),
    settings={"widen": Text("宽度（倍）", "times as wide"), "starts": Text("起点数", "starts")},
    words={
        "field": Text("边界", "Field"),
        "starts": Text("各起点", "Starts"),
        "on": Text("灯亮", "lamp on"),
        "off": Text("灯灭", "lamp off"),
        "says_on": Text("网络说亮", "network says on"),
        "says_off": Text("网络说灭", "network says off"),
        "below": Text("楼下的开关", "switch below"),
        "above": Text("楼上的开关", "switch above"),
    },
)
