"""How a framed list shares a screen with the words about it and its keys: the list scrolls, the words are always in sight."""

from __future__ import annotations

from textual.geometry import Size

from tutor.ui.widgets.rows import FitRows

_SIDES = 6
"""Columns of border and padding."""

_LEAST = 3
"""Rows of a list in any screen."""


def rows_for_list(size: Size, *words: FitRows, columns: int, wide: float, tall: float, frame: int) -> int:
    """Rows that the list of a frame may have.

    Args:
        size: Of the screen.
        words: What stands above and below the list.
        columns: Of the frame, as in the style sheet.
        wide: Its greatest share of the screen's width, as there.
        tall: Its greatest share of the height, as there.
        frame: Rows of border, padding and blank lines.
    """
    width = min(columns, int(size.width * wide)) - _SIDES
    rest = sum(len(some.build(max(1, width), 0)) for some in words) + frame
    return max(_LEAST, int(size.height * tall) - rest)
