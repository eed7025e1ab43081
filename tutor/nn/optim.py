"""The optimizers of the labs, written to be read.

``torch._foreach_mul_(xs, 2)`` is ``for x in xs: x.mul_(2)`` in one call: with weights this small, the calls themselves cost.

They stand beside `torch.optim` rather than on it: the first use of that package imports a compiler and costs a second of start-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import Parameter

from tutor.nn.recorded import as_one


class Optimizer(Protocol):
    """Turns gradients into a change of weights."""

    lr: float
    """Learning rate of the next step; may change at any time."""

    def step(self) -> None:
        """Change the parameters by their gradients; parameters without one stay."""


class SGD:
    """Steepest descent, with momentum if wanted (Polyak 1964; in this form Sutskever et al. 2013, without its look ahead).

    All weights share one rate. With momentum the step is a sum of past gradients, each a little fainter than the next: what they
    agree on adds up, what they disagree on cancels out.
    """

    def __init__(self, parameters: Iterable[Parameter], lr: float, momentum: float = 0.0) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.momentum = momentum
        self.velocity = [torch.zeros_like(p) for p in self.parameters] if momentum else []

    @torch.no_grad()
    def step(self) -> None:
        """Change the parameters by their gradients."""
        places, weights, grads = _learning(self.parameters)
        if not places:
            return
        if self.momentum:
            velocity = [self.velocity[i] for i in places]
            torch._foreach_mul_(velocity, self.momentum)
            torch._foreach_add_(velocity, grads)
            grads = velocity
        torch._foreach_add_(weights, grads, alpha=-self.lr)


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
        places, weights, grads = _learning(self.parameters)
        if not places:
            return
        mean, square = [self.mean[i] for i in places], [self.square[i] for i in places]

        beta1, beta2 = self.betas
        torch._foreach_lerp_(mean, grads, 1 - beta1)
        torch._foreach_mul_(square, beta2)
        torch._foreach_addcmul_(square, grads, grads, 1 - beta2)
        # The running means start at zero; dividing by these makes up for that in the first steps.
        correct1 = 1 - beta1**self.steps
        correct2 = 1 - beta2**self.steps
        size = torch._foreach_sqrt(torch._foreach_div(square, correct2))
        torch._foreach_add_(size, self.eps)
        if self.weight_decay:
            torch._foreach_mul_(weights, 1 - self.lr * self.weight_decay)
        torch._foreach_addcdiv_(weights, mean, size, -self.lr / correct1)


class LAMB(AdamW):
    """Adam, with each tensor's step made as long as a share of the tensor itself (You et al. 2020, arXiv:1904.00962, algorithm 2).

    The share is the learning rate. Made for batches of tens of thousands, where one rate for all layers is too much for some.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    @torch.no_grad()
    def step(self) -> None:
        """Change the parameters by their gradients."""
        self.steps += 1
        beta1, beta2 = self.betas
        for i, weight, grad in zip(*_learning(self.parameters), strict=True):
            self.mean[i].lerp_(grad, 1 - beta1)
            self.square[i].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
            mean = self.mean[i] / (1 - beta1**self.steps)
            size = (self.square[i] / (1 - beta2**self.steps)).sqrt_()
            update = mean / (size + self.eps) + self.weight_decay * weight
            long, wide = weight.norm().item(), update.norm().item()
            trust = long / wide if long and wide else 1.0  # a tensor of zeros would never get away from zero
            weight.add_(update, alpha=-self.lr * trust)


class Muon:
    """Momentum, orthogonalised: for weight matrices (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/).

    A gradient matrix is mostly a few strong directions. Making it orthogonal gives every direction the same length, so that
    the weak ones learn too.
    """

    def __init__(
        self, parameters: Iterable[Parameter], lr: float, momentum: float = 0.9, iterations: int = 5
    ) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.momentum = momentum
        self.iterations = iterations
        self.velocity = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Change the parameters by their gradients, all those of one shape at once."""
        for rows, cols in dict.fromkeys(p.shape for p in self.parameters):
            same = [i for i, p in enumerate(self.parameters) if p.shape == (rows, cols)]
            places, weights, grads = _learning(self.parameters, same)
            if not places:
                continue
            velocity = [self.velocity[i] for i in places]
            torch._foreach_lerp_(velocity, grads, 1 - self.momentum)
            ahead = torch._foreach_lerp(grads, velocity, self.momentum)  # Nesterov: look one step ahead
            # As one graph: it is a hundred small products, see `tutor.nn.recorded`.
            update = as_one(
                self._orthogonal, torch.stack(ahead), ("orthogonalize", self.iterations)
            )  # (n, rows, cols)
            # A tall matrix has cols directions only; this keeps the size of its effect on the output.
            stretch = max(1.0, rows / cols) ** 0.5
            torch._foreach_add_(weights, update.unbind(), alpha=-self.lr * stretch)

    def _orthogonal(self, matrices: Tensor) -> Tensor:
        return orthogonalize(matrices, self.iterations)


class RowAdagrad:
    """For large tables of which a step uses few rows (Duchi et al. 2011; one rate a row as in Naumov et al. 2019, arXiv:1906.00091).

    A row moves far when it is first used, and less each time after: it settles the faster the more often it occurs. Rows
    that the batch didn't use cost nothing. Takes sparse gradients only.
    """

    def __init__(self, table: Parameter, lr: float) -> None:
        self.table = table
        self.lr = lr
        self.used = torch.zeros(len(table))  # sum over steps of the mean square of a row's gradient

    @torch.no_grad()
    def step(self) -> None:
        """Change the rows that have a gradient."""
        if self.table.grad is None:
            return
        self.table.grad = grad = self.table.grad.coalesce()  # adds up what a row got from several places
        [rows], values = grad.indices(), grad.values()  # (n,), (n, C)
        self.used.index_add_(0, rows, values.square().mean(dim=1))
        length = self.used[rows].sqrt_().add_(1e-10)
        self.table.index_add_(0, rows, values / length[:, None], alpha=-self.lr)


def state_bytes(optimizer: Optimizer) -> int:
    """Return the bytes of all numbers that an optimizer keeps from step to step, beside the weights."""
    kept = [value if isinstance(value, list) else [value] for value in vars(optimizer).values()]
    numbers = [
        one for some in kept for one in some if isinstance(one, Tensor) and not isinstance(one, Parameter)
    ]
    return sum(one.nbytes for one in numbers)


def _learning(
    parameters: Sequence[Parameter], among: Iterable[int] | None = None
) -> tuple[list[int], list[Tensor], list[Tensor]]:
    """Return places, weights and gradients of the parameters that have a gradient."""
    indices = range(len(parameters)) if among is None else among
    found = [(i, parameters[i].data, grad) for i in indices if (grad := parameters[i].grad) is not None]
    return [i for i, _, _ in found], [weight for _, weight, _ in found], [grad for _, _, grad in found]


def orthogonalize(matrices: Tensor, iterations: int = 5) -> Tensor:
    """Move every singular value of matrices (..., rows, cols) near 1 (to about 0.7–1.2), keeping their directions.

    Newton–Schulz iteration with the quintic of Jordan et al. (2024): products instead of a singular value decomposition. Fewer iterations
    leave weak directions shorter.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrices.size(-2) > matrices.size(-1)
    x = matrices.mT if tall else matrices  # the shorter side squared is the smaller product
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)  # the iteration needs singular values of at most 1
    for _ in range(iterations):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return x.mT if tall else x  # type: ignore[no-any-return]
