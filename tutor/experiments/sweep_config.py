"""Settings of the `sweep` experiment, what it trains one after another, and its spec; without torch."""

from __future__ import annotations

import random
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

ALPHABET = "\n !\"',-.?ABCDEFGHIJKLMNOPSTWXYabcdefghijklmnopqrstuvwxyzé"
"""All that the stories are written with."""
CONTEXT, EMBEDDING = 16, 16
"""Characters that a model sees; numbers that stand for each."""
WIDTHS = (8, 16, 32, 64, 128, 256, 512)
SHARES = (2, 3, 5, 8, 12, 20, 32)
"""Of the text: what the runs read, in proportion."""
VALLEYS = {1: (4, 8, 16, 32), 4: (8, 16, 32, 64), 16: (16, 32, 64, 128)}
"""Compute, in proportion, and the widths that share it."""
RATED = (32, 128, 512)
"""Widths that a learning rate is sought for."""
RATES = tuple(0.004 * 2 ** (i / 2) for i in range(8))
"""Learning rates that each is tried with, each a square root of two times the last."""
TRIALS = 9
"""Runs of a search, in a grid or at random."""
POOL = 27
"""Random runs, of which a random search takes so many at a time."""
HIGHEST_DECAY = 1.0
"""Weight decay that a search tries, from 0 to this."""


class Run(NamedTuple):
    """One small training: which budget it belongs to (0: none), the width of its model, and its steps."""

    budget: int
    width: int
    steps: int
    rate: float = 0.0
    """Highest learning rate; 0: the one of the config, lower for longer runs."""
    decay: float = 0.0
    """Weight decay."""

    @property
    def parameters(self) -> int:
        """Return its weights and biases; the table of characters, which is looked up and not multiplied with, doesn't count."""
        w = self.width
        return CONTEXT * EMBEDDING * w + w + w * w + w + w * len(ALPHABET) + len(ALPHABET)


class SweepConfig(ExperimentConfig):
    """Small language models, trained one after another; they differ in size, text, both at a fixed compute, or learning rate."""

    vary: Literal["size", "data", "budget", "rate", "search"] = "size"
    """size: each is twice as wide as the one before. data: each reads more than the one before. budget: several sizes share each of three
    computes, the larger ones read less. rate: three widths, each with many learning rates. search: learning rate and weight decay from a
    grid, and at random."""
    hidden: Literal["same", "root"] = "root"
    """Learning rate behind the first layer, as a multiple of the others': 1, or (32 / width)^½."""
    width: Annotated[int, Field(ge=8, le=512)] = 128
    """Of all models, where they differ in what they read."""
    batch: Annotated[int, Field(ge=16, le=512)] = 128
    """Characters foretold in a step."""
    fitted: Annotated[int, Field(ge=2, le=6)] = 6
    """Models that the line goes through, those next to the last; the last is foretold."""
    ruler: Literal["parameters", "width"] = "parameters"
    """What the size of a model is counted in, in the picture."""
    lr: Annotated[float, Field(gt=0, le=1)] = 0.014
    """Highest learning rate, for a width of 32 and 400 steps; lower for longer runs, and in wide layers."""

    @property
    def seeks_rates(self) -> bool:
        """Return whether the runs differ in their learning rate."""
        return self.vary in ("rate", "search")

    def runs(self, total_steps: int, seed: int = 0) -> tuple[Run, ...]:
        """Return what is trained in so many steps in all, in order; the seed decides what a random search tries."""
        if self.vary == "size":
            shares = [Run(0, width, 1) for width in WIDTHS]
            sizes = [1.0] * len(shares)
        elif self.vary == "data":
            shares = [Run(0, self.width, 1) for _ in SHARES]
            sizes = [float(share) for share in SHARES]
        elif self.vary == "rate":
            shares = [Run(0, width, 1, rate) for width in RATED for rate in RATES]
            sizes = [1.0] * len(shares)
        elif self.vary == "search":
            low, side, chance = RATES[0], round(TRIALS**0.5), random.Random(seed)
            even = [(i + 0.5) / side for i in range(side)]  # the middles of equal parts
            places = [(x, y) for x in even for y in even]
            places += [(chance.random(), chance.random()) for _ in range(POOL)]
            shares = [
                Run(0, self.width, 1, low * (RATES[-1] / low) ** x, HIGHEST_DECAY * y) for x, y in places
            ]
            sizes = [1.0] * len(shares)
        else:
            shares = [Run(budget, width, 1) for budget, widths in VALLEYS.items() for width in widths]
            sizes = [run.budget / run.parameters for run in shares]
        ends = [round(total_steps * sum(sizes[: i + 1]) / sum(sizes)) for i in range(len(sizes))]
        steps = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        return tuple(run._replace(steps=n) for run, n in zip(shares, steps, strict=True) if n)


_CLASS = "tutor.experiments.sweep:Sweep"
_NATS, _COUNT = Text("nat / 字符", "nats per character"), Text("个", "weights")

