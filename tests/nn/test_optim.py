"""AdamW and SGD against torch's own, LAMB against its paper; Muon against what it promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import Parameter
from torch.optim.adamw import adamw  # the classes would import a compiler first
from torch.optim.sgd import sgd

from tutor.nn.optim import LAMB, SGD, AdamW, Muon, Optimizer, orthogonalize, state_bytes


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_adamw_matches_torch(weight_decay: float) -> None:
    generator = torch.Generator().manual_seed(0)
    ours = Parameter(torch.randn(7, 5, generator=generator))
    theirs = ours.detach().clone()
    a = AdamW([ours], lr=0.01, betas=(0.9, 0.95), weight_decay=weight_decay)
    state: Any = [torch.zeros(7, 5)], [torch.zeros(7, 5)], [], [torch.tensor(0.0)]
    same: dict[str, Any] = {"beta1": 0.9, "beta2": 0.95, "weight_decay": weight_decay, "eps": a.eps}
    for step in range(30):
        a.lr = 0.01 * (1 + step % 3)
        grad = torch.randn(7, 5, generator=generator)
        ours.grad = grad.clone()
        a.step()
        adamw([theirs], [grad], *state, lr=a.lr, **same, amsgrad=False, maximize=False)
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_matches_torch(momentum: float) -> None:
    generator = torch.Generator().manual_seed(0)
    ours = Parameter(torch.randn(7, 5, generator=generator))
    theirs = ours.detach().clone()
    a = SGD([ours], 0.1, momentum)
    moved: list[Tensor | None] = [None]
    same: dict[str, Any] = {"momentum": momentum, "weight_decay": 0, "dampening": 0, "nesterov": False}
    for step in range(30):
        a.lr = 0.1 * (1 + step % 3)
        grad = torch.randn(7, 5, generator=generator)
        ours.grad = grad.clone()
        a.step()
        sgd([theirs], [grad], moved, lr=a.lr, **same, maximize=False)
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_lamb_does_what_its_paper_says(weight_decay: float) -> None:
    """Algorithm 2 of You et al., line by line, in 64 bits; the scaling function is the identity."""
    generator = torch.Generator().manual_seed(0)
    weight = Parameter(torch.randn(7, 5, generator=generator))
    x, m, v = (weight.detach().double().clone(), torch.zeros(7, 5).double(), torch.zeros(7, 5).double())
    optimizer = LAMB([weight], 0.01, weight_decay=weight_decay)
    for t in range(1, 31):
        g = torch.randn(7, 5, generator=generator)
        weight.grad = g.clone()
        optimizer.step()
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g.double() ** 2
        r = (m / (1 - 0.9**t)) / (torch.sqrt(v / (1 - 0.999**t)) + 1e-6)
        u = r + weight_decay * x
        x = x - 0.01 * x.norm() / u.norm() * u
        torch.testing.assert_close(weight.detach().double(), x, atol=1e-5, rtol=1e-4)


def test_a_step_of_lamb_is_a_share_of_the_tensor_whatever_the_gradient() -> None:
    generator = torch.Generator().manual_seed(1)
    for size in (0.01, 100.0):
        weight = Parameter(size * torch.randn(6, 4, generator=generator))
        before = weight.detach().clone()
        weight.grad = torch.randn(6, 4, generator=generator)
        LAMB([weight], 0.05).step()
        assert (weight.detach() - before).norm() / before.norm() == pytest.approx(0.05, rel=1e-3)


@pytest.mark.parametrize(
    ("make", "copies"),
    [
        (lambda p: SGD(p, 0.1), 0),
        (lambda p: SGD(p, 0.1, 0.9), 1),
        (lambda p: Muon(p, 0.1), 1),
        (lambda p: AdamW(p, 0.1), 2),
        (lambda p: LAMB(p, 0.1), 2),
    ],
)
def test_what_an_optimizer_keeps(make: Callable[[list[Parameter]], Optimizer], copies: int) -> None:
    weight = Parameter(torch.ones(6, 4))
    assert state_bytes(make([weight])) == copies * 4 * 24


@settings(max_examples=30, deadline=None)
@given(
    rows=st.integers(2, 24), cols=st.integers(2, 24), seed=st.integers(0, 1000), scale=st.floats(1e-3, 1e3)
)
def test_orthogonalize_brings_singular_values_near_one(rows: int, cols: int, seed: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    size = min(rows, cols)
    u = torch.linalg.qr(torch.randn(rows, size, generator=generator))[0]
    v = torch.linalg.qr(torch.randn(cols, size, generator=generator))[0]
    values = torch.linspace(1.0, 0.1, size)
    matrix = scale * u @ torch.diag(values) @ v.T
    result = orthogonalize(matrix)
    assert result.shape == (rows, cols)
    found = torch.linalg.svdvals(result)
    assert found.min() > 0.5
    assert found.max() < 1.3
    torch.testing.assert_close(u @ torch.diag(torch.diag(u.T @ result @ v)) @ v.T, result, atol=1e-3, rtol=0)


@pytest.mark.parametrize(
    "make",
    [lambda p: AdamW(p, 0.1), lambda p: Muon(p, 0.1), lambda p: LAMB(p, 0.1), lambda p: SGD(p, 0.1, 0.9)],
)
def test_all_go_downhill_and_leave_alone_what_has_no_gradient(make) -> None:  # type: ignore[no-untyped-def]
    generator = torch.Generator().manual_seed(3)
    goal = torch.randn(6, 4, generator=generator)
    weight, idle = Parameter(torch.zeros(6, 4)), Parameter(torch.ones(2, 2))
    optimizer = make([weight, idle])
    first = (weight - goal).square().sum().item()
    for step in range(200):
        optimizer.lr = 0.1 * (1 - step / 200)
        weight.grad = 2 * (weight.detach() - goal)
        optimizer.step()
    assert (weight - goal).square().sum().item() < 0.01 * first
    assert torch.equal(idle.detach(), torch.ones(2, 2))


def test_muon_steps_have_one_size_whatever_the_gradient() -> None:
    generator = torch.Generator().manual_seed(4)
    grad = torch.randn(16, 8, generator=generator)
    moves = []
    for scale in (1e-4, 1.0, 1e4):
        weight = Parameter(torch.zeros(16, 8))
        weight.grad = scale * grad
        Muon([weight], lr=0.1).step()
        moves.append(weight.detach())
    torch.testing.assert_close(moves[0], moves[2], atol=1e-3, rtol=0.01)
    assert 0.05 < torch.linalg.svdvals(moves[1]).max() < 0.2
