"""What is left after each step, as bars that grow shorter."""

from __future__ import annotations

from rich.cells import cell_len

from tutor.frames import Funnel
from tutor.plot.cells import Row, Run
from tutor.plot.fit import Called, as_written, fit, fit_row, one_line

_FULL = "⠶"
_LEAST_BAR = 6
"""Columns of a bar below which there is none."""

_GOOD_BAR = 16
"""Columns of a bar beyond which longer labels are worth more than longer bars."""

_WIDEST_LABEL = 22
"""Columns of a label that bars don't count against."""

_LEAST_LABEL = 12
"""Columns that a label keeps, for a bar to have room."""


def render(frame: Funnel, width: int, name: Called = as_written) -> list[Row]:
    """Draw a header and a row for each step: its name, a bar of the characters left, what it took, and what went on.

    When it is narrow, first the bars go, then columns from the right.
    """
    if not frame.stages:
        return []
    labels = [one_line(name(stage.label)) for stage in frame.stages]
    header = [one_line(name(key)) for key in ("characters", "documents", "removed", "changed")]
    columns = [
        [f"{stage.characters:,}" for stage in frame.stages],
        [f"{stage.documents:,}" for stage in frame.stages],
        [f"−{stage.removed:,}" if stage.removed else "" for stage in frame.stages],
        [f"{stage.changed:,}" if stage.changed else "" for stage in frame.stages],
    ]
    sizes = [max(cell_len(head), *map(len, cells)) for head, cells in zip(header, columns, strict=True)]
    longest = max(map(cell_len, labels))
    label_size = min(longest, _WIDEST_LABEL, max(1, width // 3))
    while len(sizes) > 1 and label_size + sum(sizes) + 2 * len(sizes) > width:
        sizes.pop()
    room = width - label_size - sum(sizes) - 2 * len(sizes) - 1
    if len(sizes) == 4 and room + label_size - _LEAST_LABEL < _LEAST_BAR:
        # The bars tell more than the number of documents, which is what was there less what was dropped.
        del header[1], columns[1]
        room += sizes.pop(1) + 2
    if room < _LEAST_BAR <= room + label_size - _LEAST_LABEL:
        label_size, room = label_size + room - _LEAST_BAR, _LEAST_BAR  # without bars it would be no funnel
    elif room > _LEAST_BAR:
        of_bars = min(room - _LEAST_BAR, _WIDEST_LABEL - label_size)
        more = min(longest - label_size, max(room - _GOOD_BAR, of_bars))
        label_size, room = label_size + more, room - more
    bar = room if room >= _LEAST_BAR else 0

    head = [Run(fit("", label_size)), Run(" " * (bar + 1))]
    for size, title in zip(sizes, header, strict=False):
        head += [Run("  "), Run(fit(title, size, "right"), "header")]
    rows = [fit_row(head, width)]
    dropped = len(header) - 2
    most = max(1, *(stage.characters for stage in frame.stages))
    before = frame.stages[0].characters
    for at, (stage, label) in enumerate(zip(frame.stages, labels, strict=True)):
        idle = at > 0 and not stage.removed and not stage.changed
        runs = [Run(fit(label, label_size), "faint" if idle else "label"), Run(" ")]
        if bar:
            left = round(bar * stage.characters / most)
            gone = max(0, round(bar * before / most) - left)
            if at and stage.characters < before and not gone and left:
                left, gone = left - 1, 1  # what was taken must not look like nothing
            runs += [Run(_FULL * left, "bar"), Run(_FULL * gone, "bar-below"), Run(" " * (bar - left - gone))]
        for number, (size, cells) in enumerate(zip(sizes, columns, strict=False)):
            role = "bar-below" if number == dropped else "dim" if idle else "value"
            runs += [Run("  "), Run(fit(cells[at], size, "right"), role)]
        rows.append(fit_row(runs, width))
        before = stage.characters
    return rows
