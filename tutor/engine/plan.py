"""What is to be run."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine.configs import Settings
from tutor.engine.shelf import Shelf
from tutor.experiments.base import ExperimentSpec


@dataclass(slots=True)
class Plan:
    """One run of a lab. A reset may change seed and settings.

    Attributes:
        shelf: Where trained models are kept between runs; None: nowhere.
        long: Whether the learner has time for a long run.
        spread: How the lab's numbers scatter over seeds; None when it isn't verified.
        as_made: Whether the run is as the lab's author made it; only then its model is worth keeping.
    """

    lab: Lab
    spec: ExperimentSpec | None
    seed: int
    settings: Settings
    steps: int | None
    shelf: Shelf | None = None
    long: bool = False
    spread: Spread | None = None

    @property
    def as_made(self) -> bool:
        """Whether the run is as the lab's author made it."""
        free = self.spec.display if self.spec is not None else frozenset()
        return self.steps is None and not set(self.settings) - free
