"""The prediction gate: before the first run of a lab the learner says what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import RowsScroll


class PredictionGate(RowsScroll):
    """Asks for the prediction; a number, Enter or a click chooses, 0 skips."""

    DEFAULT_CSS = "PredictionGate { width: 1fr; height: 1fr; padding: 1 1 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "previous option", show=False),
        Binding("down", "move(1)", "next option", show=False),
        Binding("enter", "choose", "choose", show=False),
    ]

    @dataclass
    class Predicted(Message):
        """The learner chose an option, or None to skip."""

        gate: PredictionGate
        option: str | None

        @property
        def control(self) -> PredictionGate:
            """The gate, for ``@on`` selectors."""
            return self.gate

    def __init__(self, session: LabSession, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.marked = 0

    def action_move(self, by: int) -> None:
        """Mark another option."""
        count = len(self.session.lab.prediction.options) + 1
        self.marked = (self.marked + by) % count
        self.redraw()

    def action_choose(self) -> None:
        """Take the marked option."""
        self.choose(self.marked)

    def choose(self, index: int) -> None:
        """Take the option at ``index``; one past the last is "don't predict"."""
        options = self.session.lab.prediction.options
        if 0 <= index < len(options):
            self.post_message(self.Predicted(self, options[index].id))
        elif index == len(options):
            self.post_message(self.Predicted(self, None))

    def choose_digit(self, digit: int) -> None:
        """Digits choose as they are shown; 0 skips."""
        self.choose(digit - 1 if digit else len(self.session.lab.prediction.options))

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        """A click on an option takes it."""
        event.stop()
        self.choose(int(event.link))

    def on_resize(self, event: events.Resize) -> None:
        """The height decides how much of it there is."""
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """What the lab is, the question, the options; in a low window closer together, and without what the lesson says as well."""
        room = self.size.height
        for roomy, told in ((True, True), (False, True), (False, False)):
            rows = self._rows_with(width, roomy=roomy, told=told)
            if len(rows) <= room:
                break
        return rows

    def _rows_with(self, width: int, *, roomy: bool, told: bool) -> list[Row]:
        lab = self.session.lab
        rows: list[Row] = [*render(self.say(lab.summary), width), ()] if told else []
        rows.append(self._heading(width))
        rows += [(), *render(self.say(lab.prediction.question), width), ()]
        choices = [option.text for option in lab.prediction.options]
        choices.append(Text("先不猜，直接看", "Skip the prediction"))
        for index, text in enumerate(choices):
            rows += self._option(index, text, width, skip=index == len(choices) - 1)
            if roomy:
                rows.append(())
        return rows

    def _heading(self, width: int) -> Row:
        """What to do here, and with which keys where there is room for them: the key that runs does nothing before this."""
        head = Run(self.say(Text("先预测，再运行", "Predict first, then run")), "heading", bold=True)
        last = len(self.session.lab.prediction.options)
        keys = Run(self.say(Text(f"   按 1–{last} 选", f"   choose with 1–{last}")), "faint")
        return (head, keys) if row_width((head, keys)) <= width else (head,)

    def _option(self, index: int, text: Text, width: int, *, skip: bool) -> list[Row]:
        marked = index == self.marked
        look = "strong" if marked else ("dim" if skip else "text")
        link = str(index)
        body = [
            Run(run.text, look if run.fg in ("", "text") else run.fg, bold=run.bold or marked, link=link)
            for run in inline(self.say(text))
        ]
        head = Run(" > " if marked else "   ", "key", bold=True, link=link)
        number = Run(f"{0 if skip else index + 1} ", "key", bold=True, link=link)
        first, *more = wrap(body, max(1, width - 5)) or [()]
        return [(head, number, *first), *((Run("     ", link=link), *line) for line in more)]
