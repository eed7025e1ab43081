"""What the keys of a lab do: plain functions over the pane that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.computer import give_back
from tutor.engine.snapshot import ENDED, LOST, TimelineStatus
from tutor.experiments.knobs import Knob, Value, following
from tutor.experiments.user_text import NO_USER_TEXT
from tutor.text import Text
from tutor.ui.rule_choice import choices

if TYPE_CHECKING:
    from tutor.ui.lab_session import LabSession
    from tutor.ui.widgets.lab_pane import LabPane

FASTER = (1.0, 2.0, 5.0, 10.0, 20.0, None)
"""Speeds in steps a second; None is as fast as it goes."""

KEPT_RUNS = 3
"""Labs whose runs are kept, the present one among them: the moments of each may take 200 MB."""


def run(pane: LabPane) -> None:
    """Run, pause or go on; before the first run, the gate; under a result a page down, and nothing at its end."""
    session = pane.session
    if pane.gate_open:
        pane.gate.ask()
        return
    if session.phase == "asking":
        pane.tell(_ANSWER_FIRST)
        return
    if (unread := pane.unread) is not None:
        unread.page(1)
        return
    if session.over and not session.starts_anew:
        pane.tell(NOTHING_RUNS if session.spec.instant else _OVER)
        return
    if session.phase in ENDED:
        pane.leave_result()
    _only_run(pane)
    session.toggle()
    pane.show_news()


def _only_run(pane: LabPane) -> None:
    """Pause every other lab, as two trainings on two cores would starve the screen, and let go of runs that lie further back."""
    sessions, present = pane.app.sessions, pane.session
    if (key := (present.unit, present.lab.id)) in sessions:
        sessions[key] = sessions.pop(key)  # the newest is the last
    others = [session for session in sessions.values() if session is not present and session.run is not None]
    for other in others:
        if other.live and other.run is not None:
            other.run.pause()
    shown = [one.session for screen in pane.app.screen_stack for one in screen.query(type(pane))]
    if gone := [one for one in others[: 1 - KEPT_RUNS] if not one.live and one not in shown]:
        for old in gone:
            old.close()
        pane.app.run_worker(give_back, thread=True)  # it takes a tenth of a second


def choose(pane: LabPane, digit: int) -> None:
    """Choose a prediction by number, while the gate is seen (0 skips), or an answer to what the run asks."""
    gate, question = pane.gate, pane.session.question
    if pane.gate_open:
        if gate.size.height:
            gate.choose_digit(digit)
    elif question is not None and 0 < digit <= len(question.choices):
        answer(pane, question.id, list(question.choices)[digit - 1])


def answer(pane: LabPane, question: str, value: str) -> None:
    """Answer a question of the run, by its id: one that is no longer asked takes no answer."""
    session = pane.session
    given = session.snapshot.answer if session.snapshot is not None else None
    if given not in (None, value) and _no_room(pane):
        return
    session.answer(question, value)
    pane.look_soon()


def step(pane: LabPane) -> None:
    if pane.gate_open:
        run(pane)
        return
    _only_run(pane)
    pane.session.single_step()
    pane.show_news()


def reset(pane: LabPane, *, new_seed: bool = False) -> None:
    """Back to before the first step; with ``new_seed`` from other random weights."""
    pane.session.reset(seed=pane.session.next.seed + 1 if new_seed else None)
    pane.leave_result()
    pane.show_news()


def stop(pane: LabPane) -> None:
    if pane.session.run is not None:
        pane.session.run.stop()


def rule_list(pane: LabPane) -> None:
    """Let the learner switch rules; what comes of it is drawn over the run that is shown."""
    from tutor.ui.screens.rule_list import RuleListScreen

    session = pane.session
    if not choices(session.next):
        pane.tell(_NO_RULES)
        return
    if pane.gate_open:
        run(pane)
        return

    def closed(changed: bool | None) -> None:
        if not changed:
            return
        if session.run is not None and not session.lets_go and not session.of_another_step:
            session.pin()
        reset(pane)
        run(pane)

    pane.app.push_screen(RuleListScreen(session), closed)


def no_text(session: LabSession) -> Text | None:
    """Return why the lab takes no text of the learner's own; None if it takes one."""
    spec = session.spec
    if spec.user_line is not None:
        return None
    if spec.user_text is None:
        return NO_USER_TEXT
    if session.lab.base is None:
        return None
    configs = session.next.without_own().configs().values()
    texts = {getattr(config, spec.user_text.text, None) for config in configs}
    return _TWO_TEXTS if len(texts) > 1 else None


