"""A language model that is watched by layers: after each of them, which token would it already write?"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import torch
from torch import Tensor

from tutor.experiments.base import TrainedModel
from tutor.experiments.knobs import Value
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_views import ViewState, probe_ids
from tutor.experiments.logit_lens_config import LogitLensConfig
from tutor.experiments.text_data import FINAL_WINDOWS, LIVE_WINDOWS, even_windows
from tutor.frames import Axis, Curves, Frame, HeatMap, Series, Table
from tutor.nn.stream import after_layers, read_off
from tutor.nn.transformer import Transformer

SHOWN = 16
"""Tokens of a sentence that are shown."""


class LogitLens(LanguageModel):
    """See `LogitLensConfig`; it trains as any language model."""

    def __init__(
        self, config: LogitLensConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps, start)
        self._choose(config.probe)

    def step(self) -> dict[str, float]:
        """Look after each layer now and then, then train as usual."""
        metrics = self._right(LIVE_WINDOWS) if self.steps % self.config.eval_every == 0 else {}
        return metrics | super().step()

    def live(self) -> dict[str, float]:
        """Measure what steps measure in turns, and each layer."""
        return super().live() | self._right(LIVE_WINDOWS)

    def finish(self) -> dict[str, float]:
        """Measure each layer on the whole validation text, too."""
        return super().finish() | self._right(FINAL_WINDOWS)

    def adjust(self, knob: str, value: Value) -> None:
        """Take another sentence to look at; else as all experiments."""
        if knob == "probe":
            self._choose(str(value))
        else:
            super().adjust(knob, value)

    def view(self, name: str, state: ViewState | None = None, without: Collection[str] = ()) -> Frame:
        """``lens``: the guesses after each layer. ``sure``: how likely the last guess is by then. ``depth``: the share of right ones."""
        model = self.model if state is None else self.model.with_weights(state.tensors)
        if name == "depth":
            right = np.array(list(self._right(LIVE_WINDOWS, model).values()))
            return Curves(
                (Series("", "right_share", np.arange(len(right), dtype=float), right),), x_axis=Axis("layer")
            )
        if name not in ("lens", "sure"):
            return super().view(name, state, without)
        label = self.data.tokenizer.label
        chances = self._chances(model)  # (L + 1, T, V)
        guesses = chances.argmax(dim=2)
        read = [label(id) for id in self.probe.tolist()]
        if name == "sure":
            last = guesses[-1].expand(len(chances), -1)[..., None]
            layers = tuple(str(layer) for layer in range(len(chances)))
            values = chances.gather(2, last)[None, ..., 0].half().numpy()
            steps = self.steps if state is None else state.steps
            return HeatMap(
                values, ("all",), layers, tuple(map(label, guesses[-1].tolist())), steps, "linear", 1
            )
        following = [*self.probe.tolist()[1:], None]
        rows = (
            (word, *(label(guess) + " ✓" * (guess == right) for guess in column))
            for word, right, column in zip(read, following, guesses.T.tolist(), strict=True)
        )
        return Table(("read", *(f"right_{layer}" for layer in range(len(chances)))), tuple(rows))

    def _choose(self, sentence: str) -> None:
        self.probe = probe_ids(sentence, self.data, most=min(SHOWN, self.context))

    def _chances(self, model: Transformer) -> Tensor:
        """The probability of each next token after each place of the sentence, at each depth: (L + 1, T, V)."""
        streams = after_layers(model, self.probe[None])
        return torch.cat([read_off(model, stream).softmax(dim=2) for stream in streams])

    def _right(self, windows: int, model: Transformer | None = None) -> dict[str, float]:
        """The share of validation tokens that come first when the stream is read off after the embedding and after each layer."""
        model = model or self.model
        cut = even_windows(self.data.validation, windows, self.context + 1)
        counts = torch.zeros(model.config.n_layer + 1)
        for part in torch.split(cut, LIVE_WINDOWS):
            streams = after_layers(model, part[:, :-1])
            counts += torch.tensor(
                [(read_off(model, stream).argmax(2) == part[:, 1:]).sum().item() for stream in streams]
            )
        shares = counts / (len(cut) * self.context)
        return {f"right_{layer}": share for layer, share in enumerate(shares.tolist())}
