"""The forward pass of training as one recorded graph, so that it runs beside the screen undisturbed.

Each tensor operation called from Python takes the interpreter's lock for a moment; while a screen draws in another thread, each
of them has to wait for it. A forward pass is a hundred such calls. Recorded once and then run as a whole it is one. Nothing
else changes: the same operations in the same order, to the bit.
"""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Callable, Hashable
from typing import Any

import torch
from torch import Tensor, nn

_graphs: dict[Hashable, Callable[..., Tensor] | None] = {}
_recording = threading.Lock()


class _Body(nn.Module):
    """A module whose forward pass is one method of a model, so that its weights can be given from outside."""

    def __init__(self, model: nn.Module, compute: str) -> None:
        super().__init__()
        self.model = model
        self.compute = compute

    def forward(self, ids: Tensor) -> Tensor:
        found: Tensor = getattr(self.model, self.compute)(ids)
        return found


def recorded(model: nn.Module, compute: str, ids: Tensor, key: Hashable) -> Tensor | None:
    """Compute a method of a model on some ids as one graph.

    All models of one `key` share the graph: the weights are handed to it anew each time, so a copy of a model needs none of its own.

    Args:
        model: The model.
        compute: Name of the method: (B, T) ids to a tensor. It must not branch on values.
        ids: (B, T) token ids.
        key: What the graph depends on besides the shape of the ids: sizes and types.

    Returns:
        None when this version of torch can't record it: then it has to be computed operation by operation.
    """
    whole_key = (key, compute, tuple(ids.shape))
    named = dict(model.named_parameters())
    if whole_key not in _graphs:
        with _recording:
            _graphs[whole_key] = _record(model, compute, ids, tuple(named))
    graph = _graphs[whole_key]
    if graph is None:
        return None
    # Without its optimizer, which would join operations after some runs and so change the last bits of a replay.
    with torch.jit.optimized_execution(False):  # type: ignore[no-untyped-call]
        return graph(ids, *named.values())


def _record(
    model: nn.Module, compute: str, ids: Tensor, names: tuple[str, ...]
) -> Callable[..., Tensor] | None:
    body = _Body(model, compute)

    def run(ids: Tensor, *weights: Tensor) -> Any:
        given = {f"model.{name}": weight for name, weight in zip(names, weights, strict=True)}
        return torch.func.functional_call(body, given, (ids,))

    example = (ids, *(weight.detach().clone() for weight in model.parameters()))
    with warnings.catch_warnings(), contextlib.suppress(Exception), torch.no_grad():
        warnings.simplefilter("ignore")  # it warns of sizes that become fixed: that is meant
        graph: Callable[..., Tensor] = torch.jit.trace(run, example, check_trace=False)  # type: ignore[no-untyped-call]
        return graph
    return None
