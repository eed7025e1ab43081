"""Word vectors by skip-gram with negative sampling (Mikolov et al. 2013, arXiv:1310.4546), with its gradients written out."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.data.word_sense_text import GROUPS, WORDS, analogies, write
from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.seeds import sub_seed
from tutor.experiments.word_vectors_config import WordVectorsConfig
from tutor.frames import Axis, Frame, Points, Scatter, Table
from tutor.text import Text

SENTENCES, BATCH, NEGATIVES = 4_000, 64, 5  # in the text; in a step; words drawn for every true neighbour
ORDERED = torch.tensor(list(permutations(range(4), 2))).T  # each of four words with each other one, both ways
ANALOGIES = torch.tensor(analogies())  # (A, 4)


class WordVectors(Experiment):
    """See `WordVectorsConfig` for the settings. Shapes: V words, D dimensions, N pairs of a step, K drawn words, A analogies."""

    def __init__(
        self, config: WordVectorsConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Write the text; vectors begin near zero, as in the original program."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.text = torch.tensor(write(SENTENCES, config.fruit_share, sub_seed(seed, "text")))
        self.frequency = torch.bincount(self.text.flatten(), minlength=len(WORDS)) ** 0.75
        weights = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        self.vectors = (torch.rand(len(WORDS), config.dims, generator=weights) - 0.5) / config.dims  # (V, D)
        self.outputs = torch.zeros_like(self.vectors)  # the same words as neighbours, (V, D)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))

    def step(self) -> dict[str, float]:
        """True neighbours should score high against each other, words drawn by chance low; both vectors move a little."""
        centre, words = self.pairs()  # (N,), (N, 1 + K): the true neighbour first
        inner, outer = self.vectors[centre], self.outputs[words]  # (N, D), (N, 1 + K, D)
        scores = (outer @ inner.unsqueeze(2)).squeeze(2)
        loss = F.softplus(-scores[:, 0]) + F.softplus(scores[:, 1:]).sum(dim=1)
        error = torch.sigmoid(scores)  # how the loss changes with each score: what it says,
        error[:, 0] -= 1  # less what it should say
        d_inner = (error.unsqueeze(1) @ outer).squeeze(1)
        d_outer = error.unsqueeze(2) * inner.unsqueeze(1)
        rate = self.lr * self.left
        self.vectors.index_add_(0, centre, d_inner, alpha=-rate)
        self.outputs.index_add_(0, words.flatten(), d_outer.flatten(0, 1), alpha=-rate)
        self.steps += 1
        return {"pair_loss": loss.mean().item(), **self.finish()}

    def pairs(self) -> tuple[Tensor, Tensor]:
        """Draw sentences; pair each word of one with each other, and with K words that chance puts beside it."""
        sentences = self.text[torch.randint(SENTENCES, (BATCH,), generator=self.batches)]
        centre, true = sentences[:, ORDERED].transpose(0, 1).flatten(1)
        drawn = torch.multinomial(self.frequency, len(centre) * NEGATIVES, True, generator=self.batches)
        return centre, torch.cat([true.unsqueeze(1), drawn.view(-1, NEGATIVES)], dim=1)

    def answer(self, nearest_only: bool = False) -> Tensor:
        """To ``a : b = c : ?``, the noun nearest to b - a + c (or to c alone) that is none of the three; (A,)."""
        units = F.normalize(self.vectors[: sum(map(len, GROUPS.values()))], dim=1)
        a, b, c = units[ANALOGIES[:, :3]].unbind(dim=1)
        near = (c if nearest_only else b - a + c) @ units.T
        return near.scatter(1, ANALOGIES[:, :3], -torch.inf).argmax(dim=1)

    def finish(self) -> dict[str, float]:
        """Analogies solved, with and without arithmetic, and how near the noun in two senses lies to the others."""
        right = [(self.answer(only) == ANALOGIES[:, 3]).float().mean().item() for only in (False, True)]
        units = F.normalize(self.vectors, dim=1)
        near = units @ units[GROUPS["both"][0]]
        others = near[GROUPS["people"] + GROUPS["places"]].mean().item()
        fruit, firms = (near[GROUPS[group]].mean().item() for group in ("fruit", "firms"))
        names = ("analogies", "nearest_only", "to_fruit", "to_firms", "to_others")
        return dict(zip(names, (*right, fruit, firms, others), strict=True))

    def view(self, name: str, state: Any = None) -> Frame:
        """``map``: the nouns in the plane that sets fruit apart from firms and people from places. Tables: analogies, the text."""
        if name == "map":
            middle = {group: self.vectors[nouns].mean(dim=0) for group, nouns in GROUPS.items()}
            across, up = middle["firms"] - middle["fruit"], middle["places"] - middle["people"]
            plane, signs = torch.linalg.qr(torch.stack([across, up], dim=1))
            plane *= signs.diagonal().sign()  # (D, 2): fruit on the left, people below
            at = ((self.vectors - torch.stack([*middle.values()]).mean(dim=0)) @ plane).double().numpy()
            shown = (Points(g, at[r, 0], at[r, 1], tuple(WORDS[i].en for i in r)) for g, r in GROUPS.items())
            return Scatter(
                tuple(shown), Axis("across", False, -3, 3), Axis("up", False, -3, 3), None, self.steps
            )
        if name == "answers":
            found = torch.cat([ANALOGIES, self.answer()[:, None], self.answer(nearest_only=True)[:, None]], 1)
            rows = [(_line(row[:3], " : "), *(WORDS[i] for i in row[3:])) for row in found[::9].tolist()]
            return Table(("question", "right", "says", "nearest"), tuple(rows))
        if name != "text":
            raise KeyError(name)
        return Table(("text",), tuple((_line(sentence, " "),) for sentence in self.text[:20].tolist()))


def _line(words: list[int], between: str) -> Text:
    return Text(between.join(WORDS[i].zh for i in words), between.join(WORDS[i].en for i in words))
