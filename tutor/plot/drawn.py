"""Any frame that is a picture by itself, drawn by its type: what a view needs to know of frames.

Curves, heat maps and samples have views of their own, which know more than one frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tutor.frames import Bars, Frame, Funnel, Passages, Strips, Table, Tokens
from tutor.plot import bars, funnel, passages, strips, table, tokens
from tutor.plot.cells import Row
from tutor.text import Text

ROLES = (*bars.ROLES, *funnel.ROLES, *passages.ROLES, *strips.ROLES, *table.ROLES, *tokens.ROLES)
"""Every role that these frames use."""


def drawable(frame: Frame | None) -> bool:
    """Whether `render` knows the frame, and there is something in it: a funnel of one step shows nothing."""
    if isinstance(frame, Funnel):
        return len(frame.stages) > 1
    if isinstance(frame, Passages):
        return bool(frame.items)
    if isinstance(frame, Bars):
        return bool(frame.labels)
    return isinstance(frame, Tokens | Strips | Table)


def render(
    frame: Frame, width: int, name: Callable[[str], str] = str, say: Callable[[Text], str] | None = None
) -> list[Row]:
    """Draw a frame.

    Args:
        frame: Tokens, strips, a table, bars, a funnel or passages.
        width: Columns of the box, at least 1.
        name: What an id in the frame is called.
        say: A text in the learner's language; None: cells in two languages show both.

    Raises:
        TypeError: The frame has a view of its own.
    """
    match frame:
        case Tokens():
            return tokens.render(frame, width)
        case Strips():
            return strips.render(frame, width, name)
        case Table():
            rows = frame.rows
            if say is not None:
                rows = tuple(tuple(c if isinstance(c, str) else say(c) for c in row) for row in rows)
            return table.render(Table(tuple(name(cell) for cell in frame.header), rows), width)
        case Bars():
            return bars.render(replace(frame, labels=tuple(name(label) for label in frame.labels)), width)
        case Funnel():
            return funnel.render(frame, width, name)
        case Passages():
            return passages.render(frame, width, name)
    raise TypeError(f"no single picture: {type(frame).__name__}")
