"""What a lab asks the learner: before its first run, what will happen; in some labs, something in the midst of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.plot.prose import render
from tutor.plot.wrap import wrap
from tutor.progress.store import BetValue, Confidence
from tutor.text import Text
from tutor.ui.actions import Action
from tutor.ui.asked_rows import SUBMIT
from tutor.ui.bet_input import bet_input, option_rows
from tutor.ui.lab_session import LabSession
from tutor.ui.pieces import button
from tutor.ui.sure import LEVELS, SURE_KEYS, sure_row
from tutor.ui.widgets.rows import FitRows, RowsScroll


class PredictionGate(RowsScroll):
    """Asks for the prediction: digits, arrows and the mouse make it, Enter asks how sure, 1 to 3 submit; 0 skips."""

    DEFAULT_CSS = "PredictionGate { width: 1fr; height: 1fr; padding: 1 1 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(0, 1)", "previous option", show=False),
        Binding("down", "move(0, -1)", "next option", show=False),
        Binding("left", "move(-1, 0)", show=False),
        Binding("right", "move(1, 0)", show=False),
        Binding("space", "choose", "choose", show=False),
        Binding("enter", "submit", "submit", show=False),
        Binding("escape", "back", show=False),
    ]

    @dataclass
    class Predicted(Message):
        """The learner submitted a bet, and how sure of it; None to skip."""

        bet: BetValue | None
        confidence: Confidence | None = None

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.begin()

    def begin(self) -> None:
        """Stand anew, with the prediction that was made, if one was."""
        session = self.session
        self.input = bet_input(session.lab, session.bet.shuffle_seed, session.bet.value)
        self.sure, self._asked = False, False
        self._bet_at, self._held = 0, False
        self._box: object = None
        self._way = True, True
        self.redraw()

    @property
    def asking(self) -> tuple[Action, ...]:
        """What the keys do while it is asked how sure the learner is."""
        return SURE_KEYS if self.sure else ()

    def action_move(self, across: int, up: int) -> None:
        if self.sure or not self.input.move(across, up):
            raise SkipAction
        self._changed()

    def action_choose(self) -> None:
        if not self.sure:
            self.input.space()
            self._changed()

    def action_submit(self) -> None:
        if self.input.value is None:
            self.ask()
        else:
            self.sure = True
            self.redraw()

    def action_back(self) -> None:
        """Go back from how sure to what."""
        if not self.sure:
            raise SkipAction
        self.sure = False
        self.redraw()

    def ask(self) -> None:
        """Take the keys, and say that something is to be chosen first."""
        self.focus()
        self._asked = self.input.value is None
        self.redraw()

    def choose_digit(self, digit: int) -> None:
        if self.sure:
            for level, _ in LEVELS:
                if level == digit:
                    self.post_message(self.Predicted(self.input.value, level))
        elif digit == 0:
            self.post_message(self.Predicted(None))
        else:
            self.input.digit(digit)
            self._changed()

    def _changed(self) -> None:
        self._asked = False
        if not self.has_focus:
            self.focus()
        self.redraw()

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        event.stop()
        match event.link.split(":"):
            case ["sure", "0"]:
                self.action_back()
            case ["sure", digit] | [digit] if digit.isdigit():
                self.choose_digit(int(digit))
            case _:
                self.action_submit()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if self._touch(event, drag=False):
            self._held = True
            self.screen.clear_selection()  # the button draws, and selects nothing
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held:
            self._touch(event, drag=True)

    def on_mouse_up(self) -> None:
        if self._held:
            self._held = False
            self.release_mouse()

    def _touch(self, event: events.MouseEvent, *, drag: bool) -> bool:
        offset = event.get_content_offset_capture(self)
        row = offset.y + self.scroll_offset.y - self._bet_at
        touched = not self.sure and self.input.touch(offset.x, row, drag=drag)
        if touched:
            event.stop()
            self._changed()
        return touched

    def on_resize(self, event: events.Resize) -> None:
        """The height decides how much of it there is."""
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """What the lab is, the question, the bet; in a low window closer together, and without what the lesson says as well."""
        room = self.size.height
        box = self.lang, width, room, self.sure, self._asked
        ways = [self._way] if box == self._box else [(True, True), (False, True), (False, False)]
        for roomy, told in ways:
            rows = self._rows_with(width, room, roomy=roomy, told=told)
            if len(rows) <= room:
                break
        self._box, self._way = box, (roomy, told)  # what is bet changes nothing in that
        return rows

    def _rows_with(self, width: int, room: int, *, roomy: bool, told: bool) -> list[Row]:
        lab = self.session.lab
        rows: list[Row] = [*_prose(self.say(lab.summary), width), ()] if told else []
        rows += self._heading(width)
        rows += [(), *_prose(self.say(lab.prediction.question), width), ()]
        if self.sure:
            last: list[Row] = wrap(sure_row(self.lang), width)
        else:
            submit = button(self.say(SUBMIT), "go")
            skip = Run(self.say(Text("0 先不猜，直接看", "0 Skip the prediction")), "key", link="0")
            note = [Run("  "), Run(self.say(self.input.missing), "warn", bold=True)] if self._asked else []
            row = (submit, *note, Run("  "), skip)
            last = [row] if row_width(row) <= width else [row[:-2], row[-1:]]
        self._bet_at = len(rows)
        rows += self.input.rows(self.lang, width, room - len(rows) - len(last), roomy=roomy)
        return [*rows, *last]

    def _heading(self, width: int) -> Sequence[Row]:
        """Return what to do here, and with which keys: the key that runs does nothing before this."""
        said = Text("先预测，再动旋钮", "Predict first, then turn the knobs")
        if not self.session.spec.instant:
            said = Text("先预测，再运行", "Predict first, then run")
        return _wrapped(
            (Run(self.say(said), "heading", bold=True), Run("   " + self.say(self.input.keys), "dim")), width
        )


class RunQuestion(FitRows):
    """The question of the moment that is shown, each choice with a number to press; of a past one also what was answered."""

    DEFAULT_CSS = "RunQuestion { height: auto; width: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def build(self, width: int, height: int) -> Sequence[Row]:
        question, snapshot = self.session.question, self.session.snapshot
        if question is None or snapshot is None:
            return ()
        rows = wrap([Run(clean(self.say(question.prompt)), "strong", bold=True)], width)
        for number, (value, text) in enumerate(question.choices.items(), 1):
            body = [Run(clean(self.say(text)))]
            rows += option_rows(number, body, width, "answer:", chosen=value == snapshot.answer)
        if snapshot.answer is not None and self.session.moment is not None:
            rows += wrap([Run(self.say(_OTHERWISE), "key")], width)
        return rows


_prose, _wrapped = lru_cache(maxsize=8)(render), lru_cache(maxsize=8)(wrap)
"""As many keys are pressed over the same texts."""

_OTHERWISE = Text(
    "这里已经选过；换一个选择，就从这里分出一支。", "Answered here before; another choice begins a fork here."
)
