"""The view of every frame that is a picture by itself: token strips, tables, bars. A new experiment needs no new screen code."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.frames import Frame
from tutor.plot import drawn
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit_row
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.views.arms import beside, grid, share
from tutor.ui.widgets.rows import RowsScroll


class FrameView(RowsScroll):
    """Draws the newest frames of one view, all arms under their labels.

    Attributes:
        view: Id of the view.
        arm: Id of the arm on top.
        alone: Id of the one arm that is shown; None when others are, too.
    """

    TELLS_MORE = True
    DEFAULT_CSS = "FrameView { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.arm = session.arm_ids[0]
        self.alone: str | None = None
        self._shown: object = None

    def _area(self) -> tuple[int, int]:
        return self.scrollable_content_region.width, self.size.height  # some frames fill the box

    def show(self, arm: str) -> None:
        """Draw anew when there are new frames, or another arm is to stand on top."""
        state = arm, *map(self.state, self.session.arm_ids), *map(self.session.lost_at, self.session.arm_ids)
        if state != self._shown:
            if arm != self.arm:
                self.scroll_home(animate=False)
            self._shown, self.arm = state, arm
            self.redraw()

    def state(self, arm: str) -> object:
        """Return what an arm is drawn from: while it is the same, nothing is drawn anew."""
        return id(self.session.frames.get((self.view, arm)))

    def frame(self, arm: str) -> Frame | None:
        frame = self.session.frames.get((self.view, arm))
        return frame if drawn.drawable(frame) else None

    def draw(self, frame: Frame, width: int, height: int) -> list[Row]:
        return drawn.render(frame, width, self._called, height, dots=self.tutor.dots)

    def _called(self, written: str | Text) -> str:
        return self.say(written if isinstance(written, Text) else self.session.word(written))

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Draw the arms beside each other or one below the other, each under its label."""
        session = self.session
        frames = {arm: frame for arm in session.arm_ids if (frame := self.frame(arm)) is not None}
        note = session.spec.words.get(f"{self.view}.note")
        head = wrap([Run(self.say(note), "dim")], width) if note is not None else []
        if not frames:
            came = any((self.view, arm) in session.frames for arm in session.arm_ids)
            return wrap([Run(self.say(_NOTHING if came else _WAITING), "dim")], width)
        several = len(session.arm_ids) > 1
        fills = all(map(drawn.fills, frames.values()))
        sizes = [drawn.least(frame, self._called) for frame in frames.values()]
        least = max(size[0] for size in sizes), max(size[1] for size in sizes) + several
        room = height - len(head)
        lines = grid(list(frames), self.arm, width, least, room if fills else None)
        rotates = len(lines[0]) < len(frames)
        self.alone = lines[0][0] if fills and rotates and lines == [lines[0][:1]] else None
        columns = share(width, len(lines[0]))
        rows = list(head)
        for line in lines:
            blocks = []
            for arm in line:
                block: list[Row] = []
                if several:
                    title = [Run(self.say(session.lab.labels[arm]), "accent", bold=True)]
                    if rotates and arm == lines[0][0]:
                        title.append(Run(self.say(_NEXT), "faint", link="do:lab_arm"))
                    block.append(fit_row(title, columns))
                if (lost_at := session.lost_at(arm)) is not None:
                    block += wrap([Run(self.say(_BEFORE_IT_STOPPED.format(step=lost_at)), "warn")], columns)
                block += self.draw(frames[arm], columns, max(1, room // len(lines) - len(block)))
                blocks.append(block)
            rows += beside(blocks, columns)
            if not fills:
                rows.append(())
        return rows


_NEXT = Text("   a 换一组到最前", "   a: next one on top")
_BEFORE_IT_STOPPED = Text(
    "第 {step} 步发散了：这是那之前的样子。", "Diverged at step {step}: this is how it was before."
)
_NOTHING = Text("这次运行中，这里没有内容可显示。", "This run has nothing to show here.")
_WAITING = Text("运行后，这里显示此刻的样子。", "Once it runs, this moment shows here.")
