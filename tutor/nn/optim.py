"""The two optimizers of the labs, written to be read.

They stand beside `torch.optim` rather than on it: the first use of that package imports a compiler and costs a second of start-up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import Parameter


class Optimizer(Protocol):
    """Turns gradients into a change of weights."""

    lr: float
    """Learning rate of the next step; may change at any time."""

    def step(self) -> None:
        """Change the parameters by their gradients; parameters without one stay."""


class AdamW:
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101).

    Each weight gets a step of its own: the running mean of its gradient, divided by the running size of its gradient.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.steps = 0
        self.mean = [torch.zeros_like(p) for p in self.parameters]
        self.square = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Change the parameters by their gradients."""
        self.steps += 1
        beta1, beta2 = self.betas
        # The running means start at zero; dividing by these makes up for that in the first steps.
        correct1 = 1 - beta1**self.steps
        correct2 = 1 - beta2**self.steps
        for p, mean, square in zip(self.parameters, self.mean, self.square, strict=True):
            if p.grad is None:
                continue
            mean.lerp_(p.grad, 1 - beta1)
            square.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            size = (square / correct2).sqrt_().add_(self.eps)
            p.mul_(1 - self.lr * self.weight_decay)
            p.addcdiv_(mean, size, value=-self.lr / correct1)


class Muon:
    """Momentum, orthogonalised: for weight matrices (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/).

    A gradient matrix is mostly a few strong directions. Making it orthogonal gives every direction the same length, so that
    the weak ones learn too.
    """

    def __init__(self, parameters: Iterable[Parameter], lr: float, momentum: float = 0.9) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.momentum = momentum
        self.velocity = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Change the parameters by their gradients."""
        for p, velocity in zip(self.parameters, self.velocity, strict=True):
            if p.grad is None:
                continue
            velocity.lerp_(p.grad, 1 - self.momentum)
            ahead = p.grad.lerp(velocity, self.momentum)  # Nesterov: look one step ahead
            rows, cols = p.shape
            # A tall matrix has cols directions only; this keeps the size of its effect on the output.
            p.add_(orthogonalize(ahead), alpha=-self.lr * max(1.0, rows / cols) ** 0.5)


def orthogonalize(matrix: Tensor, steps: int = 5) -> Tensor:
    """Move every singular value of a matrix near 1 (to about 0.7–1.2), keeping its directions.

    Newton–Schulz iteration with the quintic of Jordan et al. (2024): five products instead of a singular value decomposition.

    Args:
        matrix: (rows, cols).
        steps: Iterations.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (
        matrix.T if matrix.size(0) > matrix.size(1) else matrix
    )  # the shorter side squared is the smaller product
    x = x / (x.norm() + 1e-7)  # the iteration needs singular values of at most 1
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if matrix.size(0) > matrix.size(1) else x  # type: ignore[no-any-return]
