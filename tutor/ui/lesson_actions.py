"""The actions of a lesson: its own, and those of the lab beside its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.binding import Binding, BindingType

from tutor.text import Text
from tutor.ui.actions import Action, bindings
from tutor.ui.lab_actions import DIGITS, LAB_ACTIONS, SPACE_DOES

_SPACE = Text(
    "在实验里运行、暂停或继续；课文和揭晓没到底就下翻一页；到底了去下一步",
    "In a lab run, pause or go on; a page down where a text or result goes on below; at its end the next step",
)
_LESSON: tuple[Action, ...] = (
    Action("next_step", "n", "n", Text("下一步", "next"), Text("下一步", "Next step")),
    Action("previous_step", "b", "b", Text("上一步", "back"), Text("上一步", "Previous step")),
    Action("switch", "v", "v", Text("切换", "switch"), Text("在课文与实验（或题目）之间切换", "Switch between the text and the lab or the questions")),
    Action("full", "f", "f", Text("全屏实验", "full lab"), Text("把实验放大到全屏", "The lab in the whole window")),
    Action("outline", "o", "o", Text("目录", "steps"), Text("列出本节各步并跳转", "List the steps and jump to one")),
    Action("quiz", "z", "z", Text("测验", "quiz"), Text("做本节的测验", "Take the quiz of this section")),
    Action("back", "escape", "esc", Text("课程图", "map"), Text("回到课程图；下次从这里接着学", "Back to the map; you go on from here next time")),
)  # fmt: skip

LESSON_ACTIONS: tuple[Action, ...] = (
    *_LESSON[:3],
    replace(LAB_ACTIONS[0], help=_SPACE),
    *LAB_ACTIONS[1:],
    *_LESSON[3:],
)
"""Every action, in the order of the key bar."""

LESSON_BINDINGS: tuple[BindingType, ...] = (
    *bindings(LESSON_ACTIONS),
    *DIGITS,
    Binding("tab", "app.focus_next", show=False),
    Binding("shift+tab", "app.focus_previous", show=False),
    Binding("down,j", "scroll_prose(2)", show=False),
    Binding("up,k", "scroll_prose(-2)", show=False),
    Binding("pagedown", "page_prose(1)", show=False),
    Binding("pageup", "page_prose(-1)", show=False),
    Binding("home", "page_prose(-1000)", show=False),
    Binding("end", "page_prose(1000)", show=False),
)

_TRY = ("lab_text", "lab_knob_up", "lab_knob_down")
"""Keys that a step to try things with is about."""


def actions_in_bar(
    actions: Iterable[Action], *, lab: bool, quiz: bool, switches: bool, trying: bool, space: str
) -> tuple[Action, ...]:
    """What the key bar shows at a step.

    Args:
        actions: Those that do something there.
        lab: The step has a lab.
        quiz: The section has a quiz.
        switches: There is something beside the text, and the window shows one of the two.
        trying: The step is one to try things with.
        space: What space does: a key of `SPACE_DOES`, or ``""`` where it belongs to a question.
    """
    return tuple(
        replace(action, bar=True)
        if trying and action.name in _TRY
        else replace(action, label=SPACE_DOES[space])
        if action.name == "lab_run"
        else action
        for action in actions
        if (action.name != "lab_run" or bool(space))
        and (lab or action.name != "full")
        and (switches or action.name != "switch")
        and (quiz or action.name != "quiz")
    )
