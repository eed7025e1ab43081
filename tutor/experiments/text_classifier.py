"""Learns to tell good opinions from bad ones, from labels that simulated annotators gave."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.data.annotators import Annotator, cohen_kappa, majority
from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.build import schedule
from tutor.experiments.labelled_text import Sentence, cut, distinct_sentences
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_classifier_config import TextClassifierConfig
from tutor.frames import Frame, Table
from tutor.nn.bag import BagOfTokens
from tutor.nn.optim import AdamW
from tutor.text import Lang, Text

VALIDATION = 300
"""Sentences that are measured on, with unseen words, forms and pairs of words among them; all labels are right, none says both."""


ROWS = 10
"""Sentences in the table."""

GOOD, BAD = Text("好", "good"), Text("差", "bad")
BOTH = Text("参半", "both")
WRONG, MENDED = "x", "*"
"""Stand behind the truth where the label is wrong, and where a second look has put it right."""


class TextClassifier(Experiment):
    """See `TextClassifierConfig` for the settings; the seed decides sentences, errors, weights and batches."""

    def __init__(
        self, config: TextClassifierConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Have the sentences labelled, and build the model."""
        super().__init__(config, seed, total_steps, start)
        self.config: TextClassifierConfig = config
        self.lr = config.lr  # the live knob: the highest rate, which the schedule scales
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))

        train = distinct_sentences(
            config.sentences, sub_seed(seed, "sentences"), "train", ambiguous=config.ambiguous
        )
        validation = distinct_sentences(VALIDATION, sub_seed(seed, "validation"), "held_out")
        self.train, self.validation, vocab_size = cut(train, validation, config.language)
        self.answers = torch.tensor([float(s.gold is True) for s in validation])

        # Everybody labels all of it with a generator of their own, so that the first says the same in every arm.
        annotator = Annotator(config.error_rate, config.errors)
        opinions = []
        for person in range(max(2, config.votes)):
            rng = random.Random(sub_seed(seed, f"annotator {person}"))
            opinions.append([annotator.is_positive(s.truth, rng) for s in train])
        # The second is asked even where only one label is paid for, to see how far two agree.
        self.agreement = cohen_kappa(opinions[0], opinions[1])
        self.votes = tuple(zip(*opinions[: config.votes], strict=True))
        self.labels = torch.tensor([float(majority(votes)) for votes in self.votes])

        weights = torch.Generator().manual_seed(sub_seed(seed, "weights"))
        self.model = BagOfTokens(vocab_size, config.d_model, weights)
        self.optimizer = AdamW(self.model.parameters(), lr=config.lr)
        self.waiting = torch.empty(0, dtype=torch.long)  # the rest of this round through the sentences

    def step(self) -> dict[str, float]:
        """Read some labelled sentences, and change the weights a little so that their labels would have been less of a surprise."""
        metrics = self._measure() if self.steps % self.config.eval_every == 0 else {}
        if self.steps == self.total_steps // 2:
            self.look_again()

        places = self._next_batch()  # (B,)
        logits = self.model(self.train.tokens[places])
        loss = F.binary_cross_entropy_with_logits(logits, self.labels[places])
        loss.backward()  # type: ignore[no-untyped-call]

        self.optimizer.lr = self.lr * schedule(self.steps, self.total_steps)
        self.optimizer.step()
        self.model.zero_grad()
        self.steps += 1
        return metrics | {"sentence_loss": loss.item()}

    @torch.no_grad()
    def suspicion(self) -> Tensor:
        """Return the loss of each training label, (sentences,): how unlikely the model finds it."""
        logits = self.model(self.train.tokens)
        return F.binary_cross_entropy_with_logits(logits, self.labels, reduction="none")

    def look_again(self) -> None:
        """Have somebody read the most suspicious sentences carefully. The model only points at them; it changes no label."""
        for place in self.suspicion().argsort(descending=True)[: self.config.checks].tolist():
            gold = self.train.sentences[place].gold
            if gold is not None:  # where a sentence says both, a second look settles nothing
                self.labels[place] = float(gold)

    def errors_found(self) -> float:
        """Return the share of wrong labels among the most suspicious ones, of which as many are taken as there are wrong ones in all.

        Looking at any labels, without a model, would find `wrong_labels` of them wrong. After confident learning (Northcutt et al. 2021,
        arXiv:1911.00068), but by the loss of the very model that has trained on them.
        """
        wrong = self._wrong()
        suspects = self.suspicion().argsort(descending=True)[: int(wrong.sum())]
        return wrong[suspects].float().mean().item()  # NaN when nothing is wrong

    def view(self, name: str, state: tuple[Tensor, Tensor] | None = None) -> Frame:
        """``labels``: the most suspicious training sentences, with what was said of them."""
        if name != "labels":
            raise KeyError(name)
        labels, belief = state or self.view_state()
        language, sentences = self.config.language, self.train.sentences
        return suspects(sentences, self.votes, labels.tolist(), belief.float().tolist(), language)

    @torch.no_grad()
    def view_state(self) -> tuple[Tensor, Tensor]:
        """Return labels, and beliefs that a sentence is good: a few bytes a sentence."""
        return self.labels.bool(), torch.sigmoid(self.model(self.train.tokens)).half()

    def finish(self) -> dict[str, float]:
        """Measure all that is measured live, and count the labelled sentences."""
        return self._measure() | {"sentences": float(len(self.labels))}

    def counted(self) -> int:
        """Return the tokens in a batch, on average."""
        length = (self.train.tokens != 0).sum(dim=1).float().mean().item()
        return round(self.config.batch * length)

    def _next_batch(self) -> Tensor:
        """Return the next places of a round through all sentences in random order; begin a new round where one ends."""
        while len(self.waiting) < self.config.batch:
            self.waiting = torch.cat((self.waiting, torch.randperm(len(self.labels), generator=self.batches)))
        places, self.waiting = self.waiting[: self.config.batch], self.waiting[self.config.batch :]
        return places

    def _wrong(self) -> Tensor:
        """Return which training labels are wrong, (sentences,) bool; none is where a sentence says both."""
        return torch.tensor(
            [
                s.gold is not None and s.gold != label
                for s, label in zip(self.train.sentences, self.labels.bool().tolist(), strict=True)
            ]
        )

    @torch.no_grad()
    def _measure(self) -> dict[str, float]:
        """Measure the model on unseen sentences with right labels, and its training labels against the truth."""
        logits = self.model(self.validation.tokens)
        positive = logits > 0
        wrong = self._wrong()
        clear = sum(s.gold is not None for s in self.train.sentences)
        share = wrong.sum().item() / max(1, clear)
        metrics = {
            "val_accuracy": (positive == self.answers.bool()).float().mean().item(),
            "val_sentence_loss": F.binary_cross_entropy_with_logits(logits, self.answers).item(),
            "called_positive": positive.float().mean().item(),
            "label_accuracy": 1 - share,
            "wrong_labels": share,
            "agreement": self.agreement,
        }
        return metrics | ({"errors_found": self.errors_found()} if share else {})


