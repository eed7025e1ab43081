"""A compositor that asks only the widgets, and only the rows, that a paint touches.

Textual's own asks every widget on the screen for all of its rows whenever one row of one widget changed. Beside a training
run that is most of what a key costs. What is painted is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from textual._compositor import Compositor
from textual.errors import NoWidget
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget


class BandCompositor(Compositor):
    """Renders the band of rows that holds all changes, and of it what lies in the way of them."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders(crop)
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if not seen.overlaps(crop):
                continue
            # Whole rows: how a line is cut into pieces depends on where its widgets begin and end.
            band = Region(seen.x, crop.y, seen.width, crop.height).intersection(seen)
            yield region, band, widget.render_lines(band.translate((-region.x, -region.y)))

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Left of a text is its beginning: there Textual forgets how far it is scrolled, and a selection would jump."""
        with suppress(NoWidget):
            widget, region = self.get_widget_at(x, y)
            x = max(x, region.x + widget.gutter.left)
        return super().get_widget_and_offset_at(x, y)


def paint_in_bands(screen: Screen[Any]) -> None:
    """Give a screen, not yet mounted, this compositor; a Textual built otherwise keeps its own."""
    if type(getattr(screen, "_compositor", None)) is Compositor and hasattr(Compositor, "_get_renders"):
        screen._compositor = BandCompositor()
