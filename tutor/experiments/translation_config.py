"""Settings of the `translation` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

SHORTEST, LONGEST = 4, 12
"""Letters of the words that are learned from."""
LONGER = 16
"""Letters of the longest words that it is tested on."""


class TranslationConfig(ExperimentConfig):
    """One recurrent network reads a word of random letters, another writes it down again, backwards say."""

    order: Literal["backwards", "forwards"] = "backwards"
    """How the letters are to be written."""
    alphabet: Annotated[int, Field(ge=2, le=26)] = 26
    """How many letters there are to choose from."""
    attention: bool = False
    """Whether the writer looks back at all that was read; else it knows only the reader's last state."""
    units: Annotated[int, Field(ge=8, le=256)] = 64
    """Numbers in a state, before `widen`."""
    widen: Annotated[int, Field(ge=1, le=4)] = 1
    """Times as many."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Learning rate at the start; it falls in a straight line."""


_CLASS = "tutor.experiments.translation:Translation"


def _cost(config: TranslationConfig) -> Cost:
    units = config.units * config.widen
    weights = 6 * (32 + units) * units + (
        3 * units**2 if config.attention else 0
    )  # each used once for a letter
    return Cost(flops=6 * 64 * 9 * weights, calls=800, bytes=2e7 + 1e5 * units)


SPEC = ExperimentSpec(
    id="translation",
    config=TranslationConfig,
    metrics=(
        Metric("letter_loss", Text("损失", "loss"), Text("nat / 字母", "nats per letter"), better="low"),
        Metric(
            "exact", Text("整词全对", "words without a mistake"), short=Text("全对", "exact"), better="high"
        ),
        Metric("exact_4", Text("4 个字母的词全对", "exact with 4 letters"), better="high"),
        Metric("exact_8", Text("8 个字母的词全对", "exact with 8 letters"), better="high"),
        Metric("exact_12", Text("12 个字母的词全对", "exact with 12 letters"), better="high"),
    ),
    views=("alignment", "by_length", "written"),
    knobs=(
        Knob.stepped("units", Text("状态的大小", "numbers in a state"), 16, 32, 64, 128),
        Knob.stepped("alphabet", Text("几种字母", "letters to choose from"), 2, 4, 8, 16, 26),
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 0.1, log=True),
    ),
    implementation=_CLASS,
    estimate=_cost,
    reading=lambda config: (f"{_CLASS}.step", "tutor.experiments.translation:Translator.forward"),
    loss="letter_loss",
    quality="exact",
    rate_knob="lr",
    settings={
        "attention": Text("注意力", "attention"),
        "order": Text("怎样写", "to be written"),
        "order=backwards": Text("倒着写", "backwards"),
        "order=forwards": Text("照抄", "as it was"),
        "widen": Text("状态放大几倍", "state so many times as large"),
    },
    words={
        "alignment": Text("对齐", "Alignment"),
        "alignment.reads": Text("写「{row}」时看「{col}」", "writes «{row}», looks at «{col}»"),
        "alignment.value": Text("权重", "weight"),
        "by_length": Text("按长度", "By length"),
        "written": Text("写出的词", "Written"),
        "letters": Text("词的字母数", "letters in the word"),
        "read": Text("读到", "read"),
        "right": Text("该写", "right"),
        "says": Text("写出", "written"),
    },
)
