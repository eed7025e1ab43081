"""A layer of experts, one of which is called for each question (Fedus et al. 2021, arXiv:2101.03961), against layers without; all learn codes by heart."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Parameter

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.experts_config import CODES, ExpertsConfig
from tutor.experiments.seeds import sub_seed
from tutor.frames import Bars, Frame, HeatMap, Table
from tutor.nn.optim import AdamW

D, BATCH, EVERY = 32, 512, 20  # width of the model; questions in a step; steps between measurements
WATCHED = slice(None, None, 7)  # questions of these; 7 has no factor in common with the usual number of doors


class Experts(Experiment):
    """See `ExpertsConfig` for the settings. Shapes: S streets, as many doors in each, B questions, E experts, H units of one, C codes."""

    def __init__(
        self, config: ExpertsConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw the codes, the lots and the first weights."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.balance = config.lr, config.balance
        chance, self.batches, weights = (
            torch.Generator().manual_seed(sub_seed(seed, name)) for name in ("codes", "batches", "weights")
        )
        S, (E, H) = config.side, config.shape
        self.codes = torch.randint(CODES, (S * S,), generator=chance, dtype=torch.uint8)
        self.lots = torch.randint(E, (S * S,), generator=chance, dtype=torch.uint8)

        def drawn(*shape: int, size: float) -> Parameter:
            return Parameter(size**0.5 * torch.randn(*shape, generator=weights))

        self.streets, self.doors = drawn(S, D, size=0.5), drawn(S, D, size=0.5)
        self.router = drawn(D, E, size=1 / D)
        self.w1, self.b1, self.w2 = (
            drawn(E, D, H, size=2 / D),
            Parameter(torch.zeros(E, H)),
            drawn(E, H, D, size=1 / H),
        )
        self.out = drawn(D, CODES, size=1 / D)
        self.parts = [self.streets, self.doors, self.router, self.w1, self.b1, self.w2, self.out]
        self.optimizer = AdamW(self.parts, lr=config.lr)

    def step(self) -> dict[str, float]:
        """Ask for the codes of some doors; change the weights so that the right ones score higher, and the load is more even."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        asked = torch.randint(len(self.codes), (BATCH,), generator=self.batches)
        scores, _, uneven = self.answer(asked)
        loss = F.cross_entropy(scores, self.codes[asked].long())
        (loss + self.balance * uneven).backward()  # type: ignore[no-untyped-call]
        self.optimizer.lr = self.lr * self.left
        self.optimizer.step()
        for part in self.parts:
            part.grad = None
        self.steps += 1
        return {"code_loss": loss.item(), **metrics}

    def answer(self, asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return scores of all codes (B, C), which expert was called (B,), and how uneven the load is."""
        x = self.streets[asked // self.config.side] + self.doors[asked % self.config.side]  # (B, D)
        called, trust, uneven = self.route(asked, x)
        queue = called.argsort()  # questions for one expert stand together
        lengths = torch.bincount(called, minlength=len(self.w1)).tolist()
        said = [self.expert(i, mine) for i, mine in enumerate(torch.split(x[queue], lengths))]
        x = x.index_add(0, queue, trust[queue, None] * torch.cat(said))  # each goes back to its place
        return x @ self.out, called, uneven

    def route(self, asked: Tensor, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Choose an expert for each question, (B,), and how much its word counts, (B,).

        The last number is the balancing loss: 1 where all experts have the same load, E where one of them has everything. The router
        learns from both: an expert that helps is trusted more, and one that is crowded less.
        """
        if self.config.net != "routed":  # by lot, or there is but one
            return self.lots[asked].long(), torch.ones(len(asked)), torch.zeros(())
        chances = torch.softmax(x @ self.router, dim=1)  # (B, E)
        trust, called = chances.max(dim=1)
        load = torch.bincount(called, minlength=len(self.w1)) / len(called)  # (E,)
        return called, trust, len(load) * load @ chances.mean(dim=0)

    def expert(self, i: int, x: Tensor) -> Tensor:
        """One expert: an ordinary layer of H units, (n, D) to (n, D)."""
        return F.relu(x @ self.w1[i] + self.b1[i]) @ self.w2[i]

    def live(self) -> dict[str, float]:
        """As `finish`, of some of the doors."""
        return self._measure(torch.arange(len(self.codes))[WATCHED])

    def finish(self) -> dict[str, float]:
        """The share of the doors whose code is known, and the share of the questions that goes to the busiest expert."""
        return self._measure(torch.arange(len(self.codes)))

    @torch.no_grad()
    def _measure(self, asked: Tensor) -> dict[str, float]:
        scores, called, _ = self.answer(asked)
        known = (scores.argmax(dim=1) == self.codes[asked]).float().mean().item()
        return {"known": known, "busiest": (torch.bincount(called).max() / len(asked)).item()}

    @torch.no_grad()
    def view(self, name: str, state: Any = None) -> Frame:
        """``load``: shares of the questions. ``routes``: shares of a street, or of a number in all streets. ``answers``: some doors."""
        S, E = self.config.side, len(self.w1)
        asked = torch.arange(S * S)
        scores, called, _ = self.answer(asked)
        if name == "load":
            load = torch.bincount(called, minlength=E) / len(called)
            return Bars(tuple(str(i) for i in range(1, E + 1)), tuple(load.tolist()), "share")
        if name == "routes":
            sent = F.one_hot(called, E).view(S, S, E).float()  # (S, S, E)
            shares = torch.stack([sent.mean(dim=1), sent.mean(dim=0)])[:, :16]
            rows, columns = (tuple(str(i) for i in range(1, n + 1)) for n in (shares.size(1), E))
            return HeatMap(
                shares.half().numpy(), ("street", "door"), rows, columns, self.steps, "linear", 1.0
            )
        if name != "answers":
            raise KeyError(name)
        some = np.linspace(0, S * S - 1, 20, dtype=int).tolist()
        cells = [
            (f"{i // S + 1}-{i % S + 1}", f"{self.codes[i]:02}", f"{said:02}", str(expert + 1))
            for i, said, expert in zip(
                some, scores[some].argmax(dim=1).tolist(), called[some].tolist(), strict=True
            )
        ]
        return Table(("address", "code", "says", "expert"), tuple(cells))
