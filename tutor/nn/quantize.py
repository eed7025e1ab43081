"""Weights in few bits: whole multiples of a scale, one for each row of a matrix or one for all of it.

Symmetric uniform quantisation as in Nagel et al. (2021, arXiv:2106.08295), with the scale chosen by squared error.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tutor.nn.optim import Optimizer

CANDIDATES = 60
"""Scales that are tried."""


def top(bits: int) -> int:
    """Return the largest multiple: 127 with 8 bits; with 2 bits only -1, 0 and 1 are left."""
    return (1 << (bits - 1)) - 1


def round_to(weight: Tensor, scale: Tensor, bits: int) -> Tensor:
    """Round a matrix to the nearest multiples of its scale: (rows, cols), (rows, 1) or (1, 1) -> (rows, cols)."""
    return (weight / scale).round().clamp(-top(bits), top(bits)) * scale


def largest_scale(weight: Tensor, bits: int, *, rows: bool) -> Tensor:
    """Return the scale by which the largest weight is just the largest multiple: (rows, 1), or (1, 1) for the whole matrix."""
    largest = weight.abs().amax(dim=1, keepdim=True) if rows else weight.abs().amax().view(1, 1)
    return largest.clamp(min=1e-8) / top(bits)


def squared_error_scale(weight: Tensor, bits: int, *, rows: bool) -> Tensor:
    """Return the scale with the least squared error: weights beyond the largest multiple are cut, all others rounded finer."""
    largest = largest_scale(weight, bits, rows=rows)
    best, least = largest, torch.full_like(largest, torch.inf)
    for share in torch.linspace(1 / CANDIDATES, 1, CANDIDATES):
        error = (weight - round_to(weight, share * largest, bits)).square()
        error = error.sum(dim=1, keepdim=True) if rows else error.sum().view(1, 1)
        best = torch.where(error < least, share * largest, best)
        least = torch.minimum(least, error)
    return best


SCALES = {"squared_error": squared_error_scale, "largest": largest_scale}


class RoundedWeights:
    """The matrices of a model, rounded in place, and their exact values, which training moves. Vectors stay exact.

    Attributes:
        exact: The matrices before rounding.
        scales: (rows, 1) or (1, 1) for each.
    """

    def __init__(self, model: nn.Module, bits: int, scale: str, *, rows: bool) -> None:
        """Choose the scales, by one of `SCALES`; nothing is rounded yet."""
        self.bits = bits
        self.matrices = [weight for weight in model.parameters() if weight.ndim == 2]
        self.vectors = [weight for weight in model.parameters() if weight.ndim != 2]
        self.exact = [nn.Parameter(weight.detach().clone()) for weight in self.matrices]
        self.scales = [SCALES[scale](weight.detach(), bits, rows=rows) for weight in self.exact]

    @torch.no_grad()
    def change(self, share: float = 1.0) -> None:
        """Round the first rows of every matrix, a share of all."""
        for weight, exact, scale in zip(self.matrices, self.exact, self.scales, strict=True):
            rows = round(share * len(weight))
            weight[:rows] = round_to(exact, scale, self.bits)[:rows]

    def learn(self, optimizer: Optimizer) -> None:
        """Move the exact weights by the gradients that the rounded ones have, and round them again.

        Rounding has no slope of its own, so it is passed over: the straight-through estimator (Bengio et al. 2013, arXiv:1308.3432).
        """
        for weight, exact in zip(self.matrices, self.exact, strict=True):
            exact.grad, weight.grad = weight.grad, None
        optimizer.step()
        for exact in self.exact:
            exact.grad = None
        self.change()

    def sizes(self) -> dict[str, float]:
        """Return the bytes of all weights: a scale, and a weight that isn't rounded, has four."""
        whole = sum(weight.numel() for weight in (*self.vectors, *self.scales))
        return {"size": 4 * whole + sum(weight.numel() for weight in self.matrices) * self.bits / 8}
