"""Which views of a lab are shown in which room: pure functions. A lab's author says which view matters by their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tutor.text import Text

Room = Literal["small", "tall", "wide"]
"""small: one view at a time; tall: the curves above the chosen one; wide: the curves and one more left, the main view right."""

VIEW_NAMES: dict[str, Text] = {
    "curves": Text("曲线", "Curves"),
    "compare": Text("对照", "Compare"),
    "result": Text("揭晓", "Result"),
}
"""Tab names of the views that every lab may have; what others are called, their spec says. ``result`` is the reveal."""


def main_view(views: Sequence[str]) -> str | None:
    """The view that has the right half of a wide room: the first beside the curves. None when there are only curves, or none of them:
    then one view has the whole room.
    """
    return next((view for view in views if view != "curves"), None) if "curves" in views else None


def choices(views: Sequence[str], room: Room) -> list[str]:
    """The views that one can choose between; where the curves are always there, they are no choice."""
    always = room != "small"
    return [*(v for v in views if not (v == "curves" and always)), "result"]


def first_choice(views: Sequence[str], room: Room = "small") -> str:
    """The view to begin with: the first that the author names; where the curves are there anyway, the main view."""
    return views[0] if room == "small" else main_view(views) or views[0]


def shown_views(views: Sequence[str], chosen: str, room: Room) -> tuple[str, ...]:
    """The views on the screen, ``result`` among them when it is chosen."""
    shown = {chosen}
    main = main_view(views)
    if room == "wide":
        shown |= {"curves"} | ({main} if main else set())
        if chosen in (main, "curves"):  # under the curves stands the next view
            shown |= set([view for view in views if view not in ("curves", main)][:1])
    elif room == "tall":
        shown.add("curves")
    return tuple(v for v in (*views, "result") if v in shown)
