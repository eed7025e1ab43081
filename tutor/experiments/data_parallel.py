"""One model trained by several processes, of which each reads a part of every batch; what they tell each other, and in how many bytes."""

from __future__ import annotations

import os
import runpy
import sys
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.data_parallel_config import DataParallelConfig
from tutor.experiments.seeds import sub_seed
from tutor.experiments.sweep import Stories
from tutor.experiments.sweep_config import ALPHABET, CONTEXT, EMBEDDING
from tutor.experiments.text_data import random_windows
from tutor.experiments.workers import team_of
from tutor.frames import Axis, Curves, Frame, Series, Table
from tutor.nn import char_mlp
from tutor.nn.exchange import Group
from tutor.text import Text

WIDTH = 192
"""Units in a layer."""
EVERY = 10
"""Steps from one measurement to the next."""
WATCHED = 1_000
"""Characters that are foretold in a measurement on the way."""


class Replica(NamedTuple):
    """What a worker has of its own: a copy of all weights, (n,), and what it has not sent yet of its gradients, (n,) or empty."""

    weights: Tensor
    unsent: Tensor


class Order(NamedTuple):
    """What a worker is told to do in a step."""

    replica: Replica
    windows: Tensor
    """(B, C + 1) of the whole batch."""
    config: DataParallelConfig
    lr: float
    share: float
    average: bool
    """Whether copies are averaged after this step."""
    check: bool
    """Whether the first worker compares what they agree on with the gradient of the whole batch."""


class Report(NamedTuple):
    """What a worker has to say after a step."""

    replica: Replica
    own_loss: float
    loss: float
    """Of all workers."""
    sent: float
    """Bytes."""
    gap: float | None
    process: int


def work(group: Group, order: Order) -> Report:
    """Do one step of one worker: learn from a part of the batch, hear what the others have found, and change the own weights."""
    weights, unsent = order.replica
    before, whole = group.sent, order.windows
    own, loss = gradient_of(weights, whole[group.rank :: group.size], len(whole) / group.size)
    match order.config.exchange:
        case "full":
            update = group.mean(own)
        case "bf16":
            update = group.mean(own.bfloat16()).float()
        case "largest":
            update, left = group.mean_of_largest(own + unsent, order.share)
            unsent = left if order.config.feedback else unsent
        case "average":
            update = own
    gap = None
    if order.check and group.rank == 0 and order.config.exchange != "average":
        alone, _ = gradient_of(weights, whole, len(whole))
        gap = ((update - alone).norm() / alone.norm()).item()
    weights = weights - order.lr * update
    if order.average:
        weights = group.mean(weights)
    sent = group.sent - before
    everybodys = group.mean(loss).item()  # for the chart: it isn't counted
    return Report(Replica(weights, unsent), loss.item(), everybodys, sent, gap, os.getpid())


def gradient_of(weights: Tensor, windows: Tensor, count: float) -> tuple[Tensor, Tensor]:
    """Return gradient (n,) and loss of windows (b, C + 1), their sum divided by `count`: then parts of a batch average to the whole."""
    weights = weights.detach().requires_grad_()
    loss = F.cross_entropy(scores(weights, windows), windows[:, -1], reduction="sum") / count
    return torch.autograd.grad(loss, weights)[0], loss.detach()


def scores(weights: Tensor, windows: Tensor) -> Tensor:
    """What a model with all its weights in one row foretells: (n,), (b, C + 1) -> (b, V)."""
    parts = [part.view(shape) for part, shape in zip(torch.split(weights, SIZES), SHAPES, strict=True)]
    return char_mlp.scores(parts, windows[:, :-1])


def first_weights(random: torch.Generator) -> list[Tensor]:
    return char_mlp.first_weights(len(ALPHABET), CONTEXT, EMBEDDING, WIDTH, random)


SHAPES = [part.shape for part in first_weights(torch.Generator())]
SIZES = [shape.numel() for shape in SHAPES]


