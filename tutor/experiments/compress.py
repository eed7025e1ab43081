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

from tutor.experiments.base import Experiment, InputError, TrainedModel
from tutor.experiments.build import build_objective, schedule
from tutor.experiments.compress_config import WIDTHS, CompressConfig
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import prompt_ids
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import FINAL_WINDOWS, LIVE_WINDOWS, loss_with_spelling, random_windows
from tutor.frames import Axis, Curves, Frame, HeatMap, Series, Strip, Strips, Tokens
from tutor.nn.generate import continue_text
from tutor.nn.optim import AdamW
from tutor.nn.quantize import best_scale, largest_scale, round_to
from tutor.nn.transformer import Transformer
from tutor.text import Text

CORNER = 24
"""Rows and columns of the output layer that are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """A model in few bits; nobody writes to it, so that copies share it."""

    bits: int
    weights: Mapping[str, Tensor]
    loss: float
    """On the windows of live measurements."""

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
        self.objective = build_objective(trained, self.data.tokenizer)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.each = max(2, total_steps // len(WIDTHS))  # steps for a width
        self.done = [Rounded(32, start.tensors, self._loss(LIVE_WINDOWS))]
        self._begin(WIDTHS[0])

    def step(self) -> dict[str, float]:
        """Round the next share of all rows; or, where that trains, round them all and learn from a batch."""
        at = self.steps % self.each
        if at == 0 and self.steps:
            self._begin(WIDTHS[min(self.steps // self.each, len(WIDTHS) - 1)])
        if self.config.aware:
            self._learn(at)
        self._round(1.0 if self.config.aware else (at + 1) / self.each)
        self.steps += 1
        metrics = {"bits": float(self.bits)}
        if at == self.each - 1:
            weights = {name: weight.detach().clone() for name, weight in self.model.state_dict().items()}
            self.done.append(Rounded(self.bits, weights, self._loss(LIVE_WINDOWS)))
        if at % self.config.eval_every == 0 or at == self.each - 1:
            metrics["val_loss"] = self._loss(LIVE_WINDOWS)
        return metrics

    def view(self, name: str, state: None = None) -> Frame:
        """``trade``: bits against loss; ``written``: a text at each width; ``weights``: a corner of the output layer."""
        if name == "trade":
            x, y = ([float(getattr(one, key)) for one in reversed(self.done[1:])] for key in ("bits", "loss"))
            found = Series("", "val_loss", np.array(x), np.array(y))
            before = Series(
                "", "loss_32", np.array([WIDTHS[-1], WIDTHS[0]], float), np.full(2, self.done[0].loss)
            )
            return Curves((found, before), x_axis=Axis("bits", log=True))
        if name == "written":
            return Strips(tuple(self._written(one) for one in self.done))
        if name != "weights":
            raise KeyError(name)
        pair = [
            weights["head.weight"][:CORNER, :CORNER]
            for weights in (self.model.state_dict(), self.start.tensors)
        ]
        labels = tuple(self.data.tokenizer.label(id) for id in range(CORNER))
        return HeatMap(
            torch.stack(pair).detach().half().numpy(),
            ("rounded", "trained"),
            labels,
            tuple(map(str, range(CORNER))),
            self.steps,
            "signed",
        )

    def finish(self) -> dict[str, float]:
        """Measure every width on the whole validation text, and count its bytes."""
        loss = {one.bits: self._loss(FINAL_WINDOWS, one.weights) for one in self.done}
        metrics = {f"loss_{bits}": value for bits, value in loss.items()}
        metrics |= {f"size_{bits}": self._kilobytes(bits) for bits in loss}
        return metrics | {"val_loss": loss[self.done[-1].bits]}

    def _begin(self, bits: int) -> None:
        """Go back to the trained weights, and choose the scales of a width."""
        self.bits = bits
        self.model.load_state_dict(self.start.tensors)
        choose = best_scale if self.config.scale == "squared_error" else largest_scale
        self.exact = [Parameter(w.detach().clone()) for w in self._matrices()]
        self.scales = [choose(w.detach(), bits, rows=self.config.rows) for w in self.exact]
        self.optimizer = AdamW(self.exact, self.lr)

    @torch.no_grad()
    def _round(self, share: float) -> None:
        """Round a share of the rows of every matrix."""
        for weight, exact, scale in zip(self._matrices(), self.exact, self.scales, strict=True):
            rows = round(share * len(weight))
            weight[:rows] = round_to(exact, scale, self.bits)[:rows]

    def _learn(self, at: int) -> None:
        """Move the exact weights by the gradient that the rounded ones have: the straight-through estimator.

        After Courbariaux et al. (2015, arXiv:1511.00363): rounding has no slope of its own, so it is passed over.
        """
        self._round(1.0)
        windows = random_windows(
            self.data.train, self.config.batch, self.model.config.context + 1, self.batches
        )
        self.objective.loss(self.model, windows, self.batches).backward()  # type: ignore[no-untyped-call]
        for exact, rounded in zip(self.exact, self._matrices(), strict=True):
            exact.grad = rounded.grad
        self.optimizer.lr = self.lr * schedule(at, self.each)
        self.optimizer.step()
        for weight in (*self.exact, *self.model.parameters()):
            weight.grad = None

    def _matrices(self) -> list[Parameter]:
        """Every weight that is rounded; vectors are few and stay exact."""
        return [weight for weight in self.model.parameters() if weight.ndim == 2]

    def _loss(self, windows: int, weights: Mapping[str, Tensor] | None = None) -> float:
        model = self._model(weights) if weights is not None else self.model
        return loss_with_spelling(model, self.objective, self.data, self.data.validation, windows)

    def _model(self, weights: Mapping[str, Tensor]) -> Transformer:
        model = copy.deepcopy(self.model)
        model.load_state_dict(weights)
        return model

    def _kilobytes(self, bits: int) -> float:
        """Size of a file of all weights: scales, and what isn't rounded, have four bytes each."""
        whole = sum(weight.numel() for weight in self.model.parameters())
        few = sum(weight.numel() for weight in self._matrices()) if bits < 32 else 0
        scales = sum(scale.numel() for scale in self.scales) if bits < 32 else 0
        return (few * bits / 8 + 4 * (whole - few + scales)) / 1000

    def _written(self, one: Rounded) -> Strip:
        """What a width goes on with after the prompt; the same draws for all."""
        tokenizer, seed = self.data.tokenizer, sub_seed(self.seed, "samples")
        never = (tokenizer.unknown_id, tokenizer.mask_id)
        prompt = prompt_ids(self.config.prompt, self.data)[None]
        ids = continue_text(self._model(one.weights), prompt, self.config.sample_tokens, 0.7, seed, never)
        tokens = Tokens(tuple(tokenizer.label(id) for id in ids[0].tolist()))
        return Strip(f"bits_{one.bits}", tokens, (("val_loss", f"{one.loss:.2f}"),))


_NO_MODEL = Text(
    "压缩要从一个训练好的模型开始：在实验文件里写上 base。",
    "There is nothing to compress without a trained model: name one as the base in the lab file.",
)
