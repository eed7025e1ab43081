"""What a lab asks the learner: before its first run, what will happen; in some labs, something in the midst of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.asked_rows import CHOOSE_FIRST, SUBMIT
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import FitRows, RowsScroll


class PredictionGate(RowsScroll):
    """Asks for the prediction: a number, a click, or space at the cursor chooses, Enter submits what was chosen; 0 skips."""

    DEFAULT_CSS = "PredictionGate { width: 1fr; height: 1fr; padding: 1 1 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "previous option", show=False),
        Binding("down", "move(1)", "next option", show=False),
        Binding("space", "choose", "choose", show=False),
        Binding("enter", "submit", "submit", show=False),
    ]

    @dataclass
    class Predicted(Message):
        """The learner submitted an option, or None to skip."""

        option: str | None

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.begin()

    def begin(self) -> None:
        """Stand anew, with the prediction that was made, if one was."""
        ids = [option.id for option in self.session.lab.prediction.options]
        self.chosen = ids.index(self.session.predicted) if self.session.predicted in ids else None
        self.marked, self._asked = self.chosen or 0, False
        self.redraw()

    def action_move(self, by: int) -> None:
        self.marked = (self.marked + by) % len(self.session.lab.prediction.options)
        self.redraw()

    def action_choose(self) -> None:
        self.choose_digit(self.marked + 1)

    def action_submit(self) -> None:
        if self.chosen is None:
            self.ask()
        else:
            self.post_message(self.Predicted(self.session.lab.prediction.options[self.chosen].id))

    def ask(self) -> None:
        """Take the keys, and say that something is to be chosen first."""
        self.focus()
        self._asked = self.chosen is None
        self.redraw()

    def choose_digit(self, digit: int) -> None:
        if digit == 0:
            self.post_message(self.Predicted(None))
        elif digit <= len(self.session.lab.prediction.options):
            self.chosen = self.marked = digit - 1
            self._asked = False
            self.focus()
            self.redraw()

    def on_drawn_link_picked(self, event: RowsScroll.LinkPicked) -> None:
        event.stop()
        self.choose_digit(int(event.link)) if event.link.isdigit() else self.action_submit()

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
        for index, option in enumerate(lab.prediction.options):
            chosen, marked = index == self.chosen, index == self.marked
            rows += _option(index + 1, inline(self.say(option.text)), width, "", chosen=chosen, marked=marked)
            if roomy:
                rows.append(())
        submit = Run(self.say(SUBMIT), "chip-ink", "chip", bold=True, link="go")
        skip = Run(self.say(Text("0 先不猜，直接看", "0 Skip the prediction")), "key", link="0")
        note = [Run("  "), Run(self.say(CHOOSE_FIRST), "warn", bold=True)] if self._asked else []
        last = (submit, *note, Run("  "), skip)
        return [*rows, *([last] if row_width(last) <= width else [last[:-2], last[-1:]])]

    def _heading(self, width: int) -> Row:
        """Return what to do here, and with which keys where there is room for them: the key that runs does nothing before this."""
        said = Text("先预测，再动旋钮", "Predict first, then turn the knobs")
        if not self.session.spec.instant:
            said = Text("先预测，再运行", "Predict first, then run")
        head = Run(self.say(said), "heading", bold=True)
        last = len(self.session.lab.prediction.options)
        keys = Run(self.say(Text(f"   按 1–{last} 选", f"   choose with 1–{last}")), "faint")
        return (head, keys) if row_width((head, keys)) <= width else (head,)


class LabQuestion(FitRows):
    """The question of the moment that is shown, each choice with a number to press; of a past one also what was answered."""

    DEFAULT_CSS = "LabQuestion { height: auto; width: 1fr; padding: 0 1; }"

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
            rows += _option(number, body, width, "answer:", chosen=value == snapshot.answer)
        if snapshot.answer is not None and self.session.moment is not None:
            rows += wrap([Run(self.say(_OTHERWISE), "key")], width)
        return rows


def _option(
    number: int, text: Sequence[Run], width: int, link: str, *, chosen: bool, marked: bool = False
) -> list[Row]:
    """Return an option by its number, which also ends its link."""
    link += str(number)
    look = "strong" if marked or chosen else "text"
    head = (
        Run(" > " if marked else "   ", "key", bold=True, link=link),
        Run(f"{number} ", "key", bold=True, link=link),
        Run("(o) " if chosen else "( ) ", "key" if chosen else "dim", bold=True, link=link),
    )
    body = (
        Run(run.text, look if run.fg in ("", "text") else run.fg, bold=run.bold or marked, link=link)
        for run in text
    )
    return wrap([*head, *body], width, indent=row_width(head))


_OTHERWISE = Text(
    "这里已经选过；换一个选择，就从这里分出一支。", "Answered here before; another choice begins a fork here."
)