def suspects(
    sentences: Sequence[Sentence],
    votes: Sequence[Sequence[bool]],
    labels: Sequence[bool],
    belief: Sequence[float],
    language: Lang,
) -> Table:
    """Return the most suspicious sentences, the worst first.

    Args:
        sentences: What was labelled.
        votes: What each annotator said: whether it is good.
        labels: What the model trains on.
        belief: The probability that the model gives to *good*.
        language: What the model reads.
    """
    given = [p if label else 1 - p for p, label in zip(belief, labels, strict=True)]
    order = sorted(range(len(labels)), key=lambda at: (given[at], at))[:ROWS]
    rows = []
    for at in order:
        gold = sentences[at].gold
        truth, mark = BOTH, ""
        if gold is not None:
            truth = GOOD if gold else BAD
            # A vote that came out wrong, and yet the label is right: somebody has looked again.
            mark = WRONG if gold != labels[at] else MENDED if gold != majority(votes[at]) else ""
        rows.append(
            (
                sentences[at].text,
                "".join("+" if vote else "-" for vote in votes[at]),
                Text(f"{truth.zh} {mark}".rstrip(), f"{truth.en} {mark}".rstrip()),
                f"{belief[at]:.0%}",
            )
        )
    return Table((f"sentence_{language}", "said", "gold", "belief"), tuple(rows))
