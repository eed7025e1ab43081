"""Wraps runs into rows, Chinese and Latin mixed.

Between CJK characters a line may break; a Latin word stays whole. Closing punctuation doesn't open a line and
opening punctuation doesn't close one (the prohibitions of *Requirements for Chinese Text Layout*, W3C, section 3.1.3).
Names of units and large numbers stay whole, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.plot.cells import JOINER, Row, Run, graphemes

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕〗｝］”’…—～·％‰℃‱°,.;:!?)]}%′″")
"""Characters that must not open a line."""
NOT_LAST = frozenset("（《〈「『【〔〖｛［“‘([{$¥￥＄＃#£€")
"""Characters that must not close one."""

_SPACES = frozenset(" \u3000")
_CJK_QUOTES = frozenset("“”‘’…—·")
"""Punctuation of Chinese that `rich` counts as narrow."""
_SEAMS = frozenset("/\\_.-=&?:,;)]}·÷×")
"""After these a word too long for a line breaks best, but for the point and the comma in a number."""
_WHOLE = re.compile(
    "(?:字节|比特|小时|卡时|分钟|毫秒|微秒|纳秒|美元|千瓦时|瓦时|千瓦|千克|公斤|百分点)(?:/[秒步天年度])?"
    "|[克步次瓦]/[秒步天年度]|[十百千万]亿|[百千]万|万亿"
)
"""Names of more than one character that no line breaks in."""


@dataclass(slots=True)
class _Cluster:
    """A character with the zero-width ones that belong to it."""

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

    The prohibitions give way only where no break in a line obeys them.

    Args:
        runs: The text; a newline in it begins a new row.
        width: Columns of a row, at least 1. A wide character in one column stands alone, and sticks out.
        indent: Columns by which all rows but the first are moved in.

    Returns:
        The rows; none when there is no text. Spaces at a break are dropped, everything else is kept.
    """
    width = max(1, width)
    indent = min(max(0, indent), max(0, width - 2))  # room for a wide character is left
    rows: list[Row] = []
    for line in _lines(runs):
        rows += _wrap_line(_units(line), width, indent, begun=bool(rows))
    return rows


def longest(runs: Iterable[Run]) -> int:
    """Return the columns of the widest stretch that `wrap` would rather not break."""
    return max((unit.width for line in _lines(runs) for unit in _units(line) if not unit.space), default=0)


def soft_break(before: str, after: str) -> str:
    """Return what a line break in the source becomes between two characters: nothing inside Chinese, else a space.

    Args:
        before: The last character of the upper line, ``""`` for none.
        after: The first character of the lower line, ``""`` for none.
    """
    if not before or not after or before in _SPACES or after in _SPACES:
        return ""
    wide = [cell_len(char) == 2 for char in (before, after)]
    chinese = all(
        itself or (char in _CJK_QUOTES and other)
        for itself, other, char in zip(wide, reversed(wide), (before, after), strict=True)
    )
    # Full-width punctuation carries its own space.
    carries = any(
        itself and unicodedata.category(char)[0] == "P"
        for itself, char in zip(wide, (before, after), strict=True)
    )
    return "" if chinese or carries else " "


def _lines(runs: Iterable[Run]) -> list[list[_Cluster]]:
    lines: list[list[_Cluster]] = []
    for run in runs:
        for char in graphemes(run.text):
            if not lines:
                lines.append([])
            line = lines[-1]
            if char == "\n":
                lines.append([])
            elif line and (line[-1].text[-1] == JOINER or not cell_len(char)):  # a run begins in a character
                line[-1].text += char
                line[-1].width = cell_len(line[-1].text)
            else:
                line.append(_Cluster(char, cell_len(char), run))
    return lines


