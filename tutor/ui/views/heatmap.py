"""The view of `HeatMap`: any plane of the maps of some arms, with a cursor that reads a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType

from tutor.frames import Frame, HeatMap
from tutor.plot import heatmap
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.fit import fit_row, flow
from tutor.plot.gate import clean
from tutor.plot.heatmap import HeatMapPicture
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.views.frames import FrameView
from tutor.ui.widgets.rows import Drawn


class HeatMapView(FrameView):
    """Draws one plane of the newest maps of a view, with one cursor for all; parts are taken out of the arm on top.

    The spec's ``words`` may say, for a view ``v``: ``v.part`` (``head {parts}``: its planes are parts that can be taken out),
    ``v.group`` (what the part of a plane's name before the dot is, with ``{group}``), ``v.reads`` (what a cell says of its ``{row}`` and ``{col}``),
    ``v.value`` (what its value is), ``v.hole`` (why there may be none).

    Attributes:
        plane: Which plane is shown.
        cursor: Row and column that are read.
    """

    ALLOW_SELECT = False
    TELLS_MORE = False
    DEFAULT_CSS = "HeatMapView { padding: 0; overflow: hidden; scrollbar-gutter: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1,0)", "row up", show=False),
        Binding("down", "move(1,0)", "row down", show=False),
        Binding("left", "move(0,-1)", "column left", show=False),
        Binding("right", "move(0,1)", "column right", show=False),
        Binding("home", "move(0,-999)", "first column", show=False),
        Binding("end", "move(0,999)", "last column", show=False),
    ]

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__(session, view)
        self.plane = 0
        self.cursor: tuple[int, int] | None = None
        self.pictures: dict[str, HeatMapPicture] = {}

    def state(self, arm: str, frame: Frame | None) -> object:
        snapshot = self.session.snapshot
        marks = (snapshot.without.get(arm), snapshot.ablations.get(arm)) if snapshot is not None else ()
        return super().state(arm, frame), *marks

    def frame_of(self, arm: str) -> HeatMap | None:
        frame = self.session.frames.get((self.view, arm))
        return frame if isinstance(frame, HeatMap) and frame.planes else None

    @property
    def frame(self) -> HeatMap | None:
        frame = self.frames.get(self.arm)
        return frame if isinstance(frame, HeatMap) else None

    @property
    def plane_name(self) -> str | None:
        return self.frame.planes[self._plane(self.frame)] if self.frame is not None else None

    def _plane(self, frame: HeatMap) -> int:
        return min(self.plane, len(frame.planes) - 1)

    def next_plane(self, by: int) -> None:
        if self.frame is not None:
            self.plane = (self._plane(self.frame) + by) % len(self.frame.planes)
            self.redraw()

    def action_move(self, rows: int, cols: int) -> None:
        frame = self.frame
        if frame is None or not frame.row_labels or not frame.col_labels:
            return
        row, col = self.cursor or (0, 0)
        last_row, last_col = len(frame.row_labels) - 1, len(frame.col_labels) - 1
        moved = min(max(row + rows, 0), last_row), min(max(col + cols, 0), last_col)
        if moved != self.cursor:  # a key that is held at the edge
            self.cursor = moved
            self.redraw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for arm, (x, y) in self.places.items():
            hit = self.pictures[arm].hit(offset.x - x, offset.y - y)
            if hit not in (None, self.cursor):
                self.cursor = hit
                self.redraw()

    def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        kind, _, plane = event.link.partition(":")
        if kind == "plane":
            event.stop()
            self.plane = int(plane)
            self.redraw()

    def fills(self) -> bool:
        return True

    def least(self, frame: Frame, height: int) -> tuple[int, int]:
        assert isinstance(frame, HeatMap)
        words = 2  # the cell in words, what taking a part out does
        columns, rows = heatmap.least_size(frame, height - words, halved=not self.app.dots)
        return columns, rows + words

    def title(self, arm: str, *, rotates: bool) -> Row:
        chosen = arm == self.arm
        label = Run(f" {self.say(self.session.lab.labels[arm])}", "heading", bold=chosen, link="do:lab_arm")
        said = self.say(_NEXT if self.alone else _CHOSEN)
        return (label, Run(said, "faint", link="do:lab_arm")) if chosen and len(self.frames) > 1 else (label,)

    def when_lost(self, frame: Frame, step: int) -> Text:
        assert isinstance(frame, HeatMap)
        if frame.step is None or frame.step == step:
            return _AS_IT_STOPPED.format(step=step)
        return _BEFORE_IT_STOPPED.format(step=step, shown=frame.step)

    def draw(self, arm: str, frame: Frame, width: int, height: int) -> list[Row]:
        assert isinstance(frame, HeatMap)
        plane = self._plane(frame)
        if self.cursor is None and frame.row_labels and frame.col_labels:
            self.cursor = (min(1, len(frame.row_labels) - 1), 0)
        effect = self._effect(arm, width)
        picture = self.pictures[arm] = heatmap.render(
            frame, plane, width, max(1, height - 1 - len(effect)), cursor=self.cursor,
            mode="dots" if self.app.dots else "solid", readout=False,
        )  # fmt: skip
        rows = list(picture.rows)
        while rows and not row_text(rows[-1]).strip():
            rows.pop()  # the words stand right under the map
        return [*rows, self._readout(frame, plane, width), *effect]

    def _word(self, what: str) -> Text | None:
        return self.session.spec.words.get(f"{self.view}.{what}")

    def _out(self, arm: str) -> Sequence[str]:
        """Names of the planes of an arm that are taken out."""
        snapshot = self.session.snapshot
        return snapshot.without.get(arm, ()) if snapshot is not None else ()

    def head(self, width: int) -> list[Row]:
        """Return the names of the planes, by their groups, as far as they fit; every one is a mouse target."""
        frame = self.frame
        if frame is None or len(frame.planes) < 2:
            return []
        group_words = self._word("group")
        taken = self._out(self.arm)
        items: list[list[Run]] = []
        before = ""
        for index, name in enumerate(frame.planes):
            pieces: list[Run] = []
            shown = self.say(self.session.spec.word(name))
            if group_words is not None:
                group, _, shown = name.partition(".")
                if group != before:
                    before = group
                    pieces.append(Run(f" {self.say(group_words.format(group=group))} ", "dim"))
            chosen, out = index == self._plane(frame), name in taken
            shown = f"{_OUT if out else ''}{clean(shown or name)}"
            role = "bad" if out else "key" if chosen else "text"
            pieces.append(
                Run(f"[{shown}]" if chosen else f" {shown} ", role, bold=chosen, link=f"plane:{index}")
            )
            items.append(pieces)
        lines = flow(items, width, 0)
        does = _PUTS_BACK if self.plane_name in taken else _TAKES_OUT
        hint = Run(self.say(does if self._word("part") else _SWITCHES), "faint")
        if row_width(lines[-1]) + hint.width <= width:
            lines[-1].append(hint)
        return [fit_row(line, width) for line in lines[:3]]

    def _effect(self, arm: str, width: int) -> list[Row]:
        """What taking parts out does to the loss."""
        out, words = self._out(arm), self._word("part")
        if not out or words is None:
            return []
        parts = self.say(words.format(parts=self.say(Text("、", ", ")).join(out)))
        snapshot = self.session.snapshot
        effect = snapshot.ablations.get(arm) if snapshot is not None else None
        if effect is None:
            measuring = Text(f" 去掉{parts}：正在量…", f" without {parts}: measuring…")
            return [fit_row([Run(self.say(measuring), "warn")], width)]
        found, step = effect.ablation, effect.step
        change = found.without - found.loss
        metric = self.session.spec.metric(self.session.spec.quality or "")
        loss = metric.label if metric is not None else Text("损失", "loss")
        values = f"{found.loss:.3f} → {found.without:.3f}"
        forms = (
            Text(
                f" 去掉{parts}：第 {step} 步的{loss.zh} {values}（",
                f" without {parts}: {loss.en} at step {step} {values} (",
            ),
            Text(f" 去掉{parts}（第 {step} 步）：{values}（", f" without {parts} (step {step}): {values} ("),
            Text(f" {values}（", f" {values} ("),
        )
        role = "bad" if change >= _SEEN else "good" if change <= -_SEEN else "dim"
        tail = [Run(f"{change:+.3f}", role, bold=True), Run(self.say(Text("）", ")")), "warn")]
        rows = [[Run(self.say(form), "warn"), *tail] for form in forms]
        return [fit_row(next((row for row in rows if row_width(row) <= width), rows[-1]), width)]

    def _readout(self, frame: HeatMap, plane: int, width: int) -> Row:
        """The cell under the cursor in words."""
        if self.cursor is None or not frame.values.size:
            return ()
        row, col = (min(at, size - 1) for at, size in zip(self.cursor, frame.values.shape[1:], strict=True))
        value = float(frame.values[plane, row, col])
        names = {
            "{row}": frame.row_labels[row] if row < len(frame.row_labels) else str(row + 1),
            "{col}": frame.col_labels[col] if col < len(frame.col_labels) else str(col + 1),
        }
        reads = re.split(r"(\{row\}|\{col\})", self.say(self._word("reads") or _READS))
        said = [
            Run(clean(names[piece]), "strong") if piece in names else Run(piece, "dim")
            for piece in reads
            if piece
        ]
        if np.isnan(value):
            tail = [Run(f"  {self.say(self._word('hole') or _HOLE)}", "dim")]
        else:
            what = self._word("value")
            tail = [
                Run(f"  {self.say(what)} " if what else "  ", "dim"),
                Run(f"{value:.3f}", "key", bold=True),
            ]
        where = Run(f" r{row + 1:02d} c{col + 1:02d} ", "faint")
        whole = [where, *said, *tail]
        return fit_row(whole if row_width(whole) <= width else [Run(" "), *said, *tail], width)


_SEEN = 0.0005
"""Change of the loss that three digits can show."""
_NEXT = Text("   a 换一组", "   a: next")
_CHOSEN = Text("   a 选另一组", "   a: choose another")
_SWITCHES = Text("  h 换", "  h: next")
_TAKES_OUT = Text("  h 换  x 去掉", "  h: next  x: take out")
_PUTS_BACK = Text("  h 换  x 放回", "  h: next  x: put back")
_OUT = "-"
"""Stands before the name of a part that is taken out."""
_READS = Text("{row}，{col}", "{row}, {col}")
_HOLE = Text("没有值", "no value")

_BEFORE_IT_STOPPED = Text(
    " 第 {step} 步发散了：这是第 {shown} 步时的样子",
    " diverged at step {step}: this is how it was at step {shown}",
)
_AS_IT_STOPPED = Text(
    " 第 {step} 步发散了：这是它停下时的样子", " diverged at step {step}: this is how it stopped"
)
