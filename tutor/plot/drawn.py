"""Any frame that is a picture by itself, drawn by its type: what a view needs to know of frames.

Curves, heat maps and samples have views of their own, which know more than one frame.
"""

from __future__ import annotations

from tutor.frames import (
    Bars,
    Chronicle,
    Frame,
    Funnel,
    Images,
    Passages,
    Samples,
    Scatter,
    Spans,
    Strips,
    Table,
    Tokens,
)  # fmt: skip
from tutor.plot import bars, chronicle, funnel, images, passages, scatter, spans, table, tokens
from tutor.plot.cells import Row
from tutor.plot.fit import Called, as_written

_LEAST: dict[type[Frame], tuple[int, int]] = {
    Tokens: (36, 4), Strips: (44, 6), Samples: (38, 6), Passages: (44, 6), Bars: (32, 3), Funnel: (64, 4), Table: (24, 4),
    Scatter: (30, 9), Images: (28, 11), Chronicle: (40, 8), Spans: (44, 5),
}  # fmt: skip
"""Columns and rows in which a frame is still of use."""


def fills(frame: Frame) -> bool:
    """Return whether the frame fills the height of its box; else it takes as many rows as it needs."""
    return isinstance(frame, Scatter | Images | Chronicle | Spans)


def least(frame: Frame, name: Called = as_written) -> tuple[int, int]:
    """Return columns and rows in which the frame is still of use: beside others it gets no less."""
    if isinstance(frame, Table):
        return max(_LEAST[Table][0], table.natural_width(frame, name)), len(frame.rows) + 2
    return _LEAST.get(type(frame), (36, 8))


def drawable(frame: Frame | None) -> bool:
    """Return whether `render` knows the frame, and there is something in it: a funnel of one step shows nothing."""
    match frame:
        case Funnel(stages):
            return len(stages) > 1
        case Passages(items):
            return bool(items)
        case Bars(labels):
            return bool(labels)
    return isinstance(frame, Tokens | Strips | Table | Scatter | Images | Chronicle | Spans)


def render(
    frame: Frame, width: int, name: Called = as_written, height: int = 0, *, dots: bool = False
) -> list[Row]:
    """Draw a frame.

    Args:
        frame: Anything but curves, heat maps and samples.
        width: Columns of the box.
        name: What an id or a text in the frame is called.
        height: Rows of the box, for frames that fill it.
        dots: Whether intensities must be drawn as density of glyphs.

    Raises:
        TypeError: The frame has a view of its own.
    """
    match frame:
        case Tokens():
            return tokens.render(frame, width)
        case Strips():
            return tokens.render_strips(frame, width, name)
        case Table():
            return table.render(frame, width, name)
        case Bars():
            return bars.render(frame, width, name)
        case Funnel():
            return funnel.render(frame, width, name)
        case Passages():
            return passages.render(frame, width, name)
        case Scatter():
            return scatter.render(frame, width, height, name, tints=not dots)
        case Images():
            return images.render(frame, width, height, name, mode="dots" if dots else "solid")
        case Chronicle():
            return chronicle.render(frame, width, height, name)
        case Spans():
            return spans.render(frame, width, height, name)
    raise TypeError(f"no single picture: {type(frame).__name__}")
