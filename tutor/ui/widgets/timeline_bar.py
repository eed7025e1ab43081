"""The timeline of a run as a bar: one click, or a drag, and the run is shown at that step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.message import Message

from tutor.plot.cells import Row
from tutor.plot.slider import Slider
from tutor.text import Text
from tutor.ui.widgets.rows import RowsWidget


class TimelineBar(RowsWidget):
    """How far a run has come, what it can go back to, and the moment that is shown."""

    DEFAULT_CSS = "TimelineBar { height: 1; width: 1fr; }"

    @dataclass
    class Scrubbed(Message):
        """The learner asked for a step, by a click or on the way of a drag."""

        bar: TimelineBar
        step: int

    def __init__(self) -> None:
        super().__init__()
        self._slider = Slider(0, 0, 0, 0)
        self._dragged_to: int | None = None

    def show(
        self,
        *,
        first: int,
        last: int,
        at: int,
        budget: int,
        marks: Sequence[int] = (),
        forks: Sequence[int] = (),
        playing: bool = False,
    ) -> None:
        slider = Slider(
            first=first, last=last, at=at, budget=budget, marks=tuple(marks), forks=tuple(forks),
            playing=playing, sign_link="do:lab_run",
        )  # fmt: skip
        if slider != self._slider:
            self._slider = slider
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        return [self._labelled().render(width)]

    def _labelled(self) -> Slider:
        """Return the slider with its text in the learner's language."""
        slider = self._slider
        # As wide at every step, lest the track grows or shrinks under the pointer.
        at = f"{slider.at:>{len(str(slider.budget))}}"
        label = Text(f"第 {at} / {slider.budget} 步", f"step {at} / {slider.budget}")
        return replace(slider, label=self.say(label))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the step under the pointer, and follow the pointer until the button is up."""
        offset = event.get_content_offset(self)
        if event.button != 1 or offset is None or self.link_at(offset.x, offset.y):
            return
        event.stop()
        self.capture_mouse()
        self._dragged_to = None
        self._scrub(offset.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            # The pointer may be outside by now: then there is no content offset.
            self._scrub(event.x - self.gutter.left)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            self.release_mouse()

    def _scrub(self, x: int) -> None:
        step = self._labelled().step_at(x, self.size.width)
        if step != self._dragged_to:
            self._dragged_to = step
            self.post_message(self.Scrubbed(self, step))
