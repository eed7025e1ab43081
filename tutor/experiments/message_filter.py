"""Tells messages that offer forbidden goods from harmless ones: by a list of words, or by what was learned from labelled messages."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.labelled_text import UNKNOWN, numbered
from tutor.experiments.message_filter_config import BAD, GROUPS, MEANS, MessageFilterConfig
from tutor.experiments.seeds import sub_seed
from tutor.files import load_yaml
from tutor.frames import Axis, Frame, Points, Scatter, Table
from tutor.nn.optim import AdamW
from tutor.text import LANGS, Text


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """N messages, Chinese and English by turns; nobody writes to them, so that copies of an experiment share them."""

    texts: list[str]
    groups: Tensor  # (N,) places in GROUPS
    hits: Tensor  # (N,) 1 where the name of one of the goods occurs, else -1
    runs: Tensor  # (N, T) ids of the runs of 1 to 5 characters
    values: Tensor  # (N, T) all alike in one message, 0 where none is known

    def __deepcopy__(self, memo: dict[int, Any]) -> Messages:
        return self


def written(group: str, part: str, words: dict[str, Any], disguise: float, rng: random.Random) -> str:
    """A message of a group. What lies inside or across words stands where a thing does; goods and things may be disguised."""
    slots = {name: rng.choice(words[name]) for name in ("goods", "thing", "place", "time", "price")}
    if group in ("inside", "across"):
        slots["thing"] = rng.choice(words[group][part])
    elif rng.random() < disguise:
        swaps, sign = words["swaps"][part], rng.choice(words["joints"][part])
        swapped, joined = rng.choice(((True, False), (False, True), (True, True)))
        for name in ("goods", "thing"):
            letters = [swaps.get(c, c) if swapped else c for c in slots[name]]
            untouched = "".join(letters) == slots[name]
            slots[name] = (sign if joined or untouched else "").join(letters)
    kind = {"tricked": "offer", "inside": "ordinary", "across": "ordinary"}.get(group, group)
    return str(rng.choice(words[kind][part]).format(**slots))


def normal(text: str, swaps: dict[str, str]) -> str:
    """A message in uniform spelling: swaps that are known undone, and no signs or spaces left."""
    for letter, swap in swaps.items():
        text = text.replace(swap, letter)
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def auc(bad: Tensor, harmless: Tensor) -> float:
    """How often a bad message scores above a harmless one; a tie is half."""
    ahead = bad[:, None] - harmless
    return ((ahead > 0).float() + 0.5 * (ahead == 0).float()).mean().item()


class MessageFilter(Experiment):
    """See `MessageFilterConfig` for the settings; the seed decides the messages."""

    def __init__(
        self, config: MessageFilterConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Write the messages; every run of characters in those for training has a weight, 0 at first."""
        super().__init__(config, seed, total_steps, start)
        self.threshold = config.threshold
        words = load_yaml(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
        parts, runs = [], []
        for part in ("train", "test"):
            rng = random.Random(sub_seed(seed, part))
            disguise = words["disguised"]["tricks" if config.tricks and part == "train" else part]
            # How many of each is a little left to chance; an even number, half of them in each language.
            counts = {id: n + 2 * rng.randint(-8, 8) for id, n in words["messages"][part].items()}
            groups = [id for id in GROUPS for _ in range(counts.get(id, 0))]
            own = [words[LANGS[i % 2]] for i in range(len(groups))]
            texts = [written(id, part, own[i], disguise.get(id, 0), rng) for i, id in enumerate(groups)]
            read = [text.lower() for text in texts]
            if config.normalised:
                read = [normal(text, own[i]["swaps"]["train"]) for i, text in enumerate(read)]
            hits = [2.0 * any(name in text for name in own[i]["goods"]) - 1 for i, text in enumerate(read)]
            parts.append((texts, torch.tensor([[*GROUPS].index(id) for id in groups]), torch.tensor(hits)))
            runs.append([[t[i : i + n] for n in range(1, 6) for i in range(len(t) - n + 1)] for t in read])
        ids, count = numbered(runs)
        values = [F.normalize((part > UNKNOWN).float()) for part in ids]
        self.train, self.test = (Messages(*parts[i], ids[i], values[i]) for i in (0, 1))
        self.weights = torch.nn.Parameter(torch.zeros(count))
        self.bias = torch.nn.Parameter(torch.zeros(1))
        self.optimizer = AdamW((self.weights, self.bias), config.lr)

    def step(self) -> dict[str, float]:
        """Logistic regression: every run of characters in a message shares in the blame for its score. A list learns nothing."""
        metrics = self.finish()
        if self.config.judge == "classifier":
            bad = (self.train.groups < len(BAD)).float()
            loss = F.binary_cross_entropy_with_logits(self.scores(self.train), bad)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            self.weights.grad = self.bias.grad = None
            metrics["message_loss"] = loss.item()
        self.steps += 1
        return metrics

    def scores(self, messages: Messages) -> Tensor:
        """How much each message looks like an offer, (N,)."""
        if self.config.judge == "list":
            return messages.hits
        return (self.weights[messages.runs] * messages.values).sum(dim=1) + self.bias

    @torch.no_grad()
    def finish(self) -> dict[str, float]:
        """Measure on the test messages, at threshold 0."""
        scores, groups = self.scores(self.test), self.test.groups
        bad, flagged = groups < len(BAD), (scores > 0).double()
        shares = {f"flagged_{id}": flagged[groups == i].mean().item() for i, id in enumerate(GROUPS)}
        areas = {f"auc_{id}": auc(scores[groups == i], scores[~bad]) for i, id in enumerate(BAD)}
        return shares | areas | {"caught": flagged[bad].mean().item(), "accused": flagged[~bad].mean().item()}

    def view_state(self) -> Tensor:
        """The scores of the test messages."""
        return self.scores(self.test).detach()

    def view(self, name: str, state: Tensor | None = None) -> Frame:
        """``groups``: misses and false alarms; ``roc``: the two at every threshold; ``messages``: some, with their scores."""
        scores, groups = self.view_state() if state is None else state, self.test.groups
        levels = torch.cat((scores.sort(descending=True).values, torch.tensor([self.threshold])))
        above = (scores > levels[:, None]).double()  # (levels, N); the last level is the threshold
        share = {id: above[:, groups == i].mean(dim=1).numpy() for i, id in enumerate(GROUPS)}
        if name == "groups":
            rows = tuple((g, f"{share[id][-1]:.0%}", MEANS[id in BAD]) for id, g in GROUPS.items())
            return Table(("group", "flagged", "means"), rows)
        if name == "messages":
            said = [f"{score:+.1f} {'!' * (score > self.threshold)}" for score in scores.tolist()]
            starts = [groups.tolist().index(i) for i in range(len(GROUPS))]
            pairs = [(group, slice(at, at + 2)) for at, group in zip(starts, GROUPS.values(), strict=True)]
            pairs += [(group, slice(pair.stop, pair.stop + 2)) for group, pair in pairs]
            cells = ((Text(*self.test.texts[at]), group, Text(*said[at])) for group, at in pairs)
            return Table(("message", "group", "score"), tuple(cells))
        if name != "roc":
            raise KeyError(name)
        accused = above[:, groups >= len(BAD)].mean(dim=1).numpy()
        lines = [Points(id, accused[:-1], share[id][:-1], joined=True) for id in BAD]
        here = [Points(f"{id}_here", accused[-1:], share[id][-1:]) for id in BAD]
        return Scatter((*lines, *here), Axis("accused", low=0, high=1), Axis("caught", low=0, high=1))
