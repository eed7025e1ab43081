"""The forward pass of training as one recorded graph, so that it runs beside the screen undisturbed.

Each tensor operation called from Python takes the interpreter's lock for a moment; while a screen draws in another thread, each
of them has to wait for it. A forward pass is a hundred such calls. Recorded once and then run as a whole it is one. Nothing
else changes: the same operations in the same order, to the bit.
"""

from __future__ import annotations

import contextlib
import copy
import threading
import warnings
from collections.abc import Callable, Hashable
from typing import Any

import torch
from torch import Tensor, nn

_graphs: dict[Hashable, Callable[..., Any] | None] = {}
_recording = threading.Lock()


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
    return None if graph is None else _played(graph, ids, *named.values())


def as_one(function: Callable[[Tensor], Tensor], x: Tensor, key: Hashable) -> Tensor:
    """Compute a pure function of one tensor as one graph; operation by operation where this version of torch can't.

    The function must not branch on values. The key names it, with what the graph depends on besides the shape and type of x.
    """
    whole_key = (key, x.shape, x.dtype)
    if whole_key not in _graphs:
        with _recording:
            _graphs[whole_key] = _traced(function, (x.detach().clone(),))
    graph = _graphs[whole_key]
    return function(x) if graph is None else _played(graph, x)


def _played(graph: Callable[..., Any], *inputs: Tensor) -> Tensor:
    # Without its optimizer, which would join operations after some runs and so change the last bits of a replay.
    with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
        found: Tensor = graph(*inputs)
        return found


def _record(model: nn.Module, compute: str, ids: Tensor, names: tuple[str, ...]) -> Callable[..., Any] | None:
    stand_in = copy.deepcopy(model)  # its weights become inputs of the graph
    places = [(stand_in.get_submodule(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in names]

    def run(ids: Tensor, *weights: Tensor) -> Any:
        for (module, name), weight in zip(places, weights, strict=True):
            module._parameters[name] = weight  # type: ignore[assignment]  # a plain tensor, for once
        return getattr(stand_in, compute)(ids)

    return _traced(run, (ids, *(weight.detach().clone() for weight in model.parameters())))


def _traced(run: Callable[..., Any], example: tuple[Tensor, ...]) -> Callable[..., Any] | None:
    with warnings.catch_warnings(), contextlib.suppress(Exception), torch.no_grad():
        warnings.simplefilter("ignore")  # it warns of sizes that become fixed: that is meant
        graph: Callable[..., Any] = torch.jit.trace(run, example, check_trace=False)  # type: ignore[no-untyped-call]
        return graph
    return None
