"""A small language model that learns from a larger one, which was trained before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Shared, TrainedModel, required
from tutor.experiments.build import prepare_text
from tutor.experiments.distill_config import DistillConfig
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import ViewState
from tutor.frames import Frame, Table
from tutor.nn.transformer import Transformer

SHOWN, GUESSES = 12, 2
"""Places of a sentence that are shown, and guesses at each."""


@dataclass(frozen=True, slots=True, eq=False)
class Teacher(Shared):
    """A model that learns no more."""

    model: Transformer

    @torch.no_grad()
    def logits(self, ids: Tensor) -> Tensor:
        """Return what it says comes next: (B, T) ids -> (B, T, V)."""
        return self.model(ids)  # type: ignore[no-any-return]


class Distill(LanguageModel):
    """See `DistillConfig`; what it starts from is the teacher, whose tokenizer it takes over."""

    def __init__(
        self, config: DistillConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        _, taught, teacher = restore(required(start))
        super().__init__(config, seed, total_steps, data=prepare_text(config, seed, taught.tokenizer))
        self.teacher = Teacher(teacher)
        self.softness = config.softness
        self.learns_from = config.learns_from

    def lesson(self, windows: Tensor, read: Tensor) -> Tensor:
        """Return how far the student's guesses are from what they should be (Hinton et al. 2015, arXiv:1503.02531).

        At each place the text has one right answer; the teacher has a probability for every token. Dividing the logits by a temperature
        makes those more alike; gradients shrink by its square, which is made up for.
        """
        if self.learns_from == "text":
            return super().lesson(windows, read)
        logits = self.model(read[:, :-1]).flatten(0, 1)  # (B T, V)
        told = self.teacher.logits(read[:, :-1]).flatten(0, 1)
        if self.learns_from == "top":
            return F.cross_entropy(logits, told.argmax(dim=1))
        wanted = F.softmax(told / self.softness, dim=1)
        return self.softness**2 * F.cross_entropy(logits / self.softness, wanted)

    def view(self, name: str, state: ViewState | None = None, without: Collection[str] = ()) -> Frame:
        """``lesson``: at each place of a sentence, what comes next in it, and the guesses of teacher and student."""
        if name != "lesson":
            return super().view(name, state, without)
        model = self.model if state is None else self.model.with_weights(state.tensors)
        label, ids = self.data.tokenizer.label, self.probe[: SHOWN + 1]
        with torch.no_grad():
            student = model(ids[None, :-1])[0]
        guesses = [
            [self._guesses(row) for row in logits]
            for logits in (self.teacher.logits(ids[None, :-1])[0], student)
        ]
        pairs = zip(ids.tolist(), ids[1:].tolist(), *guesses, strict=False)
        rows = tuple((f"{label(read)} › {label(right)}", *said) for read, right, *said in pairs)
        return Table(("text", "teacher", "student"), rows)

    def _guesses(self, logits: Tensor) -> str:
        """Return the likeliest tokens with what they are given: (V,) logits -> a line."""
        given, ids = F.softmax(logits, dim=0).topk(GUESSES)
        names = map(self.data.tokenizer.label, ids.tolist())
        return "  ".join(f"{name} {p:.0%}" for name, p in zip(names, given.tolist(), strict=True))
