"""A network that reads and one that writes (Cho et al. 2014, arXiv:1406.1078; Sutskever et al. 2014, arXiv:1409.3215), with attention or without."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.seeds import sub_seed
from tutor.experiments.translation_config import LONGER, LONGEST, SHORTEST, TranslationConfig
from tutor.frames import Axis, Curves, Frame, HeatMap, Series, Table
from tutor.nn.optim import AdamW

BATCH, EVERY = 64, 20  # words in a step; steps between measurements
WATCHED, TESTED = 50, 400  # words of each length in these, and in all
SHOWN = 10  # letters of the word whose alignment is shown
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARK = "·"
END = len(LETTERS)  # what the writer says after the last letter, and is told before the first


class Translator(nn.Module):
    """Shapes: B words of N letters, N + 1 = M writings with the end, H numbers in a state, V letters and the end."""

    def __init__(self, units: int, attention: bool, generator: torch.Generator) -> None:
        super().__init__()
        with torch.device("meta"):  # the layers' own first weights would come from a generator that all share
            self.letters = nn.Embedding(END + 1, 32)
            self.reader = nn.GRU(32, units, batch_first=True)
            self.writer = nn.GRU(32, units, batch_first=True)
            self.asks = nn.Linear(units, units, bias=False) if attention else None
            self.mixes = nn.Linear(2 * units, units) if attention else None
            self.says = nn.Linear(units, END + 1)
        self.to_empty(device="cpu")
        for weight in self.parameters():
            if weight.ndim == 1:
                nn.init.zeros_(weight)
            else:
                nn.init.normal_(weight, 0, weight.size(1) ** -0.5, generator=generator)

    def forward(self, read: Tensor, written: Tensor) -> tuple[Tensor, Tensor | None]:
        """Say what comes after each beginning of what was written.

        Args:
            read: (B, N) letters.
            written: (B, M) the end mark, then the letters written so far.

        Returns:
            (B, M, V) scores; with attention (Luong et al. 2015, arXiv:1508.04025) also (B, M, N), where each writing looked: rows sum to 1.
        """
        states, last = self.reader(self.letters(read))  # (B, N, H), and the last of them
        state, _ = self.writer(self.letters(written), last)  # (B, M, H): all that crosses over is `last`
        if self.asks is None or self.mixes is None:
            return self.says(state), None
        looks = (self.asks(state) @ states.mT).softmax(dim=2)  # (B, M, N): unless it may look back
        seen = looks @ states  # (B, M, H)
        return self.says(torch.tanh(self.mixes(torch.cat([state, seen], dim=2)))), looks


class Translation(Experiment):
    """See `TranslationConfig` for the settings. Shapes: B words of N letters."""

    def __init__(
        self, config: TranslationConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the first weights, and the words of the tests; with 26 letters hardly any of 4 or more is met in training as well."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        weights, test, self.words = (
            torch.Generator().manual_seed(sub_seed(seed, name)) for name in ("weights", "test words", "words")
        )
        self.net = Translator(config.units * config.widen, config.attention, weights)
        self.tests = {
            n: torch.randint(config.alphabet, (TESTED, n), generator=test)
            for n in range(SHORTEST, LONGER + 1)
        }
        self.optimizer = AdamW(self.net.parameters(), lr=config.lr)

    def step(self) -> dict[str, float]:
        """Read words of one length, write them with the right letters so far at hand, and make the right ones likelier."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        letters = int(torch.randint(SHORTEST, LONGEST + 1, (), generator=self.words))
        read = torch.randint(self.config.alphabet, (BATCH, letters), generator=self.words)
        scores, right = self._answered(read)
        loss = F.cross_entropy(scores.flatten(0, 1), right.flatten())
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.lr = self.lr * self.left
        self.optimizer.step()
        self.net.zero_grad()
        self.steps += 1
        return {"letter_loss": loss.item(), **metrics}

    def _answered(self, read: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (B, N + 1, V), each with the right letters before it at hand, and what is right, (B, N + 1)."""
        end = torch.full((len(read), 1), END)
        right = torch.cat([read.flip(1) if self.config.order == "backwards" else read, end], dim=1)
        return self.net(read, torch.cat([end, right[:, :-1]], dim=1))[0], right

    @torch.no_grad()
    def _exact(self, letters: int, n: int) -> float:
        """The share of test words written without a mistake: where no letter is wrong after right ones, none is wrong when it writes alone."""
        scores, right = self._answered(self.tests[letters][:n])
        return (scores.argmax(dim=2) == right).all(dim=1).float().mean().item()

    def live(self) -> dict[str, float]:
        """As `finish`, of fewer words."""
        return self._measure(WATCHED)

    def finish(self) -> dict[str, float]:
        """Shares of test words that are written without a mistake: of all lengths that were learned, and of three."""
        return self._measure(TESTED)

    def _measure(self, n: int) -> dict[str, float]:
        exact = {letters: self._exact(letters, n) for letters in range(SHORTEST, LONGEST + 1)}
        three = {f"exact_{letters}": exact[letters] for letters in (4, 8, 12)}
        return {"exact": sum(exact.values()) / len(exact), **three}

    def view(self, name: str, state: Any = None) -> Frame:
        """``alignment``: where each writing of one word looked. ``by_length``: words exact over letters. ``written``: some words."""
        if name == "by_length":
            lengths = np.arange(SHORTEST, LONGER + 1)
            exact = np.array([self._exact(letters, 2 * WATCHED) for letters in lengths.tolist()])
            return Curves((Series("", "exact", lengths.astype(float), exact),), x_axis=Axis("letters"))
        if name == "alignment":
            read = self.tests[SHOWN][:1]
            written, looks = self.write(read)
            down, across = (tuple(_spelt(ids)) for ids in (written[0], read[0]))
            planes = torch.zeros(0, len(down), len(across)) if looks is None else looks
            return HeatMap(
                planes.half().numpy(), ("",) * len(planes), down, across, self.steps, "linear", 1.0
            )
        if name != "written":
            raise KeyError(name)
        rows = []
        for letters in (4, 6, 8, 10, 12):
            read = self.tests[letters][:3]
            for word, right, says in zip(read, self._answered(read)[1], self.write(read)[0], strict=True):
                rows.append(tuple(_spelt(ids).rstrip(_MARK) for ids in (word, right, says)))
        return Table(("read", "right", "says"), tuple(rows))

    @torch.no_grad()
    def write(self, read: Tensor) -> tuple[Tensor, Tensor | None]:
        """Write words alone, always the likeliest letter: (B, N + 1) letters and the end mark, and where each writing looked, if it does."""
        written = torch.full((len(read), 1), END)
        for _ in range(read.size(1) + 1):
            scores, looks = self.net(read, written)
            written = torch.cat([written, scores[:, -1:].argmax(dim=2)], dim=1)
        return written[:, 1:], looks


def _spelt(ids: Tensor) -> str:
    return "".join((LETTERS + _MARK)[id] for id in ids.tolist())
