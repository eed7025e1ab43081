"""The view of `Samples`: what the model writes as training goes on, newest first."""

from __future__ import annotations

from tutor.frames import Frame, Samples
from tutor.plot import samples
from tutor.plot.cells import Row
from tutor.text import Text
from tutor.ui.views.frames import FrameView


class SamplesView(FrameView):
    """Draws the samples that a session has gathered, all arms under their labels."""

    def state(self, arm: str) -> object:
        return self.session.frames.written(self.view, arm, self.session.snapshot)

    def frame(self, arm: str) -> Frame | None:
        items = self.session.frames.written(self.view, arm, self.session.snapshot)
        return Samples(tuple(items)) if items else None

    def draw(self, frame: Frame, width: int, height: int) -> list[Row]:
        part = self.session.part_words or Text("{parts}", "{parts}")
        assert isinstance(frame, Samples)
        return samples.render(
            frame,
            width,
            step_label=self.say(Text("第 {step} 步", "step {step}")),
            without_label=self.say(Text(f"去掉{part.zh}", f"without {part.en}")),
            temperature_label=self.say(Text("温度 {temperature}", "temperature {temperature}")),
        )
