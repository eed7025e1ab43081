"""Restricted Boltzmann machines, one upon another, then a network that learns from labels (Hinton et al. 2006, Neural Computation 18:1527)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.data.pictures import GLYPHS, SIDE
from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.boltzmann_config import BoltzmannConfig
from tutor.experiments.picture_data import PictureData
from tutor.experiments.seeds import sub_seed
from tutor.frames import Frame, Images

BATCH, EVERY, WATCHED = 64, 10, 500  # pictures in a step; steps between measurements; pictures of these
DREAMS, UNLABELLED = 12, 0.6  # chains; share of the steps that goes without labels


class Boltzmann(Experiment):
    """See `BoltzmannConfig` for the settings. Shapes: B pictures of a step, P pixels, D units below a layer, H in it."""

    def __init__(
        self, config: BoltzmannConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the pictures and the first weights, of the usual size (Glorot & Bengio 2010, He et al. 2015); the last ones begin at 0."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.data = PictureData(config, seed)
        self.chance = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        weights = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        sizes = [SIDE**2, *[config.units] * config.layers]
        self.w = []  # of each layer, (D, H)
        for d, h in pairwise(sizes):
            size = 2 / d if config.net == "relu" else 2 / (d + h)
            self.w.append(size**0.5 * torch.randn(d, h, generator=weights))
        self.b_up = [torch.zeros(size) for size in sizes[1:]]
        self.b_down = [torch.zeros(size) for size in sizes[:-1]]
        self.w_out, self.b_out = torch.zeros(config.units, 10), torch.zeros(10)
        self.velocity: list[Tensor] = []
        self.each = int(UNLABELLED * total_steps) // config.layers if config.net == "pretrained" else 0
        self.dreams = self.dreamt = torch.rand(DREAMS, SIDE**2, generator=weights)  # they begin as noise

    def step(self) -> dict[str, float]:
        """Let one layer learn from pictures alone, or, when all have, the whole network from labels."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        if self.steps < self.each * len(self.w):
            at, done = divmod(self.steps, self.each)
            if done == 0:
                self._begin(at)
            self.rebuild_better(at)
            self.dream(at)
            if self.steps + 1 == self.each * len(self.w):
                self.velocity = []
        else:
            metrics["label_loss"] = self.tell_better()
        self.steps += 1
        return metrics

    def rebuild_better(self, at: int) -> None:
        """Contrastive divergence: make what goes together in the data likelier, and what goes together in its rebuilt form less likely."""
        pictures = self._batch(len(self.data.x))[0]
        data = self.up(pictures, at)  # (B, D): the pictures, or what the layers below make of them
        seen = torch.sigmoid(data @ self.w[at] + self.b_up[at])  # (B, H)
        rebuilt = self.down(torch.bernoulli(seen, generator=self.chance), at)
        imagined = torch.sigmoid(rebuilt @ self.w[at] + self.b_up[at])
        changes = (
            (data.T @ seen - rebuilt.T @ imagined) / BATCH,
            (seen - imagined).mean(dim=0),
            (data - rebuilt).mean(dim=0),
        )
        parts = (self.w[at], self.b_up[at], self.b_down[at])
        for part, velocity, change in zip(parts, self.velocity, changes, strict=True):
            velocity.lerp_(change, 0.1)  # the mean of the last ten or so
            part.add_(velocity)

    def dream(self, at: int) -> None:
        """Let the highest trained layer guess what it sees, see what it guessed, and draw that through the layers below."""
        units = torch.bernoulli(
            torch.sigmoid(self.dreams @ self.w[at] + self.b_up[at]), generator=self.chance
        )
        self.dreams = self.dreamt = self.down(units, at)
        for below in reversed(range(at)):
            self.dreamt = self.down(self.dreamt, below)  # at last (DREAMS, P)

    def tell_better(self) -> float:
        """Backpropagation through all layers, and gradient descent with momentum; return the loss."""
        parts = [*self.w, *self.b_up, self.w_out, self.b_out]
        for part in parts:
            part.requires_grad_()
        pictures, labels = self._batch(len(self.data.x) if self.config.every else self.config.labels)
        loss = F.cross_entropy(self.up(pictures, len(self.w)) @ self.w_out + self.b_out, labels)
        changes = torch.autograd.grad(loss, parts)
        rate = self.lr * (self.total_steps - self.steps) / (self.total_steps - self.each * len(self.w))
        self.velocity = self.velocity or [torch.zeros_like(change) for change in changes]
        for part, velocity, change in zip(parts, self.velocity, changes, strict=True):
            part.requires_grad_(False)
            velocity.mul_(0.9).add_(change)
            part.sub_(velocity, alpha=max(0.0, rate))
        return loss.item()

    def up(self, x: Tensor, layers: int) -> Tensor:
        """What the first so many layers make of pictures (n, P)."""
        act = F.relu if self.config.net == "relu" else torch.sigmoid
        for w, b in zip(self.w[:layers], self.b_up, strict=False):
            x = act(x @ w + b)
        return x

    def down(self, units: Tensor, at: int) -> Tensor:
        """What a layer's units (n, H) tell of what is below it, (n, D), by the same weights as upwards."""
        return torch.sigmoid(units @ self.w[at].T + self.b_down[at])

    def _begin(self, at: int) -> None:
        """Begin with a layer: without units it rebuilds what is below as that is on average, and dreams go on from one layer up."""
        below = self.up(self.data.x.flatten(1), at)
        self.b_down[at] = torch.logit(below.mean(dim=0), eps=0.01)
        self.velocity = [torch.zeros_like(part) for part in (self.w[at], self.b_up[at], self.b_down[at])]
        if at:
            self.dreams = torch.sigmoid(self.dreams @ self.w[at - 1] + self.b_up[at - 1])

    def _batch(self, among: int) -> tuple[Tensor, Tensor]:
        """Pictures (B, P) and labels (B,) out of the first so many."""
        chosen = torch.randint(min(among, len(self.data.x)), (BATCH,), generator=self.chance)
        return self.data.x[chosen].flatten(1), self.data.y[chosen]

    def live(self) -> dict[str, float]:
        """As `finish`, of some test pictures."""
        return self._measure(WATCHED)

    def finish(self) -> dict[str, float]:
        """The share of test pictures told right; where layers were pre-trained, how well the lowest still rebuilds pictures."""
        return self._measure(PictureData.TESTED)

    def _measure(self, n: int) -> dict[str, float]:
        pictures, labels = self.data.test_x[:n].flatten(1), self.data.test_y[:n]
        answers = (self.up(pictures, len(self.w)) @ self.w_out + self.b_out).argmax(dim=1)
        found = {"told": (answers == labels).float().mean().item()}
        if self.config.net == "pretrained":
            found["rebuilt"] = F.mse_loss(self.down(self.up(pictures, 1), 0), pictures).item()
        return found

    def view(self, name: str, state: Any = None) -> Frame:
        """``dreams``: where noise has wandered to. ``pairs``: test pictures, each with what layer 1 rebuilds of it. ``filters``: layer 1."""
        if name == "dreams":
            return Images(self.dreamt.view(-1, SIDE, SIDE).half().numpy())
        if name == "pairs":
            seen = self.data.test_x[:8].flatten(1)
            pairs = torch.stack([seen, self.down(self.up(seen, 1), 0)], dim=1)
            glyphs = [GLYPHS[self.config.script][label] for label in self.data.test_y[:8].tolist()]
            captions = tuple(caption for glyph in glyphs for caption in (glyph, "back"))
            return Images(pairs.view(-1, SIDE, SIDE).half().numpy(), captions, together=2)
        if name != "filters":
            raise KeyError(name)
        filters = self.w[0].T[:24]
        return Images((filters / filters.abs().max()).view(-1, SIDE, SIDE).half().numpy(), signed=True)
