"""Bars inside prose: ``bars`` blocks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.fences import Bar
from tutor.plot.bars import bar as draw_bar
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap

ROLES = ("text", "bar", "bad", "strong")
"""Every role that bars use: ``bad`` for a bar under zero."""

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
        drawn = []
        if room >= _NARROWEST:
            length = draw_bar(bar.value, room, low, high)
            drawn = [Run(length, "bar" if bar.value >= 0 else "bad"), Run("  ")]
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
