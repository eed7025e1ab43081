"""Which views of a lab are shown in which room: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tutor.text import Text

Room = Literal["small", "tall", "wide"]
"""small: one view at a time; tall: the curves above the chosen one; wide: curves and samples left, attention right."""

VIEW_NAMES: dict[str, Text] = {
    "curves": Text("曲线", "Curves"),
    "attention": Text("注意力", "Attention"),
    "samples": Text("样本", "Samples"),
    "result": Text("揭晓", "Result"),
}
"""Tab names; ``result`` is the reveal."""


def choices(views: Sequence[str], room: Room) -> list[str]:
    """The views that one can choose between; where the curves are always there, they are no choice."""
    always = room != "small"
    return [*(v for v in views if v in VIEW_NAMES and not (v == "curves" and always)), "result"]


def first_choice(views: Sequence[str]) -> str:
    """The view to begin with: the attention map, where the lab has one."""
    return "attention" if "attention" in views else views[0]


def shown_views(views: Sequence[str], chosen: str, room: Room) -> tuple[str, ...]:
    """The views on the screen, ``result`` among them when it is chosen."""
    shown = {chosen}
    if room == "wide":
        shown |= {"attention", "curves"}
        if chosen in ("attention", "curves"):
            shown.add("samples")
    elif room == "tall":
        shown.add("curves")
    return tuple(v for v in VIEW_NAMES if v in shown and (v in views or v == "result"))
