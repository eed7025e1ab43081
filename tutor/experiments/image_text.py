"""Two networks, for pictures and for captions, that learn to put what belongs together close together (Radford et al. 2021, arXiv:2103.00020)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Parameter

from tutor.data.shapes import COMBINATIONS, SIDE, WORDS, caption, draw, short
from tutor.experiments.base import Experiment, Shared, TrainedModel
from tutor.experiments.image_text_config import ImageTextConfig
from tutor.experiments.seeds import sub_seed
from tutor.frames import Frame, HeatMap, Images, Table
from tutor.nn.optim import AdamW

D, BATCH, EVERY = 32, 64, 10  # numbers in a vector; pairs in a step; steps between measurements
FILTERS = (12, 24)  # of the two convolutions
ALL = torch.arange(len(COMBINATIONS))
# The place of each word of a caption in a list of all: sizes, then fillings, then shapes.
PLACES = torch.from_numpy(COMBINATIONS) + torch.tensor(
    [0, *np.cumsum([len(words) for words in WORDS["en"]])[:2]]
)


class ShapeData(Shared):
    """Pictures of the combinations that are seen, and test pictures of all; never changes, so that copies of a run share it.

    Attributes:
        unseen: ``(K,)`` the combinations that occur in the test only, ``seen`` the others.
        x: ``(train, 1, side, side)``.
        y: ``(train,)`` which combination each is.
        test_x: As `x`; every combination comes once, then again.
        test_y: As `y`.
    """

    TESTED, WATCHED = 50, 10  # test pictures of each combination; how many of them are looked at on the way

    def __init__(self, config: ImageTextConfig, seed: int) -> None:
        """Choose the unseen combinations, so that each word occurs about equally often in them, and draw."""
        rng = np.random.default_rng(sub_seed(seed, "unseen"))
        sizes, fillings, shapes = (rng.permutation(n) for n in (2, 3, 4))
        hidden = {(sizes[(k // 4 + k) % 2], fillings[k % 3], shapes[k % 4]) for k in range(config.unseen)}
        is_hidden = torch.tensor([tuple(combination) in hidden for combination in COMBINATIONS])
        self.unseen, self.seen = is_hidden.nonzero()[:, 0], (~is_hidden).nonzero()[:, 0]
        self.y = self.seen[rng.integers(len(self.seen), size=config.pictures * config.times)]
        self.test_y = ALL.repeat(self.TESTED)
        self.x, self.test_x = (
            torch.from_numpy(draw(COMBINATIONS[y], sub_seed(seed, name), config.grain)).unsqueeze(1)
            for name, y in (("pictures", self.y), ("test pictures", self.test_y))
        )


class ImageText(Experiment):
    """See `ImageTextConfig` for the settings. Shapes: B pictures, C captions, D numbers in a vector, K combinations never seen."""

    def __init__(
        self, config: ImageTextConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the pictures and the first weights (He et al. 2015); the temperature begins at 0.07, as in the original."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.data = ShapeData(config, seed)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        weights = torch.Generator().manual_seed(sub_seed(seed, "weights"))

        def drawn(*shape: int, size: float) -> Parameter:
            return Parameter(size**0.5 * torch.randn(*shape, generator=weights))

        first, second = FILTERS
        self.filters1, self.bias1 = drawn(first, 1, 5, 5, size=2 / 25), Parameter(torch.zeros(first))
        self.filters2 = drawn(second, first, 3, 3, size=2 / (9 * first))
        self.bias2 = Parameter(torch.zeros(second))
        seen = second * (SIDE // 4) ** 2
        self.look = drawn(seen, D, size=1 / seen)
        self.words = drawn(len(ALL) if config.net == "whole" else int(PLACES.max()) + 1, D, size=1)
        self.sharp = Parameter(torch.tensor(math.log(1 / 0.07)))
        pictures = [self.filters1, self.bias1, self.filters2, self.bias2, self.look]
        self.parts = [*pictures, self.words, self.sharp]
        self.optimizer = AdamW(self.parts, lr=config.lr)

    def step(self) -> dict[str, float]:
        """Take some pairs; each picture should find its own caption among all of them, and each caption its own picture."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        chosen = torch.randint(len(self.data.x), (BATCH,), generator=self.batches)
        pictures, captions = self.see(self.data.x[chosen]), self.read(self.data.y[chosen])  # (B, D) each
        scores = self.sharp.exp() * pictures @ captions.T  # (B, B): the true pairs on the diagonal
        own = torch.arange(BATCH)
        loss = (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)) / 2
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.lr = self.lr * self.left
        self.optimizer.step()
        for part in self.parts:
            part.grad = None
        self.steps += 1
        return {"match_loss": loss.item(), **metrics}

    def see(self, pictures: Tensor) -> Tensor:
        """Two convolutions, each followed by pooling, then one vector of length 1 for each picture, (B, D)."""
        x = F.max_pool2d(F.relu(F.conv2d(pictures, self.filters1, self.bias1, padding=2)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, self.filters2, self.bias2, padding=1)), 2)
        return F.normalize(x.flatten(1) @ self.look, dim=1)

    def read(self, captions: Tensor) -> Tensor:
        """One vector of length 1 for each caption, (C, D): the sum of those of its words, or, unread, one of its own."""
        whole = self.config.net == "whole"
        return F.normalize(self.words[captions] if whole else self.words[PLACES[captions]].sum(dim=1), dim=1)

    def live(self) -> dict[str, float]:
        """As `finish`, of some test pictures."""
        return self._measure(ShapeData.WATCHED)

    def finish(self) -> dict[str, float]:
        """Shares of test pictures for which the right caption is nearest, among all of them or among the unseen ones; words right."""
        return self._measure(ShapeData.TESTED)

    @torch.no_grad()
    def _measure(self, each: int) -> dict[str, float]:
        truth = self.data.test_y[: each * len(ALL)]
        near = self.see(self.data.test_x[: len(truth)]) @ self.read(ALL).T
        said, new = near.argmax(dim=1), torch.isin(truth, self.data.unseen)
        among = self.data.unseen[near[new][:, self.data.unseen].argmax(dim=1)]
        right = {
            "seen": said[~new] == truth[~new],
            "unseen": said[new] == truth[new],
            "unseen_only": among == truth[new],
            "as_seen": ~torch.isin(said[new], self.data.unseen),
        }
        words = (PLACES[said[new]] == PLACES[truth[new]]).unbind(dim=1)
        right |= dict(zip(("size_right", "filling_right", "shape_right"), words, strict=True))
        return {name: one.float().mean().item() for name, one in right.items()}

    @torch.no_grad()
    def view(self, name: str, state: Any = None) -> Frame:
        """``matrix``: mean cosines of pictures with captions. ``pictures``: unseen ones, and what is said. ``mistakes``: of each of these."""
        unseen, language = self.data.unseen.tolist(), self.config.language
        captions = [caption(one, language) for one in COMBINATIONS]
        near = (self.see(self.data.test_x) @ self.read(ALL).T).view(-1, len(ALL), len(ALL))  # again and again
        said = near.argmax(dim=2)
        if name == "matrix":
            words = [short(one, language) for one in COMBINATIONS]
            rows = tuple(f"*{text}" if i in unseen else text for i, text in enumerate(words))
            columns = tuple(text.replace("-", "") for text in words)  # there is less room above than beside
            cosines = near.mean(dim=0)[None].half().numpy()
            return HeatMap(cosines, ("all",), rows, columns, self.steps, "signed", 1.0)
        if name == "pictures":
            shown = [(row, i) for row in range(2) for i in unseen[:6]]
            answers = [(captions[said[row, i]], said[row, i] == i) for row, i in shown]
            values = torch.stack([self.data.test_x[row * len(ALL) + i, 0] for row, i in shown])
            return Images(values.half().numpy(), tuple(text if ok else f"✗ {text}" for text, ok in answers))
        if name != "mistakes":
            raise KeyError(name)
        mistakes = []
        for i in unseen:
            often = torch.bincount(said[:, i], minlength=len(ALL))
            right, often[i] = often[i].item() / len(said), 0
            wrong = captions[int(often.argmax())] if right < 1 else "–"
            mistakes.append((captions[i], f"{right:.0%}", wrong))
        return Table(("shown", "right", "mistaken"), tuple(mistakes))
