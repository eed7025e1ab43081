"""The view of `Curves`: losses and other metrics over steps, all arms in one chart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from tutor.engine.snapshot import BranchStatus
from tutor.frames import DRAWN, PINNED, Curves
from tutor.plot import curves
from tutor.plot.cells import Row
from tutor.plot.legend import SEPARATOR
from tutor.plot.lines import INKS, Key
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import Drawn

_NEXT = Text("   c 换一种", "   c: next")
_DRAWN = Text("你画的", "as you drew it")
_FINAL_NOTE = Text("在全部验证数据上量得的最终值", "the final value, measured on all the validation data")


class CurvesView(Drawn):
    """Draws curves: those of a lab's metrics, or those that a view of the experiment gives, all arms in one chart.

    Attributes:
        view: Id of the view.
        frame: What is drawn.
        moment: The step of the past that is shown; None at the head.
        only: Metrics that are drawn alone; None: all, in a chart for each unit, as far as there is room.
    """

    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = "CurvesView { width: 1fr; height: 1fr; }"

    def __init__(self, session: LabSession, view: str = "curves") -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.frame = Curves(())
        self.moment: int | None = None
        self.only: tuple[str, ...] | None = None
        self._choices: list[tuple[str, ...] | None] = [None]
        self._first_arm = ""
        self._arm = ""
        self._around: tuple[object, ...] = ()

    def show(self, arm: str) -> None:
        """Draw what is new; an arm other than the first one shown is singled out among many."""
        session = self.session
        self._first_arm = self._first_arm or arm
        frame, around = session.curves(self.view), (session.moment, arm, session.line, self._budget())
        if frame is not self.frame or around != self._around:
            self.frame, self._around = frame, around
            self.moment, self._arm = session.moment, arm
            self.redraw()

    @property
    def chooses(self) -> bool:
        """Whether it is seen, and there is another choice to go to."""
        return len(self._choices) > 1 and self.seen

    def next_metrics(self) -> None:
        """Go to the next choice: all if there is room for them, each unit, each metric."""
        at = self._choices.index(self.only) if self.only in self._choices else 0
        self.only = self._choices[(at + 1) % len(self._choices)]
        self.redraw()

    @property
    def _metrics(self) -> list[str]:
        if self.view == "curves":
            return list(self.session.lab.curves)
        return list(dict.fromkeys(series.metric for series in self.frame.series))

    def groups(self) -> list[tuple[str, ...]]:
        """Metrics that share an axis: those of one unit; each has its own where all arms together would be too many lines."""
        units: dict[str, list[str]] = {}
        for metric in self._metrics:
            card = self.session.spec.metric(metric)
            units.setdefault(card.unit.en if card is not None else "", []).append(metric)
        arms = len({series.arm for series in self.frame.series} or self.session.arm_ids)
        crowded = any(arms > 1 and arms * len(metrics) > curves.MOST_LINES for metrics in units.values())
        groups = [tuple(metrics) for metrics in units.values()]
        return [(metric,) for metric in self._metrics] if crowded else groups

    def _title(self, metric: str, *, named: bool) -> str:
        """Return what is measured in a chart, in its unit: the metric where the lines don't say it, else the unit alone."""
        card = self.session.spec.metric(metric)
        if card is None:
            return self.say(self.session.spec.word(metric)) if named else ""
        return self.say(card.in_unit if named else card.unit)

    def build(self, width: int, height: int) -> Sequence[Row]:
        groups, metrics = self.groups(), self._metrics
        fits = len(groups) * curves.LEAST_PANEL <= height
        several = len(groups) > 1
        single = [(metric,) for metric in metrics] if len(metrics) > 1 else []
        alone: list[tuple[str, ...] | None] = [*(groups if several else []), *single]
        self._choices = list(dict.fromkeys([*([] if several and not fits else [None]), *alone]))
        chosen = self.only if self.only in self._choices else self._choices[0]
        shown = groups if chosen is None else [chosen]
        apart = all(len(group) == 1 for group in shown)
        many = len(self.session.arm_ids) > 1
        titles = [self._title(group[0], named=apart and (many or several)) for group in shown]
        if several and not fits:
            titles[0] += self.say(_NEXT)
        axis = self.frame.x_axis.label
        branch = self.session.line
        forked = any(series.branch > 0 for series in self.frame.series)

        def stands_out(arm: str, of: int) -> bool:
            return (of == branch or not forked) and self._arm in (arm, self._first_arm)

        return curves.panels(
            self.frame,
            width,
            height,
            list(zip(shown, titles, strict=True)),
            names=self._names(by_arm=apart),
            x_label=self.say(self.session.spec.word(axis)) if axis else self.say(Text("步", "step")),
            x_max=float(self._budget()),
            styles=self._styles(apart=all(len(group) == 1 for group in groups)),
            moment=self.moment,
            single=stands_out,
            tints=not self.app.dots,
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

    def _styles(self, *, apart: bool) -> dict[Key, int]:
        """Choose ink and dot pattern of every line: of several arms each has an ink, and each metric a pattern if metrics aren't apart."""
        arms = self.session.arm_ids
        alone = len(arms) == 1
        return {
            (arm, metric): (m if alone else a) + INKS * (0 if apart and not alone else m)
            for a, arm in enumerate(arms)
            for m, metric in enumerate(self._metrics)
        }

    def _names(self, *, by_arm: bool) -> dict[Key, str]:
        """Name all lines: by the metric when there is one arm, else ``arm · metric``, or by the arm.

        A fork is named after what was changed, for its letter says of which line it is; an earlier run is called pinned.
        """
        session, drawn = self.session, self._metrics
        arms = session.lab.labels
        several = len(arms) > 1
        metrics = {m.id: m.short if several and m.short else m.label for m in session.spec.metrics}
        lines = session.timeline.branches if session.timeline is not None else ()
        forks = {line.id: self._fork_name(line) for line in lines if line.parent is not None}
        pinned = SEPARATOR + self.say(Text("钉住的", "pinned"))
        names: dict[Key, str] = {}
        for (arm, label), metric in product(arms.items(), drawn):
            measured = self.say(metrics.get(metric, Text(metric, metric)))
            name = self.say(label) if several else measured
            if several and len(drawn) > 1 and not by_arm:
                name += SEPARATOR + measured
            names |= {
                (arm, metric): name,
                (arm, metric, PINNED): name + pinned,
                (arm, metric, DRAWN): self.say(_DRAWN),
            }
            names |= {(arm, metric, fork): said for fork, said in forks.items()}
        return names

    def _fork_name(self, fork: BranchStatus) -> str:
        turned = [
            f"{self.say(knob.label)} {self.say(knob.told(after))}"
            for id, (_, after) in fork.changes.items()
            if (knob := self.session.spec.knob(id)) is not None
        ]
        return ", ".join(turned) or self.say(fork.answered or Text(f"分支 {fork.id}", f"fork {fork.id}"))
