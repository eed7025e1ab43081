"""The views of a lab: each drawn by the widget for the type of its frames, whatever it is called; and which are shown in which room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.app import ComposeResult

from tutor.frames import Curves, Frame, HeatMap, Samples
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.frames import CompareView, FrameView, SamplesView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.rows import Ground

Drawing = CurvesView | FrameView

_WIDGETS: dict[type[Frame], type[Drawing]] = {Curves: CurvesView, HeatMap: HeatMapView, Samples: SamplesView}
"""Types of frames that have a widget of their own; all others are drawn by `FrameView`."""


class View(Ground):
    """Holds the widget that draws a view; until the first frame comes it is one that says so.

    Attributes:
        drawing: The widget.
    """

    DEFAULT_CSS = "View { width: 1fr; height: 1fr; }"

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__(classes="view")
        self.session = session
        self.view = view
        self.drawing: Drawing = (CompareView if view == "compare" else FrameView)(session, view)

    def compose(self) -> ComposeResult:
        yield self.drawing

    def show(self, arm: str) -> bool:
        """Draw what is new, with an arm on top; return whether another widget does that from now on."""
        frame = next((frame for (view, _), frame in self.session.frames.items() if view == self.view), None)
        kind = type(self.drawing) if frame is None else _WIDGETS.get(type(frame), FrameView)
        other = not isinstance(self.drawing, kind)
        if other:
            before, self.drawing = self.drawing, kind(self.session, self.view)
            self.mount(self.drawing)
            if before.has_focus:
                self.drawing.focus()
            before.remove()
        self.drawing.show(arm)
        return other

    @property
    def alone(self) -> str | None:
        return getattr(self.drawing, "alone", None)


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
    """The view to begin with: the curves, for nobody should have to look for the loss; where they are there anyway, the main view."""
    return "curves" if "curves" in views and room == "small" else main_view(views) or views[0]


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
