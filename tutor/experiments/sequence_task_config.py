"""Settings of the `sequence_task` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import ATTENTION_WORDS, BATCH, NATS, Architecture, Optimization
from tutor.text import Text

SHORTEST, LONGEST = 8, 20
"""Letters that are repeated, at least and at most."""


class SequenceTaskConfig(Architecture, Optimization):
    """A transformer that predicts random letters which come again: nothing but looking back helps."""

    n_head: Annotated[int, Field(ge=1, le=16)] = 2
    d_model: Annotated[int, Field(ge=16, le=512)] = 64
    context: Annotated[int, Field(ge=40, le=256)] = 48
    """Letters that are read."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.03
    period: Literal["random", "fixed"] = "random"
    """After how many letters a sequence begins anew: another number for each, or the same for all."""
    batch: Annotated[int, Field(ge=1, le=256)] = 32
    """Sequences in a step."""


_CLASS = "tutor.experiments.sequence_task:SequenceTask"
_WEIGHT = Text("注意力权重", "attention weight")


def _cost(config: SequenceTaskConfig) -> Cost:
    tokens, weights = config.batch * config.context, 12 * config.n_layer * config.d_model**2
    flops = 8 * tokens * (weights + 2 * config.n_layer * config.context * config.d_model)
    return Cost(
        flops, 500 + 200 * config.n_layer, 2e7 + 16 * weights + 160 * tokens * config.n_layer * config.d_model
    )


SPEC = ExperimentSpec(
    id="sequence_task",
    config=SequenceTaskConfig,
    metrics=(
        Metric(
            "copied",
            Text("第二遍猜对", "right the second time"),
            short=Text("猜对", "right"),
            better="high",
        ),
        Metric(
            "copy_loss",
            Text("第二遍的损失", "loss the second time"),
            NATS,
            Text("损失", "loss"),
            better="low",
        ),
        Metric(
            "previous",
            Text("看前一个（第 1 层最强的头）", "to the letter before (best head of layer 1)"),
            _WEIGHT,
        ),
        Metric(
            "induction",
            Text(
                "看上次之后（最后一层最强的头）", "to what came next last time (best head of the last layer)"
            ),
            _WEIGHT,
        ),
        Metric("weights", Text("参数", "parameters"), Text("个", "numbers")),
    ),
    views=("attention", "guesses", "heads"),
    knobs=(
        Knob(
            "period",
            Text("隔多少字母重来", "letters until it starts over"),
            live=False,
            choices={"random": Text("各不相同", "differs"), "fixed": Text("总是 14", "always 14")},
        ),
        Knob.stepped("n_head", Text("每层的头", "heads in a layer"), 1, 2, 4),
        BATCH,
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 0.1, log=True),
    ),
    implementation=_CLASS,
    estimate=_cost,
    reading=lambda config: (
        f"{_CLASS}.step",
        f"{_CLASS}.draw",
        "tutor.nn.transformer:Transformer._features",
        "tutor.nn.transformer:Block.forward",
        "tutor.nn.attention:Attention.forward",
    ),
    loss="copy_loss",
    quality="copy_loss",
    rate_knob="lr",
    settings={
        "n_layer": Text("层数", "layers"),
        "d_model": Text("宽度（d_model）", "width (d_model)"),
        "token_shift": Text("开头就看见前一格", "sees the place before at the outset"),
    },
    words={
        **ATTENTION_WORDS,
        "guesses": Text("猜字母", "Guesses"),
        "heads": Text("各个头", "Heads"),
        "head": Text("头", "head"),
        "before": Text("看前一个", "to the letter before"),
        "after": Text("看上次之后", "to what came next last time"),
        "once": Text("第一遍", "first time"),
        "again": Text("再来一遍", "again"),
    },
)
