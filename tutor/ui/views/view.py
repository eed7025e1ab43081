"""One view of a lab, drawn by the widget for the type of the frames that come, whatever it is called."""

from __future__ import annotations

from textual.app import ComposeResult

from tutor.frames import Curves, Frame, HeatMap, Samples
from tutor.ui.lab_session import LabSession
from tutor.ui.views.compare import CompareView
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.frames import FrameView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.views.samples import SamplesView
from tutor.ui.widgets.ground import Ground

Drawing = CompareView | CurvesView | FrameView | HeatMapView | SamplesView

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
