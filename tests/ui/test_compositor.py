"""The compositor that asks only what a paint touches."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tutor.ui.compositor import BandCompositor, paint_in_bands


class Letters(Widget):
    """Says which of its rows it was asked for."""

    DEFAULT_CSS = "Letters { width: 1fr; height: 1fr; }"

    def __init__(self, letter: str) -> None:
        super().__init__()
        self.letter = letter
        self.asked: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.asked.append(y)
        text = "".join(str((x + y) % 10) if x % 3 else self.letter for x in range(self.size.width))
        return Strip([Segment(text, Style())])

    def render_lines(self, crop: Region) -> list[Strip]:
        return [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]


class Four(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        paint_in_bands(self)

    def compose(self) -> ComposeResult:
        yield Letters("t")
        with Horizontal():
            with Vertical():
                yield Letters("a")
                yield Letters("b")
            yield Letters("c")


class FourApp(App[None]):
    def get_default_screen(self) -> Screen[None]:
        return Four()


async def test_only_the_rows_in_the_way_are_asked_for() -> None:
    app = FourApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        top, a, b, c = app.screen.query(Letters)
        for widget in (top, a, b, c):
            widget.asked.clear()
        region = b.region
        app.screen._compositor._dirty_regions = {Region(region.x + 2, region.y + 1, 3, 1)}
        app.screen._compositor.render_partial_update()
        assert b.asked == [1]
        assert not top.asked
        assert not a.asked
        assert not c.asked


async def test_the_picture_is_that_of_textuals_own_compositor() -> None:
    app = FourApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        compositor: Any = app.screen._compositor
        assert type(compositor) is BandCompositor

        @settings(max_examples=60, deadline=None)
        @given(
            st.sets(
                st.builds(
                    Region, st.integers(0, 39), st.integers(0, 19), st.integers(1, 40), st.integers(1, 20)
                ),
                min_size=1,
                max_size=4,
            )
        )
        def same(dirty: set[Region]) -> None:
            def paint() -> str:
                compositor._dirty_regions = {region.intersection(app.size.region) for region in dirty}
                update = compositor.render_partial_update()
                assert update is not None
                return update.render_segments(app.console)

            ours = paint()
            compositor.__class__ = Compositor  # type: ignore[assignment]
            try:
                theirs = paint()
            finally:
                compositor.__class__ = BandCompositor
            assert ours == theirs

        same()
