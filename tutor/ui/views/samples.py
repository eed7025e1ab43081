"""The view of `Samples`: what the model writes as training goes on, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.frames import Samples
from tutor.plot import samples
from tutor.plot.cells import Row, Run
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import RowsScroll


class SamplesView(RowsScroll):
    """Draws the samples that a session has gathered, all arms under their labels."""

    TELLS_MORE = True
    DEFAULT_CSS = "SamplesView { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self._shown: object = None

    def show(self) -> None:
        """Draw anew when there are new samples."""
        state = [
            (arm, self.session.samples.shown(arm, self.session.snapshot)) for arm in self.session.arm_ids
        ]
        if state != self._shown:
            self._shown = state
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Per arm: its label, then its samples."""
        labels = self.session.lab.labels
        rows: list[Row] = []
        for arm in self.session.arm_ids:
            items = self.session.samples.shown(arm, self.session.snapshot)
            if not items:
                continue
            if len(self.session.arm_ids) > 1:
                rows.append((Run(f" {self.say(labels[arm])}", "heading", bold=True),))
            rows += samples.render(
                Samples(tuple(items)),
                width,
                step_label=self.say(Text("第 {step} 步", "step {step}")),
                without_label=self.say(Text("去掉头 {heads}", "without head {heads}")),
                temperature_label=self.say(Text("温度 {temperature}", "temperature {temperature}")),
            )
            rows.append(())
        if not rows:
            text = Text("运行后，这里显示模型写出的文字。", "Once it runs, what the model writes shows here.")
            rows.append((Run(self.say(text), "dim"),))
        return rows
