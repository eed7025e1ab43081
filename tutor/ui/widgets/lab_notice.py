"""One line of guidance under a lab's title: what to do next, what to watch, or what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import FitRows

_MOST_ROWS = 4
_ROOMY = 30
"""In a lower window a long hint would take the place of what it hints at; the lesson says the same."""


class LabNotice(FitRows):
    """A few rows at most."""

    DEFAULT_CSS = "LabNotice { height: auto; width: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def _notice(self) -> tuple[Text, str] | None:
        session = self.session
        snapshot = session.snapshot
        if (
            snapshot is not None and snapshot.message is not None and snapshot.phase != "finished"
        ):  # the reveal says it
            return snapshot.message, "bad" if snapshot.phase == "failed" else "warn"
        if not session.gate_passed:
            return None
        if session.run is None:
            return _press_space(session), "key"
        if snapshot is not None and snapshot.phase in ("running", "base", "paused"):
            return session.lab.look_for, "dim"
        return None

    def redraw(self) -> None:
        """Only a changed notice is worth a new layout: training brings news twenty times a second."""
        notice = self._notice()
        if notice != getattr(self, "_last", ()):
            self._last = notice
            super().redraw()

    def relang(self) -> None:
        """The same notice in the other language may take other rows."""
        super().redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The notice, if there is one."""
        notice = self._notice()
        if notice is None:
            return []
        text, role = notice
        runs = [
            Run(run.text, role if run.fg in ("", "text") else run.fg, bold=run.bold)
            for run in inline(self.say(text))
        ]
        lines = wrap(runs, width)
        if role == "dim" and self.app.size.height < _ROOMY:
            return lines[:1] if len(lines) == 1 else []
        return lines[:_MOST_ROWS]


def _press_space(session: LabSession) -> Text:
    """What to do; and for a learner who ran the lab before, how it came out then."""
    text = Text(
        "按空格运行：模型会在这台机器上当场训练。",
        "Press space to run: the model trains here and now, on this machine.",
    )
    last = session.last_time()
    options = {option.id: option.text for option in session.lab.prediction.options}
    happened = options.get((last[1] if last else None) or "")
    if happened is None:
        return text
    return Text(
        f"{text.zh}上次运行的结果：{happened.zh}。",
        f"{text.en} Last time it was: {happened.en}.",
    )
