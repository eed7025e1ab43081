"""From roles to styles: how rows of cells become strips of the current theme."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tutor.plot.cells import Row


class Palette:
    """Styles of one theme, resolved once per look and kept.

    Args:
        variables: The theme's CSS variables; ``role-<name>`` holds the colour of a role.
        ink: Colour of the role ``""`` as foreground.
        ground: Colour of the role ``""`` as background.
    """

    def __init__(self, variables: Mapping[str, str], ink: str, ground: str) -> None:
        self._variables = variables
        self._ink = ink
        self._ground = ground
        self._styles: dict[tuple[str, str, bool, bool, str], Style] = {}

    def colour(self, role: str, default: str) -> str:
        """Return the colour of a role; of an unknown role the part before its last dash, then the default."""
        while role:
            found = self._variables.get(f"role-{role}")
            if found is not None:
                return found
            role = role.rpartition("-")[0]
        return default

    def style(
        self, fg: str, bg: str = "", *, bold: bool = False, italic: bool = False, ground: str = ""
    ) -> Style:
        """The style of a look.

        Args:
            fg: Role of the ink.
            bg: Role of the ground.
            bold: Heavier ink.
            italic: Slanted ink.
            ground: Role to use as ground where ``bg`` is ``""``.
        """
        key = (fg, bg, bold, italic, ground)
        style = self._styles.get(key)
        if style is None:
            style = Style(
                color=self.colour(fg, self._ink),
                bgcolor=self.colour(bg or ground, self._ground),
                bold=bold or None,
                italic=italic or None,
            )
            self._styles[key] = style
        return style

    def strip(self, row: Row, width: int, ground: str = "") -> Strip:
        """Return a row as a strip of exactly ``width`` cells."""
        segments = [
            Segment(run.text, self.style(run.fg, run.bg, bold=run.bold, italic=run.italic, ground=ground))
            for run in row
            if run.text
        ]
        return Strip(segments).adjust_cell_length(width, self.style("", "", ground=ground))
