"""Small pictures in a grid, each over its caption."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.frames import Images, Scale
from tutor.plot import heat, mosaic
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, fit_rows, one_line
from tutor.text import Text

ROLES = (*heat.ROLES, heat.DOTS, heat.DOTS_BELOW, "label", "more")
"""Every role that pictures use. Those of levels occur as ink and as ground."""

_GAP = 2
"""Columns between two pictures."""


def render(
    frame: Images,
    width: int,
    height: int,
    name: Callable[[str], str] = str,
    say: Callable[[Text], str] | None = None,
    *,
    dots: bool = False,
) -> list[Row]:
    """Draw pictures into a box.

    A pixel is one column by half a row, or larger while all pictures fit. Grey ones show each pixel; signed ones, and both where
    there is no colour, the mean of the two that share a cell, with the sign in it.

    Args:
        frame: The pictures. One that is larger than the box is halved until it isn't.
        width: Columns of the box, at least 1.
        height: Rows of the box, at least 1. Pictures that there is no room for are counted at the end (``+3``).
        name: What an id is called.
        say: A text in the learner's language; None: captions in two languages show both.
        dots: Whether values must be drawn as density of glyphs.

    Returns:
        `height` rows of `width` columns.
    """
    if width < 1 or height < 1:
        return []
    values = np.clip(frame.values.astype(np.float32), -1.0 if frame.signed else 0.0, 1.0)
    captions = [_caption(caption, name, say) for caption in frame.captions[: len(values)]]
    under = bool(captions) and height > 1
    while min(values.shape[1:], default=0) > 1 and (
        values.shape[2] > width or -(-values.shape[1] // 2) + under > height
    ):
        values = values[:, ::2, ::2]
    count, rows, columns = values.shape
    if not values.size:
        return fit_rows((), width, height)
    widest = min(width // 2, max(map(cell_len, captions), default=0))
    for zoom in range(max(1, width // columns), 0, -1):  # the largest at which all fit, or 1
        wide = max(columns * zoom, widest)
        high = -(-rows * zoom // 2) + under
        each = min(count, frame.columns or count, max(1, (width + _GAP) // (wide + _GAP)))
        if -(-count // each) * high <= height:
            break
    shown = min(count, max(1, height // high) * each)
    drawn: list[Row] = []
    for first in range(0, shown, each):
        blocks = []
        for at in range(first, min(first + each, shown)):
            block = _picture(values[at].repeat(zoom, 0).repeat(zoom, 1), signed=frame.signed, dots=dots)
            caption = captions[at] if at < len(captions) else ""
            blocks.append([*block, (Run(fit(caption, wide), "label"),)] if under else block)
        gap = Run(" " * _GAP)
        for line in zip(*blocks, strict=True):
            drawn.append(tuple(run for row in line for run in (*fit_row(row, wide), gap)))  # noqa: PERF401
    drawn = fit_rows(drawn, width, height)
    if shown < count:
        more = Run(fit(f"+{count - shown}", min(width, len(f"+{count - shown}"))), "more")
        drawn[-1] = (*fit_row(drawn[-1], width - more.width), more)
    return drawn


def _caption(caption: str | Text, name: Callable[[str], str], say: Callable[[Text], str] | None) -> str:
    if isinstance(caption, str):
        return one_line(name(caption))
    return one_line(say(caption) if say is not None else f"{caption.zh} / {caption.en}")


def _picture(pixels: NDArray[np.float32], *, signed: bool, dots: bool) -> list[Row]:
    """One picture, two rows of pixels to a row of cells."""
    scale: Scale = "signed" if signed else "linear"
    if not signed and not dots:
        return mosaic.halves(heat.levels(pixels, 1.0, scale), None)
    if len(pixels) % 2:
        pixels = np.concatenate((pixels, pixels[-1:]))
    means = (pixels[::2] + pixels[1::2]) / 2
    return mosaic.whole(heat.levels(means, 1.0, scale), 1, None, "dots" if dots else "solid")
