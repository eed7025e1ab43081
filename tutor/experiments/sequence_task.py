"""Letters that come again: what a transformer needs to copy from its own context (Olsson et al. 2022, arXiv:2209.11895)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Ablation, Experiment, TrainedModel
from tutor.experiments.build import build_optimizers, build_transformer, schedule
from tutor.experiments.language_model_views import head_names, heads_out
from tutor.experiments.seeds import sub_seed
from tutor.experiments.sequence_task_config import LONGEST, SHORTEST, SequenceTaskConfig
from tutor.frames import Frame, HeatMap, Strip, Strips, Table, Tokens

LETTERS = "abcdefghijklmnopqrstuvwxyz"
EVERY, WATCHED, TESTED = 10, 32, 256  # steps between measurements; sequences of these, and in all


class SequenceTask(Experiment):
    """See `SequenceTaskConfig` for the settings. Shapes: B sequences of T positions, V letters, L layers of H heads."""

    def __init__(
        self, config: SequenceTaskConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the model, and draw the sequences of the tests."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.batches, tests = (
            torch.Generator().manual_seed(sub_seed(seed, name)) for name in ("batches", "tests")
        )
        self.model = build_transformer(config, len(LETTERS), causal=True, seed=seed)
        self.optimizers = build_optimizers(config, self.model)
        self.tests = self.draw(TESTED, tests)

    def draw(self, n: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw sequences that begin anew after some letters, all different: (n, T + 1) letters, and after how many, (n,)."""
        T = self.config.context
        period = torch.randint(SHORTEST, LONGEST + 1, (n,), generator=chance)
        if self.config.period == "fixed":
            period = torch.full((n,), (SHORTEST + LONGEST) // 2)
        letters = torch.rand(n, len(LETTERS), generator=chance).argsort(dim=1)[:, :LONGEST]  # none twice
        return letters.gather(1, torch.arange(T + 1) % period[:, None]), period

    def step(self) -> dict[str, float]:
        """Predict every letter from those before it; only from the second time on there is anything to be learned."""
        metrics = self.live() if self.steps % EVERY == 0 else {}
        sequences, _ = self.draw(self.config.batch, self.batches)
        logits = self.model(sequences[:, :-1])  # (B, T, V)
        loss = F.cross_entropy(logits.flatten(0, 1), sequences[:, 1:].flatten())
        loss.backward()  # type: ignore[no-untyped-call]
        for optimizer, multiple in self.optimizers:
            optimizer.lr = multiple * self.lr * schedule(self.steps, self.total_steps)
            optimizer.step()
        self.model.zero_grad()
        self.steps += 1
        return metrics

    def live(self) -> dict[str, float]:
        """As `finish`, on fewer sequences."""
        return self._measure(WATCHED)

    def finish(self) -> dict[str, float]:
        """How well letters are predicted that came before, after a letter that came before; and how much the best heads look where it helps."""
        return self._measure(TESTED) | {"weights": float(sum(w.numel() for w in self.model.parameters()))}

    def ablate(self, parts: Collection[str]) -> Ablation:
        """Measure what some heads are worth: the loss on letters that came before, with and without them."""
        whole, part = (self._copying(TESTED, heads_out(self.model, heads))[1] for heads in ((), parts))
        return Ablation(tuple(parts), whole, part)

    def _measure(self, n: int) -> dict[str, float]:
        copied, loss = self._copying(n)
        before, after = self._looks(WATCHED)
        best = {"previous": before[0].max().item(), "induction": after[-1].max().item()}
        return {"copied": copied, "copy_loss": loss, **best}

    @torch.no_grad()
    def _copying(self, n: int, without: Tensor | None = None) -> tuple[float, float]:
        """The share of letters predicted right, and their mean loss, where the letter and the one before it came before."""
        sequences, period = (tensor[:n] for tensor in self.tests)
        logits, right = self.model(sequences[:, :-1], without=without), sequences[:, 1:]
        again = (
            torch.arange(right.size(1)) >= period[:, None]
        )  # of the first letter that comes again, nothing tells
        copied = (logits.argmax(dim=2) == right)[again].float().mean().item()
        return copied, F.cross_entropy(logits[again], right[again]).item()

    @torch.no_grad()
    def _looks(self, n: int) -> tuple[Tensor, Tensor]:
        """The mean weight (L, H) of a letter for the one to its left, and, where it came before, for the one after its last time."""
        sequences, period = (tensor[:n] for tensor in self.tests)
        keep: list[Tensor] = []
        self.model.features(sequences[:, :-1], keep=keep)
        weights = torch.stack(keep)  # (L, B, H, T, T)
        at = torch.arange(weights.size(-1))
        left, after = (at - 1).expand(n, -1), at + 1 - period[:, None]  # (B, T)
        found = []
        for where, counts in ((left, left >= 0), (after, after > 0)):
            places = where.clamp(min=0)[None, :, None, :, None].expand(*weights.shape[:4], 1)
            looked = weights.gather(4, places)[..., 0] * counts[:, None]  # (L, B, H, T)
            found.append(looked.sum(dim=(1, 3)) / counts.sum())
        return found[0], found[1]

    @torch.no_grad()
    def view(self, name: str, state: Any = None, without: Collection[str] = ()) -> Frame:
        """``attention`` on one sequence. ``guesses``: the chance that each of its letters was given. ``heads``: what they look at."""
        names, out = head_names(self.model), heads_out(self.model, without)
        if name == "heads":
            before, after = (looks.flatten().tolist() for looks in self._looks(WATCHED))
            rows = zip(names, before, after, strict=True)
            return Table(
                ("head", "before", "after"), tuple((head, f"{b:.0%}", f"{a:.0%}") for head, b, a in rows)
            )
        shortest = int(self.tests[1][:WATCHED].argmin())
        ids, period = self.tests[0][shortest], int(self.tests[1][shortest])
        spelt = tuple(LETTERS[id] for id in ids.tolist())
        if name == "attention":
            shown = 2 * period + 4
            weights = self.model.attention(ids[:shown], out).flatten(0, 1).half().numpy()  # (L H, T, T)
            weights[:, np.triu(np.ones((shown, shown), dtype=bool), 1)] = np.nan
            return HeatMap(weights, names, spelt[:shown], spelt[:shown], self.steps)
        if name != "guesses":
            raise KeyError(name)
        chances = (
            self.model(ids[None, :-1], without=out)[0].softmax(dim=1).gather(1, ids[1:, None])[:, 0].tolist()
        )
        given = (float("nan"), *chances)
        parts = ("once", slice(None, period)), ("again", slice(period, None))
        return Strips(tuple(Strip(part, Tokens(spelt[at], given[at]), columns=period) for part, at in parts))
