"""Bars inside prose: ``bars`` blocks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Bar
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap

ROLES = ("text", "bar", "bad", "strong")
"""Every role that bars use: ``bad`` for a bar under zero."""

_FULL, _LEFT, _RIGHT = "⠶", "⠆", "⠰"
"""Braille, as block elements take two columns where ambiguous width is wide; a cell counts two half columns."""
_NARROWEST = 6


def draw_bars(bars: Sequence[Bar], width: int) -> list[Row]:
    """Draw bars from a common zero, scaled to the largest.

    Args:
        bars: Labels, numbers and texts.
        width: Columns, at least 1. Long labels are wrapped; where it is too narrow, a label stands above its bar,
            and at last the bar goes and the text stays.
    """
    if not bars:
        return []
    texts = max(cell_len(bar.text) for bar in bars)
    labels = max(cell_len(bar.label) for bar in bars)
    # Labels may have two fifths; the rest is for what is compared.
    labels = min(labels, max(width * 2 // 5, width - texts - 24))
    beside = width - labels - texts - 4 >= _NARROWEST
    room = (width - labels - texts - 4) if beside else (width - texts - 2)
    low = min(0.0, *(bar.value for bar in bars))
    high = max(0.0, *(bar.value for bar in bars))
    rows: list[Row] = []
    for bar in bars:
        drawn = [*_bar(bar.value, room, low, high), Run("  ")] if room >= _NARROWEST else []
        tail = wrap([Run(bar.text, "strong")], max(1, width - row_width(drawn)))
        # A text longer than its room is wrapped only where no bar stands before it.
        line: Row = (*drawn, *tail[0]) if tail else tuple(drawn)
        head = wrap([Run(bar.label, "text")], labels if beside else width)
        if not beside:
            rows += [*head, line, *tail[1:]]
            continue
        rows.append((*head[0], Run(" " * (labels - row_width(head[0]) + 2)), *line))
        rows += head[1:]
    return rows


def _bar(value: float, room: int, low: float, high: float) -> list[Run]:
    """A bar on ``room`` columns, with blanks before it only where some bar goes below zero."""
    # Scaled before it is subtracted: the span of two huge numbers is infinite.
    top = max(-low, high) or 1.0
    low, high, value = low / top, high / top, value / top
    span = (high - low) or 1.0
    zero = round(2 * room * -low / span)
    end = zero + round(2 * room * value / span)
    if end == zero and value:  # a quantity that isn't nothing must not look like nothing
        end += 1 if value > 0 else -1
    start, stop = max(0, min(zero, end)), min(2 * room, max(zero, end))
    cells = [(start <= 2 * cell < stop, start <= 2 * cell + 1 < stop) for cell in range((stop + 1) // 2)]
    glyphs = {(True, True): _FULL, (True, False): _LEFT, (False, True): _RIGHT, (False, False): " "}
    text = "".join(glyphs[cell] for cell in cells)
    return [Run(text, "bar" if value >= 0 else "bad")] if text else []
