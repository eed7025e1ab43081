"""The knobs of an instant lab, all of them: they are what the learner works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.experiments.knobs import Knob, Value
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import FitRows

COLUMN = 38
"""Columns that a knob takes, at the least; two stand side by side where there are twice as many."""

_VALUE = 20
"""Columns of a value between its buttons."""


class KnobPanel(FitRows, can_focus=True):
    """One knob is marked: arrows choose and turn it, digits and Enter set it.

    Attributes:
        typed: What has been typed of a number.
    """

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
        self.typed = ""
        self._shown: object = None

    def show_news(self) -> None:
        """Draw anew when a knob was turned, or another is marked."""
        state = self.session.knobs(), self.session.knob, self.typed, self.has_focus
        if state != self._shown:
            self._shown = state
            self.redraw()

    def on_focus(self) -> None:
        self.show_news()

    def on_blur(self) -> None:
        """What was typed and not entered is given up."""
        self.typed = ""
        self.show_news()

    def action_mark(self, by: int) -> None:
        ids = [knob.id for knob in self.session.lab.knobs]
        if ids:
            self.session.knob = ids[(ids.index(self.session.knob) + by) % len(ids)]
            self.typed = ""
            self.show_news()

    def action_turn(self, by: int) -> None:
        self.typed = ""
        self.post_message(self.LinkPicked(self, f"knob:{self.session.knob}:{'up' if by > 0 else 'down'}"))

    def on_key(self, event: events.Key) -> None:
        """Type a value of a number: digits and a point, Enter to set it, Escape to leave it."""
        if not self._takes(event.key, event.character or ""):
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.post_message(self.Typed(self.typed))
        kept = {"backspace": self.typed[:-1], "enter": "", "escape": ""}
        self.typed = kept.get(event.key, self.typed + (event.character or ""))
        self.show_news()

    def _takes(self, key: str, character: str) -> bool:
        card = self.session.spec.knob(self.session.knob)
        number = card is not None and not card.values
        return (number and (character.isdigit() or (character == "." and bool(self.typed)))) or (
            bool(self.typed) and key in ("enter", "escape", "backspace")
        )

    def build(self, width: int, height: int) -> Sequence[Row]:
        values = self.session.knobs()
        own = self.session.next.knobs_beyond(values)
        side_by_side = max(1, min(2, width // COLUMN))
        room = width // side_by_side
        knobs = ((knob.id, self.session.spec.knob(knob.id)) for knob in self.session.lab.knobs)
        cells = [self._knob(card, values.get(id), id in own, room) for id, card in knobs if card is not None]
        count = -(-len(cells) // side_by_side)
        rows = [tuple(run for cell in cells[y::count] for run in fit_row(cell, room)) for y in range(count)]
        return [*rows, fit_row([Run(self.say(_KEYS if self.has_focus else _COME), "faint")], width)]

    def _knob(self, card: Knob, value: Value | None, own: bool, room: int) -> Row:
        """One knob: its name, then its value between two buttons."""
        here = card.id == self.session.knob
        told = "" if value is None else self.say(card.told(value))
        shown = f"{self.typed}_" if here and self.typed else told + ("*" if own else "")
        ends = [
            Run(sign, "key", "chip", bold=True, link=f"knob:{card.id}:{way}")
            for sign, way in ((" - ", "down"), (" + ", "up"))
        ]
        value_room = max(1, min(_VALUE, room // 2 - 8))
        body = Run(fit(f" {shown}", value_room), "strong" if here else "chip-ink", "chip", bold=here)
        name_room = max(1, room - value_room - 10)
        name = fit_row([Run(self.say(card.label), "strong" if here else "text", bold=here)], name_room)
        mark = Run("> " if here else "  ", "key", bold=True)
        return (mark, *name, ends[0], body, ends[1])


_KEYS = Text(
    "↑↓ 选旋钮　←→ 调　数字键入值，回车　U 恢复　* 自己的",
    "↑↓ choose · ←→ turn · type a number, Enter · U restores · * yours",
)
_COME = Text(
    "k 选旋钮　- + 调　U 恢复　* 自己的（Tab 过来可用方向键）",
    "k chooses · - + turn · U restores · * yours (Tab: arrow keys)",
)
