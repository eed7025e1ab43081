"""The lab pane: gate, live views, reveal and controls of one session, in whatever room it is given."""

from __future__ import annotations

from collections.abc import Collection

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from tutor.frames import Curves, Frame, HeatMap, Samples
from tutor.plot.slider import Slider
from tutor.text import Text
from tutor.ui import lab_keys
from tutor.ui.lab_session import LabSession
from tutor.ui.views.arrangement import VIEW_NAMES, Room, choices, first_choice, main_view, shown_views
from tutor.ui.views.curves import CurvesView
from tutor.ui.views.frames import CompareView, FrameView, SamplesView
from tutor.ui.views.heatmap import HeatMapView
from tutor.ui.widgets.gate import PredictionGate, RunQuestion
from tutor.ui.widgets.lab_controls import KnobPanel, LabControls, TimelineBar
from tutor.ui.widgets.lab_head import LabHead, ViewTabs
from tutor.ui.widgets.lab_notice import LabNotice
from tutor.ui.widgets.lesson_prose import SIDE_BY_SIDE
from tutor.ui.widgets.reveal import Reveal
from tutor.ui.widgets.rows import Drawn, Ground, RowsScroll

TALL = 24
"""From this height on the curves stay above the chosen view."""
WIDE = 100
"""From this width on the curves and one more view stand left, the main view right."""

_WIDGETS: dict[type[Frame] | None, type[CurvesView | FrameView]] = {
    Curves: CurvesView, HeatMap: HeatMapView, Samples: SamplesView,
}  # fmt: skip
"""Types of frames that have a widget of their own; all others are drawn by `FrameView`, whatever the view is called."""


