"""Tells messages that offer forbidden goods from harmless ones: by a list of words, or by what was learned from labelled messages."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.labelled_text import LabelledText, numbered
from tutor.experiments.message_filter_config import GROUPS, MessageFilterConfig
from tutor.experiments.seeds import sub_seed
from tutor.files import load_yaml
from tutor.frames import Axis, Frame, Points, Scatter, Table
from tutor.nn.bag import PAD
from tutor.nn.optim import AdamW

WORDS = load_yaml(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
TRAIN = [group for group, count in WORDS["messages"].items() for _ in range(count)]
TEST = TRAIN[::2]
BAD = ("offer", "tricked")
OF = {group: torch.tensor([own == group for own in TEST]) for group in GROUPS}
OF |= {"caught": OF["offer"] | OF["tricked"], "accused": ~(OF["offer"] | OF["tricked"])}


def written(group: str, words: dict[str, Any], tricks: bool, rng: random.Random) -> str:
    """A message of a group. With tricks, the names in some are disguised: a letter swapped, or a sign between all of them."""
    slots = {slot: rng.choice(words[slot]) for slot in ("goods", "thing", "place", "time", "price")}
    if tricks and rng.random() < words["disguised"][group]:
        for slot, name in (("goods", slots["goods"]), ("thing", slots["thing"])):
            swapped = [name.replace(swap[0], swap[1:]) for swap in words["swaps"] if swap[0] in name]
            slots[slot] = rng.choice(swapped + [sign.join(name) for sign in words["signs"]])
    return str(rng.choice(words["offer" if group in BAD else group]).format(**slots))


def normal(text: str, swaps: list[str]) -> str:
    """A message in uniform spelling: one width and case, known swaps undone, and no signs or spaces left."""
    text = unicodedata.normalize("NFKC", text).lower()
    for swap in swaps:
        text = text.replace(swap[1:], swap[0])
    return "".join(c for c in text if c.isalnum())


class MessageFilter(Experiment):
    """See `MessageFilterConfig` for the settings; the seed decides the messages."""

    def __init__(
        self, config: MessageFilterConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Write the messages: a third of the phrasings and of the disguises are new in tests. Every run of 1 to 5 characters has a weight."""
        super().__init__(config, seed, total_steps, start)
        self.threshold = config.threshold
        rng, words = random.Random(sub_seed(seed, "messages")), {**WORDS, **WORDS[config.language]}
        known, tested = dict(words), dict(words)
        for key in ("offer", "talk", "chance", "ordinary", "signs", "swaps"):
            drawn, third = rng.sample(words[key], len(words[key])), len(words[key]) // 3
            known[key], tested[key] = drawn[third:], drawn if key in ("signs", "swaps") else drawn[:third]
        test = [written(group, tested, True, rng) for group in TEST]
        train = [written(group, known, config.tricks, rng) for group in TRAIN]
        runs = []
        for part in (train, test):
            read = [normal(t, known["swaps"]) if config.normalised else t.lower() for t in part]
            runs.append([[t[i : i + n] for n in range(1, 6) for i in range(len(t) - n + 1)] for t in read])
        ids, count = numbered([*runs, [words["goods"]]])
        self.train, self.test = LabelledText(train, ids[0]), LabelledText(test, ids[1])
        self.bad = torch.tensor([float(group in BAD) for group in TRAIN])
        self.weights = torch.nn.Parameter(torch.zeros(count))
        self.weights.data[ids[2]] = float(not config.learned)  # a list's weights are given by hand, and stay
        self.optimizer = AdamW((self.weights,), lr=0.002 * config.learned)

    def step(self) -> dict[str, float]:
        """Logistic regression: every run of characters in a message shares in the blame for its score."""
        loss = F.binary_cross_entropy_with_logits(self.scores(self.train), self.bad)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.weights.grad = None
        self.steps += 1
        return self.finish()

    def scores(self, messages: LabelledText[str]) -> Tensor:
        """How much each message looks like an offer, (N,): the sum of its runs' weights; a run that is new weighs nothing."""
        return (self.weights[messages.tokens] * (messages.tokens != PAD)).sum(dim=1)

    def above(self, threshold: float) -> dict[str, Tensor]:
        """How much of each group scores above a threshold; and then, above each score that occurs, the highest first."""
        scores = self.scores(self.test).detach()
        levels = torch.tensor([threshold, *scores.sort(descending=True).values.tolist(), -torch.inf])
        return {name: (scores[which] > levels[:, None]).double().mean(dim=1) for name, which in OF.items()}

    def finish(self) -> dict[str, float]:
        """What is flagged at threshold 0. AUC: the area under the ROC, how often an offer scores above a harmless message."""
        above = self.above(0.0)
        areas = {f"auc_{id}": torch.trapezoid(above[id][1:], above["accused"][1:]).item() for id in BAD}
        return areas | {name: shares[0].item() for name, shares in above.items()}

    def view(self, name: str, state: Any = None) -> Frame:
        """``groups``: misses and false alarms, and a message of each group; ``roc``: the two at every threshold."""
        above = {id: shares.numpy() for id, shares in self.above(self.threshold).items()}
        rows = ((GROUPS[id], f"{above[id][0]:.0%}", self.test.sentences[TEST.index(id)]) for id in GROUPS)
        lines = [Points(id, above["accused"][1:], above[id][1:], joined=True) for id in BAD]
        here = Points("flagged", above["accused"][:1], above["caught"][:1])
        roc = Scatter((*lines, here), Axis("accused", low=0, high=1), Axis("caught", low=0, high=1))
        table: Frame = Table(("groups", "flagged", "example"), tuple(rows))
        return {"groups": table, "roc": roc}[name]
