"""The actions of a lab, and what the screens that show one have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tutor.text import Text
from tutor.ui import lab_keys
from tutor.ui.actions import Action
from tutor.ui.widgets.lab_pane import LabPane
from tutor.ui.widgets.rows import RowsScroll


@dataclass(frozen=True, slots=True)
class LabAction(Action):
    """Something that a key does to the lab on the screen.

    Attributes:
        timed: Whether it is about runs that take their time, which an instant lab has none of.
    """

    timed: bool = False

    @property
    def call(self) -> str:
        """One action of the screen stands for all."""
        return f"lab({self.name!r})"


LAB_ACTIONS: tuple[LabAction, ...] = (
    LabAction("lab_run", "space", "space", Text("运行/暂停", "run/pause"), Text("运行、暂停或继续训练；揭晓没到底时下翻一页", "Run, pause or go on with the training; under a result, a page down")),
    LabAction("lab_step", "full_stop", ".", Text("单步", "step"), Text("训练一步，然后暂停", "Train one step, then pause"), bar=False, timed=True),
    LabAction("lab_reset", "r", "r", Text("重来", "reset"), Text("回到训练之前，种子和设置不变", "Back to before the first step, same seed and settings"), timed=True),
    LabAction("lab_reseed", "R", "R", Text("换种子", "new seed"), Text("回到训练之前，换一个随机种子", "Back to before the first step, with another random seed"), bar=False, timed=True),
    LabAction("lab_stop", "S", "S", Text("停止", "stop"), Text("就此结束这次训练", "End this training where it is"), bar=False, timed=True),
    LabAction("lab_slower", "less_than_sign,comma", "<", Text("慢些", "slower"), Text("放慢训练，好看清每一步", "Slow the training down to see each step"), bar=False, timed=True),
    LabAction("lab_faster", "greater_than_sign", ">", Text("快些", "faster"), Text("加快训练，直到全速", "Speed the training up, to full speed at last"), bar=False, timed=True),
    LabAction("lab_scrub_back", "left_square_bracket", "[", Text("回溯", "rewind"), Text("退回到更早的一刻；所有视图都回到那时", "Back to an earlier moment: all views show it"), timed=True),
    LabAction("lab_scrub_on", "right_square_bracket", "]", Text("向前", "forward"), Text("向前到更晚的一刻", "On to a later moment"), bar=False, timed=True),
    LabAction("lab_to_start", "left_curly_bracket", "{", Text("到开头", "to the start"), Text("回到第 0 步", "Back to step 0"), bar=False, timed=True),
    LabAction("lab_to_head", "right_curly_bracket", "}", Text("到最新", "to the head"), Text("回到这条线的最新一步", "To the newest step of this line"), bar=False, timed=True),
    LabAction("lab_line", "g", "g", Text("换分支", "next line"), Text("在原来的运行与各个分支之间切换", "Go from the run to its forks and back"), bar=False, timed=True),
    LabAction("lab_knob", "k", "k", Text("选旋钮", "next knob"), Text("选择 - 和 + 要调的旋钮", "Choose the knob that - and + turn"), bar=False),
    LabAction("lab_knob_down", "minus", "-", Text("调低旋钮", "knob down"), Text("调低所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob down; at an earlier moment this begins a fork there"), bar=False),
    LabAction("lab_knob_up", "plus,equals_sign", "+", Text("调高旋钮", "knob up"), Text("调高所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob up; at an earlier moment this begins a fork there"), bar=False),
    LabAction("lab_pin", "t", "t", Text("钉住对照", "pin"), Text("把这次运行钉在下面，改一个设置再跑一次来对照；再按一次取消", "Keep this run under the next one, change a setting and run again to compare; again to let go"), bar=False, timed=True),
    LabAction("lab_ablate", "x", "x", Text("去掉部件", "ablate"), Text("去掉模型中正在看的部件，看损失变多少；再按一次放回", "Take the part of the model you see out and see what the loss does; again to put it back"), bar=False, timed=True),
    LabAction("lab_metric", "c", "c", Text("筛选曲线", "curves"), Text("只画一种指标的曲线，再按换下一种", "Draw the curves of one metric only, then of the next"), bar=False, timed=True),
    LabAction("lab_source", "s", "s", Text("看源码", "source"), Text("看这一步训练的源码和当前设置", "Read the source of the training step, with the settings beside it")),
    LabAction("lab_view", "w", "w", Text("换视图", "view"), Text("在各个视图和揭晓之间切换", "Go through the views and the result"), bar=False),
    LabAction("lab_head", "h", "h", Text("换图", "next map"), Text("看下一张图", "Look at the next map"), bar=False),
    LabAction("lab_head_back", "H", "H", Text("上一张图", "previous map"), Text("看上一张图", "Look at the previous map"), bar=False),
    LabAction("lab_arm", "a", "a", Text("换模型", "model"), Text("看这个实验里的另一组", "See another arm of the lab"), bar=False),
    LabAction("lab_predict", "p", "p", Text("预测", "predict"), Text("训练开始之前改预测", "Change the prediction, before the run begins"), bar=False, timed=True),
    LabAction("lab_rules", "d", "d", Text("规则", "rule list"), Text("开关、排列数据的处理规则，重新运行", "Switch and order the rules by which data are treated, then run anew"), bar=False),
    LabAction("lab_restore", "U", "U", Text("恢复设置", "restore"), Text("放下自己的设置，恢复实验（或这一步）原来的", "Give up your own settings for those of the lab, or of its step"), bar=False),
    LabAction("lab_text", "u", "u", Text("我的文本", "my text"), Text("换成自己的文本来训练，文件或文件夹都行；有的实验是写一句自己的话", "Train on a text of your own, a file or a folder; in some labs, write a sentence"), bar=False),
)  # fmt: skip


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
}  # fmt: skip
"""What the key bar says that space does."""

DIGITS: list[BindingType] = [Binding(str(n), f"lab_choose({n})", show=False) for n in range(10)]
"""Digits choose a prediction wherever the focus is, as long as the gate is seen."""


SCROLLING: list[BindingType] = [
    Binding("down", "lab_scroll(1)", show=False),
    Binding("up", "lab_scroll(-1)", show=False),
    Binding("pagedown", "lab_page(1)", show=False),
    Binding("pageup", "lab_page(-1)", show=False),
    Binding("home", "lab_page(-1000)", show=False),
    Binding("end", "lab_page(1000)", show=False),
]
"""Keys that scroll what is looked at, wherever the focus is, where it takes them not."""


_DOES: dict[str, Callable[[LabPane], None]] = {
    "lab_run": lab_keys.run,
    "lab_step": lab_keys.step,
    "lab_reset": lab_keys.reset,
    "lab_reseed": partial(lab_keys.reset, new_seed=True),
    "lab_stop": lab_keys.stop,
    "lab_slower": partial(lab_keys.speed, by=-1),
    "lab_faster": partial(lab_keys.speed, by=1),
    "lab_scrub_back": partial(lab_keys.scrub, by=-1),
    "lab_scrub_on": partial(lab_keys.scrub, by=1),
    "lab_to_start": partial(lab_keys.rewind, round_=0),
    "lab_to_head": partial(lab_keys.rewind, round_=None),
    "lab_line": lab_keys.next_line,
    "lab_knob": lab_keys.next_knob,
    "lab_knob_down": partial(lab_keys.turn, by=-1),
    "lab_knob_up": partial(lab_keys.turn, by=1),
    "lab_pin": lab_keys.pin,
    "lab_ablate": lab_keys.ablate,
    "lab_metric": lab_keys.next_metric,
    "lab_source": lab_keys.source,
    "lab_view": lab_keys.next_view,
    "lab_head": partial(lab_keys.next_plane, by=1),
    "lab_head_back": partial(lab_keys.next_plane, by=-1),
    "lab_arm": LabPane.next_arm,
    "lab_predict": lab_keys.predict,
    "lab_rules": lab_keys.rule_list,
    "lab_restore": lab_keys.restore,
    "lab_text": lab_keys.own_text,
}


class ScreenWithLab(Screen[None]):
    """What the screens that show a lab do with its keys."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    ALWAYS: ClassVar[frozenset[str]] = frozenset()
    """Names of actions that do something without a lab, too."""

    @property
    def lab_pane(self) -> LabPane | None:
        panes = self.query(LabPane)
        return panes.first() if panes else None

    def on_descendant_focus(self) -> None:
        if self.lab_pane:
            self.lab_pane.lead_keys()

    def on_descendant_blur(self) -> None:
        if self.lab_pane:
            self.lab_pane.lead_keys()

    def actions_here(self) -> tuple[Action, ...]:
        """Those of the screen that do something to the lab there is, and the answers to what it asks."""
        pane = self.lab_pane
        instant = pane is not None and pane.session.spec.instant
        idle = lab_keys.idle(pane.session) if pane is not None else ()
        found = [
            replace(action, help=_INSTANT_HELP[action.name])
            if instant and action.name in _INSTANT_HELP
            else action
            for action in self.ACTIONS
            if not isinstance(action, LabAction)
            or action.name in self.ALWAYS
            or (pane is not None and action.name not in idle and not (instant and action.timed))
        ]
        question = pane.session.question if pane is not None and not pane.gate_open else None
        choices = question.choices.items() if question is not None else ()
        answers = [
            Action(
                f"lab_answer({question.id!r}, {value!r})", "", str(number), text, question.prompt, bar=False
            )
            for number, (value, text) in enumerate(choices, 1)
            if question is not None
        ]
        return (*found, *answers)

    def action_lab(self, name: str) -> None:
        pane = self.lab_pane
        if pane is None:
            return
        if pane.session.spec.instant and any(action.name == name and action.timed for action in LAB_ACTIONS):
            lab_keys.nothing_runs(pane)
        else:
            _DOES[name](pane)

    def action_lab_answer(self, question: str, value: str) -> None:
        if self.lab_pane:
            lab_keys.answer(self.lab_pane, question, value)

    def action_lab_choose(self, digit: int) -> None:
        """Choose by number what the lab asks."""
        if self.lab_pane:
            lab_keys.choose(self.lab_pane, digit)

    def action_lab_scroll(self, rows: int) -> None:
        """Scroll what is looked at by so many rows."""
        reading = self.lab_pane.reading if self.lab_pane else None
        if isinstance(reading, RowsScroll):
            reading.scroll_relative(y=rows, animate=False)

    def action_lab_page(self, by: int) -> None:
        """Scroll what is looked at by pages."""
        reading = self.lab_pane.reading if self.lab_pane else None
        if isinstance(reading, RowsScroll):
            reading.page(by)
