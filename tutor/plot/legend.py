"""The legend of a chart: what each line is called, how it looks, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit, flow, limited, shortened
from tutor.plot.lines import Line
from tutor.plot.trace import sample

SEPARATOR = " · "
"""Between the parts of a line's name: whose line it is, and what it measures."""


def draw_legend(
    lines: Sequence[Line], y_label: str, width: int, limit: int, moment: float | None = None, note: str = ""
) -> list[Row]:
    """Draw at most `limit` rows of ``letter sample name value``, with what the values are first and a note last.

    The values are the last ones, or those at a moment. Where the rows don't suffice, the note goes first, then the samples; then what
    lines have in common is said once; then what the values are goes, but not from lines that have no names: it's all that tells
    what their chart shows. At last faint lines lose their names, or else all lines their values.
    """
    several = len(lines) > 1
    named = not several or any(line.name for line in lines)  # else the names stand above another chart
    title = [[Run(shortened(y_label, width), "axis")]] if y_label else []
    whole = [_legend_item(line, width, moment, lettered=several, sampled=named) for line in lines]
    ways = [
        flow([*title, *whole, *([[Run(note, "axis")]] if note else [])], width),
        flow([*title, *whole], width),
    ]
    tightest = flow(whole, width)
    if several:  # the letters stand at the lines, so their samples can go
        bare = [_legend_item(line, width, moment, lettered=True, sampled=False) for line in lines]
        shared = [bare, _by_common_name(lines, moment), _by_arm(lines, moment, faint_named=True)]
        titled = [flow([*title, *items], width, 2) for items in shared]
        unnamed = _by_arm(lines, moment, faint_named=False)
        tight = [tightest, *(flow(items, width, 2) for items in (*shared, unnamed))] if named else []
        ways += [rows for rows in (*titled, *tight) if all(row_width(row) <= width for row in rows)]
        tightest = min(ways[2:], key=len, default=tightest)
        if named and not any(line.branch for line in lines):
            names = [[Run(f"{one.letter} ", one.role, bold=True), Run(one.name, "legend")] for one in lines]
            ways += [flow([*title, *names], width, 2), flow(names, width, 2)]
    rows = next((rows for rows in ways if len(rows) <= limit), tightest)
    return limited(rows, width, limit)


def _by_arm(lines: Sequence[Line], moment: float | None, *, faint_named: bool) -> list[list[Run]]:
    """An item for each fork that says what was changed in it, then one for each arm: ``a small 3.8  a1 3.6``."""
    changes: dict[int, set[str]] = {}
    arms: dict[str, list[Line]] = {}
    for line in lines:
        arms.setdefault(line.letter[:1], []).append(line)
        if line.branch > 0:
            changes.setdefault(line.branch, set()).add(line.name)
    common = {branch: min(names) for branch, names in changes.items() if len(names) == 1}
    items = [
        [Run(f"{branch} ", "legend", bold=True), Run(name, "legend")]
        for branch, name in common.items()
        if name
    ]
    for members in arms.values():
        hidden = not faint_named and all(line.faint for line in members)
        item: list[Run] = []
        for line in sorted(members, key=lambda line: (line.pinned, line.branch)):
            name = "" if hidden or line.branch in common else line.name
            item += [Run("  ")] if item else []
            item += _entry(line, name, moment)
        items.append(item)
    return items


def _by_common_name(lines: Sequence[Line], moment: float | None) -> list[list[Run]]:
    """An item for all lines whose names begin alike, up to a `SEPARATOR`: ``random split: a training 3.8, b validation 4.3``."""
    groups: dict[str, list[tuple[Line, str]]] = {}
    for line in lines:
        common, separator, own = line.name.partition(SEPARATOR)
        groups.setdefault(common if separator else "", []).append((line, own if separator else line.name))
    items: list[list[Run]] = []
    widest = max(cell_len(common) for common in groups)
    for common, members in groups.items():
        named = [_entry(line, own, moment) for line, own in members]
        if common:
            head = Run(f"{common}:{' ' * (widest - cell_len(common))}", "legend")
            items.append([head, *(run for one in named for run in (Run("  "), *one))])
        else:
            items += named
    return items


def _entry(line: Line, name: str, moment: float | None) -> list[Run]:
    value = Run(_after(name, line.value(moment)), "value" if moment is None else "moment")
    return [Run(f"{line.letter} ", line.role, bold=True), Run(name, "legend"), value]


def _legend_item(
    line: Line, width: int, moment: float | None, *, lettered: bool, sampled: bool = True
) -> list[Run]:
    runs = [Run(f"{line.letter} ", line.role, bold=True)] if lettered else []
    runs += [Run(sample(line.pattern), line.role)] if sampled else []
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
