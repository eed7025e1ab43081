"""Networks that tell small pictures apart: fully connected, or with a convolution (LeCun et al. 1989, Neural Computation 1:541)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tutor.data.pictures import GLYPHS, SIDE
from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.picture_classifier_config import Net, PictureClassifierConfig
from tutor.experiments.picture_data import PictureData, moved
from tutor.experiments.seeds import sub_seed
from tutor.frames import Axis, Curves, Frame, Images, Series
from tutor.nn.optim import AdamW

BATCH, EVERY, WATCHED = 64, 10, 250  # pictures in a step; steps between measurements; pictures of these
ASIDE = ((1, 0), (-1, 0), (0, 1), (0, -1))  # right, left, down, up


def layers(net: Net) -> nn.Sequential:
    """Return one of three networks from pictures (B, 1, 12, 12) to ten scores; each has 3,000 to 4,700 weights."""
    if net == "dense":  # every unit has a weight for every pixel
        return nn.Sequential(nn.Flatten(), nn.Linear(SIDE**2, 27), nn.ReLU(), nn.Linear(27, 10))
    if (
        net == "conv"
    ):  # 12 filters of 5 × 5 slide over the picture; then a weight for every place where one answers
        slide = nn.Sequential(nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
        return nn.Sequential(*slide, nn.Flatten(), nn.Linear(12 * 6 * 6, 10))
    # 40 filters of 8 × 8 slide over the picture; of each only its strongest answer is left, not where it was
    slide = nn.Sequential(nn.Conv2d(1, 40, 8, padding=3), nn.ReLU(), nn.AdaptiveMaxPool2d(1))
    return nn.Sequential(*slide, nn.Flatten(), nn.Linear(40, 10))


class PictureClassifier(Experiment):
    """See `PictureClassifierConfig` for the settings. Shapes: B pictures of a step."""

    def __init__(
        self, config: PictureClassifierConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the pictures, and the first weights (He et al. 2015, arXiv:1502.01852)."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.shift = config.lr, config.shift
        self.data = PictureData(config, seed)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.moves = torch.Generator().manual_seed(sub_seed(seed, "moves"))
        weights = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        with torch.device("meta"):  # the layers' own first weights would come from a generator that all share
            self.net = layers(config.net)
        self.net.to_empty(device="cpu")
        for part in self.net.parameters():
            nn.init.zeros_(part) if part.ndim == 1 else nn.init.kaiming_normal_(part, generator=weights)
        self.optimizer = AdamW(self.net.parameters(), lr=config.lr)

    def step(self) -> dict[str, float]:
        """Look at some pictures, perhaps each moved a little, and change the weights so that their glyphs score higher."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        chosen = torch.randint(len(self.data.x), (BATCH,), generator=self.batches)
        pictures = self.data.x[chosen]  # (B, 1, 12, 12)
        if far := self.config.spread:
            by = torch.randint(-far, far + 1, (BATCH, 2), generator=self.moves).tolist()
            pictures = torch.stack([moved(one, *where) for one, where in zip(pictures, by, strict=True)])
        loss = F.cross_entropy(self.net(pictures), self.data.y[chosen])
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.lr = self.lr * self.left
        self.optimizer.step()
        self.net.zero_grad()
        self.steps += 1
        return {"picture_loss": loss.item(), **metrics}

    def live(self) -> dict[str, float]:
        """The share of some test pictures that are told right, as they are and moved by `shift`."""
        return {"centred": self._right(0, WATCHED), "aside": self._right(self.shift, WATCHED)}

    def finish(self) -> dict[str, float]:
        """As `live`, of all test pictures."""
        return {"centred": self._right(0), "aside": self._right(self.shift)}

    def view(self, name: str, state: Any = None) -> Frame:
        """``by_shift``: shares right over pixels moved. ``pictures``: the first, moved, and what is said. ``filters``: first weights."""
        if name == "by_shift":
            right = np.array([self._right(shift, WATCHED) for shift in range(4)])
            return Curves((Series("", "right", np.arange(4.0), right),), x_axis=Axis("pixels"))
        if name == "pictures":
            shown = moved(self.data.test_x[:24], int(self.shift), 0)
            glyphs = GLYPHS[self.config.script]
            said = zip(self.data.test_y[:24].tolist(), self._answers(shown).tolist(), strict=True)
            captions = tuple(glyphs[y] if y == a else f"{glyphs[y]} → {glyphs[a]}" for y, a in said)
            return Images(shown[:, 0].half().numpy(), captions)
        if name != "filters":
            raise KeyError(name)
        first = next(self.net.parameters()).detach()  # (n, 144) or (n, 1, k, k)
        side = int(first[0].numel() ** 0.5)
        return Images((first / first.abs().max()).view(-1, side, side).half().numpy(), signed=True)

    @torch.no_grad()
    def _answers(self, pictures: Tensor) -> Tensor:
        """Which glyph has the highest score, (n,)."""
        return self.net(pictures).argmax(dim=1)  # type: ignore[no-any-return]

    def _right(self, shift: float, n: int = PictureData.TESTED) -> float:
        """The share of the first n test pictures told right, the mean over the four sides to which they are moved."""
        pictures, labels = self.data.test_x[:n], self.data.test_y[:n]
        sides = [(round(shift * x), round(shift * y)) for x, y in ASIDE] if shift else [(0, 0)]
        right = [(self._answers(moved(pictures, *side)) == labels).float().mean().item() for side in sides]
        return sum(right) / len(right)
