"""Weights in few bits: whole multiples of a scale, one for each row of a matrix or one for all of it.

Symmetric uniform quantisation as in Nagel et al. (2021, arXiv:2106.08295), with the scale chosen by squared error.
"""

from __future__ import annotations

import torch
from torch import Tensor

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


def best_scale(weight: Tensor, bits: int, *, rows: bool) -> Tensor:
    """Return the scale with the least squared error: weights beyond the largest multiple are cut, all others rounded finer."""
    largest = largest_scale(weight, bits, rows=rows)
    best, least = largest, torch.full_like(largest, torch.inf)
    for share in torch.linspace(1 / CANDIDATES, 1, CANDIDATES):
        error = (weight - round_to(weight, share * largest, bits)).square()
        error = error.sum(dim=1, keepdim=True) if rows else error.sum().view(1, 1)
        best = torch.where(error < least, share * largest, best)
        least = torch.minimum(least, error)
    return best