def _units(clusters: Sequence[_Cluster]) -> list[_Unit]:
    """Cut into words, single wide characters and spaces; glue what the prohibitions keep together."""
    units: list[_Unit] = []
    within = _within_names(clusters)
    for number, cluster in enumerate(clusters):
        space = cluster.text in _SPACES  # with an accent on it, it is a glyph
        before = units[-1] if units else None
        if (
            before
            and space == before.space
            and (space or number in within or _joined(before.clusters[-1], cluster))
        ):
            before.clusters.append(cluster)
            before.width += cluster.width
        elif before and before.space and not space and len(units) > 1 and _bound(units[-2], before, cluster):
            units.pop()
            units[-1].clusters += [*before.clusters, cluster]
            units[-1].width += before.width + cluster.width
        else:
            units.append(_Unit([cluster], cluster.width, space))
    return units


def _within_names(clusters: Sequence[_Cluster]) -> set[int]:
    """Return which characters go on with the name of a unit or a large number that the one before belongs to."""
    text = "".join(cluster.text[0] for cluster in clusters)
    return {at for found in _WHOLE.finditer(text) for at in range(found.start() + 1, found.end())}


def _bound(left: _Unit, gap: _Unit, right: _Cluster) -> bool:
    """Whether even a space is no place to break: ``15 %``, ``a · b``."""
    prohibited = right.text[0] in NOT_FIRST or left.last in NOT_LAST
    return prohibited and len(gap.clusters) == 1 and gap.last == " "


def _joined(left: _Cluster, right: _Cluster) -> bool:
    before, after = left.text[0], right.text[0]
    if after in NOT_FIRST or before in NOT_LAST:
        return True
    # Latin letters hold together; after a dash a line may always break.
    return left.width < 2 and right.width < 2 and before != "—"


def _wrap_line(units: Sequence[_Unit], width: int, indent: int, *, begun: bool) -> list[Row]:
    rows: list[Row] = []
    line: list[_Cluster] = []
    used = 0

    def room() -> int:
        return width - (indent if rows or begun else 0)

    def close() -> None:
        nonlocal used
        while line and line[-1].text in _SPACES:
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
        left = unit.clusters
        size = unit.width
        if used + size > room():
            if any(c.text not in _SPACES for c in line):
                close()
            line.clear()
            used = 0
        while size > room() and len(left) > 1:  # longer than a line
            cut = _cut(left, room())
            line += left[:cut]
            left = left[cut:]
            while left[0].text in _SPACES:
                left = left[1:]
            size = sum(c.width for c in left)
            close()
        line += left
        used += size
    if line or not rows:
        close()
    return rows


def _cut(clusters: Sequence[_Cluster], room: int) -> int:
    """How many clusters of a unit too long for a row go into it: to a seam if one is near, else as many as fit, but never all."""
    fit, used = 0, 0
    while fit < len(clusters) and used + clusters[fit].width <= room:
        used += clusters[fit].width
        fit += 1
    fit = max(1, fit)
    # A space that should hold gives way before a word does.
    gap = next((cut for cut in range(fit, 0, -1) if cut < len(clusters) and clusters[cut].text in _SPACES), 0)
    if gap:
        return gap
    allowed = [
        cut
        for cut in range(fit, 0, -1)
        if cut < len(clusters)
        and clusters[cut].text[0] not in NOT_FIRST
        and clusters[cut - 1].text[0] not in NOT_LAST
    ]
    near = [cut for cut in allowed if cut * 3 >= fit and not _in_number(clusters[cut - 1], clusters[cut])]
    seams = [cut for cut in near if clusters[cut - 1].text[0] in _SEAMS]
    return next(iter([*seams, *near, *allowed]), min(fit, len(clusters) - 1))


def _in_number(left: _Cluster, right: _Cluster) -> bool:
    return right.text.isdigit() and (left.text.isdigit() or left.text in ",.")


def _row(clusters: Sequence[_Cluster], indent: int) -> Row:
    runs: list[Run] = [Run(" " * indent)] if indent else []
    text = ""
    for i, cluster in enumerate(clusters):
        text += cluster.text
        if i + 1 == len(clusters) or clusters[i + 1].run is not cluster.run:
            run = cluster.run
            runs.append(Run(text, run.fg, run.bg, run.bold, run.italic, run.link))
            text = ""
    return tuple(runs)
