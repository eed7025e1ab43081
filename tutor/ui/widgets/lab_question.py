"""What a run asks the learner, with its choices: each has a number to press, and can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import FitRows


class LabQuestion(FitRows):
    """The question of the moment that is shown; of a past one also what was answered."""

    DEFAULT_CSS = "LabQuestion { height: auto; width: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self._shown: object = None

    def show_news(self) -> None:
        """Draw anew when something else is asked, or it is answered."""
        answer = self.session.snapshot.answer if self.session.snapshot is not None else None
        state = self.session.question, answer
        if state != self._shown:
            self._shown = state
            self.display = self.session.question is not None
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        question, snapshot = self.session.question, self.session.snapshot
        if question is None or snapshot is None:
            return ()
        rows: list[Row] = list(wrap([Run(clean(self.say(question.prompt)), "strong", bold=True)], width))
        for number, (value, text) in enumerate(question.choices.items(), 1):
            link, given = f"answer:{number}", value == snapshot.answer
            head = (
                Run(f" {number} ", "key", "chip", bold=True, link=link),
                Run(" (o) " if given else " ( ) ", "key" if given else "dim", link=link),
            )
            body = Run(clean(self.say(text)), "strong" if given else "text", link=link)
            first, *more = wrap([body], max(1, width - 8)) or [()]
            rows += [(*head, *first), *((Run(" " * 8, link=link), *line) for line in more)]
        if snapshot.answer is not None and self.session.moment is not None:
            rows += wrap([Run(self.say(_OTHERWISE), "key")], width)
        return rows


_OTHERWISE = Text(
    "这里已经选过；换一个选择，就从这里分出一支。", "Answered here before; another choice begins a fork here."
)
