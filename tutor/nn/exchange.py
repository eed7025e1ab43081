"""What workers tell each other, so that all of them change their weights alike; and how many bytes that takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

PATIENCE = 60
"""Seconds after which a worker that waits for the others gives up."""


class Group:
    """This worker among all of them, joined by gloo through `torch.distributed`.

    Attributes:
        rank: Which one it is, from 0.
        size: How many there are.
        sent: Bytes that it has sent to others, as the ring algorithms do it (Patarasuk & Yuan 2009, JPDC 69:117).
    """

    def __init__(self, rank: int = -1, size: int = -1, meeting: Path | None = None) -> None:
        """Meet the others over a file, or where ``torchrun`` says; wait for them all."""
        where = "env://" if meeting is None else meeting.as_uri()
        patience = timedelta(seconds=PATIENCE)
        dist.init_process_group("gloo", init_method=where, rank=rank, world_size=size, timeout=patience)
        torch.set_num_threads(1)  # the others need the other cores
        self.rank, self.size, self.sent = dist.get_rank(), dist.get_world_size(), 0.0

    def mean(self, numbers: Tensor) -> Tensor:
        """Average numbers over all workers. Each sends its own parts of the sum around the ring, and then those of the result."""
        total = numbers.clone()
        dist.all_reduce(total)
        self.sent += 2 * numbers.nbytes * (self.size - 1) / self.size
        return total / self.size

    def gather(self, numbers: Tensor) -> list[Tensor]:
        """Return what every worker has, in order of their ranks; all have equally many."""
        everybodys = [torch.empty_like(numbers) for _ in range(self.size)]
        dist.all_gather(everybodys, numbers)
        self.sent += numbers.nbytes * (self.size - 1)
        return everybodys

    def mean_of_largest(self, numbers: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """Average only the largest numbers of every worker (Aji & Heafield 2017, arXiv:1704.05021).

        Each sends a share of its own, with their places: 8 bytes a number. (n,) -> (n,), zero where nobody sent any, and what this worker
        has not sent.
        """
        count = max(1, round(share * len(numbers)))
        places = numbers.abs().topk(count).indices
        total = torch.zeros_like(numbers)
        for where, what in zip(self.gather(places.int()), self.gather(numbers[places]), strict=True):
            total.index_add_(0, where, what)
        return total / self.size, numbers.index_fill(0, places, 0.0)
