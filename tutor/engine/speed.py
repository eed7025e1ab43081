"""How fast this machine trains, measured on the calling thread in a few hundredths of a second."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

from tutor.content.budget import Speed

_ROWS, _WIDTH, _INNER = 1024, 96, 384
"""The feed-forward layer of a small model on one batch."""
_CHAIN = 100
"""Small operations in a row."""


@functools.cache
def measure_speed() -> Speed:
    """Measure once in a process, with as many threads as torch has then.

    The operations a second are those of matrix products together with what stands between them, forward and backward, as a
    training step does them: about half of what the bare products reach.
    """
    import torch

    x = torch.randn(_ROWS, _WIDTH)
    into = torch.randn(_WIDTH, _INNER, requires_grad=True)
    out = torch.randn(_INNER, _WIDTH, requires_grad=True)
    small = torch.randn(8, 8, requires_grad=True)

    def layer() -> None:
        (x @ into).relu().square().matmul(out).sum().backward()  # type: ignore[no-untyped-call]

    def chain() -> None:
        y = small
        for _ in range(_CHAIN):
            y = y * 1.01
        y.sum().backward()  # type: ignore[no-untyped-call]

    # The input takes no gradient, so the first product is done twice and the second three times.
    flops = (2 + 3) * 2 * _ROWS * _WIDTH * _INNER
    return Speed(flops / _fastest(layer, 4), _fastest(chain, 4) / (2 * _CHAIN))


def _fastest(work: Callable[[], None], times: int) -> float:
    """Seconds of the fastest of some runs: whatever else the machine does can only add to it."""
    best = float("inf")
    for _ in range(times + 1):  # the first warms up
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best
