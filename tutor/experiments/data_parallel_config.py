"""Settings of the `data_parallel` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text


class DataParallelConfig(ExperimentConfig):
    """A small model of stories, trained by several processes at once; each has a copy of it and reads a part of every batch."""

    workers: Annotated[int, Field(ge=1, le=4)] = 2
    """Processes on this computer. Under ``torchrun`` there are as many as it starts."""
    exchange: Literal["full", "bf16", "largest", "average"] = "full"
    """What they send each other. full: all gradients. bf16: the same in half the bytes. largest: of each one's gradient the largest numbers.
    average: no gradients; each changes its own copy, and now and then all copies are averaged (McMahan et al. 2017, arXiv:1602.05629)."""
    feedback: bool = False
    """Whether a worker adds what it didn't send to its next gradient (Seide et al. 2014, Interspeech); else it is lost."""
    share: Annotated[float, Field(gt=0, le=1)] = 0.01
    """Of its numbers that a worker sends, with ``largest``."""
    every: Annotated[int, Field(ge=1)] = 8
    """Steps from one average to the next, with ``average``."""
    batch: Annotated[int, Field(ge=4, le=1_024)] = 120
    """Characters foretold in a step, by all workers together."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.5
    """Learning rate, the same to the end."""


_CLASS = "tutor.experiments.data_parallel:DataParallel"
_NATS = Text("nat / 字符", "nats per character")

SPEC = ExperimentSpec(
    id="data_parallel",
    config=DataParallelConfig,
    metrics=(
        Metric("fresh_loss", Text("没读过的故事上的损失", "loss on fresh stories"), _NATS, better="low"),
        Metric("step_loss", Text("这一批的损失", "loss on the batch"), _NATS, better="low"),
        Metric("sent", Text("每个进程发送", "sent by each worker"), Text("MB", "MB"), better="low"),
        Metric("gap", Text("与单进程梯度之差", "off the gradient of one process"), better="low"),
        Metric("moved", Text("改动过的权重", "weights ever changed"), better="high"),
    ),
    views=("traffic", "copies"),
    knobs=(
        Knob.stepped("workers", Text("工作进程", "workers"), 1, 2, 3, 4),
        Knob.stepped(
            "share", Text("发送的比例", "share sent"), 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, live=True
        ),
        Knob.stepped(
            "every", Text("几步平均一次", "steps between averages"), 1, 2, 4, 8, 16, 32, 64, live=True
        ),
        Knob("lr", Text("学习率", "learning rate"), 0.01, 10.0, log=True),
    ),
    implementation=_CLASS,
    # Beside the model's products: weights through pipes, and waiting for each other.
    estimate=lambda config: Cost(flops=6e5 * config.batch, calls=1_000, bytes=2e7 + 2e6 * config.workers),
    reading=lambda config: (
        "tutor.experiments.data_parallel:work",
        "tutor.nn.exchange:Group",
        f"{_CLASS}.step",
        "tutor.nn.char_mlp:scores",
    ),
    loss="step_loss",
    quality="fresh_loss",
    counted=Text("字符", "characters"),
    rate_knob="lr",
    settings={
        "exchange": Text("互相发送", "what is sent"),
        "exchange=full": Text("全部梯度", "all gradients"),
        "exchange=bf16": Text("全部梯度，bf16", "all gradients, in bf16"),
        "exchange=largest": Text("最大的一部分梯度", "the largest gradients"),
        "exchange=average": Text("隔几步，权重的平均", "the mean of weights, now and then"),
        "feedback": Text("没发的攒到下一步", "what isn’t sent is kept"),
        "batch": Text("批大小", "batch size"),
    },
    words={
        "traffic": Text("流量", "Traffic"),
        "copies": Text("各进程", "Workers"),
        "megabytes": Text("每个进程发送的 MB", "MB sent by each worker"),
        "worker": Text("进程", "worker"),
        "process": Text("进程号", "process"),
        "reads": Text("这一步读到的第一段", "reads first in this step"),
        "own_loss": Text("损失", "loss"),
        "apart": Text("副本的分歧", "copies apart"),
    },
)
