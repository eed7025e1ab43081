"""The lab pane: gate, live views, reveal and controls of one session, in whatever room it is given."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from tutor.text import Text
from tutor.ui import lab_keys
from tutor.ui.lab_session import LabSession
from tutor.ui.views.arrangement import VIEW_NAMES, Room, choices, first_choice, main_view, shown_views
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.views.view import View
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.ground import Ground
from tutor.ui.widgets.knob_panel import KnobPanel
from tutor.ui.widgets.lab_head import LabControls, LabHead, ViewTabs
from tutor.ui.widgets.lab_notice import LabNotice
from tutor.ui.widgets.lab_question import LabQuestion
from tutor.ui.widgets.lesson_prose import SIDE_BY_SIDE
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import Drawn, RowsScroll
from tutor.ui.widgets.timeline_bar import TimelineBar

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase

TALL = 24
"""From this height on the curves stay above the chosen view."""
WIDE = 100
"""From this width on the curves and one more view stand left, the main view right."""


class LabPane(Ground):
    """One lab, live. What its keys do stands in `lab_keys`."""

    DEFAULT_CSS = """
    LabPane { layout: vertical; width: 1fr; height: 1fr; }
    LabPane #stage { layout: vertical; width: 1fr; height: 1fr; }
    LabPane #left { layout: vertical; width: 1fr; height: 1fr; }
    LabPane.-tall CurvesView { height: 4fr; }
    LabPane.-tall #left { height: 4fr; }
    LabPane.-tall .view, LabPane.-tall Reveal { height: 5fr; }
    LabPane.-tall #stage > .view { height: 7fr; }
    LabPane.-wide #stage { layout: horizontal; }
    LabPane.-wide #left { width: 55%; height: 1fr; }
    LabPane.-wide.-tall #left CurvesView { height: 6fr; }
    LabPane.-wide.-alone #left { width: 1fr; }
    LabPane.-wide #stage > .view { width: 45%; height: 1fr; margin-left: 1; }
    """

    class RunFinished(Message):
        """A run came to its end and was revealed."""

    def __init__(self, session: LabSession, *, view: str | None = None) -> None:
        super().__init__()
        self.session = session
        self.view = view or first_choice(session.lab.views)
        self.arm = session.lab.arms[0].id
        self._no_tab = ""
        self._beside = False
        self._ready = False
        self._asked_gate = False
        self._just_bet = False
        self._seen_finish: set[tuple[int, int]] = set()
        self._told: tuple[object, ...] = ()
        self._main = main_view(session.lab.views)
        self._views = {name: View(session, name) for name in session.lab.views if name != "curves"}
        self.set_class(self._main is None, "-alone")

    def compose(self) -> ComposeResult:
        """All parts; `lay_out` decides which are shown."""
        yield LabHead(self.session)
        yield LabNotice(self.session, beside=self._beside)
        yield PredictionGate(self.session)
        yield LabQuestion(self.session)
        if self.session.spec.instant:
            yield KnobPanel(self.session)
        yield ViewTabs()
        with Ground(id="stage"):
            with Ground(id="left"):
                yield CurvesView(self.session)
                yield from (view for name, view in self._views.items() if name != self._main)
                yield Reveal(self.session)
            if self._main is not None:
                yield self._views[self._main]
        yield TimelineBar()
        yield LabControls(self.session)

    def on_mount(self) -> None:
        self._ready = True
        self.lay_out()
        self.show_news()
        self._tell_ended()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE and event.size.height >= 16, "-wide")
        self.set_class(event.size.height >= TALL, "-tall")
        self.lay_out()

    @property
    def tutor(self) -> TutorBase:
        return cast("TutorBase", self.app)

    @property
    def _composed(self) -> bool:
        """Whether the parts are there: news may come before they are mounted and after they are gone."""
        return self.is_attached and self._ready and not self._pruning

    @property
    def gate_open(self) -> bool:
        """Whether the gate stands before the lab now."""
        return not self.session.gate_passed or self._asked_gate

    def visible_views(self) -> tuple[str, ...]:
        """Return the views that the present room and choice show."""
        if self.gate_open:
            return ()
        return shown_views(self.session.lab.views, self.view, self._room())

    def tabs(self) -> tuple[tuple[str, Text], ...]:
        """Return the views that one can choose between in this room."""
        names = choices(self.session.lab.views, self._room())
        return tuple((name, VIEW_NAMES.get(name) or self.session.word(name)) for name in names)

    def _room(self) -> Room:
        return "wide" if self.has_class("-wide") else "tall" if self.has_class("-tall") else "small"

    def lie_beside(self, beside: bool) -> None:
        """Come to a step, which may be another than the lab's: what the keys were asked or told in the one before is over."""
        self._beside, self._asked_gate = beside, False
        for notice in self.query(LabNotice):
            notice.beside = beside
            notice.answered()
        self.lay_out()
        self.show_news()
        self._tell_ended()

    def _tell_ended(self) -> None:
        """Say once which settings of the learner's own ended with the step before."""
        if self._composed and self.session.ended is not None:
            if not self.session.of_another_step:  # else that is said, and what it has otherwise
                self.tell(_ENDED.format(what=self.session.ended))
            self.session.ended = None

    def lay_out(self) -> None:
        """Show and hide parts, and tell the engine which views are worth computing."""
        if not self._composed:
            return
        gate = self.gate_open
        shown = self.visible_views()
        tabs = self.tabs()
        names = [name for name, _ in tabs]
        if not gate and self._no_tab in names:  # in this room it is one again
            self.view, self._no_tab = self._no_tab, ""
            shown = self.visible_views()
        elif not gate and self.view not in names:
            self._no_tab, self.view = self.view, first_choice(self.session.lab.views, self._room())
            shown = self.visible_views()
        self.query_one(CurvesView).display = "curves" in shown
        self.query_one(Reveal).display = "result" in shown
        for name, view in self._views.items():
            view.display = name in shown
        self.query_one("#left").display = any(v != self._main for v in shown)
        self.query_one("#stage").display = not gate
        self.query_one(PredictionGate).display = gate
        self.query_one(ViewTabs).display = not gate
        self.query_one(ViewTabs).show(tabs, self.view)
        self.query_one(LabControls).display = not gate
        self.query_one(LabQuestion).display = not gate and self.session.question is not None
        for panel in self.query(KnobPanel):
            panel.display = not gate
        if not gate and self.session.spec.instant and self.session.run is None:
            self.session.toggle()  # it costs nothing, so nothing has to be asked for
        self._show_timeline()
        self.lead_keys()
        # Curves cost next to nothing, and whoever pins a run wants them, seen or not.
        self._watch(shown)

    @property
    def reading(self) -> Widget | None:
        """What is looked at now: the reveal, else the chosen view, else the first of those that are shown."""
        if not self._composed or self.gate_open:
            return None
        if self.query_one(Reveal).display:
            return self.query_one(Reveal)
        views = (self._views.get(self.view), *self._views.values())
        return next((view.drawing for view in views if view is not None and view.display), None)

    @property
    def space(self) -> str:
        """What space does here, a key of `SPACE_DOES`; empty once there is nothing left to run or to read."""
        reading = self.reading
        if self.gate_open:
            return "choose"
        if isinstance(reading, Reveal) and reading.below and not self.session.starts_anew:
            return "page"
        if self.session.phase == "asking":
            return "choose"
        if self.session.spec.instant and not self.session.starts_anew:
            return ""
        return "" if self.session.over and not self.session.starts_anew else "run"

    def lead_keys(self) -> None:
        """Keys that nothing with the focus takes scroll what is looked at."""
        if not self._composed:
            return
        reading, focused = self.reading, self.screen.focused
        notice = self.query_one(LabNotice)
        here = self.app.size.width < SIDE_BY_SIDE or (focused is not None and self in focused.ancestors)
        if here != notice.here:
            notice.here = here
            notice.redraw()
        free = focused is None or not focused.allow_vertical_scroll
        for part in self.query(RowsScroll):
            reached = part is reading and free
            if reached != part.reached:
                part.reached = reached
                part.refresh()

    def show_knobs(self) -> None:
        """A knob was turned, or another is chosen."""
        self.query_one(LabControls).redraw()
        for panel in self.query(KnobPanel):
            panel.show_news()

    def look_soon(self) -> None:
        """A key wants its answer before the next regular look into the mailbox."""
        for seconds in (0.012, 0.03, 0.055, 0.09, 0.13):
            self.set_timer(seconds, self._look)

    def _look(self) -> None:
        if self._composed and self.session.poll(self.tutor.lang):
            self.show_news()

    def _watch(self, shown: Collection[str]) -> None:
        only = {name: view.alone for name, view in self._views.items() if view.alone is not None}
        self.session.watch(dict.fromkeys(("curves", *(v for v in shown if v != "result"))), only)

    def show_news(self) -> None:
        """The session has something new: hand each part its frame."""
        if not self._composed:
            return
        session = self.session
        self.query_one(LabHead).redraw()
        self.query_one(LabNotice).redraw()
        question = self.query_one(LabQuestion)
        question.show_news()
        question.display = question.display and not self.gate_open
        self.show_knobs()
        self._show_timeline()
        self.query_one(CurvesView).show(self.arm)
        others = [view.show(self.arm) for view in self._views.values()]
        if any(others):
            self.lead_keys()
        self._watch(self.visible_views())
        snapshot = session.snapshot
        finished = snapshot is not None and snapshot.phase == "finished"
        run_id = snapshot.run_id if snapshot is not None else None
        final = snapshot.final if snapshot is not None and session.spec.instant else None
        told = (run_id, session.line, finished, session.pinned, session.next.place, final)
        if told != self._told:
            self._told = told
            self.query_one(Reveal).redraw()
        if snapshot is not None and finished and (snapshot.run_id, session.line) not in self._seen_finish:
            self._seen_finish.add((snapshot.run_id, session.line))
            self.query_one(Reveal).scroll_home(animate=False)
            if self._just_bet or not session.spec.instant:
                self.choose_view("result")
            self._just_bet = False
            self.post_message(self.RunFinished())

    def _show_timeline(self) -> None:
        """The bar of the run's past, once there is one."""
        bar = self.query_one(TimelineBar)
        timeline = self.session.timeline
        bar.display = timeline is not None and not (self.gate_open or self.session.spec.instant)
        if timeline is not None:
            line = timeline.current
            bar.show(
                first=0,
                last=line.head,
                at=timeline.at,
                budget=timeline.total,
                marks=timeline.marks,
                forks=timeline.forks,
                playing=self.session.live,
            )

    @on(TimelineBar.Scrubbed)
    def _scrubbed(self, event: TimelineBar.Scrubbed) -> None:
        event.stop()
        lab_keys.rewind(self, event.step)

    @on(KnobPanel.Typed)
    def _typed(self, event: KnobPanel.Typed) -> None:
        event.stop()
        lab_keys.type_value(self, event.value)

    def focus_gate(self) -> None:
        if self._composed and self.gate_open:
            self.query_one(PredictionGate).focus()

    def ask_again(self) -> None:
        self._asked_gate = True
        self.query_one(PredictionGate).begin()
        self.lay_out()
        self.focus_gate()

    def leave_result(self) -> None:
        """A new run has an end of its own: the result of the last is no longer shown."""
        self._seen_finish.clear()
        if self.view == "result":
            self.view = first_choice(self.session.lab.views)
        self.lay_out()

    def choose_view(self, name: str) -> None:
        """Show a view; it gets the focus if that is in the pane, and not on its knobs."""
        self.view, self._no_tab = name, ""
        focused = self.screen.focused
        within = focused is not None and self in focused.ancestors and not isinstance(focused, KnobPanel)
        self.lay_out()
        if within and (reading := self.reading) is not None:
            reading.focus()

    def tell(self, text: Text) -> None:
        """Answer a key that can't do what it says just now: in the notice, where nothing is covered, or if that isn't seen, over all."""
        notice = self.query_one(LabNotice)
        if self._in_sight:
            notice.answer(text)
        else:
            self.notify(notice.say(text), timeout=3, markup=False)

    @property
    def _in_sight(self) -> bool:
        """Whether the pane can be seen now."""
        around = (node for node in self.ancestors_with_self if isinstance(node, Widget))
        return self.app.screen is self.screen and all(node.display for node in around)

    def map_view(self) -> tuple[str, HeatMapView] | None:
        """Return the view of maps that is looked at, or the first one of the lab that has such."""
        names = sorted(self._views, key=lambda name: (name != self.view, not self._views[name].display))
        found = ((name, self._views[name].drawing) for name in names)
        return next(((name, view) for name, view in found if isinstance(view, HeatMapView)), None)

    def next_arm(self) -> None:
        """The next arm, where a view shows one arm at a time or one on top."""
        frames = self.session.frames
        ids = [arm for arm in self.session.arm_ids if any((name, arm) in frames for name in self._views)]
        ids = ids or list(self.session.arm_ids)  # in the curves, one is singled out
        if ids:
            self.arm = ids[(ids.index(self.arm) + 1) % len(ids)] if self.arm in ids else ids[0]
            self.show_news()

    @on(PredictionGate.Predicted)
    def _predicted(self, event: PredictionGate.Predicted) -> None:
        event.stop()
        self.session.predict(event.option, self.tutor.lang)
        self._asked_gate, self._just_bet = False, True
        self.lay_out()
        main = self._views.get(self._main) if self._main is not None else None
        if main is not None and main.display:
            main.drawing.focus()
        for panel in self.query(KnobPanel):
            panel.focus()
        self.query_one(LabNotice).redraw()

    @on(Drawn.LinkPicked)
    def _link(self, event: Drawn.LinkPicked) -> None:
        kind, _, rest = event.link.partition(":")
        if kind == "view":
            event.stop()
            self.choose_view(rest)
        elif kind == "knob":
            event.stop()
            knob, _, way = rest.partition(":")
            lab_keys.turn(self, 1 if way == "up" else -1, knob)
        elif kind == "answer":
            event.stop()
            lab_keys.choose(self, int(rest))
        elif kind == "do":
            event.stop()
            self.call_later(self.screen.run_action, f"lab({rest!r})")


_ENDED = Text(
    "自己的设置（{what}）随上一步结束了；这一步用它自己的。",
    "Your settings ({what}) ended with their step; this one has its own.",
)
