"""Makes a trained language model smaller, level by level, and measures what that costs: here by rounding its weights to fewer and fewer bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
import torch
from torch.nn import Parameter

from tutor.experiments.base import Experiment, TrainedModel, required
from tutor.experiments.build import build_objective, schedule
from tutor.experiments.compress_config import CompressConfig, Compression
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import continued, prompt_ids
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import FINAL_WINDOWS, LIVE_WINDOWS, loss_with_spelling, random_windows
from tutor.frames import Axis, Curves, Frame, Series, Strip, Strips, Tokens
from tutor.nn.optim import AdamW, Optimizer
from tutor.nn.quantize import RoundedWeights


class ChangedWeights(Protocol):
    """The weights of a model at one level.

    Attributes:
        exact: What training moves.
    """

    exact: list[Parameter]

    def change(self, share: float = 1.0) -> None:
        """Change a share of all that is to be changed, the whole by default."""

    def learn(self, optimizer: Optimizer) -> None:
        """Move the weights by the gradients that they have now, and change them again."""

    def sizes(self) -> dict[str, float]:
        """Return bytes, by how they are stored; ``size`` is among them."""


class Compress(Experiment):
    """See `CompressConfig` for the settings."""

    axis = Axis("bits", log=True)
    """What levels are counted in."""

    def __init__(
        self, config: Compression, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the trained model again; nothing is changed yet."""
        super().__init__(config, seed, total_steps)
        start = required(start)
        self.lr = config.lr  # the live knob
        trained, self.data, self.model = restore(start)
        self.objective = build_objective(trained, self.data.tokenizer)
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.levels = config.levels
        self.each = max(1, total_steps // len(self.levels))  # steps for a level
        size = float(4 * sum(weight.numel() for weight in self.model.parameters()))
        whole = {"val_loss": self._loss(), "size": size, self.axis.label: float(config.untouched)}
        self.done = {config.untouched: replace(start, metrics=whole)}  # level to model

    def step(self) -> dict[str, float]:
        """Change the next share of the weights; or, where that trains, learn from a batch with all of them changed."""
        place, at = divmod(self.steps, self.each)
        if at == 0 and place < len(self.levels):
            self._begin(self.levels[place])
        if self.config.aware:
            length = self.model.config.context + 1
            windows = random_windows(self.data.train, self.config.batch, length, self.batches)
            self.objective.loss(self.model, windows, self.batches).backward()  # type: ignore[no-untyped-call]
            self.optimizer.lr = self.lr * schedule(at, self.each)
            self.changed.learn(self.optimizer)
            self.model.zero_grad()
        else:
            self.changed.change((at + 1) / self.each)
        self.steps += 1
        whole = at == self.each - 1
        reached = {self.axis.label: self.reached()}
        metrics = self.live() if whole or self.steps % self.config.eval_every == 0 else {}
        if whole:
            weights = {name: weight.clone() for name, weight in self.model.state_dict().items()}
            measured = {"val_loss": self._loss(), **self.changed.sizes(), **reached}  # as all levels are
            first = self.done[self.config.untouched]
            self.done[self.level] = replace(first, tensors=weights, metrics=measured)
        return {**reached, **metrics}

    def view(self, name: str, state: None = None) -> Frame:
        """``trade``: the loss at each level so far; ``written``: what the model writes at each."""
        if name == "written":
            return Strips(tuple(map(self._written, self.done)))
        if name != "trade":
            raise KeyError(name)
        points = sorted((one.metrics[self.axis.label], one.metrics["val_loss"]) for one in self.done.values())
        x, loss = np.array(points).T
        return Curves((Series("", "val_loss", x, loss),), x_axis=self.axis)

    def live(self) -> dict[str, float]:
        """Measure the loss as it is now."""
        return {"val_loss": self._loss(LIVE_WINDOWS)}

    def finish(self) -> dict[str, float]:
        """Tell the loss of every level on the whole validation text, and its size in kB."""
        metrics = {"val_loss": self._loss()}
        for level, one in self.done.items():
            told: Mapping[str, float] = dict(one.metrics)
            metrics[f"loss_{level}"] = told["val_loss"]
            sizes = {name: size for name, size in told.items() if name not in ("val_loss", self.axis.label)}
            metrics |= {f"{name}_{level}": size / 1000 for name, size in sizes.items()}
        return metrics

    def changed_to(self, level: int) -> ChangedWeights:
        """Return the weights of the model at a level; nothing is changed yet."""
        config: CompressConfig = self.config
        return RoundedWeights(self.model, level, config.scale, rows=config.rows)

    def reached(self) -> float:
        """Return where the weights are now, in what levels are counted in."""
        return float(self.level)

    def _begin(self, level: int) -> None:
        """Go back to the trained weights, and choose what a level makes of them."""
        self.level = level
        self.model.load_state_dict(self.done[self.config.untouched].tensors)
        self.changed = self.changed_to(level)
        self.optimizer = AdamW(self.changed.exact, self.lr)
        if self.config.aware:
            self.changed.change()

    def _loss(self, windows: int = FINAL_WINDOWS) -> float:
        return loss_with_spelling(self.model, self.objective, self.data, self.data.validation, windows)

    def _written(self, level: int) -> Strip:
        """Return what a level writes after the prompt, with the same draws as all others."""
        one, prompt = self.done[level], prompt_ids(self.config.prompt, self.data)
        model, seed = self.model.with_weights(one.tensors), sub_seed(self.seed, "samples")
        ids = continued(model, self.data.tokenizer, prompt, self.config.sample_tokens, 0.7, seed)
        loss = ("val_loss", f"{one.metrics['val_loss']:.2f}")
        label = f"{self.axis.label}_{level}"
        return Strip(label, Tokens(tuple(map(self.data.tokenizer.label, ids))), (loss,))
