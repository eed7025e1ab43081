"""Trained models between labs: what one keeps in the store, another starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tutor.engine import shelf_words as told
from tutor.engine.shelf import Shelf
from tutor.engine.shelf_words import ShelfError
from tutor.experiments.base import GivesModel, TrainedModel
from tutor.text import Text


class Models(Protocol):
    """Where a runner finds a model that is already trained, and leaves the one it has trained."""

    def take(self, name: str, experiment: GivesModel) -> Mapping[str, float] | None:
        """Give an experiment, just built, the weights of a model that is already trained.

        Returns:
            That model's final metrics; None: there is none that fits, so it has to be trained here.
        """

    def put(self, name: str, model: TrainedModel) -> None:
        """Keep a model that was just trained."""


class StoredModels:
    """The learner's own models.

    Args:
        shelf: Where they are.
        may_save: Whether this run is as its author made it. A model trained with other settings is no base that the texts of
            other labs were written for.

    Attributes:
        notices: What happened, for the learner, in order.
        taken: The model that was taken last, by name and seed; empty when all was trained here.
    """

    def __init__(self, shelf: Shelf, *, may_save: bool) -> None:
        self.notices: list[Text] = []
        self.taken = ""
        self._shelf = shelf
        self._may_save = may_save

    def take(self, name: str, experiment: GivesModel) -> Mapping[str, float] | None:
        """See `Models.take`; says in `notices` what was taken, or why not."""
        try:
            saved = self._shelf.get(name)
        except ShelfError as error:
            self.notices.append(told.told_unusable(name, error.text))
            return None
        if saved is None:
            self.notices.append(told.told_missing(name))
            return None
        why = experiment.adopt(saved)
        if why is not None:
            self.notices.append(told.told_unfit(name, why))
            return None
        self.notices.append(told.told_used(name, saved))
        self.taken = f"{name} #{saved.seed}"
        return saved.metrics

    def put(self, name: str, model: TrainedModel) -> None:
        """See `Models.put`; a store that can't be written is told, and spoils nothing."""
        if not self._may_save:
            return
        try:
            self._shelf.put(name, model)
        except ShelfError as error:
            self.notices.append(told.told_not_saved(name, error.text))
            return
        self.notices.append(told.told_saved(name))
