"""Rounds the weights of a trained language model to fewer and fewer bits, and measures what that costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from tutor.experiments.base import Experiment, TrainedModel, required
from tutor.experiments.build import build_objective, schedule
from tutor.experiments.compress_config import WIDTHS, CompressConfig
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import continued, prompt_ids
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import FINAL_WINDOWS, LIVE_WINDOWS, loss_with_spelling, random_windows
from tutor.frames import Axis, Curves, Frame, Series, Strip, Strips, Tokens
from tutor.nn.optim import AdamW
from tutor.nn.quantize import RoundedWeights


class Compress(Experiment):
    """See `CompressConfig` for the settings."""

    def __init__(
        self, config: CompressConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the trained model again; nothing is rounded yet."""
        super().__init__(config, seed, total_steps)
        start = required(start)
        self.lr = config.lr  # the live knob
        trained, self.data, self.model = restore(start)
        self.objective = build_objective(trained, self.data.tokenizer)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.widths = WIDTHS if config.width == "all" else (int(config.width),)
        self.each = max(1, total_steps // len(self.widths))  # steps for a width
        size = 4 * sum(weight.numel() for weight in self.model.parameters())
        self.done = {32: replace(start, metrics={"val_loss": self._loss(), "bytes": size})}  # bits to model

    def step(self) -> dict[str, float]:
        """Round the next share of all rows; or, where that trains, learn from a batch with all of them rounded."""
        place, at = divmod(self.steps, self.each)
        if at == 0 and place < len(self.widths):
            self._begin(self.widths[place])
        if self.config.aware:
            length = self.model.config.context + 1
            windows = random_windows(self.data.train, self.config.batch, length, self.batches)
            self.objective.loss(self.model, windows, self.batches).backward()  # type: ignore[no-untyped-call]
            self.optimizer.lr = self.lr * schedule(at, self.each)
            self.rounded.learn(self.optimizer)
            self.model.zero_grad()
        else:
            self.rounded.round((at + 1) / self.each)
        self.steps += 1
        whole = at == self.each - 1
        metrics = self.live() if whole or self.steps % self.config.eval_every == 0 else {}
        if whole:
            weights = {name: weight.clone() for name, weight in self.model.state_dict().items()}
            measured = {"val_loss": self._loss(), "bytes": self.rounded.bytes()}  # as all widths are
            self.done[self.rounded.bits] = replace(self.done[32], tensors=weights, metrics=measured)
        return {"bits": float(self.rounded.bits), **metrics}

    def view(self, name: str, state: None = None) -> Frame:
        """``trade``: the loss at each width so far; ``written``: what the model writes at each."""
        if name == "written":
            return Strips(tuple(map(self._written, self.done)))
        if name != "trade":
            raise KeyError(name)
        bits, loss = np.array(sorted((b, one.metrics["val_loss"]) for b, one in self.done.items())).T
        return Curves((Series("", "val_loss", bits, loss),), x_axis=Axis("bits", log=True))

    def live(self) -> dict[str, float]:
        """Measure the loss as it is now."""
        return {"val_loss": self._loss(LIVE_WINDOWS)}

    def finish(self) -> dict[str, float]:
        """Tell the loss of every width on the whole validation text, and its size."""
        metrics = {"val_loss": self._loss()}
        for bits, one in self.done.items():
            metrics[f"loss_{bits}"] = one.metrics["val_loss"]
            metrics[f"size_{bits}"] = one.metrics["bytes"] / 1000
        return metrics

    def _begin(self, bits: int) -> None:
        """Go back to the trained weights, and choose the scales of a width."""
        self.model.load_state_dict(self.done[32].tensors)
        self.rounded = RoundedWeights(self.model, bits, self.config.scale, rows=self.config.rows)
        self.optimizer = AdamW(self.rounded.exact, self.lr)
        if self.config.aware:
            self.rounded.round()

    def _loss(self, windows: int = FINAL_WINDOWS) -> float:
        return loss_with_spelling(self.model, self.objective, self.data, self.data.validation, windows)

    def _written(self, bits: int) -> Strip:
        """Return what a width writes after the prompt, with the same draws as all others."""
        one, prompt = self.done[bits], prompt_ids(self.config.prompt, self.data)
        model, seed = self.model.with_weights(one.tensors), sub_seed(self.seed, "samples")
        ids = continued(model, self.data.tokenizer, prompt, self.config.sample_tokens, 0.7, seed)
        loss = ("val_loss", f"{one.metrics['val_loss']:.2f}")
        return Strip(f"bits_{bits}", Tokens(tuple(map(self.data.tokenizer.label, ids))), (loss,))
