"""What a learner does to a run besides running it: move through its past, turn its knobs, compare it, take it apart."""

from __future__ import annotations

from tutor.engine.snapshot import ENDED, LOST, TimelineStatus
from tutor.engine.timeline import MOST_LINES
from tutor.experiments.stops import following
from tutor.text import Text
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.lab_head import LabControls
from tutor.ui.widgets.lab_runs import LabRuns


class LabMoves(LabRuns):
    """The moves of a lab pane; a mixin over its session and its parts."""

    def choose_view(self, name: str) -> None:
        """Show a view."""
        raise NotImplementedError

    def map_view(self) -> tuple[str, HeatMapView] | None:
        """The view of maps that is looked at."""
        raise NotImplementedError

    def do_scrub(self, by: int) -> None:
        """To the kept moment before or after."""
        if self._timeline() is not None:
            self.session.scrub(by)
            self._look_soon()

    def do_rewind(self, round_: int | None) -> None:
        """To a round; None is the newest."""
        if self._timeline() is not None:
            self.session.rewind(round_)
            self._look_soon()

    def do_next_line(self) -> None:
        """From the run to its forks and back."""
        timeline = self._timeline()
        if timeline is None:
            return
        if len(timeline.lines) == 1:
            self.tell(_NO_FORK)
            return
        ids = [line.id for line in timeline.lines]
        self.session.switch(ids[(ids.index(timeline.line) + 1) % len(ids)])
        self._look_soon()

    def do_next_knob(self) -> None:
        """Choose the next knob for the keys."""
        ids = [knob.id for knob in self.session.lab.knobs]
        if ids:
            at = ids.index(self.session.knob) if self.session.knob in ids else -1
            self.session.knob = ids[(at + 1) % len(ids)]
            self.show_news()
            if not self.session.is_live(self.session.knob) and self.session.run is not None:
                self.tell(_RESTART)

    def do_knob(self, by: int, knob_id: str | None = None) -> None:
        """Turn a knob one notch, within the lab's range."""
        session = self.session
        knob = next((k for k in session.lab.knobs if k.id == (knob_id or session.knob)), None)
        if knob is None:
            return
        session.knob = knob.id
        value = session.knobs().get(knob.id)
        card = next((k for k in session.spec.knobs if k.id == knob.id), None)
        if value is None or card is None:
            return
        began = [session.knobs_with(of)[knob.id] for of in ({}, session.begun.settings)]
        new = following(card, value, by, knob.minimum, knob.maximum, began)
        if new is None:
            self.tell(
                Text("已经到头了：{value}", "{value} is as far as it goes").format(value=card.told(value))
            )
            return
        if card.live and knob.id not in session.spec.display and self._no_room():
            return
        session.turn(knob.id, new)
        if not card.live and session.run is not None and session.phase not in ENDED:
            self.tell(_RESTART)
        self.query_one(LabControls).redraw()
        self._look_soon()

    def _no_room(self) -> bool:
        """Whether a turn at this moment would begin a fork too many; then it is said."""
        session = self.session
        timeline = session.snapshot.timeline if session.snapshot else None
        full = session.moment is not None and timeline is not None and len(timeline.lines) >= MOST_LINES
        if full:
            self.tell(_FULL)
        return full

    def do_restore(self) -> None:
        """Put the settings of the lab in the place of the learner's own."""
        session = self.session
        turned = any(session.is_own(knob, value) for knob, value in session.knobs().items())
        if not (turned or session.own or session.settings):  # some may be of no use, and so change nothing
            self.tell(_NOTHING_OWN)
        elif not (turned and self._no_room()):
            session.restore()
            self.tell(_RESTORED)
            self.show_news()
            self._look_soon()

    def do_pin(self) -> None:
        """Keep the run under the next one, or let go of it."""
        if self.session.run is None and self.session.pinned is None:
            self.tell(_NOTHING_TO_PIN)
            return
        pinned = self.session.pin()
        self.tell((_PINNED if self.session.phase in ENDED else _PINNED_GOING) if pinned else _LET_GO)
        self.show_news()

    def do_ablate(self) -> None:
        """Take the part that is seen out of the model, or put it back."""
        session = self.session
        name = session.part_view
        if name is None:
            self.tell(_NO_PARTS)
            return
        self.choose_view(name)
        found = self.map_view()
        plane = found[1].plane_name if found is not None and found[0] == name else None
        if found is None or plane is None or session.run is None:
            self.tell(_NO_PART_YET)
        elif session.phase in LOST:
            self.tell(_STOPPED)
        else:
            session.run.ablate(found[1].arm, plane)
            self._look_soon()

    def do_metric(self) -> None:
        """The curves of one metric, then of the next, then all."""
        view = self.query_one(CurvesView)
        if not view.display and "curves" in self.session.lab.views:
            self.choose_view("curves")
        choices = [None, *self.session.lab.curves]
        if len(choices) > 2:
            view.only = (
                choices[(choices.index(view.only) + 1) % len(choices)] if view.only in choices else None
            )
            view.redraw()

    def do_source(self) -> None:
        """Show what the run does, in its own words."""
        from tutor.ui.screens.source import SourceScreen

        session = self.session
        configs = session.configs()
        if not configs:
            self.tell(_BAD_SETTINGS)
            return
        found = session.own if session.run is None else session.ran
        own = session.in_words(found) if found else None
        labels = session.lab.labels
        self.app.push_screen(SourceScreen(session.spec, configs, labels, session.knobs(), own))

    def _timeline(self) -> TimelineStatus | None:
        """Where the run stands; tells the learner when there is no past yet."""
        snapshot = self.session.snapshot
        timeline = snapshot.timeline if snapshot is not None else None
        if timeline is None or self.session.phase in LOST:
            self.tell(_STOPPED if self.session.phase in LOST else _NO_PAST)
            return None
        return timeline

    def _look_soon(self) -> None:
        """A key wants its answer before the next regular look into the mailbox."""
        for seconds in (0.012, 0.03, 0.055, 0.09, 0.13):
            self.set_timer(seconds, self._look)

    def _look(self) -> None:
        if self.is_attached and self.session.poll(self.query_one(LabControls).lang):
            self.show_news()


