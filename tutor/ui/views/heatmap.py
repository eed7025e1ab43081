"""The view of `HeatMap`: any plane of the maps of some arms, with a cursor that reads a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType

from tutor.frames import HeatMap
from tutor.plot import heatmap
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.fit import fit_row
from tutor.plot.gate import clean
from tutor.plot.heatmap import HeatMapPicture
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.views.arms import GAP, beside, grid, share
from tutor.ui.widgets.rows import Drawn, RowsWidget


class HeatMapView(RowsWidget, can_focus=True):
    """Draws one plane of the newest maps of a view, of as many arms as there is room for, with one cursor for all.

    The spec's ``words`` may say, for a view ``v``: ``v.part`` (``head {parts}``: its planes are parts that can be taken out),
    ``v.group`` (what the part of a plane's name before the dot is, with ``{group}``), ``v.reads`` (what a cell says of its ``{row}`` and ``{col}``),
    ``v.value`` (what its value is), ``v.hole`` (why there may be none).

    Attributes:
        view: Id of the view.
        arm: Id of the arm whose map is on top, and whose parts are taken out.
        alone: Id of the one arm that is shown; None when others are, too.
        plane: Which plane is shown.
        cursor: Row and column that are read.
    """

    DEFAULT_CSS = "HeatMapView { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1,0)", "row up", show=False),
        Binding("down", "move(1,0)", "row down", show=False),
        Binding("left", "move(0,-1)", "column left", show=False),
        Binding("right", "move(0,1)", "column right", show=False),
        Binding("home", "move(0,-999)", "first column", show=False),
        Binding("end", "move(0,999)", "last column", show=False),
    ]

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.arm = session.arm_ids[0]
        self.alone: str | None = None
        self.plane = 0
        self.cursor: tuple[int, int] | None = None
        self._maps: dict[str, HeatMap] = {}
        self._shown: object = None
        self._pictures: list[tuple[int, int, HeatMapPicture]] = []

    def show(self, arm: str) -> None:
        """Draw new maps, an arm on top if it has one; the cursor stays where it is."""
        session = self.session
        frames = {id: session.frames.get((self.view, id)) for id in session.arm_ids}
        self._maps = {
            id: frame for id, frame in frames.items() if isinstance(frame, HeatMap) and frame.planes
        }
        snapshot = session.snapshot
        marks = (snapshot.without, snapshot.ablations) if snapshot is not None else ()
        state = (arm, *map(id, frames.values()), *marks, *map(session.lost_at, session.arm_ids))
        if state == self._shown:
            return
        self._shown = state
        self.arm = arm if arm in self._maps or not self._maps else next(iter(self._maps))
        if (frame := self.frame) is not None:
            self.plane = min(self.plane, len(frame.planes) - 1)
            if self.cursor is None and frame.row_labels and frame.col_labels:
                self.cursor = (min(1, len(frame.row_labels) - 1), 0)
        self.redraw()

    @property
    def frame(self) -> HeatMap | None:
        return self._maps.get(self.arm)

    @property
    def plane_name(self) -> str | None:
        return self.frame.planes[self.plane] if self.frame is not None else None

    def next_plane(self, by: int) -> None:
        if self.frame is not None:
            self.plane = (self.plane + by) % len(self.frame.planes)
            self.redraw()

    def action_move(self, rows: int, cols: int) -> None:
        """Move the cursor by cells, inside the map."""
        frame = self.frame
        if frame is None or not frame.row_labels or not frame.col_labels:
            return
        row, col = self.cursor or (0, 0)
        self._put_cursor(
            min(max(row + rows, 0), len(frame.row_labels) - 1),
            min(max(col + cols, 0), len(frame.col_labels) - 1),
        )

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Read the cell under the pointer."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        hits = (picture.hit(offset.x - x, offset.y - y) for x, y, picture in self._pictures)
        if (hit := next((hit for hit in hits if hit is not None), None)) is not None:
            self._put_cursor(*hit)

    def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        """Show the plane whose name was clicked."""
        kind, _, plane = event.link.partition(":")
        if kind == "plane":
            event.stop()
            self.plane = int(plane)
            self.redraw()

    def on_focus(self) -> None:
        """Draw the cursor stronger while keys move it."""
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def _put_cursor(self, row: int, col: int) -> None:
        if (row, col) != self.cursor:
            self.cursor = (row, col)
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Draw the plane picker, then for each arm its map, the cell under the cursor in words, and what is taken out."""
        session = self.session
        arms = [arm for arm in session.arm_ids if arm in self._maps]
        if self.arm not in arms:
            lost = session.lost_at(self.arm)
            said = (
                Run(self.say(_WAITING), "dim")
                if lost is None
                else Run(self.say(_NOTHING_LEFT.format(step=lost)), "warn")
            )
            return wrap([said], width)
        picker = self._picker(self._maps[self.arm], width)
        room = height - len(picker)
        more = 3  # its title, the cell in words, what taking a part out does
        halved = not self.tutor.dots
        sizes = [heatmap.least_size(frame, room - more, halved=halved) for frame in self._maps.values()]
        least = max(size[0] for size in sizes), max(size[1] for size in sizes) + more
        lines = grid(arms, self.arm, width, least, room)
        self.alone = self.arm if lines == [[self.arm]] and len(arms) > 1 else None
        columns = share(width, len(lines[0]))
        rows = list(picker)
        self._pictures = []
        for line in lines:
            blocks = []
            for place, arm in enumerate(line):
                x = place * (columns + GAP)
                blocks.append(
                    self._block(arm, columns, room // len(lines), (x, len(rows)), alone=lines == [[arm]])
                )
            rows += beside(blocks, columns)
        return rows

    def _block(self, arm: str, width: int, height: int, at: tuple[int, int], *, alone: bool) -> list[Row]:
        frame = self._maps[arm]
        plane = min(self.plane, len(frame.planes) - 1)
        head = []
        if len(self.session.arm_ids) > 1:
            head.append(self._title(arm, width, alone=alone))
        head += self._of_before(arm, frame, width)
        readout = self._readout(frame, plane, width)
        effect = self._effect(arm, width)
        picture = heatmap.render(
            frame, plane, width, max(1, height - len(head) - 1 - len(effect)), cursor=self.cursor,
            mode="dots" if self.tutor.dots else "solid", readout=False,
        )  # fmt: skip
        self._pictures.append((at[0], at[1] + len(head), picture))
        rows = list(picture.rows)
        while rows and not row_text(rows[-1]).strip():
            rows.pop()  # the words stand right under the map
        return [*head, *rows, readout, *effect]

    def _title(self, arm: str, width: int, *, alone: bool) -> Row:
        chosen = arm == self.arm
        title = [Run(f" {self.say(self.session.lab.labels[arm])}", "heading", bold=chosen, link="do:lab_arm")]
        if chosen and len(self._maps) > 1:
            title.append(Run(self.say(_NEXT if alone else _CHOSEN), "faint", link="do:lab_arm"))
        return fit_row(title, width)

    def _word(self, what: str) -> Text | None:
        return self.session.spec.words.get(f"{self.view}.{what}")

    def _out(self, arm: str) -> Sequence[str]:
        """Names of the planes of an arm that are taken out."""
        snapshot = self.session.snapshot
        return snapshot.without.get(arm, ()) if snapshot is not None else ()

    def _picker(self, frame: HeatMap, width: int) -> list[Row]:
        """The names of the planes, by their groups, as far as they fit; every one is a mouse target."""
        if len(frame.planes) < 2:
            return []
        group_words = self._word("group")
        taken = self._out(self.arm)
        lines: list[list[Run]] = [[]]
        before = ""
        for index, name in enumerate(frame.planes):
            pieces: list[Run] = []
            shown = self.say(self.session.word(name))
            if group_words is not None:
                group, _, shown = name.partition(".")
                if group != before:
                    before = group
                    pieces.append(Run(f" {self.say(group_words.format(group=group))} ", "dim"))
            chosen, out = index == self.plane, name in taken
            shown = f"{_OUT if out else ''}{clean(shown or name)}"
            role = "bad" if out else "key" if chosen else "text"
            pieces.append(
                Run(f"[{shown}]" if chosen else f" {shown} ", role, bold=chosen, link=f"plane:{index}")
            )
            if row_width(lines[-1]) + row_width(pieces) > width:
                lines.append([])
            lines[-1] += pieces
        does = _PUTS_BACK if self.plane_name in taken else _TAKES_OUT
        hint = Run(self.say(does if self._word("part") else _SWITCHES), "faint")
        if row_width(lines[-1]) + hint.width <= width:
            lines[-1].append(hint)
        return [fit_row(line, width) for line in lines[:3]]

    def _of_before(self, arm: str, frame: HeatMap, width: int) -> list[Row]:
        """Of which moment the map of a diverged model is."""
        lost = self.session.lost_at(arm)
        if lost is None:
            return []
        now = frame.step is None or frame.step == lost
        text = (
            _AS_IT_STOPPED.format(step=lost)
            if now
            else _BEFORE_IT_STOPPED.format(step=lost, shown=frame.step)
        )
        return wrap([Run(f" {self.say(text)}", "warn")], width)

    def _effect(self, arm: str, width: int) -> list[Row]:
        """What taking parts out does to the loss."""
        out, words = self._out(arm), self._word("part")
        if not out or words is None:
            return []
        parts = self.say(words.format(parts=self.say(Text("、", ", ")).join(out)))
        snapshot = self.session.snapshot
        effect = snapshot.ablations.get(arm) if snapshot is not None else None
        if effect is None:
            return [
                fit_row(
                    [Run(self.say(Text(f" 去掉{parts}：正在量…", f" without {parts}: measuring…")), "warn")],
                    width,
                )
            ]
        found, step = effect.ablation, effect.step
        change = found.without - found.loss
        metrics = {metric.id: metric.label for metric in self.session.spec.metrics}
        loss = metrics.get(self.session.spec.quality or "", Text("损失", "loss"))
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
    "第 {step} 步发散了：这是第 {shown} 步时的样子",
    "diverged at step {step}: this is how it was at step {shown}",
)
_AS_IT_STOPPED = Text(
    "第 {step} 步发散了：这是它停下时的样子", "diverged at step {step}: this is how it stopped"
)
_NOTHING_LEFT = Text(
    "它在第 {step} 步发散了，此后没有可画的。",
    "It diverged at step {step}; from there on there is nothing to draw.",
)
_WAITING = Text("运行后，这里显示此刻的样子。", "Once it runs, this moment shows here.")
