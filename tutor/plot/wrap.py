"""Wraps runs into rows, Chinese and Latin mixed.

Between CJK characters a line may break; a Latin word stays whole. Closing punctuation doesn't open a line and opening punctuation doesn't
close one (the prohibitions of *Requirements for Chinese Text Layout*, W3C, section 3.1.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.plot.cells import Row, Run

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕〗”’…—～·％‰℃,.;:!?)]}%")
"""Characters that must not open a line."""
NOT_LAST = frozenset("（《〈「『【〔〖“‘([{$¥￥#")
"""Characters that must not close one."""


@dataclass(slots=True)
class _Cluster:
    """A character with the zero-width ones that follow it."""

    text: str
    width: int
    run: Run


@dataclass(slots=True)
class _Unit:
    """What stays together: a word, a CJK character with its punctuation, or a stretch of spaces."""

    clusters: list[_Cluster]
    width: int
    space: bool

    @property
    def first(self) -> str:
        return self.clusters[0].text[0]

    @property
    def last(self) -> str:
        return self.clusters[-1].text[0]


def wrap(runs: Iterable[Run], width: int, *, indent: int = 0) -> list[Row]:
    """Wrap runs into rows of at most ``width`` columns.

    Args:
        runs: The text; a newline in it begins a new row.
        width: Columns of a row, at least 1. A wide character in one column stands alone, and sticks out.
        indent: Columns by which all rows but the first are moved in.

    Returns:
        The rows; none when there is no text. Spaces at a break are dropped, everything else is kept.
    """
    width = max(1, width)
    indent = min(max(0, indent), width - 1)
    rows: list[Row] = []
    for line in _lines(runs):
        rows += _wrap_line(_units(line), width, indent, begun=bool(rows))
    return rows


def _lines(runs: Iterable[Run]) -> list[list[_Cluster]]:
    lines: list[list[_Cluster]] = []
    for run in runs:
        for char in run.text:
            if not lines:
                lines.append([])
            if char == "\n":
                lines.append([])
            elif (size := cell_len(char)) or not lines[-1]:
                lines[-1].append(_Cluster(char, size, run))
            else:
                lines[-1][-1].text += char
    return lines


def _units(clusters: list[_Cluster]) -> list[_Unit]:
    """Cut into words, single wide characters and spaces; then glue what the prohibitions keep together."""
    units: list[_Unit] = []
    for cluster in clusters:
        space = cluster.text[0] == " "
        joins = (
            bool(units)
            and not units[-1].space
            and not space
            and cluster.width < 2
            and units[-1].clusters[-1].width < 2
        )
        if units and (joins or (space and units[-1].space)):
            units[-1].clusters.append(cluster)
            units[-1].width += cluster.width
        else:
            units.append(_Unit([cluster], cluster.width, space))
    glued: list[_Unit] = []
    for unit in units:
        before = glued[-1] if glued else None
        if (
            before
            and not before.space
            and not unit.space
            and (unit.first in NOT_FIRST or before.last in NOT_LAST)
        ):
            before.clusters += unit.clusters
            before.width += unit.width
        else:
            glued.append(unit)
    return glued


def _wrap_line(units: list[_Unit], width: int, indent: int, *, begun: bool) -> list[Row]:
    rows: list[Row] = []
    line: list[_Cluster] = []
    used = 0

    def room() -> int:
        return width - (indent if rows or begun else 0)

    def close() -> None:
        nonlocal used
        while line and line[-1].text == " ":
            line.pop()
        rows.append(_row(line, indent if rows or begun else 0))
        line.clear()
        used = 0

    for unit in units:
        if unit.space:
            if line or not rows:  # spaces that open a text are meant, spaces at a break are not
                line += unit.clusters
                used += unit.width
            continue
        if used + unit.width > room() and any(c.text != " " for c in line):
            close()
        if used + unit.width <= room():
            line += unit.clusters
            used += unit.width
            continue
        for cluster in unit.clusters:  # longer than a line: break anywhere
            if line and used + cluster.width > room():
                close()
            line.append(cluster)
            used += cluster.width
    if line or not rows:
        close()
    return rows


def _row(clusters: list[_Cluster], indent: int) -> Row:
    runs: list[Run] = [Run(" " * indent)] if indent else []
    text = ""
    for i, cluster in enumerate(clusters):
        text += cluster.text
        if i + 1 == len(clusters) or clusters[i + 1].run is not cluster.run:
            run = cluster.run
            runs.append(Run(text, run.fg, run.bg, run.bold, run.italic, run.link))
            text = ""
    return tuple(runs)
