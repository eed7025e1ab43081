"""Containers that cost nothing to paint: they are asked for all their rows at every paint, though others cover them."""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import Region
from textual.strip import Strip


class Ground(Container):
    """A container without border or text, whose rows are all the same blank strip."""

    _blank: tuple[object, Strip] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank rows of the container's ground."""
        if self.app._filters or any(self.gutter) or self.opacity != 1.0:
            return super().render_lines(crop)
        style = self.rich_style
        if self._blank is None or self._blank[0] != (crop.width, style):
            self._blank = ((crop.width, style), Strip.blank(crop.width, style))
        return [self._blank[1]] * crop.height