class LabPane(Ground):
    """One lab, live. What its keys do stands in `lab_keys`."""

    DEFAULT_CSS = """
    LabPane { layout: vertical; width: 1fr; height: 1fr; }
    LabPane #stage { layout: vertical; width: 1fr; height: 1fr; }
    LabPane #left { layout: vertical; width: 1fr; height: 1fr; }
    LabPane.-tall #curves { height: 4fr; }
    LabPane.-tall #left { height: 4fr; }
    LabPane.-tall.-apart #left { min-height: 56%; }
    LabPane.-tall .view, LabPane.-tall Reveal { height: 5fr; }
    LabPane.-tall #stage > .view { height: 7fr; }
    LabPane.-wide #stage { layout: horizontal; }
    LabPane.-wide #left { width: 55%; height: 1fr; }
    LabPane.-wide.-tall #curves { height: 6fr; }
    LabPane.-wide.-alone #left { width: 1fr; }
    LabPane.-wide #stage > .view { width: 45%; height: 1fr; margin-left: 1; }
    """

    class RunFinished(Message):
        """A run came to its end and was revealed."""

    def __init__(self, session: LabSession, *, view: str | None = None) -> None:
        super().__init__()
        self.session = session
        self.view = view or first_choice(session.lab.views)
        self.arm = session.lab.shows or session.lab.arms[0].id
        self._no_tab = ""
        self._ready = False
        self._asked_gate = False
        self._just_bet = False
        self._seen_finish: set[tuple[int, int]] = set()
        self.head, self.notice, self.gate = LabHead(session), LabNotice(session), PredictionGate(session)
        self.question, self.panel, self.tab_row = RunQuestion(session), KnobPanel(session), ViewTabs()
        self.curves, self.reveal = CurvesView(session), Reveal(session)
        self.curves.id = "curves"
        self.bar, self.controls = TimelineBar(), LabControls(session)
        self._main = main_view(session.lab.views)
        self._views = {name: self._view(name) for name in session.lab.views if name != "curves"}
        self.set_class(self._main is None, "-alone")
        self.set_class(len(self.curves.groups()) > 1, "-apart")  # then there is room for two charts

    def _view(self, name: str) -> CurvesView | FrameView:
        """Return a widget for a view, by the type of its frames; until the first one comes it is one that says so."""
        kind = _WIDGETS.get(self.session.frames.type_of(name), FrameView)
        view = (CompareView if name == "compare" else kind)(self.session, name)
        view.add_class("view")
        return view

    def _draw(self, name: str) -> None:
        """Draw what is new of a view, by another widget if its first frame is of a type that has one."""
        view, type_ = self._views[name], self.session.frames.type_of(name)
        if type_ is not None and not isinstance(view, _WIDGETS.get(type_, FrameView)):
            new = self._views[name] = self._view(name)
            new.display = view.display
            if view.is_maximized:
                self.screen.maximize(new, container=False)
            assert isinstance(view.parent, Widget)
            view.parent.mount(new, after=view)
            if view.has_focus:
                new.focus()
            view.remove()
            self.lead_keys()
        self._views[name].show(self.arm)

    def compose(self) -> ComposeResult:
        """All parts; `lay_out` decides which are shown."""
        yield from (self.head, self.notice, self.gate, self.question, self.panel, self.tab_row)
        with Ground(id="stage"):
            with Ground(id="left"):
                yield self.curves
                yield from (view for name, view in self._views.items() if name != self._main)
                yield self.reveal
            if self._main is not None:
                yield self._views[self._main]
        yield from (self.bar, self.controls)

    def on_mount(self) -> None:
        self._ready = True
        self._come()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE and event.size.height >= 16, "-wide")
        self.set_class(event.size.height >= TALL, "-tall")
        if self.panel.low != (low := event.size.height < TALL):
            self.panel.low = low
            self.panel.redraw()
        self.lay_out()

    @property
    def _composed(self) -> bool:
        """Whether the parts are there: news may come before they are mounted and after they are gone."""
        return self.is_attached and self._ready and not self._pruning

    @property
    def gate_open(self) -> bool:
        return self.session.asks_bet or self._asked_gate

    def visible_views(self) -> tuple[str, ...]:
        if self.gate_open:
            return ()
        return shown_views(self.session.lab.views, self.view, self._room())

    def tabs(self) -> tuple[tuple[str, Text], ...]:
        names = choices(self.session.lab.views, self._room())
        return tuple((name, VIEW_NAMES.get(name) or self.session.spec.word(name)) for name in names)

    def _room(self) -> Room:
        return "wide" if self.has_class("-wide") else "tall" if self.has_class("-tall") else "small"

    def lie_beside(self, beside: bool) -> None:
        """Come to a step, which may be another than the lab's: what the keys were asked or told in the one before is over."""
        self.notice.beside, self._asked_gate = beside, False
        self.notice.answered()
        self._come()

    def _come(self) -> None:
        """Show how things stand, and say once which settings of the learner's own ended with the step before."""
        self.lay_out()
        self.show_news()
        if self._composed and self.session.ended is not None:
            if not self.session.of_another_step:  # else that is said, and what it has otherwise
                self.tell(_ENDED.format(what=self.session.ended))
            self.session.ended = None

    def lay_out(self) -> None:
        """Show and hide parts, and tell the engine which views are worth computing."""
        if not self._composed:
            return
        gate, session, room = self.gate_open, self.session, self._room()
        tabs = self.tabs()
        names = [name for name, _ in tabs]
        if not gate and self._no_tab in names:  # in this room it is one again
            self.view, self._no_tab = self._no_tab, ""
        elif not gate and self.view not in names:
            self._no_tab, self.view = self.view, first_choice(session.lab.views, room)
        shown = self.visible_views()
        self.curves.display = "curves" in shown
        self.reveal.display = "result" in shown
        for name, view in self._views.items():
            view.display = name in shown
        self.query_one("#left").display = any(v != self._main for v in shown)
        self.query_one("#stage").display = self.tab_row.display = self.controls.display = not gate
        self.gate.display = gate
        self.tab_row.show(tabs, self.view)
        self.question.display = not gate and session.question is not None
        self.panel.display = not gate and session.spec.instant
        if not gate and session.spec.instant and session.run is None:
            session.toggle()  # it costs nothing, so nothing has to be asked for
        self._show_timeline()
        self.lead_keys()
        # Curves cost next to nothing, and whoever pins a run wants them, seen or not.
        self._watch(shown)

    @property
    def reading(self) -> Widget | None:
        """What is looked at now: the reveal, else the chosen view, else the first of those that are shown."""
        if not self._composed or self.gate_open:
            return None
        if self.reveal.display:
            return self.reveal
        views = (self._views.get(self.view), *self._views.values())
        return next((view for view in views if view is not None and view.display), None)

    @property
    def unread(self) -> RowsScroll | None:
        """What is looked at once nothing runs any more, if it has more rows below."""
        session, reading = self.session, self.reading
        over = (session.over or session.spec.instant) and not session.starts_anew
        if not over or not isinstance(reading, RowsScroll):
            return None
        return reading if reading.TELLS_MORE and reading.below else None

    @property
    def space(self) -> str:
        """What space does here, a key of `SPACE_DOES`; empty once there is nothing left to run or to read."""
        if self.gate_open:
            return "choose"
        if self.unread is not None:
            return "page"
        if self.session.phase == "asking":
            return "choose"
        if self.session.spec.instant and not self.session.starts_anew:
            return ""
        return "" if self.session.over and not self.session.starts_anew else "run"

    def lead_keys(self) -> None:
        """Have what is looked at scrolled by the keys that nothing with the focus takes."""
        if not self._composed:
            return
        reading, focused = self.reading, self.screen.focused
        self.notice.here = self.app.size.width < SIDE_BY_SIDE or (
            focused is not None and self in focused.ancestors
        )
        self.notice.redraw()
        free = focused is None or not focused.allow_vertical_scroll
        if getattr(self.screen, "scrolled", reading) is not reading:  # a longer text beside it goes first
            free = False
        for part in self.query(RowsScroll):
            reached = part is reading and free
            if reached != part.reached:
                part.reached = reached
                part.refresh()

    def show_knobs(self) -> None:
        self.controls.redraw()
        self.panel.redraw()

    def look_soon(self) -> None:
        """Look into the mailbox several times right after a key, whose effect is waited for."""
        for seconds in (0.003, 0.012, 0.03, 0.055, 0.09, 0.13):
            self.set_timer(seconds, self._look)

    def _look(self) -> None:
        if self._composed and self.session.poll(self.app.lang):
            self.show_news()

    def _watch(self, shown: Collection[str]) -> None:
        views = (view for view in self._views.values() if isinstance(view, FrameView))
        only = {view.view: view.alone for view in views if view.alone is not None}
        self.session.watch(dict.fromkeys(("curves", *(v for v in shown if v != "result"))), only)

    def show_news(self) -> None:
        """The session has something new: hand each part its frame."""
        if not self._composed:
            return
        session, snapshot = self.session, self.session.snapshot
        self.question.display = not self.gate_open and session.question is not None
        for part in (self.head, self.notice, self.question, self.reveal):
            part.redraw()
        self.show_knobs()
        self._show_timeline()
        self.curves.show(self.arm)
        for name in self._views:
            self._draw(name)
        self._watch(self.visible_views())
        if snapshot is None or snapshot.phase != "finished":
            return
        if (end := (snapshot.run_id, session.line)) not in self._seen_finish:
            self._seen_finish.add(end)
            self.reveal.scroll_home(animate=False)
            if self._just_bet or not session.spec.instant:
                self.choose_view("result")
            self._just_bet = False
            self.post_message(self.RunFinished())

    def _show_timeline(self) -> None:
        """The bar of the run's past, once there is one."""
        timeline = self.session.timeline
        self.bar.display = timeline is not None and not (self.gate_open or self.session.spec.instant)
        if timeline is not None:
            self.bar.show(
                Slider(
                    first=0, last=timeline.current.head, at=timeline.at, budget=timeline.total,
                    marks=timeline.marks, forks=timeline.forks, playing=self.session.live,
                )
            )  # fmt: skip

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
            self.gate.focus()

    def ask_again(self) -> None:
        self._asked_gate = True
        self.gate.begin()
        self.lay_out()
        self.focus_gate()

    def leave_result(self) -> None:
        """Show the result of the last run no longer, as a new one begins."""
        self._seen_finish.clear()
        if self.view == "result":
            self.view = first_choice(self.session.lab.views)
        self.lay_out()

    def choose_view(self, name: str) -> None:
        """Show a view; it gets the focus if that is in the pane, and not on its knobs."""
        self.view, self._no_tab = name, ""
        focused = self.screen.focused
        within = focused is not None and self in focused.ancestors and focused is not self.panel
        self.lay_out()
        if within and (reading := self.reading) is not None:
            reading.focus()

    def tell(self, text: Text) -> None:
        """Say why a key does nothing now: in the notice, where nothing is covered; if that isn't seen, over all."""
        if self.app.screen is self.screen and self.notice.seen:
            self.notice.answer(text)
        else:
            self.notify(self.app.say(text), timeout=3, markup=False)

    def map_view(self) -> HeatMapView | None:
        """Return the view of maps that is looked at, or the first one of the lab that has such."""
        views = sorted(self._views.values(), key=lambda view: (view.view != self.view, not view.display))
        return next((view for view in views if isinstance(view, HeatMapView)), None)

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
        session = self.session
        session.bet.make(session.next.section, event.bet, self.app.lang, event.confidence)
        if session.run is not None:  # it was begun without a bet, so it is none that this one was made on
            session.reset()
            self.leave_result()
        self._asked_gate, self._just_bet = False, True
        self.lay_out()
        main = self._views.get(self._main) if self._main is not None else None
        if main is not None and main.display:
            main.focus()
        if self.session.spec.instant:
            self.panel.focus()
        self.show_news()

    @on(Drawn.LinkPicked)
    def _link(self, event: Drawn.LinkPicked) -> None:
        match event.link.split(":"):
            case ["view", name]:
                self.choose_view(name)
            case ["knob", knob, way]:
                lab_keys.turn(self, 1 if way == "up" else -1, knob)
            case ["answer", number]:
                lab_keys.choose(self, int(number))
            case ["do", name]:
                self.call_later(self.screen.run_action, f"lab({name!r})")
            case _:
                return
        event.stop()


_ENDED = Text(
    "自己的设置（{what}）随上一步结束了；这一步用它自己的。",
    "Your settings ({what}) ended with their step; this one has its own.",
)
