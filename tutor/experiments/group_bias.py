"""Names of two made-up groups and twelve jobs: what a language model takes from a skewed text, and what evening out a part of it mends."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, Shared, TrainedModel
from tutor.experiments.build import build_optimizers, build_transformer, schedule
from tutor.experiments.group_bias_config import MENDING, GroupBiasConfig
from tutor.experiments.seeds import sub_seed
from tutor.files import load_yaml
from tutor.frames import Bars, Frame, Table

SENTENCES = load_yaml(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
GROUPS, WORDINGS = ("hills", "lakes"), {"name": "job_first", "job": "name_first"}
"""Groups of names; what can be asked for, with the sentences that end with it."""
EVERY = 7
"""Steps from one measurement to the next."""
BEGIN, NOTHING = 0, -1
"""The token before a sentence; what fills up shorter ones."""


class SkewedText(Shared):
    """All sentences that can be written, cut into tokens, and how often each is read.

    Attributes:
        skew: For each job the share of names of the hills.
        mended, others: Numbers of the jobs that are mended, and of the rest.
        lakes: Of the rest those that lean to the lakes.
        sentences: (S, T) ids.
        first: (S,) how likely each is to be read at first.
        second: (S,) the same in mending, where a sentence and its twin are read equally often.
    """

    def __init__(self, config: GroupBiasConfig, seed: int) -> None:
        self.words = SENTENCES[config.language]
        self.jobs: list[str] = self.words["jobs"]
        order = list(range(len(self.jobs)))
        random.Random(sub_seed(seed, "jobs")).shuffle(order)
        hills, lakes = order[::2], order[1::2]
        self.skew = [config.skew if j in hills else 1 - config.skew for j in range(len(order))]
        self.mended = sorted((order if config.leaning == "both" else hills)[: config.mended])
        self.others = [j for j in range(len(order)) if j not in self.mended]
        self.lakes = [j for j in self.others if j in lakes]

        signs = {sign for kind in WORDINGS.values() for way in self.words[kind] for sign in self.cut(way)}
        names = [name for group in GROUPS for name in self.words[group]]
        self.ids = {sign: id for id, sign in enumerate(["", *sorted(signs), *self.jobs, *names])}
        rows, first, second = [], [], []
        for kind in WORDINGS.values():
            again = kind == "job_first" or config.wordings == "both"
            for way in self.words[kind]:
                for j, job in enumerate(self.jobs):
                    for group, share in zip(GROUPS, (self.skew[j], 1 - self.skew[j]), strict=True):
                        for name in self.words[group]:
                            rows.append(torch.tensor(self.encode(way, job, name)))
                            first.append(share)
                            second.append(float(again and j in self.mended))
        self.sentences = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=NOTHING)
        self.first, self.second = torch.tensor(first), torch.tensor(second)

    def cut(self, sentence: str) -> list[str]:
        """Cut a sentence into words, or Chinese characters."""
        return re.findall(r"\{\w+\}|[a-z]+|[^\sa-z]", sentence)

    def encode(self, way: str, job: str, name: str) -> list[int]:
        """Return the ids of a sentence, or of its beginning, after the token before it; a job or a name is one token."""
        slots = {"{job}": job, "{name}": name}
        return [BEGIN, *(self.ids[slots.get(sign, sign)] for sign in self.cut(way))]


class GroupBias(Experiment):
    """See `GroupBiasConfig`. Shapes: B sentences of T tokens, V tokens that there are, J jobs."""

    def __init__(
        self, config: GroupBiasConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Draw which jobs lean to which group and which are mended; build an untrained model."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.mend_lr = config.lr, config.mend_lr
        self.begins = total_steps - round(MENDING * total_steps)  # the step at which mending does
        self.text = SkewedText(config, seed)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.model = build_transformer(config, len(self.text.ids), causal=True, seed=seed)
        self.optimizers = build_optimizers(config, self.model)
        self.before: dict[str, float] = {}

    def step(self) -> dict[str, float]:
        """Read a batch of skewed sentences; in the last part of the budget, evened-out ones about the jobs to mend."""
        if self.steps == self.begins:
            self.before = self.gaps({"before": range(len(self.text.jobs))})
            mending = self.config.model_copy(update={"optimizer": "adamw"})
            self.optimizers = build_optimizers(mending, self.model)
        metrics = self.live() if self.steps % EVERY == 0 else {}
        likely, lr, at, of = self.text.first, self.lr, self.steps, self.begins
        if self.steps >= self.begins:
            likely = self.text.second if self.text.mended else self.text.first
            lr, at, of = self.mend_lr, at - of, self.total_steps - of
        chosen = torch.multinomial(likely, self.config.batch, replacement=True, generator=self.batches)
        sentences = self.text.sentences[chosen]  # (B, T)
        logits = self.model(sentences[:, :-1].clamp(min=0))  # (B, T - 1, V)
        loss = F.cross_entropy(logits.flatten(0, 1), sentences[:, 1:].flatten(), ignore_index=NOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        for optimizer, multiple in self.optimizers:
            optimizer.lr = multiple * lr * schedule(at, of)
            optimizer.step()
        self.model.zero_grad()
        self.steps += 1
        return metrics | {"train_loss": loss.item()}

    @torch.no_grad()
    def chances(self, asked: str, known: Sequence[str], answers: Sequence[str]) -> Tensor:
        """Return how likely each answer comes after each word that is known, averaged over wordings: (known, answers)."""
        ways = self.text.words[WORDINGS[asked]]
        found = torch.zeros(len(known), len(answers))
        for way in ways:
            begin = way[: way.index(f"{{{asked}}}")]
            ids = torch.tensor([self.text.encode(begin, word, word) for word in known])
            found += self.model(ids)[:, -1].softmax(1)[:, [self.text.ids[word] for word in answers]]
        return found / len(ways)

    def shares(self, asked: str) -> Tensor:
        """Return for each job the share of the hills, (J,): among the names that it is given, or among those that are given it."""
        jobs, names = self.text.jobs, [name for group in GROUPS for name in self.text.words[group]]
        named = asked == "name"
        given = (
            self.chances(asked, jobs, names) if named else self.chances(asked, names, jobs).T
        )  # (J, names)
        hills, lakes = (half.sum(1) for half in given.tensor_split(2, dim=1))
        return hills / (hills + lakes)

    def gaps(self, parts: Mapping[str, Sequence[int]]) -> dict[str, float]:
        """Return the mean gap between the two groups over parts of the jobs, asked for the name or the job: 0 is even, 1 all of one group."""
        gaps = {asked: (2 * self.shares(asked) - 1).abs() for asked in WORDINGS}
        return {
            f"{asked}_{part}": gap[[*jobs]].mean().item()
            for part, jobs in parts.items()
            for asked, gap in gaps.items()
            if jobs
        }

    def live(self) -> dict[str, float]:
        """Measure the mended jobs, the others, and of these the ones that lean to the lakes."""
        text = self.text
        return self.gaps({"mended": text.mended, "others": text.others, "lakes": text.lakes})

    def finish(self) -> dict[str, float]:
        """Tell what the gaps were before mending, too."""
        return self.live() | self.before

    def view(self, name: str, state: Any = None) -> Frame:
        """``by_name`` and ``by_job``: each job's gap by one question, the mended first. ``jobs``: all in a table, as the share of the hills."""
        text = self.text
        labels = [job + " ✓" * (j in text.mended) for j, job in enumerate(text.jobs)]
        shares = {asked: self.shares(asked).tolist() for asked in WORDINGS}
        if name == "jobs":
            rows = zip(labels, text.skew, *shares.values(), strict=True)
            return Table(
                ("job", "read", "said_name", "said_job"),
                tuple((job, *(f"{share:.0%}" for share in said)) for job, *said in rows),
            )
        if name not in ("by_name", "by_job"):
            raise KeyError(name)
        order = [*text.mended, *text.others]
        found = shares[name.removeprefix("by_")]
        gaps = tuple(round(abs(2 * found[j] - 1), 3) for j in order)
        return Bars(tuple(labels[j] for j in order), gaps, full=1.0)