_STOPPED = Text(
    "这次运行已经停了，不能再回看；按 r 从头再来",
    "This run was stopped, so its past can't be shown any more; r begins anew",
)
_NO_PAST = Text(
    "还没有可以回看的过去；先按空格运行", "There is no past to look at yet; run first, with space"
)
_NO_FORK = Text(
    "还没有分支。按 [ 退回到更早的一刻，再用 - 或 + 调旋钮，就会从那里分出一支",
    "There is no fork yet. Go back with [ and turn a knob with - or +: a fork begins there",
)
_FULL = Text("分支已经够多了；按 r 重来", "That is as many forks as there is room for; reset with r")
_RESTART = Text(
    "这个设置要重新开始才生效：按 r 重来，再按空格",
    "This setting needs a restart: reset with r, then run again with space",
)
_NOTHING_OWN = Text("下次运行用的就是实验原来的设置", "The next run has the settings of the lab as it is")
_RESTORED = Text(
    "已恢复实验原来的设置：训练中能调的立即生效，其余从下次运行起",
    "Back to the settings of the lab: live knobs at once, the rest from the next run on",
)
_NOTHING_TO_PIN = Text("先运行一次，再按 t 把它钉住", "Run it first, then pin it with t")
_PINNED = Text(
    "已钉住这次运行。用 k 选旋钮、- + 改一个设置，按 r 重来，再按空格跑一次",
    "This run is pinned. Choose a knob with k, change it with - or +, reset with r, and run with space",
)
_PINNED_GOING = Text(
    "已钉住。等它跑完，或按 r 重来，再改一个设置跑一次",
    "Pinned. Let it end, or reset with r, then change one setting and run again",
)
_LET_GO = Text("不再钉住", "No longer pinned")
_NO_PARTS = Text("这个实验里没有可以去掉的部件", "Nothing can be taken out in this lab")
_NO_PART_YET = Text("运行之后才有部件可去掉", "There is nothing to take out before it runs")
_BAD_SETTINGS = Text("设置有误，无从显示", "The settings can't be used, so there is nothing to show")
