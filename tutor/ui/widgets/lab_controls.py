"""What the learner works a lab with: its buttons, its knobs, and the bar of its past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.experiments.knobs import Knob, Value
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit, fit_row
from tutor.plot.slider import Slider
from tutor.text import Text
from tutor.ui.actions import ESC, TAB, Action, in_field, key_written
from tutor.ui.lab_session import LabSession
from tutor.ui.pieces import key_button, pointer
from tutor.ui.rule_choice import choices
from tutor.ui.widgets.rows import Drawn, FitRows

_CHOOSER = 8
"""Columns of the button that chooses another knob."""

_LEAST_NAME = 8
"""Columns of a knob's name below which it isn't worth showing."""


class LabControls(Drawn):
    """Buttons for the mouse, and the knobs with their values.

    Attributes:
        cleans: Whether rules treat the data of the lab.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "LabControls { height: 1; width: 1fr; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.cleans = bool(choices(session.next))

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Run or pause, step, reset, then each knob as ``- lr 0.02 +``; least important first to go."""
        session = self.session
        row: list[Run] = []

        def button(key: str, text: Text, does: str) -> None:
            if own := self.app.keys.get(f"lab.{does.removeprefix('lab_')}"):
                key = key_written(own, self.lang)
            pieces = key_button(key, self.say(text), f"do:{does}")
            if row_width(row) + row_width(pieces) <= width:
                row.extend(pieces)

        if session.spec.instant:
            button("U", Text("恢复设置", "restore"), "lab_restore")
            button("s", _SOURCE, "lab_source")
            return [tuple(row)]
        if not session.over and session.phase != "asking":
            button(self.say(Text("空格", "space")), _RUN.get(session.phase, _GO_ON), "lab_run")
        button(".", Text("单步", "step"), "lab_step")
        if self.cleans:
            button("d", Text("规则", "rule list"), "lab_rules")
        offered = session.lab.knobs
        chosen = next((i for i, knob in enumerate(offered) if knob.id == session.knob), 0)
        values = session.knobs()
        own = session.next.knobs_beyond(values)
        # One or two where they have room; else the chosen one, with the key that chooses another if that has room, too; at worst with a
        # part of its value.
        one, few = offered[chosen : chosen + 1], () if len(offered) > 2 or self.cleans else offered
        for shown, kept, whole in ((few, 0, True), (one, _CHOOSER, True), (one, 0, True), (one, 0, False)):
            drawn: list[list[Run]] = []
            for knob in shown:
                room = width - kept - row_width([*row, *chain(*drawn)])
                drawn.append(self._knob(knob.id, values.get(knob.id), knob.id in own, room, whole=whole))
            if drawn and all(drawn):
                row += chain(*drawn)
                break
        if len(offered) > 1:
            at = f"{chosen + 1}/{len(offered)}"
            button("k", Text(at, at), "lab_knob")
        button("r", Text("重来", "reset"), "lab_reset")
        button("t", Text("松开", "unpin") if session.lets_go else Text("钉住", "pin"), "lab_pin")
        button("s", _SOURCE, "lab_source")
        return [tuple(row)]

    def _knob(self, id: str, value: Value | None, own: bool, width: int, *, whole: bool) -> list[Run]:
        """Return a knob as ``- name value +``, one that needs a restart marked; nothing where there is no room for it, the value ``whole``."""
        session = self.session
        card = session.spec.knob(id)
        if card is None:
            return []
        said = "" if value is None else f" {self.say(card.told(value))}"
        shown = said + (self.say(Text("（自己的）", " (yours)")) if own else "")
        restart = "" if card.live else self.say(Text("（重来生效）", " (restart)"))
        less, more = _ends(id)
        room = width - less.width - more.width - 1
        name = label = self.say(card.label)
        if cell_len(name + shown + restart) > room:
            restart = ""
        if own and cell_len(name + shown) > room:
            shown = f"{said}*"
        if cell_len(name + shown) > room:  # better a short name than a value that can't be seen
            name = fit(name, max(0, room - cell_len(shown)))
        if cell_len(name) < _LEAST_NAME and name != label:
            if whole or room < 2 * _LEAST_NAME:
                return []
            name = fit(label, min(cell_len(label), _LEAST_NAME))
            shown = fit(shown, room - cell_len(name))
        strong = len(session.lab.knobs) > 1 and id == session.knob
        body = Run(f"{name}{shown}", "strong" if strong else "chip-ink", "chip")
        return [less, body, Run(restart, "warn", "chip"), more, Run(" ")]


def _ends(knob: str) -> tuple[Run, Run]:
    """Return the buttons that turn a knob down and up."""
    down, up = (
        Run(sign, "key", "chip", bold=True, link=f"knob:{knob}:{way}")
        for sign, way in ((" - ", "down"), (" + ", "up"))
    )
    return down, up


_RUN = {
    "preparing": Text("准备中", "wait"), "base": Text("暂停", "pause"), "running": Text("暂停", "pause"),
    "paused": Text("继续", "go on"), "measuring": Text("测量中", "wait"), "idle": Text("运行", "run"),
}  # fmt: skip
_GO_ON = Text("继续原来的", "go on with the run")
_SOURCE = Text("源码", "source")


COLUMN = 38
"""Columns that a knob takes, at the least; two stand side by side where there are twice as many."""

_LOW = 3
"""Rows of knobs where there is little room."""
_VALUE = 20
"""Columns of a value between its buttons."""


class KnobPanel(FitRows, can_focus=True):
    """One knob is marked: arrows choose and turn it, digits and Enter set it.

    Attributes:
        typed: What has been typed of a number.
        low: Whether there is room for the knobs around the marked one only.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "KnobPanel { height: auto; width: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", show=False),
        Binding("down", "mark(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    @dataclass
    class Typed(Message):
        """A value was typed for the marked knob."""

        value: str

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.typed, self.low = "", False

    @property
    def typing(self) -> tuple[Action, ...]:
        """What the keys do while a value is typed; nothing else."""
        return (in_field("enter", Text("设定", "set")), ESC, TAB) if self.typed else ()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        """What was typed and not entered is given up."""
        self.typed = ""
        self.redraw()

    def action_mark(self, by: int) -> None:
        self.session.next_knob(by)
        self.typed = ""
        self.redraw()

    def action_turn(self, by: int) -> None:
        self.typed = ""
        self.post_message(self.LinkPicked(f"knob:{self.session.knob}:{'up' if by > 0 else 'down'}"))

    def on_key(self, event: events.Key) -> None:
        """Type a value of a number: digits and a point, Enter to set it, Escape to leave it."""
        card = self.session.spec.knob(self.session.knob)
        typed = event.character or ""
        number = card is not None and not card.values
        extends = number and (typed.isdigit() or (typed == "." and self.typed != ""))
        if not extends and not (self.typed and event.key in ("enter", "escape", "backspace")):
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.post_message(self.Typed(self.typed))
        kept = {"backspace": self.typed[:-1], "enter": "", "escape": ""}
        self.typed = kept.get(event.key, self.typed + typed)
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        values = self.session.knobs()
        own = self.session.next.knobs_beyond(values)
        side_by_side = max(1, min(2, width // COLUMN))
        room = width // side_by_side
        knobs = [(knob.id, self.session.spec.knob(knob.id)) for knob in self.session.lab.knobs]
        cells = [self._knob(card, values.get(id), id in own, room) for id, card in knobs if card is not None]
        count = -(-len(cells) // side_by_side)
        shown, at = range(count), ""
        if self.low and count > _LOW + 1:
            marked = [id for id, card in knobs if card is not None].index(self.session.knob)
            first = min(max(0, marked % count - _LOW // 2), count - _LOW)
            shown = shown[first : first + _LOW]
            at = f"{marked + 1}/{len(cells)}  " + (f"*{len(own)}  " if own else "")
        rows = [tuple(run for cell in cells[y::count] for run in fit_row(cell, room)) for y in shown]
        numbers = any(card is not None and not card.values for _, card in knobs)
        keys = _COME if not self.has_focus else _KEYS if numbers else _NO_NUMBERS
        return [*rows, fit_row([Run(at, "text"), Run(self.say(keys), "dim")], width)]

    def _knob(self, card: Knob, value: Value | None, own: bool, room: int) -> Row:
        here = card.id == self.session.knob
        told = "" if value is None else self.say(card.told(value))
        shown = f"{self.typed}_" if here and self.typed else told + ("*" if own else "")
        less, more = _ends(card.id)
        value_room = max(1, min(_VALUE, room // 2 - 8))
        body = Run(fit(f" {shown}", value_room), "strong" if here else "chip-ink", "chip", bold=here)
        name_room = max(1, room - value_room - 10)
        name = fit_row([Run(self.say(card.label), "strong" if here else "text", bold=here)], name_room)
        return (pointer(here), *name, less, body, more)


_KEYS = Text(
    "↑↓ 选旋钮　←→ 调　数字键入值，回车　U 恢复　* 自己的",
    "↑↓ knob · ←→ turn · type, Enter · U restores · * yours",
)
_NO_NUMBERS = Text("↑↓ 选旋钮　←→ 调　U 恢复　* 自己的", "↑↓ knob · ←→ turn · U restores · * yours")
_COME = Text(
    "k 选旋钮　- + 调　U 恢复　* 自己的　Tab 用方向键",
    "k knob · - + turn · U restores · * yours · Tab: arrows",
)


class TimelineBar(Drawn):
    """How far a run has come, what it can go back to, and the moment that is shown."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "TimelineBar { height: 1; width: 1fr; }"

    @dataclass
    class Scrubbed(Message):
        """The learner asked for a step, by a click or on the way of a drag."""

        bar: TimelineBar
        step: int

    def __init__(self) -> None:
        super().__init__()
        self.slider = Slider(0, 0, 0, 0)
        self._dragged_to: int | None = None

    def show(self, slider: Slider) -> None:
        self.slider = slider
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        return [self._labelled().render(width)]

    def _labelled(self) -> Slider:
        slider = self.slider
        # As wide at every step, lest the track grows or shrinks under the pointer.
        at = f"{slider.at:>{len(str(slider.budget))}}"
        label = Text(f"第 {at} / {slider.budget} 步", f"step {at} / {slider.budget}")
        return replace(slider, label=self.say(label), sign_link="do:lab_run")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the step under the pointer, and follow the pointer until the button is up."""
        offset = event.get_content_offset(self)
        if event.button != 1 or offset is None or self.link_at(offset.x, offset.y):
            return
        event.stop()
        self.capture_mouse()
        self._dragged_to = None
        self._scrub(offset.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            # The pointer may be outside by now: then there is no content offset.
            self._scrub(event.x - self.gutter.left)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.app.mouse_captured is self:
            event.stop()
            self.release_mouse()

    def _scrub(self, x: int) -> None:
        step = self._labelled().step_at(x, self.size.width)
        if step != self._dragged_to:
            self._dragged_to = step
            self.post_message(self.Scrubbed(self, step))
