"""What a learner does to have a run: predict, begin, pause, begin anew, stop, slow down."""

from __future__ import annotations

from textual.widget import Widget

from tutor.engine.snapshot import ENDED
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.gate import PredictionGate
from tutor.ui.widgets.reveal import Reveal

FASTER = (1.0, 2.0, 5.0, 10.0, 20.0, None)
"""Speeds in steps a second; None is as fast as it goes."""


class LabRuns(Widget):
    """The keys of a lab pane that make runs; a mixin over its session and its gate."""

    session: LabSession

    @property
    def gate_open(self) -> bool:
        """Whether the gate stands before the lab now."""
        raise NotImplementedError

    def ask_again(self) -> None:
        """Put the gate before the lab once more."""
        raise NotImplementedError

    def focus_gate(self) -> None:
        """Give the keys to the gate, if it stands."""
        raise NotImplementedError

    def leave_result(self) -> None:
        """A new run has an end of its own: the result of the last is no longer shown."""
        raise NotImplementedError

    def tell(self, text: Text) -> None:
        """Answer a key that can't do what it says just now."""
        raise NotImplementedError

    def show_news(self) -> None:
        """The session has something new."""
        raise NotImplementedError

    def do_run(self) -> None:
        """Run, pause or go on; before the first run, the gate; under a result a page down, and nothing at its end."""
        if self.gate_open:
            self.query_one(PredictionGate).ask()
            return
        reveal = self.query_one(Reveal)
        if reveal.display and reveal.below and not self.session.starts_anew:
            reveal.page(1)
            return
        if self.session.over and not self.session.starts_anew:
            self.tell(_OVER)
            return
        if self.session.phase in ENDED:
            self.leave_result()
        self._only_this()
        self.session.toggle()
        self.show_news()

    def do_choose(self, digit: int) -> None:
        """Choose a prediction by number, while the gate is seen; 0 skips."""
        gate = self.query_one(PredictionGate)
        if self.gate_open and gate.size.height:
            gate.choose_digit(digit)

    def do_step(self) -> None:
        """One step, then pause."""
        if self.gate_open:
            self.do_run()
            return
        self._only_this()
        self.session.single_step()
        self.show_news()

    def do_reset(self, *, new_seed: bool = False) -> None:
        """Back to before the first step; with ``new_seed`` from other random weights."""
        self.session.reset(seed=self.session.seed + 1 if new_seed else None)
        self.leave_result()
        self.show_news()

    def do_stop(self) -> None:
        """End the run where it is."""
        if self.session.run is not None:
            self.session.run.stop()

    def do_rules(self) -> None:
        """Let the learner switch cleaning rules; what comes of it is drawn over the run that is shown."""
        from tutor.ui.rule_choice import choices
        from tutor.ui.screens.rules import RulesScreen

        session = self.session
        if not choices(session):
            self.tell(_NO_RULES)
            return
        if self.gate_open:
            self.do_run()
            return

        def closed(changed: bool | None) -> None:
            if not changed:
                return
            if session.run is not None and not session.lets_go and not session.of_another_step:
                session.pin()
            self.do_reset()
            self.do_run()

        self.app.push_screen(RulesScreen(session), closed)

    def do_predict(self) -> None:
        """Open the gate again, to change the prediction; one that a run was begun with stands."""
        if self.session.run is not None:
            self.tell(_BET_STANDS)
            return
        self.ask_again()
        self.focus_gate()

    def do_speed(self, by: int) -> None:
        """Slower or faster."""
        run = self.session.run
        if run is None:
            return
        now = self.session.snapshot.speed if self.session.snapshot is not None else None
        index = FASTER.index(now) if now in FASTER else len(FASTER) - 1
        run.set_speed(FASTER[min(max(index + by, 0), len(FASTER) - 1)])

    def _only_this(self) -> None:
        from tutor.ui.base import TutorBase

        if isinstance(self.app, TutorBase):
            self.app.only_run(self.session)


_OVER = Text("这次运行已经结束；按 r 从头再来", "This run has ended; r begins anew")
_BET_STANDS = Text(
    "训练已经开始，这次的预测不能再改；按 r 重来，就可以重新预测",
    "This run has begun, so its prediction stands. Begin anew with r to predict again",
)
_NO_RULES = Text(
    "这个实验没有要清洗的文本；清洗规则在 cleaning 实验里开关。",
    "Nothing is cleaned in this lab; the lab “cleaning” has rules to switch.",
)
