"""What a frame shows, in sentences: for output without a screen, and for those who read with their ears."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.frames import (
    Bars,
    Chronicle,
    Curves,
    Frame,
    Funnel,
    HeatMap,
    Images,
    Passages,
    Sample,
    Samples,
    Scatter,
    Spans,
    Strips,
    Table,
    Tokens,
)  # fmt: skip
from tutor.plot.axis import axis_range
from tutor.plot.fit import Called, one_line, visible
from tutor.plot.line_words import STOP, Say, headed, number, tell_curves
from tutor.text import Lang, Text, filled

_MOST = 8
"""Rows, planes or names that are told one by one."""
_LONGEST = 80
"""Characters of a quoted text."""


def tell(frame: Frame, lang: Lang, name: Callable[[str], str] = str) -> list[str]:
    """Return sentences that say what is seen, at least one; `name` says what an id is called in the language."""

    def say(text: Text, /, *values: object, **named: object) -> str:
        return filled(text[lang], *values, **named)

    def called(written: str | Text) -> str:
        return one_line(written[lang] if isinstance(written, Text) else name(written))

    found = list(_TELLERS[type(frame)](frame, say, called))
    if (more := _MORE_OF.get(type(frame))) and len(found) > _MOST:
        found = [*found[:_MOST], say(more, count=len(found) - _MOST)]
    return [_spaced(sentence) for sentence in found] or [say(_NOTHING)]


_SEAM = re.compile(r"(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")


def _spaced(sentence: str) -> str:
    """A sentence with a space between Han and Latin characters, but as they are within quotes."""
    parts = re.split("(“[^”]*”)", sentence)
    return "".join(part if at % 2 else _SEAM.sub(" ", part) for at, part in enumerate(parts))


def _quoted(text: str, say: Say) -> str:
    shown = visible(text) if not text.strip() else one_line(text)
    return say(_QUOTE, text=shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "⋯")


def _listed(items: Sequence[str], say: Say, most: int = _MOST) -> str:
    """Items in a row, and how many are left out."""
    listed = say(_COMMA).join(items[:most])
    return listed + (say(_MORE, count=len(items) - most) if len(items) > most else "")


def _heat_map(frame: HeatMap, say: Say, name: Called) -> Iterator[str]:
    if frame.values.ndim != 3:
        return
    for at, plane in enumerate(frame.values.astype(np.float64)):
        title = one_line(frame.planes[at]) if at < len(frame.planes) and len(frame.values) > 1 else ""
        known = np.where(np.isfinite(plane), plane, np.nan)
        if not np.isfinite(known).any():
            yield headed(title, say(_NOTHING), say)
            continue
        cells = [(_cell(frame, known, int(np.nanargmax(known)), say))]
        if frame.scale == "signed" and np.nanmin(known) < 0:
            cells.append(_cell(frame, known, int(np.nanargmin(known)), say))
        told = say(_LARGEST_CELL if len(cells) == 1 else _TWO_CELLS, *cells)
        lies = "" if frame.scale == "signed" else _weight(known, say)
        yield headed(title, told + lies + say(STOP), say)


def _cell(frame: HeatMap, plane: NDArray[np.float64], flat: int, say: Say) -> str:
    row, col = divmod(flat, plane.shape[1])
    labels = [
        _quoted(labels[place], say) if place < len(labels) else say(_NTH, place + 1)
        for labels, place in ((frame.row_labels, row), (frame.col_labels, col))
    ]
    return say(_CELL, value=number(float(plane[row, col])), row=labels[0], col=labels[1])


def _weight(plane: NDArray[np.float64], say: Say) -> str:
    """Where two fifths of the weight of a square plane or more lie, if in one of the usual places."""
    weights = np.nan_to_num(np.maximum(plane, 0))
    total = float(weights.sum())
    if plane.shape[0] != plane.shape[1] or len(plane) < 3 or not 0 < total < math.inf:
        return ""
    places = (
        (_BELOW_DIAGONAL, np.trace(weights, offset=-1)),
        (_DIAGONAL, np.trace(weights)),
        (_FIRST_COLUMN, weights[:, 0].sum()),
    )
    where, most = max(places, key=lambda place: float(place[1]))
    return say(where, share=f"{most / total:.0%}") if most / total >= 0.4 else ""


def _scatter(frame: Scatter, say: Say, name: Called) -> Iterator[str]:
    axes = [
        name(axis.label) if axis.label else default
        for axis, default in ((frame.x_axis, "x"), (frame.y_axis, "y"))
    ]
    for group in frame.groups:
        size = min(group.x.size, group.y.size)
        x, y = group.x[:size], group.y[:size]
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        if not x.size:
            yield say(_NO_POINTS, group=name(group.label))
            continue
        if group.joined:
            ends = [[number(float(values[place])) for values in (x, y)] for place in (0, -1)]
            yield say(_PATH, *axes, group=name(group.label), start=ends[0], end=ends[1])
            continue
        ranges = [
            say(_RANGE, axis=axis, low=number(float(v.min())), high=number(float(v.max())))
            for axis, v in zip(axes, (x, y), strict=True)
        ]
        told = say(_POINTS, group=name(group.label), count=len(x), ranges=say(_COMMA).join(ranges))
        yield told + _sides(frame, x, y, say, name) + say(STOP)
    if frame.field is not None and frame.field.values.size:
        share = float(np.mean(frame.field.values.astype(np.float64) > 0))
        yield say(_FIELD, side=name(frame.field.high), share=f"{share:.0%}")


def _sides(frame: Scatter, x: NDArray[np.float64], y: NDArray[np.float64], say: Say, name: Called) -> str:
    """How many of some points lie on which side of the field; empty without one."""
    field = frame.field
    if field is None or not field.values.size:
        return ""
    across, up = (
        shown.shares(shown.drawn(own))
        for shown, own in (
            (axis_range(frame.x_axis, [one.x for one in frame.groups]), x),
            (axis_range(frame.y_axis, [one.y for one in frame.groups]), y),
        )
    )
    inside = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
    rows, cols = field.values.shape
    row = np.minimum(((1 - up[inside]) * rows).astype(np.int64), rows - 1)
    col = np.minimum((across[inside] * cols).astype(np.int64), cols - 1)
    high = int((field.values[row, col] > 0).sum())
    return say(_SIDES, low=name(field.low), lows=int(inside.sum()) - high, high=name(field.high), highs=high)


def _images(frame: Images, say: Say, name: Called) -> Iterator[str]:
    if frame.values.ndim != 3 or not frame.values.size:
        return
    count, rows, cols = frame.values.shape
    listed = _listed(list(filter(None, map(name, frame.captions))), say)
    told = say(_PICTURES, count=count, rows=rows, cols=cols)
    yield (headed(told, listed, say) if listed else told) + say(STOP)


def _samples(frame: Samples, say: Say, name: Called) -> Iterator[str]:
    last = max((item.step for item in frame.items), default=0)
    newest = [item for item in frame.items if item.step == last]
    for item in newest[:_MOST]:
        yield say(_SAMPLE, step=f"{item.step:,}") + _sample(item, say) + say(STOP)


def _sample(item: Sample, say: Say) -> str:
    filled = [part.kind for part in item.parts if part.kind in ("right", "wrong")]
    text = _quoted("".join(part.text for part in item.parts), say)
    if filled:
        told = say(_FILLED, right=filled.count("right"), all=len(filled), text=text)
    else:
        given, made = (
            "".join(part.text for part in item.parts if (part.kind == "given") == which)
            for which in (True, False)
        )
        pair = {"given": _quoted(given, say), "made": _quoted(made, say)}
        told = say(_WROTE_AFTER, **pair) if given.strip() else say(_WROTE, **pair)
        unsound = sum(part.kind == "unsound" for part in item.parts)
        told += say(_UNSOUND, count=unsound) if unsound else ""
    return told + (say(_WITHOUT, parts=say(_COMMA).join(map(one_line, item.without))) if item.without else "")


def _tokens(frame: Tokens, say: Say, name: Called) -> Iterator[str]:
    if frame.tokens:
        yield _cut(frame, say) + say(STOP)


def _cut(frame: Tokens, say: Say) -> str:
    told = say(_TOKENS, count=len(frame.tokens), text=_quoted(" | ".join(map(visible, frame.tokens)), say))
    marked = [pair for pair in zip(frame.intensity, frame.tokens, strict=False) if math.isfinite(pair[0])]
    if len(marked) > 1:
        (low, weakest), (high, strongest) = min(marked), max(marked)
        values = {"high": number(high), "low": number(low)}
        told += say(_INTENSE, strongest=_quoted(strongest, say), weakest=_quoted(weakest, say), **values)
    return told


def _strips(frame: Strips, say: Say, name: Called) -> Iterator[str]:
    for strip in frame.items:
        facts = "".join(say(_COMMA) + f"{name(fact)} {one_line(value)}" for fact, value in strip.facts)
        yield headed(name(strip.label), _cut(strip.tokens, say) + facts + say(STOP), say)


def _table(frame: Table, say: Say, name: Called) -> Iterator[str]:
    header = [name(cell) for cell in frame.header]
    for row in frame.rows:
        cells = [one_line(cell) if isinstance(cell, str) else name(cell) for cell in row]
        told = [
            f"{header[at]} {cell}".strip() if at < len(header) else cell
            for at, cell in enumerate(cells)
            if at and cell
        ]
        if any(cells):
            yield headed(cells[0], say(_COMMA).join(told) or say(_BLANK), say) + say(STOP)


def _bars(frame: Bars, say: Say, name: Called) -> Iterator[str]:
    pairs = [(name(label), value) for label, value in zip(frame.labels, frame.values, strict=False)]
    unit = f" {name(frame.unit)}" if frame.unit else ""
    if pairs:
        listed = _listed([f"{label} {number(value)}{unit}" for label, value in pairs], say)
        yield (headed(name(frame.title), listed, say) if frame.title else listed) + say(STOP)
    known = [pair for pair in pairs if math.isfinite(pair[1])]
    if len(known) < 2:
        return
    low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
    if low[1] == high[1]:
        return
    told = say(_EXTREMES, high=high[0], low=low[0])
    ratio = high[1] / low[1] if low[1] > 0 else math.nan
    if math.isfinite(ratio) and ratio >= 1.05:
        told += say(_RATIO, ratio=number(ratio))
    yield told + say(STOP)


def _funnel(frame: Funnel, say: Say, name: Called) -> Iterator[str]:
    if not frame.stages:
        return
    first, last = frame.stages[0], frame.stages[-1]
    share = f"{last.characters / first.characters:.0%}" if first.characters else "0%"
    counts = {"all": f"{first.documents:,}", "left": f"{last.documents:,}", "share": share}
    told = say(_LEFT_OVER, **counts)
    worst = max(frame.stages, key=lambda stage: stage.removed)
    if worst.removed:
        told += say(_WORST, stage=name(worst.label), removed=f"{worst.removed:,}")
    yield told + say(STOP)


def _passages(frame: Passages, say: Say, name: Called) -> Iterator[str]:
    for passage in frame.items:
        cut, new = (
            "".join(text for text, kind in passage.parts if kind == wanted) for wanted in ("cut", "new")
        )
        told = [
            say(what, count=len(text), text=_quoted(text, say))
            for what, text in ((_CUT, cut), (_NEW, new))
            if text
        ]
        yield headed(name(passage.label), say(_COMMA).join(told) or say(_UNCHANGED), say) + say(STOP)


def _chronicle(frame: Chronicle, say: Say, name: Called) -> Iterator[str]:
    events = sorted((one for one in frame.events if math.isfinite(one.when)), key=lambda one: one.when)
    if not events:
        return
    told = {one.id: one_line(f"{one.date or math.floor(one.when)} {name(one.label)}") for one in events}
    years = {"first": math.floor(events[0].when), "last": math.floor(events[-1].when)}
    listed = _listed([told[one.id] for one in events], say, 2 * _MOST)
    yield say(_EVENTS, count=len(events), events=listed, **years)
    if frame.chosen in told:
        yield say(_CHOSEN, event=told[frame.chosen])


def _spans(frame: Spans, say: Say, name: Called) -> Iterator[str]:
    intervals = [one for row in frame.rows for one in row.intervals if math.isfinite(one.start + one.end)]
    if not intervals:
        return
    low, high = min(one.start for one in intervals), max(one.end for one in intervals)
    kinds = [one.kind for one in intervals if one.kind]
    ends = {"low": number(low), "high": number(high), "axis": name(frame.axis.label)}
    told = say(_SPANS, rows=len(frame.rows), count=len(intervals), **ends).rstrip()
    if kinds:
        counted = [f"{name(kind)} {kinds.count(kind)}" for kind in dict.fromkeys(kinds)]
        told += say(_KINDS, kinds=_listed(counted, say))
    yield told + say(STOP)
    busy = {at: _covered((one.start, one.end) for one in row.intervals) for at, row in enumerate(frame.rows)}
    least, most = min(busy, key=lambda at: busy[at]), max(busy, key=lambda at: busy[at])
    if busy[least] < busy[most] and 0 < high - low < math.inf:
        shares = {
            "most_share": f"{busy[most] / (high - low):.0%}",
            "least_share": f"{busy[least] / (high - low):.0%}",
        }
        labels = {"most": name(frame.rows[most].label), "least": name(frame.rows[least].label)}
        yield say(_BUSY, **labels, **shares)


def _covered(intervals: Iterable[tuple[float, float]]) -> float:
    """How much of an axis intervals cover together."""
    covered, reached = 0.0, -math.inf
    for start, end in sorted(pair for pair in intervals if math.isfinite(sum(pair))):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


_COMMA = Text("，", ", ")
_QUOTE = Text("“{text}”", "“{text}”")
_NOTHING = Text("还没有内容。", "There is nothing in it yet.")
_MORE = Text("，另有 {count} 个", " and {count} more")
_MORE_ROWS = Text("另有 {count} 行。", "{count} more {count:row follows|rows follow}.")
_MORE_PLANES = Text("另有 {count} 张。", "There {count:is|are} {count} more {count:plane|planes}.")
_NTH = Text("第 {}", "{}")
_CELL = Text("{row}行{col}列的 {value}", "{value} in row {row}, column {col}")
_LARGEST_CELL = Text("最大的是{}", "the largest value is {}")
_TWO_CELLS = Text("最大的是{}，最小的是{}", "the largest value is {}, the lowest {}")
_BELOW_DIAGONAL = Text(
    "；{share} 的权重落在紧靠对角线下方的格子里（前一个词元）",
    "; {share} of the weight lies just below the diagonal, on the one before",
)
_DIAGONAL = Text("；{share} 的权重落在对角线上", "; {share} of the weight lies on the diagonal")
_FIRST_COLUMN = Text("；{share} 的权重落在第一列", "; {share} of the weight lies in the first column")
_NO_POINTS = Text("{group}：没有点。", "{group}: no points.")
_PATH = Text(
    "{group}：一条线，从（{0} {start[0]}，{1} {start[1]}）到（{0} {end[0]}，{1} {end[1]}）。",
    "{group}: a line from {0} {start[0]}, {1} {start[1]} to {0} {end[0]}, {1} {end[1]}.",
)
_RANGE = Text("{axis}从 {low} 到 {high}", "{axis} from {low} to {high}")
_POINTS = Text("{group}：{count} 个点，{ranges}", "{group}: {count} {count:point|points}, {ranges}")
_SIDES = Text(
    "；{lows} 个落在“{low}”一侧，{highs} 个落在“{high}”一侧",
    "; on the side of “{low}”: {lows}, on that of “{high}”: {highs}",
)
_FIELD = Text("“{side}”占整个平面的 {share}。", "“{side}” takes {share} of the plane.")
_PICTURES = Text(
    "{count} 张图，每张 {rows} 行 {cols} 列像素",
    "{count} {count:picture|pictures} of {rows} {rows:row|rows} and {cols} {cols:column|columns} of pixels{count:| each}",
)
_SAMPLE = Text("第 {step} 步：", "Step {step}: ")
_FILLED = Text("{all} 个空填对了 {right} 个：{text}", "{right} of {all} places filled rightly: {text}")
_WROTE_AFTER = Text("接着{given}写出{made}", "after {given} it writes {made}")
_WROTE = Text("写出{made}", "it writes {made}")
_UNSOUND = Text("（{count} 句不通）", " ({count} {count:sentence|sentences} not sound)")
_WITHOUT = Text("（关掉了 {parts}）", " (without {parts})")
_TOKENS = Text("{count} 个词元：{text}", "{count} {count:token|tokens}: {text}")
_INTENSE = Text(
    "；最强的是{strongest}（{high}），最弱的是{weakest}（{low}）",
    "; strongest is {strongest} ({high}), weakest {weakest} ({low})",
)
_BLANK = Text("空", "blank")
_EXTREMES = Text("最大的是{high}，最小的是{low}", "{high} is largest, {low} smallest")
_RATIO = Text("，前者是后者的 {ratio} 倍", ", a factor of {ratio} apart")
_LEFT_OVER = Text(
    "{all} 篇文档留下 {left} 篇，文字留下 {share}",
    "Of {all} {all:document|documents} {left} {left:is|are} left, with {share} of the characters",
)
_WORST = Text("；去掉最多的是“{stage}”（{removed} 篇）", "; “{stage}” removed most ({removed})")
_CUT = Text("删去 {count} 个字符{text}", "{count} {count:character|characters} cut, {text}")
_NEW = Text("添上 {count} 个字符{text}", "{count} {count:character|characters} added, {text}")
_UNCHANGED = Text("没有变化", "unchanged")
_EVENTS = Text(
    "{first} 年到 {last} 年的 {count} 件事：{events}。",
    "{count} {count:event|events} from {first} to {last}: {events}.",
)
_CHOSEN = Text("选中的是 {event}。", "Chosen: {event}.")
_SPANS = Text(
    "{rows} 行共 {count} 段，从 {low} 到 {high} {axis}",
    "{rows} {rows:row|rows} with {count} {count:interval|intervals} from {low} to {high} {axis}",
)
_KINDS = Text("；其中 {kinds}", "; among them {kinds}")
_BUSY = Text(
    "最满的是{most}（{most_share}），最空的是{least}（{least_share}）。",
    "{most} is busiest ({most_share}), {least} least busy ({least_share}).",
)

_MORE_OF: dict[type[Frame], Text] = {
    HeatMap: _MORE_PLANES, Strips: _MORE_ROWS, Table: _MORE_ROWS, Passages: _MORE_ROWS,
}  # fmt: skip
"""What is said of the sentences left out, where a frame has one for each of its parts."""

_TELLERS: dict[type[Frame], Callable[[Any, Say, Called], Iterator[str]]] = {
    Curves: tell_curves, HeatMap: _heat_map, Scatter: _scatter, Images: _images, Samples: _samples, Tokens: _tokens,
    Strips: _strips, Table: _table, Bars: _bars, Funnel: _funnel, Passages: _passages, Chronicle: _chronicle, Spans: _spans,
}  # fmt: skip