SPEC = ExperimentSpec(
    id="sweep",
    config=SweepConfig,
    metrics=(
        Metric("batch_loss", Text("正在训练的模型", "model being trained"), _NATS, better="low"),
        Metric("run_loss", Text("刚训完的模型", "model just trained"), _NATS, better="low"),
        Metric("smallest", Text("第一个模型的损失", "loss of the first model"), _NATS, better="low"),
        Metric("largest", Text("最后一个模型的损失", "loss of the last model"), _NATS, better="low"),
        Metric("foretold", Text("直线预言的损失", "loss foretold by the line"), _NATS),
        Metric("above", Text("比预言高", "above what was foretold"), _NATS),
        Metric("above_by_width", Text("比按宽度的预言高", "above what the width foretold"), _NATS),
        Metric("exponent", Text("指数 α", "exponent α")),
        Metric("tenfold", Text("十倍之后，损失剩下", "left of the loss by ten times as much")),
        Metric("twofold", Text("两倍之后，损失剩下", "left of the loss by twice as much")),
        *(
            Metric(f"weights_{b}", Text(f"算力 ×{b} 的最佳大小", f"best size at compute ×{b}"), _COUNT)
            for b in VALLEYS
        ),
        Metric("times", Text("最佳大小之比", "ratio of best sizes")),
        Metric("size_exponent", Text("最佳大小的指数", "exponent of best size")),
        Metric("ends_above", Text("谷的两端高出谷底", "ends above the bottom"), _NATS),
        *(
            Metric(f"rate_at_{w}", Text(f"宽度 {w} 的最佳学习率", f"best learning rate at width {w}"))
            for w in RATED
        ),
        *(
            Metric(
                f"loss_at_{w}", Text(f"宽度 {w} 的最低损失", f"lowest loss at width {w}"), _NATS, better="low"
            )
            for w in RATED
        ),
        Metric(
            "fall", Text("最佳学习率之比，最窄比最宽", "ratio of best learning rates, narrowest to widest")
        ),
        Metric(
            "carried", Text("照搬窄模型的学习率，损失多出", "loss added by the narrow model's rate"), _NATS
        ),
        Metric("grid", Text("网格搜索找到的最低损失", "lowest loss found by grid"), _NATS, better="low"),
        Metric(
            "random",
            Text("随机搜索找到的最低损失，平均", "lowest loss found at random, mean"),
            _NATS,
            better="low",
        ),
        Metric("random_sd", Text("随机搜索的标准差", "standard deviation of the random search"), _NATS),
        Metric("random_wins", Text("随机搜索赢的次数", "searches that random won")),
        Metric("by_rate", Text("学习率决定的差别", "differences due to the learning rate")),
    ),
    views=("law", "runs"),
    knobs=(
        Knob.stepped("batch", Text("批大小", "batch size"), 32, 64, 128, 256),
        Knob(
            "fitted", Text("连成直线的模型数", "models the line goes through"), 2, 6, live=False, whole=True
        ),
        Knob(
            "width",
            Text("同样大小时的宽度", "width where sizes are equal"),
            8,
            512,
            live=False,
            whole=True,
            log=True,
        ),
        Knob(
            "ruler",
            Text("大小怎么算", "size counted in"),
            choices={"parameters": Text("参数", "parameters"), "width": Text("宽度", "width")},
        ),
        Knob("lr", Text("学习率", "learning rate"), 0.001, 0.5, log=True),
        Knob(
            "hidden",
            Text("后几层的学习率", "rate of the later layers"),
            live=False,
            choices={
                "same": Text("和别处一样", "as elsewhere"),
                "root": Text("× √(32/宽度)", "× √(32/width)"),
            },
        ),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(flops=6 * 100_000 * config.batch, calls=90, bytes=4e7),
    reading=lambda config: tuple(f"{_CLASS}.{name}" for name in ("step", "loss", "begin", "line", "lowest")),
    loss="batch_loss",
    display=frozenset(("ruler",)),
    rate_knob="lr",
    words={
        "law": Text("规律", "Law"),
        "runs": Text("各模型", "Models"),
        "model": Text("模型", "model"),
        "compute": Text("算力", "compute"),
        "parameters": Text("参数", "parameters"),
        "width": Text("宽度", "width"),
        "characters": Text("读过的字符", "characters read"),
        "loss": Text("损失", "loss"),
        "forecast": Text("预言", "forecast"),
        "measured": Text("量到的", "measured"),
        "line": Text("直线", "line"),
        "lowest": Text("谷底", "lowest"),
        "rate": Text("学习率", "learning rate"),
        "decay": Text("权重衰减", "weight decay"),
        "on_grid": Text("网格", "grid"),
        "at_random": Text("随机", "random"),
        **{f"width_{width}": Text(f"宽度 {width}", f"width {width}") for width in RATED},
        **{f"compute_{budget}": Text(f"算力 ×{budget}", f"compute ×{budget}") for budget in VALLEYS},
    },
    settings={
        "vary": Text("变什么", "what varies"),
        "vary=size": Text("大小", "size"),
        "vary=data": Text("读多少", "text"),
        "vary=budget": Text("算力与大小", "compute and size"),
        "vary=rate": Text("学习率", "learning rate"),
        "vary=search": Text("学习率与权重衰减", "learning rate and weight decay"),
    },
)
