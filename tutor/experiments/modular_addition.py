"""Sums on a dial: long after those that are practised are right, others become so, too (Power et al. 2022, arXiv:2201.02177).

The network has no order of the two numbers in it: their embeddings are added. So a pair and its reverse are one sum, and no sum is kept
back whose reverse is practised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.modular_addition_config import EMBEDDING, STRONGEST, UNITS, ModularAdditionConfig
from tutor.experiments.seeds import sub_seed
from tutor.frames import Axis, Bars, Frame, Points, Scatter
from tutor.nn.optim import AdamW

EVERY = 10
"""Steps from one measurement to the next."""


def scores(weights: Sequence[Tensor], pairs: Tensor) -> Tensor:
    """How likely each number is the sum, as logits: (n, 2) -> (n, p)."""
    table, inner, bias1, outer, bias2 = weights
    hidden = F.relu(table[pairs].sum(dim=1) @ inner + bias1)  # (n, H)
    logits: Tensor = hidden @ outer + bias2
    return logits


def waves(table: Tensor) -> Tensor:
    """What each frequency has in the embedding, once around the dial and more often: (p, E) -> (p // 2, E), complex."""
    found: Tensor = torch.fft.rfft(table, dim=0)[1:]
    return found


class ModularAddition(Experiment):
    """See `ModularAdditionConfig` for the settings. Shapes: p numbers, n pairs, E numbers for each, H hidden units."""

    def __init__(
        self, config: ModularAdditionConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Share out the pairs, and draw the weights (He et al. 2015, arXiv:1502.01852)."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.decay, p = config.lr, config.decay, config.modulus
        chance = torch.Generator().manual_seed(sub_seed(seed, "pairs"))
        pairs = torch.combinations(torch.arange(p), with_replacement=True)  # (n, 2), the smaller first
        pairs = pairs[torch.randperm(len(pairs), generator=chance)]
        count = max(1, round(config.share * len(pairs)))
        self.seen, self.unseen = pairs[:count], pairs[count:]
        random = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        table = torch.randn(p, EMBEDDING, generator=random) * EMBEDDING**-0.5
        inner = torch.randn(EMBEDDING, UNITS, generator=random) * (2 / EMBEDDING) ** 0.5
        outer = torch.randn(UNITS, p, generator=random) * (2 / UNITS) ** 0.5
        made = (table, inner, torch.zeros(UNITS), outer, torch.zeros(p))
        self.weights = [torch.nn.Parameter(weight) for weight in made]
        self.optimizer = AdamW(self.weights, config.lr, betas=(0.9, 0.98))
        self.early: float | None = None

    def sums(self, pairs: Tensor) -> Tensor:
        """Return the right answers, (n,)."""
        right: Tensor = pairs.sum(dim=1) % self.config.modulus
        return right

    def step(self) -> dict[str, float]:
        """Learn from all practised sums at once; every weight is then drawn a little towards 0."""
        metrics = self._measure() if self.steps % EVERY == 0 else {}
        F.cross_entropy(scores(self.weights, self.seen), self.sums(self.seen)).backward()  # type: ignore[no-untyped-call]
        self.optimizer.lr, self.optimizer.weight_decay = self.lr, self.decay
        self.optimizer.step()
        for weight in self.weights:
            weight.grad = None
        self.steps += 1
        return metrics

    def finish(self) -> dict[str, float]:
        """As on the way, and what was right of unseen sums when all those practised first were."""
        found = self._measure()
        return found if self.early is None else found | {"early": self.early}

    @torch.no_grad()
    def _measure(self) -> dict[str, float]:
        """Test the network on sums of both kinds, and measure the length of its weights and how few frequencies its embedding has."""
        found: dict[str, float] = {}
        for name, pairs in (("seen", self.seen), ("unseen", self.unseen)):
            logits, right = scores(self.weights, pairs), self.sums(pairs)
            found[f"{name}_right"] = (logits.argmax(dim=1) == right).float().mean().item()
            found[f"{name}_loss"] = F.cross_entropy(logits, right).item()
        if self.early is None and found["seen_right"] > 0.99:
            self.early = found["unseen_right"]
        found["length"] = sum((weight**2).sum().item() for weight in self.weights) ** 0.5
        power = waves(self.weights[0]).abs().square().sum(dim=1)
        found["waves"] = (power.topk(STRONGEST).values.sum() / power.sum()).item()
        return found

    def view_state(self) -> tuple[int, list[Tensor]]:
        return self.steps, [weight.detach().clone() for weight in self.weights]

    @torch.no_grad()
    def view(self, name: str, state: Any = None) -> Frame:
        """``circle``: numbers in the plane of the strongest frequency. ``frequencies``: how much of the embedding each has."""
        steps, weights = state or (self.steps, self.weights)
        p, found = self.config.modulus, waves(weights[0])
        power = found.abs().square().sum(dim=1)
        if name == "frequencies":
            names = tuple(str(times) for times in range(1, len(found) + 1))
            return Bars(names, tuple((power / power.sum()).tolist()), title="power")
        if name != "circle":
            raise KeyError(name)
        strongest = found[power.argmax()]
        ways = torch.stack([F.normalize(part, dim=0) for part in (strongest.real, -strongest.imag)])
        x, y = ((weights[0] - weights[0].mean(dim=0)) @ ways.T).T.double().numpy()
        return Scatter(
            (Points("number", x, y, tuple(map(str, range(p)))),), Axis("across"), Axis("up"), step=steps
        )
