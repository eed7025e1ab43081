"""The view of every frame that is a picture by itself: token strips, tables, bars. A new experiment needs no new screen code."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot import drawn
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import RowsScroll


class FrameView(RowsScroll):
    """Draws the newest frames of one view, all arms under their labels, the chosen one first.

    Attributes:
        view: Id of the view.
        arm: Id of the arm on top.
    """

    TELLS_MORE = True
    DEFAULT_CSS = "FrameView { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.arm = session.arm_ids[0]
        self._shown: tuple[object, ...] = ()

    def show(self, arm: str) -> None:
        """Draw anew when there are new frames, or another arm is to stand on top."""
        frames = [self.session.frames.get((self.view, arm)) for arm in self.session.arm_ids]
        state = (arm, *map(id, frames), *map(self.session.lost_at, self.session.arm_ids))
        if state != self._shown:
            if arm != self.arm:
                self.scroll_home(animate=False)
            self._shown, self.arm = state, arm
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Per arm: its label, then its frame."""
        session = self.session
        ids = session.arm_ids
        first = ids.index(self.arm) if self.arm in ids else 0
        rows: list[Row] = []
        for arm in (*ids[first:], *ids[:first]):
            frame = session.frames.get((self.view, arm))
            if frame is None or not drawn.drawable(frame):
                continue
            if len(ids) > 1:
                title = [Run(f"{self.say(session.lab.labels[arm])}", "accent", bold=True)]
                if not rows:
                    title.append(Run(self.say(_NEXT), "faint", link="do:lab_arm"))
                rows.append(tuple(title))
            if (lost_at := session.lost_at(arm)) is not None:
                rows += wrap([Run(self.say(_BEFORE_IT_STOPPED.format(step=lost_at)), "warn")], width)
            note = session.spec.words.get(f"{self.view}.note")
            if note is not None:
                rows += wrap([Run(self.say(note), "dim")], width)
            rows += drawn.render(frame, width, lambda word: self.say(session.word(word)), self.say)
            rows.append(())
        came = any((self.view, arm) in session.frames for arm in ids)
        return rows or wrap([Run(self.say(_NOTHING if came else _WAITING), "dim")], width)


_NEXT = Text("   a 换一组到最前", "   a: next one on top")
_BEFORE_IT_STOPPED = Text(
    "第 {step} 步发散了：这是那之前的样子。", "Diverged at step {step}: this is how it was before."
)
_NOTHING = Text("这次运行中，这里没有内容可显示。", "This run has nothing to show here.")
_WAITING = Text("运行后，这里显示此刻的样子。", "Once it runs, this moment shows here.")
