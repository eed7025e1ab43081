"""The legend of a chart: what each line is called, how it looks, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import ELLIPSIS, fit, fit_row, flow
from tutor.plot.lines import Line
from tutor.plot.trace import BRAILLE, Trace, Window, dots

SEPARATOR = " · "
"""Between the parts of a line's name: whose line it is, and what it measures."""


def draw_legend(
    lines: Sequence[Line], y_label: str, width: int, limit: int, moment: float | None = None, note: str = ""
) -> list[Row]:
    """At most `limit` rows of ``letter sample name value``; what the values are stands first if there is room
    for it, and last a note. The values are the last ones, or those at a moment. Where the rows don't suffice, samples go first; then
    lines of one arm share a row, and its name.
    """
    several = len(lines) > 1
    named = not several or any(
        line.name for line in lines
    )  # else the names, and how the lines look, stand above another chart
    series = [_legend_item(line, width, moment, lettered=several, sampled=named) for line in lines]
    title = [[Run(fit(y_label, min(width, cell_len(y_label))), "axis")]] if y_label else []
    rows = flow([*title, *series, *([[Run(note, "axis")]] if note else [])], width)
    if len(rows) > limit:
        rows = flow([*title, *series], width)
    bare = [_legend_item(line, width, moment, lettered=True, sampled=False) for line in lines]
    if len(rows) > limit and several:  # the letters stand at the lines, so their samples can go
        rows = flow([*title, *bare], width, 2)
    if len(rows) > limit:
        rows = flow(series, width)
    if len(rows) > limit and several:
        rows = flow(bare, width, 2)
    if len(rows) > limit and several:  # what lines have in common is said once
        shared = flow(_by_common_name(lines, moment), width, 2)
        if len(shared) < len(rows) and all(row_width(row) <= width for row in shared):
            rows = shared
    if len(rows) > limit > 0:
        rows[limit - 1] = [*fit_row(rows[limit - 1], max(0, width - 1)), Run(ELLIPSIS, "legend")]
    return [fit_row(row, width) for row in rows[:limit]]


def _by_common_name(lines: Sequence[Line], moment: float | None) -> list[list[Run]]:
    """An item for all lines whose names begin alike, up to a `SEPARATOR`: ``random split: a training 3.8, b validation 4.3``."""
    groups: dict[str, list[tuple[Line, str]]] = {}
    for line in lines:
        common, separator, own = line.name.partition(SEPARATOR)
        groups.setdefault(common if separator else "", []).append((line, own if separator else line.name))
    items: list[list[Run]] = []
    widest = max(cell_len(common) for common in groups)
    for common, members in groups.items():
        ink = "value" if moment is None else "moment"
        named = [
            [Run(f"{line.letter} ", line.role, bold=True), Run(own, "legend"), Run(_after(own, line.value(moment)), ink)]
            for line, own in members
        ]  # fmt: skip
        if common:
            head = Run(f"{common}:{' ' * (widest - cell_len(common))}", "legend")
            items.append([head, *(run for one in named for run in (Run("  "), *one))])
        else:
            items += named
    return items


def _legend_item(
    line: Line, width: int, moment: float | None, *, lettered: bool, sampled: bool = True
) -> list[Run]:
    sample = Window(0, 1, 0, 1, 8, 4)
    flat = Trace(np.full(8, 2), np.full(8, 2), np.zeros(8, dtype=bool), None)
    marker = "".join(
        chr(BRAILLE + code) if code else " " for code in dots(flat, sample, line.pattern)[0].tolist()
    )
    runs = [Run(f"{line.letter} ", line.role, bold=True)] if lettered else []
    runs += [Run(marker, line.role)] if sampled else []
    rest = width - sum(run.width for run in runs)
    name = f" {line.name}" if sampled else line.name
    value = _after(line.name, line.value(moment))
    if rest > 0 and cell_len(name) + len(value) > rest:
        name = fit(name, max(0, rest - len(value)))
    return [*runs, Run(name, "legend"), Run(value, "value" if moment is None else "moment")]


def _after(name: str, value: str) -> str:
    """A value after a name, from which it is kept apart: a fork is named after a number."""
    gap = "" if not name else " " if name[-1].isalpha() else ": "
    return f"{gap}{value}" if value else ""
