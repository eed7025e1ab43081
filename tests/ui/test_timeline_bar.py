"""The timeline bar: what it draws, and what clicks and drags ask for."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from tests.ui.driving import make_app, shown
from tutor.plot.slider import KNOB, Slider
from tutor.ui.widgets.lab_controls import TimelineBar
from tutor.ui.widgets.rows import Drawn


class BarScreen(Screen[None]):
    """A bar, and what it asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.links: list[str] = []

    def compose(self) -> ComposeResult:
        yield TimelineBar()

    @on(TimelineBar.Scrubbed)
    def _scrubbed(self, event: TimelineBar.Scrubbed) -> None:
        assert event.bar is self.query_one(TimelineBar)
        self.asked.append(event.step)
        event.bar.show(Slider(first=0, last=200, at=event.step, budget=300, marks=(0, 100)))

    @on(Drawn.LinkPicked)
    def _link(self, event: Drawn.LinkPicked) -> None:
        self.links.append(event.link)


async def test_a_click_and_a_drag_ask_for_steps(home: Path) -> None:
    app = make_app(home)
    async with app.run_test(size=(80, 10)) as pilot:
        screen = BarScreen()
        await app.push_screen(screen)
        bar = screen.query_one(TimelineBar)
        bar.show(Slider(first=0, last=200, at=200, budget=300, marks=(0, 100)))
        await pilot.pause()
        assert "step 200 / 300" in shown(app)
        await pilot.click(TimelineBar, offset=(3, 0))
        assert screen.asked == [0]
        assert "step   0 / 300" in shown(app)  # as wide as before: the track stays under the pointer
        await pilot.mouse_down(TimelineBar, offset=(10, 0))
        await pilot.hover(TimelineBar, offset=(20, 0))
        await pilot.hover(TimelineBar, offset=(70, 0))
        await pilot.mouse_up(TimelineBar, offset=(70, 0))
        await pilot.pause()
        assert screen.asked[1:] == sorted(screen.asked[1:])
        assert len(screen.asked) == 4
        assert screen.asked[-1] == 200  # the run has come no further
        await pilot.hover(TimelineBar, offset=(30, 0))
        assert len(screen.asked) == 4  # the button is up
        await pilot.click(TimelineBar, offset=(1, 0))
        await pilot.pause()
        assert screen.links == ["do:lab_run"]
        assert len(screen.asked) == 4
        app.lang = "zh"
        await pilot.pause()
        assert "第 200 / 300 步" in shown(app)
        assert shown(app).count(KNOB) == 1
        await app.action_quit()
