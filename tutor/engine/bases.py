"""Trained models between labs: what one puts on the shelf, another starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tutor.content.models import Lab
from tutor.engine import shelf_words as told
from tutor.engine.shelf import Shelf
from tutor.engine.shelf_words import ShelfError
from tutor.experiments.base import Experiment, GivesModel, TrainedModel
from tutor.text import Text


class Bases(Protocol):
    """Where a bench finds a base that is already trained, and leaves what it has trained."""

    def take(self, lab: Lab, base: Experiment) -> Mapping[str, float] | None:
        """Give a base, just built, the weights of a model that is already trained.

        Returns:
            That model's final metrics; None: there is none that fits, so the base has to be trained here.
        """

    def put(self, lab: Lab, arm: str, model: TrainedModel) -> None:
        """An arm has come to its end: keep its model if the lab says so."""


class ShelvedBases:
    """Bases on the learner's own shelf.

    Args:
        shelf: The shelf.
        may_save: Whether this run is as its author made it. A model trained with other settings is no base that the texts of
            other labs were written for.

    Attributes:
        notices: What happened, for the learner, in order.
        taken: The model that the base was taken from, by name and seed; empty when it was trained here.
    """

    def __init__(self, shelf: Shelf, *, may_save: bool) -> None:
        self.notices: list[Text] = []
        self.taken = ""
        self._shelf = shelf
        self._may_save = may_save

    def take(self, lab: Lab, base: Experiment) -> Mapping[str, float] | None:
        """See `Bases.take`; says in `notices` what was taken, or why not."""
        name = lab.base.model if lab.base is not None else None
        if name is None or not isinstance(base, GivesModel):
            return None
        try:
            saved = self._shelf.get(name)
        except ShelfError as error:
            self.notices.append(told.told_unusable(name, error.text))
            return None
        if saved is None:
            self.notices.append(told.told_missing(name))
            return None
        why = base.adopt(saved)
        if why is not None:
            self.notices.append(told.told_unfit(name, why))
            return None
        self.notices.append(told.told_used(name, saved))
        self.taken = f"{name} #{saved.seed}"
        return saved.metrics

    def put(self, lab: Lab, arm: str, model: TrainedModel) -> None:
        """See `Bases.put`; a shelf that can't be written is told, and spoils nothing."""
        saves = lab.saves
        if saves is None or saves.arm != arm or not self._may_save:
            return
        try:
            self._shelf.put(saves.name, model)
        except ShelfError as error:
            self.notices.append(told.told_not_saved(saves.name, error.text))
            return
        self.notices.append(told.told_saved(saves.name))