def idle(pane: LabPane) -> frozenset[str]:
    """Return the names of the actions that do nothing in this lab, whatever it is doing."""
    found = {"lab_rules": not pane.controls.cleans, "lab_text": no_text(pane.session) is not None}
    return frozenset(name for name, idles in found.items() if idles)


def waiting(pane: LabPane) -> frozenset[str]:
    """Return the names of the actions that have to wait: all but a few for a prediction, some for a run."""
    return _FOR_BET if pane.gate_open else _FOR_RUN if pane.session.run is None else frozenset()


_FOR_RUN = frozenset(
    f"lab_{name}" for name in ("reset", "stop", "slower", "faster", "scrub_back", "scrub_on", "to_start", "to_head", "line", "pin", "ablate", "details")
)  # fmt: skip
_FOR_BET = _FOR_RUN | frozenset(
    f"lab_{name}" for name in ("metric", "step", "knob", "knob_down", "knob_up", "view", "head", "head_back", "arm", "predict")
)  # fmt: skip
"""Nobody would see what they do while the prediction is asked for."""


def predict(pane: LabPane) -> None:
    """Open the gate again, to change the prediction; one that a run was begun with stands."""
    if pane.session.next.tries:
        pane.tell(_NO_BET_HERE)
    elif pane.session.run is not None:
        pane.tell(_BET_STANDS)
    else:
        pane.ask_again()


def speed(pane: LabPane, by: int) -> None:
    lab_run = pane.session.run
    if lab_run is not None:
        now = pane.session.snapshot.speed if pane.session.snapshot is not None else None
        index = FASTER.index(now) if now in FASTER else len(FASTER) - 1
        lab_run.set_speed(FASTER[min(max(index + by, 0), len(FASTER) - 1)])


def scrub(pane: LabPane, by: int) -> None:
    if _timeline(pane) is not None:
        pane.session.scrub(by)
        pane.look_soon()


def rewind(pane: LabPane, round_: int | None) -> None:
    if _timeline(pane) is not None:
        pane.session.rewind(round_)
        pane.look_soon()


def next_line(pane: LabPane) -> None:
    timeline = _timeline(pane)
    if timeline is None:
        return
    if len(timeline.branches) == 1:
        pane.tell(_NO_FORK)
        return
    ids = [line.id for line in timeline.branches]
    pane.session.switch(ids[(ids.index(timeline.branch) + 1) % len(ids)])
    pane.look_soon()


def next_knob(pane: LabPane) -> None:
    session = pane.session
    if session.lab.knobs:
        session.next_knob(1)
        pane.show_news()
        if not session.spec.is_live(session.knob) and session.run is not None:
            pane.tell(_RESTART)


def turn(pane: LabPane, by: int, knob_id: str | None = None) -> None:
    """Turn a knob one notch, within the lab's range."""
    session = pane.session
    session.knob = knob_id or session.knob
    id = session.knob
    knob, card, value = session.lab.knob(id), session.spec.knob(id), session.knobs().get(id)
    if knob is None or card is None or value is None:
        return
    began = [asked.knobs()[knob.id] for asked in (session.next.without_own(), session.begun)]
    new = following(card, value, by, knob.minimum, knob.maximum, began)
    if new is None:
        pane.tell(Text("已经到头了：{value}", "{value} is as far as it goes").format(value=card.told(value)))
    else:
        _set(pane, card, new)


