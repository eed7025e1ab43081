"""Settings of the `picture_classifier` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import PICTURE_KNOBS, Pictures
from tutor.text import Text

Net = Literal["dense", "conv", "anywhere"]


class PictureClassifierConfig(Pictures):
    """Small networks that tell ten glyphs apart, tested on pictures that are moved aside."""

    net: Net = "conv"
    """dense: two fully connected layers. conv: a convolution, and a fully connected layer over all it finds. anywhere: a convolution, of
    which only the strongest answer of each filter counts, wherever it is."""
    shift: Annotated[int, Field(ge=0, le=3)] = 1
    """Pixels by which test pictures are moved."""
    spread: Annotated[int, Field(ge=0, le=3)] = 0
    """Pixels by which a training picture is moved at most, at random each time."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Learning rate at the start; it falls in a straight line."""


_CLASS = "tutor.experiments.picture_classifier:PictureClassifier"

SPEC = ExperimentSpec(
    id="picture_classifier",
    config=PictureClassifierConfig,
    metrics=(
        Metric("centred", Text("居中的图认对", "centred ones right"), better="high"),
        Metric("aside", Text("挪开的图认对", "moved ones right"), better="high"),
        Metric("picture_loss", Text("损失", "loss"), Text("nat / 图", "nats per picture"), better="low"),
    ),
    views=("by_shift", "pictures", "filters"),
    knobs=(
        Knob("shift", Text("测试图挪几格", "test pictures moved by"), 0, 3, whole=True),
        *PICTURE_KNOBS,
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 1.0, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(flops=6e7, calls=60, bytes=2e7 + 2e3 * config.pictures),
    reading=lambda config: (
        f"{_CLASS}.step",
        "tutor.experiments.picture_classifier:layers",
        "tutor.experiments.picture_data:moved",
    ),
    loss="picture_loss",
    quality="aside",
    rate_knob="lr",
    settings={
        "net": Text("网络", "network"),
        "net=dense": Text("全连接", "fully connected"),
        "net=conv": Text("卷积 + 全连接", "convolution + fully connected"),
        "net=anywhere": Text("卷积 + 取最强", "convolution + strongest"),
        "spread": Text("训练图最多挪几格", "training pictures moved by up to"),
    },
    words={
        "by_shift": Text("挪几格", "By shift"),
        "pictures": Text("测试图", "Pictures"),
        "filters": Text("滤镜", "Filters"),
        "right": Text("认对的份额", "share right"),
        "pixels": Text("测试图挪开的像素", "pixels moved"),
    },
)
