"""One line of guidance under a lab's title: what to do next, what to watch, or what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.timer import Timer

from tutor.content.models import BASE
from tutor.engine.config_diff import differences, listed
from tutor.engine.snapshot import ENDED, TimelineStatus
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import ELLIPSIS, fit_row
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import FitRows

ANSWER_SECONDS = 4.0
"""How long the answer to a key stands there."""
MOST_ROWS = 4
"""Rows of a notice; the hints of labs are written to fit into them beside a lesson."""
_NOTICED = 20
"""Steps for which it is said where the base came from: time to read it."""
_ROOMY = 30
"""In a lower window a long hint would take the place of what it hints at; the lesson says the same."""


class LabNotice(FitRows):
    """A few rows at most.

    Attributes:
        beside: Whether the lab is that of another step than the one that is read.
        here: Whether the keys come to the lab.
    """

    DEFAULT_CSS = "LabNotice { height: auto; width: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.beside, self.here = False, False
        self._answer: tuple[Text, object] | None = None
        self._until: Timer | None = None

    def answer(self, text: Text) -> None:
        """Say for a while why a key did nothing, or what it did."""
        self._answer = text, self._stand
        self.redraw()
        if self._until is not None:
            self._until.stop()
        self._until = self.set_timer(ANSWER_SECONDS, self.answered)

    def answered(self) -> None:
        """Say no longer what was answered."""
        self._answer = None
        self.redraw()

    @property
    def _stand(self) -> object:
        """The run, and whether it has ended: once either changes, what was answered to a key may not hold any more."""
        return self.session.run, self.session.phase in ENDED

    def _notice(self) -> tuple[Text, str] | None:
        session, snapshot = self.session, self.session.snapshot
        message, notice = (snapshot.message, snapshot.notice) if snapshot is not None else (None, None)
        if self._answer is not None and self._answer[1] == self._stand:
            return self._answer[0], "warn"
        if message is not None and session.phase != "finished":  # the reveal says it
            return message, "bad" if session.phase == "failed" else "warn"
        if session.timeline is not None and not session.timeline.exact:
            return _NOT_EXACT, "warn"
        if session.asks_bet:
            return None
        if session.spec.instant:
            return (notice, "accent") if notice is not None else (session.lab.look_for, "dim")
        if session.run is None:
            return (_BESIDE, "dim") if self.beside and not self.here else (_press_space(session), "key")
        if snapshot is None:
            return None
        if session.of_another_step and not self.beside:
            return (_ANOTHER_STEP if session.phase in ENDED else _ANOTHER_STEP_GOING), "key"
        if session.moment is not None and session.phase == "paused":
            return _in_the_past(session), "key"
        if session.line and session.timeline is not None:
            return _fork(session, session.timeline), "accent"
        begun = max((arm.step for arm in snapshot.arms if arm.id != BASE), default=0)
        fresh = begun < _NOTICED or session.phase == "base"
        if notice is not None and (fresh or (session.phase == "finished" and not session.pinned)):
            return notice, "accent"
        if session.pinned is not None and not session.pinned.is_of(session.run, 0):
            return session.pinned.against(session.setup(), session.spec, session.lab), "accent"
        watched = session.phase in ("running", "base", "paused", "measuring")
        return (session.lab.look_for, "dim") if watched else None

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The bet, whose settings hold, if not the lab's, and the notice, if there is one."""
        bet, notice = self._bet(), self._notice()
        rows = [fit_row([Run(run.text, "dim") for run in inline(self.say(bet))], width)] if bet else []
        restore = Run(self.say(_RESTORES), "key", link="do:lab_restore")
        for text, restores in own_marks(self.session):
            lines = wrap([Run(self.say(text), "warn"), *([restore] if restores else [])], width)
            if len(lines) > 2:  # the end of a long list gives way, and the key stays
                key = wrap([restore], width)[-1] if restores else (Run(ELLIPSIS, "warn"),)
                lines = [lines[0], (*fit_row(lines[1], max(0, width - row_width(key))), *key)]
            rows += lines
        return rows if notice is None else [*rows, *self._notice_rows(*notice, width)]

    def _bet(self) -> Text | None:
        """Return what was predicted, until the result says it; before the run, also how to change it."""
        session = self.session
        settles = not (session.asks_bet or session.shown.tries)
        if not settles or session.phase == "finished" or session.spec.instant:
            return None
        bet = session.bet.told(session.bet.value) or _NO_BET
        return (_CHANGE if session.run is None else _BET).format(bet=bet)

    def _notice_rows(self, text: Text, role: str, width: int) -> Sequence[Row]:
        runs = [
            Run(run.text, role if run.fg in ("", "text") else run.fg, bold=run.bold)
            for run in inline(self.say(text))
        ]
        lines = wrap(runs, width)
        if role == "dim" and self.app.size.height < _ROOMY:
            return lines[:1] if len(lines) == 1 else []
        if len(lines) > MOST_ROWS:
            cut = fit_row(lines[MOST_ROWS - 1], max(0, width - 1))
            return [*lines[: MOST_ROWS - 1], (*cut, Run(ELLIPSIS, role))]
        return lines


def own_marks(session: LabSession) -> list[tuple[Text, bool]]:
    """Which settings are not those of the lab and its step, each line with whether a key restores them: of the next run, and of the
    one that is shown where they are others.
    """
    if session.spec.instant:
        return []  # its knobs are all in sight, and marked
    # What a fork changes is said in the notice.
    fork = session.line and session.begun.place == session.next.place
    own, ran = session.next.own, () if fork else session.ran
    mine, its = ({one.key for one in found} - session.spec.display for found in (own, ran))
    if fork:
        marks = [(_NEXT_RUN, own, True)]
    elif session.run is None or mine == its:
        marks = [(_OWN, own, True)]
    else:
        marks = [(_THIS_RUN, ran, False), (_NEXT_RUN, own, True)]
    return [(said.format(what=session.next.in_words(found)), key) for said, found, key in marks if found]