def type_value(pane: LabPane, typed: str) -> None:
    """Set the chosen knob to a value that was typed, within the lab's range."""
    session = pane.session
    knob, card = session.lab.knob(session.knob), session.spec.knob(session.knob)
    if knob is None or card is None:
        return
    value = card.within(typed, knob.minimum, knob.maximum)
    if value is None:
        pane.tell(_NO_NUMBER)
    else:
        _set(pane, card, round(value) if card.whole and isinstance(value, float) else value)


def _set(pane: LabPane, card: Knob, value: Value) -> None:
    session = pane.session
    if card.live and card.id not in session.spec.display and _no_room(pane):
        return
    session.turn(card.id, value)
    if not card.live and session.run is not None and session.phase not in ENDED:
        pane.tell(_RESTART)
    pane.show_knobs()
    pane.look_soon()


def _no_room(pane: LabPane) -> bool:
    """Return whether a turn at this moment would begin a fork too many; then it is said."""
    session = pane.session
    full = session.moment is not None and session.timeline is not None and session.timeline.full
    if full:
        pane.tell(_FULL)
    return full


def restore(pane: LabPane) -> None:
    """Put the settings of the lab in the place of the learner's own."""
    session = pane.session
    turned = session.next.knobs_beyond(session.knobs())
    # Some settings may be of no use, and so change nothing.
    if not (turned or session.next.own or session.next.settings):
        pane.tell(_NOTHING_OWN)
    elif not (turned and _no_room(pane)):
        session.restore()
        pane.tell(_RESTORED)
        pane.show_news()
        pane.look_soon()


def pin(pane: LabPane) -> None:
    """Keep the run under the next one, or let go of it."""
    session = pane.session
    if session.run is None and session.pinned is None:
        pane.tell(_NOTHING_TO_PIN)
        return
    pinned = session.pin()
    pane.tell((_PINNED if session.phase in ENDED else _PINNED_GOING) if pinned else _LET_GO)
    pane.show_news()


def ablate(pane: LabPane) -> None:
    """Take the part that is seen out of the model, or put it back."""
    session = pane.session
    name, _ = session.spec.parts or ("", None)
    if name not in session.lab.views:
        pane.tell(_NO_PARTS)
        return
    pane.choose_view(name)
    view = pane.map_view()
    part = view.plane_name if view is not None and view.view == name else None
    if view is None or part is None or session.run is None:
        pane.tell(_NO_PART_YET)
    elif session.phase in LOST:
        pane.tell(_STOPPED)
    else:
        session.run.ablate(view.arm, part)
        pane.look_soon()


def next_plane(pane: LabPane, by: int) -> None:
    view = pane.map_view()
    if view is None:
        pane.tell(_NO_PLANES)
        return
    if view.view not in pane.visible_views():
        pane.choose_view(view.view)
    view.next_plane(by)


def next_metric(pane: LabPane) -> None:
    if not pane.curves.display and "curves" in pane.session.lab.views:
        pane.choose_view("curves")
    pane.curves.next_metrics()


def details(pane: LabPane) -> None:
    """Unfold what the result has beside its own text, or fold it; a result that isn't seen comes first."""
    reveal = pane.reveal
    if pane.session.phase != "finished":
        pane.tell(_NO_RESULT)
        return
    seen = reveal.display
    if not seen:
        pane.choose_view("result")
    reveal.unfold(not (seen and reveal.unfolded))


def next_view(pane: LabPane) -> None:
    names = [name for name, _ in pane.tabs()]
    pane.choose_view(names[(names.index(pane.view) + 1) % len(names)] if pane.view in names else names[0])


