"""A screen in the whole window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from textual import getters
from textual.screen import Screen

from tutor.ui.actions import Action, bindings
from tutor.ui.base import TutorBase

T = TypeVar("T")


class Page(Screen[T]):
    """What all such screens share: a table of actions, from which keys, key bar, help and palette come.

    Attributes:
        ACTIONS: What the learner can do here. Their keys are bound; ``BINDINGS`` are others, which nobody can change.
    """

    app = getters.app(TutorBase)
    ACTIONS: ClassVar[tuple[Action, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        if "ACTIONS" in vars(cls):
            cls.BINDINGS = [*bindings(cls.ACTIONS), *vars(cls).get("BINDINGS", ())]
        super().__init_subclass__(**options)

    def works(self) -> Mapping[str, bool]:
        """Return whether an action does something now, by its name; one that isn't named always does."""
        return {}

    def actions_here(self) -> tuple[Action, ...]:
        """Return the actions that do something now."""
        works = self.works()
        return tuple(action for action in self.ACTIONS if works.get(action.name, True))

    def action_back(self) -> None:
        leave(self)


def leave(screen: Screen[T], result: T | None = None) -> None:
    """Dismiss a screen, unless it is gone or covered: two quick keys or clicks may ask for it twice."""
    if screen.is_current:
        screen.dismiss(result)
