"""Settings of the `modular_addition` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

UNITS, EMBEDDING = 128, 64
"""Of the hidden layer, and numbers that stand for one."""
STRONGEST = 5
"""Frequencies that are counted as the strongest."""


class ModularAdditionConfig(ExperimentConfig):
    """A small network that learns to add on a dial, from a part of all sums."""

    modulus: Annotated[int, Field(ge=11, le=97)] = 47
    """Numbers on the dial: after the last comes 0."""
    share: Annotated[float, Field(ge=0.05, le=0.95)] = 0.6
    """Of all pairs, how many it learns from; the others are kept back."""
    decay: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Weight decay: the learning rate times this is the share of each weight that goes in a step."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Learning rate."""


def _cost(config: ModularAdditionConfig) -> Cost:
    p = config.modulus
    pairs, weights = p * (p + 1) / 2, EMBEDDING * (p + UNITS) + UNITS * p
    return Cost(6 * pairs * UNITS * (EMBEDDING + p), 60, 2e7 + 16 * weights + 24 * pairs * (UNITS + p))


_CLASS = "tutor.experiments.modular_addition:ModularAddition"
_RIGHT = Text("答对", "right")
_NATS = Text("nat / 题", "nats per sum")

SPEC = ExperimentSpec(
    id="modular_addition",
    config=ModularAdditionConfig,
    metrics=(
        Metric("unseen_right", Text("没见过的题答对", "unseen sums right"), short=_RIGHT, better="high"),
        Metric("seen_right", Text("练过的题答对", "practised sums right"), better="high"),
        Metric("unseen_loss", Text("没见过的题的损失", "loss on unseen sums"), _NATS, better="low"),
        Metric("seen_loss", Text("练过的题的损失", "loss on practised sums"), _NATS, better="low"),
        Metric("length", Text("全部权重的长度", "length of all weights")),
        Metric(
            "waves", Text("最强的 5 个频率占的份额", "share of the 5 strongest frequencies"), better="high"
        ),
        Metric(
            "early",
            Text("练过的刚全对时，没见过的答对", "unseen sums right when those practised first were"),
        ),
    ),
    views=("circle", "frequencies"),
    knobs=(
        Knob("decay", Text("权重衰减", "weight decay"), 0.0, 3.0),
        Knob("share", Text("练习的份额", "share practised"), 0.2, 0.9, live=False),
        Knob("lr", Text("学习率", "learning rate"), 0.001, 0.1, log=True),
        Knob.stepped("modulus", Text("一圈有几个数", "numbers on the dial"), 23, 31, 47, 59),
    ),
    implementation=_CLASS,
    estimate=_cost,
    reading=lambda config: (
        f"{_CLASS}.step",
        "tutor.experiments.modular_addition:scores",
        f"{_CLASS}._measure",
    ),
    loss="seen_loss",
    rate_knob="lr",
    words={
        "circle": Text("数在哪里", "Where numbers lie"),
        "frequencies": Text("频率", "Frequencies"),
        "number": Text("数", "numbers"),
        "across": Text("余弦", "cosine"),
        "up": Text("正弦", "sine"),
        "power": Text("嵌入里的份额", "share of the embedding"),
    },
)
