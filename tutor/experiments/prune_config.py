"""Settings of the `prune` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Literal

from tutor.experiments.base import ExperimentSpec, Metric
from tutor.experiments.compress_config import KNOBS, SETTINGS, WRITTEN, Compression
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import NATS, VAL_LOSS
from tutor.text import Text

SHARES = (30, 50, 70, 80, 90)
"""Percent of the weights that are set to zero, one after another."""


class PruneConfig(Compression):
    """A trained language model with a share of its weights set to zero."""

    untouched, all_levels, level_key = 0, SHARES, "share"
    share: Literal["all", "30", "50", "70", "80", "90"] = "all"
    """Percent that go. all: each of `SHARES` in turn; one alone has all the steps."""
    gone: Literal["smallest", "idlest", "random", "units"] = "smallest"
    """smallest: of each matrix, the weights nearest zero. idlest: those that, times what usually comes in, are nearest zero. random: any. units: whole hidden units of the MLPs, the weakest first, and
    the share is of these."""


_KB = Text("kB", "kB")
_ALL = (0, *SHARES)
_LOSS = Text("剪掉 {s}% 时的验证损失", "validation loss with {s}% gone")
_SIZES = {
    "size": Text("剪掉 {s}% 时的大小", "size with {s}% gone"),
    "listed": Text("剪掉 {s}% 时，逐个列出的大小", "size with {s}% gone, as a list"),
    "zipped": Text("剪掉 {s}% 时，压缩包的大小", "size with {s}% gone, zipped"),
}

SPEC = ExperimentSpec(
    id="prune",
    config=PruneConfig,
    metrics=(
        VAL_LOSS,
        Metric("zeros", Text("变成 0 的", "weights set to zero")),
        *(Metric(f"loss_{s}", _LOSS.format(s=s), NATS, better="low") for s in _ALL),
        *(
            Metric(f"{way}_{s}", label.format(s=s), _KB, better="low")
            for way, label in _SIZES.items()
            for s in _ALL
        ),
    ),
    views=("trade", "stored", "written"),
    knobs=(
        Knob(
            "share",
            Text("剪掉多少", "share that goes"),
            live=False,
            choices={"all": Text("、".join(f"{s}%" for s in SHARES) + " 依次", "each in turn")}
            | {str(s): Text(f"{s}%", f"{s}%") for s in SHARES},
        ),
        *KNOBS,
    ),
    implementation="tutor.experiments.prune:Prune",
    quality="val_loss",
    rate_knob="lr",
    reading=lambda config: (
        "tutor.experiments.compress:Compress.step",
        "tutor.nn.prune:PrunedWeights",
        f"tutor.nn.prune:{'any' if config.gone == 'random' else config.gone}_first",
        "tutor.nn.prune:order",
    ),
    settings={
        "gone": Text("剪掉哪些", "which go"),
        "gone=smallest": Text("最小的", "the smallest"),
        "gone=idlest": Text("权重 × 输入最小的", "the smallest weight × input"),
        "gone=random": Text("随便哪些", "any"),
        "gone=units": Text("MLP 里整个的单元", "whole units of the MLPs"),
        "aware": Text("剪完再训练", "trained on afterwards"),
        **SETTINGS,
    },
    words={
        "trade": Text("剪掉多少与损失", "Gone/loss"),
        "stored": Text("怎么存", "Storing"),
        "written": WRITTEN,
        "written_out": Text("0 也照写", "zeros written out"),
        "size": Text("一位标记", "a bit for each"),
        "listed": Text("逐个记位置", "a place for each left"),
        "zipped": Text("压缩包", "zipped"),
        "smaller": Text("矩阵变小", "smaller matrices"),
        "zeros_0": Text("没剪的", "as trained"),
        **{f"zeros_{s}": Text(f"剪掉 {s}%", f"{s}% gone") for s in SHARES},
    },
)
