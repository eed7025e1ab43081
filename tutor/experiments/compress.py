"""Rounds the weights of a trained language model to fewer and fewer bits, and measures what that costs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.build import build_objective, schedule
from tutor.experiments.compress_config import WIDTHS, CompressConfig
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import prompt_ids
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import FINAL_WINDOWS, LIVE_WINDOWS, loss_with_spelling, random_windows
from tutor.frames import Axis, Curves, Frame, Series, Strip, Strips, Tokens
from tutor.nn.generate import continue_text
from tutor.nn.optim import AdamW
from tutor.nn.quantize import best_scale, largest_scale, round_to
from tutor.nn.transformer import Transformer
from tutor.text import InputError, Text


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """A model in few bits, with its loss as steps measure it; nobody writes to it, so that copies share it."""

    bits: int
    weights: Mapping[str, Tensor]
    loss: float

    def __deepcopy__(self, memo: dict[int, Any]) -> Rounded:
        return self


class Compress(Experiment):
    """See `CompressConfig` for the settings."""

    def __init__(
        self, config: CompressConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the trained model again; nothing is rounded yet."""
        super().__init__(config, seed, total_steps)
        if start is None:
            raise InputError(_NO_MODEL)
        self.config: CompressConfig = config
        self.lr = config.lr  # the live knob
        self.start = start
        trained, self.data, self.model = restore(start)
        self.matrices = [
            weight for weight in self.model.parameters() if weight.ndim == 2
        ]  # vectors stay exact
        self.objective = build_objective(trained, self.data.tokenizer)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.each = max(1, total_steps // len(WIDTHS))  # steps for a width
        self.done = [Rounded(32, start.tensors, self._loss(self.model, LIVE_WINDOWS))]
        self._begin(WIDTHS[0])

    def step(self) -> dict[str, float]:
        """Round the next share of all rows; or, where that trains, learn from a batch with all of them rounded."""
        place, at = divmod(self.steps, self.each)
        if at == 0 and place < len(WIDTHS):
            self._begin(WIDTHS[place])
        if self.config.aware:
            self._learn(at)
        else:
            self._round((at + 1) / self.each)
        self.steps += 1
        metrics = {"bits": float(self.bits)}
        whole = at == self.each - 1
        if whole or self.steps % self.config.eval_every == 0:
            metrics["val_loss"] = self._loss(self.model, LIVE_WINDOWS)
        if whole:
            weights = {name: weight.clone() for name, weight in self.model.state_dict().items()}
            self.done.append(Rounded(self.bits, weights, metrics["val_loss"]))
        return metrics

    def view(self, name: str, state: None = None) -> Frame:
        """``trade``: the loss at each width so far; ``written``: what the model writes at each."""
        if name == "written":
            return Strips(tuple(self._written(one) for one in self.done))
        if name != "trade":
            raise KeyError(name)
        widths = sorted(self.done, key=lambda one: one.bits)
        bits, loss = np.array([[one.bits, one.loss] for one in widths]).T
        return Curves((Series("", "val_loss", bits, loss),), x_axis=Axis("bits", log=True))

    def live(self) -> dict[str, float]:
        """Measure the loss as it is now."""
        return {"val_loss": self._loss(self.model, LIVE_WINDOWS)}

    def finish(self) -> dict[str, float]:
        """Measure every width on the whole validation text, and count its bytes."""
        metrics = {"val_loss": self._loss(self.model, FINAL_WINDOWS)}
        for one in self.done:
            metrics[f"loss_{one.bits}"] = self._loss(self._model(one), FINAL_WINDOWS)
            metrics[f"size_{one.bits}"] = self._kilobytes(one.bits)
        return metrics

    def _begin(self, bits: int) -> None:
        """Go back to the trained weights, and choose the scales of a width."""
        self.bits = bits
        self.model.load_state_dict(self.start.tensors)
        choose = best_scale if self.config.scale == "squared_error" else largest_scale
        self.exact = [Parameter(weight.detach().clone()) for weight in self.matrices]
        self.scales = [choose(weight.detach(), bits, rows=self.config.rows) for weight in self.exact]
        self.optimizer = AdamW(self.exact, self.lr)
        if self.config.aware:
            self._round(1.0)

    @torch.no_grad()
    def _round(self, share: float) -> None:
        """Round a share of the rows of every matrix."""
        for weight, exact, scale in zip(self.matrices, self.exact, self.scales, strict=True):
            rows = round(share * len(weight))
            weight[:rows] = round_to(exact, scale, self.bits)[:rows]

    def _learn(self, at: int) -> None:
        """Move the exact weights by the gradient that the rounded ones have, and round them again.

        Rounding has no slope of its own, so it is passed over: the straight-through estimator (Bengio et al. 2013, arXiv:1308.3432).
        """
        length = self.model.config.context + 1
        windows = random_windows(self.data.train, self.config.batch, length, self.batches)
        self.objective.loss(self.model, windows, self.batches).backward()  # type: ignore[no-untyped-call]
        for exact, rounded in zip(self.exact, self.matrices, strict=True):
            exact.grad = rounded.grad
        self.optimizer.lr = self.lr * schedule(at, self.each)
        self.optimizer.step()
        for weight in (*self.exact, *self.model.parameters()):
            weight.grad = None
        self._round(1.0)

    def _loss(self, model: Transformer, windows: int) -> float:
        return loss_with_spelling(model, self.objective, self.data, self.data.validation, windows)

    def _model(self, one: Rounded) -> Transformer:
        model = copy.deepcopy(self.model)
        model.load_state_dict(one.weights)
        return model

    def _kilobytes(self, bits: int) -> float:
        """Return the size of all weights: a scale, and a weight that isn't rounded, has four bytes."""
        whole, few = (sum(w.numel() for w in part) for part in (self.model.parameters(), self.matrices))
        if bits == 32:
            return 4 * whole / 1000
        return (few * bits / 8 + 4 * (whole - few + sum(scale.numel() for scale in self.scales))) / 1000

    def _written(self, one: Rounded) -> Strip:
        """Return what a width writes after the prompt, with the same draws as all others."""
        tokenizer, seed = self.data.tokenizer, sub_seed(self.seed, "samples")
        never = (tokenizer.unknown_id, tokenizer.mask_id)
        prompt = prompt_ids(self.config.prompt, self.data)[None]
        ids = continue_text(self._model(one), prompt, self.config.sample_tokens, 0.7, seed, never)
        tokens = Tokens(tuple(tokenizer.label(id) for id in ids[0].tolist()))
        return Strip(f"bits_{one.bits}", tokens, (("val_loss", f"{one.loss:.2f}"),))


_NO_MODEL = Text(
    "压缩要从一个训练好的模型开始：在实验文件里写上 base。",
    "There is nothing to compress without a trained model: name one as the base in the lab file.",
)
