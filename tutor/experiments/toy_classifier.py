"""Networks with one hidden layer that learn where a lamp is on, from many random starts at once; backpropagation written out."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.seeds import sub_seed
from tutor.experiments.toy_classifier_config import LAMPS, SIDE, ToyClassifierConfig
from tutor.frames import Axis, Field, Frame, Images, Points, Scatter


class ToyClassifier(Experiment):
    """See `ToyClassifierConfig` for the settings. Shapes: S starts, N points, H hidden units."""

    def __init__(
        self, config: ToyClassifierConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the weights of all starts; biases begin at zero (He et al. 2015, arXiv:1502.01852)."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.start = config.lr, config.start
        self.x = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])  # (N, 2)
        self.y = torch.tensor(LAMPS[config.points]).view(-1, 1)  # (N, 1): 1 is on
        S, H = config.starts, config.units or 2
        random = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        self.w1, self.b1 = torch.randn(S, 2, H, generator=random), torch.zeros(S, 1, H)
        self.w2 = torch.randn(S, H, 1, generator=random) * (2 / H) ** 0.5
        self.b2 = torch.zeros(S, 1, 1)

    def step(self) -> dict[str, float]:
        """Gradient descent: forward through the network, back by the chain rule, then every weight changes a little."""
        hidden = self.hidden(self.x)  # (S, N, H)
        logits = hidden @ self.w2 + self.b2  # (S, N, 1)
        metrics = self._measure(logits)

        d_logits = (torch.sigmoid(logits) - self.y) / len(self.x)  # how the loss changes with each logit
        d_hidden = d_logits @ self.w2.mT  # and so with what each unit says, (S, N, H)
        self.w2 -= self.lr * hidden.mT @ d_logits
        self.b2 -= self.lr * d_logits.sum(dim=1, keepdim=True)
        if self.config.units:
            d_inner = d_hidden * self.slope(hidden)
            self.w1 -= self.lr * self.x.T @ d_inner
            self.b1 -= self.lr * d_inner.sum(dim=1, keepdim=True)
        self.steps += 1
        return metrics

    def hidden(self, x: Tensor) -> Tensor:
        """What the hidden units make of M places (M, 2): (S, M, H). Without a hidden layer, the places themselves."""
        if not self.config.units:
            return x.expand(len(self.w2), -1, -1)
        inner = x @ self.w1 + self.b1
        return F.relu(inner) if self.config.activation == "relu" else torch.tanh(inner)

    def slope(self, hidden: Tensor) -> Tensor:
        """The derivative of the activation, which its value tells."""
        return (hidden > 0).float() if self.config.activation == "relu" else 1 - hidden**2

    def view(self, name: str, state: Any = None) -> Frame:
        """``field``: what one start says of every place, under the points. ``starts``: many small ones, with the points they get right."""
        if name == "starts":
            right = self._right(self.hidden(self.x) @ self.w2 + self.b2).sum(dim=1).flatten().tolist()[:24]
            captions = tuple(f"{i}: {count}/{len(self.x)}" for i, count in enumerate(right, 1))
            return Images(self._fields(8)[: len(right)], captions, signed=True)
        if name != "field":
            raise KeyError(name)
        on, off = (self.x[self.y[:, 0] == lamp].double().numpy().T for lamp in (1, 0))
        across, up = (Axis(label, low=-SIDE, high=SIDE) for label in ("below", "above"))
        field = Field(self._fields(41)[min(self.start, len(self.w2)) - 1], "says_off", "says_on")
        return Scatter((Points("on", *on), Points("off", *off)), across, up, field, self.steps)

    def _fields(self, n: int) -> Any:
        """(S, n, n) over the plane, top row first: from -1, surely off, to 1, surely on."""
        line = torch.linspace(-SIDE, SIDE, n)
        places = torch.cartesian_prod(line.flip(0), line).flip(1)  # (n², 2): across, up
        logits = self.hidden(places) @ self.w2 + self.b2
        return torch.tanh(logits / 2).view(-1, n, n).half().numpy()

    def _right(self, logits: Tensor) -> Tensor:
        """Whether each start is right about each point, (S, N, 1); one that is undecided is not."""
        return logits * (2 * self.y - 1) > 0

    def _measure(self, logits: Tensor) -> dict[str, float]:
        loss = F.binary_cross_entropy_with_logits(logits, self.y.expand_as(logits)).item()
        right = self._right(logits)
        solved = right.all(dim=1).float().mean().item()
        return {"solved": solved, "right": right.float().mean().item(), "loss": loss}
