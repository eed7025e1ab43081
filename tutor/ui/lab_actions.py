"""The actions of a lab, for every screen that shows one."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding, BindingType

from tutor.text import Text
from tutor.ui.actions import Action
from tutor.ui.widgets.lab_pane import LabPane

LAB_ACTIONS: tuple[Action, ...] = (
    Action("lab_run", "space", "space", Text("运行/暂停", "run/pause"), Text("运行、暂停或继续训练；揭晓没到底时下翻一页", "Run, pause or go on with the training; under a result, a page down")),
    Action("lab_step", "full_stop", ".", Text("单步", "step"), Text("训练一步，然后暂停", "Train one step, then pause"), bar=False),
    Action("lab_reset", "r", "r", Text("重来", "reset"), Text("回到训练之前，种子和设置不变", "Back to before the first step, same seed and settings")),
    Action("lab_reseed", "R", "R", Text("换种子", "new seed"), Text("回到训练之前，换一个随机种子", "Back to before the first step, with another random seed"), bar=False),
    Action("lab_stop", "S", "S", Text("停止", "stop"), Text("就此结束这次训练", "End this training where it is"), bar=False),
    Action("lab_slower", "less_than_sign,comma", "<", Text("慢些", "slower"), Text("放慢训练，好看清每一步", "Slow the training down to see each step"), bar=False),
    Action("lab_faster", "greater_than_sign", ">", Text("快些", "faster"), Text("加快训练，直到全速", "Speed the training up, to full speed at last"), bar=False),
    Action("lab_scrub_back", "left_square_bracket", "[", Text("回溯", "rewind"), Text("退回到更早的一刻；所有视图都回到那时", "Back to an earlier moment: all views show it")),
    Action("lab_scrub_on", "right_square_bracket", "]", Text("向前", "forward"), Text("向前到更晚的一刻", "On to a later moment"), bar=False),
    Action("lab_to_start", "left_curly_bracket", "{", Text("到开头", "to the start"), Text("回到第 0 步", "Back to step 0"), bar=False),
    Action("lab_to_head", "right_curly_bracket", "}", Text("到最新", "to the head"), Text("回到这条线的最新一步", "To the newest step of this line"), bar=False),
    Action("lab_line", "g", "g", Text("换分支", "next line"), Text("在原来的运行与各个分支之间切换", "Go from the run to its forks and back"), bar=False),
    Action("lab_knob", "k", "k", Text("选旋钮", "next knob"), Text("选择 - 和 + 要调的旋钮", "Choose the knob that - and + turn"), bar=False),
    Action("lab_knob_down", "minus", "-", Text("调低旋钮", "knob down"), Text("调低所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob down; at an earlier moment this begins a fork there"), bar=False),
    Action("lab_knob_up", "plus,equals_sign", "+", Text("调高旋钮", "knob up"), Text("调高所选的旋钮；在更早的一刻调，就从那里分出一支", "Turn the chosen knob up; at an earlier moment this begins a fork there"), bar=False),
    Action("lab_pin", "t", "t", Text("钉住对照", "pin"), Text("把这次运行钉在下面，改一个设置再跑一次来对照；再按一次取消", "Keep this run under the next one, change a setting and run again to compare; again to let go"), bar=False),
    Action("lab_ablate", "x", "x", Text("去掉部件", "ablate"), Text("去掉模型中正在看的部件，看损失变多少；再按一次放回", "Take the part of the model you see out and see what the loss does; again to put it back"), bar=False),
    Action("lab_metric", "c", "c", Text("筛选曲线", "curves"), Text("只画一种指标的曲线，再按换下一种", "Draw the curves of one metric only, then of the next"), bar=False),
    Action("lab_source", "s", "s", Text("看源码", "source"), Text("看这一步训练的源码和当前设置", "Read the source of the training step, with the settings beside it")),
    Action("lab_view", "w", "w", Text("换视图", "view"), Text("在各个视图和揭晓之间切换", "Go through the views and the result"), bar=False),
    Action("lab_head", "h", "h", Text("换图", "next map"), Text("看下一张图", "Look at the next map"), bar=False),
    Action("lab_head_back", "H", "H", Text("上一张图", "previous map"), Text("看上一张图", "Look at the previous map"), bar=False),
    Action("lab_arm", "a", "a", Text("换模型", "model"), Text("看这个实验里的另一组", "See another arm of the lab"), bar=False),
    Action("lab_predict", "p", "p", Text("预测", "predict"), Text("训练开始之前改预测", "Change the prediction, before the run begins"), bar=False),
    Action("lab_rules", "d", "d", Text("清洗规则", "rules"), Text("开关清洗规则，重新清洗并训练", "Switch cleaning rules on and off, then clean and train anew"), bar=False),
    Action("lab_restore", "U", "U", Text("恢复设置", "restore"), Text("放下自己的设置，恢复实验（或这一步）原来的", "Give up your own settings for those of the lab, or of its step"), bar=False),
    Action("lab_text", "u", "u", Text("我的文本", "my text"), Text("换成自己的文本来训练，文件或文件夹都行；在分词实验里是写一句自己的话", "Train on a text of your own, a file or a folder; in the tokenizer lab, write a sentence"), bar=False),
)  # fmt: skip


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


def _on_pane(do: Callable[..., None], *args: object, **more: object) -> Callable[..., None]:
    """An action that the pane does, where there is one."""

    def act(self: LabActions, *given: object) -> None:
        if self.lab_pane:
            do(self.lab_pane, *args, *given, **more)

    return act


class LabActions:
    """Mixin for screens: forwards actions to the lab pane, if there is one."""

    @property
    def lab_pane(self) -> LabPane | None:
        """The pane that lab keys act on."""
        raise NotImplementedError

    def on_descendant_focus(self) -> None:
        """The keys go elsewhere now."""
        if self.lab_pane:
            self.lab_pane.lead_keys()

    def on_descendant_blur(self) -> None:
        """The keys may go elsewhere now."""
        if self.lab_pane:
            self.lab_pane.lead_keys()

    action_lab_scroll = _on_pane(LabPane.do_scroll)
    action_lab_page = _on_pane(LabPane.do_page)
    action_lab_choose = _on_pane(LabPane.do_choose)
    action_lab_run = _on_pane(LabPane.do_run)
    action_lab_step = _on_pane(LabPane.do_step)
    action_lab_reset = _on_pane(LabPane.do_reset)
    action_lab_reseed = _on_pane(LabPane.do_reset, new_seed=True)
    action_lab_stop = _on_pane(LabPane.do_stop)
    action_lab_slower = _on_pane(LabPane.do_speed, -1)
    action_lab_faster = _on_pane(LabPane.do_speed, 1)
    action_lab_scrub_back = _on_pane(LabPane.do_scrub, -1)
    action_lab_scrub_on = _on_pane(LabPane.do_scrub, 1)
    action_lab_to_start = _on_pane(LabPane.do_rewind, 0)
    action_lab_to_head = _on_pane(LabPane.do_rewind, None)
    action_lab_line = _on_pane(LabPane.do_next_line)
    action_lab_knob = _on_pane(LabPane.do_next_knob)
    action_lab_knob_down = _on_pane(LabPane.do_knob, -1)
    action_lab_knob_up = _on_pane(LabPane.do_knob, 1)
    action_lab_pin = _on_pane(LabPane.do_pin)
    action_lab_ablate = _on_pane(LabPane.do_ablate)
    action_lab_metric = _on_pane(LabPane.do_metric)
    action_lab_source = _on_pane(LabPane.do_source)
    action_lab_view = _on_pane(LabPane.do_next_view)
    action_lab_head = _on_pane(LabPane.do_next_head, 1)
    action_lab_head_back = _on_pane(LabPane.do_next_head, -1)
    action_lab_arm = _on_pane(LabPane.do_next_arm)
    action_lab_predict = _on_pane(LabPane.do_predict)
    action_lab_rules = _on_pane(LabPane.do_rules)
    action_lab_restore = _on_pane(LabPane.do_restore)

    def action_lab_text(self) -> None:
        """Ask for a text file, or for a sentence where that is what the experiment takes."""
        from tutor.engine.configs import refuses_own_text
        from tutor.ui.screens.own_sentence import SETTING, OwnSentenceScreen
        from tutor.ui.screens.own_text import OwnTextScreen

        pane = self.lab_pane
        if pane is None:
            return

        def closed(changed: bool | None) -> None:
            if changed:
                pane.do_reset()
            pane.focus_gate()

        if SETTING in pane.session.spec.config.model_fields:
            pane.app.push_screen(OwnSentenceScreen(pane.session), closed)
            return
        if pane.session.lab.base is not None:
            # Its point is the difference between the base's text and the task's: one text for both would have none.
            pane.tell(
                Text(
                    "这个实验要比较两种内置文本，换成一份自己的文本就没有意义了；请在 gpt 或 mlm 实验里用 u。",
                    "This lab is about two built-in texts, so one text of yours would spoil it; use u in the labs gpt or mlm.",
                )
            )
            return
        refusal = refuses_own_text(pane.session.spec)
        if refusal is not None:
            pane.tell(refusal)
            return

        screen = OwnTextScreen(pane.session)

        def read(changed: bool | None) -> None:
            closed(changed)
            if screen.told is not None:
                pane.tell(screen.told)

        pane.app.push_screen(screen, read)
