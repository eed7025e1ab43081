"""Settings of the `word_vectors` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tutor.data.word_sense_text import NOUNS
from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text


class WordVectorsConfig(ExperimentConfig):
    """Skip-gram on a made-up text of 77 words, one of them in two senses."""

    dims: Annotated[int, Field(ge=2, le=64)] = 24
    """Numbers in a vector."""
    fruit_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Share of the sentences with "apple" that are about fruit; the others are about firms."""
    lr: Annotated[float, Field(gt=0, le=1)] = 0.02
    """Learning rate at the start; it falls in a straight line."""


_CLASS = "tutor.experiments.word_vectors:WordVectors"
_COSINE = Text("余弦", "cosine")

SPEC = ExperimentSpec(
    id="word_vectors",
    config=WordVectorsConfig,
    metrics=(
        Metric("pair_loss", Text("损失", "loss"), Text("nat / 词对", "nats per pair"), better="low"),
        Metric("analogies", Text("类比答对", "analogies right"), better="high"),
        Metric("nearest_only", Text("就近取词答对", "right by nearest noun")),
        Metric("to_fruit", Text("苹果与水果", "apple to fruit"), _COSINE),
        Metric("to_firms", Text("苹果与公司", "apple to firms"), _COSINE),
        Metric("to_others", Text("苹果与其他", "apple to the rest"), _COSINE),
    ),
    views=("map", "answers", "text"),
    knobs=(
        Knob("dims", Text("维数", "dimensions"), 2, 64, live=False, whole=True),
        Knob("fruit_share", Text("讲水果的份额", "share about fruit"), 0.0, 1.0, live=False),
        Knob("lr", Text("学习率", "learning rate"), 0.001, 1.0, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(flops=3e4 * config.dims, calls=60, bytes=1e6 + 1e5 * config.dims),
    reading=lambda config: tuple(f"{_CLASS}.{name}" for name in ("step", "pairs", "answer")),
    loss="pair_loss",
    quality="analogies",
    rate_knob="lr",
    words={
        **{noun.en: noun for nouns in NOUNS.values() for noun in nouns},
        "map": Text("词图", "Map"),
        "answers": Text("类比", "Analogies"),
        "text": Text("语料", "Text"),
        "people": Text("人", "people"),
        "places": Text("地方", "places"),
        "fruit": Text("水果", "fruit"),
        "firms": Text("公司", "firms"),
        "both": Text("苹果", "apple"),
        "across": Text("水果 → 公司", "fruit → firms"),
        "up": Text("人 → 地方", "people → places"),
        "question": Text("题", "question"),
        "right": Text("正确", "right"),
        "says": Text("向量加减", "by arithmetic"),
        "nearest": Text("就近取词", "nearest noun"),
    },
)
