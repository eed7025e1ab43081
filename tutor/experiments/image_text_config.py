"""Settings of the `image_text` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import PICTURE_KNOBS
from tutor.text import Lang, Text


class ImageTextConfig(ExperimentConfig):
    """Pictures of shapes and their captions, learned as pairs; some combinations of words occur in the test only."""

    language: Lang = "en"
    """That of the captions."""
    unseen: Annotated[int, Field(ge=2, le=12)] = 6
    """Combinations, of 24, that training leaves out."""
    pictures: Annotated[int, Field(ge=10, le=10_000)] = 1_000
    """How many there are to learn from, before `times`."""
    times: Annotated[int, Field(ge=1, le=5)] = 1
    """Times as many."""
    net: Literal["words", "whole"] = "words"
    """words: the vector of a caption is the sum of those of its words. whole: each caption has one of its own, as if it were a number."""
    grain: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Standard deviation of the noise on each pixel, where full ink is 1."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.005
    """Learning rate at the start; it falls in a straight line."""


_CLASS = "tutor.experiments.image_text:ImageText"

SPEC = ExperimentSpec(
    id="image_text",
    config=ImageTextConfig,
    metrics=(
        Metric("unseen", Text("没见过的组合认对", "unseen combinations right"), better="high"),
        Metric("seen", Text("见过的组合认对", "seen combinations right"), better="high"),
        Metric(
            "unseen_only",
            Text("没见过的，只在它们之间选", "unseen, chosen among these only"),
            better="high",
        ),
        Metric("as_seen", Text("没见过的，说成见过的", "unseen, called a seen one"), better="low"),
        Metric("size_right", Text("没见过的，大小说对", "unseen, size right"), better="high"),
        Metric("filling_right", Text("没见过的，填法说对", "unseen, filling right"), better="high"),
        Metric("shape_right", Text("没见过的，形状说对", "unseen, shape right"), better="high"),
        Metric("match_loss", Text("损失", "loss"), Text("nat / 对", "nats per pair"), better="low"),
    ),
    views=("matrix", "pictures", "mistakes"),
    knobs=(
        Knob.stepped("unseen", Text("没见过的组合数", "unseen combinations"), 2, 4, 6, 8, 12),
        *PICTURE_KNOBS[1:],
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 1.0, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(flops=1.2e8, calls=80, bytes=2e7 + 6e3 * config.pictures * config.times),
    reading=lambda config: tuple(f"{_CLASS}.{name}" for name in ("step", "see", "read")),
    loss="match_loss",
    quality="unseen",
    rate_knob="lr",
    settings={
        "net": Text("说明文字", "captions"),
        "net=words": Text("逐词读", "read word by word"),
        "net=whole": Text("整句当一个编号", "one number each"),
        "times": Text("训练图（倍）", "times as many pictures"),
        "language": Text("说明文字的语言", "language of the captions"),
    },
    words={
        "matrix": Text("相似度", "Similarity"),
        "pictures": Text("没见过的图", "Unseen pictures"),
        "mistakes": Text("错在哪", "Mistakes"),
        "matrix.reads": Text("图「{row}」与字「{col}」", "picture «{row}», caption «{col}»"),
        "matrix.value": Text("余弦", "cosine"),
        "shown": Text("图里是（没见过）", "shown (unseen)"),
        "right": Text("说对", "right"),
        "mistaken": Text("最常错成", "most often taken for"),
    },
)
