"""A lab in the whole window; its keys, and what all screens do with them that show a lab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.text import Text
from tutor.ui import lab_keys
from tutor.ui.actions import Action, table
from tutor.ui.compositor import paint_in_bands
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.page import Page
from tutor.ui.views.curves import CurvesView
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.rows import Drawn, RowsScroll


@dataclass(frozen=True, slots=True)
class LabAction(Action):
    """Something that a key does to the lab on the screen.

    Attributes:
        timed: Whether it is about runs that take their time, which an instant lab has none of.
    """

    _: KW_ONLY
    does: Callable[[LabPane], None]
    timed: bool = False

    @property
    def call(self) -> str:
        """One action of the screen stands for all."""
        return f"lab({self.name!r})"


LAB_ACTIONS: tuple[LabAction, ...] = (
    LabAction("lab_run", "space", "space", Text("运行/暂停", "run/pause"), Text("运行、暂停或继续训练；揭晓没到底时下翻一页", "Run, pause or go on with the training; under a result, a page down"), does=lab_keys.run),
    LabAction("lab_metric", "c", "c", Text("筛选曲线", "curves"), Text("只画一种指标的曲线，再按换下一种", "Draw the curves of one metric only, then of the next"), bar=False, does=lab_keys.next_metric, timed=True),
    LabAction("lab_step", "full_stop", ".", Text("单步", "step"), Text("训练一步，然后暂停", "Train one step, then pause"), bar=False, does=lab_keys.step, timed=True),
    LabAction("lab_reset", "r", "r", Text("重来", "reset"), Text("回到训练之前，种子和设置不变", "Back to before the first step, same seed and settings"), does=lab_keys.reset, timed=True),
    LabAction("lab_reseed", "R", "R", Text("换种子", "new seed"), Text("回到训练之前，换一个随机种子", "Back to before the first step, with another random seed"), bar=False, does=partial(lab_keys.reset, new_seed=True), timed=True),
    LabAction("lab_stop", "S", "S", Text("停止", "stop"), Text("就此结束这次训练", "End this training where it is"), bar=False, does=lab_keys.stop, timed=True),
    LabAction("lab_slower", "less_than_sign,comma", "<", Text("慢些", "slower"), Text("放慢训练，好看清每一步", "Slow the training down to see each step"), bar=False, does=partial(lab_keys.speed, by=-1), timed=True),
    LabAction("lab_faster", "greater_than_sign", ">", Text("快些", "faster"), Text("加快训练，直到全速", "Speed the training up, to full speed at last"), bar=False, does=partial(lab_keys.speed, by=1), timed=True),
    LabAction("lab_scrub_back", "left_square_bracket", "[", Text("回溯", "rewind"), Text("退回到更早的一刻；所有视图都回到那时", "Back to an earlier moment: all views show it"), does=partial(lab_keys.scrub, by=-1), timed=True),
    LabAction("lab_scrub_on", "right_square_bracket", "]", Text("向前", "forward"), Text("向前到更晚的一刻", "On to a later moment"), bar=False, does=partial(lab_keys.scrub, by=1), timed=True),
    LabAction("lab_to_start", "left_curly_bracket", "{", Text("到开头", "to the start"), Text("回到第 0 步", "Back to step 0"), bar=False, does=partial(lab_keys.rewind, round_=0), timed=True),
    LabAction("lab_to_head", "right_curly_bracket", "}", Text("到最新", "to the head"), Text("回到这条线的最新一步", "To the newest step of this line"), bar=False, does=partial(lab_keys.rewind, round_=None), timed=True),
    LabAction("lab_line", "g", "g", Text("换分支", "next line"), Text("在原来的运行与各个分支之间切换", "Go from the run to its forks and back"), bar=False, does=lab_keys.next_line, timed=True),
    LabAction("lab_knob", "k", "k", Text("选旋钮", "next knob"), Text("选择 - 和 + 要调的旋钮", "Choose the knob that - and + turn"), bar=False, does=lab_keys.next_knob),
    LabAction("lab_knob_down", "minus", "-", Text("调低旋钮", "knob down"), Text("调低所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob down; at an earlier moment this begins a fork there"), bar=False, does=partial(lab_keys.turn, by=-1)),
    LabAction("lab_knob_up", "plus,equals_sign", "+", Text("调高旋钮", "knob up"), Text("调高所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob up; at an earlier moment this begins a fork there"), bar=False, does=partial(lab_keys.turn, by=1)),
    LabAction("lab_pin", "t", "t", Text("钉住对照", "pin"), Text("把这次运行钉在下面，改一个设置再跑一次来对照；再按一次取消", "Keep this run under the next one, change a setting and run again to compare; again to let go"), bar=False, does=lab_keys.pin, timed=True),
    LabAction("lab_ablate", "x", "x", Text("去掉部件", "ablate"), Text("去掉模型中正在看的部件，看损失变多少；再按一次放回", "Take the part of the model you see out and see what the loss does; again to put it back"), bar=False, does=lab_keys.ablate, timed=True),
    LabAction("lab_source", "s", "s", Text("看源码", "source"), Text("看这一步训练的源码和当前设置", "Read the source of the training step, with the settings beside it"), does=lab_keys.source),
    LabAction("lab_view", "w", "w", Text("换视图", "view"), Text("在各个视图和揭晓之间切换", "Go through the views and the result"), bar=False, does=lab_keys.next_view),
    LabAction("lab_details", "i", "i", Text("细看", "details"), Text("展开揭晓后面的论断、种子与各组的不同；再按一次收起", "Unfold what follows a result: claims, seeds, what the arms differ in; again to fold it"), bar=False, does=lab_keys.details),
    LabAction("lab_head", "h", "h", Text("换图", "next map"), Text("看下一张图", "Look at the next map"), bar=False, does=partial(lab_keys.next_plane, by=1)),
    LabAction("lab_head_back", "H", "H", Text("上一张图", "previous map"), Text("看上一张图", "Look at the previous map"), bar=False, does=partial(lab_keys.next_plane, by=-1)),
    LabAction("lab_arm", "a", "a", Text("换模型", "model"), Text("看这个实验里的另一组", "See another arm of the lab"), bar=False, does=LabPane.next_arm),
    LabAction("lab_predict", "p", "p", Text("预测", "predict"), Text("训练开始之前改预测", "Change the prediction, before the run begins"), bar=False, does=lab_keys.predict, timed=True),
    LabAction("lab_rules", "d", "d", Text("规则", "rule list"), Text("开关、排列数据的处理规则，重新运行", "Switch and order the rules by which data are treated, then run anew"), bar=False, does=lab_keys.rule_list),
    LabAction("lab_restore", "U", "U", Text("恢复设置", "restore"), Text("放下自己的设置，恢复实验（或这一步）原来的", "Give up your own settings for those of the lab, or of its step"), bar=False, does=lab_keys.restore),
    LabAction("lab_text", "u", "u", Text("我的文本", "my text"), Text("换成自己的文本来训练，文件或文件夹都行；有的实验是写一句自己的话", "Train on a text of your own, a file or a folder; in some labs, write a sentence"), bar=False, does=lab_keys.own_text),
)  # fmt: skip

MAXIMIZE = Action("maximize", "Z", "Z", Text("放大", "maximize"), Text("把正在看的一块放大到整个窗口；再按一次（或 Esc）还原", "Give what you look at the whole window; once more, or Esc, and it is as before"), bar=False, place="lab")  # fmt: skip

_INSTANT_HELP = {
    "lab_run": Text("选预测；揭晓没到底时下翻一页", "Choose a prediction; under a result, a page down"),
    "lab_knob": Text("选择 - 和 + 要调的旋钮；面板有焦点时也可用上下键", "Choose the knob that - and + turn; with the focus on them, also by up and down"),
    "lab_knob_down": Text("调低所选的旋钮，结果立即重算", "Turn the chosen knob down; all is computed anew at once"),
    "lab_knob_up": Text("调高所选的旋钮，结果立即重算", "Turn the chosen knob up; all is computed anew at once"),
    "lab_source": Text("看计算用的源码和当前设置", "Read the source of the calculation, with the settings beside it"),
}  # fmt: skip
_PAGE_DOWN = Text("下翻", "page down")
SPACE_DOES = {
    "choose": Text("选择", "choose"), "page": _PAGE_DOWN, "text": _PAGE_DOWN, "run": LAB_ACTIONS[0].label, "next": Text("下一步", "next"),
    "lab": Text("到实验", "to the lab"), "questions": Text("到题目", "questions"),
}  # fmt: skip


class ScreenWithLab(Page[None]):
    """What the screens that show a lab do with its keys, and with those that scroll what is looked at, wherever the focus is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"lab_choose({n})", show=False) for n in range(10)),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "page(-1000)", show=False),
        Binding("end", "page(1000)", show=False),
    ]
    AUTO_FOCUS = ""
    """Nothing: what isn't shown, such as a gate, must not get the keys."""

    def __init__(self) -> None:
        super().__init__()
        paint_in_bands(self)

    @property
    def lab_pane(self) -> LabPane | None:
        return self.query_one_optional(LabPane)

    @property
    def space(self) -> str:
        """What the key bar says of space: a key of `SPACE_DOES`, or empty for nothing."""
        return self.lab_pane.space if self.lab_pane else ""

    @property
    def scrolled(self) -> object:
        """What the keys scroll, if that can be."""
        return self.lab_pane.reading if self.lab_pane else None

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _lead_keys(self) -> None:
        if self.lab_pane:
            self.lab_pane.lead_keys()

    def on_idle(self) -> None:
        """Whatever has just happened, space may mean another thing now, and what is maximized may be shown no more."""
        if self.is_mounted and self.is_current:
            if isinstance(self.maximized, Drawn) and not self.maximized.seen:
                self.minimize()
            space = self.space
            self.query_one(KeyBar).show(
                replace(action, label=SPACE_DOES[space or "run"], bar=bool(space))
                if action.name == "lab_run"
                else action
                for action in self.actions_here()
            )

    def actions_here(self) -> tuple[Action, ...]:
        """Return those of the screen that do something to the lab there is, and the answers to what it asks."""
        pane = self.lab_pane
        if pane is None:
            return tuple(action for action in super().actions_here() if not isinstance(action, LabAction))
        instant, idle = pane.session.spec.instant, lab_keys.idle(pane)
        other: dict[str, dict[str, Any]] = {"lab_metric": {"bar": pane.curves.chooses}}
        other |= {name: {"bar": False} for name in lab_keys.waiting(pane)}
        if instant:
            other |= {name: {**other.get(name, {}), "help": text} for name, text in _INSTANT_HELP.items()}
        found = [
            replace(action, **other[action.name]) if action.name in other else action
            for action in super().actions_here()
            if action.name not in idle and not (instant and isinstance(action, LabAction) and action.timed)
        ]
        question = pane.session.question
        if question is not None and not pane.gate_open:
            for number, (value, text) in enumerate(question.choices.items(), 1):
                call = f"lab_answer({question.id!r}, {value!r})"
                found.append(Action(call, "", str(number), text, question.prompt, bar=False))
        return tuple(found)

    def action_lab(self, name: str) -> None:
        if self.lab_pane:
            action = next(action for action in LAB_ACTIONS if action.name == name)
            if action.timed and self.lab_pane.session.spec.instant:
                self.lab_pane.tell(lab_keys.NOTHING_RUNS)
            elif self.lab_pane.gate_open and name in lab_keys.waiting(self.lab_pane):
                self.lab_pane.gate.ask()
            else:
                action.does(self.lab_pane)

    def action_lab_answer(self, question: str, value: str) -> None:
        if self.lab_pane:
            lab_keys.answer(self.lab_pane, question, value)

    def action_lab_choose(self, digit: int) -> None:
        """Choose by number what the lab asks."""
        if self.lab_pane:
            lab_keys.choose(self.lab_pane, digit)

    def action_scroll(self, rows: int) -> None:
        if isinstance(part := self.scrolled, RowsScroll):
            part.scroll_relative(y=rows, animate=False)

    def action_maximize(self) -> None:
        """Give the part with the focus the whole window, or what is looked at; and back."""
        curves = self.lab_pane.curves if self.lab_pane else None
        parts = (self.focused, self.scrolled, curves, *self.query(RowsScroll))
        part = next((p for p in parts if isinstance(p, RowsScroll | CurvesView) and p.seen), None)
        if self.maximized is not None or part is None:
            self.minimize()
        else:
            self.maximize(part, container=False)

    def action_page(self, by: int) -> None:
        if isinstance(part := self.scrolled, RowsScroll):
            part.page(by)


class LabScreen(ScreenWithLab):
    """The same session as beside the text, with more room."""

    ACTIONS = table(
        "lab",
        *LAB_ACTIONS,
        MAXIMIZE,
        Action("back", "escape,f", "esc", Text("返回", "back"), Text("回到课文", "Back to the lesson")),
    )

    def __init__(self, session: LabSession, view: str | None = None) -> None:
        super().__init__()
        self.session = session
        self.view = view

    def compose(self) -> ComposeResult:
        yield TitleBar(Text("实验", "Lab"), self.session.lab.title)
        yield LabPane(self.session, view=self.view)
        yield KeyBar(())  # what works is shown as soon as it is known

    def on_mount(self) -> None:
        """The gate, if it stands, takes the keys, as soon as it is there."""
        self.call_after_refresh(self.query_one(LabPane).focus_gate)

    def on_screen_resume(self) -> None:
        """What the run did while help or source lay over it is shown now."""
        pane = self.query_one(LabPane)
        pane.lay_out()
        pane.show_news()