def source(pane: LabPane) -> None:
    from tutor.ui.screens.source import SourceScreen

    session = pane.session
    configs = session.configs()
    if not configs:
        pane.tell(_BAD_SETTINGS)
        return
    found = session.next.own if session.run is None else session.ran
    own = session.next.in_words(found) if found else None
    pane.app.push_screen(SourceScreen(session.spec, configs, session.lab.labels, session.knobs(), own))


def own_text(pane: LabPane) -> None:
    """Ask for a text or a line of the learner's own: it is for the next run, which may as well begin; a line that is only shown is seen at once."""
    from tutor.ui.screens.own_text import OwnLineScreen, OwnTextScreen

    session = pane.session
    if (refused := no_text(session)) is not None:
        pane.tell(refused)
        return
    spec, line = session.spec, session.spec.user_line
    at_once = line is not None and spec.is_live(line.key) and session.run is not None
    screen = OwnTextScreen(session) if line is None else OwnLineScreen(session, line)

    def closed(changed: bool | None) -> None:
        if changed and at_once and line is not None and session.phase not in LOST:
            typed = session.next.settings.get(line.key)
            session.turn(line.key, typed or "")
            if typed is None:
                del session.next.settings[line.key]
            pane.choose_view(line.view)
            pane.look_soon()
        elif changed and session.run is not None and session.phase not in ENDED:
            pane.tell(_NEW_TEXT)
        elif changed:
            reset(pane)
            if screen.told is not None:
                pane.tell(screen.told)
        pane.focus_gate()

    pane.app.push_screen(screen, closed)


def _timeline(pane: LabPane) -> TimelineStatus | None:
    """Return where the run stands; tells the learner when there is no past yet."""
    timeline = pane.session.timeline
    lost = pane.session.phase in LOST
    if timeline is None or lost:
        pane.tell(_STOPPED if lost else _NO_PAST)
        return None
    return timeline


NOTHING_RUNS = Text(
    "这里没有要跑的：调一个旋钮，结果立即重算",
    "Nothing runs here: turn a knob, and all is computed anew at once",
)
_OVER = Text("这次运行已经结束；按 r 从头再来", "This run has ended; r starts over")
_BET_STANDS = Text(
    "训练已经开始，这次的预测不能再改；按 r 重来，就可以重新预测",
    "This run has begun, so its prediction stands. Begin anew with r to predict again",
)
_NO_BET_HERE = Text(
    "这一步只是动手试，不下注；这个实验的预测在它自己的那一步做",
    "This step is to try things; the lab’s bet is made in its own step",
)
_NO_RULES = Text(
    "这个实验里没有处理数据的规则可以开关。",
    "No rules treat the data of this lab, so there are none to switch.",
)
_TWO_TEXTS = Text(
    "这个实验要比较两种内置文本，换成一份自己的文本就没有意义了。",
    "This lab is about two built-in texts, so one text of yours would spoil it.",
)
_STOPPED = Text(
    "这次运行已经停了，不能再回看；按 r 从头再来",
    "This run was stopped, so its past can't be shown any more; r starts over",
)
_ANSWER_FIRST = Text("先回答上面的问题：按数字选", "Answer the question first: press its number")
_NO_NUMBER = Text("这不是一个数", "That is no number")
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
_NO_RESULT = Text(
    "还没有结果可看；先运行到底", "There is no result to look into yet; run it to its end first"
)
_NO_PARTS = Text("这个实验里没有可以去掉的部件", "Nothing can be taken out in this lab")
_NO_PART_YET = Text("运行之后才有部件可去掉", "There is nothing to take out before it runs")
_NO_PLANES = Text("这里只有一张图，没有别的可换", "There is no other picture to switch to here")
_NEW_TEXT = Text(
    "这次运行还在，用的是原来的文本；按 r 重来，就用新的文本",
    "This run stays, on the text it began with; r starts over with the new one",
)
_BAD_SETTINGS = Text("设置有误，无从显示", "The settings can't be used, so there is nothing to show")