class DataParallel(Experiment):
    """See `DataParallelConfig` for the settings. The workers keep nothing between two steps: their copies of the model are here."""

    def __init__(
        self, config: DataParallelConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Write the stories, and draw the weights that every copy begins with."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.share, self.every = config.lr, config.share, config.every
        self.text = Stories.written(seed)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        random = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        weights = torch.cat([part.flatten() for part in first_weights(random)])
        self.team = team_of(config.workers)
        kept = config.exchange == "largest"
        self.replicas = [
            Replica(weights.clone(), torch.zeros(len(weights) * kept)) for _ in range(self.team.copies)
        ]
        self.sent = 0.0  # bytes
        self.moved = torch.zeros(len(weights), dtype=torch.bool)  # of the first copy, ever
        self.path: list[tuple[float, float]] = []  # megabytes sent, loss
        self.workers: list[tuple[str, ...]] = []  # what each did last

    def step(self) -> dict[str, float]:
        """Have all workers do a step on their parts of one batch, and take over what they come back with."""
        windows = random_windows(self.text.read, self.config.batch, CONTEXT + 1, self.batches)
        average = self.config.exchange == "average" and (self.steps + 1) % int(self.every) == 0
        check = self.steps % EVERY == 0
        settings = windows, self.config, self.lr, self.share, average, check
        reports = self.team.ask(work, [Order(replica, *settings) for replica in self.replicas])
        self.moved |= reports[0].replica.weights != self.replicas[0].weights
        self.replicas = [report.replica for report in reports]
        self.sent += reports[0].sent
        self.steps += 1
        self.workers = self._told(windows, reports)
        metrics = {"step_loss": reports[0].loss, "sent": self.sent / 1e6}
        if reports[0].gap is not None:
            metrics["gap"] = reports[0].gap
        if self.steps % EVERY == 0:
            metrics |= self.live()
            self.path.append((self.sent / 1e6, metrics["fresh_loss"]))
        return metrics

    def live(self) -> dict[str, float]:
        """The loss of the first worker's copy on some stories that it doesn't learn from."""
        return {"fresh_loss": self._loss(self.text.fresh[:: len(self.text.fresh) // WATCHED])}

    def finish(self) -> dict[str, float]:
        """As `live`, on all of them; and the share of the weights that were changed at all."""
        return {"fresh_loss": self._loss(self.text.fresh), "moved": self.moved.float().mean().item()}

    def counted(self) -> int:
        return int(self.config.batch)

    def close(self) -> None:
        self.team.close()

    def remarks(self) -> list[Text]:
        """Say why the first step takes longer."""
        return [] if self.team.ready else [_STARTING]

    def view_state(self) -> tuple[list[tuple[float, float]], list[tuple[str, ...]]]:
        return list(self.path), self.workers

    def view(self, name: str, state: Any = None) -> Frame:
        """``traffic``: loss over the megabytes that it took. ``copies``: what each worker has read, and how far its copy is from the others."""
        path, workers = state or self.view_state()
        if name == "traffic":
            sent, loss = np.array(path, float).reshape(-1, 2).T
            return Curves((Series("", "fresh_loss", sent, loss),), x_axis=Axis("megabytes", log=True))
        if name != "copies":
            raise KeyError(name)
        return Table(("worker", "process", "reads", "own_loss", "apart"), tuple(workers))

    @torch.no_grad()
    def _loss(self, windows: Tensor) -> float:
        return F.cross_entropy(scores(self.replicas[0].weights, windows), windows[:, -1]).item()

    def _told(self, windows: Tensor, reports: list[Report]) -> list[tuple[str, ...]]:
        mean = torch.stack([report.replica.weights for report in reports]).mean(dim=0)
        told: list[tuple[str, ...]] = []
        for rank, report in enumerate(reports):
            text = "".join(ALPHABET[i] for i in windows[rank]).replace("\n", " ")
            apart = ((report.replica.weights - mean).norm() / mean.norm()).item()
            told.append((str(rank + 1), str(report.process), text, f"{report.own_loss:.3f}", f"{apart:.1%}"))
        return told


_STARTING = Text(
    "工作进程跟着第一步启动，各自载入 PyTorch，要几秒钟。",
    "The workers start with the first step and load PyTorch, each for itself: that takes a few seconds.",
)

if __name__ == "__main__":
    # Under torchrun each process runs the lab, all arms of it, and the first says how it went.
    if os.environ.get("RANK", "0") != "0":
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.argv[1:1] = ["lab", "data_parallel", "--headless"]
    runpy.run_module("tutor", run_name="__main__")
