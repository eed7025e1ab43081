"""The view of `Curves`: losses and other metrics over steps, all arms in one chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor.frames import PINNED, Curves
from tutor.plot import curves
from tutor.plot.cells import Row
from tutor.plot.legend import SEPARATOR
from tutor.plot.lines import Key
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import RowsWidget

_INKS = 8

_FINAL_NOTE = Text("在全部验证数据上量得的最终值", "the final value, measured on all the validation data")


class CurvesView(RowsWidget):
    """Draws the newest curves of a session, with the lab's labels.

    Attributes:
        frame: What is drawn.
        moment: The step of the past that is shown; None at the head.
        only: The one metric whose lines are drawn, at first where all together would be more than can be told apart; None draws
            all.
    """

    DEFAULT_CSS = "CurvesView { width: 1fr; height: 1fr; }"

    def __init__(self, session: LabSession, view: str = "curves") -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.frame = Curves(())
        self.moment: int | None = None
        crowded = len(session.arm_ids) * len(session.lab.curves) > _INKS
        self.only: str | None = session.lab.curves[0] if crowded else None

    def show(self, arm: str) -> None:
        """Draw what is new; all arms are seen at once."""
        session = self.session
        frame, moment = session.curves(self.view), session.moment
        if frame is not self.frame or moment != self.moment:
            self.frame, self.moment = frame, moment
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The chart at this size."""
        drawn = {series.metric for series in self.frame.series if self.only in (None, series.metric)}
        one = next(iter(drawn)) if len(drawn) == 1 and len(self.session.arm_ids) > 1 else None
        card = next((metric for metric in self.session.spec.metrics if metric.id == one), None)
        return curves.render(
            self.frame,
            width,
            height,
            names=curve_names(self.session, self.say, one),
            y_label=self.say(card.label) if card is not None else "",
            x_label=self.say(Text("步", "step")),
            x_max=float(self._budget()),
            styles=curve_styles(self.session),
            moment=self.moment,
            only=self.only,
            tints=not self.tutor.dots,
            final_note=self.say(_FINAL_NOTE),
        )

    def _budget(self) -> int:
        """Steps of what is drawn: the base while it trains, then the arms."""
        snapshot = self.session.snapshot
        if snapshot is None or not snapshot.arms:
            return self.session.shown.steps or self.session.lab.steps or 1
        if snapshot.timeline is not None:
            return snapshot.timeline.total
        return snapshot.arms[0].total if snapshot.phase == "base" else snapshot.arms[-1].total


def curve_styles(session: LabSession) -> dict[Key, int]:
    """Ink and dot pattern of every line: with several arms the arm decides the ink and the metric the pattern."""
    if len(session.arm_ids) == 1:
        return {(session.arm_ids[0], metric): i + _INKS * i for i, metric in enumerate(session.lab.curves)}
    return {
        (arm, metric): a + _INKS * m
        for a, arm in enumerate(session.arm_ids)
        for m, metric in enumerate(session.lab.curves)
    }


def curve_names(session: LabSession, say: Callable[[Text], str], only: str | None = None) -> dict[Key, str]:
    """Names of all lines a lab may draw: the metric alone when there is one arm, else ``arm · metric``; the arm alone where all
    lines are of the metric ``only``.

    A fork is named after what was changed, for its letter says of which line it is; a pinned run after being one.
    """
    lab = session.lab
    arms = {arm: say(label) for arm, label in lab.labels.items()}
    several = len(arms) > 1
    metrics = {m.id: say(m.short if several and m.short else m.label) for m in session.spec.metrics}
    drawn = list(lab.curves)
    knobs = {knob.id: knob for knob in session.spec.knobs}
    names: dict[Key, str] = {}
    timeline = session.snapshot.timeline if session.snapshot is not None else None
    forks = [line for line in timeline.branches if line.parent is not None] if timeline is not None else []
    for arm, arm_label in arms.items():
        for metric in drawn:
            label = metrics.get(metric, metric)
            if len(arms) == 1:
                names[arm, metric] = label
            elif len(drawn) == 1 or metric == only:
                names[arm, metric] = arm_label
            else:
                names[arm, metric] = f"{arm_label}{SEPARATOR}{label}"
            for fork in forks:
                turned = ", ".join(
                    f"{say(knobs[id].label)} {say(knobs[id].told(after))}"
                    for id, (_, after) in fork.changes.items()
                    if id in knobs
                )
                mark = say(Text(f"分支 {fork.id}", f"fork {fork.id}"))
                names[arm, metric, fork.id] = turned or (say(fork.answered) if fork.answered else mark)
            names[arm, metric, PINNED] = names[arm, metric] + SEPARATOR + say(Text("钉住的", "pinned"))
    return names
