"""Weights set to zero, one by one or by whole units, and what it takes to store those that are left."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import Parameter

from tutor.nn.optim import Optimizer
from tutor.nn.transformer import Block, Transformer


def order(scores: Tensor) -> Tensor:
    """Return the place of each score among all, as a share: 0 is the first to go, what is last has just below 1; of the same shape."""
    places = torch.empty(scores.numel())
    places[scores.flatten().argsort()] = torch.arange(scores.numel()) / scores.numel()
    return places.view_as(scores)


@torch.no_grad()
def smallest_first(model: Transformer) -> list[Tensor]:
    """Return an order for each matrix in which its smallest weights go first (Han et al. 2015, arXiv:1506.02626)."""
    return [order(weight.abs()) for weight in matrices(model)]


@torch.no_grad()
def idlest_first(model: Transformer, ids: Tensor) -> list[Tensor]:
    """Return an order in which those weights go first that add least: by size times the usual size of what they are multiplied by.

    That is measured on a text (B, T), in one forward pass (Wanda: Sun et al. 2023, arXiv:2306.11695, here within a whole matrix).
    """
    often = torch.bincount(ids.flatten(), minlength=model.config.vocab_size)[:, None]  # (V, 1)
    squares: dict[Tensor, Tensor] = {model.embedding.weight: often}

    def meet(part: nn.Linear, given: tuple[Tensor, ...], _: Tensor) -> None:
        squares[part.weight] = given[0].square().flatten(0, -2).mean(dim=0)  # (inputs,)

    watched = [part.register_forward_hook(meet) for part in model.modules() if isinstance(part, nn.Linear)]
    model.head(model.features(ids, keep=[]))  # `keep` runs it operation by operation, where hooks are called
    for one in watched:
        one.remove()
    return [order(weight.abs() * squares.get(weight, torch.ones(1)).sqrt()) for weight in matrices(model)]


@torch.no_grad()
def any_first(model: Transformer, generator: torch.Generator) -> list[Tensor]:
    """Return an order for each matrix that was drawn by lot."""
    return [order(torch.rand(weight.shape, generator=generator)) for weight in matrices(model)]


@torch.no_grad()
def units_first(model: Transformer) -> list[Tensor]:
    """Return an order in which whole hidden units of the MLPs go, those with the smallest weights first; nothing else ever goes.

    A unit is a row of the matrix into the hidden layer and a column of the one out of it.
    """
    found: dict[Tensor, Tensor] = {weight: torch.ones_like(weight) for weight in matrices(model)}
    for block in cast("Iterable[Block]", model.blocks):
        into, out_of = block.mlp.up.weight, block.mlp.down.weight  # (4 C, C), (C, 4 C)
        places = order(into.norm(dim=1) * out_of.norm(dim=0))  # (4 C,)
        found[into] = places[:, None].expand_as(into)
        found[out_of] = places.expand_as(out_of)
    return list(found.values())


def matrices(model: Transformer) -> list[Parameter]:
    """Return the weights that may go; vectors stay."""
    return [weight for weight in model.parameters() if weight.ndim == 2]


class PrunedWeights:
    """The matrices of a model with a share of their weights set to zero, which stay zero when it trains on.

    Attributes:
        exact: The matrices.
        kept: Where a weight is left, for each.
    """

    def __init__(self, model: Transformer, share: float, places: list[Tensor], *, units: bool) -> None:
        """Say what is to go: the `share` that comes first by `places`. Nothing is gone yet.

        Args:
            model: The model, which is changed in place.
            share: 0 to 1.
            places: Of each matrix, as `smallest_first` and the others give them.
            units: Whether whole rows and columns go, which needn't be stored.
        """
        self.exact, self.share, self.places, self.units = matrices(model), share, places, units
        self.kept = [torch.ones_like(weight, dtype=torch.bool) for weight in self.exact]

    @torch.no_grad()
    def change(self, share: float = 1.0) -> None:
        """Set to zero the first of those that are to go, a share of them."""
        self.kept = [places >= share * self.share for places in self.places]
        for weight, kept in zip(self.exact, self.kept, strict=True):
            weight.mul_(kept)

    def learn(self, optimizer: Optimizer) -> None:
        """Train what is left: an optimizer moves all, and what is gone goes again."""
        optimizer.step()
        self.change()

    @property
    def zeros(self) -> float:
        """Return the share of the weights that are gone."""
        return 1 - sum(int(kept.sum()) for kept in self.kept) / sum(kept.numel() for kept in self.kept)

    def sizes(self) -> dict[str, float]:
        """Return bytes: ``size`` with a bit for each weight that says whether it is there, ``listed`` with a place for each that is left
        (two bytes for the column, four for where a row begins), ``zipped`` with the zeros written out and packed by zlib.

        Units that are gone leave smaller matrices, and there is nothing to say about them.
        """
        left = 4 * sum(int(kept.sum()) for kept in self.kept)
        if self.units:
            return {"size": left}
        written = b"".join(weight.detach().numpy().tobytes() for weight in self.exact)
        return {
            "size": left + sum(kept.numel() for kept in self.kept) / 8,
            "listed": left * 6 / 4 + 4 * sum(len(kept) + 1 for kept in self.kept),
            "zipped": len(zlib.compress(written)),
        }