def _fork(session: LabSession, timeline: TimelineStatus) -> Text:
    line = timeline.current
    what = (
        _against_its_parent(session, timeline) if line.answered is None else _CHOSE.format(it=line.answered)
    )
    left = _OF_BASE if line.left.stage < timeline.stages - 1 else _OF_ARMS
    return _FORK.format(
        id=line.id, left=left.format(step=line.left.round), what=what if what.zh else _NOTHING
    )


def _against_its_parent(session: LabSession, timeline: TimelineStatus) -> Text:
    """Return what a fork has otherwise than the line that it left: also what was turned there later, or at the very moment that it left."""
    line = timeline.current
    parent = next(known for known in timeline.branches if known.id == line.parent)
    if any(event not in line.events for event in parent.events):
        own = session.setup()
        found = differences(replace(own, events=parent.events), own, session.spec)
        return listed(found, session.spec, session.lab.labels)
    turned = (
        _TURNED.format(knob=knob.label, before=knob.told(before), after=knob.told(after))
        for id, (before, after) in line.changes.items()
        if (knob := session.spec.knob(id)) is not None
    )
    return Text.joined(turned, "，", ", ")


def _in_the_past(session: LabSession) -> Text:
    """Return what the keys do at an earlier moment: it depends on the chosen knob."""
    display = session.spec.display
    live = {knob.id for knob in session.spec.knobs if knob.live}
    forks = any(knob.id in live - display for knob in session.lab.knobs)
    turning = _RESTARTS if session.knob not in live and forks else _FORKS
    return _IN_THE_PAST.format(turning=_SHOWS if session.knob in display else turning)


def _press_space(session: LabSession) -> Text:
    """Return what to do; how the lab came out before is no help to a learner who is about to predict."""
    text = Text(
        "按空格运行：一切都在这台机器上当场算出来。",
        "Press space to run: all of it is computed here and now, on this machine.",
    )
    if before := session.bet.told(session.bet.judged):
        text = _RAN_BEFORE.format(outcome=before)
    if session.pinned is not None:
        said = session.pinned.against(session.setup(), session.spec, session.lab)
        return Text(f"{text.zh}对照钉住的运行：{said.zh}", f"{text.en} Against the pinned run: {said.en}")
    return text


_BET = Text("你的预测：{bet}", "Your bet: {bet}")
_CHANGE = Text("你的预测（p 改）：{bet}", "Your bet (p changes it): {bet}")
_NO_BET = Text("没猜", "none")
_FORK = Text(
    "分支 {id}，从{left}分出：{what}。g 切换分支，其余设置与种子不变。",
    "Fork {id}, left at {left}: {what}. Seed and all else are the same; g goes from line to line.",
)
_TURNED = Text("{knob} {before} → {after}", "{knob} {before} → {after}")
_OF_ARMS, _OF_BASE = (
    Text("第 {step} 步", "step {step}"),
    Text("基座的第 {step} 步", "step {step} of the base"),
)
_CHOSE, _NOTHING = Text("选了「{it}」", "answered “{it}”"), Text("什么也没改", "nothing changed")
_NOT_EXACT = Text(
    "重放时有一步量出了与第一次不同的数：这台机器没有逐位重复，分支与原来的差别里混进了这一点。",
    "A step done again measured something else than the first time. This machine doesn't repeat to the bit, and that is part of any difference to a fork.",
)
_IN_THE_PAST = Text(
    "这是过去的一刻。[ ] 前后移动，}} 回到最新；{turning}；按空格从这里再跑一遍。",
    "A moment of the past. [ and ] move, }} goes to the newest. {turning}; space runs on from here.",
)
_FORKS = Text("用 - + 调旋钮，就从这里分出一支", "Turn a knob with - or + to fork here")
_SHOWS = Text(
    "用 - + 调这个旋钮，只把这一刻的样本重写一遍，不会分出新的一支",
    "This knob only writes the sample of this moment anew, without a fork",
)
_RESTARTS = Text(
    "选中的旋钮要重来才生效，按 k 换一个，再用 - + 调，就从这里分出一支",
    "The chosen knob needs a restart: choose another with k and turn it with - or + to fork here",
)
_ANOTHER_STEP = Text(
    "现在看到的还是另一步的运行，或早先的一次，设置与这里不同。按空格，就照这里的设置跑。",
    "What you see is still the run of another step, or an earlier one, with other settings. Press space to run with those asked for here.",
)
_ANOTHER_STEP_GOING = Text(
    "这还是另一步的运行，或早先的一次，设置与这里不同。按 r 再按空格，照这里的设置跑。",
    "This is still the run of another step, or an earlier one, with other settings. Press r, then space, to run with those asked for here.",
)
_OWN = Text("自己的设置：{what}", "yours: {what}")
_THIS_RUN = Text("这次运行：{what}", "this run: {what}")
_NEXT_RUN = Text("下次运行，自己的设置：{what}", "next run, yours: {what}")
_RAN_BEFORE = Text(
    "这个实验你跑完过，结果是：{outcome}。按空格再跑一次。",
    "You have run this lab to its end; it came out as: {outcome}. Press space to run it again.",
)
_RESTORES = Text(" — U 恢复", " — U restores")
_BESIDE = Text(
    "这个实验属于另一步。想现在就运行：先按 v 切到这边，再按空格。",
    "This lab belongs to another step. To run it now, come over with v, then press space.",
)
