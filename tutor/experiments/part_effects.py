"""Takes a trained language model apart: what each head, attention and MLP does of itself, and what it costs to take it out."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import InstantExperiment, TrainedModel, required
from tutor.experiments.knobs import Value
from tutor.experiments.language_model_stored import restore
from tutor.experiments.language_model_views import head_names, prompt_ids
from tutor.experiments.part_effects_config import LAYERS, PartEffectsConfig, called
from tutor.experiments.text_data import even_windows
from tutor.frames import Axis, Frame, Points, Scatter, Table
from tutor.nn.stream import direct_effects, read_off, written
from tutor.text import Text

WINDOWS = 16
"""Windows of the validation text that are measured on."""

OWN = 4
"""Tokens of a story that are to go on where the learner has written nothing."""

_LINE = Text("要接的半句", "line to go on")


class PartEffects(InstantExperiment):
    """See `PartEffectsConfig` for the settings; nothing in it is left to chance."""

    def __init__(
        self, config: PartEffectsConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the model again, and measure all parts once."""
        super().__init__(config, seed, total_steps)
        _, self.data, self.model = restore(required(start))
        windows = even_windows(self.data.validation, WINDOWS, self.model.config.context + 1)
        self.ids, self.following = windows[:, :-1], windows[:, 1:]  # (B, T) each
        heads = head_names(self.model)
        layers = range(1, self.model.config.n_layer + 1)
        attention = {f"attention_{n}": tuple(h for h in heads if h.startswith(f"{n}.")) for n in layers}
        self.groups: dict[str, dict[str, tuple[str, ...]]] = {
            "attention": attention,
            "heads": {head: (head,) for head in heads},
            "mlps": {f"mlp_{n}": (f"mlp_{n}",) for n in layers},
        }
        self.members = {name: parts for group in self.groups.values() for name, parts in group.items()}
        own = written(self.model, self.ids)
        self.means = {part: wrote.mean((0, 1)) for part, wrote in own.items()}  # (C,) each
        direct = direct_effects(self.model, own, self.following)
        self.direct = self._together(direct)
        steady = {part: mean.expand_as(own[part]) for part, mean in self.means.items()}
        self.steady = self._together(
            direct_effects(self.model, steady, self.following, torch.stack(list(own.values())).sum(0))
        )
        self._measure()

    def adjust(self, knob: str, value: Value) -> None:
        """Change a setting, and measure anew what depends on it."""
        super().adjust(knob, value)
        if knob != "line":
            self._measure()

    def finish(self) -> dict[str, float]:
        """Return both effects of each attention and MLP, and what its heads cost one by one, added up."""
        metrics = {"whole_loss": self.loss}
        for name in (name for group in ("attention", "mlps") for name in self.groups[group]):
            if int(name[-1]) <= LAYERS:
                metrics[f"direct_{name}"], metrics[f"steady_{name}"] = self.direct[name], self.steady[name]
                metrics[f"total_{name}"] = self.total[name]
        for layer in range(1, min(LAYERS, self.model.config.n_layer) + 1):
            metrics[f"singly_{layer}"] = sum(self.total[head] for head in self.members[f"attention_{layer}"])
        return metrics

    def view(self, name: str, state: Any = None) -> Frame:
        """``effects``: the plane of direct and total effect; ``parts``: the same as a table; ``sentence``: the learner's line without each part."""
        if name == "effects":
            return Scatter(
                tuple(
                    Points(
                        label,
                        np.array([self.direct[part] for part in parts]),
                        np.array([self.total[part] for part in parts]),
                        tuple(map(called, parts)),
                    )
                    for label, parts in self.groups.items()
                ),
                Axis("direct"),
                Axis("total"),
            )
        if name == "parts":
            rows = (
                (
                    called(part),
                    _signed(self.direct[part]),
                    _signed(self.steady[part]),
                    _signed(self.total[part]),
                )
                for part in self.members
            )
            return Table(("part", "direct", "steady", "total"), tuple(rows))
        if name != "sentence":
            raise KeyError(name)
        return self._sentence()

    def _together(self, effects: dict[str, Tensor]) -> dict[str, float]:
        """Return the mean effect of heads, attentions and MLPs: (B, T) for each part that writes."""
        return {
            name: sum(effects[part].mean().item() for part in parts) for name, parts in self.members.items()
        }

    def _measure(self) -> None:
        """Take out each part in turn, besides what is out already."""
        self.loss = self._loss()
        self.total = {name: self._loss(name) - self.loss for name in self.members}

    def _loss(self, name: str = "") -> float:
        logits = self._logits(self.ids, name)
        return F.cross_entropy(logits.flatten(0, 1), self.following.flatten()).item()

    def _logits(self, ids: Tensor, name: str = "") -> Tensor:
        """Return the logits without a part, and without what is out already: (B, T) -> (B, T, V)."""
        out = {*self.members.get(name, ()), *self.members.get(self.config.out, ())}

        def changed(part: str, own: Tensor) -> Tensor:
            if part not in out:
                return own
            mean = self.config.replaced == "mean"
            return self.means[part].expand_as(own) if mean else torch.zeros_like(own)

        parts = written(self.model, ids, changed)
        return read_off(self.model, torch.stack(list(parts.values())).sum(0))

    def _sentence(self) -> Table:
        """The line, and how it would go on: with all parts, and without each."""
        most = self.model.config.context if self.config.line else OWN
        line = prompt_ids(self.config.line, self.data)[:most][None]
        whole = self._logits(line)[0, -1].softmax(0)
        label, first = self.data.tokenizer.label, int(whole.argmax())
        rows: list[tuple[str | Text, ...]] = []
        for name in ("", *self.groups["attention"], *self.groups["mlps"], *self.groups["heads"]):
            chances = self._logits(line, name)[0, -1].softmax(0)
            says = int(chances.argmax())
            rows.append((called(name), label(says), f"{chances[says]:.0%}", f"{chances[first]:.0%}"))
        begun = " ".join(self.data.tokenizer.decode(line[0].tolist()).split())
        return Table(("without", "says", "sure", "first"), ((_LINE, begun, "", ""), *rows))


def _signed(effect: float) -> str:
    """Write an effect with its sign; a 0 has a plus, however it was rounded."""
    return f"{round(effect, 2) + 0.0:+.2f}"
