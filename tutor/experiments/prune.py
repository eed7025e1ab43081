"""Sets more and more weights of a trained language model to zero, and measures what that costs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tutor.experiments.base import Shared, TrainedModel
from tutor.experiments.compress import Compress
from tutor.experiments.prune_config import PruneConfig
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import random_windows
from tutor.frames import Axis, Frame, Table
from tutor.nn.prune import PrunedWeights, any_first, idlest_first, smallest_first, units_first

WATCHED = 128
"""Windows of text in which it is measured what weights are multiplied by."""


@dataclass(frozen=True, slots=True, eq=False)
class Places(Shared):
    """In which order the weights of each matrix go; all levels follow it."""

    each: list[Tensor]


class Prune(Compress):
    """See `PruneConfig` for the settings."""

    axis = Axis("zeros")
    changed: PrunedWeights

    def __init__(
        self, config: PruneConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Build the trained model again, and decide which weights go first; none is gone yet."""
        super().__init__(config, seed, total_steps, start)
        random = torch.Generator().manual_seed(sub_seed(seed, "places"))
        match config.gone:
            case "smallest":
                places = smallest_first(self.model)
            case "idlest":
                windows = random_windows(self.data.train, WATCHED, self.model.config.context, random)
                places = idlest_first(self.model, windows)
            case "random":
                places = any_first(self.model, random)
            case _:
                places = units_first(self.model)
        self.places = Places(places)

    def changed_to(self, level: int) -> PrunedWeights:
        """Return the weights with a share of them to go."""
        units = self.config.gone == "units"
        return PrunedWeights(self.model, level / 100, self.places.each, units=units)

    def reached(self) -> float:
        """Return the share of all weights that are zero now."""
        return self.changed.zeros

    def view(self, name: str, state: None = None) -> Frame:
        """``stored``: what each level takes, by how it is stored; else as `Compress`."""
        if name != "stored":
            return super().view(name)
        units = self.config.gone == "units"  # a matrix that is smaller needs no marks
        ways = ("size",) if units else ("listed", "size", "zipped")
        rows = []
        for level, one in self.done.items():
            sizes = [one.metrics.get(way) if level else None for way in ways]
            told = [f"{size / 1000:,.0f} kB" if size is not None else "" for size in sizes]
            whole = f"{self.done[0].metrics['size'] / 1000:,.0f} kB"
            rows.append((f"{one.metrics['zeros']:.0%}", whole, *told))
        return Table(("zeros", "written_out", *(("smaller",) if units else ways)), tuple(rows))
