"""Settings of the `compress` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import BATCH, NATS, VAL_LOSS
from tutor.text import Text

WIDTHS = (8, 4, 3, 2)
"""Bits of a weight, one after another; each begins anew from the trained model and gets as many steps."""


class Compression(ExperimentConfig):
    """A trained language model that is made smaller, level by level; each begins anew from it and gets as many steps."""

    untouched: ClassVar[int]
    """The level of the model as it was trained."""
    all_levels: ClassVar[tuple[int, ...]]
    """Those it is changed to, in order."""
    level_key: ClassVar[str]
    """The setting that says which of them: all, or one."""

    aware: bool = False
    """Whether the changed model trains on, its weights changed again after each step (with rounding: quantisation-aware training)."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.005
    """Highest learning rate of that, at each level."""
    batch: Annotated[int, Field(ge=1, le=256)] = 16
    eval_every: Annotated[int, Field(ge=1)] = 5
    prompt: str = "The "
    sample_tokens: Annotated[int, Field(ge=1, le=200)] = 40

    @property
    def levels(self) -> tuple[int, ...]:
        """Return those of this run, in order."""
        which: str = getattr(self, self.level_key)
        return self.all_levels if which == "all" else (int(which),)


class CompressConfig(Compression):
    """A trained language model with its weights in few bits."""

    untouched, all_levels, level_key = 32, WIDTHS, "width"
    width: Literal["all", "8", "4", "3", "2"] = "all"
    """Bits of a weight. all: each of `WIDTHS` in turn; one alone has all the steps."""
    rows: bool = True
    """Whether each row of a matrix has a scale of its own; else the whole matrix has one."""
    scale: Literal["squared_error", "largest"] = "squared_error"
    """squared_error: the scale with the least squared error. largest: the one that reaches the largest weight."""


SETTINGS = {"prompt": Text("样本的开头", "beginning of the samples")}
WRITTEN = Text("写出的字", "Writing")
KNOBS = (Knob("lr", Text("学习率", "learning rate"), 0.0, 0.1, log=True), BATCH)
_LOSS = Text("{b} 位时的验证损失", "validation loss at {b} bits")
_SIZE = Text("{b} 位时的大小", "size at {b} bits")

SPEC = ExperimentSpec(
    id="compress",
    config=CompressConfig,
    metrics=(
        VAL_LOSS,
        Metric("bits", Text("每个权重的比特数", "bits of a weight"), Text("bit", "bits")),
        *(Metric(f"loss_{b}", _LOSS.format(b=b), NATS, better="low") for b in (32, *WIDTHS)),
        *(Metric(f"size_{b}", _SIZE.format(b=b), Text("kB", "kB"), better="low") for b in (32, *WIDTHS)),
    ),
    views=("trade", "written"),
    knobs=(
        Knob(
            "width",
            Text("位数", "bits"),
            live=False,
            choices={"all": Text("8、4、3、2 依次", "8, 4, 3, 2 in turn")}
            | {str(b): Text(f"{b}", f"{b}") for b in WIDTHS},
        ),
        *KNOBS,
    ),
    implementation="tutor.experiments.compress:Compress",
    quality="val_loss",
    rate_knob="lr",
    reading=lambda config: (
        "tutor.experiments.compress:Compress.step",
        *(f"tutor.nn.quantize:{name}" for name in ("RoundedWeights", f"{config.scale}_scale", "round_to")),
    ),
    settings={
        "rows": Text("每行一个比例", "a scale for each row"),
        "scale": Text("比例怎么定", "how the scale is chosen"),
        "scale=squared_error": Text("平方误差最小", "least squared error"),
        "scale=largest": Text("照顾最大的权重", "to reach the largest weight"),
        "aware": Text("取整后再训练", "trained while rounded"),
        **SETTINGS,
    },
    words={
        "trade": Text("位数与损失", "Bits/loss"),
        "written": WRITTEN,
        "bits_32": Text("原来的 32 位", "32 bits, as trained"),
        **{f"bits_{b}": Text(f"{b} 位", f"{b} bits") for b in WIDTHS},
    },
)
