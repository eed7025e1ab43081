"""The view of `HeatMap`: attention weights of any layer and head, with a cursor that reads a pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType

from tutor.engine.snapshot import AblationStatus
from tutor.frames import HeatMap
from tutor.plot import heatmap
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import Drawn, RowsWidget


class AttentionView(RowsWidget, can_focus=True):
    """Draws one plane of the newest attention map of one arm.

    Row labels are queries (who looks), column labels keys (what is looked at).
    """

    DEFAULT_CSS = "AttentionView { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1,0)", "row up", show=False),
        Binding("down", "move(1,0)", "row down", show=False),
        Binding("left", "move(0,-1)", "column left", show=False),
        Binding("right", "move(0,1)", "column right", show=False),
        Binding("home", "move(0,-999)", "first column", show=False),
        Binding("end", "move(0,999)", "last column", show=False),
    ]

    def __init__(self, session: LabSession, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.frame: HeatMap | None = None
        self.arm_label: Text | None = None
        self.plane = 0
        self.cursor: tuple[int, int] | None = None
        self.out: tuple[str, ...] = ()
        self.effect: AblationStatus | None = None
        self.lost_at: int | None = None
        self._picture: heatmap.HeatMapPicture | None = None
        self._picture_top = 0

    def show(
        self,
        frame: HeatMap | None,
        arm_label: Text | None = None,
        out: tuple[str, ...] = (),
        effect: AblationStatus | None = None,
        lost_at: int | None = None,
    ) -> None:
        """Draw a new frame; the cursor stays where it is.

        Args:
            frame: The map, or None while there is none.
            arm_label: Whose it is, where there are several arms.
            out: Names of the planes whose heads are taken out.
            effect: What that does to the loss, once it is measured.
            lost_at: The step in which the model diverged, when that is past: then the map is of a moment before.
        """
        now = (frame, arm_label, out, effect)
        before = (self.frame, self.arm_label, self.out, self.effect)
        if lost_at != self.lost_at or any(a is not b for a, b in zip(now, before, strict=True)):
            self.arm_label, self.out, self.effect, self.lost_at = arm_label, out, effect, lost_at
            self.frame = frame
            if frame is not None:
                self.plane = min(self.plane, len(frame.planes) - 1)
                if self.cursor is None and frame.row_labels and frame.col_labels:
                    self.cursor = (min(1, len(frame.row_labels) - 1), 0)
            self.redraw()

    @property
    def plane_name(self) -> str | None:
        """Name of the head that is shown."""
        return self.frame.planes[self.plane] if self.frame is not None and self.frame.planes else None

    def next_plane(self, by: int) -> None:
        """Go to another head (planes are ordered by layer, then head)."""
        if self.frame is not None and self.frame.planes:
            self.plane = (self.plane + by) % len(self.frame.planes)
            self.redraw()

    def action_move(self, rows: int, cols: int) -> None:
        """Move the cursor by cells, inside the map."""
        if self.frame is None or not self.frame.row_labels or not self.frame.col_labels:
            return
        row, col = self.cursor or (0, 0)
        self._put_cursor(
            min(max(row + rows, 0), len(self.frame.row_labels) - 1),
            min(max(col + cols, 0), len(self.frame.col_labels) - 1),
        )

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Hovering reads the pair under the pointer."""
        offset = event.get_content_offset(self)
        if offset is None or self._picture is None:
            return
        hit = self._picture.hit(offset.x, offset.y - self._picture_top)
        if hit is not None:
            self._put_cursor(*hit)

    def on_click(self, event: events.Click) -> None:
        """A click on a head's name shows that head; elsewhere it takes the focus."""
        offset = event.get_content_offset(self)
        link = self.link_at(offset.x, offset.y) if offset else ""
        if link.startswith("plane:"):
            event.stop()
            self.plane = int(link.removeprefix("plane:"))
            self.redraw()
        elif link:
            event.stop()
            self.post_message(Drawn.LinkPicked(self, link))

    def on_focus(self) -> None:
        """The cursor is drawn stronger when keys move it."""
        self.redraw()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.redraw()

    def _put_cursor(self, row: int, col: int) -> None:
        if (row, col) != self.cursor:
            self.cursor = (row, col)
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Head picker, map, and the pair under the cursor in words."""
        frame = self.frame
        if frame is None or not frame.planes:
            if self.lost_at is not None:
                return wrap([Run(self.say(_NOTHING_LEFT.format(step=self.lost_at)), "warn")], width)
            return [(Run(self.say(_WAITING), "dim"),)]
        picker = [*self._picker(frame, width), *self._of_before(frame, width)]
        readout = self._readout(frame)
        effect = self._effect(width)
        self._picture_top = len(picker)
        self._picture = heatmap.render(
            frame, self.plane, width, max(1, height - len(picker) - 1 - len(effect)), cursor=self.cursor,
            mode="dots" if self.tutor.dots else "solid", readout=False,
        )  # fmt: skip
        rows = list(self._picture.rows)
        while rows and not row_text(rows[-1]).strip():
            rows.pop()  # the words stand right under the map
        return [*picker, *rows, readout, *effect]

    def _picker(self, frame: HeatMap, width: int) -> list[Row]:
        """Whose map it is, and a row per layer as far as they fit; every head is a mouse target."""
        lines: list[list[Run]] = [[]]
        if self.arm_label is not None:
            lines = [
                [
                    Run(f" {self.say(self.arm_label)}", "heading", bold=True, link="do:lab_arm"),
                    Run(self.say(Text("   a 换模型", "   a: next model")), "faint", link="do:lab_arm"),
                ],
                [],
            ]
        layer = ""
        for index, name in enumerate(frame.planes):
            this_layer, _, head = name.partition(".")
            pieces: list[Run] = []
            if this_layer != layer:
                layer = this_layer
                pieces.append(Run(self.say(Text(f" 第{this_layer}层 ", f" layer {this_layer} ")), "dim"))
            chosen = index == self.plane
            out = name in self.out
            shown = f"{_OUT}{head or name}" if out else head or name
            pieces.append(
                Run(
                    f"[{shown}]" if chosen else f" {shown} ",
                    "bad" if out else "key" if chosen else "text",
                    bold=chosen,
                    link=f"plane:{index}",
                )
            )
            if row_width(lines[-1]) + row_width(pieces) > width:
                lines.append([])
            lines[-1] += pieces
        out = self.plane_name in self.out
        does = Text("  h 换头  x 放回", "  h: next  x: put back") if out else _TAKES_OUT
        hint = Run(self.say(does), "faint")
        if row_width(lines[-1]) + hint.width <= width:
            lines[-1].append(hint)
        return [tuple(line) for line in lines[:3]]

    def _of_before(self, frame: HeatMap, width: int) -> list[Row]:
        """Of which moment the map of a diverged model is."""
        if self.lost_at is None:
            return []
        if frame.step is None or frame.step == self.lost_at:
            text = _AS_IT_STOPPED.format(step=self.lost_at)
        else:
            text = _BEFORE_IT_STOPPED.format(step=self.lost_at, shown=frame.step)
        return wrap([Run(f" {self.say(text)}", "warn")], width)

    def _effect(self, width: int) -> list[Row]:
        """What taking heads out does to the validation loss."""
        if not self.out:
            return []
        heads = self.say(Text("、", ", ")).join(self.out)
        if self.effect is None:
            text = Text(f" 去掉头 {heads}：正在量…", f" without head {heads}: measuring…")
            return [(Run(self.say(text), "warn"),)]
        found = self.effect.ablation
        change = found.without - found.loss
        text = Text(
            f" 去掉头 {heads}：第 {self.effect.step} 步的验证损失 {found.loss:.3f} → {found.without:.3f}（",
            f" without head {heads}: validation loss at step {self.effect.step} {found.loss:.3f} → {found.without:.3f} (",
        )
        short = Text(
            f" 去掉 {heads}（第 {self.effect.step} 步）：{found.loss:.3f} → {found.without:.3f}（",
            f" without {heads} (step {self.effect.step}): {found.loss:.3f} → {found.without:.3f} (",
        )
        end = self.say(Text("）", ")"))
        role = "bad" if change >= _SEEN else "good" if change <= -_SEEN else "dim"
        mark = Run(f"{change:+.3f}", role, bold=True)
        for form in (text, short):
            row = (Run(self.say(form), "warn"), mark, Run(end, "warn"))
            if row_width(row) <= width:
                return [row]
        return [row]

    def _readout(self, frame: HeatMap) -> Row:
        if self.cursor is None:
            return ()
        row = min(self.cursor[0], len(frame.row_labels) - 1)
        col = min(self.cursor[1], len(frame.col_labels) - 1)
        weight = float(frame.values[self.plane, row, col])
        query, key = clean(frame.row_labels[row]), clean(frame.col_labels[col])
        where = Run(f" r{row + 1:02d} c{col + 1:02d} ", "faint")
        if np.isnan(weight):
            tail = [
                Run(
                    self.say(Text("  被掩码挡住：未来的 token 看不见", "  masked: the future can't be seen")),
                    "dim",
                )
            ]
        else:
            tail = [
                Run(self.say(Text("  权重 ", "  weight ")), "dim"),
                Run(f"{weight:.3f}", "key", bold=True),
            ]
        return (
            where,
            Run(f"«{query}»", "strong"),
            Run(self.say(Text(" 看 ", " looks at ")), "dim"),
            Run(f"«{key}»", "strong"),
            *tail,
        )


_SEEN = 0.0005
"""Change of the loss that three digits can show."""
_TAKES_OUT = Text("  h 换头  x 去掉此头", "  h: next  x: take out")
_OUT = "-"
"""Stands before the name of a head that is taken out."""

_BEFORE_IT_STOPPED = Text(
    "第 {step} 步发散了：这是第 {shown} 步时的注意力",
    "diverged at step {step}: this is its attention at step {shown}",
)
_AS_IT_STOPPED = Text(
    "第 {step} 步发散了：这是它停下时的注意力", "diverged at step {step}: this is how it stopped"
)
_NOTHING_LEFT = Text(
    "它在第 {step} 步发散了，此后没有注意力可画。",
    "It diverged at step {step}; from there on there is no attention to draw.",
)
_WAITING = Text(
    "运行后，这里显示模型此刻的注意力。", "Once it runs, the model's attention at this moment shows here."
)
