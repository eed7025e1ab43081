"""Settings of the `boltzmann` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import PICTURE_KNOBS, Pictures
from tutor.text import Text


class BoltzmannConfig(Pictures):
    """A network of several layers, each of which perhaps first learns to rebuild what it sees, without labels."""

    pictures: Annotated[int, Field(ge=10, le=10_000)] = 2_000
    grain: Annotated[float, Field(ge=0, le=1)] = 0.2
    layers: Annotated[int, Field(ge=1, le=6)] = 4
    """Hidden layers."""
    units: Annotated[int, Field(ge=4, le=500)] = 64
    """Units in each."""
    net: Literal["sigmoid", "pretrained", "relu"] = "sigmoid"
    """What a unit makes of its sum, sigmoid or ReLU; pretrained: sigmoid units, of which 6 steps of 10 go without labels, shared by the
    layers one after another, as restricted Boltzmann machines."""
    labels: Annotated[int, Field(ge=10, le=10_000)] = 100
    """Pictures that have a label."""
    every: bool = False
    """Whether all pictures have one, whatever `labels` says."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.05
    """Learning rate with labels; it falls in a straight line."""


_CLASS = "tutor.experiments.boltzmann:Boltzmann"

SPEC = ExperimentSpec(
    id="boltzmann",
    config=BoltzmannConfig,
    metrics=(
        Metric("told", Text("认对的新图", "new pictures right"), better="high"),
        Metric("label_loss", Text("损失", "loss"), Text("nat / 图", "nats per picture"), better="low"),
        Metric(
            "rebuilt",
            Text("重建误差", "error of rebuilding"),
            Text("平方差 / 像素", "squared difference per pixel"),
            better="low",
        ),
    ),
    views=("dreams", "pairs", "filters"),
    knobs=(
        Knob.stepped("labels", Text("有标签的图", "pictures with a label"), 20, 50, 100, 200, 500),
        Knob("layers", Text("隐藏层数", "hidden layers"), 1, 5, live=False, whole=True),
        Knob.stepped("units", Text("每层单元数", "units in a layer"), 16, 32, 64, 128),
        *PICTURE_KNOBS,
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 1.0, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(flops=2e5 * config.units, calls=60, bytes=1e7 + 2e3 * config.pictures),
    reading=lambda config: tuple(
        f"{_CLASS}.{name}" for name in ("step", "rebuild_better", "dream", "tell_better")
    ),
    loss="label_loss",
    quality="told",
    rate_knob="lr",
    settings={
        "net": Text("网络", "network"),
        "net=sigmoid": Text("sigmoid，从头学", "sigmoid, from scratch"),
        "net=pretrained": Text("sigmoid，先预训练", "sigmoid, pre-trained"),
        "net=relu": Text("ReLU，从头学", "ReLU, from scratch"),
        "every": Text("每张图都有标签", "every picture has a label"),
    },
    words={
        "dreams": Text("梦", "Dreams"),
        "pairs": Text("重建", "Rebuilt"),
        "filters": Text("滤镜", "Filters"),
        "back": Text("重建", "rebuilt"),
    },
)
