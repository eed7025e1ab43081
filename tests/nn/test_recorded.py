"""A recorded forward pass is the same forward pass, to the bit, for every copy of a model."""

from __future__ import annotations

import copy

import pytest
import torch

from tutor.nn import recorded
from tutor.nn.optim import orthogonalize
from tutor.nn.transformer import Transformer, TransformerConfig


def model(seed: int = 0, /, **more: object) -> Transformer:
    sizes = {"vocab_size": 50, "n_layer": 2, "n_head": 2, "d_model": 16, "context": 12, "causal": True} | more
    made = Transformer(TransformerConfig(**sizes), torch.Generator().manual_seed(seed))  # type: ignore[arg-type]
    with torch.no_grad():
        for weight in made.parameters():  # nothing may be zero, or half of the graph would not be seen
            weight.add_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(seed + 1)) * 0.1)
    return made


def gradients(made: Transformer, ids: torch.Tensor) -> list[torch.Tensor]:
    made.zero_grad()
    made(ids).square().mean().backward()
    return [w.grad.clone() for w in made.parameters() if w.grad is not None]


@pytest.mark.parametrize("more", [{}, {"causal": False}, {"token_shift": True}])
def test_logits_and_gradients_are_the_same_bits(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, object]
) -> None:
    ids = torch.randint(50, (3, 12), generator=torch.Generator().manual_seed(1))
    made = model(0, **more)
    whole = [(made(ids).detach(), gradients(made, ids)) for _ in range(5)]  # also after it has warmed up
    assert any(graph is not None for graph in recorded._graphs.values())
    monkeypatch.setattr("tutor.nn.transformer.recorded", lambda *_: None)
    logits, grads = made(ids).detach(), gradients(made, ids)
    for again, gradients_again in whole:
        assert torch.equal(again, logits)
        assert len(gradients_again) == len(grads) > 0
        assert all(torch.equal(a, b) for a, b in zip(gradients_again, grads, strict=True))


def test_a_graph_belongs_to_no_model() -> None:
    ids = torch.randint(50, (2, 12), generator=torch.Generator().manual_seed(1))
    first = model(0)
    first(ids)
    graphs = len(recorded._graphs)
    other, twin = model(7), copy.deepcopy(first)
    with torch.no_grad():
        expected = other(ids), first(ids)  # without gradients nothing is recorded
    assert torch.equal(other(ids), expected[0])
    assert torch.equal(twin(ids), expected[1])
    assert len(recorded._graphs) == graphs


def test_what_cannot_be_recorded_is_computed_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no recorder in this version")

    monkeypatch.setattr(torch.jit, "trace", broken)
    monkeypatch.setattr(recorded, "_graphs", {})
    ids = torch.randint(50, (2, 9), generator=torch.Generator().manual_seed(1))
    made = model()
    with torch.no_grad():
        expected = made(ids)
    assert torch.equal(made(ids), expected)
    assert list(recorded._graphs.values()) == [None]


def test_measuring_uses_a_graph_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_graphs", {})
    ids = torch.randint(50, (30, 12), generator=torch.Generator().manual_seed(1))
    made = model()
    with torch.no_grad():
        found = made(ids)
        assert [graph is not None for graph in recorded._graphs.values()] == [True]
        monkeypatch.setattr("tutor.nn.transformer.recorded", lambda *_: None)
        assert torch.equal(found, made(ids))


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 16, 4), (2, 4, 16)])
def test_an_orthogonal_step_is_the_same_bits_as_one_graph(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    monkeypatch.setattr(recorded, "_graphs", {})
    generator = torch.Generator().manual_seed(0)
    for _ in range(4):  # also after it has warmed up, and for other values than those it was recorded with
        matrices = torch.randn(shape, generator=generator)
        assert torch.equal(recorded.as_one(orthogonalize, matrices, "orthogonalize"), orthogonalize(matrices))
    assert [graph is not None for graph in recorded._graphs.values()] == [True]
