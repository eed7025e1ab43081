"""The pictures of a run: settings and the pictures themselves, shared by the kinds that learn from them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.data.pictures import draw
from tutor.experiments.base import Shared
from tutor.experiments.parts import Pictures
from tutor.experiments.seeds import sub_seed


class PictureData(Shared):
    """Pictures to learn from and pictures to be tested on, none in both; never changes, so that copies of a run share it.

    Attributes:
        x: ``(train, 1, side, side)``, from 0 to 1.
        y: ``(train,)`` which glyph each is.
        test_x: As `x`, of `TESTED` pictures.
        test_y: As `y`.
    """

    TESTED = 2_000

    def __init__(self, config: Pictures, seed: int) -> None:
        """Draw them by chance, so that those of another seed are others."""
        drawn = (("pictures", config.pictures), ("test pictures", self.TESTED))
        (x, y), (test_x, test_y) = (
            draw(config.script, n, sub_seed(seed, name), config.grain) for name, n in drawn
        )
        self.x, self.test_x = torch.from_numpy(x).unsqueeze(1), torch.from_numpy(test_x).unsqueeze(1)
        self.y, self.test_y = torch.from_numpy(y), torch.from_numpy(test_y)


def moved(pictures: Tensor, right: int, down: int) -> Tensor:
    """Move pictures (..., side, side) by so many pixels; what leaves at one edge is lost, the other one stays bare."""
    return F.pad(pictures, (right, -right, down, -down))
