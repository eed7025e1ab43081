"""Which views of a lab are shown in which room: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tutor.text import Text

Room = Literal["small", "tall", "wide"]
"""small: one view at a time; tall: the curves above the chosen one; wide: the curves and one more left, the main view right."""

VIEW_NAMES: dict[str, Text] = {
    "curves": Text("曲线", "Curves"),
    "compare": Text("对照", "Compare"),
    "attention": Text("注意力", "Attention"),
    "samples": Text("样本", "Samples"),
    "result": Text("揭晓", "Result"),
}
"""Tab names of the views that many experiments have; what others have, their cards name. ``result`` is the reveal."""

_BESIDE = ("curves", "samples")
"""Views that go beside another one."""


def main_view(views: Sequence[str]) -> str | None:
    """The view that has the right half of a wide room: the attention map, or the first one that is neither curves nor samples;
    None when there are only curves.
    """
    if "attention" in views:
        return "attention"
    chosen = next((view for view in views if view not in _BESIDE), None)
    return chosen or next((view for view in views if view != "curves"), None)


def choices(views: Sequence[str], room: Room) -> list[str]:
    """The views that one can choose between; where the curves are always there, they are no choice."""
    always = room != "small"
    return [*(v for v in views if not (v == "curves" and always)), "result"]


def first_choice(views: Sequence[str]) -> str:
    """The view to begin with: the main one, but curves before the numbers that they come to."""
    main = main_view(views)
    return "curves" if main == "compare" and "curves" in views else main or views[0]


def shown_views(views: Sequence[str], chosen: str, room: Room) -> tuple[str, ...]:
    """The views on the screen, ``result`` among them when it is chosen."""
    shown = {chosen}
    main = main_view(views)
    if room == "wide":
        shown |= {"curves"} | ({main} if main else set())
        if chosen in (main, "curves"):
            shown |= set(_second(views, main))
    elif room == "tall":
        shown.add("curves")
    return tuple(v for v in (*views, "result") if v in shown)


def _second(views: Sequence[str], main: str | None) -> list[str]:
    """What stands under the curves when nothing else was chosen for there: the samples, or the next view."""
    rest = [view for view in views if view not in ("curves", main)]
    return ["samples"] if "samples" in rest else rest[:1]
